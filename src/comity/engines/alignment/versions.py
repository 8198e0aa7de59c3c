"""Compare two versions of an instrument by provision: what stayed, changed, moved, split, was merged, added or repealed.

Provisions of the same letters are paired first. The rest are paired at once by the assignment of greatest likeness (Kuhn, 1955;
Crouse, "On implementing 2D rectangular assignment algorithms", 2016, as in scipy), where likeness is the cosine of their words,
each by the square root of its count and its rarity, with the number of a provision and its place as a prior. Splits and
mergers are found by what a part covers of the whole.

Limits: a table of old by new provisions is held, so some thousands that changed are the most. A provision that was both
moved and rewritten so that few of its words are left is told as repealed and added. Nothing is said of what a change means.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from comity.engines.alignment.changes import Change
from comity.engines.alignment.differences import mark_differences
from comity.engines.alignment.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.engines.alignment.changes import Kind
    from comity.engines.alignment.differences import Stretch
    from comity.engines.alignment.texts import Provision

# Chosen on the synthetic versions of the seeds 0 to 4 of benchmarks/versions.py; its table is of other seeds.
FLOOR = 0.65
FLOOR_IN_PLACE = 0.35
FLOOR_OF_ONE_NUMBER = 0.3
SAME_NUMBER = 0.1
PLACE = 0.05
LEAST_COVERED = 0.7
LEAST_LIKE_WHOLE = 0.75
MOST_PARTS = 8
# Signs among the marks of punctuation that carry meaning; of other signs (<, ≥, €) none is dropped.
_MEANT = frozenset("%‰.,:/")
_BARE_POINT = re.compile(r"(?<!\d)[.,:/]|[.,:/](?!\d)")
FIRST_NOT_ASCII = 128
_KEPT_FORMS = ("<super>", "<sub>", "<fraction>")


def compare_versions(*, old: Sequence[Provision], new: Sequence[Provision]) -> tuple[Change, ...]:
    """Return what became of every provision, each in exactly one change, in the order of the new version.

    What was repealed stands after what followed it in the old one. A provision's text is its heading and its text. Refs are
    those of one list each; where a ref stands twice in a list the first is meant. Never raises.
    """
    texts_old, texts_new = _whole_texts(old), _whole_texts(new)
    letters_old, letters_new = [letters_of(text=t) for t in texts_old], [letters_of(text=t) for t in texts_new]
    pairs = _pair_same_letters(letters_old, letters_new, [p.ref for p in old], [p.ref for p in new])
    left_old = [i for i in range(len(old)) if i not in pairs]
    left_new = sorted(set(range(len(new))) - set(pairs.values()))
    likeness = _likeness(
        [Counter(_words(old[i], texts_old[i])) for i in left_old],
        [Counter(_words(new[j], texts_new[j])) for j in left_new],
    )
    # A heading stands over every part: it tells nothing of what went where.
    words_old = {i: Counter(_words(old[i], old[i].text)) for i in left_old}
    words_new = {j: Counter(_words(new[j], new[j].text)) for j in left_new}
    alike = {
        (left_old[r], left_new[c]): float(likeness[r, c])
        for r, c in _assign(likeness, left_old, left_new, old=old, new=new, follows=_anchor(pairs))
    }
    splits = _divide(alike, words_old, words_new)
    in_split = {j for parts in splits.values() for j in parts}
    mergers = _divide(
        {(j, i): value for (i, j), value in alike.items() if i not in splits and j not in in_split},
        {j: words for j, words in words_new.items() if j not in in_split},
        {i: words for i, words in words_old.items() if i not in splits},
    )
    return _told(
        old=old,
        new=new,
        pairs=pairs,
        alike=alike,
        splits=splits,
        mergers=mergers,
        texts=(texts_old, texts_new),
    )


def differences_of(*, change: Change, old: Sequence[Provision], new: Sequence[Provision]) -> tuple[Stretch, ...]:
    """Return where the words of a change differ, headings left out; what was added or repealed is one stretch.

    Nothing where the text stayed to the letter. The parts of a split or merger are read one after the other.
    """
    if change.kind in {"unchanged", "renumbered", "moved"}:
        return ()
    before = "\n".join(old[i].text for i in change.old)
    return mark_differences(old=before, new="\n".join(new[j].text for j in change.new))


def letters_of(*, text: str) -> str:
    """Return a text without spacing, punctuation and typography: what must be equal for it to be the same text.

    Letters, case, digits, raised digits and mathematical and currency signs stay; a point or comma between two digits stays.

    >>> letters_of(text="“High-risk”  AI") == letters_of(text='"High\u2011risk" AI')
    True
    >>> letters_of(text="1.5 %") == letters_of(text="15%"), letters_of(text="10²") == letters_of(text="102")
    (False, False)
    """
    plain = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return unicodedata.normalize("NFC", _BARE_POINT.sub("", plain).translate(_SAID))


def _plain_form(char: str) -> str:
    if char == "\u0640":  # the line that only stretches an Arabic word
        return ""
    form = unicodedata.decomposition(char)
    return unicodedata.normalize("NFKC", char) if form[:1] == "<" and not form.startswith(_KEPT_FORMS) else char


class _Plain(dict[int, str]):
    """Each character in its plain form, worked out once."""

    def __missing__(self, key: int) -> str:
        found = self[key] = chr(key) if key < FIRST_NOT_ASCII else _plain_form(chr(key))
        return found


class _Said(dict[int, "int | None"]):
    """Which characters say something: letters, digits, signs, and points that stand between two digits."""

    def __missing__(self, key: int) -> int | None:
        is_said = chr(key) in _MEANT or unicodedata.category(chr(key))[0] in "LNMS"
        found = self[key] = key if is_said else None
        return found


_PLAIN, _SAID = _Plain(), _Said()


def _whole_texts(provisions: Iterable[Provision]) -> list[str]:
    return [f"{p.heading}\n{p.text}" if p.heading else p.text for p in provisions]


def _words(provision: Provision, text: str) -> tuple[str, ...]:
    return tokens_of(text=text, language=provision.language)


def _pair_same_letters(
    old: Sequence[str], new: Sequence[str], refs_old: Sequence[str], refs_new: Sequence[str]
) -> dict[int, int]:
    """Pair provisions of the same letters: those of one ref first, then in their order."""
    where: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for i, text in enumerate(old):
        where[text][0].append(i)
    for j, text in enumerate(new):
        where[text][1].append(j)
    pairs: dict[int, int] = {}
    for before, after in where.values():
        by_ref = {refs_new[j]: j for j in reversed(after)}
        held = {i: by_ref[refs_old[i]] for i in before if refs_old[i] in by_ref}
        pairs |= held
        rest = [j for j in after if j not in set(held.values())]
        pairs |= dict(zip((i for i in before if i not in held), rest, strict=False))
    return pairs


def _likeness(old: Sequence[Counter[str]], new: Sequence[Counter[str]]) -> np.ndarray:
    """Return the cosine of words, shape (old, new)."""
    if not old or not new:
        return np.zeros((len(old), len(new)))
    columns = {word: n for n, word in enumerate(sorted(set().union(*old, *new)))}
    rows = [*old, *new]
    holders = Counter(word for counts in rows for word in counts)
    cells = [
        (row, columns[w], np.sqrt(n) * (0.3 + np.log1p(len(rows) / holders[w])))
        for row, counts in enumerate(rows)
        for w, n in counts.items()
    ]
    if not cells:
        return np.zeros((len(old), len(new)))
    r, c, v = (np.asarray(part) for part in zip(*cells, strict=True))
    table = sparse.csr_matrix((v, (r, c)), shape=(len(rows), len(columns)))
    norms = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    scaled = sparse.diags(1.0 / np.where(norms > 0, norms, 1.0)) @ table
    result: np.ndarray = (scaled[: len(old)] @ scaled[len(old) :].T).toarray()
    return result


def _anchor(pairs: Mapping[int, int]) -> Mapping[int, int]:
    """Return those pairs that keep one order, by old position: the ground on which places are compared."""
    ordered = sorted(pairs.items())
    kept = _longest_rising([j for _, j in ordered])
    return {ordered[n][0]: ordered[n][1] for n in sorted(kept)}


def _assign(
    likeness: np.ndarray,
    left_old: Sequence[int],
    left_new: Sequence[int],
    *,
    old: Sequence[Provision],
    new: Sequence[Provision],
    follows: Mapping[int, int],
) -> list[tuple[int, int]]:
    """Return the pairs (row, column) of the best assignment that are alike enough."""
    if not likeness.size:
        return []
    refs = np.asarray([old[i].ref for i in left_old])[:, None] == np.asarray([new[j].ref for j in left_new])[None, :]
    anchors_old, anchors_new = list(follows), list(follows.values())
    # After how many of what stayed does each stand? Equal numbers are equal places, whatever was put in before.
    at_old = np.asarray([bisect_left(anchors_old, i) for i in left_old])[:, None]
    at_new = np.asarray([bisect_left(anchors_new, j) for j in left_new])[None, :]
    near = 1.0 / (1.0 + np.abs(at_old - at_new))
    value = likeness + SAME_NUMBER * refs + PLACE * near
    floor = np.where(refs, FLOOR_OF_ONE_NUMBER, np.where(near == 1.0, FLOOR_IN_PLACE, FLOOR))
    value = np.where(likeness >= floor, value, 0.0)
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415  (takes long to import; few calls need it)

    rows, columns = linear_sum_assignment(value, maximize=True)
    return [(r, c) for r, c in zip(rows.tolist(), columns.tolist(), strict=True) if value[r, c] > 0]


def _divide(
    alike: Mapping[tuple[int, int], float],
    wholes: Mapping[int, Counter[str]],
    parts: Mapping[int, Counter[str]],
) -> dict[int, tuple[int, ...]]:
    """Return the wholes that went into several parts, with these in order.

    A part beside the first covers, to at least ``LEAST_COVERED`` of its words, what no other part has of the whole; together they
    make the whole again.
    """
    taken = {part for _, part in alike}
    free = [p for p in parts if p not in taken]
    first_of = dict(list(alike))
    found: dict[int, tuple[int, ...]] = {}
    for whole in sorted(wholes):
        words = wholes[whole]
        first = first_of.get(whole)
        left = words - (parts[first] if first is not None else Counter())
        group = [] if first is None else [first]
        for part in sorted(free, key=lambda p: (abs(p - (first if first is not None else whole)), p)):
            size = parts[part].total()
            if size and (left & parts[part]).total() >= LEAST_COVERED * size and len(group) < MOST_PARTS:
                group.append(part)
                left = left - parts[part]
        together = sum((parts[p] for p in group), Counter())
        if len(group) > 1 and _dice(words, together) >= LEAST_LIKE_WHOLE:
            found[whole] = tuple(sorted(group))
            free = [p for p in free if p not in group]
    return found


def _dice(a: Counter[str], b: Counter[str]) -> float:
    return 2 * (a & b).total() / max(a.total() + b.total(), 1)


def _told(
    *,
    old: Sequence[Provision],
    new: Sequence[Provision],
    pairs: Mapping[int, int],
    alike: Mapping[tuple[int, int], float],
    splits: Mapping[int, tuple[int, ...]],
    mergers: Mapping[int, tuple[int, ...]],
    texts: tuple[Sequence[str], Sequence[str]],
) -> tuple[Change, ...]:
    """Name each change, and put them in order."""
    texts_old, texts_new = texts
    in_split = {j for parts in splits.values() for j in parts}
    in_merger = {i for parts in mergers.values() for i in parts}
    going_on = dict(pairs)
    going_on |= {
        i: j for i, j in alike if i not in splits and j not in mergers and i not in in_merger and j not in in_split
    }
    for whole, group in splits.items():
        going_on[whole] = next((j for i, j in alike if i == whole and j in group), group[0])
    for whole, group in mergers.items():
        going_on[next((i for i, j in alike if j == whole and i in group), group[0])] = whole
    ordered = sorted(going_on)
    staying = _longest_rising([going_on[i] for i in ordered])
    moved = {i for n, i in enumerate(ordered) if n not in staying}
    found = []
    for i in ordered:
        j = going_on[i]
        other_ref, is_moved = old[i].ref != new[j].ref, i in moved
        olds, news = mergers.get(j, (i,)), splits.get(i, (j,))
        kind: Kind
        if i in splits:
            kind = "split"
        elif j in mergers:
            kind = "merged"
        elif i not in pairs:
            kind = "changed"
        elif texts_old[i] != texts_new[j]:
            kind = "reworded"
        else:
            kind = "moved" if is_moved else "renumbered" if other_ref else "unchanged"
        value = 1.0 if i in pairs else alike.get((i, j), 0.0)
        found.append(Change(kind, olds, news, (i, j), other_ref, is_moved, value))
    had = {j for change in found for j in change.new}
    gone = set(range(len(old))) - {i for change in found for i in change.old}
    found += [Change("added", (), (j,), None, False, False, 0.0) for j in range(len(new)) if j not in had]
    repealed = [Change("repealed", (i,), (), None, False, False, 0.0) for i in sorted(gone)]
    place = {i: going_on[i] for i in ordered}
    before = {i: place[ordered[n - 1]] if (n := bisect_left(ordered, i)) else -1 for i in gone}
    return tuple(
        sorted(
            [*found, *repealed],
            key=lambda c: (c.new[0], -1, -1) if c.new else (before[c.old[0]], 0, c.old[0]),
        )
    )


def _longest_rising(values: Sequence[int]) -> set[int]:
    """Return the places of a longest rising part of some numbers: what kept its order (patience sorting)."""
    ends: list[int] = []
    at: list[int] = []
    came_from: list[int] = []
    for place, value in enumerate(values):
        n = bisect_left(ends, value)
        came_from.append(at[n - 1] if n else -1)
        ends[n : n + 1] = [value]
        at[n : n + 1] = [place]
    kept: set[int] = set()
    place = at[-1] if at else -1
    while place >= 0:
        kept.add(place)
        place = came_from[place]
    return kept
