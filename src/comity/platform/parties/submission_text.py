"""Check the words of a text before it is kept, and compare two versions of it word by word."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_TITLE = 200
MOST_TEXT = 20_000
MOST_COMMENT = 2_000
# Control characters and overrides of direction: they hide what a reader is asked to clear.
HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
# A word with the space after it, a Chinese or Japanese sign, or a mark of punctuation.
PART = re.compile(r"(?:[\u3400-\u9fff\u3040-\u30ff]|[^\W_\u3400-\u9fff\u3040-\u30ff]+|\s+|[^\w\s]|_)[^\S\n]*")
# How many pairs of like words are looked at; beyond it, whole paragraphs are compared.
MOST_PAIRS = 60_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that is the ``same`` in both versions, only in the new one (``ins``) or only in the old (``del``)."""

    kind: str
    text: str


def demand_text(found: str, *, name: str, most: int) -> str:
    """Return a text with one form of line end, trimmed. Raises BadParameter where it is empty, too long, or hides signs."""
    text = found.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise BadParameter(name=name, found="", allowed=f"1 to {most} characters")
    if len(text) > most:
        raise BadParameter(name=name, found=f"{len(text)} characters", allowed=f"1 to {most} characters")
    if hidden := HIDDEN.search(text):
        raise BadParameter(
            name=name, found=f"U+{ord(hidden[0]):04X}", allowed="text without control or direction-override characters"
        )
    return text


def demand_title(found: str, *, most: int) -> str:
    """Return a title on one line. Raises BadParameter as for a text."""
    title = demand_text(found, name="title", most=most)
    if "\n" in title:
        raise BadParameter(name="title", found="more than one line", allowed="one line")
    return title


def demand_language(found: str) -> str:
    """Return a language tag such as ``fr`` or ``zh-Hans``. Raises BadParameter."""
    if not LANGUAGE.fullmatch(found):
        raise BadParameter(name="language", found=found[:20], allowed="a tag such as fr or zh-Hans")
    return found


def compare_words(*, old: str, new: str) -> tuple[tuple[Piece, ...], ...]:
    """Return the new text by paragraphs, with what came in and what went out, word by word.

    Where two long texts share many like words, only their paragraphs are compared, so that none takes long. The pieces
    that are not ``del`` join to the new text, those that are not ``ins`` to the old one, up to spaces and empty lines.

    >>> compare_words(old="within thirty days.", new="within fifteen days.")[0][1:3]
    (Piece(kind='del', text='thirty '), Piece(kind='ins', text='fifteen '))
    """
    before, after = PART.findall(old), PART.findall(new)
    if _pairs(before, after) > MOST_PAIRS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if _pairs(before, after) > MOST_PAIRS:
        return _paragraphs(iter((Piece("del", f"{old}\n"), Piece("ins", new))))
    return _paragraphs(_pieces(before, after))


def _pairs(before: list[str], after: list[str]) -> int:
    """Return how many pairs of like words lie between what two texts have in common at their ends."""
    start, end = _shared_ends(_keys(before), _keys(after))
    counted = Counter(_keys(after[start : len(after) - end]))
    return sum(counted[key] for key in _keys(before[start : len(before) - end]))


def _keys(parts: list[str]) -> list[str]:
    """Return words without the space after them: a word at the end of a line is the same word."""
    return [part.strip(" \t") or part for part in parts]


def _shared_ends(before: list[str], after: list[str]) -> tuple[int, int]:
    most = min(len(before), len(after))
    start = next((n for n in range(most) if before[n] != after[n]), most)
    most -= start
    end = next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)
    return start, end


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    for same, i, j, p, q in _matched(_keys(before), _keys(after)):
        if same:
            yield Piece("same", "".join(after[p:q]))
            continue
        if i < j:
            yield Piece("del", "".join(before[i:j]))
        if p < q:
            yield Piece("ins", "".join(after[p:q]))


def _matched(before: list[str], after: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """Match from the front and from the end, and take what keeps like words nearer to their old places."""
    start, end = _shared_ends(before, after)
    n, m = len(before) - end, len(after) - end
    middle, changed = before[start:n], after[start:m]
    front = [(same, i + start, j + start, p + start, q + start) for same, i, j, p, q in _spans(middle, changed)]
    back = [(same, n - j, n - i, m - q, m - p) for same, i, j, p, q in reversed(_spans(middle[::-1], changed[::-1]))]

    def cost(spans: list[tuple[bool, int, int, int, int]]) -> tuple[int, int]:
        kept = [(i, j, p) for same, i, j, p, _q in spans if same]
        return -sum(j - i for i, j, _p in kept), sum(abs(i - p) for i, _j, p in kept)

    found = min(front, back, key=cost)
    return [(True, 0, start, 0, start), *found, (True, n, len(before), m, len(after))]


def _spans(before: list[str], after: list[str]) -> list[tuple[bool, int, int, int, int]]:
    codes = SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
    return [(tag == "equal", i, j, p, q) for tag, i, j, p, q in codes]


def _paragraphs(pieces: Iterator[Piece]) -> tuple[tuple[Piece, ...], ...]:
    rows: list[list[Piece]] = [[]]
    for piece in _joined(pieces):
        first, *rest = piece.text.split("\n")
        if first:
            rows[-1].append(Piece(piece.kind, first))
        rows.extend([Piece(piece.kind, line)] if line else [] for line in rest)
    return tuple(tuple(row) for row in rows if row)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    last: Piece | None = None
    for piece in pieces:
        if last is not None and last.kind == piece.kind:
            last = Piece(last.kind, last.text + piece.text)
            continue
        if last is not None and last.text:
            yield last
        last = piece
    if last is not None and last.text:
        yield last
