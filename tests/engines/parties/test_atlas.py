"""The atlas refuses facts that contradict each other, and cannot be changed once it is made."""

from __future__ import annotations

import datetime as dt
import doctest
import itertools
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.parties import atlas as atlas_module
from comity.engines.parties.countries import (
    LANGUAGES,
    Grouping,
    Membership,
    State,
    build_atlas,
    members_of,
)
from comity.errors import BadRow

DAY = dt.date(2026, 1, 1)


def state(iso3: str, rank: int, *, status: str = "member") -> State:
    return State(
        iso3=iso3,
        iso2=iso3[:2],
        m49=f"{rank:03}",
        status=status,
        region="002",
        sub_region="015",
        intermediate_region="",
        names=dict.fromkeys(LANGUAGES, f"Land of {iso3.lower()}"),
        ranks=dict.fromkeys(LANGUAGES, rank),
    )


def grouping(code: str, kind: str = "organisation") -> Grouping:
    return Grouping(
        code=code, kind=kind, names=dict.fromkeys(LANGUAGES, f"The {code}"), as_of=DAY, source="its own list"
    )


STATES = [state("AAA", 1), state("BBB", 2), state("CCC", 3, status="other")]
GROUPINGS = [
    grouping("UN"),
    grouping("UNION"),
    grouping("M49-002", "m49-region"),
    grouping("M49-015", "m49-sub-region"),
]


def refusal(**changed: object) -> str:
    facts = {"states": STATES, "groupings": GROUPINGS, "memberships": [], **changed}
    with pytest.raises(BadRow) as caught:
        build_atlas(**facts)
    return str(caught.value)


def test_doctests_hold() -> None:
    assert doctest.testmod(atlas_module).failed == 0


def test_members_of_the_united_nations_follow_from_the_status() -> None:
    atlas = build_atlas(states=STATES, groupings=GROUPINGS, memberships=[])
    assert members_of(atlas=atlas, group="UN") == ("AAA", "BBB")


def test_members_of_a_region_follow_from_the_codes() -> None:
    atlas = build_atlas(states=STATES, groupings=GROUPINGS, memberships=[])
    assert members_of(atlas=atlas, group="M49-015") == ("AAA", "BBB", "CCC")


def test_an_atlas_cannot_be_changed() -> None:
    atlas = build_atlas(states=STATES, groupings=GROUPINGS, memberships=[])
    with pytest.raises(FrozenInstanceError):
        atlas.states = {}  # type: ignore[misc]  # the point of the test
    with pytest.raises(TypeError):
        atlas.states["AAA"] = STATES[1]  # type: ignore[index]  # the point of the test
    with pytest.raises(TypeError):
        atlas.states["AAA"].names["en"] = "Other"  # type: ignore[index]  # the point of the test


def test_an_atlas_does_not_follow_later_changes_of_what_it_was_made_from() -> None:
    names = dict.fromkeys(LANGUAGES, "Before")
    atlas = build_atlas(states=[replace(STATES[0], names=names), *STATES[1:]], groupings=GROUPINGS, memberships=[])
    names["en"] = "After"
    assert atlas.states["AAA"].names["en"] == "Before"


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [Membership("AAA", "UNION"), Membership("BBB", "UNION", until=DAY), Membership("UN", "UNION")]
    made = [
        build_atlas(states=s, groupings=g, memberships=m)
        for s, g, m in (
            (STATES, GROUPINGS, rows),
            (STATES[::-1], GROUPINGS[::-1], rows[::-1]),
        )
    ]
    assert made[0] == made[1]
    assert list(made[0].states) == list(made[1].states)


@pytest.mark.parametrize(
    "change,said",
    [
        ({"iso3": "BBB"}, "the table of states, row 2: BBB is there twice; keep one row"),
        ({"iso2": "BB"}, "the table of states, row 2: BB is there twice; keep one row"),
        ({"m49": "002"}, "the table of states, row 2: 002 is there twice; keep one row"),
        (
            {"m49": "2"},
            "the table of states, row 1: the codes are AAA, AA, 2; give three capitals, two capitals and three digits",
        ),
        (
            {"status": "guest"},
            'the table of states, row 1: the status is "guest"; allowed are member, observer, other',
        ),
        (
            {"names": {"en": "Alone"}},
            "the table of states, row 1: there is no name in ar, es, fr, ru, zh; give one in each of ar, en, es, fr, ru, zh",
        ),
        (
            {"region": "999"},
            "the table of states, row 1: the region M49-999 is not among the groupings; add it, or correct the code",
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_state_that_cannot_be_is_refused(change: dict[str, object], said: str) -> None:
    assert refusal(states=[replace(STATES[0], **change), *STATES[1:]]) == said  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("rank", [0, 2, 3, 4])
def test_ranks_that_are_no_permutation_are_refused(rank: int) -> None:
    ranks = {**STATES[0].ranks, "fr": rank}
    said = refusal(states=[replace(STATES[0], ranks=ranks), *STATES[1:]])
    assert 'in "fr" is' in said
    assert said.endswith("give each of 1 to 3 to one state")


@pytest.mark.parametrize(
    "row,said",
    [
        (grouping("UN"), "the table of groupings, row 5: UN is there twice; keep one row"),
        (grouping("AAA"), 'the table of groupings, row 5: the code "AAA" is empty or that of a state; choose another'),
        (grouping("X", "club"), 'the table of groupings, row 5: the kind is "club"; allowed are organisation, forum, '),
        (
            replace(grouping("X"), names=dict.fromkeys(LANGUAGES, " ")),
            "the table of groupings, row 5: there is no name in ar, en, es, fr, ru, zh; ",
        ),
    ],
)
def test_a_grouping_that_cannot_be_is_refused(row: Grouping, said: str) -> None:
    assert refusal(groupings=[*GROUPINGS, row]).startswith(said)


@pytest.mark.parametrize(
    "row,said",
    [
        (Membership("ZZZ", "UNION"), "ZZZ in UNION: a code is unknown, or sits in itself; correct it"),
        (Membership("AAA", "AAA"), "AAA in AAA: a code is unknown, or sits in itself; correct it"),
        (Membership("UNION", "UNION"), "UNION in UNION: a code is unknown, or sits in itself; correct it"),
        (
            Membership("AAA", "UNION", role="king"),
            'the role is "king"; allowed are member, elector, participant, listed',
        ),
        (
            Membership("AAA", "UNION", since=DAY, until=dt.date(2025, 12, 31)),
            "AAA in UNION ends on 2025-12-31, before it begins on 2026-01-01",
        ),
    ],
)
def test_a_membership_that_cannot_be_is_refused(row: Membership, said: str) -> None:
    rows = [Membership("BBB", "UNION"), row]
    assert refusal(memberships=rows) == f"the table of memberships, row 2: {said}"


def test_memberships_that_share_one_day_overlap() -> None:
    rows = [Membership("AAA", "UNION", since=DAY), Membership("AAA", "UNION", until=DAY)]
    said = "the table of memberships, row 2: AAA in UNION overlaps with row 1; end one period first"
    assert refusal(memberships=rows) == said


def test_a_membership_that_begins_the_day_after_another_ended_stands() -> None:
    rows = [Membership("AAA", "UNION", until=DAY), Membership("AAA", "UNION", since=DAY + dt.timedelta(days=1))]
    atlas = build_atlas(states=STATES, groupings=GROUPINGS, memberships=rows)
    assert members_of(atlas=atlas, group="UNION", on=DAY) == ("AAA",)
    assert members_of(atlas=atlas, group="UNION", on=DAY + dt.timedelta(days=1)) == ("AAA",)


@pytest.mark.parametrize(
    "tiles,said",
    [
        ([("AAA", 0, 0), ("ZZZ", 1, 0)], "row 2: ZZZ is not among the states; correct the code"),
        (
            [("AAA", 0, 0), ("BBB", 0, 0)],
            "row 2: the tile (0, 0) of BBB is held by AAA; give every state a tile of its own, from 0",
        ),
        (
            [("AAA", 0, -1)],
            "row 1: the tile (0, -1) of AAA has a negative number; give every state a tile of its own, from 0",
        ),
        ([("AAA", 0, 0), ("AAA", 1, 0)], "row 2: AAA is there twice; keep one row"),
    ],
)
def test_tiles_that_cannot_be_are_refused(tiles: list[tuple[str, int, int]], said: str) -> None:
    assert refusal(tiles=tiles) == f"the table of tiles, {said}"


@pytest.mark.parametrize("row", [("a-land", "ZZZ"), ("...", "AAA"), ("a land", "BBB")])
def test_a_spoken_name_that_cannot_be_is_refused(row: tuple[str, str]) -> None:
    assert refusal(spoken=[("a land", "AAA"), row]).startswith("the table of spoken names, row 2: ")


@given(
    periods=st.lists(st.tuples(st.dates(), st.dates()).map(sorted), max_size=5),
    on=st.dates(),
)
def test_a_state_sits_on_a_day_when_one_of_its_periods_holds_that_day(
    periods: list[list[dt.date]], on: dt.date
) -> None:
    rows = [Membership("AAA", "UNION", since=a, until=b) for a, b in periods]
    apart = all(a[1] < b[0] or b[1] < a[0] for a, b in itertools.combinations(periods, 2))
    if not apart:
        assert "overlaps with row" in refusal(memberships=rows)
        return
    atlas = build_atlas(states=STATES, groupings=GROUPINGS, memberships=rows)
    expected = ("AAA",) if any(a <= on <= b for a, b in periods) else ()
    assert members_of(atlas=atlas, group="UNION", on=on) == expected
