"""Show where two texts differ, word by word: what stayed, what was taken out, what was put in.

The longest matching blocks of Ratcliff and Obershelp (Ratcliff and Metzener, 1988, as in difflib) over words, or over
letters where a script writes no spaces; matches too small to read by are taken up into the change around them.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from comity.engines.alignment.tokens import pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Above this the junk heuristic of difflib is let in: exact matching is quadratic at worst.
MOST_EXACT = 3000

Part = tuple[tuple[str, ...], tuple[str, ...], bool]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text that stayed ("same"), was taken out ("removed") or was put in ("added"); never empty."""

    kind: Literal["same", "removed", "added"]
    text: str


def mark_differences(*, old: str, new: str) -> tuple[Stretch, ...]:
    """Return the stretches of both texts in reading order, what was removed before what was added in its place.

    Without the added ones they make the old text, without the removed ones the new one, letter by letter.

    >>> [(s.kind, s.text) for s in mark_differences(old="It shall apply.", new="It may apply.")]
    [('same', 'It '), ('removed', 'shall'), ('added', 'may'), ('same', ' apply.')]
    """
    a, b = pieces_of(text=old), pieces_of(text=new)
    head = _length_alike(a, b)
    tail = _length_alike(a[head:][::-1], b[head:][::-1])
    inner_a, inner_b = a[head : len(a) - tail], b[head : len(b) - tail]
    matcher = SequenceMatcher(None, inner_a, inner_b, autojunk=max(len(inner_a), len(inner_b)) > MOST_EXACT)
    parts = [(a[:head], b[:head], True)]
    parts += [(inner_a[i:j], inner_b[k:n], tag == "equal") for tag, i, j, k, n in matcher.get_opcodes()]
    parts.append((a[len(a) - tail :], b[len(b) - tail :], True))
    spans = [("".join(old), "".join(new), is_same) for old, new, is_same in _shifted(parts)]
    return tuple(_stretches(_joined(spans)))


def _shifted(parts: Sequence[Part]) -> Iterable[Part]:
    """Move what was only put in, or only taken out, as far on as it reads the same: a sentence then ends with its own point."""
    waiting = [part for part in parts if part[0] or part[1]]
    found: list[Part] = []
    for number, (old, new, is_same) in enumerate(waiting):
        ahead = waiting[number + 1][0] if number + 1 < len(waiting) and waiting[number + 1][2] else ()
        if is_same or (old and new) or not ahead:
            found.append((old, new, is_same))
            continue
        moving = old or new
        again = (moving * (len(ahead) // len(moving) + 1))[: len(ahead)]
        passed = ahead[: _length_alike(again, ahead)]
        turn = len(passed) % len(moving)
        turned = (*moving[turn:], *moving[:turn])
        found += [(passed, passed, True), (turned if old else (), () if old else turned, False)]
        waiting[number + 1] = (ahead[len(passed) :], ahead[len(passed) :], True)
    return found


def _length_alike(a: Sequence[str], b: Sequence[str]) -> int:
    for number, (one, other) in enumerate(zip(a, b, strict=False)):
        if one != other:
            return number
    return min(len(a), len(b))


def _joined(spans: Iterable[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    """Join neighbours of one kind; a match without a letter or digit, between two changes, is part of the change."""
    kept = [span for span in spans if span[0] or span[1]]
    last = len(kept) - 1
    found: list[tuple[str, str, bool]] = []
    for number, (old, new, is_same) in enumerate(kept):
        same = is_same and (number in {0, last} or any(c.isalnum() for c in old))
        if found and found[-1][2] == same:
            found[-1] = (found[-1][0] + old, found[-1][1] + new, same)
        else:
            found.append((old, new, same))
    return found


def _stretches(spans: Iterable[tuple[str, str, bool]]) -> Iterable[Stretch]:
    for old, new, is_same in spans:
        if is_same:
            yield Stretch(kind="same", text=old)
            continue
        if old:
            yield Stretch(kind="removed", text=old)
        if new:
            yield Stretch(kind="added", text=new)
