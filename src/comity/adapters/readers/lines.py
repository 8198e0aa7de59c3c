"""Lines turns the printed lines of pages into paragraphs: without running headers, page numbers and footnotes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from comity.adapters.readers.joining import Words, join_texts
from comity.engines.alignment.numbering import is_contents_line, read_marker
from comity.engines.alignment.texts import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.engines.alignment.texts import BlockKind


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. ``left``, ``right`` and ``bottom`` are in one unit, ``bottom`` grows up the page.

    ``size`` is the height of the letters in the same unit, ``bold`` whether they are heavy, ``page`` counts from 1.
    """

    text: str
    page: int
    left: float
    right: float
    bottom: float
    size: float
    bold: bool = False


_TERMINAL = re.compile(r"[.;:!?。；：！？…][\"'”’»」』)）\]]?\s?\d{0,3}$|[,，、]\s?(?:and|or|e|y|et|ou)$")
_BULLET = re.compile(r"[•●▪■◆–—>·*✓⚫◦‣➢・\uf000-\uf0ff-]{1,2}\s?(?=\S)")
_SURE_BULLET = re.compile(r"[•●▪■◆✓⚫◦‣➢\uf000-\uf0ff]\s?(?=\S)")
_WEAK = {
    "1.",
    "1)",
    "(1)",
    "a)",
    "(a)",
    "(A)",
    "A.",
    "i.",
    "(i)",
    "1",
    "가.",
    "(一)",
    "一、",
    "I –",
    "一 ",
    "２",
    "1-",
    "أ-",
    "(أ)",
    "(א)",
    "primero",
}
_FOOTNOTE = re.compile(r"[*†]?\s?\d{1,3}(?:\s|(?=[A-Z“\"「『]))|[*†]\s|\d{1,3}$")
_ENDS_IN_NUMBER = re.compile(r"\s\d{1,3}$")
_BRACKETED = re.compile(r"[（(][^（）()]{1,40}[）)]")
_RULE = re.compile(r"[_―—-]{8,}$")
_DIGITS = re.compile(r"\d+|\b[ivxlIVXL]{1,6}\b")
_EDGE = 6
_BAND = 0.14
_LONG = 120
_MOST_LINES = 300
_FEW_LINES = 8
_MOST_JOINED = 20_000


def build_blocks(*, pages: Sequence[Sequence[Line]], height: float = 0.0) -> list[Block]:
    """Return paragraphs, headings and items from the lines of each page, in reading order.

    ``height`` is that of a page in the unit of the lines, 0 where unknown. What is left out: lines that return at the
    same place on many pages (differing at most in digits), page numbers, and small print at the foot of a page that a
    number opens.
    """
    merged = [_merge_pieces(lines=_order_lines(lines=page)) for page in pages]
    body = _find_body_size(pages=merged)
    merged = [[x for x in page if not (x.text.strip().isdigit() and x.size < 0.85 * body)] for page in merged]
    kept = [_drop_footnotes(lines=page, body=body) for page in drop_furniture(pages=merged, height=height)]
    words = Words.of(texts=[x.text for page in kept for x in page])
    margin = _find_margin(lines=[x for page in kept for x in page])
    blocks: list[Block] = []
    open_end = False
    for page in kept:
        for number, group in enumerate(_group_lines(lines=page, body=body, margin=margin)):
            block = _make_block(group=group, body=body, words=words)
            if block is None:
                continue
            if number == 0 and open_end and _continues(before=blocks[-1], after=block):
                text = join_texts(first=blocks[-1].text, second=block.text, words=words)
                blocks[-1] = replace(blocks[-1], text=text)
            else:
                blocks.append(block)
            open_end = True
    return blocks


def drop_furniture(*, pages: Sequence[Sequence[Line]], height: float = 0.0, edge: int = _EDGE) -> list[list[Line]]:
    """Return the pages without page numbers and without lines that return at the same place on many pages.

    ``edge`` lines from either end of a page are looked at. Pages that hold nothing else come back as they are.
    """
    numbered = _drop_page_numbers(pages=[list(page) for page in pages])
    if not any(numbered):
        return [list(page) for page in pages]
    running = _find_running(pages=numbered, height=height, edge=edge)
    if all(_key(line=x) in running for page in numbered for x in page):
        running = set()  # nothing else is there, so this is the text
    return [[x for x in page if _key(line=x) not in running] for page in numbered]


def _order_lines(*, lines: Sequence[Line]) -> list[Line]:
    """Sort a page of one column from top to bottom; leave pages on which lines stand side by side as they came."""
    by_height = sorted(lines, key=lambda x: -x.bottom)
    for upper, lower in pairwise(by_height):
        beside = upper.bottom - lower.bottom < 0.5 * min(upper.size, lower.size)
        gap = max(upper.left, lower.left) - min(upper.right, lower.right)
        if beside and gap > 2 * max(upper.size, lower.size):
            return list(lines)
    place = {id(x): n for n, x in enumerate(lines)}
    rows: list[list[Line]] = []
    for line in by_height:
        if rows and rows[-1][0].bottom - line.bottom < 0.5 * min(rows[-1][0].size, line.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [x for row in rows for x in sorted(row, key=lambda x: (x.left, place[id(x)]))]


def _merge_pieces(*, lines: Sequence[Line]) -> list[Line]:
    """Make one line of pieces on one height, and drop the small raised digits that call a footnote."""
    rows: list[Line] = []
    for line in lines:
        last = rows[-1] if rows else None
        small_digits = line.text.strip().isdigit() and last is not None and line.size < 0.85 * last.size
        if last is None or not _same_row(first=last, second=line):
            rows.append(line)
        elif small_digits:
            rows[-1] = replace(last, right=max(last.right, line.right))
        else:
            space = "" if last.text.endswith(" ") or line.text.startswith(" ") else " "
            rows[-1] = replace(last, text=last.text + space + line.text, right=max(last.right, line.right))
    return [x for x in rows if x.text.strip()]


def _same_row(*, first: Line, second: Line) -> bool:
    return (
        abs(first.bottom - second.bottom) < 0.5 * max(first.size, second.size)
        and second.left >= first.right - 2
        and (second.left - first.right < 2 * max(first.size, second.size))
    )


def _find_body_size(*, pages: Sequence[Sequence[Line]]) -> float:
    weights: Counter[float] = Counter()
    for page in pages:
        for line in page:
            weights[round(line.size, 1)] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 1.0


def _drop_page_numbers(*, pages: list[list[Line]]) -> list[list[Line]]:
    """Drop a number that stands alone as the last line, or the first, of most pages, or that counts with the pages."""
    for place in (-1, 0):
        alone = [bool(p) and re.fullmatch(r"\W{0,3}\d{1,4}\W{0,3}", p[place].text.strip()) is not None for p in pages]
        numbered = [n for n, a in enumerate(alone) if a]
        steps = Counter(int(re.sub(r"\W", "", pages[n][place].text)) - n for n in numbered)
        step, often = steps.most_common(1)[0] if steps else (0, 0)
        most = sum(alone) * 2 > sum(bool(p) for p in pages)
        counting = often > 2 or (often > 1 and most)  # noqa: PLR2004  (three of a kind are no accident)
        if most and len(numbered) > 2:  # noqa: PLR2004  (three of a kind are no accident)
            drop = set(numbered)
        else:
            drop = {n for n in numbered if counting and int(re.sub(r"\W", "", pages[n][place].text)) - n == step}
        pages = [(p[:-1] if place else p[1:]) if n in drop else p for n, p in enumerate(pages)]
    return pages


def _key(*, line: Line) -> tuple[str, int, int]:
    return (_DIGITS.sub("#", line.text).strip(), round(line.bottom / 6), round(line.left / 40))


def _find_running(*, pages: Sequence[Sequence[Line]], height: float, edge: int) -> set[tuple[str, int, int]]:
    """Find the running headers and footers: the same words at one height on at least a quarter of the pages."""
    seen: Counter[tuple[str, int, int]] = Counter()
    alone: set[tuple[str, int, int]] = set()
    for page in pages:
        rows = sorted(page, key=lambda x: -x.bottom)
        ends = {id(x) for x in (*rows[:edge], *rows[-edge:])}
        for line in page:
            in_band = height > 0 and not height * _BAND < line.bottom < height * (1 - _BAND)
            if id(line) in ends or in_band:
                key = _key(line=line)
                if not height and not any(c.isalpha() for c in key[0]):
                    continue  # without a place on paper, only counting tells a page number from a figure
                seen[key] += 1
                if re.fullmatch(r"[\W_#]*(?:#[\W_]*){1,3}", key[0]) and in_band:
                    alone.add(key)
    least = max(2, len(pages) // 4 if len(pages) > 8 else 2)  # noqa: PLR2004  (in a short file two pages are many)
    near: Counter[str] = Counter()
    for (text, _, _), count in seen.items():
        near[text] += count
    running = {k for k, n in seen.items() if n >= least or (near[k[0]] >= 2 * least and n > 1)}
    return {k for k in running if not _is_mark(text=k[0])} | alone


def _is_mark(*, text: str) -> bool:
    """Whether a line that returns is more likely the head of an article, whose number differs, than a running header."""
    marker = read_marker(text=text.replace("#", "1"))
    return marker is not None and marker.level in {"article", "section", "decimal", "annex"} and len(text) < _LONG


def _drop_footnotes(*, lines: Sequence[Line], body: float) -> list[Line]:
    for place, line in enumerate(lines):
        if _RULE.fullmatch(line.text.strip()) and place > 0 and all(x.size < body for x in lines[place + 1 :]):
            return list(lines[:place])
    start = len(lines)
    while start > 0 and lines[start - 1].size <= 0.9 * body:
        start -= 1
    tail = lines[start:]
    opened = next((n for n, x in enumerate(tail) if _FOOTNOTE.match(x.text.strip())), None)
    if start == 0 or opened is None:
        return list(lines)
    return list(lines[: start + opened])


def _find_margin(*, lines: Sequence[Line]) -> float:
    return sorted(x.right for x in lines)[int(len(lines) * 0.9)] if lines else 0.0


def _group_lines(*, lines: Sequence[Line], body: float, margin: float) -> list[list[Line]]:
    if not lines:
        return []
    right = _find_margin(lines=lines) if len(lines) >= _FEW_LINES else margin
    groups = [[lines[0]]]
    gaps = [a.bottom - b.bottom for a, b in pairwise(lines)]
    for place, (before, line) in enumerate(pairwise(lines)):
        # The usual step is that of the lines around: a page may hold a table in narrower lines than its text.
        near = [g for g in gaps[max(0, place - 4) : place + 5] if 0 < g < 4 * body]
        step = median(near) if near else body
        if _breaks(before=before, line=line, right=right, step=step, group=groups[-1]):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _breaks(  # noqa: PLR0911  (one return for each reason to begin a paragraph)
    *, before: Line, line: Line, right: float, step: float, group: Sequence[Line]
) -> bool:
    text, last = line.text.strip(), before.text.strip()
    if len(group) >= _MOST_LINES:
        return True
    if is_contents_line(text=last) or is_contents_line(text=text):
        return True
    whole = read_marker(text=last)
    if whole is not None and not whole.rest and whole.level in {"article", "division", "annex", "addenda"}:
        return True
    if _ENDS_IN_NUMBER.search(last) and _ENDS_IN_NUMBER.search(text):
        return True
    gap = before.bottom - line.bottom
    large = before.size > 1.12 * step / 1.2 and before.bold == line.bold
    usual = max(step, 1.3 * line.size) if large else step
    if gap < 0 or gap > 1.4 * usual or abs(before.size - line.size) > 0.12 * max(before.size, line.size):
        return True
    width = right - min(group[0].left, before.left)
    runs_on = before.right > right - 0.04 * max(width, 1) and gap < 1.15 * step
    if before.bold != line.bold and not text[:1].islower() and not runs_on:
        return before.bold or _ends(text=last)
    short = before.right < right - 0.08 * max(width, 1)
    ended = _ends(text=last)
    marker = read_marker(text=text)
    if marker is not None and (marker.style not in _WEAK or ended or short):
        return True
    if _SURE_BULLET.match(text) or (_BULLET.match(text) and (ended or short)):
        return True
    if ended and (short or _BRACKETED.fullmatch(text) or line.left > group[0].left + line.size):
        return True
    very_short = before.right < right - 0.25 * max(width, 1)
    return very_short and not text[:1].islower() and not last.endswith((",", "-"))


def _ends(*, text: str) -> bool:
    return _TERMINAL.search(text[-20:]) is not None


def _make_block(*, group: Sequence[Line], body: float, words: Words) -> Block | None:
    text = ""
    for line in group:
        text = join_texts(first=text, second=line.text, words=words)
    text = " ".join(text.split())
    if not text:
        return None
    kind: BlockKind = "paragraph"
    level = 0
    large = group[0].size > 1.12 * body
    bold = all(x.bold for x in group)
    if (
        len(text) <= _LONG
        and (large or bold)
        and not re.search(r"[.;,。；，]$", text)
        and any(c.isalpha() for c in text)
    ):
        kind, level = "heading", 1 if group[0].size > 1.5 * body else 2 if large else 3
    elif _BULLET.match(text) or ((mark := read_marker(text=text)) is not None and mark.level == "point"):
        kind = "item"
    return Block(text=text, kind=kind, level=level, page=group[0].page)


def _continues(*, before: Block, after: Block) -> bool:
    """Whether a paragraph goes on over the page: it did not end, and what follows opens nothing."""
    if (
        before.kind == "heading"
        or after.kind != "paragraph"
        or _ends(text=before.text)
        or is_contents_line(text=before.text)
    ):
        return False
    if read_marker(text=after.text) is not None or is_contents_line(text=after.text):
        return False
    return 40 < len(before.text) < _MOST_JOINED and not after.text.isupper()  # noqa: PLR2004  (a line that short may be a title)
