"""Copy a whole database to a file and back: SQLite by its online backup, PostgreSQL by pg_dump and pg_restore.

A copy is one moment of the database; writers go on meanwhile.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.errors import BackupFailed, MissingTool

if TYPE_CHECKING:
    from pathlib import Path

PAGES_AT_ONCE = 2_000
LAST_WORDS = 400


@dataclass(frozen=True, slots=True)
class PostgresPlace:
    """Where a PostgreSQL database is. The password goes by the environment, never by the command line."""

    name: str
    host: str = ""
    port: str = ""
    user: str = ""
    password: str = ""

    def environment(self) -> dict[str, str]:
        """Return what libpq reads: empty values are left to its defaults."""
        given = {
            "PGDATABASE": self.name,
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }
        return {**os.environ, **{name: value for name, value in given.items() if value}}


def copy_sqlite(*, source: Path, target: Path) -> None:
    """Write one moment of a SQLite database to a new file, and check it. Raises BackupFailed."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new, pages=PAGES_AT_ONCE)
            new.execute("PRAGMA journal_mode=DELETE")
            (word,) = new.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise BackupFailed(what=source.name, problem=str(error)) from None
    if word != "ok":
        raise BackupFailed(what=source.name, problem=str(word)[:LAST_WORDS])


def check_sqlite(*, path: Path) -> None:
    """Raise BackupFailed where a file is not a sound SQLite database."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            (word,) = database.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise BackupFailed(what=path.name, problem=str(error)) from None
    if word != "ok":
        raise BackupFailed(what=path.name, problem=str(word)[:LAST_WORDS])


def dump_postgres(*, place: PostgresPlace, target: Path) -> None:
    """Write one moment of a PostgreSQL database to a file. Raises MissingTool or BackupFailed."""
    _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], place=place)


def check_dump(*, path: Path) -> None:
    """Raise BackupFailed where pg_restore cannot read the list of contents of a file."""
    _run(["pg_restore", "--list", str(path)], place=None)


def restore_postgres(*, place: PostgresPlace, source: Path) -> None:
    """Replace the tables of a database by those of a file, in one transaction: all of it, or nothing."""
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run(["pg_restore", *options, f"--dbname={place.name}", str(source)], place=place)


def _run(command: list[str], *, place: PostgresPlace | None) -> None:
    tool = shutil.which(command[0])
    if tool is None:
        raise MissingTool(tool=command[0], package="postgresql-client")
    environment = place.environment() if place else dict(os.environ)
    done = subprocess.run(  # noqa: S603  (the tool was found by name, the arguments are ours)
        [tool, *command[1:]], env=environment, capture_output=True, check=False, text=True
    )
    if done.returncode:
        raise BackupFailed(what=command[0], problem=done.stderr.strip()[-LAST_WORDS:])
