"""The concentration index: that of the published formula, and Gini where the other thing is the thing itself."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comity.engines.capacity.inequality import measure_spread
from comity.engines.capacity.inequality_ranking import measure_concentration
from comity.errors import BadParameter

AMOUNTS = st.one_of(st.just(0.0), st.floats(1e-6, 1e9), st.integers(1, 9).map(float))
SOME = st.lists(AMOUNTS, min_size=1, max_size=60).filter(lambda x: sum(x) > 0)
WEIGHTS = st.integers(1, 12)


def near(value):
    return pytest.approx(value, rel=0, abs=1e-12)


def fractional_ranks(r, w):
    """The middle of the ranks of each, shared by those with the same, in parts of all weight."""
    weight = sum(w)
    return [
        (sum(b for q, b in zip(r, w, strict=True) if q < v) + sum(b for q, b in zip(r, w, strict=True) if q == v) / 2)
        / weight
        for v in r
    ]


@given(st.lists(st.tuples(AMOUNTS, WEIGHTS, st.integers(-4, 4)), min_size=1, max_size=40))
def test_the_concentration_index_is_the_published_formula(members):
    x, w, r = ([m[i] for m in members] for i in range(3))
    assume(sum(x) > 0)
    total = math.fsum(a * v for a, v in zip(w, x, strict=True))
    published = 2 * math.fsum(a * v * k for a, v, k in zip(w, x, fractional_ranks(r, w), strict=True)) / total - 1
    found = measure_concentration(values=x, ranked_by=r, weights=w)
    assert (found.index, found.n, found.missing) == (near(published), len(x), 0)


@given(SOME)
def test_in_the_order_of_the_values_themselves_it_is_gini_and_in_the_other_its_opposite(x):
    gini = measure_spread(values=x).gini
    assert measure_concentration(values=x, ranked_by=x).index == near(gini)
    assert measure_concentration(values=x, ranked_by=[-v for v in x]).index == near(-gini)


def test_one_who_lacks_the_other_thing_is_missing():
    found = measure_concentration(values=[1, 2, 3, None], ranked_by=[1, None, 3, 4])
    assert (found.n, found.missing, found.index) == (2, 2, near(0.25))
    nothing = measure_concentration(values=[0, 0], ranked_by=[1, 2])
    assert (nothing.index, nothing.undefined) == (None, "all-zero")


@pytest.mark.parametrize("wrong", [math.nan, math.inf, "much"])
def test_another_thing_that_is_no_number_is_refused(wrong):
    with pytest.raises(BadParameter):
        measure_concentration(values=[1, 2], ranked_by=[1, wrong])
    with pytest.raises(BadParameter):
        measure_concentration(values=[1, 2], ranked_by=[1])
