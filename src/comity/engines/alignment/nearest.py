"""Find the nearest texts of each text among very many: exact top k by inner product, in tiles, with flat memory.

Each tile of queries meets the texts block by block in one matrix product. A running threshold, the k-th best so far, lets
nearly every product be passed over: the largest of each strip of a block is taken first, and only strips that hold something
above the threshold are looked into. The result is that of an exhaustive search (as faiss' IndexFlatIP), whatever the tiles
and whoever computes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TILE = 2048
BLOCK = 2048
STRIPS = 128
"""Columns of a block are dealt into so many strips, each one's largest found in one pass over memory."""


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
    """Return the ``most`` nearest rows of ``texts`` (m, d) for each row of ``queries`` (n, d), both finite float32.

    ``first`` says that the queries are the texts from that row on: a text is then never its own neighbour. Memory is
    n x ``block`` x 4 bytes beside the arguments, so give a tile of queries at a time. Raises ValueError where ``most`` is
    under 1.

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
    products = np.empty(n * min(block, max(len(texts), 1)), dtype=np.float32)
    for start in range(0, len(texts), block):
        part = texts[start : start + block]
        found = products[: n * len(part)].reshape(n, len(part))
        np.matmul(queries, part.T, out=found)
        if first is not None:
            _forget_self(found, first=first, start=start)
        rows, columns = _above(found, least=best[:, -1], most=most)
        _merge(rows, columns + start, found[rows, columns], best=best, places=places)
    return Neighbours(places=places, scores=best)


def join_tiles(*, tiles: Sequence[Neighbours]) -> Neighbours:
    """Return the neighbours of consecutive tiles as one."""
    return Neighbours(
        places=np.concatenate([t.places for t in tiles]), scores=np.concatenate([t.scores for t in tiles])
    )


def _forget_self(found: np.ndarray, *, first: int, start: int) -> None:
    rows = np.arange(len(found))
    columns = first + rows - start
    inside = (columns >= 0) & (columns < found.shape[1])
    found[rows[inside], columns[inside]] = -np.inf


def _above(found: np.ndarray, *, least: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and columns of the products that may be among the best: those above the threshold of their row.

    Where no threshold stands yet, the k-th largest of the strips' largest is one: k products at least reach it.
    """
    n, width = found.shape
    whole = width // STRIPS * STRIPS
    if not whole or most >= STRIPS:
        at, place = np.nonzero(found > least[:, None])
        return at, place
    strips = (
        found[:, :whole].reshape(n, -1, STRIPS) if whole == width else found[:, :whole].copy().reshape(n, -1, STRIPS)
    )
    largest = strips.max(axis=1)
    floor = least
    if np.isneginf(least).any():
        # One step under it, so that what equals it is looked at too.
        reached = np.nextafter(np.partition(largest, STRIPS - most, axis=1)[:, STRIPS - most], np.float32(-np.inf))
        floor = np.where(np.isneginf(least), reached, least)
    at, strip = np.nonzero(largest > floor[:, None])
    held = strips[at, :, strip]
    hit, step = np.nonzero(held > floor[at, None])
    rows, columns = at[hit], step * STRIPS + strip[hit]
    if whole < width:
        more, rest = np.nonzero(found[:, whole:] > floor[:, None])
        rows, columns = np.concatenate([rows, more]), np.concatenate([columns, rest + whole])
    return rows, columns


def _merge(rows: np.ndarray, columns: np.ndarray, scores: np.ndarray, *, best: np.ndarray, places: np.ndarray) -> None:
    """Put what was found into its place among the best, for all rows that have any at once."""
    if not len(rows):
        return
    most = best.shape[1]
    order = np.lexsort((columns, -scores, rows))
    rows, columns, scores = rows[order], columns[order], scores[order]
    hit, begins = np.unique(rows, return_index=True)
    counts = np.diff(np.r_[begins, len(rows)])
    rank = np.arange(len(rows)) - np.repeat(begins, counts)
    line = np.repeat(np.arange(len(hit)), counts)
    kept = rank < most
    width = min(int(counts.max()), most)
    more = np.full((len(hit), width), -np.inf, dtype=np.float32)
    where = np.full((len(hit), width), -1, dtype=np.int64)
    more[line[kept], rank[kept]] = scores[kept]
    where[line[kept], rank[kept]] = columns[kept]
    both = np.concatenate([best[hit], more], axis=1)
    at = np.concatenate([places[hit], where], axis=1)
    # What stood there came from earlier places, so a stable order keeps ties by place.
    order = np.argsort(-both, axis=1, kind="stable")[:, :most]
    best[hit] = np.take_along_axis(both, order, axis=1)
    places[hit] = np.take_along_axis(at, order, axis=1)
