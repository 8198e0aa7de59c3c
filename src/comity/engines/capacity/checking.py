"""Checking: see for oneself that a result is possible, fair and rightly explained, without computing it again.

This module shares nothing with the one that allocates but the terms. It proves each block by its cut: the needs named inside
can draw on nothing but the offers named inside, and all that those hold has gone to needs of a smaller or the same share, or
to needs that come first. So nobody in the block can gain except from someone who has no more. That for every block, in the
order of priorities and shares, is what *leximin* means (Megiddo 1974, theorem 3.2).

A cut may hold nobody of a block that comes later: then it would show only that both together receive all there is, and not
which of them receives too much. Each offer and each group stands in one cut, so that a result can be told in one way alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from comity.engines.capacity.terms import expand_pairs, settle_lots
from comity.errors import AllocationDoesNotHold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from comity.engines.capacity.terms import Need, Offer, Terms

Group = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a result says of one block: whose level it is, and the cut. Offers count for the cut only where it is binding."""

    priority: int
    level: Fraction
    needs: tuple[str, ...]
    offers: tuple[str, ...]
    total: Fraction
    asked: Fraction
    received: Fraction
    binding: bool
    inside_needs: tuple[str, ...]
    inside_members: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at and found right."""

    needs: int
    offers: int
    groups: int
    blocks: int
    asked: Fraction
    offered: Fraction
    allocated: Fraction


def check_allocation(
    *,
    terms: Terms,
    units: Mapping[tuple[str, str], Fraction],
    claims: Sequence[Claim],
    lots: Mapping[str, str] | None = None,
) -> Checked:
    """Return what was checked of a result, given as units by (need, offer) and its blocks in order.

    ``lots`` says which need each indivisible offer goes to. That they go there as a whole is checked, and that all else is fair
    given them; that they should go there, and not to another, is not. Raises AllocationDoesNotHold where an amount is
    impossible, a block says something else than the amounts, or its cut does not hold.
    """
    return _Check(_check_lots(terms, units, lots or {}), units).run(claims)


def check_amounts(*, terms: Terms, units: Mapping[tuple[str, str], Fraction], lots: Mapping[str, str]) -> Checked:
    """Return what was checked of the amounts alone: that they are possible. Raises AllocationDoesNotHold."""
    return _Check(_check_lots(terms, units, lots), units).look_at_amounts()


def _check_lots(terms: Terms, units: Mapping[tuple[str, str], Fraction], lots: Mapping[str, str]) -> Terms:
    """Return the terms in which each lot is open to the need that has it alone."""
    sizes = {o.id: o.units for o in terms.offers if o.indivisible}
    pairs = set(expand_pairs(terms=terms)) if lots else set()
    for offer, need in lots.items():
        if offer not in sizes or (need, offer) not in pairs:
            raise _refuse(0, f'"{need}" is said to have the whole of "{offer}", which it cannot')
        if units.get((need, offer), Fraction(0)) != sizes[offer]:
            raise _refuse(0, f'"{need}" does not receive the whole of "{offer}"')
    return settle_lots(terms=terms, lots=lots)


class _Check:
    def __init__(self, terms: Terms, units: Mapping[tuple[str, str], Fraction]) -> None:
        self.terms, self.units = terms, units
        self.needs = {n.id: n for n in terms.needs}
        self.offers = {o.id: o for o in terms.offers}
        self.received = dict.fromkeys(self.needs, Fraction(0))
        self.groups: dict[Group, list[Need]] = {}
        for need in terms.needs:
            self.groups.setdefault(self.group_of(need), []).append(need)
        self.total = {g: Fraction(0) for g in self.groups}
        self.asked = {g: sum((n.units for n in needs), Fraction(0)) for g, needs in self.groups.items()}
        self.cut = _Cut(self)

    def group_of(self, need: Need) -> Group:
        """Return the group of a need: itself, or its member with all that this needs of a resource at a priority."""
        who = need.id if self.terms.by == "need" else need.member
        return (who, need.resource, need.priority)

    def run(self, claims: Sequence[Claim]) -> Checked:
        self.look_at_amounts()
        placed: set[str] = set()
        before: tuple[int, Fraction] | None = None
        for at, claim in enumerate(claims, start=1):
            if before is not None and (claim.priority, claim.level) < before:
                raise _refuse(at, "it comes after a block of a later priority or a greater share")
            before = (claim.priority, claim.level)
            self._check_block(at, claim, placed)
        missing = sorted(self.needs.keys() - placed)
        if missing:
            raise _refuse(len(claims), f'no block speaks of the need "{missing[0]}"')
        return self._checked(blocks=len(claims))

    def look_at_amounts(self) -> Checked:
        """Check that nobody receives or gives more than may be."""
        self._check_amounts()
        return self._checked(blocks=0)

    def _checked(self, *, blocks: int) -> Checked:
        return Checked(
            needs=len(self.needs),
            offers=len(self.offers),
            groups=len(self.groups),
            blocks=blocks,
            asked=sum(self.asked.values(), Fraction(0)),
            offered=sum((o.units for o in self.terms.offers), Fraction(0)),
            allocated=sum(self.total.values(), Fraction(0)),
        )

    def _check_amounts(self) -> None:
        given = dict.fromkeys(self.offers, Fraction(0))
        to_member: dict[tuple[str, str], Fraction] = {}
        pairs = None if self.terms.pairs is None else set(self.terms.pairs)
        for (need_id, offer_id), amount in self.units.items():
            need, offer = self.needs.get(need_id), self.offers.get(offer_id)
            if need is None or offer is None:
                raise _refuse(0, f'"{need_id}" receives from "{offer_id}", and one of them is not there')
            fits = need.resource == offer.resource if pairs is None else (need_id, offer_id) in pairs
            if not fits or amount <= 0:
                raise _refuse(0, f'the need "{need_id}" receives {amount} from "{offer_id}", which it cannot')
            given[offer_id] += amount
            self.received[need_id] += amount
            key = (offer_id, need.member)
            to_member[key] = to_member.get(key, Fraction(0)) + amount
        for offer_id, amount in given.items():
            if amount > self.offers[offer_id].units:
                raise _refuse(0, f'the offer "{offer_id}" gives {amount}, more than it holds')
        for (offer_id, member), amount in to_member.items():
            most = self.offers[offer_id].per_member
            if most is not None and amount > most:
                raise _refuse(0, f'{member} receives {amount} from "{offer_id}", more than one member may')
        self._check_received()

    def _check_received(self) -> None:
        for group, needs in self.groups.items():
            for need in needs:
                if self.received[need.id] > need.units:
                    raise _refuse(0, f'the need "{need.id}" receives more than it asks')
                self.total[group] += self.received[need.id]
            if self.total[group] > self._most(group):
                raise _refuse(0, f"{group[0]} receives more than its cap")

    def _most(self, group: Group) -> Fraction:
        cap = self.terms.caps.get((group[0], group[1]))
        return self.asked[group] if cap is None else min(cap, self.asked[group])

    def _level(self, group: Group) -> Fraction:
        member = self.groups[group][0].member
        return self.total[group] / self.asked[group] / self.terms.weights.get(member, Fraction(1))

    def _check_block(self, at: int, claim: Claim, placed: set[str]) -> None:
        if not claim.needs:
            raise _refuse(at, "it speaks of no need")
        groups = set()
        for need_id in claim.needs:
            need = self.needs.get(need_id)
            if need is None or need_id in placed:
                raise _refuse(at, f'the need "{need_id}" is not there, or stands in two blocks')
            placed.add(need_id)
            groups.add(self.group_of(need))
            if need.priority != claim.priority:
                raise _refuse(at, f'the need "{need_id}" has the priority {need.priority}')
        for group in sorted(groups):
            if any(need.id not in placed for need in self.groups[group]):
                raise _refuse(at, f"{group[0]} has needs in two blocks")
            if self._level(group) != claim.level:
                raise _refuse(at, f"{group[0]} has the share {self._level(group)}, not {claim.level}")
        asked = sum((self.asked[g] for g in groups), Fraction(0))
        received = sum((self.total[g] for g in groups), Fraction(0))
        named = [self.offers[o] for o in claim.offers if o in self.offers]
        if len(set(claim.offers)) != len(named):
            raise _refuse(at, "it names an offer that is not there, or one twice")
        if (asked, received, sum((o.units for o in named), Fraction(0))) != (claim.asked, claim.received, claim.total):
            raise _refuse(at, "what it says was asked, received or offered is not what the tables say")
        inside = self._look_into_cut(at, claim, placed)
        self._widen_cut(at, claim, groups, inside)

    def _open_to(self, needs: Collection[str]) -> set[str]:
        """Return the offers that needs may draw on and that no cut holds."""
        if self.terms.pairs is None:
            resources = {self.needs[n].resource for n in needs}
            return {o for o, offer in self.offers.items() if offer.resource in resources} - self.cut.offers
        return {o for n in needs for o in self.cut.offers_of.get(n, ())} - self.cut.offers

    def _look_into_cut(self, at: int, claim: Claim, placed: Collection[str]) -> set[Group]:
        """Return the groups inside the cut, once nothing in it is out of place."""
        inside = set(claim.inside_members)
        if self.terms.by == "need":
            inside = {self.group_of(self.needs[n]) for n in claim.inside_needs if n in self.needs}
        if not inside <= self.groups.keys() or not set(claim.inside_needs) <= self.needs.keys():
            raise _refuse(at, "its cut names what is not there")
        if claim.binding != bool(inside):
            raise _refuse(at, "it says that nothing holds it back, and shows what does; or the other way round")
        later = sorted(group for group in inside if any(n.id not in placed for n in self.groups[group]))
        if later:
            raise _refuse(at, f"its cut holds {later[0][0]}, of which only a later block speaks")
        twice = inside & self.cut.groups or self.cut.needs & set(claim.inside_needs)
        if twice or (claim.binding and not self.cut.offers.isdisjoint(claim.offers)):
            raise _refuse(at, "its cut holds what the cut of an earlier block holds")
        if not claim.binding and set(claim.offers) != self._open_to(claim.needs):
            raise _refuse(at, "the offers that it says are left are not those that its needs may still draw on")
        return inside

    def _widen_cut(self, at: int, claim: Claim, groups: set[Group], inside: set[Group]) -> None:
        self.cut.widen(
            offers=[self.offers[o] for o in claim.offers] if claim.binding else [],
            needs=[self.needs[n] for n in claim.inside_needs],
            groups=inside,
        )
        for group in sorted(groups - self.cut.groups):
            if self.total[group] != self._most(group):
                raise _refuse(at, f"{group[0]} could receive more, and no cut holds it back")
        leak = self.cut.leak()
        if leak is not None:
            raise _refuse(at, f'"{leak}" can also draw on an offer outside the cut')
        if self.cut.lets_in != self.cut.holds:
            raise _refuse(
                at, f"{self.cut.lets_in} units can reach the needs inside its cut, and they receive {self.cut.holds}"
            )


def _refuse(block: int, problem: str) -> AllocationDoesNotHold:
    return AllocationDoesNotHold(where=f"block {block}" if block else "the amounts", problem=problem)


class _Cut:
    """A set of offers, needs and groups that grows, with the most that can come in over its edge, and what is received.

    A *gate* is what one member may receive of one offer; a need *leaks* if it can draw without a bound on an offer outside.
    """

    def __init__(self, check: _Check) -> None:
        self.check = check
        self.offers: set[str] = set()
        self.needs: set[str] = set()
        self.groups: set[Group] = set()
        self.lets_in = self.holds = Fraction(0)
        self.gates: dict[str, set[str]] = {}
        self.leaks: dict[str, int] = {}
        self.leaking = 0
        self.offers_of: dict[str, list[str]] = {}
        self.needs_of: dict[str, list[str]] = {}
        # without pairs: how many needs of a resource are inside, and which of its offers are outside
        self.asking: dict[str, int] = {}
        self.outside: dict[str, set[str]] = {}
        for need_id, offer_id in check.terms.pairs or ():
            self.offers_of.setdefault(need_id, []).append(offer_id)
            self.needs_of.setdefault(offer_id, []).append(need_id)
        if check.terms.pairs is None:
            for offer in check.terms.offers:
                self.outside.setdefault(offer.resource, set()).add(offer.id)

    def widen(self, *, offers: Iterable[Offer], needs: Iterable[Need], groups: Iterable[Group]) -> None:
        """Take offers, needs and groups in."""
        for offer in offers:
            if offer.id not in self.offers:
                self.offers.add(offer.id)
                self._enclose(offer)
        for group in groups:
            if group not in self.groups:
                self.groups.add(group)
                self.holds += self.check.total[group]
                if self.check.terms.by == "member":
                    inside = (n.units for n in self.check.groups[group] if n.id not in self.needs)
                    self.lets_in += sum(inside, Fraction(0))
        for need in needs:
            if need.id not in self.needs:
                self.needs.add(need.id)
                if self.check.terms.by == "member" and self.check.group_of(need) in self.groups:
                    self.lets_in -= need.units
                self._admit(need)

    def _enclose(self, offer: Offer) -> None:
        self.lets_in += offer.units
        if offer.per_member is not None:
            self.lets_in -= offer.per_member * len(self.gates.pop(offer.id, ()))
        for need_id in self.needs_of.get(offer.id, ()):
            if offer.per_member is None and need_id in self.needs:
                self.leaks[need_id] -= 1
                self.leaking -= 1
        self.outside.get(offer.resource, set()).discard(offer.id)

    def _admit(self, need: Need) -> None:
        self.asking[need.resource] = self.asking.get(need.resource, 0) + 1
        reached = (
            self.offers_of.get(need.id, ())
            if self.check.terms.pairs is not None
            else self.outside.get(need.resource, ())
        )
        for offer_id in reached:
            most = self.check.offers[offer_id].per_member
            if offer_id in self.offers:
                continue
            if most is not None:
                members = self.gates.setdefault(offer_id, set())
                self.lets_in += 0 if need.member in members else most
                members.add(need.member)
            elif self.check.terms.pairs is not None:
                self.leaks[need.id] = self.leaks.get(need.id, 0) + 1
                self.leaking += 1

    def leak(self) -> str | None:
        """Return a need or a resource inside that can draw without a bound on an offer outside, if there is one."""
        if self.leaking:
            return min(need for need, count in self.leaks.items() if count)
        for resource in self.asking.keys() & self.outside.keys():
            if any(self.check.offers[o].per_member is None for o in self.outside[resource]):
                return resource
        return None
