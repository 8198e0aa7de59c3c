"""Shared signal: how many axes carry more than answers would that had nothing to do with each other.

Rows and columns are first scaled so that chance has the same size everywhere (biwhitening: Landa, Zhang and Kluger, 2022), with
Sinkhorn's steps on who answered what. There is a signal at all where the greatest variance is above what that of pure chance
reaches once in a thousand (Johnstone, 2001); further axes count where they are above what it reaches once in twenty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comity.engines.dialogue.axes import count_by_statement
from comity.engines.dialogue.blocks import ANSWERS, map_blocks
from comity.engines.dialogue.opinion_map import select_participants
from comity.engines.dialogue.products import choose_for, gather_statements, multiply, weigh_answers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.engines.dialogue.axes import Axes
    from comity.engines.dialogue.blocks import Block
    from comity.engines.dialogue.votes import VoteMatrix

ONCE_IN_A_THOUSAND, ONCE_IN_TWENTY = 3.27, 0.98
"""Quantiles 0.999 and 0.95 of the Tracy-Widom law of order 1."""
BALANCING, BALANCED = 12, 0.01
TURNS, STEADY = 6, 0.005
SEEN = 3
"""Values of a bound that show two rises."""
FEWEST = 7
"""Answers that a statement needs to be looked at here: with fewer its own spread is not known."""


def count_signals(*, votes: VoteMatrix, axes: Axes, grouped: NDArray[np.bool_], most: int) -> int:
    """Return how many axes, at most ``most``, rise above chance among the ``grouped`` (participants,).

    Never more than there are: the variances are bounded from below, from ``axes`` on, by some steps of subspace iteration.
    """
    variance, used = _spread_of_answers(votes, axes, grouped)
    people, asked = int(grouped.sum()), int(used.sum())
    if people < FEWEST or not asked:
        return 0
    row, column = _balance(votes, variance, grouped, people, asked)
    across, down = np.sqrt(row), np.sqrt(column)
    first, further = (_edge_of_chance(people, asked, quantile) for quantile in (ONCE_IN_A_THOUSAND, ONCE_IN_TWENTY))
    vectors = axes.vectors * np.divide(1, down, out=np.zeros_like(down), where=down > 0)[:, None]
    found, reached = 0, np.zeros((0, vectors.shape[1]))
    for turn in range(TURNS):
        basis, _ = np.linalg.qr(vectors)
        seen = _look_along(votes, axes.mean, basis * down[:, None], across)
        values = np.linalg.eigvalsh(seen.T @ seen)[::-1]
        found = min(int((values > further).sum()), most) if values[0] > first else 0
        reached = np.vstack([reached, values])[-SEEN:]
        edge = further if found else first
        if found == most or not _may_rise(reached[:, found], edge=edge, turns=TURNS - 1 - turn):
            break
        vectors = _look_back(votes, axes.mean, seen, across) * down[:, None]
    return found


def _look_along(
    votes: VoteMatrix, mean: NDArray[np.float64], vectors: NDArray[np.float64], across: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the centred answers along ``vectors`` (participants, k), each participant scaled by ``across``."""
    weights = weigh_answers(mean=mean, vectors=vectors)
    seen = np.empty((len(across), weights.shape[1]))

    def look(block: Block) -> None:
        chosen = choose_for(block=block, columns=weights.shape[1])
        np.multiply(multiply(chosen=chosen, by=weights), across[block.rows, None], out=seen[block.rows])

    for _ in map_blocks(votes=votes, work=look):
        pass
    return seen


def _look_back(
    votes: VoteMatrix, mean: NDArray[np.float64], seen: NDArray[np.float64], across: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the sums over participants, scaled by ``across``, of their centred answers times what is ``seen`` (statements, k)."""

    def look(block: Block) -> NDArray[np.float64]:
        chosen = choose_for(block=block, columns=seen.shape[1])
        return multiply(chosen=chosen.T, by=seen[block.rows] * across[block.rows, None])

    total = np.zeros((ANSWERS * len(mean), seen.shape[1]))
    for found in map_blocks(votes=votes, work=look):
        total += found
    return gather_statements(mean=mean, sums=total)


def _may_rise(reached: NDArray[np.float64], *, edge: float, turns: int) -> bool:
    """Return whether a bound that has ``reached`` these values may pass ``edge`` in so many further ``turns``.

    Not where it hardly rises any more, nor where it rises ever more slowly and would not get there even at its last pace.
    """
    rises = np.diff(reached, prepend=0.0)
    if rises[-1] <= STEADY * reached[-1]:
        return False
    slower = len(reached) == SEEN and rises[-1] <= rises[-2]
    return not (slower and reached[-1] + turns * rises[-1] <= edge)


def _edge_of_chance(people: int, asked: int, quantile: float) -> float:
    """Return what the greatest variance of ``people`` by ``asked`` numbers of pure chance stays under, as often as ``quantile`` says."""
    low, high = min(people, asked), max(people, asked)
    if high < 2:  # noqa: PLR2004  (the formula needs two)
        return float("inf")
    root = np.sqrt(high - 1) + np.sqrt(low)
    return float(root**2 + quantile * root * (1 / np.sqrt(high - 1) + 1 / np.sqrt(low)) ** (1 / 3))


def _spread_of_answers(
    votes: VoteMatrix, axes: Axes, grouped: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return for each statement the variance of its answers among the grouped, and whether there are enough of them."""
    # Those not grouped gave few answers, and are counted sooner than the others.
    others = select_participants(votes=votes, kept=np.flatnonzero(~grouped))
    of = axes.given - count_by_statement(votes=others, times=np.ones(len(others.participants)))
    counts = of.sum(axis=1)
    spread = (of * (np.arange(-1, 2) - axes.mean[:, None]) ** 2).sum(axis=1)
    used = (counts >= FEWEST) & (spread > 0)
    return np.where(used, spread / np.maximum(counts, 1), 0.0), used


def _balance(
    votes: VoteMatrix, variance: NDArray[np.float64], grouped: NDArray[np.bool_], people: int, asked: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return scales of participants and of statements under which chance adds up alike in each row and in each column."""
    row = np.zeros(len(grouped))
    column = np.where(variance > 0, 1.0, 0.0)
    for _ in range(BALANCING):
        down = np.zeros(len(variance))

        def scale(block: Block, spread: NDArray[np.float64] = variance * column) -> NDArray[np.float64]:
            answered = block.mark()
            across = answered @ spread
            row[block.rows] = np.where(grouped[block.rows] & (across > 0), asked / np.maximum(across, 1e-300), 0.0)
            return np.asarray(answered.T @ row[block.rows])

        for found in map_blocks(votes=votes, work=scale):
            down += found
        before = column
        column = np.where((variance > 0) & (down > 0), people / np.maximum(variance * down, 1e-300), 0.0)
        if np.abs(column - before).max() <= BALANCED * column.max() and np.all(
            np.abs(column - before) <= BALANCED * np.maximum(before, 1e-300)
        ):
            break
    return row, column
