"""Common ground: statements that every opinion group and every region present supports, ranked by what is sure.

Support is a lower bound over one half: the 95% interval of the share that agrees, those who passed counted as not agreeing, lies
above it. Asked of every group and region at once this needs no correction for their number (an intersection-union test: Berger,
Technometrics 24, 1982). The rank is the least of these bounds, so that few votes never outrank many by luck. Beside it stands
group-informed consensus as Polis defines it (Small and others, Recerca 26, 2021).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comity.engines.dialogue.intervals import bound_shares
from comity.engines.dialogue.results import CommonGround, Interval, NotYetHeard

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.engines.dialogue.counts import Counts, Tally
    from comity.engines.dialogue.results import Direction

LEAST_ANSWERS = 10
"""Answers of each group and region under which nothing is common ground.

Four answers, all alike, would lift the lower bound over one half: then one person's pass decides what a group supports. Of ten it
takes nine, so that one of them may differ, and no group is spoken for by a handful who could be told apart.
"""
HALF = 0.5
DIRECTIONS: tuple[Direction, Direction] = ("agree", "disagree")


def find_shared_ground(*, tally: Tally, least: int = LEAST_ANSWERS) -> tuple[CommonGround, ...]:
    """Return the statements that all support, and those that all reject, the surest first, then by id.

    Everybody together, each opinion group and each region must have ``least`` answers and a lower bound over one half.
    """
    found: list[CommonGround] = []
    groups = len(tally.by_group.agree)
    for direction in DIRECTIONS:
        given, heard = _stacked(direction, tally)
        low, high = bound_shares(given=given, n=heard)
        lower = low.min(axis=0)
        product = consensus_product(given=_given(direction, tally.by_group), heard=tally.by_group.heard)
        for s in np.flatnonzero((lower > HALF) & (heard >= least).all(axis=0)).tolist():
            overall, *parts = (
                Interval(share=int(a) / int(n), low=float(bottom), high=float(top), n=int(n))
                for a, n, bottom, top in zip(given[:, s], heard[:, s], low[:, s], high[:, s], strict=True)
            )
            found.append(
                CommonGround(
                    statement=tally.statements[s],
                    direction=direction,
                    lower=float(lower[s]),
                    product=float(product[s]),
                    overall=overall,
                    by_group=tuple(parts[:groups]),
                    by_region=tuple(zip(tally.regions, parts[groups:], strict=True)),
                )
            )
    return tuple(sorted(found, key=lambda c: (-round(c.lower, 9), c.statement, c.direction)))


def find_unheard(*, tally: Tally, least: int = LEAST_ANSWERS) -> tuple[NotYetHeard, ...]:
    """Return the statements that only lack voices to be common ground, by id: all who are heard support them, some are not heard.

    Everybody together must have given ``least`` answers and support it, as must each group and region with as many; at least
    one has fewer. How those few answered is not looked at, nor told.
    """
    found: list[NotYetHeard] = []
    groups = len(tally.by_group.agree)
    for direction in DIRECTIONS:
        given, heard = _stacked(direction, tally)
        low, _ = bound_shares(given=given, n=heard)
        few = heard < least
        fits = ((low > HALF) | few).all(axis=0) & few.any(axis=0) & ~few[0]
        found += [
            NotYetHeard(
                statement=tally.statements[s],
                direction=direction,
                groups=tuple(np.flatnonzero(few[1 : 1 + groups, s]).tolist()),
                regions=tuple(
                    name for name, not_heard in zip(tally.regions, few[1 + groups :, s], strict=True) if not_heard
                ),
            )
            for s in np.flatnonzero(fits).tolist()
        ]
    return tuple(sorted(found, key=lambda u: u.statement))


def consensus_product(*, given: NDArray[np.int64], heard: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return group-informed consensus of each statement: the product over groups of (given + 1) / (heard + 2).

    Both have shape (groups, statements); with no group every product is 1.

    >>> consensus_product(given=np.array([[8], [3]]), heard=np.array([[8], [6]])).tolist()
    [0.45]
    """
    product: NDArray[np.float64] = np.prod((given + 1.0) / (heard + 2.0), axis=0)
    return product


def _given(direction: Direction, counts: Counts) -> NDArray[np.int64]:
    return counts.agree if direction == "agree" else counts.disagree


def _stacked(direction: Direction, tally: Tally) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return who gave the answer and who was heard: everybody, then the groups, then the regions."""
    parts = (tally.everybody, tally.by_group, tally.by_region)
    return np.concatenate([_given(direction, p) for p in parts]), np.concatenate([p.heard for p in parts])
