"""Axes: the directions in which the answers differ most.

Principal components of the matrix of votes (Pearson, 1901), in which a statement that someone did not answer takes the mean
answer to it. Centred, those cells are zero, so all work is on the answers alone: block Krylov iteration (Musco and Musco, 2015)
reads them some dozen times and never holds the products of all statements with each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.dialogue.blocks import ANSWERS, code_answers, map_blocks
from comity.engines.dialogue.votes import VoteMatrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.engines.dialogue.blocks import Block

FEW_STATEMENTS, FEW_CELLS = 128, 1 << 22
"""Up to so many statements, and cells, the products of all statements are computed and solved at once."""
BLOCK, SOME = 8, 1 << 16
STEPS, CONVERGED = 24, 1e-12
LEAST_STEPS, STANDS_OUT, NARROW = 5, 1.15, 1
"""An axis of less than this many times the variance of the last one carried along is chance, and not waited for."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Directions of the map: ``vectors`` (statements, axes) of length 1, most variance first, and ``mean`` answers (statements,).

    Signs are such that the sum of the cubes of each vector is not negative, which no order of statements changes.
    """

    vectors: NDArray[np.float64]
    mean: NDArray[np.float64]


def fit_axes(*, votes: VoteMatrix, most: int, near: NDArray[np.float64] | None = None) -> Axes:
    """Return at most ``most`` axes of ``votes``; fewer where there are fewer statements.

    ``near`` (some, statements) are axes found before for almost the same votes, a start that saves steps. The first two are
    exact to 1e-9, however one starts, unless a third has as much variance; so are the others where they stand out from chance.
    """
    mean = _mean_answers(votes)
    wide = len(votes.statements)
    most = min(most, wide)
    if wide <= FEW_STATEMENTS and len(votes.participants) * wide <= FEW_CELLS:
        _, vectors = np.linalg.eigh(_apply(votes, mean, np.eye(wide)))
        return Axes(vectors=_orient(vectors[:, ::-1][:, :most]), mean=mean)
    if near is None:
        found, _ = _iterate(votes, mean, _start_anywhere(votes, mean), most)
        return Axes(vectors=_orient(found), mean=mean)
    few = _start_anywhere(_keep_first(votes), mean)
    found, settled = _iterate(votes, mean, np.hstack([near.T, few[:, len(near) :]]), most, narrow=NARROW)
    if settled < 2:  # noqa: PLR2004  (both axes of the map)
        # An axis of chance depends on the start, and nothing found may.
        found, _ = _iterate(votes, mean, _start_anywhere(votes, mean), most)
    return Axes(vectors=_orient(found), mean=mean)


def _mean_answers(votes: VoteMatrix) -> NDArray[np.float64]:
    wide = len(votes.statements)
    counts = np.zeros(ANSWERS * wide, dtype=np.int64)
    for found in map_blocks(
        votes=votes, work=lambda block: np.bincount(code_answers(block=block), minlength=ANSWERS * wide)
    ):
        counts += found
    of = counts.reshape(wide, ANSWERS)
    # Sums of whole numbers are exact, so the means do not depend on the order of participants.
    mean: NDArray[np.float64] = (of[:, 2] - of[:, 0]) / np.maximum(of.sum(axis=1), 1)
    return mean


def _keep_first(votes: VoteMatrix) -> VoteMatrix:
    """Return the votes of the first participants: beside axes found before, directions need not come from all."""
    kept = min(len(votes.participants), SOME)
    last = int(votes.starts[kept])
    return VoteMatrix(
        participants=votes.participants[:kept],
        statements=votes.statements,
        starts=votes.starts[: kept + 1],
        columns=votes.columns[:last],
        values=votes.values[:last],
    )


def _start_anywhere(votes: VoteMatrix, mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return directions (statements, BLOCK) as good as random ones, that come from the answers and not from ids or their order.

    Each participant's answers give a fingerprint; its bits say with which sign they are added up.
    """
    keys = np.round((mean + 2) * 2.0**40).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    steps: NDArray[np.uint64] = np.arange(1, ANSWERS + 1, dtype=np.uint64)
    mixed = np.add(keys[:, None], steps, dtype=np.uint64).reshape(-1)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    bits = np.arange(BLOCK, dtype=np.uint64) * np.uint64(7)

    def add_up(block: Block) -> NDArray[np.float64]:
        signs = np.zeros((len(block.edges) - 1, BLOCK))
        filled = np.flatnonzero(np.diff(block.edges))
        if len(filled):
            prints = np.add.reduceat(mixed[code_answers(block=block)], block.edges[filled])
            signs[filled] = ((prints[:, None] >> bits) & np.uint64(1)).astype(np.float64) * 2 - 1
        return np.asarray(block.centre(mean).T @ signs)

    total = np.zeros((len(mean), BLOCK))
    for found in map_blocks(votes=votes, work=add_up):
        total += found
    return total


def _iterate(
    votes: VoteMatrix, mean: NDArray[np.float64], start: NDArray[np.float64], most: int, narrow: int = STEPS
) -> tuple[NDArray[np.float64], int]:
    """Return the best axes within a space that each step enlarges by what the answers make of the last block.

    And how many of them are final, as they stand out from chance. From the step ``narrow`` on only these are followed.
    """
    basis, _ = np.linalg.qr(start)
    image = _apply(votes, mean, basis)
    block = basis
    found, settled = basis[:, :most], 0
    for step in range(STEPS):
        product = basis.T @ image
        inner, turn = np.linalg.eigh((product + product.T) / 2)
        inner, turn = inner[::-1][:most], turn[:, ::-1][:, :most]
        found = basis @ turn
        rest = image @ turn - found * inner
        settled = int((inner > STANDS_OUT * inner[-1]).sum())
        if step >= LEAST_STEPS and np.abs(rest[:, :settled]).max(initial=0) <= CONVERGED * max(inner[0], 1e-300):
            break
        added = image[:, -block.shape[1] :] if step < narrow or not settled else rest[:, :settled]
        # Twice is enough (Parlett, 1980) for the added directions to stand square on those held.
        for _ in range(2):
            added = added - basis @ (basis.T @ added)
            added, _ = np.linalg.qr(added)
        room = basis.shape[0] - basis.shape[1]
        if room < 1:
            break
        block = added[:, :room]
        basis, image = np.hstack([basis, block]), np.hstack([image, _apply(votes, mean, block)])
    return found, settled


def _apply(votes: VoteMatrix, mean: NDArray[np.float64], vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the products of the centred columns times ``vectors``, in double precision."""
    total = np.zeros(vectors.shape)
    held = np.ascontiguousarray(vectors)

    def multiply(block: Block) -> NDArray[np.float64]:
        centred = block.centre(mean)
        return np.asarray(centred.T @ (centred @ held))

    for found in map_blocks(votes=votes, work=multiply):
        total += found
    return total


def _orient(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    cubes = (vectors**3).sum(axis=0)
    plain = vectors.sum(axis=0)
    signs = np.where(np.abs(cubes) > 1e-9, np.sign(cubes), np.where(plain < 0, -1.0, 1.0))  # noqa: PLR2004  (rounding)
    turned: NDArray[np.float64] = vectors * signs
    return turned
