"""Read figures of members from a CSV file as offices keep them; what could be read in two ways is refused, with its row and column.

UTF-8, with or without its mark; cells parted by commas, or all by semicolons. A figure is written like 1234.5, 1e6 or 59.4%; a column is
of percentages or of numbers, not of both. An empty cell, ``..``, ``...``, a dash, ``n/a`` or ``NA`` is no figure, and never 0.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.adapters.polis_cells import demand_text, each_row, open_table, unguard_text
from comity.errors import BadParameter, BadRow, EmptyFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import BinaryIO

NO_FIGURE = frozenset({"", "..", "...", "…", "-", "–", "—", "n/a", "na"})
MOST_IN_NAME = 200
SHOWN_COLUMNS = 12
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_PARTED = re.compile(
    r"[+-]?[0-9]+(?:[,'’\s\u00a0\u2009\u202f][0-9]+)+(?:\.[0-9]+)?|[+-]?[0-9]{1,3}(?:\.[0-9]{3}){2,}(?:,[0-9]+)?"
)
_THOUSANDS_OR_NOT = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of figures: a number or None for each row; whether all are percentages, and what stood for no figure."""

    name: str
    figures: tuple[float | None, ...]
    is_percent: bool
    no_figure: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueTable:
    """What was asked for of a file, a place for each row. ``rows`` are line numbers; ``members`` are names, each once, as they are written.

    ``named_by`` is the column of the names, None where there is none: a row is then its own name. ``groups`` names the groups of each,
    one or several parted by semicolons, or none.
    """

    file: str
    sha256: str
    rows: tuple[int, ...]
    members: tuple[str, ...]
    named_by: str | None
    values: Column
    weights: Column | None
    ranks: Column | None
    groups: tuple[tuple[str, ...], ...] | None


def read_values(
    *,
    path: Path,
    column: str,
    weights: str | None = None,
    groups: str | None = None,
    member: str | None = None,
    rank_by: str | None = None,
) -> ValueTable:
    """Return the named columns of a file. Without ``member`` the first other column names the members, where each name is there once.

    Raises PathNotFound, EmptyFile, FileTooLarge, BrokenFile, BadParameter for a column that is not there, or BadRow.
    """
    with open_table(path=path) as source:
        header, delimiter = _read_columns(source=source, file=path.name)
        wanted = {
            "--column": column,
            "--weights": weights,
            "--groups": groups,
            "--member": member,
            "--rank-by": rank_by,
        }
        for option, name in wanted.items():
            if name is not None and name not in header:
                raise BadParameter(name=option, found=name, allowed=f"a column of {path.name}: {_shown(header)}")
        used = {column, weights, groups, rank_by}
        named_by = member or next((name for name in header if name and name not in used), None)
        table = [
            (number, row)
            for number, row in each_row(source=source, file=path.name, header=header, delimiter=delimiter)
            if any(cell.strip() for cell in row)
        ]
        source.seek(0)
        digest = hashlib.sha256()
        while piece := source.read(1_000_000):
            digest.update(piece)
    if not table:
        raise BadRow(file=path.name, row=1, problem="there is no row below the header; give one for each member")
    rows = tuple(number for number, _ in table)

    def cells(name: str) -> list[str]:
        place = header.index(name)
        return [unguard_text(row[place].strip()) for _, row in table]

    def figures(name: str | None, *, least: float = 0.0) -> Column | None:
        if name is None:
            return None
        return _read_column(name, cells(name), rows=rows, file=path.name, least=least, is_local=delimiter == ";")

    values = figures(column)
    assert values is not None  # noqa: S101  (a column must be named)
    names = None if named_by is None else _read_names(cells(named_by), rows=rows, file=path.name, column=member)
    return ValueTable(
        file=path.name,
        sha256=digest.hexdigest(),
        rows=rows,
        members=names or tuple(f"row {number}" for number in rows),
        named_by=named_by if names else None,
        values=values,
        weights=figures(weights),
        ranks=figures(rank_by, least=-math.inf),
        groups=None if groups is None else tuple(_split(cell) for cell in cells(groups)),
    )


def _read_columns(*, source: BinaryIO, file: str) -> tuple[list[str], str]:
    """Return the names of the columns, and what parts them."""
    demand_text(source=source, file=file)
    found: list[tuple[list[str], str]] = []
    wrong: list[BadRow] = []
    for delimiter in (",", ";"):
        try:
            for _, row in each_row(source=source, file=file, header=None, delimiter=delimiter):
                found.append(([unguard_text(cell.strip()) for cell in row], delimiter))
                break
        except BadRow as error:  # quotation marks that fit the other sign alone
            wrong.append(error)
    if not found:
        raise wrong[0] if wrong else EmptyFile(file=file)
    header, delimiter = max(found, key=lambda read: len(read[0]))
    for name in header:
        if name and header.count(name) > 1:
            raise BadRow(file=file, row=1, problem=f'the column "{name[:60]}" stands twice; give each its own name')
    return header, delimiter


def _read_names(
    cells: Sequence[str], /, *, rows: Sequence[int], file: str, column: str | None
) -> tuple[str, ...] | None:
    """Return the names of members, or None where no column was named and this one does not name each once."""
    first: dict[str, int] = {}
    for name, number in zip(cells, rows, strict=True):
        problem = None
        if not name:
            problem = f"{column} is empty; every row needs a name"
        elif len(name) > MOST_IN_NAME:
            problem = f"{column} has {len(name)} characters; at most {MOST_IN_NAME} are read"
        elif name in first:
            problem = f"{name} stands in row {first[name]} already; a member has one row: add up the figures of both"
        if problem is not None:
            if column is None:
                return None
            raise BadRow(file=file, row=number, problem=problem)
        first[name] = number
    return tuple(cells)


def _read_column(
    name: str, cells: Sequence[str], /, *, rows: Sequence[int], file: str, least: float, is_local: bool
) -> Column:
    figures: list[float | None] = []
    percents: dict[bool, int] = {}
    for cell, row in zip(cells, rows, strict=True):
        if cell.lower() in NO_FIGURE:
            figures.append(None)
            continue
        is_percent = cell.endswith("%")
        percents.setdefault(is_percent, row)
        problem = _problem(cell, least=least, is_local=is_local)
        if problem is None and len(percents) > 1:
            problem = (
                f"it is {'' if is_percent else 'not '}a percentage, and row {percents[not is_percent]} "
                f"is {'not' if is_percent else 'one'}; write all in one way"
            )
        if problem is not None:
            raise BadRow(file=file, row=row, problem=f'{name[:60]} is "{cell[:30]}": {problem}')
        figures.append(float(cell.removesuffix("%")) + 0.0)  # -0 is 0
    return Column(
        name=name,
        figures=tuple(figures),
        is_percent=True in percents,
        no_figure=_distinct(c for c in cells if c and c.lower() in NO_FIGURE),
    )


def _problem(cell: str, /, *, least: float, is_local: bool) -> str | None:
    """Return what is wrong with a figure, and what to do; None where nothing is."""
    plain = cell.removesuffix("%").strip()
    if _PARTED.fullmatch(plain) or (is_local and _THOUSANDS_OR_NOT.fullmatch(plain)):
        return "it can be read in two ways; write thousands without a sign between them and decimals after a point, like 1234.5"
    if not _NUMBER.fullmatch(plain):
        return "it is no number; write one like 1234.5 or 59.4%, and leave the cell empty where there is no figure"
    found = float(plain)
    if not math.isfinite(found):
        return "it is too large; write it in a larger unit"
    if found < least:
        return (
            "it is below 0, and what is spread over members is 0 or more; leave the cell empty where there is no figure"
        )
    return None


def _split(cell: str, /) -> tuple[str, ...]:
    return _distinct(part.strip() for part in cell.split(";") if part.strip())


def _distinct(texts: Iterable[str], /) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))


def _shown(header: Sequence[str], /) -> str:
    named = [name for name in header if name]
    more = f", and {len(named) - SHOWN_COLUMNS} more" if len(named) > SHOWN_COLUMNS else ""
    return ", ".join(name[:60] for name in named[:SHOWN_COLUMNS]) + more
