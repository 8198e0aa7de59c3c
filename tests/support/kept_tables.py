"""Rows that many files of tests begin with: made once in a process by the services that make real ones, then put back as they were.

Inside a transaction, so that foreign keys are looked at when all rows are there. Rows are read and written as the database's own
driver gives them; PostgreSQL's as text by COPY.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection

from comity.platform.alignment import index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_KEPT: dict[str, dict[str, Any]] = {}
_FOLDERS: dict[str, Path] = {}


def folder_of(name: str, proposed: Path) -> Path:
    """Return the data folder of kept rows: files that were computed with them stay where they were made."""
    return _FOLDERS.setdefault(name, proposed)


def rows_made_by(name: str, make: Callable[[], None]) -> None:
    """Let ``make`` write its rows the first time in this process; later put back what it wrote. The tables must hold none of it."""
    if name in _KEPT:
        _write(_KEPT[name])
        return
    before = {table: _count(table) for table in _tables()}
    make()
    # a table that held rows before would be read with them, so it is left to what made them
    _KEPT[name] = {t: _read(t) for t, rows in before.items() if rows == 0 and _count(t)}


def _tables() -> list[str]:
    found = [m._meta.db_table for m in apps.get_models(include_auto_created=True) if m._meta.managed]
    return [*found, index.TABLE] if connection.vendor == "sqlite" else found


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608  (names of our own tables)
        return int(cursor.fetchone()[0])


def _read(table: str) -> Any:
    key = "rowid, " if table == index.TABLE else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                return b"".join(bytes(piece) for piece in copy)
        cursor.execute(f'SELECT {key}* FROM "{table}"')  # noqa: S608  (names of our own tables)
        return [c[0] for c in cursor.description], cursor.fetchall()


def _write(kept: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        for table, rows in kept.items():
            if connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(rows)
                continue
            names, held = rows
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({places})', held)  # noqa: S608  (names of our own tables)
        if connection.vendor == "postgresql":
            models = [m for m in apps.get_models(include_auto_created=True) if m._meta.db_table in kept]
            for statement in connection.ops.sequence_reset_sql(_plain(), models):
                cursor.execute(statement)


def _plain() -> Any:
    from django.core.management.color import no_style

    return no_style()
