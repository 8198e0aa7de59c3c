"""Prose parts a text without numbered provisions by its headings and paragraphs, and by codes such as GOVERN 1.1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.engines.alignment.numbering import BULLETS
from comity.engines.alignment.segmentation_pieces import LEAST, MOST, Piece, Segment, Unit, claim_ref, ends_sentence
from comity.engines.alignment.segmentation_split import pack_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENOUGH = 240
"""Letters from which a paragraph stands alone; shorter ones are joined to what follows under the same heading."""

FULL = 1_500
"""Characters beyond which no further paragraph is joined."""

_CODE = re.compile(r"\b([A-Z]{3,15}) ([0-9]{1,2}(?:\.[0-9]{1,2})?)\s?:\s")
_NOISE = re.compile(
    r"Continued on next page|\|\s|Table [0-9]{1,2}: [^|]{0,120}?\(Continued\)(?:\s*\|?\s*Categories)?(?:\s*\|?\s*Subcategories)?"
    r"|Table [0-9]{1,2}: Categories and subcategories for the [A-Z]{2,20} function\.(?:\s*\|?\s*Categories)?(?:\s*\|?\s*Subcategories)?"
    r"|(?<=\s)Categories\s*\|?\s*Subcategories"
)
_LEAST_CODES = 3
_CODE_RANK = 4
_LONGEST_HEADING = 80
_HEADING_STYLES = frozenset({"A.", "1)", "(1)", "1.", "1", "i.", "code"})
_RANKS = {
    "division": (1, ""), "annex": (1, "annex"), "article": (1, "art"), "section": (2, "sec"), "decimal": (3, "sec"), "code": (_CODE_RANK, "point"),
    "A.": (2, "sec"), "一、": (2, "sec"), "1.": (3, "point"), "1": (3, "point"), "1)": (3, "point"), "(一)": (4, "point"), "(1)": (4, "point"),
    "i.": (5, "point"),
}  # fmt: skip
"""How high a numbered heading ranks among others, and the name of its level in references."""


def gather_prose(*, pieces: Sequence[Piece]) -> list[Unit]:
    """Return one unit per heading, in order, under the heading over it: "Accountability: Design".

    Where headings are numbered the ref is their path (``part_2__sec_C__para_1``); else ``sec_nn_3`` is the third
    heading of the document, ``nn`` saying that it has no number of its own. Headings without text go to the next.
    """
    units: list[Unit] = []
    unit = Unit(ref="sec_nn_0", label="", heading="", page=pieces[0].page if pieces else 0)
    above: list[_Heading] = []
    last: _Heading | None = None
    count = 0
    for place, piece in enumerate(pieces):
        if not _is_heading(pieces=pieces, place=place):
            unit.pieces.append(piece)
            continue
        heading = _read_heading(piece=piece)
        if unit.pieces:
            units.append(unit)
        elif last is not None:
            heading = _join_headings(first=last, second=heading)
            above = [h for h in above if h is not last or heading.rank > last.rank]
        count += 1
        above = [h for h in above if h.rank < heading.rank]
        text = _name_path(above=above, heading=heading)
        above.append(heading)
        ref = "__".join(h.token for h in above if h.token) if heading.token else f"sec_nn_{count}"
        if piece.marker is not None and piece.marker.level == "code":
            ref = heading.token  # a code such as D-2) i. is unique in its document
        unit = Unit(ref=ref, label=heading.label, heading=text[:240], page=piece.page)
        last = heading
    if unit.pieces:
        units.append(unit)
    return units


def _name_path(*, above: Sequence[_Heading], heading: _Heading) -> str:
    """Write a heading under the highest and the nearest of those over it."""
    over = [above[0], *above[-1:]] if len(above) > 1 else list(above)
    names = [h.text for h in over if not _says_same(first=h.text, second=heading.text)]
    return ": ".join([*names, heading.text])


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading with its rank (1 is the highest), and its part of a reference, "" where it has no number."""

    text: str
    rank: int
    token: str
    label: str


def _read_heading(*, piece: Piece) -> _Heading:
    marker = piece.marker
    if marker is None:
        return _Heading(piece.text, 10 + (piece.level or 8), "", "")
    rank, name = _RANKS.get(marker.style if marker.level == "point" else marker.level, (9, "point"))
    prefix = marker.style if marker.level == "division" else name
    if piece.level and marker.level == "point":
        rank = 10 + piece.level
    return _Heading(piece.text.lstrip(BULLETS), rank, f"{prefix}_{marker.number}", marker.label.strip())


def _join_headings(*, first: _Heading, second: _Heading) -> _Heading:
    """Join a heading without text to the one that follows: a title over several lines, or one said again."""
    if _says_same(first=first.text, second=second.text) or first.rank < second.rank or second.token:
        return second
    if _says_same(first=second.text, second=first.text):
        return first
    if first.rank == second.rank and len(first.text) + len(second.text) < 160:  # noqa: PLR2004  (a title over two lines)
        return _Heading(f"{first.text} {second.text}", second.rank, first.token, first.label)
    return second


def _says_same(*, first: str, second: str) -> bool:
    return set(first.casefold().split()) <= set(second.casefold().split())


def _is_heading(*, pieces: Sequence[Piece], place: int) -> bool:
    piece = pieces[place]
    if piece.kind == "heading":
        return True
    marker = piece.marker
    most = _LONGEST_HEADING if marker is None else 2 * _LONGEST_HEADING
    ended = ends_sentence(text=piece.text) and not piece.text.endswith("etc.")
    if piece.kind not in {"paragraph", "item"} or len(piece.text) > most or ended:
        return False
    if place + 1 >= len(pieces) or not any(c.isalpha() for c in piece.text):
        return False
    after = pieces[place + 1]
    if marker is not None:
        # One of several numbered lines on end is an item of a list, and says what it says.
        listed = marker.level == "point" and after.marker is not None and after.marker.style == marker.style
        return marker.level in {"division", "annex"} or (
            marker.style in _HEADING_STYLES and bool(marker.rest) and not listed
        )
    longer = len(after.text) > 2 * len(piece.text) and ends_sentence(text=after.text)
    return longer and piece.text[:1].isupper() and len(piece.text.split()) <= 10  # noqa: PLR2004  (words of a title)


def split_prose(*, unit: Unit, taken: dict[str, int]) -> list[Segment]:
    """Return the paragraphs of a unit, ``__para_2``; short ones are joined, an item to the opening before it.

    Codes at the start of a paragraph or in a table, at least three of them, become segments of their own.
    """
    plain = list(unit.pieces)
    coded: list[Segment] = []
    if sum(len(_CODE.findall(p.text)) for p in plain if _holds_codes(piece=p)) >= _LEAST_CODES:
        coded = list(
            _split_codes(pieces=[p for p in plain if _holds_codes(piece=p)], heading=unit.heading, taken=taken)
        )
        plain = [p for p in plain if not _holds_codes(piece=p)]
    groups = _group(pieces=plain)
    found: list[Segment] = []
    number = 0
    for group in groups:
        for text, page in pack_texts(texts=[p.text for p in group], pages=[p.page for p in group], most=MOST):
            if sum(c.isalnum() for c in text) < LEAST and text.isascii():
                continue
            number += 1
            ref = unit.ref if len(groups) == 1 and number == 1 else f"{unit.ref}__para_{number}"
            label = f"{unit.label} ¶ {number}".strip() if len(groups) > 1 or not unit.label else unit.label
            found.append(Segment(claim_ref(ref=ref, taken=taken), label, unit.heading, text, page))
    return found + coded


def _holds_codes(*, piece: Piece) -> bool:
    return piece.kind == "table" or (_CODE.match(piece.text) is not None)


def _group(*, pieces: Sequence[Piece]) -> list[list[Piece]]:
    groups: list[list[Piece]] = []
    for piece in pieces:
        size = sum(len(p.text) for p in groups[-1]) if groups else 0
        opened = bool(groups) and groups[-1][-1].text.endswith((":", "：", ";", "；"))
        joins = (
            bool(groups)
            and size + len(piece.text) <= FULL
            and (size < ENOUGH or opened or piece.kind in {"item", "table"})
        )
        if joins:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    if len(groups) > 1 and sum(len(p.text) for p in groups[-1]) < ENOUGH // 3:
        last = groups.pop()
        groups[-1] += last
    return groups


def _split_codes(*, pieces: Sequence[Piece], heading: str, taken: dict[str, int]) -> Iterator[Segment]:
    text = " ".join(" ".join(_NOISE.sub(" ", " ".join(p.text for p in pieces)).split()).split())
    page = pieces[0].page
    marks = list(_CODE.finditer(text))
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        said = text[mark.end() : after.start() if after is not None else len(text)].strip()
        if not said:
            continue
        label = f"{mark.group(1)} {mark.group(2)}"
        ref = label.lower().replace(" ", "_").replace(".", "_")
        for number, (part, _) in enumerate(pack_texts(texts=[said], pages=[page], most=MOST), start=1):
            name = ref if number == 1 else f"{ref}__split_{number}"
            yield Segment(claim_ref(ref=name, taken=taken), label, heading, part, page)
