"""Coverage by group: what is not known is kept apart from what is not there."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.capacity.coverage import cover_groups
from comity.errors import BadParameter

NAMES = st.sampled_from("ABCDEFGH")
FIGURES = st.dictionaries(NAMES, st.one_of(st.none(), st.integers(0, 5)))
GROUPS = st.dictionaries(st.sampled_from(["East", "North", "South", "West"]), st.frozensets(NAMES))


def test_a_group_tells_who_has_it_who_has_not_and_who_is_not_known():
    (told,) = cover_groups(
        members={"A": 3, "B": 0, "C": None}, groups={"East": ["A", "B", "C", "D"]}, weights=dict.fromkeys("ABCD", 1)
    )
    assert (told.members, told.known, told.reached, told.unknown, told.absent) == (4, 2, 1, ("C",), ("D",))
    assert (told.at_least, told.at_most) == (0.25, 0.75)
    assert (told.weight_known, told.weight_at_least, told.weight_at_most) == (0.5, 0.25, 0.75)


def test_a_member_in_two_groups_counts_in_both_and_one_in_none_is_told_last():
    found = cover_groups(members={"A": 1, "B": 1, "C": 1}, groups={"West": {"A"}, "East": {"A", "B"}})
    assert [(g.group, g.members) for g in found] == [("East", 2), ("West", 1), (None, 1)]


def test_exactly_at_the_threshold_is_reached():
    (told,) = cover_groups(members={"A": 9.99, "B": 10, "C": 11}, groups={"G": "ABC"}, threshold=10)
    assert told.reached == 2
    assert cover_groups(members={"A": 0}, groups={"G": "A"}, threshold=0)[0].reached == 1
    assert cover_groups(members={"A": 0}, groups={"G": "A"})[0].reached == 0


def test_an_empty_group_has_no_share():
    (told,) = cover_groups(members={}, groups={"G": ()})
    assert (told.members, told.at_least, told.at_most) == (0, None, None)


@pytest.mark.parametrize("weights", [{"A": 1}, {"A": 1, "B": None}, {"A": 0, "B": 0}])
def test_where_a_weight_is_missing_or_all_are_0_no_share_of_weight_is_told(weights):
    (told,) = cover_groups(members={"A": 1, "B": 1}, groups={"G": "AB"}, weights=weights)
    assert (told.weight_known, told.weight_at_least, told.weight_at_most) == (None, None, None)


@given(FIGURES, GROUPS, st.one_of(st.none(), st.integers(0, 5)), st.data())
def test_the_bounds_hold_whatever_the_unknown_turn_out_to_be(figures, groups, threshold, data):
    weights = {m: data.draw(st.integers(1, 9)) for m in "ABCDEFGH"}
    told = cover_groups(members=figures, groups=groups, threshold=threshold, weights=weights)
    true = {m: data.draw(st.integers(0, 5)) if figures.get(m) is None else figures[m] for m in "ABCDEFGH"}
    for g in told:
        if g.group is None or not g.members:
            continue
        (real,) = cover_groups(
            members={m: true[m] for m in groups[g.group]},
            groups={g.group: groups[g.group]},
            threshold=threshold,
            weights=weights,
        )
        assert g.at_least <= real.at_least == real.at_most <= g.at_most
        assert g.weight_at_least - 1e-12 <= real.weight_at_least <= g.weight_at_most + 1e-12
        assert g.known + len(g.unknown) + len(g.absent) == g.members
        assert set(g.unknown) | set(g.absent) == {m for m in groups[g.group] if figures.get(m) is None}


@given(FIGURES, GROUPS)
def test_the_order_of_what_comes_in_does_not_matter(figures, groups):
    backwards = cover_groups(
        members=dict(reversed(figures.items())), groups={g: sorted(groups[g], reverse=True) for g in reversed(groups)}
    )
    assert cover_groups(members=figures, groups=groups) == backwards


@pytest.mark.parametrize("wrong", [-1, math.nan, math.inf, "much"])
def test_what_is_no_amount_is_refused_by_name(wrong):
    for more in (
        {"members": {"A": wrong}},
        {"members": {}, "threshold": wrong},
        {"members": {}, "weights": {"A": wrong}},
    ):
        with pytest.raises(BadParameter):
            cover_groups(groups={}, **more)
