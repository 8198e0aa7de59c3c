"""Protect small counts: no count under five is published, nor any set of counts from which one could be worked out.

Hiding a small count is not enough where its row and column are shown with their totals: the rest of the row tells it. So further counts are
hidden until, from all that is published, each small one might as well be five (complementary cell suppression: Cox, "Network
models for complementary cell suppression", JASA 90, 1995; Hundepool and others, Statistical Disclosure Control, Wiley, 2012,
chapter 4). The tables of one statement are one network: total to groups, groups to answers, answers to regions, regions to
total. A count can be greater by d exactly when the network has a way to carry d around it, so that the check is exact.

Limits: two publications of one dialogue, a vote apart, may together tell what neither tells alone; publish at the close, or in steps
of many votes. Who knows the answers of all but one of a group knows the last one anyway.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.errors import BadParameter

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LEAST = 5
"""The least count that is published, and the least that every hidden count might be."""

Cell = int | None


@dataclass(frozen=True, slots=True)
class ProtectedCounts:
    """What of one statement's counts may be published; None is a count that is not shown, small or not.

    ``groups`` has a row per group and a column per answer, as ``regions`` has per region; ``group_totals`` and ``region_totals`` are
    those of the rows, ``answer_totals`` of the columns, the same for both tables, and ``total`` is of everybody.
    """

    groups: tuple[tuple[Cell, ...], ...]
    regions: tuple[tuple[Cell, ...], ...]
    group_totals: tuple[Cell, ...]
    region_totals: tuple[Cell, ...]
    answer_totals: tuple[Cell, ...]
    total: Cell


def protect_counts(*, groups: ArrayLike, regions: ArrayLike | None = None, least: int = LEAST) -> ProtectedCounts:
    """Return the counts of one statement with all hidden from which a count under ``least`` would follow.

    ``groups`` has shape (groups, answers), whole numbers from 0; ``regions`` likewise, or None. Both count the same people: who is in
    no group, or in no region, is a row of its own. Counts of 0 are small counts too: that nobody of a group agreed says how
    each of it answered. Raises BadParameter where a count is negative or the two differ in the total of an answer.

    >>> protect_counts(groups=[[40, 2], [30, 20], [25, 35]]).groups
    ((None, None), (None, None), (25, 35))
    """
    tables = [_checked(groups, "groups"), *([] if regions is None else [_checked(regions, "regions")])]
    if len(tables) > 1 and tables[0].sum(axis=0).tolist() != tables[1].sum(axis=0).tolist():
        raise BadParameter(name="regions", found="other totals", allowed="the totals of the groups")
    network = _Network(tables)
    network.hide_small(least)
    shown = iter([None if hidden else flow for flow, hidden in zip(network.flow, network.hidden, strict=True)])

    def take(number: int) -> tuple[Cell, ...]:
        return tuple(next(shown) for _ in range(number))

    answers = tables[0].shape[1]
    total, answer_totals = next(shown), take(answers)
    group_totals = take(len(tables[0]))
    cells = tuple(take(answers) for _ in tables[0])
    region_totals = take(len(tables[1])) if len(tables) > 1 else ()
    return ProtectedCounts(
        groups=cells,
        regions=tuple(take(answers) for _ in tables[1]) if len(tables) > 1 else (),
        group_totals=group_totals,
        region_totals=region_totals,
        answer_totals=answer_totals,
        total=total,
    )


def _checked(counts: ArrayLike, name: str) -> NDArray[np.int64]:
    table = np.asarray(counts, dtype=np.int64)
    if table.ndim != 2 or table.size == 0 or table.min() < 0:  # noqa: PLR2004  (rows and columns)
        raise BadParameter(name=name, found=str(counts), allowed="a table of whole numbers from 0")
    return table


class _Network:
    """The counts as flows along arcs between nodes, of which every node receives as much as it sends.

    Nodes: 0 the source, 1 the sink; for each answer one where it comes in and one where it goes out; one for each row. Arcs, in order:
    the total (from sink to source), the totals of the answers, the totals of the groups, their cells, then those of the regions.
    """

    def __init__(self, tables: list[NDArray[np.int64]]) -> None:
        answers = tables[0].shape[1]
        into, out = [2 + a for a in range(answers)], [2 + answers + a for a in range(answers)]
        node = 2 + 2 * answers
        self.ends: list[tuple[int, int]] = [(1, 0), *zip(into, out, strict=True)]
        self.flow: list[int] = [int(tables[0].sum()), *tables[0].sum(axis=0).tolist()]
        for number, table in enumerate(tables):
            rows = [node + r for r in range(len(table))]
            node += len(table)
            self.ends += [(0, r) if number == 0 else (r, 1) for r in rows]
            self.flow += table.sum(axis=1).tolist()
            self.ends += [(r, into[a]) if number == 0 else (out[a], r) for r in rows for a in range(answers)]
            self.flow += table.ravel().tolist()
        if len(tables) == 1:
            # Without regions an answer's total goes straight to the sink.
            self.ends[1 : 1 + answers] = [(i, 1) for i in into]
        self.hidden = [False] * len(self.flow)
        self.near: dict[int, list[tuple[int, int, bool]]] = {}
        for arc, (tail, head) in enumerate(self.ends):
            self.near.setdefault(tail, []).append((arc, head, True))
            self.near.setdefault(head, []).append((arc, tail, False))

    def hide_small(self, least: int) -> None:
        """Hide each arc with a flow under ``least``, and others until each of those might carry ``least``."""
        small = [arc for arc, flow in enumerate(self.flow) if flow < least]
        for arc in small:
            self.hidden[arc] = True
        # What is hidden for one only helps the next: once safe, always safe. The smallest need most, and come first.
        for arc in sorted(small, key=lambda a: (self.flow[a], a)):
            way = self._cheapest_way_around(arc, least - self.flow[arc])
            for other in range(len(self.flow)) if way is None else way:
                self.hidden[other] = True

    def _cheapest_way_around(self, arc: int, more: int) -> list[int] | None:
        """Return the arcs on which the flow changes if this one carries ``more``, hiding least; None where there is no such way.

        A hidden arc costs nothing, a shown one its flow, which is what would be lost. Arcs may carry any more, but only
        as much less as they carry.
        """
        tail, head = self.ends[arc]
        best: dict[int, float] = {head: 0}
        came: dict[int, tuple[int, int]] = {}
        waiting: list[tuple[float, int]] = [(0, head)]
        while waiting:
            cost, node = heapq.heappop(waiting)
            if node == tail:
                break
            if cost > best[node]:
                continue
            for other, to, forward in self.near[node]:
                if other == arc or (not forward and self.flow[other] < more):
                    continue
                price = cost + (0 if self.hidden[other] else 1 + self.flow[other])
                if price < best.get(to, float("inf")):
                    best[to], came[to] = price, (other, node)
                    heapq.heappush(waiting, (price, to))
        if tail not in came:
            return None
        way, node = [], tail
        while node != head:
            other, node = came[node]
            way.append(other)
        return way
