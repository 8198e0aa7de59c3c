"""Terms as a network of supplies and groups, and the blocks of that network as reasons with the names of the terms."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.capacity.blocks import ANY, Network, find_shares
from comity.engines.capacity.flows import Dinic, whole_numbers
from comity.engines.capacity.results import MAKER, Allocation, Reason, Share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comity.engines.capacity.blocks import Block, Shares
    from comity.engines.capacity.flows import MaximumFlow, Whole
    from comity.engines.capacity.terms import Need, Offer, Terms


def share_out(*, terms: Terms, solver: MaximumFlow | None = None) -> Allocation:
    """Return the leximin allocation of a round, every offer divided as it must be: see ``allocating.allocate``."""
    solver = solver or Dinic()
    layout = Layout(terms)
    found = find_shares(network=layout.network, solver=solver)
    return Allocation(
        terms=terms,
        units=dict(layout.units(found)),
        shares=layout.shares(found),
        reasons=tuple(layout.reasons(found.blocks)),
        maker=MAKER,
        solver=solver.name,
    )


class Layout:
    """The terms as a network: offers, halls, needs and groups, each at a range of nodes.

    A hall joins all offers of a resource with all needs of it, where no pairs are given, so that arcs stay few. A gate
    stands for what one member may receive of one offer. Where needs are treated alike, each need is its own group. Amounts
    are whole numbers after multiplication by ``scale``, and so is ``unit``.
    """

    def __init__(self, terms: Terms, *, unit: Fraction = Fraction(1)) -> None:
        self.terms = terms
        amounts = [n.units for n in terms.needs] + [o.units for o in terms.offers]
        amounts += [o.per_member for o in terms.offers if o.per_member is not None] + list(terms.caps.values())
        self.scale = math.lcm(unit.denominator, *(a.denominator for a in amounts))
        self.offer = {o.id: at for at, o in enumerate(terms.offers)}
        self.need = {n.id: len(self.offer) + at for at, n in enumerate(terms.needs)}
        self.count = len(self.offer) + len(self.need)
        self.tails: list[int] = []
        self.heads: list[int] = []
        self.most: list[int] = []
        self.gates: dict[tuple[int, str], int] = {}
        self.halls: dict[str, int] = {}
        self._join_offers()
        self.groups = self._gather_groups()
        self.group_of = {need: node for node, (needs, _) in self.groups.items() for need in needs}
        self.network = self._network()

    def _arc(self, tail: int, head: int, most: int = ANY) -> None:
        self.tails.append(tail)
        self.heads.append(head)
        self.most.append(most)

    def _new_node(self) -> int:
        self.count += 1
        return self.count - 1

    def _whole(self, amount: Fraction) -> int:
        return int(amount * self.scale)

    def _through(self, offer: Offer, need: Need) -> None:
        """Join an offer with a need, by way of a gate where the offer sets what one member may receive."""
        tail = self.offer[offer.id]
        if offer.per_member is None:
            self._arc(tail, self.need[need.id])
            return
        gate = self.gates.get((tail, need.member))
        if gate is None:
            gate = self.gates[tail, need.member] = self._new_node()
            self._arc(tail, gate, self._whole(offer.per_member))
        self._arc(gate, self.need[need.id])

    def _join_offers(self) -> None:
        terms = self.terms
        if terms.pairs is not None:
            offers, needs = {o.id: o for o in terms.offers}, {n.id: n for n in terms.needs}
            for need_id, offer_id in terms.pairs:
                self._through(offers[offer_id], needs[need_id])
            return
        by_resource: dict[str, list[Need]] = {}
        for need in terms.needs:
            by_resource.setdefault(need.resource, []).append(need)
        for offer in terms.offers:
            if offer.per_member is None:
                if offer.resource not in self.halls:
                    self.halls[offer.resource] = self._new_node()
                self._arc(self.offer[offer.id], self.halls[offer.resource])
            else:
                for need in by_resource.get(offer.resource, ()):
                    self._through(offer, need)
        for resource, hall in self.halls.items():
            for need in by_resource.get(resource, ()):
                self._arc(hall, self.need[need.id])

    def _gather_groups(self) -> dict[int, tuple[list[str], Need]]:
        """Return each group by its node: the ids of its needs, and one need that stands for all in what they share."""
        if self.terms.by == "need":
            return {self.need[n.id]: ([n.id], n) for n in self.terms.needs}
        groups: dict[tuple[str, str, int], tuple[list[str], Need]] = {}
        for need in self.terms.needs:
            groups.setdefault((need.member, need.resource, need.priority), ([], need))[0].append(need.id)
        units = {n.id: n.units for n in self.terms.needs}
        at_node = {}
        for key in sorted(groups):
            node = self._new_node()
            at_node[node] = groups[key]
            for need_id in groups[key][0]:
                self._arc(self.need[need_id], node, self._whole(units[need_id]))
        return at_node

    def _network(self) -> Network:
        supply, weight, cap, rank = ([0] * self.count for _ in range(4))
        for offer in self.terms.offers:
            supply[self.offer[offer.id]] = self._whole(offer.units)
        units = {n.id: self._whole(n.units) for n in self.terms.needs}
        parts = math.lcm(*(w.denominator for w in self.terms.weights.values())) if self.terms.weights else 1
        for node, (needs, need) in self.groups.items():
            asked = sum(units[n] for n in needs)
            weight[node] = int(self.terms.weights.get(need.member, Fraction(1)) * parts) * asked
            most = self.terms.caps.get((need.member, need.resource))
            cap[node] = asked if most is None else min(asked, self._whole(most))
            rank[node] = need.priority
        self.parts = parts
        bound = sum(supply) + sum(weight)
        return Network(
            tails=np.array(self.tails, dtype=np.int64),
            heads=np.array(self.heads, dtype=np.int64),
            most=self._array(self.most, bound),
            supply=self._array(supply, bound),
            weight=self._array(weight, bound),
            cap=self._array(cap, bound),
            rank=np.array(rank, dtype=np.int64),
        )

    @staticmethod
    def _array(values: Sequence[int], bound: int) -> Whole:
        return whole_numbers([*values, bound])[:-1]

    def units(self, found: Shares) -> Iterator[tuple[tuple[str, str], Fraction]]:
        """Yield what each need receives from each offer, above 0, by need and offer."""
        offers, needs = [o.id for o in self.terms.offers], [n.id for n in self.terms.needs]
        gates = {gate: offers[offer] for (offer, _), gate in self.gates.items()}
        names = {hall: resource for resource, hall in self.halls.items()}
        comes: dict[str, list[tuple[str, Fraction]]] = {r: [] for r in self.halls}
        goes: dict[str, list[tuple[str, Fraction]]] = {r: [] for r in self.halls}
        given: dict[tuple[str, str], Fraction] = {}
        for at in np.flatnonzero(found.units != 0).tolist():
            tail, head = self.tails[at], self.heads[at]
            amount = Fraction(int(found.units[at]), int(found.parts[at]) * self.scale)
            if head in names:
                comes[names[head]].append((offers[tail], amount))
            elif tail in names:
                goes[names[tail]].append((needs[head - len(offers)], amount))
            elif tail < len(offers) and head < len(offers) + len(needs):
                given[needs[head - len(offers)], offers[tail]] = amount
            elif tail in gates:
                given[needs[head - len(offers)], gates[tail]] = amount
        for resource in self.halls:
            given.update(_pair_off(sorted(comes[resource]), sorted(goes[resource])))
        yield from sorted(given.items())

    def shares(self, found: Shares) -> tuple[Share, ...]:
        """Return the share of each group, by need, or by member, resource and priority."""
        weight, rows = self.network.weight, []
        for block in found.blocks:
            for node in block.groups:
                needs, need = self.groups[node]
                received = block.share * int(weight[node]) / self.scale
                own = self.terms.weights.get(need.member, Fraction(1))
                asked = Fraction(int(weight[node]), self.scale) / (own * self.parts)
                rows.append(Share(tuple(needs), need.member, need.resource, need.priority, asked, received, own))
        if self.terms.by == "need":
            return tuple(sorted(rows, key=lambda s: s.needs))
        return tuple(sorted(rows, key=lambda s: (s.member, s.resource, s.priority)))

    def reasons(self, blocks: Sequence[Block]) -> Iterator[Reason]:
        """Yield the blocks with names in place of nodes."""
        offers, needs = self.terms.offers, self.terms.needs
        count, both = len(offers), len(offers) + len(needs)
        used: set[str] = set()
        open_to = self._offers_open_to()
        for block in blocks:
            members = [self.groups[node] for node in block.groups]
            ids = sorted(i for found, _ in members for i in found)
            inside = {offers[node].id for node in block.inside if node < count}
            used |= inside
            binding = any(node in self.groups for node in block.inside)
            listed = inside if binding else open_to(ids) - used
            asked = sum((needs[self.need[i] - count].units for i in ids), Fraction(0))
            yield Reason(
                priority=block.rank,
                level=block.share * self.parts,
                resource=members[0][1].resource,
                needs=tuple(ids),
                members=tuple(sorted({need.member for _, need in members})),
                offers=tuple(sorted(listed)),
                total=sum((offers[self.offer[o]].units for o in listed), Fraction(0)),
                asked=asked,
                received=block.share * sum(int(self.network.weight[node]) for node in block.groups) / self.scale,
                binding=binding,
                inside_needs=tuple(needs[node - count].id for node in block.inside if count <= node < both),
                inside_members=tuple(
                    (need.member, need.resource, need.priority)
                    for node in block.inside
                    if node >= both and node in self.groups
                    for _, need in [self.groups[node]]
                ),
            )

    def _offers_open_to(self) -> _OpenTo:
        return _OpenTo(self.terms)


class _OpenTo:
    """Which offers some needs may draw on."""

    def __init__(self, terms: Terms) -> None:
        self.resource = {n.id: n.resource for n in terms.needs}
        self.listed: dict[str, list[str]] = {}
        self.by_pairs = terms.pairs is not None
        if terms.pairs is None:
            for offer in terms.offers:
                self.listed.setdefault(offer.resource, []).append(offer.id)
        else:
            for need, offer_id in terms.pairs:
                self.listed.setdefault(need, []).append(offer_id)

    def __call__(self, needs: Sequence[str], /) -> set[str]:
        keys = needs if self.by_pairs else {self.resource[n] for n in needs}
        return {offer for key in keys for offer in self.listed.get(key, ())}


def _pair_off(
    comes: Sequence[tuple[str, Fraction]], goes: Sequence[tuple[str, Fraction]]
) -> Iterator[tuple[tuple[str, str], Fraction]]:
    """Yield who receives what from whom where everyone may draw on everything: both lists in order, one after the other."""
    waiting = list(reversed(comes))
    for need, wanted in goes:
        left = wanted
        while left:
            offer, rest = waiting.pop()
            given = min(rest, left)
            yield (need, offer), given
            left -= given
            if rest > given:
                waiting.append((offer, rest - given))
