"""Equal voices: one for each person and member, weights that sum, a floor for small regions, tracks apart."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.dialogue.intervals import estimate_share
from comity.engines.dialogue.voices import (
    Tracks,
    balance_share,
    lay_side_by_side,
    settle_members,
    share_voices,
    weigh_regions,
)
from comity.errors import BadParameter

VOICES = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 500), max_size=7)
HEARD = st.dictionaries(
    st.sampled_from("abcde"),
    st.tuples(st.integers(0, 80), st.integers(0, 80), st.integers(0, 80)).map(lambda x: tuple(sorted(x))),
    min_size=1,
)


@given(VOICES, st.floats(0, 1))
def test_weights_sum_to_one_and_no_region_is_under_the_floor(voices, floor):
    weights = weigh_regions(voices=voices, floor=floor)
    present = [r for r, n in voices.items() if n]
    assert sorted(weights) == sorted(present)
    if present:
        assert sum(weights.values()) == pytest.approx(1)
        assert min(weights.values()) >= floor / len(present) - 1e-12
    for one in present:
        for other in present:
            if voices[one] >= voices[other]:
                assert weights[one] >= weights[other] - 1e-12
                # Degressive: a voice of the larger region weighs no more than one of the smaller.
                assert weights[one] / voices[one] <= weights[other] / voices[other] + 1e-12


@given(st.dictionaries(st.integers(0, 30).map(str), st.sampled_from("XYZ"), max_size=12))
def test_each_member_has_one_voice_whatever_its_delegation(members):
    parts = share_voices(members=members)
    for member in set(members.values()):
        assert sum(p for d, p in parts.items() if members[d] == member) == pytest.approx(1)


def test_delegates_that_contradict_one_another_have_not_settled():
    answers = {"a": 1, "b": 0, "c": -1, "guest": 1}
    assert settle_members(answers=answers, members={"a": "X", "b": "X", "c": "Y"}) == {"Y": -1}


def test_a_delegation_of_ten_counts_as_much_as_one_of_one():
    answers = {**{f"d{i}": 1 for i in range(10)}, "e": -1}
    members = {**{f"d{i}": "X" for i in range(10)}, "e": "Y"}
    assert settle_members(answers=answers, members=members) == {"X": 1, "Y": -1}


@given(HEARD)
def test_a_balanced_share_lies_between_those_of_its_regions(regions):
    found = balance_share(
        agree={r: a for r, (a, _, _) in regions.items()},
        heard={r: n for r, (_, n, _) in regions.items()},
        voices={r: v for r, (_, _, v) in regions.items()},
    )
    shares = [a / n for a, n, _ in regions.values() if n]
    if not shares:
        assert found is None
        return
    assert min(shares) - 1e-12 <= found.share <= max(shares) + 1e-12
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share - 1e-12 <= found.high <= 1
    assert sum(w for _, w in found.weights) == pytest.approx(1)
    assert set(found.unheard) == {r for r, (_, n, v) in regions.items() if v and not n}


def test_one_region_is_its_own_balance():
    found = balance_share(agree={"r": 15}, heard={"r": 148}, voices={"r": 148})
    plain = estimate_share(given=15, n=148)
    assert (found.share, found.low, found.high) == pytest.approx((plain.share, plain.low, plain.high))
    all_agree = balance_share(agree={"r": 20, "s": 5}, heard={"r": 20, "s": 5}, voices={"r": 20, "s": 5})
    assert (all_agree.share, all_agree.high) == (pytest.approx(1), pytest.approx(1))
    assert all_agree.low < estimate_share(given=25, n=25).low


def test_a_small_region_is_heard_in_a_balanced_share():
    numbers = {"agree": {"isles": 2, "mainland": 90}, "heard": {"isles": 20, "mainland": 180}}
    found = balance_share(**numbers, voices={"isles": 20, "mainland": 180})
    # By the floor the isles weigh 0.25 + 0.05, though they are a tenth of the voices.
    assert found.share == pytest.approx(0.3 * 0.1 + 0.7 * 0.5)


def test_more_heard_than_there_are_voices_is_refused():
    with pytest.raises(BadParameter):
        balance_share(agree={"r": 1}, heard={"r": 3}, voices={"r": 2})


@pytest.mark.parametrize("more", [{"floor": 1.5}, {"floor": -0.1}, {"voices": {"r": -1}}])
def test_weights_that_are_none_are_refused(more):
    with pytest.raises(BadParameter):
        weigh_regions(**{"voices": {"r": 1}, **more})


def test_tracks_stand_apart_and_a_statement_of_one_is_unheard_in_the_other():
    found = lay_side_by_side(states={"a": (3, 4)}, members=10, people={"b": (30, 40)})
    assert [(t.statement, t.states.heard, t.people and t.people.n) for t in found] == [("a", 4, None), ("b", 0, 40)]
    assert [f.name for f in fields(Tracks)] == ["statement", "states", "people"]
    with pytest.raises(TypeError):
        found[0] + found[1]
