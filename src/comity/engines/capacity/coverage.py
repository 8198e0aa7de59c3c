"""Coverage counts, for each group, how many of its members have a thing, of how many it is known, and who is missing.

Groups come in as data and may overlap; a member may be in none. What is not known is kept apart from what is not there: so the share of
a group that has the thing lies between two bounds, as if none of the unknown had it and as if all did (Manski, "Anatomy of the selection
problem", Journal of Human Resources 24, 1989). The bounds are no sampling interval: they hold for certain.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class GroupCoverage:
    """One group, or with ``group`` None the members that are in no group.

    ``members`` is how many it has, ``known`` how many of them have a figure. ``unknown`` names the members whose figure is None, and
    ``absent`` those of the group of whom nothing was given at all. ``reached`` have the thing: at or above the threshold, or more than
    0 where there is none. ``at_least`` and ``at_most`` are the bounds of their share of ``members``. ``weight_known`` is the
    share of the group's weight that the known have, ``weight_at_least`` and ``weight_at_most`` bound the share of those reached; None without weights, where a member has none, or where all are 0.
    """

    group: str | None
    members: int
    known: int
    reached: int
    unknown: tuple[str, ...]
    absent: tuple[str, ...]
    at_least: float | None
    at_most: float | None
    weight_known: float | None = None
    weight_at_least: float | None = None
    weight_at_most: float | None = None


def cover_groups(
    *,
    members: Mapping[str, Any],
    groups: Mapping[str, Collection[str]],
    threshold: float | None = None,
    weights: Mapping[str, Any] | None = None,
) -> tuple[GroupCoverage, ...]:
    """Return the coverage of each group, by name, and of those in no group last, if there are any.

    ``members`` maps each to its figure, or None where it has none; ``groups`` maps the name of each to its members, of whom some may
    not be in ``members``. ``weights`` maps members to numbers of 0 or more. A group without members has no shares (None).

    Raises BadParameter for a figure or weight that is below 0, no number or without end, and for such a threshold.

    >>> east, none = cover_groups(members={"A": 1, "B": None, "C": 0}, groups={"East": {"A", "B", "D"}})
    >>> east.reached, east.members, east.unknown, east.absent, round(east.at_least, 2), east.at_most
    (1, 3, ('B',), ('D',), 0.33, 1.0)
    >>> none.group, none.members, none.reached
    (None, 1, 0)
    """
    figures = {m: _read_number(v, name=f"members[{m}]") for m, v in members.items()}
    if threshold is not None:
        _read_number(threshold, name="threshold")
    weighed = None if weights is None else {m: _read_number(v, name=f"weights[{m}]") for m, v in weights.items()}
    everyone = frozenset[str]().union(*groups.values())
    found = [_cover(g, groups[g], figures=figures, threshold=threshold, weights=weighed) for g in sorted(groups)]
    alone = [m for m in figures if m not in everyone]
    if alone:
        found.append(_cover(None, alone, figures=figures, threshold=threshold, weights=weighed))
    return tuple(found)


def _cover(
    group: str | None,
    of: Iterable[str],
    /,
    *,
    figures: Mapping[str, float | None],
    threshold: float | None,
    weights: Mapping[str, float | None] | None,
) -> GroupCoverage:
    names = sorted(set(of))
    known = [m for m in names if figures.get(m) is not None]
    reached = [m for m in known if _reaches(figures[m], threshold=threshold)]
    open_ = len(names) - len(known)
    by_known, by_reached = _weigh(known, of=names, weights=weights), _weigh(reached, of=names, weights=weights)
    return GroupCoverage(
        group=group,
        members=len(names),
        known=len(known),
        reached=len(reached),
        unknown=tuple(m for m in names if m in figures and figures[m] is None),
        absent=tuple(m for m in names if m not in figures),
        at_least=len(reached) / len(names) if names else None,
        at_most=(len(reached) + open_) / len(names) if names else None,
        weight_known=by_known,
        weight_at_least=by_reached,
        weight_at_most=None if by_known is None or by_reached is None else min(1.0, by_reached + (1 - by_known)),
    )


def _reaches(figure: float | None, /, *, threshold: float | None) -> bool:
    return figure is not None and (figure > 0 if threshold is None else figure >= threshold)


def _weigh(part: Iterable[str], /, *, of: list[str], weights: Mapping[str, float | None] | None) -> float | None:
    """Return the share of the weight of ``of`` that ``part`` has, None where it cannot be said."""
    if weights is None:
        return None
    all_weights = [weights.get(m) for m in of]
    known = [w for w in all_weights if w is not None]
    whole = math.fsum(known)
    if len(known) < len(all_weights) or not whole:
        return None
    return math.fsum(weights[m] or 0.0 for m in part) / whole


def _read_number(value: Any, /, *, name: str) -> float | None:
    if value is None:
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not (math.isfinite(found) and found >= 0):
        raise BadParameter(name=name, found=value, allowed="a number of 0 or more, or None where there is no figure")
    return found
