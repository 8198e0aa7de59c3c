"""Whole units: round an allocation so that everyone receives its exact share, rounded down or up.

This is quota rounding. The exact shares lie on a face of a polymatroid where every block has a total that is whole, as all
supplies are; so among the whole allocations with the same totals there are some in which each group receives its exact amount
rounded down or up, and who is rounded up is a basis of a matroid. The basis found is the one with leximin levels, by the greedy
algorithm: those with the lowest level after rounding down are rounded up first, ties by the higher level after, then by name
(Edmonds, Mathematical Programming 1, 1971). Whether one more can be rounded up is seen by a path that augments the flow.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.capacity.blocks import ANY, Shares
from comity.engines.capacity.flows import Dinic, whole_numbers
from comity.engines.capacity.indivisible import use_lots_first
from comity.engines.capacity.layouts import Layout
from comity.engines.capacity.terms import settle_lots
from comity.errors import BadInput, BadParameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.capacity.blocks import Network
    from comity.engines.capacity.flows import MaximumFlow, Nodes, Whole
    from comity.engines.capacity.results import Allocation, Share
    from comity.engines.capacity.terms import Terms


# a flow for each block is quicker than a path for each unit only where blocks are few, and so large
_FEW = 64


@dataclass(frozen=True, slots=True)
class WholeAllocation:
    """An allocation in whole multiples of ``unit``: ``units`` and ``shares`` are as in the exact one, which it rounds."""

    exact: Allocation
    unit: Fraction
    units: Mapping[tuple[str, str], Fraction]
    shares: tuple[Share, ...]


def round_to_whole(
    *, allocation: Allocation, unit: Fraction = Fraction(1), solver: MaximumFlow | None = None
) -> WholeAllocation:
    """Return the allocation in whole multiples of a unit.

    Each group receives its exact amount rounded down or up, each block as much as it did, and among the allocations for which
    that is so the levels are leximin. Raises BadInput where an amount of the terms is no multiple of the unit.

    >>> from comity.engines.capacity.allocating import allocate
    >>> from comity.engines.capacity.terms import Need, Offer, set_terms
    >>> terms = set_terms(
    ...     needs=[Need(i, i, "seats", Fraction(10)) for i in ("a", "b", "c")], offers=[Offer("o", "seats", Fraction(8))])
    >>> [str(share.received) for share in round_to_whole(allocation=allocate(terms=terms)).shares]
    ['3', '3', '2']
    """
    if unit <= 0:
        raise BadParameter(name="unit", found=unit, allowed="a number above 0")
    unit = Fraction(unit)
    terms = settle_lots(terms=allocation.terms, lots=allocation.lots)
    _demand_multiples(terms, unit)
    layout = Layout(terms, unit=unit)
    received = _round(layout, allocation, int(unit * layout.scale), solver or Dinic())
    one = np.ones(len(layout.tails), dtype=np.int64)
    units = dict(layout.units(Shares(blocks=(), units=received.flow, parts=one)))
    if allocation.lots:
        units = use_lots_first(terms=allocation.terms, lots=allocation.lots, units=units)
    totals = {key: Fraction(amount, layout.scale) for key, amount in received.totals.items()}
    return WholeAllocation(
        exact=allocation,
        unit=unit,
        units=units,
        shares=tuple(replace(share, received=totals[share.needs]) for share in allocation.shares),
    )


def _demand_multiples(terms: Terms, unit: Fraction) -> None:
    amounts = {f'The need "{n.id}" asks for': n.units for n in terms.needs}
    amounts |= {f'The offer "{o.id}" holds': o.units for o in terms.offers}
    amounts |= {f'The offer "{o.id}" gives each member at most': o.per_member for o in terms.offers if o.per_member}
    amounts |= {f"The cap of {m} on {r} is": cap for (m, r), cap in terms.caps.items()}
    for whose, amount in amounts.items():
        if amount % unit:
            raise BadInput(
                problem=f"{whose} {amount}, which is no whole multiple of {unit}: whole units can be kept only where all "
                "amounts are whole. Change it, or share out in fractions."
            )


@dataclass(frozen=True, slots=True)
class _Rounded:
    flow: Whole
    totals: Mapping[tuple[str, ...], int]


def _round(layout: Layout, allocation: Allocation, step: int, solver: MaximumFlow) -> _Rounded:
    """Return a flow in multiples of ``step``; all that it computes with is divided by that first."""
    net, share_of = layout.network, {share.needs: share for share in allocation.shares}
    node_of = {tuple(needs): node for node, (needs, _) in layout.groups.items()}
    exact = {node_of[needs]: share.received * layout.scale / step for needs, share in share_of.items()}
    floors = [0] * layout.count
    for node, amount in exact.items():
        floors[node] = amount.__floor__()
    weight = {node_of[needs]: share.asked * share.weight * layout.scale / step for needs, share in share_of.items()}
    flow = _Residual(net, step, solver, unused=_never_used(layout, allocation))
    open_blocks = []
    for reason in allocation.reasons:
        groups = sorted({layout.group_of[need] for need in reason.needs})
        more = int(sum((exact[g] - floors[g] for g in groups), Fraction(0)))
        ranked = sorted(
            (g for g in groups if exact[g] != floors[g]),
            key=lambda g: (floors[g] / weight[g], -(floors[g] + 1) / weight[g], layout.groups[g][0]),
        )
        if more:
            open_blocks.append((ranked, more))
    if not flow.serve(_raised(floors, [g for ranked, more in open_blocks for g in ranked[:more]])):
        held = flow.serve(floors)
        assert held  # noqa: S101  (the exact flow gives at least as much)
        for ranked, more in open_blocks:
            _raise_in_order(flow, ranked, more, try_all=len(open_blocks) <= _FEW)
    return _Rounded(
        flow=np.array([f * step for f in flow.units], dtype=object),
        totals={needs: flow.sinks[node] * step for needs, node in node_of.items()},
    )


def _raised(floors: Sequence[int], groups: Sequence[int]) -> list[int]:
    sinks = list(floors)
    for group in groups:
        sinks[group] += 1
    return sinks


def _raise_in_order(flow: _Residual, ranked: list[int], more: int, *, try_all: bool) -> None:
    """Round up as many groups of a block as it has units left, those first that come first."""
    # if the first ones can all be rounded up together, they are the ones that one after the other would find
    if try_all and flow.serve(_raised(flow.sinks, ranked[:more])):
        return
    for group in ranked:
        if not more:
            break
        if flow.augment(group):
            more -= 1
    assert not more  # noqa: S101  (the exact flow shows that the block can have its whole total)


def _never_used(layout: Layout, allocation: Allocation) -> set[int]:
    """Return arcs on which nothing goes in any allocation with these totals: from an offer in a cut to a need outside it.

    Without them every search for a path stays within one block.
    """
    cut: dict[int, int] = {}
    for at, reason in enumerate(allocation.reasons):
        if reason.binding:
            cut.update({layout.offer[offer]: at for offer in reason.offers})
            cut.update({layout.need[need]: at for need in reason.inside_needs})
    needs = set(layout.need.values())
    ends = zip(layout.tails, layout.heads, strict=True)
    return {
        arc for arc, (tail, head) in enumerate(ends) if head in needs and tail in cut and cut.get(head) != cut[tail]
    }


class _Residual:
    """A whole flow that grows by one unit at a time; nodes that nothing can reach any more are never looked at again."""

    def __init__(self, net: Network, step: int, solver: MaximumFlow, *, unused: set[int]) -> None:
        count = len(net.supply)
        self.solver = solver
        self.tails, self.heads = net.tails.tolist(), net.heads.tolist()
        self.supply = [s // step for s in net.supply.tolist()]
        free = sum(self.supply) + 1
        self.most = [free if m == ANY else m // step for m in net.most.tolist()]
        for arc in unused:
            self.most[arc] = 0
        self.sinks = [0] * count
        self.units = [0] * len(self.tails)
        self.left = dict(enumerate(self.supply))
        self.into: list[list[int]] = [[] for _ in range(count)]
        self.out: list[list[int]] = [[] for _ in range(count)]
        for arc, (tail, head) in enumerate(zip(self.tails, self.heads, strict=True)):
            self.into[head].append(arc)
            self.out[tail].append(arc)
        self.dead = bytearray(count)

    def serve(self, sinks: list[int]) -> bool:
        """Take the flow that gives each node what ``sinks`` says, if there is one, and keep the one before if not."""
        count = len(self.supply)
        gives = [node for node, units in enumerate(self.supply) if units]
        takes = [node for node, units in enumerate(sinks) if units]
        flow: list[int] = self.solver.solve(
            nodes=count + 2,
            tails=_nodes([*self.tails, *[count] * len(gives), *takes]),
            heads=_nodes([*self.heads, *gives, *[count + 1] * len(takes)]),
            most=whole_numbers([*self.most, *(self.supply[n] for n in gives), *(sinks[n] for n in takes)]),
            source=count,
            sink=count + 1,
        ).tolist()
        arcs = len(self.tails)
        if sum(flow[arcs + len(gives) :]) != sum(sinks):
            return False
        self.units, self.sinks = flow[:arcs], list(sinks)
        self.left = {n: self.supply[n] - f for n, f in zip(gives, flow[arcs:], strict=False)}
        return True

    def augment(self, group: int) -> bool:
        """Bring one more unit to a group without taking any from another, if that is possible."""
        came_by: dict[int, int] = {group: -1}
        waiting = deque([group])
        while waiting:
            node = waiting.popleft()
            if self.left.get(node):
                self.sinks[group] += 1
                self._send(node, came_by)
                return True
            for arc in self.into[node]:
                tail = self.tails[arc]
                if tail not in came_by and not self.dead[tail] and self.units[arc] < self.most[arc]:
                    came_by[tail] = arc
                    waiting.append(tail)
            for arc in self.out[node]:
                head = self.heads[arc]
                if head not in came_by and not self.dead[head] and self.units[arc]:
                    came_by[head] = arc
                    waiting.append(head)
        # nothing can come in over this edge, so no later path goes through here
        for node in came_by:
            self.dead[node] = True
        return False

    def _send(self, node: int, came_by: Mapping[int, int]) -> None:
        self.left[node] -= 1
        while (arc := came_by[node]) >= 0:
            if self.tails[arc] == node:
                self.units[arc] += 1
                node = self.heads[arc]
            else:
                self.units[arc] -= 1
                node = self.tails[arc]


def _nodes(places: list[int]) -> Nodes:
    return np.array(places, dtype=np.int64)
