"""Four processes at one round at one moment: frozen once, suggested once, confirmed once, no need in two rounds, no late challenge."""

from __future__ import annotations

import pytest

from support.races import run_races

EXPECTED = [
    ("round-freeze", {"done": 1, "broken": 0, "frozen": 1, "freezing_acts": 1, "tables_fit": True}),
    ("round-two", {"done": 1, "broken": 0, "frozen": 1, "freezing_acts": 1, "needs_twice": 0}),
    ("round-withdraw", {"done": 3, "broken": 0, "frozen": 1, "freezing_acts": 1, "tables_fit": True}),
    ("round-suggest", {"done": 4, "broken": 0, "allocations": 1}),
    ("round-confirm", {"done": 1, "broken": 0, "confirming_acts": 1, "commitments": 2}),
    (
        "round-challenge",
        {"broken": 0, "late_challenges": 0, "acts_of_challenges": True, "confirmed_over_a_challenge": False},
    ),
]


@pytest.fixture(scope="module")
def raced(templates, tmp_path_factory):
    return run_races([what for what, _ in EXPECTED], templates=templates, folder=tmp_path_factory.mktemp("raced"))


@pytest.mark.parametrize("what,expected", EXPECTED)
def test_of_four_at_one_moment(raced, what, expected):
    found, said = raced
    assert {name: found[what][name] for name in expected} == expected, said
