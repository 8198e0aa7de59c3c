"""Split cuts a unit into its numbered paragraphs and points, and what is still too long at paragraph ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from comity.engines.alignment.numbering import read_marker
from comity.engines.alignment.segmentation_pieces import LEAST, MOST, Piece, Segment, Unit, claim_ref, with_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAD_IN = 600
"""Characters of an opening such as "The following practices shall be prohibited:" that each of its points repeats."""

_INLINE = re.compile(r"(?<=[.:\s)）])(?:\(1\)|①)\s?")
_SENTENCE = re.compile(r"[.;!?](?=\s)|[。；！？]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


@dataclass(frozen=True, slots=True)
class _Chain:
    """A list: where each of its members begins, and their marks' numbers and labels."""

    starts: tuple[int, ...]
    numbers: tuple[str, ...]
    labels: tuple[str, ...]
    style: str


def split_unit(*, unit: Unit, taken: dict[str, int], language: str, always: bool = False) -> list[Segment]:
    """Return the segments of a unit.

    Numbered paragraphs that open the unit, and those marked ``§`` or ``①``, always part it (``__para_2``). A list
    after an opening parts it (``__point_b``) only where the unit is longer than 4,000 characters, or ``always``; each
    point then repeats the opening, so that it says its one thing whole. What has no numbers and is too long is cut
    between paragraphs (``__split_2``): that cut is ours and not the law's.
    """
    pieces = [p for p in unit.pieces if p.text]
    if not pieces:
        return []
    pieces = _part_inline(pieces=pieces, language=language)
    return list(_split(unit=replace(unit, pieces=pieces), lead="", taken=taken, always=always, depth=0))


def _split(*, unit: Unit, lead: str, taken: dict[str, int], always: bool, depth: int) -> Iterator[Segment]:
    if depth:
        unit = replace(unit, pieces=_part_nested(pieces=unit.pieces))
    chain = _find_chain(pieces=unit.pieces, inner=depth > 0) if depth < 4 else None  # noqa: PLR2004  (no law nests deeper)
    if chain is None or not _parts(chain=chain, unit=unit, lead=lead, always=always):
        yield from _emit(unit=unit, lead=lead, taken=taken)
        return
    kind = "para" if chain.starts[0] == 0 or chain.style in {"§", "①"} else "point"
    opening = unit.pieces[: chain.starts[0]]
    said = _join(pieces=opening)
    repeat = ""
    if kind == "point" and len(lead) + len(said) <= LEAD_IN:
        repeat = f"{lead} {said}".strip()
    elif opening:
        yield from _emit(unit=replace(unit, pieces=list(opening)), lead=lead, taken=taken)
    ends = (*chain.starts[1:], len(unit.pieces))
    members = [
        Unit(
            ref=f"{unit.ref}__{kind}_{number}",
            label=_join_label(label=unit.label, mark=mark),
            heading=unit.heading,
            page=unit.pieces[start].page,
            pieces=unit.pieces[start:end],
            level=kind,
        )
        for number, mark, start, end in zip(chain.numbers, chain.labels, chain.starts, ends, strict=True)
    ]
    # A point that repeats its opening says something however short it is.
    for member in members if repeat else _merge_short(members=members):
        yield from _split(unit=member, lead=repeat, taken=taken, always=False, depth=depth + 1)


def _parts(*, chain: _Chain, unit: Unit, lead: str, always: bool) -> bool:
    if always or unit.size + len(lead) > MOST:
        return True
    if unit.level in {"para", "point"}:
        return False
    return chain.starts[0] == 0 or chain.style in {"§", "①"}


def _find_chain(*, pieces: Sequence[Piece], inner: bool) -> _Chain | None:
    """Find the list whose first member comes first: two or more members of one style, numbered one after the other.

    A number alone counts ("Parágrafo único"). Members of other styles within are its members' own lists.
    """
    tried: set[str] = set()
    if not inner:
        # Paragraphs marked § follow the list of the article's own text, and stand above it.
        paragraphs = next((n for n, p in enumerate(pieces) if p.marker is not None and p.marker.style == "§"), None)
        if paragraphs is not None:
            return _follow(pieces=pieces, start=paragraphs, style="§")
        # Japanese laws number paragraphs from the second on; the first is what comes before.
        wide = next((n for n, p in enumerate(pieces) if p.marker is not None and p.marker.style == "２"), 0)
        begins = pieces[wide].marker
        if wide and begins is not None and begins.order == (2,):
            chain = _follow(pieces=pieces, start=wide, style="２")
            return _Chain((0, *chain.starts), ("1", *chain.numbers), ("１", *chain.labels), "２")
    for place, piece in enumerate(pieces):
        marker = piece.marker
        if marker is None or marker.style in tried or marker.level not in {"point", "decimal"}:
            continue
        if place == 0 and inner:  # the mark of the member itself
            continue
        tried.add(marker.style)
        if marker.order[-1:] != (1,) and not (marker.style == "1." and place == 0):
            continue
        chain = _follow(pieces=pieces, start=place, style=marker.style)
        if len(chain.starts) > 1 or marker.style == "§":
            return chain
    return None


def _follow(*, pieces: Sequence[Piece], start: int, style: str) -> _Chain:
    first = pieces[start].marker
    starts, numbers, labels = [start], [first.number if first else ""], [first.label if first else ""]
    last = first.order[-1] if first else 0
    for place in range(start + 1, len(pieces)):
        marker = pieces[place].marker
        if marker is None or marker.style != style or first is None or marker.order[:-1] != first.order[:-1]:
            continue
        step = marker.order[-1] - last
        # One number may be lost in print; a paragraph that calls itself the only one may be followed by another.
        if 1 <= step <= 2 or (step == 0 and marker.label.startswith("Par")):  # noqa: PLR2004  (a number is lost at most)
            starts.append(place)
            numbers.append(marker.number)
            labels.append(marker.label)
            last = marker.order[-1]
    return _Chain(tuple(starts), tuple(numbers), tuple(labels), style)


def _part_inline(*, pieces: list[Piece], language: str) -> list[Piece]:
    """Give a first paragraph that stands in the same block as the title a piece of its own: "Rules. (1) The ..."."""
    first = pieces[0]
    if first.marker is not None and first.marker.style in {"(1)", "①"}:
        return pieces
    found = _INLINE.search(first.text[:240])
    if found is None:
        return pieces
    style = "①" if "①" in found.group(0) else "(1)"
    follows = any(p.marker is not None and p.marker.style == style and p.marker.order == (2,) for p in pieces[1:])
    if not follows or not first.text[: found.start()].strip():
        return pieces
    before = with_text(piece=first, text=first.text[: found.start()].strip(), language=language)
    after = with_text(piece=first, text=first.text[found.start() :].strip(), language=language)
    return [before, after, *pieces[1:]]


def _part_nested(*, pieces: list[Piece]) -> list[Piece]:
    """Part "(3) (a) The ..." into its mark and the first point of its own list, where a second point follows."""
    outer = pieces[0].marker
    inner = read_marker(text=outer.rest) if outer is not None else None
    if outer is None or inner is None or inner.level != "point" or inner.order != (1,) or inner.style == outer.style:
        return pieces
    if not any(p.marker is not None and p.marker.style == inner.style and p.marker.order == (2,) for p in pieces[1:]):
        return pieces
    first = pieces[0]
    return [replace(first, text=outer.label), replace(first, text=outer.rest, marker=inner), *pieces[1:]]


def _merge_short(*, members: list[Unit]) -> list[Unit]:
    """Join members too short to say anything to the one before, and what follows to a first one that is too short."""
    merged: list[Unit] = []
    for member in members:
        if merged and (_is_short(unit=member) or _is_short(unit=merged[-1])):
            merged[-1] = replace(merged[-1], pieces=[*merged[-1].pieces, *member.pieces])
        else:
            merged.append(member)
    return merged


def _is_short(*, unit: Unit) -> bool:
    letters = sum(c.isalnum() for p in unit.pieces for c in p.text)
    # A Chinese or Korean letter says as much as three Latin ones.
    return letters * (1 if _LATIN.search(unit.pieces[0].text[:40]) else 3) < LEAST


def _emit(*, unit: Unit, lead: str, taken: dict[str, int]) -> Iterator[Segment]:
    """Return the unit as one segment, or as cuts of at most 4,000 characters."""
    packs = list(
        pack_texts(texts=[p.text for p in unit.pieces], pages=[p.page for p in unit.pieces], most=MOST - len(lead) - 1)
    )
    for number, (text, page) in enumerate(packs, start=1):
        suffix = "" if number == 1 else f"__split_{number}"
        label = unit.label if number == 1 else f"{unit.label} [{number}]"
        whole = f"{lead} {text}".strip()
        if whole:
            yield Segment(claim_ref(ref=unit.ref + suffix, taken=taken), label, unit.heading, whole, page)


def pack_texts(*, texts: Sequence[str], pages: Sequence[int], most: int) -> Iterator[tuple[str, int]]:
    """Yield (text, page) with as many whole texts as fit in ``most`` characters; longer ones are cut after sentences."""
    held, held_page = "", 0
    for text, page in zip(texts, pages, strict=True):
        for cut in _cut_long(text=text, most=most):
            if held and len(held) + 1 + len(cut) > most:
                yield held, held_page
                held = ""
            if not held:
                held_page = page
            held = f"{held} {cut}".strip()
    if held:
        yield held, held_page


def _cut_long(*, text: str, most: int) -> Iterator[str]:
    start = 0
    while len(text) - start > most:
        window = text[start : start + most]
        ends = [m.end() for m in _SENTENCE.finditer(window)]
        at = ends[-1] if ends and ends[-1] > most // 3 else window.rfind(" ")
        at = at if at > most // 3 else most
        if window[:at].strip():
            yield window[:at].strip()
        start += at
    if text[start:].strip():
        yield text[start:].strip()


def _join(*, pieces: Sequence[Piece]) -> str:
    return " ".join(p.text for p in pieces)


def _join_label(*, label: str, mark: str) -> str:
    """Write a label as it is cited: ``Article 5(1)(a)``, ``제3조 ②``, ``Art. 7º, § 1º``."""
    label = label.rstrip(". ")
    bare = mark.strip().rstrip(".．)）").lstrip("(（")
    if not label:
        return mark
    if mark.startswith(("§", "Par")):
        return f"{label}, {mark.rstrip('. ')}"
    if label.isascii() and bare.isascii():
        return f"{label}({bare})"
    return f"{label} {mark}"
