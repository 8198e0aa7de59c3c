"""What stands in a cell, read as its column asks: never guessed where it could be read in two ways.

A spreadsheet keeps numbers, days and texts apart, but people type numbers and days as text, in the writing of their country. A
number such as 1.500 is one and a half in one country and fifteen hundred in another; a day such as 04/05/2026 lies in two months.
Both are asked back. Digits of every script are read.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from comity.adapters.sheet_columns import MOST_IN_CELL, clean, fold
from comity.adapters.xml_characters import find_forbidden

if TYPE_CHECKING:
    from collections.abc import Callable

    from comity.adapters.sheet_columns import Column

ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
MOST_SHOWN = 60
MOST_DIGITS = 15
EXACT = 10**MOST_DIGITS
"""Spreadsheets keep 15 digits of a number; beyond them, what is shown is not what was typed."""
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
"""Days from 1954 to 2119, as spreadsheets count them: a number beyond them is not taken for a day."""
_GROUP = 3
_SHOWN = Context(prec=MOST_DIGITS)
_EPOCH = dt.date(1899, 12, 30)
_APART = re.compile(r"[ '’_](?=\d{3}(?:\D|$))")
_PLAIN = re.compile(r"[+-]?\d{1,40}")
_DECIMAL = re.compile(r"([+-]?)(\d{1,40})[.,](\d{1,40})")
_GROUPED = re.compile(r"([+-]?)(\d{1,3}(?:([.,])\d{3})+)(?:([.,])(\d{1,40}))?")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})")
_PARTERS = re.compile(r"[;؛；|\n]")
_COMMAS = re.compile(r"[,،，、]")
_ORDINARY = str.maketrans({"٫": ".", "٬": " ", "\u2212": "-"})
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u2066\u2067\u2068\u2069\u202a\u202b\u202c"))


class Wrong(Exception):
    """A value that will not do: the kind of problem, what was found, and what is allowed."""

    def __init__(self, kind: str, found: str, allowed: str = "") -> None:
        super().__init__(kind)
        self.kind, self.found, self.allowed = kind, found, allowed


def read_value(*, value: Any, column: Column, from_1904: bool = False) -> Any:
    """Return a cell's value as ``Row`` says, None where it is empty. Raises Wrong.

    ``value`` is what the file holds: a str, int, float, bool, date, datetime, time or timedelta, or None. ``from_1904`` is whether
    the workbook counts its days from 1904.
    """
    if isinstance(value, str):
        value = clean(value)
    if value is None or value == "":
        return () if column.kind == "codes" else None
    if isinstance(value, bool):
        raise Wrong("truth", str(value).upper())
    reader: Callable[[Any, Column], Any] = _READERS[column.kind]
    if column.kind == "day" and isinstance(value, (int, float)) and from_1904:
        value += 1462
    found = reader(value, column)
    if column.kind in {"whole", "decimal", "day"}:
        if column.least is not None and found < column.least:
            raise Wrong("too-small", show(value), str(column.least))
        if column.most is not None and found > column.most:
            raise Wrong("too-large", show(value), str(column.most))
    return found


def show(value: Any, /) -> str:
    """Return a value as a problem shows it: on one line, not too long."""
    text = value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)
    return " ".join(text.split())[:MOST_SHOWN]


def write_number(number: Decimal, /) -> str:
    """Return a number as text that has one reading: three decimals after a short whole part get a zero more.

    >>> write_number(Decimal("1.125")), write_number(Decimal("1.50")), write_number(Decimal("1E+3"))
    ('1.1250', '1.5', '1000')
    """
    text = format(number.normalize(), "f")
    whole, point, rest = text.partition(".")
    bare = whole.lstrip("-")
    return f"{text}0" if point and len(rest) == _GROUP and len(bare) <= _GROUP and bare.strip("0") else text


def _text(value: Any, column: Column, *, longest: int | None = None) -> str:
    if isinstance(value, dt.datetime):
        value = value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    elif isinstance(value, (dt.date, dt.time)):
        value = value.isoformat()
    elif isinstance(value, float):
        value = format(Decimal(repr(value)), "f").removesuffix(".0")
    elif not isinstance(value, str):
        value = str(value)
    if bad := find_forbidden(text=value):
        raise Wrong("forbidden-character", bad)
    most = longest or column.longest
    if len(value) > most:
        raise Wrong("too-long", str(len(value)), str(most))
    return str(value)


def _ordinary(text: str) -> str:
    """Return a number or day with the digits 0 to 9, plain signs, and without marks of direction."""
    plain = text.translate(_MARKS).translate(_ORDINARY)
    return "".join(str(int(c)) if c.isdecimal() else c for c in plain).strip()


def _number(value: Any) -> Decimal:
    """Return a number of a cell."""
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124  (only a NaN differs from itself)
            raise Wrong("no-number", show(value))
        return _SHOWN.create_decimal(repr(value))
    if not isinstance(value, str):
        raise Wrong("no-number", show(value))
    text = _APART.sub("", _ordinary(value))
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if match := _DECIMAL.fullmatch(text):
        sign, whole, rest = match.groups()
        if len(rest) == _GROUP and len(whole) <= _GROUP and whole.strip("0"):
            other = write_number(Decimal(f"{sign}{whole}.{rest}"))
            raise Wrong("two-readings", show(value), f"{sign}{whole}{rest}, {other}")
        return Decimal(f"{sign}{whole}.{rest}")
    match = _GROUPED.fullmatch(text)
    if match is None or match[3] == match[4]:
        raise Wrong("no-number", show(value))
    if len({c for c in match[2] if not c.isdigit()}) > 1:
        raise Wrong("no-number", show(value))
    whole = re.sub("[.,]", "", match[2])
    return Decimal(f"{match[1]}{whole}.{match[5] or 0}")


def _decimal(value: Any, _column: Column) -> Decimal:
    found = _number(value)
    if abs(found) >= EXACT or len(found.normalize().as_tuple().digits) > MOST_DIGITS:
        raise Wrong("too-many-digits", show(value), str(MOST_DIGITS))
    return found


def _whole(value: Any, _column: Column) -> int:
    try:
        found = _number(value)
    except Wrong as problem:
        raise Wrong(
            "no-whole" if problem.kind == "no-number" else problem.kind, problem.found, problem.allowed
        ) from None
    if found != found.to_integral_value():
        raise Wrong("no-whole", show(value))
    if abs(found) >= EXACT:
        raise Wrong("too-many-digits", show(value), str(MOST_DIGITS))
    return int(found)


def _day(value: Any, _column: Column) -> dt.date:
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, (int, float)) and FIRST_SERIAL <= value <= LAST_SERIAL and value == int(value):
        return _EPOCH + dt.timedelta(days=int(value))
    if not isinstance(value, str):
        raise Wrong("no-day", show(value))
    readings = _readings(_ordinary(value))
    found = {day for reading in readings if (day := _day_of(*reading)) is not None}
    if len(found) > 1:
        first, second = sorted(found)
        raise Wrong("two-days", show(value), f"{first.isoformat()}, {second.isoformat()}")
    if not found:
        raise Wrong("no-day", show(value))
    return found.pop()


def _readings(text: str) -> list[tuple[str, str, str]]:
    """Return the years, months and days that a text may mean."""
    if match := _ISO.fullmatch(text):
        return [(match[1], match[3], match[4])]
    if match := _CHINESE.fullmatch(text):
        return [(match[1], match[2], match[3])]
    if match := _DOTTED.fullmatch(text):
        return [(match[3], match[2], match[1])]
    if match := _SLASHED.fullmatch(text):
        return [(match[4], match[3], match[1]), (match[4], match[1], match[3])]
    return []


def _day_of(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _choice(value: Any, column: Column) -> str:
    code = column.words().get(fold(_text(value, column)))
    if code is None:
        raise Wrong("no-choice", show(value))
    return code


def _codes(value: Any, column: Column) -> tuple[str, ...]:
    text = _text(value, column, longest=MOST_IN_CELL)
    words = column.words()
    parts = [p for p in _PARTERS.split(text) if p.strip()]
    if len(parts) == 1 and fold(parts[0]) not in words:
        # A comma parts codes too, unless it belongs to the one title that stands there.
        parts = [p for p in _COMMAS.split(text) if p.strip()]
    found: dict[str, None] = {}
    for part in parts:
        code = words.get(fold(part)) if words else part.strip()
        if code is None:
            raise Wrong("no-choice", show(part))
        if len(code) > column.longest:
            raise Wrong("too-long", str(len(code)), str(column.longest))
        found[code] = None
    return tuple(found)


_READERS: dict[str, Callable[[Any, Column], Any]] = {
    "text": _text,
    "whole": _whole,
    "decimal": _decimal,
    "day": _day,
    "choice": _choice,
    "codes": _codes,
}
