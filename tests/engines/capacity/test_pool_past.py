"""Past use: halved after each half-life, exact to its places, and Slurm's fair-share factor as it is published."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.capacity.pool_past import PLACES, decay_use, measure_decay, measure_factors, measure_past
from comity.errors import BadParameter

days = st.integers(0, 4000)
half_lives = st.integers(1, 4000)


@pytest.mark.parametrize("age,half_life,factor", [(0, 7, "1"), (7, 7, "1/2"), (70, 7, "1/1024"), (3, 1, "1/8")])
def test_whole_half_lives_halve_exactly(age, half_life, factor):
    assert measure_decay(age=age, half_life=half_life) == Fraction(factor)


def test_half_of_a_half_life_leaves_the_root_of_a_half_to_twenty_places():
    assert measure_decay(age=15, half_life=30) == Fraction("0.70710678118654752440")


@given(age=days, half_life=half_lives)
def test_the_factor_is_the_nearest_of_its_places(age, half_life):
    """By whole numbers alone: f is nearest where (2f - 1)^h 2^a < (2 10^20)^h < (2f + 1)^h 2^a, with f counted in its last place."""
    found = measure_decay(age=age, half_life=half_life) * 10**PLACES
    assert found.denominator == 1
    right = (2 * 10**PLACES) ** half_life
    assert (
        max(0, 2 * found.numerator - 1) ** half_life * 2**age
        <= right
        <= (2 * found.numerator + 1) ** half_life * 2**age
    )


@given(age=days, half_life=half_lives, later=days)
def test_what_is_older_never_counts_more(age, half_life, later):
    assert measure_decay(age=age + later, half_life=half_life) <= measure_decay(age=age, half_life=half_life)


def test_uses_of_one_resource_add_up():
    uses = [("A", "gpu", Fraction(8), 14), ("A", "gpu", Fraction(1), 0), ("B", "cpu", Fraction(5), 7)]
    assert decay_use(uses=uses, half_life=7) == {("A", "gpu"): 3, ("B", "cpu"): Fraction(5, 2)}


def test_the_past_share_is_the_largest_part_of_what_the_pool_has():
    left = {("A", "cpu"): Fraction(5), ("A", "gpu"): Fraction(2), ("B", "old"): Fraction(9), ("C", "gone"): Fraction(1)}
    pool = {"cpu": Fraction(100), "gpu": Fraction(10), "old": Fraction(0)}
    assert measure_past(left=left, pool=pool) == {"A": Fraction(1, 5)}


@pytest.mark.parametrize("age,half_life,name", [(-1, 7, "age"), (1, 0, "half-life"), (1, 100_001, "half-life")])
def test_a_time_that_cannot_be_is_refused(age, half_life, name):
    with pytest.raises(BadParameter) as refused:
        measure_decay(age=age, half_life=half_life)
    assert refused.value.data["name"] == name


def test_the_factor_of_slurm_is_a_half_for_who_used_just_its_part_and_one_for_who_used_nothing():
    weights = {"A": Fraction(1), "B": Fraction(1), "C": Fraction(2)}
    past = {"A": Fraction(1, 4), "B": Fraction(0), "C": Fraction(3, 4)}
    assert measure_factors(past=past, weights=weights) == {"A": 0.5, "B": 1.0, "C": pytest.approx(2**-1.5)}


def test_without_any_past_use_there_is_no_factor():
    assert measure_factors(past={}, weights={"A": Fraction(1)}) == {"A": None}
