"""Four processes at one moment: a member is admitted once, a text sent once, one voice is open, a link is decided once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parents[2] / "support" / "racing.py"


@pytest.mark.parametrize(
    "what,expected",
    [
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
    ],
)
def test_of_four_at_one_moment(tmp_path, database_url, what, expected):
    environment = {**os.environ, "COMITY_DATA": str(tmp_path), "COMITY_DATABASE_URL": database_url}
    done = subprocess.run(
        [sys.executable, str(PROGRAM), what], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert {name: found[name] for name in expected} == expected, done.stderr
