"""The races of one file of tests, run by one program: Django is loaded once for them all, and each has a database of its own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from support.templates import Templates

PROGRAM = Path(__file__).resolve().parent / "racing.py"


def run_races(whats: Iterable[str], *, templates: Templates, folder: Path) -> tuple[dict[str, dict[str, object]], str]:
    """Race each thing on a copy of the tables; return what was found by the thing, and what was said on the error stream."""
    pairs, environment = [], {**os.environ, "COMITY_DATA": str(folder), "COMITY_DATABASE_URL": ""}
    with contextlib.ExitStack() as databases:
        for what in whats:
            name = f"raced_{uuid.uuid4().hex[:10]}"
            url = databases.enter_context(templates.new_database(name, template="tables"))
            if url:
                environment["COMITY_DATABASE_URL"] = url
            else:
                templates.copy_tables(folder, name)
            pairs.append(f"{what}={name if url else folder / name}")
        done = subprocess.run(
            [sys.executable, str(PROGRAM), *pairs], env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"what"')]
    return {row.pop("what"): row for row in found}, done.stderr
