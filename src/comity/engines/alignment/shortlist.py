"""Score only the likeliest pairs of a large collection, so that memory grows with its provisions and not with their square.

Each provision is compared with its nearest by words and its nearest by meaning. Means and deviations are still those over all
provisions of other instruments: by words from each row as it passes, by meaning from sums and the Gram matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.alignment import fusion
from comity.engines.alignment.lexical import score_cells, score_words
from comity.engines.alignment.nearest import Neighbours, join_tiles, nearest_texts, tiles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from comity.engines.alignment.lexical import LexicalIndex

    Find = Callable[[np.ndarray, int], Neighbours]

SHORTEST = 64
CELLS = 8_000_000
"""Scores of words held at once: 64 MB."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Pairs (i, j) of provisions of different instruments, each in both directions, and their fused score, alike in both."""

    first: np.ndarray
    second: np.ndarray
    scores: np.ndarray


def find_in_tiles(vectors: np.ndarray, most: int, /) -> Neighbours:
    """Return the ``most`` nearest other rows of each row of ``vectors`` (n, d), one tile after another."""
    held = np.ascontiguousarray(vectors, dtype=np.float32)
    tiles = [
        nearest_texts(queries=held[rows], texts=held, most=most, first=rows.start)
        for rows in tiles_of(queries=len(held))
    ]
    return join_tiles(tiles=tiles)


def shortlist_pairs(
    *,
    index: LexicalIndex,
    tokens: Sequence[Sequence[str]],
    vectors: np.ndarray | None,
    known: np.ndarray,
    owner: np.ndarray,
    find: Find = find_in_tiles,
    most: int = SHORTEST,
    weights: tuple[float, float] = (fusion.WORDS, fusion.MEANING),
) -> Shortlist:
    """Return the pairs of which one provision is among the ``most`` nearest of the other, by words or by meaning.

    ``index`` holds the ``tokens`` (n) themselves; ``known`` (n,) marks provisions in a language that the model knows;
    ``owner`` (n,) numbers their instruments. ``find`` searches vectors (n, d) for the nearest others. ``weights`` are of
    words and of meaning.
    """
    n = len(tokens)
    most = min(most, n)
    words, near = _rows_of_words(index, tokens, owner, most)
    codes = [_codes(np.repeat(np.arange(n), most), near.ravel(), owner)]
    spread = None
    if vectors is not None:
        held = np.where(known[:, None], vectors, 0).astype(np.float32)
        places = find(held, most).places
        i, j = np.repeat(np.arange(n), places.shape[1]), places.ravel()
        kept = (j >= 0) & known[i] & known[j]
        codes.append(_codes(i[kept], j[kept], owner))
        spread = _spread_of_meaning(held, known, owner)
    pairs = np.unique(np.concatenate(codes))
    a, b = np.divmod(pairs, n)
    forth = _fused(index, tokens, a, b, words, vectors, known, spread, weights)
    back = _fused(index, tokens, b, a, words, vectors, known, spread, weights)
    scores = (forth + back) / 2
    return Shortlist(np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([scores, scores]))


def mutual_best(*, shortlist: Shortlist, owner: np.ndarray) -> list[tuple[int, int, float]]:
    """Return the pairs (i, j, score), i before j, of which each is the other's best in its instrument, ties by place."""
    score = np.round(shortlist.scores, 5)
    order = np.lexsort((shortlist.second, -score, owner[shortlist.second], shortlist.first))
    i, j, found = shortlist.first[order], shortlist.second[order], score[order]
    starts = np.r_[True, (np.diff(i) != 0) | (np.diff(owner[j]) != 0)] if len(i) else np.zeros(0, dtype=bool)
    best = dict(zip(zip(i[starts].tolist(), j[starts].tolist(), strict=True), found[starts].tolist(), strict=True))
    return [(x, y, s) for (x, y), s in best.items() if x < y and (y, x) in best]


def _codes(i: np.ndarray, j: np.ndarray, owner: np.ndarray) -> np.ndarray:
    apart = owner[i] != owner[j]
    low, high = np.minimum(i, j)[apart], np.maximum(i, j)[apart]
    coded: np.ndarray = low.astype(np.int64) * len(owner) + high
    return coded


def _rows_of_words(
    index: LexicalIndex, tokens: Sequence[Sequence[str]], owner: np.ndarray, most: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and deviation of each row (n, 2), and the places of its best (n, most)."""
    n = len(tokens)
    stats, near = np.zeros((n, 2)), np.zeros((n, most), dtype=np.int64)
    for rows in tiles_of(queries=n, tile=max(1, CELLS // n)):
        words = score_words(index=index, queries=tokens[rows])
        words[owner[rows, None] == owner[None, :]] = np.nan
        others = np.maximum((~np.isnan(words)).sum(axis=1), 1)
        mean = np.nansum(words, axis=1) / others
        stats[rows, 0] = mean
        stats[rows, 1] = np.sqrt(np.nansum((words - mean[:, None]) ** 2, axis=1) / others)
        ranked = np.nan_to_num(words, nan=-1.0)
        near[rows] = np.argpartition(ranked, n - most, axis=1)[:, n - most :]
    return stats, near


def _spread_of_meaning(vectors: np.ndarray, known: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """Return mean and deviation (n, 2) of each vector's cosines with the known vectors of other instruments."""
    found = np.zeros((len(vectors), 2))
    total, gram = vectors.sum(axis=0, dtype=np.float64), (vectors.T @ vectors).astype(np.float64)
    n = int(known.sum())
    for instrument in np.unique(owner):
        rows = np.flatnonzero(owner == instrument)
        mine = vectors[rows].astype(np.float64)
        others = max(n - int(known[rows].sum()), 1)
        mean = mine @ (total - mine.sum(axis=0)) / others
        square = np.einsum("nd,nd->n", mine @ (gram - mine.T @ mine), mine) / others
        found[rows] = np.stack([mean, np.sqrt(np.maximum(square - mean**2, 0.0))], axis=1)
    return found


def _fused(  # noqa: PLR0917  (one pair of directions calls it twice)
    index: LexicalIndex,
    tokens: Sequence[Sequence[str]],
    i: np.ndarray,
    j: np.ndarray,
    words: np.ndarray,
    vectors: np.ndarray | None,
    known: np.ndarray,
    spread: np.ndarray | None,
    weights: tuple[float, float],
) -> np.ndarray:
    by_words = _standard(score_cells(index=index, queries=tokens, rows=i, columns=j), words[i])
    if vectors is None or spread is None:
        return fusion.ALONE * by_words
    meaning = np.empty(len(i))
    for part in tiles_of(queries=len(i), tile=100_000):
        meaning[part] = np.einsum("nd,nd->n", vectors[i[part]], vectors[j[part]])
    both = weights[0] * by_words + weights[1] * _standard(meaning, spread[i])
    return np.where(known[i] & known[j], both, fusion.ALONE * by_words)


def _standard(values: np.ndarray, stats: np.ndarray) -> np.ndarray:
    apart = values - stats[:, 0]
    found: np.ndarray = np.divide(apart, stats[:, 1], out=np.zeros(len(values)), where=stats[:, 1] > 1e-9)  # noqa: PLR2004  (no spread)
    return found
