"""An instance in a folder of its own, driven by its commands alone."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from support.commands import Commands

if TYPE_CHECKING:
    from pathlib import Path

ENTER = """
import sys, django; django.setup()
from django.db import transaction
from comity.platform.record.services import enter_act
for n in range(int(sys.argv[1])):
    with transaction.atomic():
        enter_act(type="test-act", office="secretariat", authority="A test", subject="tests/x", payload={"n": n},
                  **({"visibility": "members"} if n % 3 == 2 else {}))
"""


class Machine:
    """An instance in a folder, driven by its commands alone."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        kept = {k: v for k, v in os.environ.items() if not k.startswith("COMITY_")}
        self.environment = {
            **kept,
            "COMITY_DATA": str(folder),
            "COMITY_SECRET_KEY": "a key for tests alone, which signs nothing that anyone keeps",
            "COMITY_DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        }
        self.commands = Commands(self.environment, folder.parent)

    def run(self, *words: str, code: int | None = 0) -> str:
        done = self.commands.run(*words)
        assert code in {None, done.returncode}, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def enter(self, count: int) -> None:
        self.commands.execute(ENTER, str(count))

    def sequence(self) -> None:
        self.run("record", "sequence", "--until-empty", "--interval", "0.1")

    def status(self) -> dict[str, object]:
        return json.loads(self.commands.run("record", "status", "--json").stdout)

    def close(self) -> None:
        self.commands.close()
