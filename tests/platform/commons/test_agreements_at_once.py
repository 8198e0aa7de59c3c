"""Four processes at one agreement at one moment: signed once for each party, concluded once, and no signature outlives its text."""

from __future__ import annotations

import pytest

from support.races import run_races

EXPECTED = [
    (
        "agreement-sign",
        {"done": 4, "broken": 0, "texts": "concluded", "signed": 4, "concluding_acts": 4, "signatures_have_acts": True},
    ),
    (
        "agreement-twice",
        {"done": 1, "broken": 0, "texts": "proposed", "signed": 1, "concluding_acts": 0, "signatures_have_acts": True},
    ),
    (
        "agreement-change",
        {
            "broken": 0,
            "texts": "replaced,proposed",
            "signed_after": 0,
            "concluding_acts": 0,
            "signatures_have_acts": True,
        },
    ),
]


@pytest.fixture(scope="module")
def raced(templates, tmp_path_factory):
    return run_races([what for what, _ in EXPECTED], templates=templates, folder=tmp_path_factory.mktemp("raced"))


@pytest.mark.parametrize("what,expected", EXPECTED)
def test_of_four_at_one_moment(raced, what, expected):
    found, said = raced
    assert {name: found[what][name] for name in expected} == expected, said
