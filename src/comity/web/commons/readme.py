"""The card of a release as plain text in blocks: nothing of it is run, and nothing in it becomes an address or a picture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SHOWN = 20_000
"""Characters of a card that a page shows: the whole is among the files."""
MOST_BLOCKS = 400
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
# A card is anybody's text: no two parts of an expression here can take the same signs, so that none is tried in many ways.
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)")
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\(([^)\s]{0,500})(?:[^\S\n][^)\n]{0,200})?\)")
_FRONT = re.compile(r"\A---[^\S\n]*\n(?:.*\n)*?(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)")
_STRESSED = re.compile(r"(\*\*|__|`)(?=\S)(.{1,300}?)(?<=\S)\1")
# What could turn the direction of the page or hide in it.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a card. ``kind`` is heading, text, list (of ``items``), code or cut (where the rest is left out)."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()


def plain_blocks(text: str, /) -> tuple[Block, ...]:
    r"""Return the blocks of a card in Markdown: headings, paragraphs, items and code; addresses stand beside their words.

    >>> plain_blocks("---\nlicense: mit\n---\n# Words\nSee [the list](http://x.example).\n- one\n")
    (Block(kind='heading', text='Words', items=()), Block(kind='text', text='See the list (http://x.example).', items=()), Block(kind='list', text='', items=('one',)))
    """
    whole = _UNSEEN.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    shown = _without_comments(_FRONT.sub("", whole[: MOST_SHOWN + 4000], count=1))[:MOST_SHOWN]
    blocks = _read(shown.split("\n"))
    is_cut = len(whole) > MOST_SHOWN or len(blocks) > MOST_BLOCKS
    return (*blocks[:MOST_BLOCKS], *((Block("cut"),) if is_cut else ()))


def _without_comments(text: str, /) -> str:
    kept, at = [], 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin + 4)) >= 0:
        kept.append(text[at:begin])
        at = end + 3
    return "".join([*kept, text[at:]])


def _read(lines: list[str], /) -> list[Block]:
    found: list[Block] = []
    for kind, group in groupby(_sorted(lines), key=lambda pair: pair[0]):
        texts = [text for _kind, text in group]
        if kind == "heading":
            found += [Block("heading", _plain(text)) for text in texts if text]
        elif kind == "item":
            found.append(Block("list", items=tuple(_plain(text) for text in texts)))
        elif kind == "code":
            found.append(Block("code", "\n".join(texts)))
        elif kind == "text":
            found.append(Block("text", _plain(" ".join(text.strip() for text in texts))))
    return found


def _sorted(lines: list[str], /) -> Iterator[tuple[str, str]]:
    """Yield what sort each line is of, with its text; what stands between two fences is code, and so is a table."""
    fence = ""
    for line in lines:
        opening = _FENCE.match(line)
        if opening and fence in {"", opening[1]}:
            fence = "" if fence else opening[1]
            yield "", ""
        elif fence or line.lstrip().startswith("|"):
            yield "code", line
        elif heading := _HEADING.match(line):
            yield "heading", heading[1].rstrip().rstrip("#").rstrip()
        elif item := _ITEM.match(line):
            yield "item", item[1]
        else:
            yield ("text" if line.strip() else ""), line


def _plain(text: str, /) -> str:
    said = _LINK.sub(lambda m: f"{m[1]} ({m[2]})" if m[1] and m[2] and m[1] != m[2] else m[1] or m[2], text)
    return _STRESSED.sub(r"\2", said)
