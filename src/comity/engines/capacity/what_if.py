"""What if: whom more or fewer units would change, and by how much, from two exact results side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from comity.engines.capacity.terms import Offer, expand_pairs, set_terms
from comity.errors import BadInput, BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.engines.capacity.results import Allocation, Share
    from comity.engines.capacity.terms import Terms

Key = tuple[str, str, int]

WHAT_IF = "what-if"


@dataclass(frozen=True, slots=True)
class Change:
    """What one group receives before and after: a need, or all needs of a member for a resource at a priority.

    ``before`` or ``after`` is None where the group asks for nothing there.
    """

    needs: tuple[str, ...]
    member: str
    resource: str
    priority: int
    before: Share | None
    after: Share | None

    @property
    def gained(self) -> Fraction:
        """Return how many units more are received, below 0 where it is fewer."""
        was = self.before.received if self.before else Fraction(0)
        return (self.after.received if self.after else Fraction(0)) - was


@dataclass(frozen=True, slots=True)
class Received:
    """The units of one resource that all receive together."""

    resource: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class Comparison:
    """Groups that receive another amount, in the order of their names; how many receive the same; and all, by resource."""

    changes: tuple[Change, ...]
    unchanged: int
    received: tuple[Received, ...]


def compare_allocations(*, before: Allocation, after: Allocation) -> Comparison:
    """Return who receives more or less, or asks for something else. Raises BadInput where the two treat others alike."""
    if before.terms.by != after.terms.by:
        raise BadInput(
            problem="One result treats needs alike and the other members: compute both in one way to compare them."
        )
    by_need = before.terms.by == "need"
    was, now = _by_group(before.shares, by_need=by_need), _by_group(after.shares, by_need=by_need)
    changes = []
    for key in sorted(was.keys() | now.keys()):
        old, new = was.get(key), now.get(key)
        if old is None or new is None or (old.received, old.asked) != (new.received, new.asked):
            known = new or old
            assert known is not None  # noqa: S101  (the key comes from one of the two)
            changes.append(
                Change(
                    needs=known.needs,
                    member=known.member,
                    resource=known.resource,
                    priority=known.priority,
                    before=old,
                    after=new,
                )
            )
    return Comparison(
        changes=tuple(changes),
        unchanged=len(was.keys() | now.keys()) - len(changes),
        received=tuple(
            Received(name, _sum(before.shares, name), _sum(after.shares, name))
            for name in sorted({s.resource for s in (*before.shares, *after.shares)})
        ),
    )


def add_units(
    *,
    terms: Terms,
    units: Fraction,
    offer: str | None = None,
    resource: str | None = None,
    needs: Iterable[str] | None = None,
) -> Terms:
    """Return the terms with more units: of an offer that is there, or as one new offer of a resource, named ``what-if``.

    The new offer is open to every need of its resource, or to those that ``needs`` names. Fewer units of an offer are units
    below 0. Raises BadInput or BadParameter where that is not possible.
    """
    if (offer is None) == (resource is None):
        raise BadInput(problem="More units belong to one offer, or to one resource: name one of the two.")
    if offer is not None:
        if needs is not None:
            raise BadInput(problem="An offer that is there is open to the needs it names: name needs for a resource.")
        if offer not in {o.id for o in terms.offers}:
            raise BadParameter(name="offer", found=offer, allowed="the name of an offer of these terms")
        changed = [replace(o, units=o.units + units) if o.id == offer else o for o in terms.offers]
        return _again(terms, changed, terms.pairs)
    asking = {n.id: n for n in terms.needs if n.resource == resource}
    if not asking:
        known = ", ".join(sorted({n.resource for n in terms.needs}))
        raise BadParameter(name="resource", found=resource, allowed=f"a resource that is asked for: {known}")
    chosen = None if needs is None else sorted(set(needs))
    for need in chosen or ():
        if need not in asking:
            raise BadParameter(name="needs", found=need, allowed=f"the names of needs for {resource}")
    name = WHAT_IF
    while name in {o.id for o in terms.offers}:
        name += "+"
    pairs = terms.pairs
    if pairs is not None or chosen is not None:
        pairs = (*expand_pairs(terms=terms), *((need, name) for need in (asking if chosen is None else chosen)))
    return _again(terms, [*terms.offers, Offer(id=name, resource=str(resource), units=units)], pairs)


def _again(terms: Terms, offers: Iterable[Offer], pairs: Iterable[tuple[str, str]] | None) -> Terms:
    return set_terms(needs=terms.needs, offers=offers, pairs=pairs, by=terms.by, weights=terms.weights, caps=terms.caps)


def _sum(shares: Iterable[Share], resource: str) -> Fraction:
    return sum((s.received for s in shares if s.resource == resource), Fraction(0))


def _by_group(shares: Iterable[Share], *, by_need: bool) -> dict[Key, Share]:
    return {(s.needs[0] if by_need else s.member, s.resource, s.priority): s for s in shares}
