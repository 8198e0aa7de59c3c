"""Joining puts the end of one printed line and the start of the next together again, as the language writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HYPHENS = "\u0002\ufffe\u00ad"
"""What PDFium and typesetters write for a hyphen at the end of a line."""

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST = re.compile(r"([^\W\d_]+)$")
_FIRST = re.compile(r"([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a document, in lower case, by which a word cut at the end of a line is recognised."""

    seen: frozenset[str]

    @classmethod
    def of(cls, *, texts: Iterable[str]) -> Words:
        """Collect the words of lines that stand whole: the last of each line is left out, for it may be cut."""
        seen: set[str] = set()
        for text in texts:
            found = [w.lower() for w in _WORD.findall(text)]
            seen.update(found[1:-1])
        return cls(seen=frozenset(seen))


def join_texts(*, first: str, second: str, words: Words) -> str:
    """Return two lines as one text.

    A hyphen at the end goes where the word is known whole, and stays where the document writes it with one or knows
    both halves alone. Chinese and Japanese take no space; Korean takes one unless the document knows the word whole.

    >>> join_texts(first="the evi-", second="dence shows", words=Words.of(texts=["all evidence here"]))
    'the evidence shows'
    >>> join_texts(first="bem\ufffe", second="estar", words=Words.of(texts=["o bem-estar social"]))
    'bem-estar'
    >>> join_texts(first="安全", second="要求", words=Words(frozenset()))
    '安全要求'
    """
    first, second = first.rstrip(), second.lstrip()
    if not first or not second:
        return first or second
    mark = first[-1]
    if mark in HYPHENS or (mark == "-" and first[-2:-1].isalpha() and second[:1].islower()):
        return _join_hyphen(first=first[:-1], second=second, words=words)
    if _is_hangul(char=mark) and _is_hangul(char=second[0]):
        return first + _korean_space(first=first, second=second, words=words) + second
    if _takes_no_space(char=mark) and _takes_no_space(char=second[0]):
        return first + second
    return f"{first} {second}"


def restore_hyphens(*, text: str, words: Words) -> str:
    """Return ``text`` with the marks PDFium leaves for hyphens inside its lines resolved the same way."""
    pieces = re.split(f"[{HYPHENS}]", text)
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = _join_hyphen(first=whole, second=piece.lstrip("\r\n"), words=words)
    return whole


def _join_hyphen(*, first: str, second: str, words: Words) -> str:
    start, end = _LAST.search(first), _FIRST.match(second)
    if start is None or end is None:
        return f"{first}-{second}"
    one, two = start.group(1).lower(), end.group(1).lower()
    if f"{one}-{two}" in words.seen and one + two not in words.seen:
        return f"{first}-{second}"
    known = one + two in words.seen
    halves = one in words.seen and two in words.seen
    return f"{first}-{second}" if halves and not known else first + second


def _korean_space(*, first: str, second: str, words: Words) -> str:
    start, end = re.search(r"([가-힣]+)$", first), re.match(r"([가-힣]+)", second)
    if start is None or end is None:
        return ""
    one, two = start.group(1), end.group(1)
    if one + two in words.seen:
        return ""
    return " " if one in words.seen and two in words.seen else ""


def _is_hangul(*, char: str) -> bool:
    return "가" <= char <= "힣"


def _takes_no_space(*, char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" or char in "“”‘’—…"
