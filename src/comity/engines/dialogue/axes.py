"""Axes: the directions in which the answers differ most.

Principal components of the matrix of votes (Pearson, 1901), in which a statement that someone did not answer takes the mean
answer to it. Centred, those cells are zero, so all work is on the answers alone: block Krylov iteration (Musco and Musco, 2015)
reads them some dozen times and never holds the products of all statements with each other. From axes found before, for almost the
same votes, the corrections of Davidson (1975) need fewer readings, and of fewer columns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.dialogue.blocks import ANSWERS, THREADS, code_answers, map_blocks
from comity.engines.dialogue.products import choose_for, gather_statements, multiply, weigh_answers
from comity.engines.dialogue.votes import VoteMatrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.engines.dialogue.blocks import Block

FEW_STATEMENTS, FEW_CELLS = 128, 1 << 22
"""Up to so many statements, and cells, the products of all statements are computed and solved at once."""
BLOCK, SOME = 8, 1 << 16
STEPS, CORRECTIONS, CONVERGED = 24, 20, 1e-12
LEAST_STEPS, STANDS_OUT = 5, 1.15
"""An axis of less than ``STANDS_OUT`` times the variance of the last one carried along is chance, and not waited for."""
ON_MAP, WATCHED = 2, 4
"""Axes of the map, and axes corrected once at least, so that one that newly rises above chance is followed."""
NEAREST = 0.05
"""How near the variance of a statement may come to that of an axis, as a share of it, before a correction would run off."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Directions of the map: ``vectors`` (statements, axes) of length 1, most variance first, and ``mean`` answers (statements,).

    Signs are such that the sum of the cubes of each vector is not negative, which no order of statements changes. ``given`` are
    the numbers of answers from which the means come, as from ``count_by_statement``.
    """

    vectors: NDArray[np.float64]
    mean: NDArray[np.float64]
    given: NDArray[np.float64]

    def first(self, number: int) -> Axes:
        """Return the first axes alone."""
        return replace(self, vectors=self.vectors[:, :number])


def fit_axes(*, votes: VoteMatrix, most: int, near: NDArray[np.float64] | None = None) -> Axes:
    """Return at most ``most`` axes of ``votes``; fewer where there are fewer statements.

    ``near`` (some, statements) are axes found before for almost the same votes, a start that saves steps. The first two are
    exact to 1e-9, however one starts, unless a third has as much variance; so are the others where they stand out from chance.
    """
    given = count_by_statement(votes=votes, times=np.ones(len(votes.participants)))
    mean = average(given=given)
    wide = len(votes.statements)
    most = min(most, wide)
    if wide <= FEW_STATEMENTS and len(votes.participants) * wide <= FEW_CELLS:
        _, vectors = np.linalg.eigh(_apply(votes, mean, np.eye(wide)))
        return Axes(vectors=_orient(vectors[:, ::-1][:, :most]), mean=mean, given=given)
    if near is not None:
        spread = (given * (np.arange(-1, 2) - mean[:, None]) ** 2).sum(axis=1)
        found = _correct(votes, mean, spread, _start_near(votes, mean, near), most)
        if found is not None:
            return Axes(vectors=_orient(found), mean=mean, given=given)
    return Axes(vectors=_orient(_iterate(votes, mean, _start_anywhere(votes, mean), most)), mean=mean, given=given)


def count_by_statement(*, votes: VoteMatrix, times: NDArray[np.float64], threads: int = THREADS) -> NDArray[np.float64]:
    """Return how often each answer was given to each statement (statements, ANSWERS), each participant counted so many ``times``.

    Sums of whole numbers are exact: they do not depend on the order of participants.
    """
    total = np.zeros(ANSWERS * len(votes.statements))
    for found in map_blocks(votes=votes, work=lambda b: b.choose().T @ times[b.rows], threads=threads):
        total += found
    return total.reshape(len(votes.statements), ANSWERS)


def average(*, given: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean answer to each statement (statements,), 0 where none was ``given`` (statements, ANSWERS)."""
    mean: NDArray[np.float64] = (given[:, 2] - given[:, 0]) / np.maximum(given.sum(axis=1), 1)
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


def _start_near(votes: VoteMatrix, mean: NDArray[np.float64], near: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the axes ``near`` as columns, with directions from anywhere beside them where they are few."""
    if len(near) >= BLOCK:
        return near[:BLOCK].T
    return np.hstack([near.T, _start_anywhere(_keep_first(votes), mean)[:, len(near) :]])


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
        return multiply(chosen=block.choose().T, by=signs)

    total = np.zeros((ANSWERS * len(mean), BLOCK))
    for found in map_blocks(votes=votes, work=add_up):
        total += found
    return gather_statements(mean=mean, sums=total)


def _iterate(
    votes: VoteMatrix, mean: NDArray[np.float64], start: NDArray[np.float64], most: int
) -> NDArray[np.float64]:
    """Return the best axes within a space that each step enlarges by what the answers make of the last block."""
    basis, _ = np.linalg.qr(start)
    image = _apply(votes, mean, basis)
    found, width = basis[:, :most], basis.shape[1]
    for step in range(STEPS):
        found, inner, rest = _find_within(basis, image, most)
        settled = _count_standing_out(inner)
        if step >= LEAST_STEPS and _are_final(rest[:, :settled], inner):
            break
        block = _square_off(image[:, -width:], basis)
        if not block.shape[1]:
            break
        width = block.shape[1]
        basis, image = np.hstack([basis, block]), np.hstack([image, _apply(votes, mean, block)])
    return found


def _correct(
    votes: VoteMatrix,
    mean: NDArray[np.float64],
    spread: NDArray[np.float64],
    start: NDArray[np.float64],
    most: int,
) -> NDArray[np.float64] | None:
    """Return the best axes near those of ``start``; None where they are soon seen not to lead to what any start would.

    An axis of chance depends on the start, and none of the two of the map may. What the answers make of an axis beyond a multiple
    of itself is divided, statement by statement, by how much more variance the axis has than the answers to that statement, their
    ``spread``: nearly the correction that it needs, as long as most of what two statements share lies on the axes already held.
    """
    basis, _ = np.linalg.qr(start)
    image = _apply(votes, mean, basis)
    for step in range(CORRECTIONS):
        found, inner, rest = _find_within(basis, image, most)
        settled = _count_standing_out(inner)
        if step and settled < ON_MAP:
            return None
        if step and _are_final(rest[:, :settled], inner):
            return found
        followed = settled if step else max(settled, WATCHED)
        apart = np.maximum(inner[:followed] - spread[:, None], NEAREST * inner[:followed])
        block = _square_off(rest[:, :followed] / apart, basis)
        if not block.shape[1]:
            break
        basis, image = np.hstack([basis, block]), np.hstack([image, _apply(votes, mean, block)])
    return None


def _find_within(
    basis: NDArray[np.float64], image: NDArray[np.float64], most: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the best axes within ``basis`` given its ``image``, their variances, and what is left over of the axes' images."""
    product = basis.T @ image
    inner, turn = np.linalg.eigh((product + product.T) / 2)
    inner, turn = inner[::-1][:most], turn[:, ::-1][:, :most]
    found = basis @ turn
    return found, inner, image @ turn - found * inner


def _count_standing_out(inner: NDArray[np.float64]) -> int:
    return int((inner > STANDS_OUT * inner[-1]).sum())


def _are_final(rest: NDArray[np.float64], inner: NDArray[np.float64]) -> bool:
    return bool(np.abs(rest).max(initial=0) <= CONVERGED * max(inner[0], 1e-300))


def _square_off(added: NDArray[np.float64], basis: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``added`` of length 1 and square on each other and on ``basis``; only as many as there is room for."""
    # Twice is enough (Parlett, 1980).
    for _ in range(2):
        added = added - basis @ (basis.T @ added)
        added, _ = np.linalg.qr(added)
    return added[:, : basis.shape[0] - basis.shape[1]]


def _apply(votes: VoteMatrix, mean: NDArray[np.float64], vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the products of the centred columns times ``vectors``, in double precision."""
    weights = weigh_answers(mean=mean, vectors=vectors)

    def work(block: Block) -> NDArray[np.float64]:
        chosen = choose_for(block=block, columns=vectors.shape[1])
        return multiply(chosen=chosen.T, by=multiply(chosen=chosen, by=weights))

    total = np.zeros(weights.shape)
    for found in map_blocks(votes=votes, work=work):
        total += found
    return gather_statements(mean=mean, sums=total)


def _orient(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    cubes = (vectors**3).sum(axis=0)
    plain = vectors.sum(axis=0)
    signs = np.where(np.abs(cubes) > 1e-9, np.sign(cubes), np.where(plain < 0, -1.0, 1.0))  # noqa: PLR2004  (rounding)
    turned: NDArray[np.float64] = vectors * signs
    return turned
