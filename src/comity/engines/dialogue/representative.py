"""Representative statements: what tells an opinion group from the others, never labelled with what the group does not hold.

The two-proportion score test with pooled variance, in both directions, over every group and statement, with false-discovery
control after Benjamini and Hochberg (Journal of the Royal Statistical Society B 57, 1995). Polis (Small and others, "Polis: scaling
deliberation by mapping high dimensional opinion spaces", Recerca 26, 2021) names a group's statements by the same comparison alone,
and so may call "disagree" what most of the group agree with, because the rest agree even more. Here the group must hold the answer.

The groups were found from the same votes. So q says how clearly a statement parts the groups that stand, and is no evidence that they do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from comity.engines.dialogue.intervals import bound_differences, bound_shares
from comity.engines.dialogue.results import Interval, Representative

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from comity.engines.dialogue.counts import Counts
    from comity.engines.dialogue.results import Direction

MOST_FALSE = 0.05
"""Of the statements named, the share that may be there by chance alone."""
LEAST_ANSWERS = 5
"""Answers inside, and outside, under which the test's normal approximation is not asked and no share may be shown."""
DIRECTIONS: tuple[Direction, Direction] = ("agree", "disagree")


def compare_groups(
    *, counts: Counts, statements: Sequence[str], most_false: float = MOST_FALSE, least: int = LEAST_ANSWERS
) -> tuple[Representative, ...]:
    """Return the representative statements, by group, the one that parts it from the rest most surely first.

    ``counts`` are those of the opinion groups alone; the rest of a group are the other groups, not those in none. Tested is
    every statement with at least ``least`` answers inside and outside, in both directions. Named is one whose q is at most
    ``most_false`` and whose direction the group holds: more of it gave this answer than the opposite one, and of those who
    took a side surely more than half did (the lower bound of the 95% interval). They are ranked by the lower bound of the
    difference of the two shares, then by id. With fewer than two groups nothing is representative.
    """
    groups = counts.agree.shape[0]
    if groups < 2:  # noqa: PLR2004  (a group is compared with others)
        return ()
    heard = counts.heard
    rest = heard.sum(axis=0) - heard
    asked = (heard >= least) & (rest >= least)
    inside = np.stack([counts.agree, counts.disagree])
    outside = inside.sum(axis=1, keepdims=True) - inside
    z = score_differences(given=inside, n=heard[None], other=outside, other_n=rest[None])
    q = np.ones(z.shape)
    tested = np.broadcast_to(asked, z.shape)
    q[tested] = control_false_discoveries(p=ndtr(-z[tested]))
    named = tested & (q <= most_false) & (z > 0) & _held(inside)
    part, _ = bound_differences(given=inside, n=heard[None], other=outside, other_n=rest[None])
    order = sorted(
        zip(*np.nonzero(named), strict=True), key=lambda at: (at[1], -round(float(part[at]), 9), at[2], at[0])
    )
    low, high = bound_shares(given=inside, n=heard[None])
    rest_low, rest_high = bound_shares(given=outside, n=rest[None])
    return tuple(
        Representative(
            statement=statements[s],
            group=int(g),
            direction=DIRECTIONS[d],
            inside=_interval(inside[d, g, s], heard[g, s], low[d, g, s], high[d, g, s]),
            outside=_interval(outside[d, g, s], rest[g, s], rest_low[d, g, s], rest_high[d, g, s]),
            z=float(z[d, g, s]),
            q=float(q[d, g, s]),
        )
        for d, g, s in order
    )


def score_differences(
    *,
    given: NDArray[np.int64],
    n: NDArray[np.int64],
    other: NDArray[np.int64],
    other_n: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the two-proportion score statistic with pooled variance; 0 where there is nothing to compare.

    >>> score_differences(given=np.array([15]), n=np.array([50]), other=np.array([5]), other_n=np.array([50])).round(4).tolist()
    [2.5]
    """
    both = np.maximum(n, 1), np.maximum(other_n, 1)
    pooled = (given + other) / np.maximum(n + other_n, 1)
    variance = pooled * (1 - pooled) * (1 / both[0] + 1 / both[1])
    difference = given / both[0] - other / both[1]
    fine = (variance > 0) & (n > 0) & (other_n > 0)
    return np.where(fine, difference / np.sqrt(np.where(fine, variance, 1.0)), 0.0)


def control_false_discoveries(*, p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return q: the least false-discovery rate at which each test would be named (Benjamini and Hochberg's step-up).

    ``p`` has shape (tests,), from 0 to 1.

    >>> control_false_discoveries(p=np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    tests = len(p)
    order = np.argsort(p, kind="stable")
    steps = p[order] * tests / np.arange(1, tests + 1)
    q = np.empty(tests)
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return q


def _held(inside: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return where the group holds the direction: shape (2, groups, statements), never true for both."""
    opposite = inside[::-1]
    low, _ = bound_shares(given=inside, n=inside + opposite)
    held: NDArray[np.bool_] = (inside > opposite) & (low > 0.5)  # noqa: PLR2004  (one half)
    return held


def _interval(given: np.int64, n: np.int64, low: np.float64, high: np.float64) -> Interval:
    return Interval(share=float(given / n), low=float(low), high=float(high), n=int(n))
