"""Four processes at one moment: one outcome whoever states it, what was acknowledged counts and nothing else does, one version."""

from __future__ import annotations

import pytest

from support.races import run_races

EXPECTED = [
    ("ballot-state", {"done": 1, "broken": 0, "outcomes": 1, "stating_acts": 1}),
    (
        "ballot-close",
        {
            "done": 4,
            "broken": 0,
            "acknowledged_are_kept": True,
            "counted": True,
            "acts_of_votes": True,
            "late_votes": 0,
            "some_voted": True,
        },
    ),
    ("force-and-revise", {"done": 1, "broken": 0, "rules": 1, "revisions": 1, "acts": 2}),
]


@pytest.fixture(scope="module")
def raced(templates, tmp_path_factory):
    return run_races([what for what, _ in EXPECTED], templates=templates, folder=tmp_path_factory.mktemp("raced"))


@pytest.mark.parametrize("what,expected", EXPECTED)
def test_of_four_at_one_moment(raced, what, expected):
    found, said = raced
    assert {name: found[what][name] for name in expected} == expected, said
