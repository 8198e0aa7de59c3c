"""Intervals of measures of inequality, for members that were drawn at random from many more.

A full count of members has no sampling interval: nobody was drawn. Where members are a sample, all that belongs to each (value and
weight) is drawn anew as often as there are members, again and again, and the interval holds the middle of what comes out (percentile
bootstrap: Efron, Annals of Statistics 7, 1979; for inequality Mills & Zandvakili, Journal of Applied Econometrics 12, 1997).

Limits: it says nothing of what is missing, nor of members that were chosen otherwise than at random; with few members, or a long tail,
it is too narrow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.engines.capacity.inequality import measure_amounts
from comity.engines.capacity.inequality_amounts import gather_amounts
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a measure would lie were other members drawn: from ``low`` to ``high`` in ``level`` of ``draws``."""

    low: float
    high: float
    level: float
    draws: int


def bracket_spread(
    *,
    values: Sequence[Any] | NDArray[Any],
    weights: Sequence[Any] | NDArray[Any] | None = None,
    epsilon: float = 0.5,
    draws: int = 1000,
    seed: int = 1,
    level: float = 0.95,
) -> Mapping[str, Interval | None]:
    """Return the intervals of gini, theil, atkinson, palma and hoover, by name; None where fewer than two members have a figure.

    A draw in which a measure has no value does not count for that measure, and where none counts its interval is None. Arguments and
    errors are those of ``inequality.measure_spread``; ``draws`` is at least 1, ``level`` between 0 and 1. The same seed gives the same.

    >>> found = bracket_spread(values=[1, 2, 3, 4, 10], draws=200, seed=7)
    >>> found["gini"].low < 0.4 < found["gini"].high
    True
    """
    if draws < 1:
        raise BadParameter(name="draws", found=draws, allowed="a whole number of 1 or more")
    if not 0 < level < 1:
        raise BadParameter(name="level", found=level, allowed="a number between 0 and 1, such as 0.95")
    if not (math.isfinite(epsilon) and epsilon >= 0):
        raise BadParameter(name="epsilon", found=epsilon, allowed="a number of 0 or more, such as 0.5")
    held = gather_amounts(values=values, weights=weights)
    names = tuple(measure_amounts(held, epsilon=epsilon))
    number = len(held.x)
    if number < 2:  # noqa: PLR2004  (one member drawn again and again is always itself)
        return dict.fromkeys(names)
    chance = np.random.default_rng(seed)
    found: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(draws):
        measured = measure_amounts(held.drawn(chance.integers(number, size=number)), epsilon=epsilon)
        for name, value in measured.items():
            if value is not None:
                found[name].append(value)
    return {name: _middle(drawn, level=level) for name, drawn in found.items()}


def _middle(drawn: list[float], /, *, level: float) -> Interval | None:
    if not drawn:
        return None
    tail = (1 - level) / 2
    low, high = (float(q) for q in np.quantile(drawn, [tail, 1 - tail]))
    return Interval(low=low, high=high, level=level, draws=len(drawn))
