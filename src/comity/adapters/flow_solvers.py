"""Solvers of maximum flows: scipy's, which is always there, and the faster one of OR-Tools where that is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.errors import BadParameter

if TYPE_CHECKING:
    from comity.engines.capacity.flows import MaximumFlow, Nodes, Whole

SOLVERS = ("scipy", "ortools")
_INT64 = 1 << 62


def find_solver(*, name: str = "scipy") -> MaximumFlow:
    """Return a solver by its name. Raises BadParameter where there is none of that name, or it is not installed."""
    if name == "scipy":
        from comity.engines.capacity.flows import Dinic

        return Dinic()
    if name == "ortools":
        return PushRelabel()
    raise BadParameter(name="solver", found=name, allowed=" or ".join(SOLVERS))


class PushRelabel:
    """OR-Tools' push-relabel, exact for capacities of any size: it counts in 64 bits, and what is larger goes to scipy's."""

    def __init__(self) -> None:
        try:
            import ortools
            from ortools.graph.python import max_flow
        except ImportError:
            raise BadParameter(
                name="solver",
                found="ortools",
                allowed="scipy, since OR-Tools is not installed here: run `pip install comity[solvers]` for it",
            ) from None
        self._max_flow: Any = max_flow
        self.name = f"ortools/{ortools.__version__}"

    def solve(self, *, nodes: int, tails: Nodes, heads: Nodes, most: Whole, source: int, sink: int) -> Whole:
        """Return the flow on each arc: see ``MaximumFlow``."""
        import numpy as np

        if not len(tails):
            return most
        # the solver adds up capacities, so that their sum must stay within 64 bits
        if most.dtype == object or float(np.sum(most, dtype=np.float64)) >= _INT64:
            return self._solve_large(nodes=nodes, tails=tails, heads=heads, most=most, source=source, sink=sink)
        graph = self._max_flow.SimpleMaxFlow()
        graph.add_arcs_with_capacity(tails, heads, most)
        if graph.solve(source, sink) != graph.OPTIMAL:
            return self._solve_large(nodes=nodes, tails=tails, heads=heads, most=most, source=source, sink=sink)
        flow: Whole = graph.flows(np.arange(len(tails)))
        return flow

    @staticmethod
    def _solve_large(*, nodes: int, tails: Nodes, heads: Nodes, most: Whole, source: int, sink: int) -> Whole:
        from comity.engines.capacity.flows import Dinic

        return Dinic().solve(nodes=nodes, tails=tails, heads=heads, most=most, source=source, sink=sink)
