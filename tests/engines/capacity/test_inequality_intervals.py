"""Intervals of measures: from their seed alone, and holding what they should about as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from comity.engines.capacity.inequality import measure_spread
from comity.engines.capacity.inequality_intervals import bracket_spread
from comity.errors import BadParameter


def test_an_interval_comes_from_its_seed_and_holds_the_measure():
    chance = np.random.default_rng(3)
    x = chance.lognormal(size=200)
    found = bracket_spread(values=x, draws=300, seed=5)
    assert found == bracket_spread(values=x, draws=300, seed=5)
    assert found != bracket_spread(values=x, draws=300, seed=6)
    spread = measure_spread(values=x)
    for name in ("gini", "theil", "atkinson", "palma", "hoover"):
        assert found[name].low < getattr(spread, name) < found[name].high
        assert (found[name].level, found[name].draws) == (0.95, 300)


def test_an_interval_holds_the_true_gini_about_as_often_as_it_says():
    """Of an exponential distribution Gini is 1/2; with 100 members the percentile bootstrap is a little too narrow."""
    chance = np.random.default_rng(11)
    held = 0
    for _ in range(100):
        interval = bracket_spread(values=chance.exponential(size=100), draws=150, seed=2)["gini"]
        held += interval.low <= 0.5 <= interval.high
    assert 85 <= held <= 99


@pytest.mark.parametrize("wrong", [{"draws": 0}, {"level": 0}, {"level": 1}, {"epsilon": -1}])
def test_an_interval_that_cannot_be_is_refused(wrong):
    with pytest.raises(BadParameter):
        bracket_spread(values=[1, 2], **wrong)


def test_one_member_has_no_interval():
    assert set(bracket_spread(values=[4, None]).values()) == {None}
