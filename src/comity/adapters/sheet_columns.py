"""The columns that a spreadsheet must have, and what is said of a cell that does not hold what its column asks for."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (dataclass fields are read at run time by the doors)
import unicodedata
from collections.abc import Mapping  # noqa: TC003  (dataclass fields are read at run time by the doors)
from dataclasses import dataclass, field
from decimal import Decimal  # noqa: TC003  (dataclass fields are read at run time by the doors)
from types import MappingProxyType
from typing import Any

from comity.errors import BadParameter

KINDS = ("text", "whole", "decimal", "day", "choice", "codes")
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
MOST_IN_CELL = 32_767
MOST_COLUMNS = 100
_PARTERS = frozenset(";؛；|\n\r")


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a column allows: its code, and how it is called in each language. Without titles, it is its code."""

    code: str
    titles: Mapping[str, str] = field(default_factory=_nothing)

    def title(self, language: str) -> str:
        """Return what it is called in a language, else in English, else its code."""
        return self.titles.get(language) or self.titles.get("en") or self.code


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``name`` is what programs call it. ``titles`` and ``meanings`` are by language: the title stands in the header, the meaning
    beside it in the second sheet. ``kind``: a text, a whole number, a decimal number, a day, a choice (one of ``choices``), or codes
    (several of ``choices``, or any where there are none). ``least`` and ``most`` bound numbers and days, both included;
    ``longest`` bounds the characters of a text, or of each code. ``unique``: no value stands in two rows. ``not_before`` is the
    name of the column of days before whose day this one may not lie.
    Raises BadParameter for a column that cannot be.
    """

    name: str
    titles: Mapping[str, str] = field(default_factory=_nothing)
    kind: str = "text"
    required: bool = False
    choices: tuple[Choice, ...] = ()
    least: Decimal | int | dt.date | None = None
    most: Decimal | int | dt.date | None = None
    longest: int = 2000
    unique: bool = False
    not_before: str = ""
    meanings: Mapping[str, str] = field(default_factory=_nothing)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadParameter(name=f"kind of {self.name}", found=self.kind, allowed=f"one of {', '.join(KINDS)}")
        if (self.kind == "choice" and not self.choices) or (self.choices and self.kind not in {"choice", "codes"}):
            found = f"{len(self.choices)} with the kind {self.kind}"
            raise BadParameter(
                name=f"choices of {self.name}", found=found, allowed="some for a choice, none for others"
            )
        if not 0 < self.longest <= MOST_IN_CELL:
            raise BadParameter(name=f"longest of {self.name}", found=self.longest, allowed=f"1 to {MOST_IN_CELL}")
        owner: dict[str, str] = {}
        for choice in self.choices:
            for word in (choice.code, *choice.titles.values()):
                if _PARTERS & set(word) or not fold(word):
                    allowed = "words without ; or |, on one line"
                    raise BadParameter(name=f"choice of {self.name}", found=word, allowed=allowed)
                if owner.setdefault(fold(word), choice.code) != choice.code:
                    raise BadParameter(
                        name=f"choice of {self.name}", found=word, allowed="a word that no other choice has"
                    )

    def title(self, language: str) -> str:
        """Return what stands in the header in a language, else in English, else the name."""
        return self.titles.get(language) or self.titles.get("en") or self.name

    def words(self) -> Mapping[str, str]:
        """Return the code of a choice by each folded word that may stand for it."""
        return {fold(word): c.code for c in self.choices for word in (c.code, *c.titles.values())}


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One cell that will not do. ``cell`` is as the spreadsheet names it, such as C7; "" where the whole sheet is meant.

    ``column`` is the name of the column, or what the header says where it is unknown. ``kind`` is stable, of
    ``sheet_words.PROBLEMS``. ``found`` is what stands there, ``allowed`` what may.
    """

    cell: str
    column: str
    kind: str
    found: str = ""
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds something: its number in the sheet, and its values by the name of the column.

    A text is a str, a whole number an int, a decimal number a Decimal, a day a date, a choice its code, codes a tuple
    without repeats. An empty cell, and a column that the sheet does not have, is None; for codes, the empty tuple.
    """

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a spreadsheet holds. Where there is any problem there are no rows, so that nothing is taken half-done.

    ``found`` counts all problems; ``problems`` holds the first 100, row by row. ``name`` is that of the sheet, "" in CSV.
    ``letters`` is where each column stands, such as ``{"units": "C"}``.
    """

    name: str
    rows: tuple[Row, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    found: int = 0
    letters: Mapping[str, str] = field(default_factory=_nothing)

    def cell(self, *, row: Row, column: str) -> str:
        """Return the name of a cell, such as C7, for what is refused later; only the row where the column is not there."""
        return f"{self.letters.get(column, '')}{row.number}"


def clean(text: str, /) -> str:
    r"""Return the text of a cell: line ends as one character, spaces of every kind as plain ones, none at the ends.

    >>> clean(" a\u00a0b\r\nc ")
    'a b\nc'
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in plain).strip()


def fold(text: str, /) -> str:
    """Return words as they are compared: without case, with single spaces, without the star that marks what is required.

    >>> fold(" Number of  UNITS * ")
    'number of units'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("*", " ").split())


def letter_of(place: int, /) -> str:
    """Return the letters of a column by its place from 0.

    >>> letter_of(0), letter_of(25), letter_of(26), letter_of(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
