"""Bridging: how far a statement is supported beyond what the side that someone is on explains.

The model of Community Notes (Wojcik and others, "Birdwatch: Crowd Wisdom and Bridging Algorithms can Inform Understanding and Reduce
the Spread of Misinformation", 2022, arXiv 2210.15723, section 3): an answer is a general level, plus the readiness of the person to
agree, plus the bridging score of the statement, plus the product of where both stand on one axis found from the answers.
Penalties keep scores near zero unless the axis cannot explain the support; each is of the mean square of one kind of number, as their published
program takes it. Theirs is fitted by random descent; here by exact steps in turn, from a start that the votes decide, so that the same
votes give the same scores.

Limits: one axis cannot tell three groups apart, where common ground can; and the score has no interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from comity.engines.dialogue.votes import VoteMatrix

LEVEL_PENALTY, PLACE_PENALTY = 0.15, 0.03
"""Of levels (general, of a person, of a statement) and of places on the axis, as published."""
LEAST_GIVEN, LEAST_RECEIVED = 10, 5
"""Answers from which a person, and a statement, is in the model, as published."""
MOST_ROUNDS = 500
BETWEEN, SETTLED = 5, 1e-9
"""Rounds after which the loss is looked at, and the part of it by which they must have lowered it to go on."""


@dataclass(frozen=True, slots=True)
class Bridging:
    """Scores of the statements in the model, by id: ``scores`` and ``places`` on the axis have the shape (statements,).

    A score of 0 is a statement whose support the general ``level`` and the axis explain. Which end of the axis is positive means
    nothing. ``loss`` is what was minimised, ``rounds`` how often all numbers were improved.
    """

    statements: tuple[str, ...]
    scores: NDArray[np.float64]
    places: NDArray[np.float64]
    level: float
    loss: float
    rounds: int


@dataclass(slots=True)
class _Fit:
    """The answers in the model, from 0 (disagree) to 1 (agree), as sparse tables, and the numbers being fitted.

    ``answers`` has shape (people, statements), ``given`` the same with 1 for each answer; ``turned`` are both the other way.
    """

    given: csr_matrix
    answers: csr_matrix
    turned: tuple[csr_matrix, csr_matrix]
    level: float
    readiness: NDArray[np.float64]
    stand: NDArray[np.float64]
    scores: NDArray[np.float64]
    places: NDArray[np.float64]

    def left(self) -> NDArray[np.float64]:
        """Return what of each answer is not explained, in the order of the sparse rows."""
        who = np.repeat(np.arange(len(self.readiness)), np.diff(self.given.indptr))
        what = self.given.indices
        explained = self.level + self.readiness[who] + self.scores[what] + self.stand[who] * self.places[what]
        left: NDArray[np.float64] = self.answers.data - explained
        return left

    def loss(self) -> float:
        """Return the mean square of what is left, with the penalties."""
        levels = self.level**2 + np.mean(self.readiness**2) + np.mean(self.scores**2)
        places = np.mean(self.stand**2) + np.mean(self.places**2)
        return float(np.mean(self.left() ** 2) + LEVEL_PENALTY * levels + PLACE_PENALTY * places)


def score_bridging(
    *,
    votes: VoteMatrix,
    shown: Collection[str] | None = None,
    least_given: int = LEAST_GIVEN,
    least_received: int = LEAST_RECEIVED,
) -> Bridging:
    """Return the bridging score of each statement that enough people answered; passing counts as half-way.

    ``shown`` are the statements that moderation left standing. Left out are statements with fewer than ``least_received``
    answers, then people with fewer than ``least_given`` to the others. Time grows with the votes times the rounds.
    Raises BadParameter where a least number is under 1.
    """
    if min(least_given, least_received) < 1:
        raise BadParameter(name="least", found=str(min(least_given, least_received)), allowed="1 or more")
    who = np.repeat(np.arange(len(votes.participants)), np.diff(votes.starts))
    what = votes.columns.astype(np.intp)
    left_standing = set(votes.statements if shown is None else shown)
    standing = np.array([s in left_standing for s in votes.statements], dtype=bool)
    kept = (standing & (np.bincount(what, minlength=len(standing)) >= least_received))[what]
    kept &= (np.bincount(who[kept], minlength=len(votes.participants)) >= least_given)[who]
    people, who = np.unique(who[kept], return_inverse=True)
    statements, what = np.unique(what[kept], return_inverse=True)
    shape = (len(people), len(statements))
    given = csr_matrix((np.ones(len(who)), (who, what)), shape=shape)
    answers = csr_matrix(((votes.values[kept] + 1) / 2, (who, what)), shape=shape)
    fit = _Fit(
        given=given,
        answers=answers,
        turned=(given.T.tocsr(), answers.T.tocsr()),
        level=0.0,
        readiness=np.zeros(len(people)),
        stand=np.zeros(len(people)),
        scores=np.zeros(len(statements)),
        places=np.zeros(len(statements)),
    )
    rounds = _improve(fit) if given.nnz else 0
    return Bridging(
        statements=tuple(votes.statements[s] for s in statements.tolist()),
        scores=fit.scores,
        places=fit.places,
        level=fit.level,
        loss=fit.loss() if given.nnz else 0.0,
        rounds=rounds,
    )


def _improve(fit: _Fit) -> int:
    """Improve the numbers in turn until they settle; each step is exact, so that the loss never rises."""
    total = float(fit.answers.sum())
    number = fit.given.nnz
    fit.level = total / number / (1 + LEVEL_PENALTY)
    fit.places = _first_axis(fit)
    before = np.inf
    for done in range(1, MOST_ROUNDS + 1):
        fit.readiness, fit.stand = _solve(fit.given, fit.answers, fit.level, fit.scores, fit.places)
        fit.scores, fit.places = _solve(*fit.turned, fit.level, fit.readiness, fit.stand)
        heard = fit.turned[0] @ np.column_stack([np.ones(len(fit.stand)), fit.readiness, fit.stand])
        explained = heard[:, 1].sum() + heard[:, 0] @ fit.scores + heard[:, 2] @ fit.places
        fit.level = (total - float(explained)) / number / (1 + LEVEL_PENALTY)
        if done % BETWEEN == 0:
            loss = fit.loss()
            if before - loss <= SETTLED * loss:
                return done
            before = loss
    return MOST_ROUNDS


def _solve(
    given: csr_matrix, answers: csr_matrix, level: float, other: NDArray[np.float64], slope: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the level and place of each row that explain its answers best, beside ``level`` and the columns' levels and places."""
    sums = given @ np.column_stack([np.ones(len(slope)), slope, slope**2, other, other * slope])
    told = answers @ np.column_stack([np.ones(len(slope)), slope])
    # A mean over people beside a mean over answers: each bears the penalty of as many answers as there are to a person.
    weight = given.nnz / given.shape[0]
    a = sums[:, 0] + LEVEL_PENALTY * weight
    b = sums[:, 1]
    c = sums[:, 2] + PLACE_PENALTY * weight
    y = told[:, 0] - level * sums[:, 0] - sums[:, 3]
    z = told[:, 1] - level * sums[:, 1] - sums[:, 4]
    size = a * c - b**2
    return (c * y - b * z) / size, (a * z - b * y) / size


def _first_axis(fit: _Fit) -> NDArray[np.float64]:
    """Return places to start from: the first axis of what the means leave, by power iteration from the statement that varies most."""
    number = len(fit.scores)
    mean = np.asarray(fit.answers.sum(axis=0)).ravel() / np.asarray(fit.given.sum(axis=0)).ravel()
    table = fit.answers.copy()
    table.data = table.data - mean[table.indices]
    varies = np.bincount(table.indices, weights=table.data**2, minlength=number)
    axis = np.zeros(number)
    axis[int(np.round(varies, 9).argmax())] = 1.0
    for _ in range(50):
        grown = table.T @ (table @ axis)
        size = float(np.sqrt(grown @ grown))
        if size <= 0:
            return np.zeros(number)
        axis = grown / size
    # Of the size that places have: so that a typical one is some tenths.
    start: NDArray[np.float64] = axis * np.sqrt(number) * 0.5
    return start
