"""Dependence on one source: shares, bounds where the source is not known, and whether a limit is passed."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comity.engines.capacity.dependence import rest_on, rest_on_each
from comity.errors import BadParameter

SOURCES = st.lists(st.tuples(st.sampled_from(["A", "B", "C", None]), st.integers(0, 20)), max_size=8)


def test_shares_and_index_are_those_of_the_definition():
    told = rest_on(sources=[("B", 30), ("A", 40), ("A", 10), ("C", 20)], over=0.4)
    assert told.shares == (("A", 0.5), ("B", 0.3), ("C", 0.2))
    assert (told.largest, told.at_least, told.at_most, told.is_over) == (("A",), 0.5, 0.5, True)
    assert told.concentration_at_least == told.concentration_at_most == pytest.approx(0.38, abs=1e-15)


def test_exactly_the_limit_is_not_over():
    assert rest_on(sources=[("A", 1), ("B", 1)], over=0.5).is_over is False
    assert rest_on(sources=[("A", 1), ("B", 1)], over=0.5).largest == ("A", "B")


@pytest.mark.parametrize("over, is_over", [(0.5, True), (0.6, None), (0.69, None), (0.7, False)])
def test_what_is_not_known_leaves_open_only_what_it_could_decide(over, is_over):
    assert rest_on(sources=[("A", 6), ("B", 3), (None, 1)], over=over).is_over is is_over


def test_without_any_known_source_everything_is_open():
    told = rest_on(sources=[(None, 5)], over=0.5)
    assert (told.largest, told.at_least, told.at_most, told.is_over) == ((), 0.0, 1.0, None)


@pytest.mark.parametrize("sources", [[], [("A", 0)], [("A", 0), (None, 0)]])
def test_without_units_there_is_no_share(sources):
    told = rest_on(sources=sources, over=0.5)
    assert (told.total, told.largest, told.at_least, told.concentration_at_most, told.is_over) == (
        0,
        (),
        None,
        None,
        None,
    )


@given(SOURCES, st.sampled_from([0, 0.25, 0.5, 0.75, 1]), st.data())
def test_the_bounds_hold_wherever_the_unknown_came_from(sources, over, data):
    told = rest_on(sources=sources, over=over)
    assume(told.total)
    named = [(data.draw(st.sampled_from("ABCXYZ")) if s is None else s, u) for s, u in sources]
    real = rest_on(sources=named, over=over)
    assert told.at_least - 1e-12 <= real.at_least <= told.at_most + 1e-12
    assert told.concentration_at_least - 1e-12 <= real.concentration_at_least <= told.concentration_at_most + 1e-12
    assert told.is_over is None or told.is_over is real.is_over


@given(SOURCES)
def test_the_upper_bounds_are_reached_when_the_unknown_is_of_the_largest(sources):
    told = rest_on(sources=sources, over=0.5)
    assume(told.largest)
    real = rest_on(sources=[(s or told.largest[0], u) for s, u in sources], over=0.5)
    assert told.at_most == pytest.approx(real.at_least, abs=1e-12)
    assert told.concentration_at_most == pytest.approx(real.concentration_at_least, abs=1e-12)


@given(st.lists(st.tuples(st.sampled_from(["A", "B", None]), st.floats(0, 1e6)), max_size=4))
def test_the_order_of_rows_changes_not_one_digit(sources):
    told = {rest_on(sources=rows, over=0.5) for rows in itertools.permutations(sources)}
    assert len(told) == 1


def test_each_attribute_is_told_alone_and_one_that_a_row_lacks_is_not_known():
    access = [
        ({"donor": "X", "vendor": "V", "country": "C1"}, 50),
        ({"donor": "Y", "vendor": "V", "country": None}, 30),
        ({"donor": "Z", "vendor": "V"}, 20),
    ]
    found = rest_on_each(access=access, over=0.6)
    assert list(found) == ["country", "donor", "vendor"]
    assert [(d.at_least, d.at_most, d.is_over) for d in found.values()] == [
        (0.5, 1.0, None),
        (0.5, 0.5, False),
        (1.0, 1.0, True),
    ]


@pytest.mark.parametrize("units", [-1, math.nan, math.inf])
def test_units_that_are_no_amount_are_refused(units):
    with pytest.raises(BadParameter):
        rest_on(sources=[("A", units)], over=0.5)


@pytest.mark.parametrize("over", [-0.1, 1.1, 50, math.nan])
def test_a_limit_that_is_no_share_is_refused(over):
    with pytest.raises(BadParameter):
        rest_on(sources=[("A", 1)], over=over)
