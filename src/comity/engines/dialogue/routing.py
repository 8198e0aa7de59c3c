"""Routing: which statement to show next, by a chance that is written down, so that what it bends can be straightened.

A statement is worth more the less is known of it, the more it parts the opinion groups and the fewer pass on it: the three things
that Polis' priority weighs too (Small and others, Recerca 26, 2021), without its factor that favours what is already agreed
with. New statements have a guaranteed part of all showings, and each statement some chance in every one.

Whoever is shown a statement is then no plain sample. Each answer is weighted by one over the chance that it was shown
just then (Horvitz and Thompson, JASA 47, 1952), the chances before it included: see ``reweigh_share``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.dialogue.intervals import bound_shares, estimate_weighted_share
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import ArrayLike, NDArray

    from comity.engines.dialogue.counts import Counts
    from comity.engines.dialogue.results import Interval

ALIKE = 0.2
"""The part of every choice that is drawn alike among all statements not yet shown to the participant."""
NEW = 0.3
"""The part that is drawn alike among the new ones; where there are none, among all."""
ENOUGH = 30
"""Answers from which a statement is no longer new: its interval is then at most 36 points wide."""


@dataclass(frozen=True, slots=True)
class Standings:
    """What is known of each statement when one is chosen.

    ``statements`` are sorted ids; the arrays have shape (statements,): how many agreed, disagreed and passed, and ``parting``,
    0 to 1, how far the groups' shares that agree lie apart.
    """

    statements: tuple[str, ...]
    agree: NDArray[np.int64]
    disagree: NDArray[np.int64]
    passed: NDArray[np.int64]
    parting: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """The statement to show, and what must be kept with the exposure.

    ``probability`` is the chance of this statement in this choice. ``chance`` is the chance that this participant was shown it
    here and not before: the same times that of every earlier choice to leave it out. ``waited`` maps every statement still unseen
    to the product of those, for the next choice.
    """

    statement: str
    probability: float
    chance: float
    waited: Mapping[str, float]


def take_standings(*, statements: tuple[str, ...], everybody: Counts, by_group: Counts) -> Standings:
    """Return the standings from counts: of everybody as one part, and of each opinion group, of which there may be none."""
    shares = (by_group.agree + 1) / (by_group.heard + 2)
    # A group not heard would be half for a statement that others are all for; it says nothing, and parts nothing.
    known = by_group.heard > 0
    most = np.where(known, shares, -np.inf).max(axis=0, initial=-np.inf)
    least = np.where(known, shares, np.inf).min(axis=0, initial=np.inf)
    return Standings(
        statements=statements,
        agree=everybody.agree[0],
        disagree=everybody.disagree[0],
        passed=everybody.passed[0],
        parting=np.where(most > least, most - least, 0.0),
    )


def weigh_statements(*, standings: Standings, alike: float = ALIKE, new: float = NEW) -> NDArray[np.float64]:
    """Return the chance of each statement to be shown first, shape (statements,), positive, summing to one.

    At least ``alike`` / all of them for each, and ``new`` / the new ones for each new one. The rest goes by worth: the width of the
    interval of the share that agrees among those who took a side, times one plus ``parting``, times the share that does not
    pass (with one answer of each kind added).
    Raises BadParameter where the parts are not positive or leave nothing, or there is no statement.
    """
    if not (alike > 0 and new >= 0 and alike + new <= 1):
        raise BadParameter(name="alike, new", found=f"{alike}, {new}", allowed="positive parts of 1 together")
    number = len(standings.statements)
    if not number:
        raise BadParameter(name="statements", found="none", allowed="one or more")
    heard = standings.agree + standings.disagree + standings.passed
    # Of those who took a side, so that agreeing and disagreeing weigh alike.
    low, high = bound_shares(given=standings.agree, n=standings.agree + standings.disagree)
    worth = (high - low) * (1 + standings.parting) * (1 - (standings.passed + 1) / (heard + 3))
    young = heard < ENOUGH
    fresh = young / young.sum() if young.any() else np.full(number, 1 / number)
    weights = alike / number + new * fresh + (1 - alike - new) * worth / worth.sum()
    found: NDArray[np.float64] = weights / weights.sum()
    return found


def choose_statement(
    *,
    standings: Standings,
    unseen: Collection[str],
    draw: float,
    waited: Mapping[str, float] | None = None,
    alike: float = ALIKE,
    new: float = NEW,
) -> Choice | None:
    """Return the statement to show next to a participant, None where all were seen.

    ``unseen`` are those it has not been shown; ``draw`` a uniform number from 0 up to 1 that decides; ``waited`` what the last
    choice returned, None at the first. A statement that came since then has waited for nothing. The order of ``unseen`` does
    not matter. Raises BadParameter for a draw outside 0 to 1 or a statement without standings.
    """
    if not 0 <= draw < 1:
        raise BadParameter(name="draw", found=str(draw), allowed="from 0 up to 1")
    place = {s: i for i, s in enumerate(standings.statements)}
    names = sorted(set(unseen))
    strange = [s for s in names if s not in place]
    if strange:
        raise BadParameter(name="unseen", found=strange[0], allowed="statements with standings")
    if not names:
        return None
    at = np.array([place[s] for s in names])
    open_ones = Standings(
        statements=tuple(names),
        agree=standings.agree[at],
        disagree=standings.disagree[at],
        passed=standings.passed[at],
        parting=standings.parting[at],
    )
    weights = weigh_statements(standings=open_ones, alike=alike, new=new)
    chosen = min(int(np.searchsorted(np.cumsum(weights), draw, side="right")), len(names) - 1)
    before = waited or {}
    probability = float(weights[chosen])
    return Choice(
        statement=names[chosen],
        probability=probability,
        chance=probability * before.get(names[chosen], 1.0),
        waited={
            name: before.get(name, 1.0) * (1 - float(weight))
            for i, (name, weight) in enumerate(zip(names, weights, strict=True))
            if i != chosen
        },
    )


def reweigh_share(*, given: ArrayLike, chances: ArrayLike, steps: ArrayLike) -> Interval | None:
    """Return the share that gave an answer to one statement as if all participants had been asked; None where nobody was.

    All have shape (n,), of those who were shown it: ``given`` whether they gave the answer, ``chances`` as kept with each exposure,
    ``steps`` how many statements each was shown in all. The weight is 1 / (chance x steps). Why: over the steps of one person,
    the sum of (shown here) / (chance of being shown here and not before) is, on average, the number of steps, whatever the
    earlier answers made of the later chances; so on average everybody counts as one. This asks that nobody stops because
    this statement was, or was not, among those shown.
    """
    chance, number = np.asarray(chances, dtype=np.float64), np.asarray(steps, dtype=np.float64)
    if chance.size and not (chance.min() > 0 and chance.max() <= 1 and number.min() >= 1):
        raise BadParameter(name="chances", found=f"{chance.min()} to {chance.max()}", allowed="above 0 up to 1")
    return estimate_weighted_share(given=given, weights=1 / (chance * number))
