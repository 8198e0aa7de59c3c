"""Cells and rows of a CSV file that came from elsewhere: each kind that will not do is named by file and row.

UTF-8 alone is read, with or without its mark; lines may end in either way, and quoted cells may hold line ends.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from comity.errors import BadRow, BrokenFile, EmptyFile, FileTooLarge, PathNotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MOST_MEGABYTES = 5_000
MOST_COLUMNS = 20_000
MOST_IN_ID = 60
MOST_DIGITS = 15
VALUES = {"1": 1, "0": 0, "-1": -1}
_WHOLE = re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guard_text(text: str, /) -> str:
    """Return text that no spreadsheet takes for a formula, so that ``unguard_text`` gives back exactly what it was.

    >>> guard_text("=1+1"), guard_text("'=1+1"), guard_text("plain"), unguard_text("''=1+1")
    ("'=1+1", "''=1+1", 'plain', "'=1+1")
    """
    return f"'{text}" if _GUARDED.match("'" + text) else text


def unguard_text(text: str, /) -> str:
    """Return text without the apostrophe that ``guard_text`` put before it; other text as it is."""
    return text[1:] if _GUARDED.match(text) else text


def open_table(*, path: Path) -> BinaryIO:
    """Return a file opened for reading. Raises PathNotFound, or BrokenFile where it cannot be opened."""
    if not path.is_file():
        raise PathNotFound(file=str(path))
    try:
        return path.open("rb")
    except OSError as error:
        raise BrokenFile(file=path.name, problem=error.strerror or type(error).__name__) from None


def demand_text(*, source: BinaryIO, file: str) -> bytes:
    """Return the first 65,536 bytes of what can be a CSV file. Raises EmptyFile, FileTooLarge or BrokenFile."""
    size = source.seek(0, io.SEEK_END)
    if size > MOST_MEGABYTES * 1_000_000:
        raise FileTooLarge(file=file, found=f"{size / 1_000_000:.0f}", allowed=MOST_MEGABYTES)
    source.seek(0)
    start = source.read(65_536)
    if not start.strip():
        raise EmptyFile(file=file)
    if start.startswith(b"PK\x03\x04"):
        raise BrokenFile(file=file, problem="a workbook or an archive; save the sheet as CSV, UTF-8")
    if b"\0" in start:
        raise BrokenFile(file=file, problem="it holds zero bytes, as no CSV in UTF-8 does")
    return start


def read_header(*, source: BinaryIO, file: str) -> list[str]:
    """Return the names of the columns. Raises EmptyFile, FileTooLarge, BrokenFile, or BadRow for names that will not do."""
    demand_text(source=source, file=file)
    for _, row in each_row(source=source, file=file, header=None):
        header = [unguard_text(cell.strip()) for cell in row]
        break
    else:
        raise EmptyFile(file=file)
    if len(header) > MOST_COLUMNS:
        raise BadRow(file=file, row=1, problem=f"{len(header)} columns; at most {MOST_COLUMNS} are read")
    seen: set[str] = set()
    for name in header:
        if not name or len(name) > MOST_IN_ID:
            refuse_header(file=file, header=header, allowed=f"names of 1 to {MOST_IN_ID} characters")
        if name in seen:
            raise BadRow(file=file, row=1, problem=f'the column "{name}" stands twice; keep one of the two')
        seen.add(name)
    return header


def refuse_header(*, file: str, header: Sequence[str], allowed: str) -> NoReturn:
    """Raise BadRow: the columns are none of those that are read."""
    raise BadRow(file=file, row=1, problem=f"the columns are {','.join(header)[:80]}; they must be {allowed}")


def each_row(
    *, source: BinaryIO, file: str, header: Sequence[str] | None, delimiter: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line on which each row ends, and its cells; with a header, the rows below it."""
    source.seek(0)
    text = io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
    reader = csv.reader(text, strict=True, delimiter=delimiter)
    try:
        if header is not None:
            next(reader)
        for row in reader:
            if header is not None and len(row) != len(header):
                if not row:
                    continue
                raise BadRow(
                    file=file, row=reader.line_num, problem=f"{len(row)} columns; the header names {len(header)}"
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise BadRow(file=file, row=reader.line_num, problem=f"{error}; check the quotation marks") from None
    except UnicodeDecodeError:
        raise BadRow(file=file, row=_row_not_utf8(source), problem="not UTF-8; save the file as UTF-8") from None
    finally:
        text.detach()


def _row_not_utf8(source: BinaryIO) -> int:
    source.seek(0)
    for number, line in enumerate(source, 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return number
    return 1


def read_id(*, cell: str, column: str, file: str, row: int) -> str:
    """Return an id of 1 to 60 characters. Raises BadRow."""
    found = unguard_text(cell.strip())
    if not found:
        raise BadRow(file=file, row=row, problem=f"{column} is empty; every row needs one")
    if len(found) > MOST_IN_ID:
        raise BadRow(file=file, row=row, problem=f"{column} has {len(found)} characters; at most {MOST_IN_ID} are read")
    return found


def read_value(*, cell: str, column: str, file: str, row: int) -> int:
    """Return a vote: 1, 0 or -1. Raises BadRow."""
    found = VALUES.get(cell)
    if found is None:
        found = VALUES.get(cell.strip())
    if found is None:
        raise BadRow(
            file=file,
            row=row,
            problem=f'{column[:60]} is "{cell[:20]}"; a vote is 1 (agree), 0 (pass) or -1 (disagree)',
        )
    return found


def read_whole(*, cell: str, column: str, file: str, row: int) -> int | None:
    """Return a whole number of at most 15 digits, or None where the cell is empty."""
    found = cell.strip()
    if not found:
        return None
    if not _WHOLE.fullmatch(found):
        raise BadRow(file=file, row=row, problem=f'{column} is "{found[:20]}"; it must be a whole number')
    return int(found)


def read_time(*, cell: str, file: str, row: int) -> int:
    """Return a time in milliseconds. Raises BadRow."""
    found = read_whole(cell=cell, column="timestamp", file=file, row=row)
    if found is None:
        raise BadRow(file=file, row=row, problem="timestamp is empty; give milliseconds, or leave the column out")
    return found


def read_moderated(*, cell: str, file: str, row: int) -> int:
    """Return 1, 0 or -1; an empty cell is 0. Raises BadRow."""
    found = cell.strip() or "0"
    if found not in VALUES:
        raise BadRow(
            file=file,
            row=row,
            problem=f'moderated is "{found[:20]}"; it must be 1 (accepted), 0 (not looked at) or -1 (left out)',
        )
    return VALUES[found]
