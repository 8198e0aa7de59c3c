"""Four processes at one moment: no answer is lost or doubled, an account comes in once, and nothing is answered after the close."""

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
        ("dialogue-answer", {"done": 4, "broken": 0, "cells": 3}),
        ("dialogue-join", {"done": 4, "broken": 0, "voices_of_accounts": 1}),
        ("dialogue-write", {"done": 4, "broken": 0, "written": 4, "numbers_in_row": True}),
        ("dialogue-close", {"done": 4, "broken": 0, "late_answers": 0}),
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
