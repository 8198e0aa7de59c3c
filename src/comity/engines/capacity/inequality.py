"""Inequality says how unevenly one thing is spread over members: Gini, Theil, Atkinson, Palma, Hoover and a ratio of percentiles.

Every measure is of shares, so that its unit falls away: twice as much for everybody changes none. With weights (people of a country),
a value is what each unit of weight has, and a member counts as that many units; without them each member counts once.

=========  ======================================================================================================
measure    source
=========  ======================================================================================================
Gini       half the mean difference of any two over the mean (Gini 1912; with weights Lerman & Yitzhaki 1989)
Theil T    Theil, Economics and Information Theory, 1967; between and within: Shorrocks, Econometrica 48, 1980
Theil L    the mean logarithmic deviation, as above
Atkinson   Atkinson, "On the measurement of inequality", Journal of Economic Theory 2, 1970
Palma      Cobham & Sumner, "Is it all about the tails? The Palma measure of income inequality", 2013
Hoover     Hoover, "Interstate redistribution of population, 1850-1940", Journal of Economic History 1, 1941
ratio      the 90th percentile over the 10th, each the least value that so much of the weight does not pass (Hyndman & Fan,
           American Statistician 50, 1996, definition 1)
=========  ======================================================================================================

Limits: values are amounts, 0 or more. A missing value is None and is never taken for 0: it is counted, and no measure knows what it would
have changed. A full count of members has no sampling interval; ``inequality_intervals`` gives one for members that were drawn. A
percentage has a ceiling, which bounds its measures by its mean: compare two of them with care. No measure tells who has less, only how
far all are from the same; two different spreads can have one Gini. Gini and Theil of few members are low: n members reach at most 1-1/n
and log n without weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping  # noqa: TC003  (dataclass fields are read at run time by the doors)
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.engines.capacity.inequality_amounts import Amounts, gather_amounts
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MEASURES = ("gini", "theil", "theil_l", "atkinson", "palma", "hoover", "percentile_ratio", "between", "within")
"""What can be None in a Spread; ``undefined`` then holds why."""

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "nobody": "nobody has a figure",
        "no-weight": "all weights are 0",
        "all-zero": "every figure is 0, so that there is nothing to spread",
        "a-zero": "somebody has 0, and its logarithm has no value",
        "bottom-zero": "the 40% who have least have nothing, or next to nothing",
        "low-zero": "the 10th percentile is 0, or next to it",
        "no-groups": "no groups were given",
    }
)
"""Why a measure can have no value: a code, and the same in words."""

TOP, BOTTOM = 0.9, 0.4
LOW, HIGH = 0.1, 0.9
NEXT_TO = 1e-12
"""Two figures nearer than this are one: that is how far rounding reaches."""


@dataclass(frozen=True, slots=True)
class GroupSpread:
    """One group's part: ``n`` with a figure, ``missing`` without; shares of all weight and of all that there is; mean; Theil T inside.

    ``group`` is None for those in no group. ``value_share`` and ``theil`` are None where the group or everything has nothing.
    """

    group: str | None
    n: int
    missing: int
    weight_share: float | None
    value_share: float | None
    mean: float | None
    theil: float | None


@dataclass(frozen=True, slots=True)
class Influence:
    """The member without whom Gini would change most: its place among the values, and the Gini of the others."""

    index: int
    gini: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How unevenly one thing is spread.

    ``n`` members have a figure (and a weight, where weights are given), ``missing`` do not; ``zeros`` of the n have 0. ``weight_known`` is
    the share of all known weight that the n have, None without weights. ``mean``, ``least`` and ``most`` are in the unit of the values.
    All of MEASURES are numbers without unit, or None with a code of REASONS in ``undefined``: ``gini``, ``hoover`` and ``atkinson`` from 0
    (all the same) to 1; ``theil`` and ``theil_l`` from 0, in natural logarithms; ``palma`` is 0.25 where all are the same;
    ``percentile_ratio`` is then 1. ``between`` and ``within`` add up to ``theil``; they need groups.
    """

    n: int
    missing: int
    zeros: int
    weight_known: float | None
    mean: float | None
    least: float | None
    most: float | None
    epsilon: float
    gini: float | None = None
    theil: float | None = None
    theil_l: float | None = None
    atkinson: float | None = None
    palma: float | None = None
    hoover: float | None = None
    percentile_ratio: float | None = None
    between: float | None = None
    within: float | None = None
    groups: tuple[GroupSpread, ...] = ()
    influence: Influence | None = None
    undefined: Mapping[str, str] = field(default_factory=dict)


def measure_spread(
    *,
    values: Sequence[Any] | NDArray[Any],
    weights: Sequence[Any] | NDArray[Any] | None = None,
    groups: Sequence[Any] | NDArray[Any] | None = None,
    epsilon: float = 0.5,
) -> Spread:
    """Return how unevenly ``values`` are spread, one for each member; None is a member without a figure, and never 0.

    ``weights`` are as many as values, 0 or more; a member without one cannot be counted and is missing. ``groups`` names the one group of
    each, None where it is in none: those are told as a group of their own. ``epsilon`` says how much Atkinson's index minds the
    low end: from 0 (not at all); at 1 or more it is 1 as soon as anybody has 0. The order of members does not matter. Theil T takes
    0·log 0 as 0.

    Raises BadParameter, with the place of the value, for one below 0, not a number or without end; for lengths that differ; for an epsilon
    below 0.

    >>> spread = measure_spread(values=[1, 1, 2, None], groups=["A", "A", "B", "B"])
    >>> spread.n, spread.missing, round(spread.gini, 4), round(spread.between / spread.theil, 4)
    (3, 1, 0.1667, 1.0)
    >>> measure_spread(values=[0, 0]).gini, measure_spread(values=[0, 0]).undefined["gini"]
    (None, 'all-zero')
    """
    if not (math.isfinite(epsilon) and epsilon >= 0):
        raise BadParameter(name="epsilon", found=epsilon, allowed="a number of 0 or more, such as 0.5")
    held = gather_amounts(values=values, weights=weights, groups=groups)
    told: dict[str, Any] = {
        "n": held.n,
        "missing": held.missing,
        "zeros": held.zeros,
        "weight_known": held.weight_known,
        "mean": held.mean,
        "least": held.least,
        "most": held.most,
        "epsilon": float(epsilon),
    }
    reason = "nobody" if not held.n else "no-weight" if not held.weight else "all-zero" if not held.total else None
    if reason is not None:
        parts = tuple(_part(held, g, whole=False) for g in range(len(held.labels)))
        return Spread(**told, groups=parts, undefined=dict.fromkeys(MEASURES, reason))
    found, undefined = _measure(held, epsilon=epsilon)
    return Spread(**told, **found, influence=_weightiest(held, gini=found["gini"]), undefined=undefined)


def measure_amounts(held: Amounts, /, *, epsilon: float) -> dict[str, float | None]:
    """Return gini, theil, atkinson, palma and hoover of amounts; all None where there is nothing to spread."""
    if not held.total:
        return dict.fromkeys(("gini", "theil", "atkinson", "palma", "hoover"))
    relative = held.x / (held.total / held.weight)
    return {
        "gini": _gini(held),
        "theil": _theil(held.w * relative, relative, held.weight),
        "atkinson": _atkinson(held, epsilon=epsilon),
        "palma": _palma(held),
        "hoover": float((held.w * np.abs(relative - 1)).sum() / held.weight / 2),
    }


def _measure(held: Amounts, /, *, epsilon: float) -> tuple[dict[str, Any], dict[str, str]]:
    found: dict[str, Any] = measure_amounts(held, epsilon=epsilon)
    found["theil_l"] = None if held.logs[0] == -math.inf else max(0.0, held.log_mean - held.mean_of(held.logs))
    low, high = (_percentile(held, p) for p in (LOW, HIGH))
    found["percentile_ratio"] = _ratio(high, low)
    reasons = {"theil_l": "a-zero", "palma": "bottom-zero", "percentile_ratio": "low-zero"}
    undefined = {name: reason for name, reason in reasons.items() if found[name] is None}
    if not held.labels:
        found |= {"between": None, "within": None}
        undefined |= dict.fromkeys(("between", "within"), "no-groups")
        return found, undefined
    parts = tuple(_part(held, g, whole=True) for g in range(len(held.labels)))
    with_any = [p for p in parts if p.value_share]
    found["between"] = max(0.0, math.fsum(_between(p) for p in with_any))
    found["within"] = max(0.0, math.fsum((p.value_share or 0) * (p.theil or 0) for p in with_any))
    found["groups"] = parts
    return found, undefined


def _between(part: GroupSpread, /) -> float:
    value, weight = part.value_share or 0.0, part.weight_share or 1.0
    return value * math.log(value / weight)


def _part(held: Amounts, group: int, /, *, whole: bool) -> GroupSpread:
    """Return one group's part; ``whole`` says that there is something to have shares of."""
    own = held.of_group(group)
    theil = None
    if own.total:
        relative = own.x / (own.total / own.weight)
        theil = _theil(own.w * relative, relative, own.weight)
    return GroupSpread(
        group=held.labels[group],
        n=own.n,
        missing=own.missing,
        weight_share=own.weight / held.weight if held.weight else None,
        value_share=own.total / held.total if whole else None,
        mean=own.mean,
        theil=theil,
    )


def _gini(held: Amounts, /) -> float:
    upto = np.cumsum(held.w)
    return max(0.0, float((held.w * held.x * (2 * upto - held.w)).sum() / held.weight / held.total - 1))


def _theil(weighted: NDArray[np.float64], relative: NDArray[np.float64], weight: float, /) -> float:
    # The logarithm of 0 is left at 0, since 0·log 0 is taken as 0.
    logs = np.log(relative, out=np.zeros_like(relative), where=relative > 0)
    return max(0.0, float((weighted * logs).sum() / weight))


def _atkinson(held: Amounts, /, *, epsilon: float) -> float:
    """Return 1 less the equally distributed equivalent over the mean, by logarithms: exact also where epsilon is nearly 1, or large."""
    if not epsilon:
        return 0.0
    if held.logs[0] == -math.inf and epsilon >= 1:
        return 1.0
    if epsilon == 1:
        equivalent = held.mean_of(held.logs) - held.log_mean
    else:
        powers = (1 - epsilon) * (held.logs - held.log_mean)
        most = float(powers.max())
        equivalent = (most + math.log1p(held.mean_of(np.expm1(powers - most)))) / (1 - epsilon)
    return min(1.0, max(0.0, -math.expm1(equivalent)))


def _palma(held: Amounts, /) -> float | None:
    """Return the share of the top tenth over that of the bottom four tenths; a member on the border counts in part, on either side."""
    people = np.concatenate([[0.0], np.cumsum(held.w)]) / held.weight
    things = np.concatenate([[0.0], np.cumsum(held.w * held.x)]) / held.total
    bottom, top = np.interp([BOTTOM, TOP], people, things)
    return _ratio(float(1 - top), float(bottom))


def _percentile(held: Amounts, share: float, /) -> float:
    """Return the least value that ``share`` of the weight does not exceed."""
    upto = np.cumsum(held.w)
    place = int(np.searchsorted(upto, share * upto[-1] * (1 - NEXT_TO)))
    return float(held.raw[min(place, len(held.raw) - 1)])


def _ratio(above: float, below: float, /) -> float | None:
    """Return a ratio, or None where it has no value that a number can hold."""
    ratio = above / below if below > 0 else math.inf
    return ratio if math.isfinite(ratio) else None


def _weightiest(held: Amounts, /, *, gini: float) -> Influence | None:
    """Return who changes Gini most by being away; of those who change it equally, the first among the values."""
    w, x = held.w, held.x
    if len(x) < 2:  # noqa: PLR2004  (without its only one, nothing is left to measure)
        return None
    upto, things = np.cumsum(w), np.cumsum(w * x)
    # What each differs from all others: those below it, and those above.
    apart = x * (2 * upto - held.weight) - (2 * things - held.total)
    all_apart = float((w * apart).sum())
    rest_weight, rest_total = held.weight - w, held.total - w * x
    is_some = (rest_weight > NEXT_TO * held.weight) & (rest_total > NEXT_TO * held.total)
    if not is_some.any():
        return None
    below = np.where(is_some, 2 * rest_weight * rest_total, 1.0)
    without = np.where(is_some, (all_apart - 2 * w * apart) / below, gini)
    change = np.where(is_some, np.abs(without - gini), -1.0)
    chosen = np.flatnonzero(change >= change.max() - NEXT_TO)
    first = chosen[np.argmin(held.places[chosen])]
    return Influence(index=int(held.places[first]), gini=min(1.0, max(0.0, float(without[first]))))
