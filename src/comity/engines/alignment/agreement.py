"""Say how far people who answered the same questions agree: Krippendorff's alpha for names, with answers missing.

Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability" (University of Pennsylvania, 2011), section C. The interval
is a percentile bootstrap over the things answered (Efron and Tibshirani, 1993), not Krippendorff's own over pairs: links, not
answers, are what another week would have drawn.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable

DRAWS = 2_000
FEWEST = 10
"""With fewer things answered twice no interval is given: a bootstrap of so few says less than their number."""
ROWS = 200


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree.

    ``units`` were answered by two people or more; what one alone answered says nothing of agreement. ``answers`` are those on
    such units. ``equal`` is the share, 0 to 1, of pairs of answers on one unit that are the same; None without units.
    ``alpha`` is 1 for full agreement, 0 for what chance would give, and less where people contradict one another; None where
    every answer is the same word, since nothing then varies that could agree. ``low`` and ``high`` bound its 95% interval;
    None below ``FEWEST`` units, or where alpha is None.
    """

    units: int
    answers: int
    equal: float | None
    alpha: float | None
    low: float | None = None
    high: float | None = None


def measure_agreement(*, answers: Iterable[tuple[str, str, str]], seed: int, draws: int = DRAWS) -> Agreement:
    """Return how far people agree, from (unit, who, value); what somebody did not answer is left out.

    Order does not matter. Raises BadParameter where one person answers a unit twice.

    >>> measure_agreement(answers=[("1", "x", "a"), ("1", "y", "a"), ("2", "x", "b"), ("2", "y", "b")], seed=1).alpha
    1.0
    """
    counts = _count_values(answers)
    counts = counts[counts.sum(axis=1) > 1]
    if not len(counts):
        return Agreement(units=0, answers=0, equal=None, alpha=None)
    each = counts.sum(axis=1)
    ordered = each * (each - 1)
    unlike = each**2 - (counts**2).sum(axis=1)
    once = np.ones((1, len(counts)))
    alpha = float(_alphas(once, counts)[0])
    found = Agreement(
        units=len(counts),
        answers=int(each.sum()),
        equal=float(1 - unlike.sum() / ordered.sum()),
        alpha=None if np.isnan(alpha) else alpha,
    )
    if found.alpha is None or len(counts) < FEWEST:
        return found
    low, high = _interval(counts, seed=seed, draws=draws)
    return Agreement(found.units, found.answers, found.equal, found.alpha, low, high)


def _count_values(answers: Iterable[tuple[str, str, str]]) -> np.ndarray:
    """Return how often each unit was given each value, float (units, values), both in the order of their names."""
    given = sorted(answers)
    twice = [pair for pair, n in Counter((unit, who) for unit, who, _ in given).items() if n > 1]
    if twice:
        raise BadParameter(name="answers", found=f"two by one person on {twice[0][0]}", allowed="one each")
    units = {unit: row for row, unit in enumerate(dict.fromkeys(unit for unit, _, _ in given))}
    values = {value: column for column, value in enumerate(sorted({value for _, _, value in given}))}
    counts = np.zeros((len(units), len(values)))
    for unit, _, value in given:
        counts[units[unit], values[value]] += 1
    return counts


def _alphas(times: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return alpha of each sample: ``times`` (samples, units) says how often it holds each unit. NaN where nothing varies."""
    each = counts.sum(axis=1)
    unlike = (each**2 - (counts**2).sum(axis=1)) / (each - 1)
    total, by_value = times @ each, times @ counts
    chance = total**2 - (by_value**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: np.ndarray = 1 - (total - 1) * (times @ unlike) / np.where(chance > 0, chance, np.nan)
    return found


def _interval(counts: np.ndarray, *, seed: int, draws: int) -> tuple[float, float]:
    chance = np.random.default_rng(seed)
    # Units with the same answers are drawn together: a sample is the same, and thousands of units cost no more than a few.
    kinds, often = np.unique(counts, axis=0, return_counts=True)
    shares = often / often.sum()
    found = np.concatenate(
        [
            _alphas(chance.multinomial(len(counts), shares, size=min(ROWS, draws - start)).astype(float), kinds)
            for start in range(0, draws, ROWS)
        ]
    )
    # A sample in which every answer is the same word has no alpha; it is left out.
    low, high = np.nanquantile(found, (0.025, 0.975))
    return float(low), float(high)
