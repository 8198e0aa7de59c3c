"""The columns of a table, from its first line alone: CSV, tables parted by tabs, and JSON lines."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from comity.adapters.release_facts import Column

if TYPE_CHECKING:
    from comity.adapters.release_facts import ColumnType

HEAD_BYTES = 1 << 16
MOST_COLUMNS = 200
MOST_NAME = 200
SEPARATORS = {".csv": ",", ".tsv": "\t"}
LINES = (".jsonl", ".ndjson")
_TYPES: dict[type, ColumnType] = {str: "text", bool: "boolean", int: "integer", float: "number"}


def may_be_table(path: str, /) -> bool:
    """Tell whether a path ends as that of a table does."""
    return path.lower().endswith((*SEPARATORS, *LINES))


def read_columns(*, head: bytes, path: str) -> tuple[Column, ...]:
    r"""Return the columns that the first ``HEAD_BYTES`` bytes of a table show; none where the first line does not name them.

    Values of a CSV are text: only its first line is read. A line that holds a number, an empty or a repeated name is no line of names.

    >>> [c.name for c in read_columns(head=b"code,label\n1,a\n", path="topics.csv")], read_columns(head=b"1,2\n", path="x.csv")
    (['code', 'label'], ())
    >>> [(c.name, c.type) for c in read_columns(head=b'{"q": "x", "n": 3}\n', path="a.jsonl")]
    [('q', 'text'), ('n', 'integer')]
    """
    line, ended, _ = head[:HEAD_BYTES].partition(b"\n")
    ending = "." + path.lower().rpartition(".")[2]
    if not ended and len(head) >= HEAD_BYTES:
        return ()
    try:
        text = line.removesuffix(b"\r").decode("utf-8-sig")
        found = _of_object(text) if ending in LINES else _of_names(text, SEPARATORS[ending])
    except (KeyError, UnicodeDecodeError, ValueError, csv.Error, RecursionError):
        return ()
    names = [c.name for c in found]
    is_named = all(n and len(n) <= MOST_NAME and n.isprintable() for n in names) and len(set(names)) == len(names)
    return found if is_named and len(names) <= MOST_COLUMNS else ()


def _of_names(line: str, separator: str, /) -> tuple[Column, ...]:
    rows = list(csv.reader([line], delimiter=separator, strict=True))
    names = rows[0] if rows else []
    return () if any(_is_number(n) for n in names) else tuple(Column(n) for n in names)


def _of_object(line: str, /) -> tuple[Column, ...]:
    told = json.loads(line)
    if not isinstance(told, dict):
        return ()
    found = [(n, _TYPES.get(type(v))) for n, v in told.items()]
    # What holds tables or lists, or nothing in its first line, is of no type that one line shows.
    return tuple(Column(n, t) for n, t in found if t)


def _is_number(text: str, /) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
