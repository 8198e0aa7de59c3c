"""kill -9 anywhere: no act lost, doubled or left without a number, and never two trees of one size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.db import connection

KILLS = 20
PROGRAM = Path(__file__).resolve().parents[2] / "support" / "killing.py"


@pytest.fixture
def database_url(tmp_path, django_db_blocker):
    """A database of its own, of the kind that this run tests."""
    if connection.vendor != "postgresql":
        yield ""
        return
    name = f"killed_{uuid.uuid4().hex[:10]}"
    here = connection.settings_dict
    import psycopg

    with psycopg.connect(
        host=here["HOST"], port=here["PORT"], user=here["USER"], dbname="postgres", autocommit=True
    ) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"postgresql://{here['USER']}@{here['HOST']}:{here['PORT']}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


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
