"""Databases made once in a run: a test that wants tables of its own takes a copy instead of making them anew.

Everything lies in one folder of the run, which its processes share. On PostgreSQL a template is a database to which nobody can
connect; the last process that used the templates takes them away.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
FILE = "comity.sqlite3"
MAKE_TABLES = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
call_command("createcachetable", verbosity=0)
"""


class Templates:
    """The templates of a run: tables alone, and an instance as ``comity init`` leaves it. Each is made when first asked for."""

    def __init__(self, folder: Path, server: dict[str, object] | None = None) -> None:
        """Take the folder of the run and, on PostgreSQL, Django's settings of a database on the server."""
        self.folder = folder
        self.server = server
        self.mark = hashlib.sha256(str(folder).encode()).hexdigest()[:10]

    @contextlib.contextmanager
    def in_use(self) -> Iterator[Templates]:
        """Tell the other processes of the run that this one uses the templates; take them away after the last."""
        mine = self.folder / "users" / str(os.getpid())
        mine.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            mine.touch()
        yield self
        with self._alone():
            mine.unlink()
            if not any(mine.parent.iterdir()):
                for name in ("tables", "instance"):
                    shutil.rmtree(self.folder / name, ignore_errors=True)
                    self.drop_database(f"{name}_{self.mark}")

    def tables(self) -> Path:
        """Return a folder with a database that has every table and nothing in them."""
        with self._alone():
            return self._make_once("tables", [sys.executable, "-c", MAKE_TABLES], template=None)

    def instance(self) -> Path:
        """Return the data folder of an instance as ``comity init`` leaves it."""
        self.tables()
        with self._alone():
            return self._make_once("instance", [sys.executable, "-m", "comity", "init"], template="tables")

    def copy_tables(self, folder: Path, name: str = FILE) -> None:
        """Lay a database with tables into a data folder; on PostgreSQL, ``new_database`` has made them."""
        if self.server is None:
            shutil.copy(self.tables() / FILE, folder / name)

    def copy_instance(self, folder: Path) -> None:
        """Make a data folder as ``comity init`` leaves it."""
        shutil.copytree(self.instance(), folder)

    @contextlib.contextmanager
    def new_database(self, name: str, *, template: str) -> Iterator[str]:
        """Yield the URL of a database that is a copy of a template and goes afterwards; empty on SQLite."""
        if self.server is None:
            yield ""
            return
        {"tables": self.tables, "instance": self.instance}[template]()
        self._tell(f"CREATE DATABASE {name} TEMPLATE {template}_{self.mark}")
        try:
            yield self._url(name)
        finally:
            self.drop_database(name)

    def drop_database(self, name: str) -> None:
        """Take a database away from the server, whoever is connected to it."""
        self._tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def fill_memory(self, name: str) -> sqlite3.Connection:
        """Copy the tables into SQLite's memory under a name; they stay while the connection that is returned is open."""
        kept = sqlite3.connect(name, uri=True, check_same_thread=False)
        with contextlib.closing(sqlite3.connect(self.tables() / FILE)) as source:
            source.backup(kept)
        return kept

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_once(self, name: str, command: list[str], *, template: str | None) -> Path:
        made, part, database = self.folder / name, self.folder / f"{name}.part", f"{name}_{self.mark}"
        if made.exists():
            return made
        if template is None:
            part.mkdir(mode=0o700)
        else:
            shutil.copytree(self.folder / template, part)
        self._tell(f"CREATE DATABASE {database}" + (f" TEMPLATE {template}_{self.mark}" if template else ""))
        kept = {k: v for k, v in os.environ.items() if not k.startswith("COMITY_")}
        environment = {**kept, "COMITY_DATA": str(part), "DJANGO_SETTINGS_MODULE": "comity.site.settings"}
        if template is None:  # an instance writes a key of its own
            environment["COMITY_SECRET_KEY"] = "a key for tests alone, which signs nothing that anyone keeps"
        if self.server is not None:
            environment["COMITY_DATABASE_URL"] = self._url(database)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == 0, done.stdout + done.stderr
        if self.server is None:  # one file alone, which can be copied
            with contextlib.closing(sqlite3.connect(part / FILE)) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
        self._tell(f"ALTER DATABASE {database} WITH ALLOW_CONNECTIONS false")
        part.rename(made)
        return made

    def _tell(self, sentence: str) -> None:
        if self.server is None:
            return
        import psycopg

        here = {k: self.server[k.upper()] for k in ("host", "port", "user", "password") if self.server.get(k.upper())}
        with psycopg.connect(**here, dbname="postgres", autocommit=True) as connection:
            connection.execute(sentence)

    def _url(self, name: str) -> str:
        secret = f":{quote(str(self.server['PASSWORD']), safe='')}" if self.server["PASSWORD"] else ""
        return f"postgresql://{self.server['USER']}{secret}@{self.server['HOST']}:{self.server['PORT']}/{name}"
