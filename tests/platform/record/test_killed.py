"""kill -9 anywhere: no act lost, doubled or left without a number, and never two trees of one size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

KILLS = 20
PROGRAM = Path(__file__).resolve().parents[2] / "support" / "killing.py"


def test_twenty_kills_lose_double_and_leave_nothing(tmp_path, database_url):
    environment = {**os.environ, "COMITY_DATA": str(tmp_path), "COMITY_DATABASE_URL": database_url}
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(KILLS), "7"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["committed"] > KILLS
    assert found["checkpoints"] > 1
    assert {name: found[name] for name in ("ended_alone", "lost", "unsequenced")} == {
        "ended_alone": 0,
        "lost": 0,
        "unsequenced": 0,
    }, done.stderr
    assert [
        found[name] for name in ("numbers_are_whole", "tiles_agree", "checkpoints_agree", "published_is_latest")
    ] == [
        True,
        True,
        True,
        True,
    ]
