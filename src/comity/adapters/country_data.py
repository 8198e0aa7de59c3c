"""Country data reads the package's tables of states, groupings and memberships into an atlas.

The tables are data, dated and replaceable: ``comity/engines/parties/data/README.md`` says where they come from.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
from importlib import resources
from typing import TYPE_CHECKING

from comity.engines.parties.atlas import Atlas, build_atlas
from comity.engines.parties.facts import LANGUAGES, Grouping, Membership, State
from comity.errors import BadRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

PACKAGE = "comity.engines.parties"
FOLDER = "data"

_STATES = ("iso3", "iso2", "m49", "status", "region", "sub_region", "intermediate_region")
_NAMES = tuple(f"name_{language}" for language in LANGUAGES)
_RANKS = tuple(f"rank_{language}" for language in LANGUAGES)
_GROUPINGS = ("code", "kind", "as_of", *_NAMES, "source")
_MEMBERSHIPS = ("member", "group", "from", "until", "role", "note")
_TILES = ("iso3", "column", "row", "regional_group")
_SPOKEN = ("words", "code")


@functools.cache
def read_atlas() -> Atlas:
    """Return the country facts that come with Comity, read once.

    Raises BadRow where a table is not as its README says.
    """
    return read_atlas_from(folder=resources.files(PACKAGE) / FOLDER)


def read_atlas_from(*, folder: Traversable) -> Atlas:
    """Return the country facts of a folder that holds the same tables (a pathlib.Path will do).

    Raises BadRow, with the table and the row (headings not counted), where a heading, number, day or fact is wrong.
    """
    return build_atlas(
        states=[_read_state(row) for row in _rows(folder, "countries.csv", (*_STATES, *_NAMES, *_RANKS))],
        groupings=[_read_grouping(row) for row in _rows(folder, "groupings.csv", _GROUPINGS)],
        memberships=[_read_membership(row) for row in _rows(folder, "memberships.csv", _MEMBERSHIPS)],
        tiles=[_read_tile(row) for row in _rows(folder, "world-grid.csv", _TILES)],
        spoken=[(row["words"], row["code"]) for row in _rows(folder, "spoken-names.csv", _SPOKEN)],
    )


class _Row(dict[str, str]):
    """One row by heading, which knows where it stands."""

    file: str
    number: int

    def day(self, heading: str) -> dt.date | None:
        """Return the day under a heading, or None where the cell is empty."""
        if not self[heading]:
            return None
        try:
            return dt.date.fromisoformat(self[heading])
        except ValueError:
            raise self.refuse(heading, "a day as 2026-01-31, or nothing") from None

    def whole(self, heading: str) -> int:
        """Return the whole number under a heading."""
        try:
            return int(self[heading])
        except ValueError:
            raise self.refuse(heading, "a whole number") from None

    def refuse(self, heading: str, allowed: str) -> BadRow:
        """Return the refusal of a cell."""
        return BadRow(file=self.file, row=self.number, problem=f'{heading} is "{self[heading]}"; allowed is {allowed}')


def _rows(folder: Traversable, file: str, headings: tuple[str, ...]) -> Iterator[_Row]:
    lines = csv.reader(io.StringIO((folder / file).read_text(encoding="utf-8-sig"), newline=""))
    found = tuple(next(lines, ()))
    if found != headings:
        raise BadRow(file=file, row=0, problem=f"the headings are {', '.join(found)}; give {', '.join(headings)}")
    for number, cells in enumerate(lines, 1):
        if len(cells) != len(headings):
            raise BadRow(file=file, row=number, problem=f"it has {len(cells)} cells; give {len(headings)}")
        row = _Row(zip(headings, cells, strict=True))
        row.file, row.number = file, number
        yield row


def _read_state(row: _Row) -> State:
    return State(
        **{heading: row[heading] for heading in _STATES},
        names={language: row[name] for language, name in zip(LANGUAGES, _NAMES, strict=True)},
        ranks={language: row.whole(rank) for language, rank in zip(LANGUAGES, _RANKS, strict=True)},
    )


def _read_grouping(row: _Row) -> Grouping:
    as_of = row.day("as_of")
    if as_of is None:
        raise row.refuse("as_of", "a day as 2026-01-31")
    names = {language: row[name] for language, name in zip(LANGUAGES, _NAMES, strict=True)}
    return Grouping(code=row["code"], kind=row["kind"], names=names, as_of=as_of, source=row["source"])


def _read_membership(row: _Row) -> Membership:
    return Membership(
        member=row["member"],
        group=row["group"],
        since=row.day("from"),
        until=row.day("until"),
        role=row["role"],
        note=row["note"],
    )


def _read_tile(row: _Row) -> tuple[str, int, int]:
    return row["iso3"], row.whole("column"), row.whole("row")
