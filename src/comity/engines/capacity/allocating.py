"""Allocation: share what is offered out among those who need it, so that nobody can gain except from someone who has less.

Shares are leximin and exact (``blocks.py``): the smallest share of what was asked is as large as it can be, then the next.
Units of two resources never add up, so where members are treated alike a member has one share for each resource.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from comity.engines.capacity.flows import Dinic
from comity.engines.capacity.indivisible import place_lots, use_lots_first
from comity.engines.capacity.layouts import share_out
from comity.engines.capacity.results import MAKER, Allocation, Reason, Share
from comity.engines.capacity.terms import settle_lots

if TYPE_CHECKING:
    from comity.engines.capacity.flows import MaximumFlow
    from comity.engines.capacity.terms import Terms

__all__ = ["MAKER", "Allocation", "Reason", "Share", "allocate"]


def allocate(*, terms: Terms, solver: MaximumFlow | None = None) -> Allocation:
    """Return the leximin allocation of a round, in exact fractions.

    Shares and reasons follow from the terms alone; which offer serves which need may differ between solvers where several
    ways give the same shares. ``solver`` is scipy's if none is given. Where offers are indivisible, ``indivisible.py`` settles
    first which need each goes to, and the shares are leximin among the allocations that give them so.

    >>> from comity.engines.capacity.terms import Need, Offer, set_terms
    >>> terms = set_terms(
    ...     needs=[Need("a", "FJI", "days", Fraction(300)), Need("b", "TON", "days", Fraction(200))],
    ...     offers=[Offer("fr", "days", Fraction(250))])
    >>> [str(share.share) for share in allocate(terms=terms).shares]
    ['1/2', '1/2']
    """
    solver = solver or Dinic()
    if not any(offer.indivisible for offer in terms.offers):
        return share_out(terms=terms, solver=solver)
    lots = place_lots(terms=terms, solver=solver).lots
    settled = settle_lots(terms=terms, lots=lots)
    found = share_out(terms=settled, solver=solver)
    units = use_lots_first(terms=terms, lots=lots, units=found.units)
    return replace(found, terms=terms, units=units, lots=MappingProxyType(dict(sorted(lots.items()))))
