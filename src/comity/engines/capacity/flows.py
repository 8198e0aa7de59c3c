"""Maximum flows in whole numbers of any size, on top of a solver that counts in 32 bits.

The default solver is Dinic's algorithm in scipy. It silently wraps what does not fit into 32 bits, so larger capacities
are given to it in pieces of their binary digits: a flow that is greatest for the leading digits is doubled and augmented
for the next ones (capacity scaling: Gabow, Journal of Computer and System Sciences 31, 1985), until none is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import __version__ as scipy_version
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order
from scipy.sparse.csgraph import maximum_flow as _dinic

if TYPE_CHECKING:
    from collections.abc import Sequence

Whole: TypeAlias = NDArray[Any]
"""Whole numbers: int64 while all that is computed from them stays below 2**62, Python's own of any size otherwise."""

Nodes: TypeAlias = NDArray[np.int64]
"""Places in a list of nodes, or of arcs, from 0."""

# the solver adds a capacity and a flow against it, and both together must stay within 32 bits
_BITS = 30
_INT64 = 1 << 62


class MaximumFlow(Protocol):
    """What finds a maximum flow: scipy by default, OR-Tools where ``comity.adapters.flow_solvers`` gives it."""

    name: str
    """Name and version, for whoever computes a result again: another solver may draw on other offers for the same shares."""

    def solve(self, *, nodes: int, tails: Nodes, heads: Nodes, most: Whole, source: int, sink: int) -> Whole:
        """Return the flow on each arc, shape (arcs,), between 0 and ``most``, of the greatest total from source to sink.

        ``tails`` and ``heads`` have shape (arcs,); no two arcs join the same two nodes, in either direction.
        """
        ...


class Dinic:
    """scipy's maximum flow, exact for capacities of any size."""

    def __init__(self) -> None:
        self.name = f"scipy/{scipy_version}"

    def solve(self, *, nodes: int, tails: Nodes, heads: Nodes, most: Whole, source: int, sink: int) -> Whole:
        """Return the flow on each arc: see MaximumFlow.

        >>> arcs = {"tails": np.array([0, 0, 1, 2]), "heads": np.array([1, 2, 3, 3])}
        >>> flow = Dinic().solve(nodes=4, **arcs, most=np.array([5_000_000_000, 4, 3_000_000_000, 9]), source=0, sink=3)
        >>> [int(f) for f in flow]
        [3000000000, 4, 3000000000, 4]
        """
        if not len(tails):
            return most
        bound = min(_total(most[tails == source]), _total(most[heads == sink]))
        most = np.minimum(most, bound)
        digits = _BITS - len(tails).bit_length()
        stages = max(0, -((_BITS - bound.bit_length()) // digits))
        ends = (source, sink)
        flow = _augment(nodes, tails, heads, most >> (stages * digits), np.zeros_like(most), ends=ends)
        for stage in reversed(range(stages)):
            flow = _augment(nodes, tails, heads, most >> (stage * digits), flow << digits, ends=ends)
        return flow


def _total(values: Whole) -> int:
    return sum(values.tolist())


def _augment(nodes: int, tails: Nodes, heads: Nodes, most: Whole, flow: Whole, *, ends: tuple[int, int]) -> Whole:
    # what can still be added is at most one unit of the stage before on each arc of a least cut
    limit = (1 << _BITS) - 1
    ahead = np.minimum(most - flow, limit)
    if not flow.any():
        return _solve_small(nodes, tails, heads, ahead, ends=ends).astype(most.dtype)
    back = np.minimum(flow, limit)
    both: Whole = _solve_small(
        nodes,
        np.concatenate([tails, heads]),
        np.concatenate([heads, tails]),
        np.concatenate([ahead, back]),
        ends=ends,
    ).astype(most.dtype)
    # the solver gives the net flow between two nodes, with its sign, for each direction
    added: Whole = flow + both[: len(tails)]
    return added


def _solve_small(nodes: int, tails: Nodes, heads: Nodes, most: Whole, *, ends: tuple[int, int]) -> NDArray[np.int32]:
    kept = most > 0
    graph = csr_array((most[kept].astype(np.int32), (tails[kept], heads[kept])), shape=(nodes, nodes))
    graph.sort_indices()
    flow = _dinic(graph, *ends, method="dinic").flow
    flow.sort_indices()
    keys = np.repeat(np.arange(nodes, dtype=np.int64), np.diff(flow.indptr)) * nodes + flow.indices
    if not len(keys):
        return np.zeros(len(tails), dtype=np.int32)
    wanted = tails.astype(np.int64) * nodes + heads
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, flow.data[at], 0)


def find_reaching(
    *, nodes: int, tails: Nodes, heads: Nodes, spare: Whole, flow: Whole, goals: Nodes
) -> NDArray[np.bool_]:
    """Return which nodes, shape (nodes,), can send one more unit to a goal: along arcs with spare, or back along a flow.

    ``goals`` are nodes, and reach themselves. This is the side of the sink of a least cut, once the flow is greatest.
    """
    found = np.zeros(nodes, dtype=bool)
    if not len(goals):
        return found
    ahead, back = spare > 0, flow > 0
    # breadth-first from one node before all goals, against the direction in which units go
    rows = np.concatenate([heads[ahead], tails[back], np.full(len(goals), nodes)])
    columns = np.concatenate([tails[ahead], heads[back], goals])
    graph = csr_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(nodes + 1, nodes + 1))
    order = breadth_first_order(graph, nodes, directed=True, return_predecessors=False)
    found[order[order < nodes]] = True
    return found


def whole_numbers(values: Sequence[int], /, *, times: int = 1) -> Whole:
    """Return whole numbers as an array that stays exact when all of them together are multiplied by ``times``.

    >>> whole_numbers([1, 2]).dtype, whole_numbers([1, 2], times=10**19).dtype
    (dtype('int64'), dtype('O'))
    """
    fits = sum(abs(v) for v in values) * times < _INT64
    return np.array(values, dtype=np.int64 if fits else object)
