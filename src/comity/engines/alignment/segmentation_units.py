"""Units gathers articles, sections, numbered paragraphs and annexes from a document, in their scopes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from comity.engines.alignment.segmentation_pieces import Piece, Unit, ends_sentence, is_title, trim_tail, with_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.engines.alignment.numbering import Marker

_PREFIX = {
    "article": "art", "codified": "sec", "section": "sec", "decimal": "sec", "lettered": "sec", "annex": "annex", "primero": "art",
    "adicional": "disp_adicional", "transitoria": "disp_transitoria", "derogatoria": "disp_derogatoria", "final": "disp_final",
}  # fmt: skip
_TITLE_BEFORE = re.compile(r"[（(]([^（）()]{1,40})[）)]")
_TITLE_IN_BRACKETS = re.compile(r"[(（【]([^()（）【】]{1,120}(?:[(（][^()（）]{1,40}[)）][^()（）]{0,80})?)[)）】]\s*")
_MOST_GAP = 30
_TINY = 30
_LONGEST_CONTENTS = 500
_MOST_LOOKS = 20
_LONGEST_TITLE = 100
_MOST_TITLED = 0.6


@dataclass(frozen=True, slots=True)
class Division:
    """A part, title, chapter or section that holds articles and says nothing itself.

    ``ref`` is its own name (``chap_2``), which returns where numbers begin again in each part. ``label`` is its mark as the
    text has it, ``title`` its title ("" where none), ``first`` the ref of the first unit in it.
    """

    ref: str
    label: str
    title: str
    first: str


def gather_units(*, pieces: Sequence[Piece], heads: str, language: str) -> list[Unit]:
    """Return what ``gather_all`` does, without the divisions."""
    return gather_all(pieces=pieces, heads=heads, language=language)[0]


def gather_all(*, pieces: Sequence[Piece], heads: str, language: str) -> tuple[list[Unit], list[Division]]:
    """Return the units that marks of the level ``heads`` (article, section, decimal or point style) open, with annexes, and the divisions that hold them.

    Text before the first head (title, recitals, preamble) belongs to no unit; nor does what follows a closing formula.
    Numbers that begin again are told apart by their scope: an annex, addenda, or the part or chapter they stand in.
    """
    gathering = _Gathering(heads=heads, language=language)
    gathering.titled = heads == "article" and _are_titled(pieces=pieces)
    for place, piece in enumerate(pieces):
        gathering.take(piece=piece, following=pieces[place + 1 : place + 3])
    gathering.close()
    units = _drop_contents(units=gathering.units)
    if units:
        trim_tail(pieces=units[-1].pieces)
    scoped = _scope_refs(units=units)
    divisions = [
        Division(ref=ref, label=label, title=title, first=named.ref)
        for unit, named in zip(units, scoped, strict=True)
        for ref, label, title in unit.opened
    ]
    return scoped, divisions


@dataclass(slots=True)
class _Scoped(Unit):
    """A unit that remembers its scope (annex or addenda, "" for the body) and its division."""

    scope: str = ""
    division: str = ""
    order: tuple[int, ...] = ()
    opened: tuple[tuple[str, str, str], ...] = ()


class _Gathering:
    """The state of one walk over the pieces."""

    def __init__(self, *, heads: str, language: str) -> None:
        self.heads = heads
        self.language = language
        self.units: list[_Scoped] = []
        self.unit: _Scoped | None = None
        self.scope = ""
        self.division = ""
        self.division_title = ""
        self.naming: str = ""
        self.title_before = ""
        self.titled = False
        self.waiting: list[tuple[str, str, str]] = []
        self.last: dict[str, tuple[int, ...]] = {}
        self.annex_label = ""
        self.addenda = 0
        self.looks = 0
        self.last_annex: tuple[int, ...] = ()
        self.changed = True

    def take(self, *, piece: Piece, following: Sequence[Piece]) -> None:
        marker = piece.marker
        if self._names_next(piece=piece, following=following):
            return
        if marker is not None and piece.kind != "table":
            if self._is_head(piece=piece, marker=marker, following=following):
                self._open(piece=piece, marker=marker)
                return
            if marker.level == "annex" and self._opens_annex(piece=piece, marker=marker):
                self._open_scope(piece=piece, marker=marker)
                return
            if marker.level == "addenda" and self.units:
                self._open_addenda(piece=piece, marker=marker)
                return
            if marker.level == "closing" and self.units and len(piece.text) < 120:  # noqa: PLR2004  (a formula, not a paragraph)
                self.close()
                return
            if self._is_division(marker=marker) and len(piece.text) < 250:  # noqa: PLR2004  (a title, not a paragraph)
                self._open_division(piece=piece, marker=marker)
                return
        self._add(piece=piece)

    def _names_next(self, *, piece: Piece, following: Sequence[Piece]) -> bool:
        """Keep a title in brackets that stands above its article, as Japanese laws print it."""
        title = _TITLE_BEFORE.fullmatch(piece.text)
        after = following[0].marker if title is not None and following else None
        if title is None or after is None or after.level != "article" or self.heads != "article":
            return False
        self.title_before = title.group(1)
        return True

    def close(self) -> None:
        self.unit, self.naming = None, ""

    def _is_head(self, *, piece: Piece, marker: Marker, following: Sequence[Piece]) -> bool:
        if self.heads == "decimal":
            return self._is_decimal_head(piece=piece, marker=marker)
        if self.heads == "section" and marker.style == "codified":
            return True
        if marker.style == "primero" and self.heads == "article" and self.scope.startswith("addenda"):
            return marker.order > self.last.get("primero", (0,))
        if self.heads not in {marker.level, marker.style} or (
            self.heads == "section" and self.scope.startswith("annex")
        ):
            return False
        last = self.last.get(marker.style)
        if last is not None and marker.style == "section" and len(last) != len(marker.order):
            return False
        if last is None:
            fits = marker.order[0] <= 2 or self.heads == "article"  # noqa: PLR2004  (the first may be lost)
        elif marker.order[0] == 1 and last[0] >= 1 and marker.order < last:
            fits = self.changed or self._looks_like_contents()
        else:
            fits = marker.order > last and marker.order[0] - last[0] <= (2 if marker.level == "point" else _MOST_GAP)
        return fits and (bool(marker.rest) or bool(following))

    def _is_decimal_head(self, *, piece: Piece, marker: Marker) -> bool:
        order = marker.order
        short = len(piece.text) < 90 and not ends_sentence(text=piece.text)  # noqa: PLR2004  (a title, not a paragraph)
        if marker.level != "decimal" and not (
            marker.style in {"1", "1."} and (piece.kind == "heading" or (short and marker.style == "1"))
        ):
            return False
        if marker.style == "lettered" and not self.scope.startswith("annex"):
            return False
        last = self.last.get("decimal" if marker.style != "lettered" else "lettered")
        if last is None:
            return order in {(1,), (1, 1)}
        if order == (*last, 1):
            return True
        depth = len(order)
        return depth <= len(last) and order[:-1] == last[: depth - 1] and 1 <= order[-1] - last[depth - 1] <= 2  # noqa: PLR2004  (one number may be lost in print)

    def _looks_like_contents(self) -> bool:
        self.looks += 1
        few = self.looks < _MOST_LOOKS and 1 < len(self.units) < _LONGEST_CONTENTS
        return few and _say_nothing(units=self.units)

    def _opens_annex(self, *, piece: Piece, marker: Marker) -> bool:
        if not self.units or ends_sentence(text=piece.text) or len(piece.text) > 200:  # noqa: PLR2004  (a title, not a paragraph)
            return False
        if piece.kind != "heading" and marker.rest and marker.rest[:1].isalpha() and len(marker.rest) > 120:  # noqa: PLR2004  (a title, not a sentence)
            return False
        return not marker.number or marker.order > self.last_annex

    def _open(self, *, piece: Piece, marker: Marker) -> None:
        key = "decimal" if self.heads == "decimal" and marker.style != "lettered" else marker.style
        if key == "section" and "codified" in self.last:
            self.division = self.division_title = ""  # a section of the act stands outside the part it inserts
        self.last[key] = marker.order
        self.changed = False
        name = f"{_PREFIX.get(marker.style, 'sec' if self.heads == 'decimal' else 'para')}_{marker.number}"
        heading, rest = self._part_title(piece=piece, marker=marker)
        heading, self.title_before = heading or self.title_before, ""
        unit = _Scoped(
            ref=name, label=marker.label, heading=heading or self.division_title, page=piece.page, level=self.heads
        )
        unit.scope, unit.division, unit.order = self.scope, self.division, marker.order
        unit.opened, self.waiting = tuple(self.waiting), []
        if rest:
            unit.pieces.append(
                with_text(piece=Piece(rest, piece.page, "paragraph", 0, None), text=rest, language=self.language)
            )
        self.units.append(unit)
        self.unit = unit
        self.naming = "" if heading or rest else "unit"

    def _part_title(self, *, piece: Piece, marker: Marker) -> tuple[str, str]:
        """Part the title of a unit from the text that follows it in the same block."""
        rest = marker.rest
        bracketed = _TITLE_IN_BRACKETS.match(rest) if marker.level == "article" else None
        if bracketed is not None:
            return bracketed.group(1).strip(), rest[bracketed.end() :].strip()
        if marker.level == "point" and self.heads not in {"decimal", "article"}:
            return "", f"{marker.label} {rest}"
        if rest and len(rest) < 160 and (piece.kind == "heading" or not ends_sentence(text=rest)):  # noqa: PLR2004  (a title, not a sentence)
            return rest.rstrip(" ."), ""
        if self.titled and _is_short_sentence(text=rest):
            return rest.rstrip(" ."), ""
        first = re.match(r"([A-Z][^.]{2,120})\.\s(?=[(A-Z])", rest) if marker.style in {"codified", "section"} else None
        if first is not None:
            return first.group(1), rest[first.end() :].strip()
        return "", rest

    def _open_scope(self, *, piece: Piece, marker: Marker) -> None:
        self.last_annex = marker.order if marker.number else self.last_annex
        self.scope = f"annex_{marker.number}" if marker.number else "annex"
        self.last, self.annex_label = {}, marker.label
        self.division = self.division_title = ""
        self.changed = True
        unit = _Scoped(ref=self.scope, label=marker.label, heading=marker.rest, page=piece.page, level="annex")
        unit.scope = ""
        self.units.append(unit)
        self.unit, self.naming = unit, "" if marker.rest else "unit"

    def _open_addenda(self, *, piece: Piece, marker: Marker) -> None:
        self.addenda += 1
        self.scope = "addenda" if self.addenda == 1 else f"addenda_{self.addenda}"
        self.last, self.changed = {}, True
        self.division, self.division_title = "", marker.label
        unit = _Scoped(ref=self.scope, label=marker.label, heading="", page=piece.page, level="addenda")
        unit.scope = ""
        self.units.append(unit)
        self.unit, self.naming = unit, ""

    def _is_division(self, *, marker: Marker) -> bool:
        if marker.level == "division":
            return True
        return marker.level == "section" and marker.style == "section" and self.heads != "section"

    def _open_division(self, *, piece: Piece, marker: Marker) -> None:
        name = f"{'sec' if marker.level == 'section' else marker.style}_{marker.number}"
        if self.scope.startswith("annex"):
            label = f"{self.annex_label}, {marker.label}"
            unit = _Scoped(ref=name, label=label, heading=marker.rest, page=piece.page, level="annex")
            unit.scope = self.scope
            self.units.append(unit)
            self.unit, self.naming = unit, "" if marker.rest else "unit"
            return
        self.division = name
        self.division_title = marker.rest or marker.label
        again = next((n for n, (ref, _, _) in enumerate(self.waiting) if ref == name), len(self.waiting))
        self.waiting = [*self.waiting[:again], (name, marker.label, marker.rest)]  # said before in the contents
        self.changed = True
        self.unit, self.naming = None, "" if marker.rest else "division"

    def _add(self, *, piece: Piece) -> None:
        naming, self.naming = self.naming, ""
        if naming and is_title(piece=piece):
            if naming == "division":
                self.division_title = piece.text
                self.waiting[-1] = (*self.waiting[-1][:2], piece.text)
            elif self.unit is not None:
                self.unit.heading = piece.text.rstrip("`")
            return
        if self.unit is not None:
            self.unit.pieces.append(piece)


def _is_short_sentence(*, text: str) -> bool:
    return 0 < len(text) < _LONGEST_TITLE and text.endswith(".") and ". " not in text


def _are_titled(*, pieces: Sequence[Piece]) -> bool:
    """Whether articles bear titles that end with a full stop: most are one short sentence, with their text below it."""
    closed = {"article", "division", "annex", "addenda"}
    heads = short = 0
    for piece, after in pairwise(pieces):
        if piece.marker is None or piece.marker.level != "article":
            continue
        heads += 1
        follows = after.marker is None or after.marker.level not in closed
        short += follows and _is_short_sentence(text=piece.marker.rest)
    return heads > 2 and short > _MOST_TITLED * heads  # noqa: PLR2004  (three of a kind are no accident)


def _drop_contents(*, units: list[_Scoped]) -> list[_Scoped]:
    """Drop a first run of articles that say nothing, where the numbers begin again after it: a table of contents."""
    again = next((n for n, u in enumerate(units) if n and u.order[:1] == (1,) and u.scope == units[0].scope), None)
    if again is None or units[0].order[:1] != (1,):
        return units
    first = units[:again]
    return units[again:] if len(first) > 1 and _say_nothing(units=first) else units


def _say_nothing(*, units: Sequence[_Scoped]) -> bool:
    """Whether more than half of the units have a title at most, and no sentence."""
    silent = sum(u.size < _TINY and not any(ends_sentence(text=p.text) for p in u.pieces) for u in units)
    return silent * 2 > len(units)


def _scope_refs(*, units: list[_Scoped]) -> list[Unit]:
    """Prefix refs with their annex or addenda, and with their division where a number returns in the same scope."""
    seen: dict[str, int] = {}
    for unit in units:
        key = f"{unit.scope}/{unit.ref}"
        seen[key] = seen.get(key, 0) + 1
    scoped: list[Unit] = []
    for unit in units:
        names = [unit.scope, unit.division if seen[f"{unit.scope}/{unit.ref}"] > 1 else "", unit.ref]
        scoped.append(
            Unit(
                ref="__".join(n for n in names if n),
                label=unit.label,
                heading=" ".join(unit.heading.split()),
                page=unit.page,
                pieces=unit.pieces,
                level=unit.level,
            )
        )
    return scoped
