"""Dependence says how far one member's access rests on one source: one donor, one vendor, one country.

The share of the largest source is told beside the index of Herfindahl and Hirschman, the sum of the squares of all shares (Hirschman,
"The paternity of an index", American Economic Review 54, 1964): 1 is one source, 1/n is n equal ones. Units of which the source is not
known may be of any: so each figure has two bounds, and whether a limit is passed may stay open.

Limits: it counts units of one thing, not how easily a source could be replaced; two sources with one owner are two here, unless they are
named alike. It concerns a member alone and is for that member's eyes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Dependence:
    """How far access rests on one source.

    ``total`` units, of which ``unknown`` have no known source; ``shares`` are those of the known sources of the total, by name.
    ``largest`` names the known source with most, or several with as much, in the order of names. The share of the largest source of all,
    known or not, lies between ``at_least`` and ``at_most``, the index between ``concentration_at_least`` and ``concentration_at_most``;
    without unknown units each two are one. ``is_over`` says whether the largest has more than ``over`` of all: None where what is
    unknown could decide it. Without any units all shares are None, and so is ``is_over``.
    """

    over: float
    total: float
    unknown: float
    shares: tuple[tuple[str, float], ...]
    largest: tuple[str, ...]
    at_least: float | None
    at_most: float | None
    concentration_at_least: float | None
    concentration_at_most: float | None
    is_over: bool | None


def rest_on(*, sources: Iterable[tuple[str | None, float]], over: float) -> Dependence:
    """Return how far access rests on one source. ``sources`` are pairs of a source and its units; a source of None is not known.

    Rows of one source are added up. ``over`` is a share from 0 to 1 that the largest must not pass: exactly that much is not over.
    Raises BadParameter where units are below 0, no number or without end, or ``over`` is not from 0 to 1.

    >>> told = rest_on(sources=[("A", 60), ("B", 30), (None, 10)], over=0.6)
    >>> told.largest, told.at_least, told.at_most, told.is_over
    (('A',), 0.6, 0.7, None)
    """
    if not 0 <= over <= 1:
        raise BadParameter(name="over", found=over, allowed="a share from 0 to 1, such as 0.5")
    units: dict[str | None, list[float]] = {}
    for source, number in sources:
        if not (math.isfinite(number) and number >= 0):
            allowed = "a number of 0 or more; leave out what is not known"
            raise BadParameter(name=f"units of {source or 'an unknown source'}", found=number, allowed=allowed)
        units.setdefault(source, []).append(float(number))
    # Each sum is rounded once, whatever the order of the rows.
    known = {s: math.fsum(n) for s, n in units.items() if s is not None}
    unknown = math.fsum(units.get(None, ()))
    total = math.fsum(n for numbers in units.values() for n in numbers)
    if not total:
        return Dependence(over, total, unknown, tuple((s, 0.0) for s in sorted(known)), (), *[None] * 5)
    names = sorted(known)
    most = max(known.values(), default=0.0)
    squares = math.fsum((known[s] / total) ** 2 for s in names)
    at_least, at_most = most / total, min(1.0, math.fsum([most, unknown]) / total)
    return Dependence(
        over=over,
        total=total,
        unknown=unknown,
        shares=tuple((s, known[s] / total) for s in names),
        largest=tuple(s for s in names if known[s] == most and most),
        at_least=at_least,
        at_most=at_most,
        concentration_at_least=min(1.0, squares),
        concentration_at_most=min(1.0, math.fsum([squares, -(at_least**2), at_most**2])),
        is_over=True if at_least > over else False if at_most <= over else None,
    )


def rest_on_each(*, access: Sequence[tuple[Mapping[str, str | None], float]], over: float) -> dict[str, Dependence]:
    """Return how far access rests on one source by each attribute alone: on one provider, one vendor, one country.

    ``access`` are pairs: what is known of the source, such as {"provider": "A", "country": None}, and the units. An attribute that a
    row lacks is not known of it. Attributes come in the order of their names. Errors are those of ``rest_on``.

    >>> found = rest_on_each(access=[({"donor": "A", "vendor": "V"}, 1), ({"donor": "B", "vendor": "V"}, 1)], over=0.5)
    >>> {name: told.is_over for name, told in found.items()}
    {'donor': False, 'vendor': True}
    """
    names = sorted({name for about, _ in access for name in about})
    return {name: rest_on(sources=[(about.get(name), units) for about, units in access], over=over) for name in names}
