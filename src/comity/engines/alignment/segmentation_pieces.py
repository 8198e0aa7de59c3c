"""Pieces are blocks with their marks read once, and what segmentation's parts share: units, segments, sizes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.engines.alignment.numbering import Marker, is_contents_line, read_marker, settle_roman

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.engines.alignment.texts import Block

MOST = 4_000
"""Characters of one segment."""

LEAST = 10
"""Letters under which a piece of text does not stand alone."""

_TERMINAL = re.compile(r"[.;:!?。；：！？…,，][\"'”’»」』)）\]]?$")
_TRAILING_NUMBER = re.compile(r"\s[|\s]*\d{1,4}$")
_CONTENTS_RUN = 5
_LONGEST_LINE = 150
_CONTENTS = re.compile(
    r"(?:table of )?contents|目\s?[次录錄]|차\s?례|목\s?차|sum[áa]rio|[íi]ndice|sommaire|table des matières|содержание|оглавление|المحتويات|الفهرس",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """The smallest part of a document that can be cited: at most 4,000 characters, never empty.

    ``ref`` follows the Akoma Ntoso naming convention and is unique in its document; ``label`` is the number as the
    text has it; ``heading`` is the title that stands over it, "" where none does. ``page`` is 0 where unknown.
    """

    ref: str
    label: str
    heading: str
    text: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A block, or what is left of it after its mark, with the mark."""

    text: str
    page: int
    kind: str
    level: int
    marker: Marker | None


@dataclass(slots=True)
class Unit:
    """An article, section, numbered paragraph or annex while it is gathered. ``prose`` has no numbers within."""

    ref: str
    label: str
    heading: str
    page: int
    pieces: list[Piece] = field(default_factory=list)
    level: str = "article"

    @property
    def size(self) -> int:
        """Characters of its text."""
        return sum(len(p.text) for p in self.pieces)


def make_pieces(*, blocks: Sequence[Block], language: str) -> list[Piece]:
    """Return the blocks with their marks, without tables of contents."""
    kept = [b for b in blocks if b.text.strip() and not is_contents_line(text=b.text)]
    markers = settle_roman(markers=[read_marker(text=b.text, language=language) for b in kept])
    found = [
        Piece(text=b.text, page=b.page, kind=b.kind, level=b.level, marker=m)
        for b, m in zip(kept, markers, strict=True)
    ]
    return _drop_contents_runs(pieces=found)


def _drop_contents_runs(*, pieces: list[Piece]) -> list[Piece]:
    """Drop runs of five or more short lines that end in page numbers which never fall: contents without leaders."""
    kept: list[Piece] = []
    run: list[Piece] = []
    last = numbered = 0
    for piece in pieces:
        if _CONTENTS.fullmatch(piece.text):
            continue
        short = len(piece.text) < _LONGEST_LINE and (piece.marker is None or bool(piece.marker.rest))
        found = _TRAILING_NUMBER.search(piece.text[-12:]) if short else None
        number = int(re.sub(r"\D", "", found.group(0))) if found else -1
        if found and (not run or number >= last) and number < 2_000:  # noqa: PLR2004  (a year is no page)
            run.append(piece)
            last, numbered = number, numbered + 1
        elif run and short and _TRAILING_NUMBER.search(run[-1].text[-12:]) and not ends_sentence(text=piece.text):
            run.append(piece)  # a title that went over its line
        else:
            kept += _end_run(run=run, numbered=numbered)
            run, last, numbered = [], 0, 0
            kept.append(piece)
    return kept + _end_run(run=run, numbered=numbered)


def _end_run(*, run: list[Piece], numbered: int) -> list[Piece]:
    if numbered < _CONTENTS_RUN:
        return run
    return [] if _TRAILING_NUMBER.search(run[-1].text[-12:]) else run[-1:]


def with_text(*, piece: Piece, text: str, language: str = "und") -> Piece:
    """Return the piece with another text, its mark read anew."""
    return Piece(
        text=text, page=piece.page, kind=piece.kind, level=piece.level, marker=read_marker(text=text, language=language)
    )


def is_title(*, piece: Piece) -> bool:
    """Whether a piece reads as a title: marked as a heading, or short and without an end, and opening nothing."""
    if piece.marker is not None and piece.marker.level != "point":
        return False
    if piece.kind == "heading":
        return len(piece.text) < 2 * _LONGEST_LINE
    plain = piece.kind == "paragraph" and piece.marker is None
    return plain and len(piece.text) < _LONGEST_LINE and not ends_sentence(text=piece.text)


def ends_sentence(*, text: str) -> bool:
    """Whether a text ends with the mark of a sentence, clause or list."""
    return _TERMINAL.search(text[-4:]) is not None


def trim_tail(*, pieces: list[Piece]) -> None:
    """Take signatures, addresses and page furniture off the end of a document: short lines that end nothing, and are no row of a table."""
    while len(pieces) > 1 and pieces[-1].kind != "table" and len(pieces[-1].text) < 90:  # noqa: PLR2004  (a line, not a paragraph)
        if ends_sentence(text=pieces[-1].text):
            break
        if pieces[-1].marker is not None and pieces[-1].marker.level == "point":
            return
        pieces.pop()


def claim_ref(*, ref: str, taken: dict[str, int]) -> str:
    """Return ``ref``, or with the lowest number after it that nobody has yet, and take it.

    ``taken`` maps each reference in use to the last number given after it, so that a text which repeats one number
    a million times costs no search.
    """
    unique = ref
    while unique in taken:
        taken[ref] += 1
        unique = f"{ref}_{taken[ref]}"
    taken[unique] = 1
    return unique
