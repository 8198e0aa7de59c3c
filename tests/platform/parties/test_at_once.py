"""Four processes at one moment: a member is admitted once, a text sent once, one voice is open, a link is decided once."""

from __future__ import annotations

import pytest

from support.races import run_races

EXPECTED = [
    ("admit", {"done": 1, "broken": 0, "seats": 1}),
    ("send", {"done": 1, "broken": 0, "statements": 1}),
    ("send-two", {"done": 2, "broken": 0, "statements": 2}),
    ("voice", {"broken": 0, "open_voices": 1}),
    # Two of four are needed: the third and fourth come to a link that is decided.
    ("answer", {"done": 2, "broken": 0, "answers": 2, "decisions": 1, "decided_acts": 1, "states": ["confirmed"]}),
    ("answer-split", {"broken": 0, "decisions": 1, "decided_acts": 1}),
    # Of four moderators one decides; of four who type one sheet two are taken, and it is one voice.
    ("moderate-and-type", {"done": 2, "broken": 0, "moderations": 1, "typings": 2, "sheet_voices": 1}),
    ("set-rule", {"broken": 0, "versions_in_row": True}),
]


@pytest.fixture(scope="module")
def raced(templates, tmp_path_factory):
    return run_races([what for what, _ in EXPECTED], templates=templates, folder=tmp_path_factory.mktemp("raced"))


@pytest.mark.parametrize("what,expected", EXPECTED)
def test_of_four_at_one_moment(raced, what, expected):
    found, said = raced
    assert {name: found[what][name] for name in expected} == expected, said
