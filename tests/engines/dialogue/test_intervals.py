"""Intervals: published values, the laws that hold for every share, and what they promise, checked exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm, t

from comity.engines.dialogue.intervals import (
    Z,
    _quantile,
    bound_differences,
    bound_shares,
    effective_size,
    estimate_share,
    estimate_weighted_share,
)
from comity.errors import BadParameter

# Newcombe, "Two-sided confidence intervals for the single proportion" (Statistics in Medicine 17, 1998), table I, method 3.
SINGLE = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718)}
# Newcombe, "Interval estimation for the difference between independent proportions" (same volume), table II, method 10.
DIFFERENCES = {
    (56, 70, 48, 80): (0.0524, 0.3339),
    (9, 10, 3, 10): (0.1705, 0.8090),
    (6, 7, 2, 7): (0.0582, 0.8062),
    (5, 56, 0, 29): (-0.0381, 0.1926),
    (0, 10, 0, 20): (-0.1611, 0.2775),
    (0, 10, 0, 10): (-0.2775, 0.2775),
    (10, 10, 0, 20): (0.6791, 1.0),
    (10, 10, 0, 10): (0.6075, 1.0),
}
COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_the_quantile_is_that_of_the_normal_distribution():
    assert pytest.approx(norm.ppf(0.975), abs=1e-15) == Z


@pytest.mark.parametrize("counts", SINGLE)
def test_an_interval_is_the_published_one(counts):
    found = estimate_share(given=counts[0], n=counts[1])
    assert (round(found.low, 4), round(found.high, 4)) == SINGLE[counts]


@pytest.mark.parametrize("counts", DIFFERENCES)
def test_the_interval_of_a_difference_is_the_published_one(counts):
    a, n, b, m = counts
    low, high = bound_differences(given=a, n=n, other=b, other_n=m)
    assert (round(float(low), 4), round(float(high), 4)) == pytest.approx(DIFFERENCES[counts], abs=1e-4)


@given(COUNTS)
def test_the_share_lies_inside_and_the_mirror_image_is_the_interval_of_the_rest(counts):
    k, n = counts
    found, rest = estimate_share(given=k, n=n), estimate_share(given=n - k, n=n)
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((1 - rest.high, 1 - rest.low), abs=1e-12)


@given(COUNTS)
def test_one_more_answer_of_a_kind_never_lowers_the_bound(counts):
    k, n = counts
    assert estimate_share(given=k + 1, n=n + 1).low >= estimate_share(given=k, n=n).low


@given(COUNTS, st.integers(0, 1000))
def test_the_part_heard_narrows_the_interval_until_all_are_heard(counts, more):
    k, n = counts
    finite, plain = estimate_share(given=k, n=n, members=n + more), estimate_share(given=k, n=n)
    assert plain.low - 1e-12 <= finite.low <= finite.share <= finite.high <= plain.high + 1e-12
    if more == 0:
        assert (finite.low, finite.high) == (finite.share, finite.share)
    assert finite.low >= k / (n + more)
    assert finite.high <= (k + more) / (n + more)


def test_where_nobody_answered_there_is_no_interval():
    assert estimate_share(given=0, n=0) is None
    assert estimate_weighted_share(given=[], weights=[]) is None
    low, high = bound_shares(given=[0], n=[0])
    assert (low.tolist(), high.tolist()) == ([0.0], [1.0])
    low, high = bound_differences(given=1, n=2, other=0, other_n=0)
    assert (float(low), float(high)) == (-1.0, 1.0)


@pytest.mark.parametrize("given_, n, members", [(3, 2, None), (-1, 2, None), (1, 5, 4)])
def test_numbers_that_contradict_one_another_are_refused(given_, n, members):
    with pytest.raises(BadParameter):
        estimate_share(given=given_, n=n, members=members)


@pytest.mark.parametrize("weights", [[1.0], [1.0, 0.0], [1.0, -1.0], [1.0, float("nan")], [1.0, float("inf")]])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(BadParameter):
        estimate_weighted_share(given=[True, False], weights=weights)


@given(st.lists(st.tuples(st.booleans(), st.floats(0.1, 50)), min_size=2, max_size=60), st.floats(0.01, 100))
def test_a_weighted_interval_holds_its_share_and_does_not_depend_on_the_scale_or_order(pairs, scale):
    found = estimate_weighted_share(given=[y for y, _ in pairs], weights=[w for _, w in pairs])
    other = estimate_weighted_share(given=[y for y, _ in pairs[::-1]], weights=[w * scale for _, w in pairs[::-1]])
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((other.low, other.high), abs=1e-9)


@given(COUNTS)
def test_equal_weights_give_hardly_more_than_the_plain_interval(counts):
    k, n = counts
    weighted = estimate_weighted_share(given=[True] * k + [False] * (n - k), weights=[3.0] * n)
    plain = estimate_share(given=k, n=n)
    assert weighted.share == pytest.approx(plain.share)
    assert weighted.low <= plain.low + 1e-12
    assert weighted.high >= plain.high - 1e-12
    if n >= 100:
        # At shares of 0 and 1 the width goes with the square of the quantile, which is 1.2% more with a hundred answers.
        assert weighted.high - weighted.low <= 1.03 * (plain.high - plain.low)


@pytest.mark.parametrize("degrees", [5, 10, 30, 1000])
def test_the_quantile_of_student_is_close(degrees):
    assert _quantile(degrees) == pytest.approx(t.ppf(0.975, degrees), rel=0.002)


def test_the_effective_number_of_unequal_weights_is_kishs():
    assert effective_size(weights=[1, 1, 2]) == pytest.approx(16 / 6)
    assert effective_size(weights=[]) == 0.0


@pytest.mark.parametrize("n", [20, 50, 100, 200, 400])
def test_the_interval_keeps_its_promise_on_average_and_nowhere_breaks_it(n):
    # Exact: the probability, under each true share, of a count whose interval holds it.
    shares = np.arange(0.05, 0.9501, 0.005)
    k = np.arange(n + 1)
    low, high = bound_shares(given=k, n=n)
    holds = (low[None] <= shares[:, None]) & (shares[:, None] <= high[None])
    coverage = (binom.pmf(k[None], n, shares[:, None]) * holds).sum(axis=1)
    assert 0.945 <= coverage.mean() <= 0.96
    assert coverage.min() > 0.92
