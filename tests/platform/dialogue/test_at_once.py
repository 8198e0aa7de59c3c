"""Four processes at one moment: no answer is lost or doubled, an account comes in once, and nothing is answered after the close."""

from __future__ import annotations

import pytest

from support.races import run_races

EXPECTED = [
    ("dialogue-answer", {"done": 4, "broken": 0, "cells": 3}),
    ("dialogue-join", {"done": 4, "broken": 0, "voices_of_accounts": 1}),
    ("dialogue-write", {"done": 4, "broken": 0, "written": 4, "numbers_in_row": True}),
    ("dialogue-close", {"done": 4, "broken": 0, "late_answers": 0}),
]


@pytest.fixture(scope="module")
def raced(templates, tmp_path_factory):
    return run_races([what for what, _ in EXPECTED], templates=templates, folder=tmp_path_factory.mktemp("raced"))


@pytest.mark.parametrize("what,expected", EXPECTED)
def test_of_four_at_one_moment(raced, what, expected):
    found, said = raced
    assert {name: found[what][name] for name in expected} == expected, said
