"""Mark in a text the words that a search asked for, and cut out the part of a long text where they stand closest."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.engines.alignment.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

LONGEST = 320
"""Characters of a snippet: about four lines on a wide page, ten on a narrow one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, as it stands; ``marked`` where it is a word asked for."""

    text: str
    marked: bool


def mark_words(*, text: str, language: str, words: Collection[str]) -> tuple[Piece, ...]:
    """Return a text in pieces that join to exactly that text; words whose token is among ``words`` are marked.

    ``words`` are tokens, as tokens_of gives them. Scripts without spaces are marked by the pair of characters.

    >>> [p.text for p in mark_words(text="The Providers' duty", language="en", words=["provider"]) if p.marked]
    ['Providers']
    >>> [p.text for p in mark_words(text="生成式人工智能服务", language="zh", words=["人工", "工智", "智能"]) if p.marked]
    ['人工智能']
    """
    return _pieces(text, _spans(text, language, words), 0, len(text))


def cut_snippet(
    *, text: str, language: str, words: Collection[str], most: int = LONGEST
) -> tuple[tuple[Piece, ...], bool, bool]:
    """Return the pieces of at most ``most`` characters where most marks stand, and whether text was left off before and after.

    Of windows with as many marks the first is taken; without any mark, the beginning. It opens and ends between words
    where there are spaces.
    """
    spans = _spans(text, language, words)
    if len(text) <= most:
        return _pieces(text, spans, 0, len(text)), False, False
    start = _densest(spans, most)
    if start:
        # Some words before the first mark, and never half a word.
        early = max(start - most // 4, 0)
        space = text.find(" ", early, start)
        start = 0 if early == 0 else space + 1 if space >= 0 else start
    end = min(start + most, len(text))
    if end < len(text) and (space := text.rfind(" ", start + most // 2, end)) > 0:
        end = space
    return _pieces(text, spans, start, end), start > 0, end < len(text)


def _densest(spans: list[tuple[int, int]], most: int) -> int:
    """Return where the stretch of three quarters of ``most`` with most marks begins."""
    width = most * 3 // 4
    best, best_count = 0, 0
    for number, (start, _) in enumerate(spans):
        count = sum(1 for _, end in spans[number:] if end <= start + width)
        if count > best_count:
            best, best_count = start, count
    return best


def _spans(text: str, language: str, words: Collection[str]) -> list[tuple[int, int]]:
    asked = frozenset(words)
    # Written three times, a word of a script that is cut into pairs of characters gives more than one token.
    pairs = {w for w in asked if len(tokens_of(text=w * 3, language="und")) > 1}
    found = [span for pair in sorted(pairs) for span in _places(text, pair)]
    if whole := asked - pairs:
        known: dict[str, bool] = {}
        for start, end in _runs(text):
            word = text[start:end]
            if word not in known:
                known[word] = bool(whole.intersection(tokens_of(text=word, language=language)))
            if known[word]:
                found.append((start, end))
    return _joined(sorted(found))


def _places(text: str, word: str) -> Iterator[tuple[int, int]]:
    place = text.find(word)
    while place >= 0:
        yield place, place + len(word)
        place = text.find(word, place + 1)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each run of letters, digits and their marks begins and ends."""
    start = -1
    for place, letter in enumerate(text):
        inside = letter.isalnum() or (start >= 0 and unicodedata.category(letter)[0] == "M") or letter == "ـ"
        if inside and start < 0:
            start = place
        elif not inside and start >= 0:
            yield start, place
            start = -1
    if start >= 0:
        yield start, len(text)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted spans with those that overlap or touch made one."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _pieces(text: str, spans: list[tuple[int, int]], first: int, last: int) -> tuple[Piece, ...]:
    found: list[Piece] = []
    here = first
    for start, end in spans:
        if end <= first or start >= last:
            continue
        start, end = max(start, first), min(end, last)  # noqa: PLW2901  (a mark may be cut by the edge)
        if start > here:
            found.append(Piece(text=text[here:start], marked=False))
        found.append(Piece(text=text[start:end], marked=True))
        here = end
    if here < last:
        found.append(Piece(text=text[here:last], marked=False))
    return tuple(found)
