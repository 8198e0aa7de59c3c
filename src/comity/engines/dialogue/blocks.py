"""Blocks: votes looked at some thousand participants at a time, two blocks at once, with the same outcome however many cores there are.

The products of sparse matrices and of numpy leave Python's lock, so threads share the work. What the blocks give is added up in
their order and never in that of their arrival.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from comity.engines.dialogue.votes import VoteMatrix

ROWS = 1 << 13
"""Participants looked at together: some megabytes."""
THREADS = 2
ANSWERS = 3

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Block:
    """The answers of the participants ``rows``: ``edges`` (rows + 1,) between them in ``columns`` and ``values``, of ``wide`` statements.

    ``ones`` are as many as there are answers, or more, and the same for all blocks: real, and as the real part of complex numbers.
    """

    rows: slice
    edges: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.int8]
    wide: int
    ones: tuple[NDArray[np.float64], NDArray[np.complex128]]

    def choose(self, *, in_pairs: bool = False) -> csr_matrix:
        """Return which answers were given as sparse rows of ones, numbered as by ``code_answers``; complex where ``in_pairs``."""
        coded = code_answers(block=self)
        return csr_matrix((self.ones[in_pairs][: len(coded)], coded, self.edges), shape=self._shape(ANSWERS))

    def mark(self) -> csr_matrix:
        """Return what was answered, in whatever way, as sparse rows of ones."""
        return csr_matrix((self.ones[0][: len(self.columns)], self.columns, self.edges), shape=self._shape(1))

    def _shape(self, each: int) -> tuple[int, int]:
        return len(self.edges) - 1, each * self.wide


def split_votes(*, votes: VoteMatrix) -> Iterator[Block]:
    """Yield the blocks of ``votes``; those of one participant lie in one block."""
    n = len(votes.participants)
    borders = votes.starts[np.minimum(np.arange(0, n + ROWS, ROWS), n)]
    ones = np.ones(int(np.diff(borders).max(initial=0)))
    shared = (ones, ones.astype(np.complex128))
    for number, start in enumerate(range(0, n, ROWS)):
        stop = min(start + ROWS, n)
        low, high = int(borders[number]), int(borders[number + 1])
        yield Block(
            rows=slice(start, stop),
            edges=(votes.starts[start : stop + 1] - low).astype(np.int32),
            columns=votes.columns[low:high],
            values=votes.values[low:high],
            wide=len(votes.statements),
            ones=shared,
        )


def map_blocks(*, votes: VoteMatrix, work: Callable[[Block], Found], threads: int = THREADS) -> Iterator[Found]:
    """Yield what ``work`` makes of each block of ``votes``, in their order; ``work`` changes nothing but rows of its own."""
    blocks = list(split_votes(votes=votes))
    if min(threads, len(blocks)) < 2:  # noqa: PLR2004  (one thread is this one)
        yield from map(work, blocks)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(work, blocks)


def code_answers(*, block: Block) -> NDArray[np.int32]:
    """Return statement and answer of each vote of ``block`` as one number, ``ANSWERS`` to a statement: disagree, pass, agree."""
    coded = block.columns * np.int32(ANSWERS)
    coded += block.values
    coded += 1
    return coded
