"""Read a spreadsheet that a ministry has filled in: every cell that will not do is named, and nothing is taken half-done.

The header is found by the titles of the columns, in any of the six languages, in any order, within the first twenty rows of a
sheet that is shown; what stands above it, and empty rows, are passed over. Hidden rows are read as any other, hidden sheets are not.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from comity.adapters.sheet_columns import MOST_COLUMNS, CellProblem, Row, Sheet, clean, fold, letter_of
from comity.adapters.sheet_files import EMPTY, MOST_ROWS, Grid, open_grids
from comity.adapters.sheet_values import Wrong, read_value, show
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.adapters.sheet_columns import Column
    from comity.adapters.sheet_files import Cell

MOST_PROBLEMS = 100
HEADER_WITHIN = 20


def read_sheet(*, name: str, content: bytes, columns: Sequence[Column], most_rows: int = MOST_ROWS) -> Sheet:
    """Return the rows of a spreadsheet, or what is wrong with it by cell.

    ``name`` is what to call the file in refusals; its ending decides nothing. Raises what ``open_grids`` raises for a file that cannot be
    opened as a spreadsheet, and BadParameter for columns that share a name or title.
    """
    named = _titles_of(columns)
    grids = open_grids(name=name, content=content)
    shown = [g for g in grids if not g.hidden]
    heads = [(*_find_header(grid, named), grid) for grid in shown]
    best = max(heads, key=lambda head: head[0], default=(0, 0, Grid("", [])))
    matches, at, grid = best
    if not matches:
        hidden = [g.name for g in grids if g.hidden and _find_header(g, named)[0]]
        kind = "hidden-sheet" if hidden else "no-header"
        allowed = ", ".join(c.title("en") for c in columns)
        return _refused("", [CellProblem("", "", kind, ", ".join(hidden), allowed)])
    needed = [c for c in columns if c.required]
    complete = [g.name for m, a, g in heads if m > 1 and _has_all(g.rows[a], named, needed)]
    if grid.name and len(complete) > 1:
        return _refused("", [CellProblem("", "", "two-sheets", ", ".join(complete))])
    places, problems = _read_header(grid.rows[at], at, columns, named)
    problems += _merged(grid, at, places)
    rows, more = _read_rows(grid, at, places, columns, most_rows)
    problems += more
    if grid.beyond:
        problems.append(CellProblem(grid.beyond, "", "beyond", "", f"{MOST_COLUMNS} × {MOST_ROWS}"))
    if problems:
        return _refused(grid.name, problems)
    letters = MappingProxyType({column: letter_of(place) for place, column in places.items()})
    return Sheet(name=grid.name, rows=tuple(rows), letters=letters)


def _refused(name: str, problems: list[CellProblem]) -> Sheet:
    return Sheet(name=name, problems=tuple(problems[:MOST_PROBLEMS]), found=len(problems))


def _titles_of(columns: Sequence[Column]) -> dict[str, str]:
    """Return the name of a column by each folded word that may stand in the header."""
    named: dict[str, str] = {}
    for column in columns:
        for word in {fold(w) for w in (column.name, *column.titles.values())}:
            if named.setdefault(word, column.name) != column.name:
                raise BadParameter(name="title of a column", found=word, allowed="one that no other column has")
    if len({c.name for c in columns}) < len(columns) or not 0 < len(columns) <= MOST_COLUMNS:
        found = ", ".join(c.name for c in columns)[:200]
        raise BadParameter(name="columns", found=found, allowed=f"1 to {MOST_COLUMNS}, each with its own name")
    return named


def _word(cell: Cell) -> str:
    return "" if cell.value is None else fold(str(cell.value))


def _find_header(grid: Grid, named: dict[str, str]) -> tuple[int, int]:
    """Return how many columns the likeliest header names, and its place; the first of those that name as many."""
    counts = [len({named[w] for cell in row if (w := _word(cell)) in named}) for row in grid.rows[:HEADER_WITHIN]]
    most = max(counts, default=0)
    return most, counts.index(most) if counts else 0


def _has_all(row: list[Cell], named: dict[str, str], needed: Sequence[Column]) -> bool:
    return {c.name for c in needed} <= {named.get(_word(cell)) for cell in row}


def _read_header(
    row: list[Cell], at: int, columns: Sequence[Column], named: dict[str, str]
) -> tuple[dict[int, str], list[CellProblem]]:
    """Return the column at each place, and what is wrong with the header."""
    places: dict[int, str] = {}
    problems: list[CellProblem] = []
    titles = {c.name: c.title("en") for c in columns}
    for place, cell in enumerate(row):
        if cell == EMPTY or not _word(cell):
            continue
        where, said = f"{letter_of(place)}{at + 1}", show(clean(str(cell.value)))
        name = named.get(_word(cell))
        if name is None:
            left = ", ".join(title for n, title in titles.items() if n not in places.values())
            problems.append(CellProblem(where, said, "unknown-column", said, left))
        elif name in places.values():
            first = next(p for p, n in places.items() if n == name)
            problems.append(CellProblem(where, name, "column-twice", said, f"{letter_of(first)}{at + 1}"))
        else:
            places[place] = name
    problems += [
        CellProblem("", c.name, "missing-column", "", titles[c.name])
        for c in columns
        if c.required and c.name not in places.values()
    ]
    return places, problems


def _merged(grid: Grid, at: int, places: dict[int, str]) -> list[CellProblem]:
    problems = []
    for first, top, last, bottom in sorted(grid.merged, key=lambda m: (m[1], m[0])):
        touched = [n for p, n in sorted(places.items()) if first <= p <= last]
        if bottom >= at and touched:
            found = f"{letter_of(first)}{top + 1}:{letter_of(last)}{bottom + 1}"
            problems.append(CellProblem(f"{letter_of(first)}{top + 1}", touched[0], "merged", found))
    return problems


def _read_rows(
    grid: Grid, at: int, places: dict[int, str], columns: Sequence[Column], most_rows: int
) -> tuple[list[Row], list[CellProblem]]:
    by_name = {c.name: c for c in columns}
    empty: dict[str, Any] = {c.name: () if c.kind == "codes" else None for c in columns}
    rows: list[Row] = []
    problems: list[CellProblem] = []
    seen: dict[tuple[str, object], str] = {}
    for number, cells in enumerate(grid.rows[at + 1 :], at + 2):
        if not any(_holds_something(cell) for cell in cells):
            continue
        if len(rows) == most_rows:
            problems.append(CellProblem(f"A{number}", "", "too-many-rows", "", str(most_rows)))
            break
        values = dict(empty)
        for place, name in places.items():
            cell = cells[place] if place < len(cells) else EMPTY
            where = f"{letter_of(place)}{number}"
            try:
                values[name] = _read_cell(cell, by_name[name], from_1904=grid.from_1904)
            except Wrong as wrong:
                problems.append(
                    CellProblem(where, name, wrong.kind, wrong.found, wrong.allowed or _allowed(by_name[name]))
                )
        problems += _compare(values, places, number, columns, seen)
        beyond = next((p for p, cell in enumerate(cells) if p not in places and _holds_something(cell)), None)
        if beyond is not None:
            problems.append(
                CellProblem(f"{letter_of(beyond)}{number}", "", "no-title-above", show(cells[beyond].value))
            )
        rows.append(Row(number=number, values=MappingProxyType(values)))
    return rows, problems


def _compare(
    values: dict[str, Any],
    places: dict[int, str],
    number: int,
    columns: Sequence[Column],
    seen: dict[tuple[str, object], str],
) -> list[CellProblem]:
    """Return what is wrong with values beside those of another column or row; ``seen`` is where each unique one stood."""
    cells = {name: f"{letter_of(place)}{number}" for place, name in places.items()}
    problems = []
    for column in columns:
        value, first = values[column.name], values.get(column.not_before)
        if value is None or column.name not in cells:
            continue
        if (
            column.unique
            and (before := seen.setdefault((column.name, value), cells[column.name])) != cells[column.name]
        ):
            problems.append(CellProblem(cells[column.name], column.name, "repeated", show(value), before))
        if first is not None and value < first:
            problems.append(
                CellProblem(cells[column.name], column.name, "before", show(value), cells[column.not_before])
            )
    return problems


def _holds_something(cell: Cell) -> bool:
    return bool(cell.fault) or (cell.value is not None and bool(clean(str(cell.value))))


def _read_cell(cell: Cell, column: Column, *, from_1904: bool) -> object:
    if cell.fault == "formula":
        raise Wrong("formula", "")
    if cell.fault:
        raise Wrong("error-value", show(cell.value))
    found = read_value(value=cell.value, column=column, from_1904=from_1904)
    if column.required and found in {None, ()}:
        raise Wrong("empty", "")
    return found


def _allowed(column: Column) -> str:
    """Return what a column allows: the titles of its choices, else nothing, since the kind of problem says it."""
    return ", ".join(c.title("en") for c in column.choices)
