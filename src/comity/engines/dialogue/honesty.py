"""Honesty checks: near-duplicate statements and coordinated accounts, and what the common ground would be without them.

What is found is published beside the result and never silently removed: a person decides what it means. Texts are compared by the
pieces of a few letters that they share (Broder, "On the resemblance and containment of documents", 1997), which
asks for no dictionary and works in any script.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from comity.engines.dialogue.results import Effect, NearDuplicate
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from comity.engines.dialogue.results import CommonGround

ALIKE_TEXTS = 0.6
"""The share of common pieces from which two texts are near-duplicates: one word of a sentence changed, or their order."""
ALIKE_VECTORS = 0.92
"""The cosine from which two vectors of meaning are."""
LETTERS, SIGNS = 3, 2
"""Letters to a piece; where one sign is a syllable or a word (Chinese, Japanese, Korean), two."""
_FORMS = str.maketrans({"ى": "ي", "ة": "ه", "ـ": "", "ٱ": "ا"})


def find_near_duplicates(
    *,
    texts: Mapping[str, str],
    answers: Mapping[str, int],
    vectors: NDArray[np.floating] | None = None,
    least: float | None = None,
) -> tuple[NearDuplicate, ...]:
    """Return which statements nearly repeat another, by id of the one that repeats; each stands once.

    ``texts`` maps ids to the words, all in one language, or in the original ones; ``answers`` to how many answered: of two the one
    with more is kept, then the lesser id. ``vectors`` are unit vectors, shape (texts, size), in the order of the sorted ids;
    with them meanings are compared (cosine), without them spellings (share of common pieces, among texts that name the same
    numbers). Two are near-duplicates from ``least`` on; whether one says the opposite is for a person to see. What is like
    a repetition alone stands for itself: no chains.
    Raises BadParameter where there is not one vector to each text.
    """
    names = sorted(texts)
    if vectors is not None and len(vectors) != len(names):
        raise BadParameter(name="vectors", found=str(len(vectors)), allowed=f"{len(names)}, one for each text")
    if vectors is None:
        pairs = _near_texts([texts[n] for n in names], ALIKE_TEXTS if least is None else least)
    else:
        pairs = _near_vectors(vectors, ALIKE_VECTORS if least is None else least)
    near: dict[int, dict[int, float]] = {}
    for a, b, similarity in pairs:
        near.setdefault(a, {})[b] = near.setdefault(b, {})[a] = similarity
    repeated: set[int] = set()
    found: list[NearDuplicate] = []
    for kept in sorted(near, key=lambda i: (-answers.get(names[i], 0), i)):
        if kept in repeated:
            continue
        # One with more answers would have come before, and would have this one among its repetitions.
        for other in sorted(near[kept].keys() - repeated):
            repeated.add(other)
            found.append(NearDuplicate(kept=names[kept], other=names[other], similarity=near[kept][other]))
    return tuple(sorted(found, key=lambda d: d.other))


def cut_pieces(*, text: str) -> frozenset[str]:
    """Return the pieces of a text: every run of a few letters, words being joined by one space, case and accents folded.

    >>> sorted(cut_pieces(text="Él va"))
    [' el', ' va', 'el ', 'l v', 'va ']
    >>> sorted(cut_pieces(text="人工智能"))
    ['人工', '工智', '智能']
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_FORMS)
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    folded = unicodedata.normalize("NFC", " ".join(kept.split()))
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in folded)
    if 2 * wide > len(folded):
        signs = folded.replace(" ", "")
        return frozenset(signs[i : i + SIGNS] for i in range(max(len(signs) - SIGNS + 1, 1))) if signs else frozenset()
    padded = f" {folded} "
    return frozenset(padded[i : i + LETTERS] for i in range(len(padded) - LETTERS + 1)) if folded else frozenset()


def _numbers_in(text: str) -> tuple[str, ...]:
    """Return the numbers that a text names, in order of size, digits of every script alike."""
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return tuple(sorted(re.findall(r"[0-9]+(?:[.,][0-9]+)*", digits)))


def _near_texts(texts: Sequence[str], least: float) -> Iterable[tuple[int, int, float]]:
    pieces = [cut_pieces(text=t) for t in texts]
    number = {piece: i for i, piece in enumerate(sorted(frozenset().union(*pieces)))} if pieces else {}
    size = np.array([len(p) for p in pieces], dtype=np.int64)
    columns = np.array([number[p] for each in pieces for p in sorted(each)], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(size)])
    holds = csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(texts), max(len(number), 1)))
    both = (holds @ holds.T).tocoo()
    above = both.row < both.col
    a, b, shared = both.row[above], both.col[above], both.data[above]
    similarity = shared / (size[a] + size[b] - shared)
    # "Above 50,000 a year" and "above 100,000 a year" differ in the one word that matters.
    names = {numbers: i for i, numbers in enumerate(dict.fromkeys(map(_numbers_in, texts)))}
    named = np.array([names[_numbers_in(t)] for t in texts], dtype=np.int64)
    alike = (similarity >= least) & (named[a] == named[b])
    return zip(a[alike].tolist(), b[alike].tolist(), similarity[alike].tolist(), strict=True)


def _near_vectors(vectors: NDArray[np.floating], least: float) -> Iterable[tuple[int, int, float]]:
    cosine = np.asarray(vectors, dtype=np.float64) @ np.asarray(vectors, dtype=np.float64).T
    a, b = np.nonzero(np.triu(cosine >= least, 1))
    return zip(a.tolist(), b.tolist(), cosine[a, b].tolist(), strict=True)


def compare_grounds(*, found: Collection[CommonGround], without: Collection[CommonGround]) -> Effect:
    """Return how the common ground differs from what it would be ``without`` the near-duplicates and coordinated accounts."""
    before = {(c.statement, c.direction): c.lower for c in found}
    after = {(c.statement, c.direction): c.lower for c in without}
    return Effect(
        gained=tuple(sorted(after.keys() - before.keys())),
        lost=tuple(sorted(before.keys() - after.keys())),
        moved=tuple(
            (*key, before[key], after[key])
            for key in sorted(before.keys() & after.keys())
            if round(before[key], 9) != round(after[key], 9)
        ),
    )
