"""Blocks: the fair shares of groups that draw on common supplies, found by cutting the network where it is tight.

A *leximin* allocation makes the smallest share as large as it can be, then the next, and so on. What groups can receive
over a network of supplies is a polymatroid, so the leximin shares are its lexicographically optimal base, and least cuts
take it apart (Megiddo, Mathematical Programming 7, 1974; Fujishige, Mathematics of Operations Research 5, 1980): if all
groups cannot have the mean share, the cut shows a set of groups that is held below it and all the supplies that these can
draw on. Both sides are then solved by themselves. Shares are exact fractions. Each block that remains carries its cut,
which proves it: ``checking.py`` reads nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from comity.engines.capacity.flows import find_reaching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from comity.engines.capacity.flows import MaximumFlow, Nodes, Whole

ANY = -1
"""The bound of an arc that carries any amount."""

_INT64 = 1 << 62


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Supplies, what they can pass through, and the groups that receive. Nodes are numbered from 0.

    ``tails``, ``heads``, ``most``: shape (arcs,); no two arcs join the same two nodes, and there is no circle. ``most`` is
    the bound of each arc, or ANY. ``supply``, ``weight``, ``cap``, ``rank``: shape (nodes,). A node with a weight above 0
    is a group and no arc leaves it; its share is what it receives divided by its weight, and it receives ``cap`` at most.
    Groups of a smaller ``rank`` are served first, as if the others were not there.
    """

    tails: Nodes
    heads: Nodes
    most: Whole
    supply: Whole
    weight: Whole
    cap: Whole
    rank: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Block:
    """Groups that have one share, and the cut that holds them to it.

    ``groups`` and ``inside`` are nodes, ascending. All that the groups receive, less what groups before them in the order
    of blocks receive from ``inside``, comes in over the cut around ``inside``: the supplies in it, and arcs into it that
    are full. Where the groups receive all that they may, ``inside`` holds none of their supplies.
    """

    rank: int
    share: Fraction
    groups: tuple[int, ...]
    inside: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """The blocks by rank and ascending share, and the units on each arc: ``units[a] / parts[a]``, both shape (arcs,)."""

    blocks: tuple[Block, ...]
    units: Whole
    parts: Whole


@dataclass(slots=True, eq=False)
class _Piece:
    """A part of the network by itself: what comes in over earlier cuts is supply, what must leave over them is due."""

    nodes: Nodes
    arcs: Nodes
    supply: Whole
    due: Whole
    weight: Whole
    cap: Whole
    total: int


def find_shares(*, network: Network, solver: MaximumFlow) -> Shares:
    """Return the leximin shares of a network's groups, exactly, with a flow that gives them.

    The shares are determined; where several flows give them, which one is returned depends on the solver. It takes one
    maximum flow for each block and cut. Memory is linear in nodes and arcs.

    >>> from comity.engines.capacity.flows import Dinic, whole_numbers as w
    >>> network = Network(
    ...     tails=np.array([0, 0, 1]), heads=np.array([2, 3, 4]), most=w([ANY, ANY, ANY]), supply=w([6, 9, 0, 0, 0]),
    ...     weight=w([0, 0, 8, 4, 5]), cap=w([0, 0, 8, 4, 5]), rank=np.array([0, 0, 1, 1, 1]))
    >>> [(str(block.share), block.groups, block.inside) for block in find_shares(network=network, solver=Dinic()).blocks]
    [('1/2', (2, 3), (0, 2, 3)), ('1', (4,), ())]
    """
    return _Decomposition(network, solver).run()


class _Decomposition:
    def __init__(self, network: Network, solver: MaximumFlow) -> None:
        self.network, self.solver = network, solver
        self.place = np.full(len(network.supply), -1, dtype=np.int64)
        self.units = np.zeros(len(network.tails), dtype=object)
        self.parts = np.ones(len(network.tails), dtype=object)
        self.blocks: list[Block] = []
        self.left: list[tuple[Nodes, Whole, Whole]] = []

    def run(self) -> Shares:
        net = self.network
        nodes = np.arange(len(net.supply), dtype=np.int64)
        supply, due = net.supply, np.zeros_like(net.supply)
        for rank in sorted(set(net.rank[net.weight > 0].tolist())):
            weight = np.where(net.rank == rank, net.weight, 0)
            self.left = []
            for piece in self._components(nodes, supply, due, weight):
                self._take_apart(piece)
            # what no cut has taken up is there for the next rank, and what it must pass on is due first
            nodes = np.concatenate([found for found, _, _ in self.left] or [nodes[:0]])
            supply = np.concatenate([found for _, found, _ in self.left] or [supply[:0]])
            due = np.concatenate([found for _, _, found in self.left] or [due[:0]])
            order = np.argsort(nodes, kind="stable")
            nodes, supply, due = nodes[order], supply[order], due[order]
        self._serve_what_is_due(nodes, supply, due)
        self.blocks.sort(key=lambda b: (b.rank, b.share, b.groups))
        return Shares(blocks=tuple(self.blocks), units=self.units, parts=self.parts)

    def _serve_what_is_due(self, nodes: Nodes, supply: Whole, due: Whole) -> None:
        """Route what groups receive without a cut around them: all that they may."""
        none = np.zeros_like(supply)
        arcs = self._arcs_within(nodes)
        self.place[nodes] = -1
        piece = _Piece(nodes=nodes, arcs=arcs, supply=supply, due=due, weight=none, cap=none, total=0)
        self._keep(arcs, self._flow(piece, sinks=due, times=1).flow, 1)

    def _components(self, nodes: Nodes, supply: Whole, due: Whole, weight: Whole) -> Iterator[_Piece]:
        """Yield the parts that share no arc, each with the most that its groups can receive together."""
        net = self.network
        arcs = self._arcs_within(nodes)
        tails, heads = self.place[net.tails[arcs]], self.place[net.heads[arcs]]
        graph = csr_array((np.ones(len(arcs), dtype=np.int8), (tails, heads)), shape=(len(nodes), len(nodes)))
        count, label = connected_components(graph, directed=False)
        order, by_arc = np.argsort(label, kind="stable"), np.argsort(label[tails], kind="stable")
        ends = np.cumsum(np.bincount(label, minlength=count))
        arc_ends = np.cumsum(np.bincount(label[tails], minlength=count))
        for end, start, arc_end, arc_start in zip(ends, [0, *ends[:-1]], arc_ends, [0, *arc_ends[:-1]], strict=True):
            at = order[start:end]
            piece = _Piece(
                nodes=nodes[at],
                arcs=arcs[by_arc[arc_start:arc_end]],
                supply=supply[at],
                due=due[at],
                weight=weight[nodes[at]],
                cap=net.cap[nodes[at]],
                total=0,
            )
            if piece.weight.any():
                flow = self._flow(piece, sinks=np.where(piece.weight > 0, piece.cap, piece.due), times=1)
                piece.total = flow.received(piece.due, np.ones(len(at), dtype=bool))
                yield piece
            else:
                self._leave(piece, np.ones(len(at), dtype=bool))
        self.place[nodes] = -1

    def _arcs_within(self, nodes: Nodes, arcs: Nodes | None = None) -> Nodes:
        """Return the arcs between some nodes, and set the place of each of these among them."""
        net = self.network
        self.place[nodes] = np.arange(len(nodes))
        among = np.arange(len(net.tails), dtype=np.int64) if arcs is None else arcs
        return among[(self.place[net.tails[among]] >= 0) & (self.place[net.heads[among]] >= 0)]

    def _flow(self, piece: _Piece, *, sinks: Whole, times: int) -> _Flow:
        """Return a maximum flow, every supply and bound multiplied by ``times``; ``sinks`` are multiplied already."""
        net, count = self.network, len(piece.nodes)
        self.place[piece.nodes] = np.arange(count)
        supply, most = piece.supply, net.most[piece.arcs]
        if (sum(supply.tolist()) + 1) * times + sum(sinks.tolist()) >= _INT64:
            supply, most, sinks = supply.astype(object), most.astype(object), sinks.astype(object)
        supply = supply * times
        # one more than there is, so that an arc without a bound is never full
        most = np.where(most == ANY, sum(supply.tolist()) + 1, most * times)
        gives, takes = np.flatnonzero(supply > 0), np.flatnonzero(sinks > 0)
        arcs = len(piece.arcs)
        tails = np.concatenate([self.place[net.tails[piece.arcs]], np.full(len(gives), count), takes])
        heads = np.concatenate([self.place[net.heads[piece.arcs]], gives, np.full(len(takes), count + 1)])
        self.place[piece.nodes] = -1
        capacity = np.concatenate([most, supply[gives], sinks[takes]])
        flow = self.solver.solve(nodes=count + 2, tails=tails, heads=heads, most=capacity, source=count, sink=count + 1)
        into = np.zeros_like(sinks)
        into[takes] = flow[arcs + len(gives) :]
        return _Flow(
            times=times,
            tails=tails[:arcs],
            heads=heads[:arcs],
            flow=flow[:arcs],
            spare=capacity[:arcs] - flow[:arcs],
            into=into,
        )

    def _take_apart(self, whole: _Piece) -> None:
        waiting = [whole]
        while waiting:
            piece = waiting.pop()
            groups = piece.weight > 0
            weights = sum(piece.weight.tolist())
            mean = Fraction(piece.total, weights)
            p, q = mean.numerator, mean.denominator
            big = p * weights >= _INT64 or max(piece.cap.tolist()) * q >= _INT64
            weight, cap = (piece.weight.astype(object), piece.cap.astype(object)) if big else (piece.weight, piece.cap)
            due = piece.due.astype(object) if big else piece.due
            flow = self._flow(piece, sinks=np.where(groups, np.minimum(weight * p, cap * q), due * q), times=q)
            # where not all can be served, the flow may leave any of them short: what is due, too
            short = flow.into < np.where(groups, weight * p, due * q)
            full = groups & (flow.into == cap * q)
            if not short.any():
                self._settle(piece, flow, mean, open_to_more=groups & ~full)
                continue
            inside = flow.reaching(short & ~full)
            waiting += self._split(piece, flow, inside, capped=short & full & ~inside)

    def _split(self, piece: _Piece, flow: _Flow, inside: NDArray[np.bool_], capped: NDArray[np.bool_]) -> list[_Piece]:
        """Return both sides of a cut as pieces: what is held below the mean share, and the rest without its supplies."""
        for node in np.flatnonzero(capped):
            share = Fraction(int(piece.cap[node]), int(piece.weight[node]))
            self._note(piece, share, np.array([node]), np.array([], dtype=np.int64))
        crossing = ~inside[flow.tails] & inside[flow.heads]
        most = self.network.most[piece.arcs[crossing]]
        self._keep(piece.arcs[crossing], most, 1)
        # a flow of an earlier rank may have gone out here, and came in another way now
        self._keep(piece.arcs[inside[flow.tails] & ~inside[flow.heads]], 0, 1)
        comes, leaves = piece.supply.copy(), piece.due.copy()
        np.add.at(comes, flow.heads[crossing], most)
        np.add.at(leaves, flow.tails[crossing], most)
        leaves[capped] = piece.cap[capped]
        held = flow.received(piece.due, inside)
        low = self._part(piece, inside, supply=comes, due=piece.due, weight=piece.weight, total=held)
        weight = np.where(capped, 0, piece.weight)
        rest = piece.total - held - sum(piece.cap[capped].tolist())
        high = self._part(piece, ~inside, supply=piece.supply, due=leaves, weight=weight, total=rest)
        parts = []
        for part in (high, low):
            if part.weight.any():
                parts.append(part)
            elif len(part.nodes):
                self._leave(part, np.ones(len(part.nodes), dtype=bool))
        return parts

    def _part(
        self,
        piece: _Piece,
        which: NDArray[np.bool_],
        *,
        supply: Whole,
        due: Whole,
        weight: Whole,
        total: int,
    ) -> _Piece:
        nodes = piece.nodes[which]
        arcs = self._arcs_within(nodes, piece.arcs)
        self.place[nodes] = -1
        return _Piece(
            nodes=nodes,
            arcs=arcs,
            supply=supply[which],
            due=due[which],
            weight=weight[which],
            cap=piece.cap[which],
            total=total,
        )

    def _settle(self, piece: _Piece, flow: _Flow, share: Fraction, *, open_to_more: NDArray[np.bool_]) -> None:
        """Keep a piece whose groups all have the mean share, with the cut that holds those who would take more."""
        inside = flow.reaching(open_to_more)
        groups = piece.weight > 0
        self._note(piece, share, np.flatnonzero(groups), np.flatnonzero(inside))
        crossing = ~inside[flow.tails] & inside[flow.heads]
        due = piece.due.copy()
        np.add.at(due, flow.tails[crossing], self.network.most[piece.arcs[crossing]])
        kept = groups & ~inside
        due[kept] = piece.cap[kept]
        self._keep(piece.arcs, flow.flow, flow.times)
        piece.due = due
        self._leave(piece, ~inside)

    def _note(self, piece: _Piece, share: Fraction, groups: Nodes, inside: Nodes) -> None:
        block = Block(
            rank=int(self.network.rank[piece.nodes[groups[0]]]),
            share=share,
            groups=tuple(sorted(piece.nodes[groups].tolist())),
            inside=tuple(sorted(piece.nodes[inside].tolist())),
        )
        self.blocks.append(block)

    def _leave(self, piece: _Piece, which: NDArray[np.bool_]) -> None:
        self.left.append((piece.nodes[which], piece.supply[which], piece.due[which]))

    def _keep(self, arcs: Nodes, units: Whole | int, parts: int) -> None:
        self.units[arcs] = units
        self.parts[arcs] = parts


@dataclass(slots=True, eq=False)
class _Flow:
    """A maximum flow in a piece, multiplied by ``times``; ``into`` is what each node passes to the sink, shape (nodes,)."""

    times: int
    tails: Nodes
    heads: Nodes
    flow: Whole
    spare: Whole
    into: Whole

    def received(self, due: Whole, inside: NDArray[np.bool_]) -> int:
        """Return what the groups inside a least cut can receive, in units: all that it lets in, less what is due there."""
        let_in: int = sum(self.into[inside].tolist())
        owed: int = sum(due[inside].tolist())
        return let_in // self.times - owed

    def reaching(self, goals: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which nodes could pass one more unit to a goal."""
        return find_reaching(
            nodes=len(self.into),
            tails=self.tails,
            heads=self.heads,
            spare=self.spare,
            flow=self.flow,
            goals=np.flatnonzero(goals),
        )
