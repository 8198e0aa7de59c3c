"""Rows gathers the glyphs of a right-to-left page by where they stand, for the order in which a file stores them says nothing."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from comity.adapters.readers.direction import RTL, fold_forms, order_ligature

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = tuple[list[str], float, float, float, float, bool]
"""Glyphs from left to right, then left, right, bottom, size of print, and whether it is bold."""

HEAVY = 600
"""Weight (OpenType) from which letters count as bold."""

_WORD_GAP = 0.15
_LIGATURE_GAP = 0.45
"""Gap behind a glyph of several letters whose width PDFium does not know, and parts among them."""

_COLUMN_GAP = 2.5
_SAME_PLACE = 0.05
_LINE = 1.15
"""Height of a line of print for a size of font: what the boxes of letters have on other pages."""

_RAISED = 0.8
_TATWEEL = "\u0640"
_JOINERS = "\u200c\u200d"


@dataclass(slots=True)
class _Glyph:
    """What PDFium says of one character: ``place`` is where the pen stood, ``left`` to ``right`` its box.

    ``before`` and ``after`` are the marks of vowels at its left and at its right.
    """

    number: int
    text: str
    place: float
    base: float
    left: float
    right: float
    size: float
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def is_right_to_left(*, codes: Sequence[int]) -> bool:
    """Whether more letters of a page are Hebrew or Arabic than are not."""
    letters = [chr(c) for c in codes if c > 64 and c < 0x110000 and not 0xD800 <= c < 0xE000]  # noqa: PLR2004  (letters come after the digits)
    right = sum(RTL.match(c) is not None for c in letters)
    return right > 0 and 2 * right > sum(c.isalpha() for c in letters)


def read_rows(*, text_page: Any, raw: Any, codes: Sequence[int]) -> list[Row]:
    """Return the rows of a right-to-left page from top to bottom; a wide gap parts a row. Turned text is left out."""
    glyphs = [
        g for n, code in enumerate(codes) if (g := _read_glyph(text_page=text_page, raw=raw, number=n, code=code))
    ]
    rows: list[Row] = []
    for row in _gather_rows(glyphs=glyphs):
        for part in _part_row(row=row):
            heavy = [raw.FPDFText_GetFontWeight(text_page, g.number) >= HEAVY for g in part[:: max(1, len(part) // 6)]]
            texts = _write_row(row=part)
            if texts:
                size = median(g.size for g in part)
                rows.append(
                    (
                        texts,
                        round(min(g.left for g in part), 1),
                        round(max(g.right for g in part), 1),
                        round(median(g.base for g in part), 1),
                        round(size, 2),
                        sum(heavy) > 0.8 * len(heavy),
                    )
                )
    return rows


def _read_glyph(*, text_page: Any, raw: Any, number: int, code: int) -> _Glyph | None:
    if code <= 31 or not code < 0x110000 or 0xD800 <= code < 0xE000 or raw.FPDFText_IsGenerated(text_page, number) == 1:  # noqa: PLR2004  (the range of Unicode)
        return None
    letter = fold_forms(text=chr(code)) if code not in {0x20, 0xA0} else " "
    if not letter or (unicodedata.category(letter[0]) == "Cf" and letter not in _JOINERS):
        return None
    angle = raw.FPDFText_GetCharAngle(text_page, number)
    if 0.3 < angle < 6:  # noqa: PLR2004  (radians: more than some 17 degrees)
        return None
    rect = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text_page, number, ctypes.byref(rect))
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text_page, number, ctypes.byref(x), ctypes.byref(y))
    if letter == " " and rect.right - rect.left < _SAME_PLACE:
        return None  # PDFium sets a space without width beside the wrong letter; the gap itself is seen
    return _Glyph(
        number, letter, x.value, y.value, rect.left, rect.right, _size(text_page=text_page, raw=raw, number=number)
    )


def _size(*, text_page: Any, raw: Any, number: int) -> float:
    """Return the height of print on paper. Boxes do not have it: those of one font differ with how a file writes a letter."""
    matrix = raw.FS_MATRIX()
    size = float(raw.FPDFText_GetFontSize(text_page, number)) or 1.0
    if raw.FPDFText_GetMatrix(text_page, number, ctypes.byref(matrix)):
        size *= math.hypot(matrix.c, matrix.d) or 1.0
    return _LINE * size


def _gather_rows(*, glyphs: list[_Glyph]) -> list[list[_Glyph]]:
    """Gather glyphs whose pen stood at one height. Small digits above it are the calls of footnotes, and are dropped."""
    rows: list[list[_Glyph]] = []
    base = size = 0.0
    for glyph in sorted(glyphs, key=lambda g: (-g.base, g.number)):
        if rows and abs(base - glyph.base) < 0.4 * max(size, glyph.size if glyph.text.strip() else 0.0):
            rows[-1].append(glyph)
            if glyph.size > size:
                base, size = glyph.base, glyph.size
        else:
            rows.append([glyph])
            base, size = glyph.base, glyph.size
    kept = []
    for row in rows:
        usual = median(g.size for g in row)
        line = median(g.base for g in row)
        kept.append(
            [g for g in row if not (g.text.isdigit() and g.size < _RAISED * usual and g.base > line + 0.1 * usual)]
        )
    return [row for row in kept if any(g.text.strip() for g in row)]


def _part_row(*, row: list[_Glyph]) -> list[list[_Glyph]]:
    """Order a row from left to right by the pen, and part it where a gap is as wide as between columns."""
    parts: list[list[_Glyph]] = [[]]
    edge = None
    for glyph in sorted(row, key=lambda g: (g.place, g.number)):
        if glyph.text.strip():
            if edge is not None and glyph.left - edge > _COLUMN_GAP * glyph.size:
                parts.append([])
            edge = glyph.right if edge is None else max(edge, glyph.right)
        parts[-1].append(glyph)
    # The order of columns is that of reading: the right one first.
    return [p for p in reversed(parts) if any(g.text.strip() for g in p)]


def _write_row(*, row: list[_Glyph]) -> list[str]:
    """Return the glyphs of a row as texts: marks behind their letters, ligatures in order, one space between words."""
    letters = [g for g in row if not unicodedata.combining(g.text[0])]
    _attach_marks(row=row, letters=letters)
    texts: list[str] = []
    edge: float | None = None
    gap = _WORD_GAP
    cluster: list[_Glyph] = []
    for glyph in [*letters, None]:
        if glyph is not None and cluster and _is_one(first=cluster[-1], second=glyph):
            cluster.append(glyph)
            continue
        if cluster:
            texts += [m for g in cluster for m in g.before]
            texts.append(_write_cluster(cluster=cluster))
            texts += [m for g in cluster for m in g.after]
            edge = max(g.right for g in cluster)
            gap = _WORD_GAP if len({(g.left, g.right) for g in cluster}) == 1 else _LIGATURE_GAP
        if glyph is None:
            break
        if not glyph.text.strip():
            cluster = []
            texts.append(" ")
            edge = None
            continue
        if edge is not None and glyph.place - edge > gap * glyph.size:
            texts.append(" ")
        cluster = [glyph]
    return _fold_spaces(texts=texts)


def _is_one(*, first: _Glyph, second: _Glyph) -> bool:
    """Whether two characters were drawn as one: at one place of the pen, or the joiner that has no width."""
    return abs(first.place - second.place) < _SAME_PLACE and bool(first.text.strip()) == bool(second.text.strip())


def _write_cluster(*, cluster: list[_Glyph]) -> str:
    said = "".join(g.text for g in sorted(cluster, key=lambda g: g.number))
    if len(cluster) > 1 and RTL.match(said):
        said = order_ligature(letters=said)
    return said


def _attach_marks(*, row: list[_Glyph], letters: list[_Glyph]) -> None:
    """Set each mark of a vowel at the left of the letter that was drawn from the same place, so that it is read behind it.

    A mark has no width. Makers that know the direction draw it from where its letter begins at the left; others from where
    the letter before it ended, and there it stands at that letter's right.
    """
    bases = sorted((g for g in letters if g.text.strip()), key=lambda g: (g.place, g.number))
    places = [g.place for g in bases]
    for mark in (g for g in row if bases and unicodedata.combining(g.text[0])):
        base = bases[max(0, bisect_right(places, mark.place + _SAME_PLACE) - 1)]
        if mark.place > base.place + _SAME_PLACE and mark.place > base.right - 2 * _SAME_PLACE:
            base.after.append(mark.text)
        else:
            base.before.append(mark.text)


def _fold_spaces(*, texts: list[str]) -> list[str]:
    kept: list[str] = []
    for place, text in enumerate(texts):
        if text == _TATWEEL and 0 < place < len(texts) - 1:
            continue
        if text != " " or (kept and kept[-1] != " "):
            kept.append(text)
    while kept and kept[-1] == " ":
        kept.pop()
    return kept
