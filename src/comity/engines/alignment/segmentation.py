"""Segmentation parts a document into the provisions a reader would cite, and names each by its own number.

The scheme a text uses decides: articles, else sections, else decimal numbers, else numbered paragraphs, else headings
and paragraphs. References follow the Akoma Ntoso naming convention (OASIS, 2019): ``art_12__para_2``, ``annex_III``.
Reading takes time in proportion to the text; patterns look at the start of blocks and cannot backtrack far.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from comity.engines.alignment.segmentation_pieces import (
    MOST,
    Piece,
    Segment,
    Unit,
    claim_ref,
    ends_sentence,
    make_pieces,
)
from comity.engines.alignment.segmentation_prose import gather_prose, split_prose
from comity.engines.alignment.segmentation_split import pack_texts, split_unit
from comity.engines.alignment.segmentation_units import Division, gather_all, gather_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.engines.alignment.texts import Article, Block

__all__ = ["Division", "Segment", "count_recitals", "list_divisions", "segment_articles", "segment_blocks"]

_PARAGRAPH_STYLES = ("1.", "1", "(1)", "1)", "一、")
_LEAST_HEADS = 2
_MANY_HEADS = 10
_LEAST_LAW = 0.3
_LEAST_PARAGRAPHS = 3
_LEAST_DECIMALS = 4
_MOST_SHARE = 0.5
_LEAST_COVER = 0.5
_PREAMBLE_SENTENCE = 60


def segment_blocks(*, blocks: Sequence[Block], language: str) -> tuple[Segment, ...]:
    """Return the segments of a document in their order. ``language`` is BCP 47, ``und`` where unknown.

    Promises: every ``ref`` is unique; no text is empty or longer than 4,000 characters; the same blocks give the same
    segments. Titles, recitals, contents, signatures and references are left out. A document without numbers or
    headings comes as its paragraphs. An empty sequence gives an empty tuple.

    >>> from comity.engines.alignment.texts import Block
    >>> text = ["Article 1", "Scope", "1. This law is short.", "2. It binds all.", "Article 2", "It enters into force."]
    >>> [s.ref for s in segment_blocks(blocks=[Block(t) for t in text], language="en")]
    ['art_1__para_1', 'art_1__para_2', 'art_2']
    """
    pieces = make_pieces(blocks=blocks, language=language)
    taken: dict[str, int] = {}
    levels = {p.marker.level for p in pieces if p.marker is not None}
    for heads in ("article", "section"):
        units = gather_units(pieces=pieces, heads=heads, language=language) if heads in levels else []
        if _carry_text(units=units, heads=heads, total=sum(len(p.text) for p in pieces)):
            return _split_all(units=units, taken=taken, language=language)
    units = gather_units(pieces=pieces, heads="decimal", language=language) if "decimal" in levels else []
    if sum(u.level == "decimal" and u.ref.count("_") > 1 for u in units) >= _LEAST_DECIMALS:
        return _split_decimals(units=units, taken=taken, language=language)
    units = _find_paragraphs(pieces=pieces, language=language)
    if units:
        preamble = _split_preamble(pieces=pieces, first=units[0], taken=taken)
        return (*preamble, *_split_all(units=units, taken=taken, language=language))
    return tuple(s for u in gather_prose(pieces=pieces) for s in split_prose(unit=u, taken=taken))


def segment_articles(*, articles: Sequence[Article], language: str) -> tuple[Segment, ...]:
    """Return the segments of articles whose bounds a document states itself; each is parted only within, and one that is stated
    as whole is not, unless it is too long.

    Promises what ``segment_blocks`` does of names and lengths.

    >>> from comity.engines.alignment.texts import Article, Block
    >>> two = (Block("1. This law is short."), Block("2. It binds everyone."))
    >>> found = segment_articles(articles=[Article("art_1", "Article 1", "Scope", two)], language="en")
    >>> [(s.ref, s.heading, s.text) for s in found]
    [('art_1__para_1', 'Scope', '1. This law is short.'), ('art_1__para_2', 'Scope', '2. It binds everyone.')]
    """
    taken: dict[str, int] = {}
    found: list[Segment] = []
    for article in articles:
        if article.is_whole and len(article.blocks[0].text) <= MOST:
            ref = claim_ref(ref=article.ref, taken=taken)
            found.append(Segment(ref=ref, label=article.label, heading=article.heading, text=article.blocks[0].text))
            continue
        pieces = make_pieces(blocks=article.blocks, language=language)
        unit = Unit(ref=article.ref, label=article.label, heading=article.heading, page=0, pieces=pieces)
        found += split_unit(unit=unit, taken=taken, language=language)
    return tuple(found)


def list_divisions(*, blocks: Sequence[Block], language: str) -> tuple[Division, ...]:
    """Return the parts, titles and chapters of a law in their order, each with the first unit in it.

    Empty where the text has no articles or sections, or has them without divisions; those of annexes are not listed.

    >>> from comity.engines.alignment.texts import Block
    >>> text = ["Chapter I", "Scope", "Article 1", "This law is short.", "Chapter II", "Duties", "Article 2", "It binds all."]
    >>> [(d.ref, d.title, d.first) for d in list_divisions(blocks=[Block(t) for t in text], language="en")]
    [('chap_I', 'Scope', 'art_1'), ('chap_II', 'Duties', 'art_2')]
    """
    pieces = make_pieces(blocks=blocks, language=language)
    for heads in ("article", "section"):
        units, divisions = gather_all(pieces=pieces, heads=heads, language=language)
        if _carry_text(units=units, heads=heads, total=sum(len(p.text) for p in pieces)):
            return tuple(divisions)
    return ()


def count_recitals(*, blocks: Sequence[Block]) -> int:
    """Return how many recitals, numbered ``(1)``, ``(2)`` and so on, stand before the first article."""
    count = 0
    for piece in make_pieces(blocks=blocks, language="und"):
        if piece.marker is None:
            continue
        if piece.marker.level == "article":
            return count
        if piece.marker.style == "(1)" and piece.marker.order == (count + 1,):
            count += 1
    return 0


def _carry_text(*, units: Sequence[Unit], heads: str, total: int) -> bool:
    """Whether articles or sections are the body of a text, and not two paragraphs that begin by naming another law."""
    own = [u.size for u in units if u.level == heads and u.size]
    if len(own) < _LEAST_HEADS:
        return False
    covered = sum(u.size for u in units)
    begins = next(u.label for u in units if u.level == heads)
    first = any(c.isdigit() for c in begins) and re.findall(r"[0-9]+", begins)[-1:] != ["1"]
    lopsided = first and len(own) < _MANY_HEADS and total > 2 * MOST and max(own) > _MOST_SHARE * total
    return not lopsided and (
        covered >= _LEAST_LAW * total or (len(own) >= _MANY_HEADS and covered >= _LEAST_LAW * total / 3)
    )


def _split_all(*, units: Sequence[Unit], taken: dict[str, int], language: str) -> tuple[Segment, ...]:
    return tuple(
        s for u in units for s in split_unit(unit=u, taken=taken, language=language, always=u.level == "annex")
    )


def _split_decimals(*, units: Sequence[Unit], taken: dict[str, int], language: str) -> tuple[Segment, ...]:
    """Part decimal sections: by their points where they are lists, as in a standard; else by their paragraphs."""
    found: list[Segment] = []
    for unit in units:
        lists = sum(p.marker is not None and p.marker.level == "point" for p in unit.pieces)
        if lists > 1:
            found += split_unit(unit=unit, taken=taken, language=language, always=True)
        else:
            found += split_prose(unit=unit, taken=taken)
    return tuple(found)


def _find_paragraphs(*, pieces: Sequence[Piece], language: str) -> list[Unit]:
    """Find the numbered paragraphs that are the body of a text: they cover half of it, and none is half of it."""
    total = sum(len(p.text) for p in pieces)
    styles = {p.marker.style for p in pieces if p.marker is not None}
    for style in (s for s in _PARAGRAPH_STYLES if s in styles):
        units = gather_units(pieces=pieces, heads=style, language=language)
        own = [u for u in units if u.level == style]
        if len(own) < _LEAST_PARAGRAPHS:
            continue
        if sum(u.size for u in units) >= _LEAST_COVER * total and max(u.size for u in own) <= _MOST_SHARE * total:
            return units
    return []


def _split_preamble(*, pieces: Sequence[Piece], first: Unit, taken: dict[str, int]) -> list[Segment]:
    """Return the sentences before the first numbered paragraph, for in resolutions and codes they say what binds."""
    before: list[Piece] = []
    for piece in pieces:
        if first.pieces and piece.text.startswith(first.pieces[0].text[:40]):
            break
        before.append(piece)
    if len(before) == len(pieces):
        return []
    said = [p for p in before if len(p.text) >= _PREAMBLE_SENTENCE and ends_sentence(text=p.text) and p.kind != "table"]
    found: list[Segment] = []
    for number, piece in enumerate(said, start=1):
        for cut, (text, page) in enumerate(pack_texts(texts=[piece.text], pages=[piece.page], most=MOST), start=1):
            ref = f"preamble__para_{number}" + ("" if cut == 1 else f"__split_{cut}")
            found.append(Segment(claim_ref(ref=ref, taken=taken), f"¶ {number}", "", text, page))
    return found
