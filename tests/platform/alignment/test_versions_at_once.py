"""Four processes at one moment: no decision is lost while a version is taken in, and no version is lost among several."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[2] / "support" / "racing.py"


def race(what, *, tmp_path, database_url):
    environment = {**os.environ, "COMITY_DATA": str(tmp_path), "COMITY_DATABASE_URL": database_url}
    done = subprocess.run(
        [sys.executable, str(PROGRAM), what], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_answers_that_arrive_with_a_version_are_all_kept_and_none_stands_on_text_not_seen(tmp_path, database_url):
    found, said = race("decide-and-replace", tmp_path=tmp_path, database_url=database_url)
    assert {k: found[k] for k in ("done", "broken", "answers", "marks", "lost_versions")} == {
        "done": 4,
        "broken": 0,
        "answers": 3,
        "marks": 3,
        "lost_versions": 0,
    }, said
    assert "confirmed" not in found["raced_states"]
    assert found["decisions"] == found["stale"]


def test_of_several_versions_at_one_moment_none_overwrites_another(tmp_path, database_url):
    found, said = race("replace", tmp_path=tmp_path, database_url=database_url)
    assert (found["broken"], found["lost_versions"]) == (0, 0), said
    assert found["done"] >= 1
