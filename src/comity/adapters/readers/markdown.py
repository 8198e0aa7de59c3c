"""Markdown gives headings, paragraphs, items and table rows, as converters from PDF write them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from comity.engines.alignment.numbering import is_contents_line, read_marker
from comity.engines.alignment.texts import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.engines.alignment.texts import BlockKind

_PAGE = re.compile(r"\{(\d{1,5})\}-{4,}$")
_HEADING = re.compile(r"(#{1,6})\s+(\S.*)$")
_BULLET = re.compile(r"[-*+•]\s+")
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,500}\)")
_LINK = re.compile(r"\[([^\[\]\n]{0,500})\]\([^()\n]{0,500}\)")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\n]{1,30}\]:?")
_TAG = re.compile(r"</?(?:sup|sub|br|b|i|u|em|strong|span|a|p|div|center)(?:\s[^<>\n]{0,300})?/?>", re.IGNORECASE)
_STARRED = re.compile(r"\*{1,3}(?=\S)([^*\n]{1,1000})(?<=\S)\*{1,3}")
_UNDERLINED = re.compile(r"__(?=\S)([^_\n]{1,1000})(?<=\S)__")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_CELL_RULE = re.compile(r"\|?[\s:|-]{3,}\|?$")
_MOST_JOINED = 20_000
_TERMINAL = re.compile(r"[.;:!?。；：！？][\"'”’)）\]]?$")


def read_markdown(*, text: str) -> tuple[list[Block], int]:
    """Return the blocks of a Markdown text, and its pages where page marks such as ``{3}----`` part it (else 0).

    Pictures and the lines that return at the end of every page are left out. A bullet before a numbered paragraph is
    the converter's, so the number stays and the bullet goes. A row of a table is one block, cells parted by `` | ``.
    """
    blocks: list[Block] = []
    pages = 0
    for text_line, kind, level, page in _group_lines(text=text):
        if kind is None:
            pages += 1
            continue
        clean = clean_inline(text=text_line)
        if clean:
            blocks.append(Block(text=clean, kind=kind, level=level, page=page))
    return _join_over_pages(blocks=_drop_running(blocks=blocks, pages=pages)), pages


def _join_over_pages(*, blocks: list[Block]) -> list[Block]:
    """Join a paragraph that did not end with the one that opens the next page."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else block
        goes_on = last.page < block.page and last.kind in {"paragraph", "item"} and len(last.text) < _MOST_JOINED
        if goes_on and _continues(before=last.text, after=block):
            joined[-1] = replace(last, text=f"{last.text} {block.text}")
        else:
            joined.append(block)
    return joined


def _continues(*, before: str, after: Block) -> bool:
    if after.kind != "paragraph" or _TERMINAL.search(before) is not None:
        return False
    return read_marker(text=after.text) is None and not is_contents_line(text=after.text)


def clean_inline(*, text: str) -> str:
    r"""Return a line of Markdown as plain text, white space folded.

    >>> clean_inline(text="The **GOVERN** function ([link](https://x.example)) \\* <sup>3</sup>")
    'The GOVERN function (link) * 3'
    """
    text = _FOOTNOTE.sub("", _IMAGE.sub("", text))
    text = _TAG.sub(" ", _LINK.sub(r"\1", text))
    text = _UNDERLINED.sub(r"\1", _STARRED.sub(r"\1", text))
    return " ".join(_ESCAPE.sub(r"\1", text).replace("\u200b", "").split())


def _group_lines(*, text: str) -> Iterator[tuple[str, BlockKind | None, int, int]]:
    """Yield (text, kind, level, page) for each block; kind None stands for a page mark."""
    page = 0
    held: list[str] = []
    kind: BlockKind = "paragraph"

    def release() -> Iterator[tuple[str, BlockKind | None, int, int]]:
        if held:
            yield " ".join(held), kind, 0, page
            held.clear()

    for raw in text.split("\n"):
        line = raw.strip()
        mark = _PAGE.match(line)
        heading = _HEADING.match(line) if len(line) < 2_000 else None  # noqa: PLR2004  (a heading is short)
        bullet = _BULLET.match(line)
        if mark is not None:
            yield from release()
            page = int(mark.group(1)) + 1
            yield "", None, 0, page
        elif not line or re.fullmatch(r"[-*_]{3,}|`{3,}.{0,40}", line):
            yield from release()
            kind = "paragraph"
        elif heading is not None:
            yield from release()
            yield heading.group(2).rstrip("# "), "heading", len(heading.group(1)), page
        elif line.startswith("|") and line.count("|") > 1:
            yield from release()
            yield _join_cells(line=line), "table", 0, page
        else:
            if bullet is not None or (held and _opens_after(before=held[-1], line=line)):
                yield from release()
                kind = "item" if bullet is not None else "paragraph"
            held.append(line[bullet.end() :] if bullet is not None else line)
    yield from release()


def _join_cells(*, line: str) -> str:
    if _CELL_RULE.fullmatch(line):
        return ""
    return " | ".join(c.strip() for c in line.strip("|").split("|") if c.strip())


def _opens_after(*, before: str, line: str) -> bool:
    return read_marker(text=line) is not None and _TERMINAL.search(before) is not None


def _drop_running(*, blocks: list[Block], pages: int) -> list[Block]:
    """Leave out short lines that return on at least a quarter of the pages, differing at most in digits."""
    least = max(3, pages // 4)
    folded = [re.sub(r"\d+", "#", b.text) for b in blocks]
    counts = Counter(t for t, b in zip(folded, blocks, strict=True) if b.kind == "paragraph" and len(t) < 120)  # noqa: PLR2004  (a line, not a paragraph)
    if pages < least:
        return blocks
    return [
        b
        for t, b in zip(folded, blocks, strict=True)
        if b.kind != "paragraph" or counts[t] < least or read_marker(text=b.text) is not None
    ]
