"""Shared signal: how many axes carry more than answers would that had nothing to do with each other.

Rows and columns are first scaled so that chance has the same size everywhere (biwhitening: Landa, Zhang and Kluger, 2022), with
Sinkhorn's steps on who answered what. An axis counts where its variance is above what the greatest of a matrix of pure chance
reaches once in a thousand (Johnstone, 2001).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comity.engines.dialogue.opinion_map import centred_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.engines.dialogue.opinion_map import Axes
    from comity.engines.dialogue.votes import VoteMatrix

ONCE_IN_A_THOUSAND = 3.27
"""Quantile 0.999 of the Tracy-Widom law of order 1."""
BALANCING, TURNS = 12, 4
FEWEST = 7
"""Answers that a statement needs to be looked at here: with fewer its own spread is not known."""


def count_signals(*, votes: VoteMatrix, axes: Axes, grouped: NDArray[np.bool_]) -> int:
    """Return how many axes, of at most as many as ``axes`` has, rise above chance among the ``grouped`` (participants,).

    Never more than there are: the variances are bounded from below, from ``axes`` on, by some steps of subspace iteration.
    """
    spread, counts = _spread_of_answers(votes, axes, grouped)
    used = (counts >= FEWEST) & (spread > 0)
    people, asked = int(grouped.sum()), int(used.sum())
    if people < FEWEST or not asked:
        return 0
    variance = np.where(used, spread / np.maximum(counts, 1), 0.0)
    row, column = _balance(votes, axes, variance, grouped, people, asked)
    vectors = axes.vectors * np.where(used, 1 / np.sqrt(np.maximum(column, 1e-300)), 0.0)[:, None]
    threshold = _edge_of_chance(people, asked)
    found = 0
    for _ in range(TURNS):
        basis, _ = np.linalg.qr(vectors)
        image = np.zeros_like(basis)
        inner = np.zeros((basis.shape[1], basis.shape[1]))
        for rows, centred in centred_rows(votes=votes, mean=axes.mean):
            seen = centred @ (basis * np.sqrt(column)[:, None])
            seen *= np.sqrt(row[rows])[:, None]
            inner += seen.T @ seen
            image += centred.T @ (seen * np.sqrt(row[rows])[:, None])
        found = int((np.linalg.eigvalsh(inner) > threshold).sum())
        if found == basis.shape[1]:
            break
        vectors = image * np.sqrt(column)[:, None]
    return found


def _edge_of_chance(people: int, asked: int) -> float:
    """Return what the greatest variance of ``people`` by ``asked`` numbers of pure chance stays under, 999 times in 1,000."""
    low, high = min(people, asked), max(people, asked)
    if high < 2:  # noqa: PLR2004  (the formula needs two)
        return float("inf")
    root = np.sqrt(high - 1) + np.sqrt(low)
    return float(root**2 + ONCE_IN_A_THOUSAND * root * (1 / np.sqrt(high - 1) + 1 / np.sqrt(low)) ** (1 / 3))


def _spread_of_answers(
    votes: VoteMatrix, axes: Axes, grouped: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each statement the sum of squares of its centred answers, and their number, among the grouped."""
    spread, counts = np.zeros(len(axes.mean)), np.zeros(len(axes.mean))
    for rows, centred in centred_rows(votes=votes, mean=axes.mean):
        mine = grouped[rows].astype(np.float64)
        centred.data **= 2
        spread += centred.T @ mine
        centred.data[:] = 1.0
        counts += centred.T @ mine
    return spread, counts


def _balance(
    votes: VoteMatrix,
    axes: Axes,
    variance: NDArray[np.float64],
    grouped: NDArray[np.bool_],
    people: int,
    asked: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return scales of participants and of statements under which chance adds up alike in each row and in each column."""
    row = np.where(grouped, 1.0, 0.0)
    column = np.ones(len(variance))
    used = variance > 0
    for _ in range(BALANCING):
        down = np.zeros(len(variance))
        across = np.zeros(len(row))
        for rows, answered in centred_rows(votes=votes, mean=axes.mean):
            answered.data[:] = 1.0
            down += answered.T @ row[rows]
        column = np.where(used & (down > 0), people / np.maximum(variance * down, 1e-300), 0.0)
        for rows, answered in centred_rows(votes=votes, mean=axes.mean):
            answered.data[:] = 1.0
            across[rows] = answered @ (variance * column)
        row = np.where(grouped & (across > 0), asked / np.maximum(across, 1e-300), 0.0)
    return row, column
