"""Random effects against published figures: the BCG trials as metafor (REML, Hartung and Knapp) and statsmodels (DerSimonian and Laird) give them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.commons.random_effects import combine_sets
from comity.errors import BadParameter

# Colditz et al. (1994): cases and others among vaccinated, cases and others among controls.
BCG = (
    *((4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761)),
    *((180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232)),
    *((17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825)),
)


def log_risks() -> tuple[list[float], list[float]]:
    a, b, c, d = np.array(BCG, dtype=float).T
    return list(np.log(a / (a + b) / (c / (c + d)))), list(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))


def test_bcg_by_restricted_likelihood_is_as_metafor_says():
    values, variances = log_risks()
    found = combine_sets(values=values, variances=variances, never_narrower=False)
    assert round(found.mean, 4) == -0.7145
    assert round(found.tau2, 4) == 0.3132
    assert round(100 * found.i2, 2) == 92.22
    assert round(found.q, 4) == 152.2330
    assert round(found.error, 4) == 0.1808
    assert (round(found.low, 4), round(found.high, 4)) == (-1.1084, -0.3206)


def test_bcg_by_moments_is_as_statsmodels_says():
    values, variances = log_risks()
    found = combine_sets(values=values, variances=variances, method="dl", never_narrower=False)
    assert found.tau2 == pytest.approx(0.30876026286237634, rel=1e-12)
    assert found.mean == pytest.approx(-0.7141172220732269, rel=1e-12)
    assert found.error == pytest.approx(0.18069662833554745, rel=1e-12)
    assert (found.low, found.high) == pytest.approx((-1.10782135, -0.32041309), abs=1e-8)


def test_sets_that_agree_have_no_variance_between_them_and_no_narrower_interval():
    loose = combine_sets(values=[0.5, 0.5001, 0.4999], variances=[0.01, 0.02, 0.03], never_narrower=False)
    held = combine_sets(values=[0.5, 0.5001, 0.4999], variances=[0.01, 0.02, 0.03])
    assert held.tau2 == 0.0
    assert held.error > 100 * loose.error
    assert held.error == pytest.approx((1 / (100 + 50 + 100 / 3)) ** 0.5)


def test_two_sets_bound_no_other():
    found = combine_sets(values=[0.0, 1.0], variances=[0.1, 0.1])
    assert (found.expected_low, found.expected_high) == (None, None)
    assert found.high - found.low > 10


sets = st.lists(
    st.tuples(st.floats(-5, 5), st.floats(1e-4, 10)),
    min_size=2,
    max_size=12,
)


@given(sets, st.randoms())
def test_order_never_matters_and_intervals_hold_the_mean(held, chance):
    found = combine_sets(values=[v for v, _ in held], variances=[s for _, s in held])
    chance.shuffle(held)
    again = combine_sets(values=[v for v, _ in held], variances=[s for _, s in held])
    assert again == found
    assert found.tau2 >= 0
    assert 0 <= found.i2 < 1
    assert found.low <= found.mean <= found.high
    assert min(v for v, _ in held) - 1e-9 <= found.mean <= max(v for v, _ in held) + 1e-9
    if found.expected_low is not None:
        assert found.expected_low <= found.low


@given(sets)
def test_the_variance_between_sets_is_where_the_restricted_likelihood_is_greatest(held):
    values, variances = np.array([v for v, _ in held]), np.array([s for _, s in held])
    found = combine_sets(values=list(values), variances=list(variances)).tau2

    def likelihood(tau2: float) -> float:
        w = 1 / (variances + tau2)
        mean = (w * values).sum() / w.sum()
        return float(0.5 * (np.log(w).sum() - np.log(w.sum()) - (w * (values - mean) ** 2).sum()))

    best = likelihood(found)
    for near in (found * 0.98, found * 1.02, found + 1e-4):
        assert likelihood(near) <= best + 1e-7 * max(1.0, abs(best))


@pytest.mark.parametrize(
    "values,variances",
    [([1.0], [1.0]), ([1.0, 2.0], [1.0]), ([1.0, 2.0], [1.0, 0.0]), ([1.0, float("nan")], [1.0, 1.0])],
)
def test_what_cannot_be_combined_is_refused(values, variances):
    with pytest.raises(BadParameter):
        combine_sets(values=values, variances=variances)


POWERS = st.integers(-30, 30).map(lambda power: 10.0**power)


@given(st.lists(st.tuples(st.integers(-3, 3), POWERS, POWERS), min_size=2, max_size=6))
def test_sets_however_unlike_come_to_finite_figures(unlike):
    """One set that outweighs all others by far once made the search for the variance run for ever, or divide by zero."""
    found = combine_sets(values=[n * size for n, size, _ in unlike], variances=[v for _, _, v in unlike])
    told = (found.mean, found.error, found.low, found.high, found.tau2, found.i2, found.q, found.q_p)
    assert all(math.isfinite(figure) for figure in told)
    assert found.tau2 >= 0
    assert found.error > 0
    assert 0 <= found.i2 <= 1


@pytest.mark.parametrize(
    "values, errors", [([0, 1, 1], [1e12, 0.1, 1e-6]), ([1e12, 5], [1e-12, 0.1]), ([0, 1], [1e-9, 1e12])]
)
def test_sets_that_once_stood_still_or_divided_by_zero_are_combined(values, errors):
    assert combine_sets(values=values, variances=[error**2 for error in errors]).error > 0
