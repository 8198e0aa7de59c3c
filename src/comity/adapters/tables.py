"""Tables as CSV that a spreadsheet opens as it should: UTF-8 with a mark, and no text taken for a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guard_cell(value: Any, /) -> Any:
    """Return a value that no spreadsheet takes for a formula: text that begins like one gets an apostrophe.

    >>> guard_cell("=1+1"), guard_cell("law"), guard_cell(-2)
    ("'=1+1", 'law', -2)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def table_lines(*, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the lines of a table, the mark of UTF-8 and the header first, so that a long one is never held whole."""
    yield MARK
    yield _line(header)
    for row in rows:
        yield _line([guard_cell(v) for v in row])


def _line(row: Sequence[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(row)
    return text.getvalue()
