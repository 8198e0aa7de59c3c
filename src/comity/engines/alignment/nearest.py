"""Find the nearest texts of each text among very many: exact top k by inner product, in tiles, with flat memory.

Each tile of queries meets the texts block by block in one matrix product. A running threshold, the k-th best so far, lets
nearly every product be passed over by one comparison; what beats it is merged. The result is that of an exhaustive search
(as faiss' IndexFlatIP), whatever the tiles and whoever computes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

TILE = 1024
BLOCK = 8192


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest texts of each query, best first, ties by place.

    ``places`` int64 of shape (queries, k), rows of ``texts``, -1 where there are fewer than k; ``scores`` float32 of the same
    shape, minus infinity there.
    """

    places: np.ndarray
    scores: np.ndarray


def tiles_of(*, queries: int, tile: int = TILE) -> Iterator[slice]:
    """Yield the tiles of so many queries, in order.

    >>> list(tiles_of(queries=5, tile=2))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    for start in range(0, queries, tile):
        yield slice(start, min(start + tile, queries))


def nearest_texts(
    *, queries: np.ndarray, texts: np.ndarray, most: int, first: int | None = None, block: int = BLOCK
) -> Neighbours:
    """Return the ``most`` nearest rows of ``texts`` (m, d) for each row of ``queries`` (n, d), both float32.

    ``first`` says that the queries are the texts from that row on: a text is then never its own neighbour. Memory is
    n x ``block`` x 4 bytes beside the arguments, so give a tile of queries at a time. Raises ValueError where ``most`` is under 1.

    >>> found = nearest_texts(queries=np.eye(2, dtype=np.float32), texts=np.eye(3, 2, dtype=np.float32), most=2)
    >>> found.places.tolist()
    [[0, 1], [1, 0]]
    """
    if most < 1:
        message = f"most is {most}; at least 1 is needed"
        raise ValueError(message)
    n = len(queries)
    best = np.full((n, most), -np.inf, dtype=np.float32)
    places = np.full((n, most), -1, dtype=np.int64)
    least = np.full(n, -np.inf, dtype=np.float32)
    products = np.empty((n, min(block, max(len(texts), 1))), dtype=np.float32)
    for start in range(0, len(texts), block):
        part = texts[start : start + block]
        found = products[:, : len(part)]
        if len(part) == products.shape[1]:
            np.matmul(queries, part.T, out=found)
        else:  # a narrower view would not be contiguous, and be copied
            found = queries @ part.T
        if first is not None:
            _forget_self(found, first=first, start=start)
        if start == 0 and len(part) > 4 * most:
            _take_first(found, best=best, places=places)
        else:
            _merge(found, start=start, best=best, places=places, least=least)
        least = best[:, -1].copy()
    return Neighbours(places=places, scores=best)


def join_tiles(*, tiles: list[Neighbours]) -> Neighbours:
    """Return the neighbours of consecutive tiles as one."""
    return Neighbours(
        places=np.concatenate([t.places for t in tiles]), scores=np.concatenate([t.scores for t in tiles])
    )


def _forget_self(found: np.ndarray, *, first: int, start: int) -> None:
    rows = np.arange(len(found))
    columns = first + rows - start
    inside = (columns >= 0) & (columns < found.shape[1])
    found[rows[inside], columns[inside]] = -np.inf


def _take_first(found: np.ndarray, *, best: np.ndarray, places: np.ndarray) -> None:
    """Fill the best from the first block, where no threshold stands yet."""
    most = best.shape[1]
    at = np.argpartition(found, found.shape[1] - most, axis=1)[:, -most:]
    scores = np.take_along_axis(found, at, axis=1)
    # What equals the k-th best may have been left out for a later place: the earlier place wins.
    least = scores.min(axis=1)
    for row in np.flatnonzero((found >= least[:, None]).sum(axis=1) > most):
        at[row] = np.lexsort((np.arange(found.shape[1]), -found[row]))[:most]
        scores[row] = found[row, at[row]]
    order = np.lexsort((at, -scores), axis=1)
    best[:] = np.take_along_axis(scores, order, axis=1)
    places[:] = np.take_along_axis(at, order, axis=1)
    places[best == -np.inf] = -1


def _merge(found: np.ndarray, *, start: int, best: np.ndarray, places: np.ndarray, least: np.ndarray) -> None:
    """Put what beats the k-th best so far in its place, for all rows that have any at once."""
    most = best.shape[1]
    beats = np.flatnonzero(found > least[:, None])
    if not len(beats):
        return
    rows, columns = np.divmod(beats, found.shape[1])
    scores = found[rows, columns]
    order = np.lexsort((columns, -scores, rows))
    rows, columns, scores = rows[order], columns[order], scores[order]
    hit, begins = np.unique(rows, return_index=True)
    rank = np.arange(len(rows)) - np.repeat(begins, np.diff(np.r_[begins, len(rows)]))
    kept = rank < most
    line = np.searchsorted(hit, rows[kept])
    more = np.full((len(hit), most), -np.inf, dtype=np.float32)
    where = np.full((len(hit), most), -1, dtype=np.int64)
    more[line, rank[kept]] = scores[kept]
    where[line, rank[kept]] = columns[kept] + start
    both = np.concatenate([best[hit], more], axis=1)
    at = np.concatenate([places[hit], where], axis=1)
    order = np.lexsort((at, -both), axis=1)[:, :most]
    best[hit] = np.take_along_axis(both, order, axis=1)
    places[hit] = np.take_along_axis(at, order, axis=1)
