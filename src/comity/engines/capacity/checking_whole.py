"""Checking whole units: see that a rounded result is possible, whole, and within one unit of the exact one for everyone."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from comity.engines.capacity.checking import check_allocation, check_amounts
from comity.errors import AllocationDoesNotHold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.capacity.checking import Checked, Claim
    from comity.engines.capacity.terms import Terms


def check_whole(
    *,
    terms: Terms,
    exact: Mapping[tuple[str, str], Fraction],
    claims: Sequence[Claim],
    units: Mapping[tuple[str, str], Fraction],
    unit: Fraction = Fraction(1),
    lots: Mapping[str, str] | None = None,
) -> Checked:
    """Return what was checked of whole units by (need, offer), beside the exact allocation and its blocks.

    Checked is: the exact allocation, with its cuts; that the whole amounts are possible; that each is a multiple of the unit;
    that each group receives its exact amount rounded down or up, and each block as much as it did. Not checked is who was
    rounded up and who down: compute it again for that. Raises AllocationDoesNotHold.
    """
    check_allocation(terms=terms, units=exact, claims=claims, lots=lots)
    checked = check_amounts(terms=terms, units=units, lots=lots or {})
    for whose, amounts in (("need", terms.needs), ("offer", terms.offers)):
        for one in amounts:
            if one.units % unit:
                raise _refuse(f'the {whose} "{one.id}" is of {one.units}, which is no whole multiple of {unit}')
    for (need, offer), amount in units.items():
        if amount % unit:
            raise _refuse(f'"{need}" receives {amount} from "{offer}", which is no whole multiple of {unit}')
    group_of = {n.id: (n.id if terms.by == "need" else n.member, n.resource, n.priority) for n in terms.needs}
    before, after = _totals(group_of, exact), _totals(group_of, units)
    for group in before.keys() | after.keys():
        was, now = before.get(group, Fraction(0)), after.get(group, Fraction(0))
        if not (was // unit) * unit <= now <= -(-was // unit) * unit:
            raise _refuse(f"{group[0]} receives {now}, which is not {was} rounded down or up to a multiple of {unit}")
    for at, claim in enumerate(claims, start=1):
        now = sum((after.get(g, Fraction(0)) for g in {group_of[n] for n in claim.needs}), Fraction(0))
        if now != claim.received:
            raise _refuse(f"block {at} receives {now} in whole units, and {claim.received} exactly")
    return checked


def _totals(
    group_of: Mapping[str, tuple[str, str, int]], units: Mapping[tuple[str, str], Fraction]
) -> dict[tuple[str, str, int], Fraction]:
    found: dict[tuple[str, str, int], Fraction] = {}
    for (need, _), amount in units.items():
        found[group_of[need]] = found.get(group_of[need], Fraction(0)) + amount
    return found


def _refuse(problem: str) -> AllocationDoesNotHold:
    return AllocationDoesNotHold(where="the whole units", problem=problem)
