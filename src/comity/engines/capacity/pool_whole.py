"""A pool in whole tasks: one task at a time, to the member that would then have the smallest level (Parkes, Procaccia and Shah 2015).

This is their SequentialMinMax: no task that still fits is left out, nobody with the same weight and without past use has fewer tasks
than fit in one nth of each resource, nor could do more than one task more with the amounts of another. Between members that would
have the same level the name decides, by the order of its letters; publish that with the result.
"""

from __future__ import annotations

import heapq
from fractions import Fraction
from typing import TYPE_CHECKING

from comity.engines.capacity.pool import measure_share, tell_shares
from comity.errors import BadInput

if TYPE_CHECKING:
    from comity.engines.capacity.pool import PoolResult
    from comity.engines.capacity.pool_terms import PoolTerms

MOST_TASKS = 2_000_000


def share_whole_tasks(*, terms: PoolTerms) -> PoolResult:
    """Return a result in whole tasks. Raises BadInput where over two million tasks may be possible.

    >>> from comity.engines.capacity.pool_terms import set_pool
    >>> terms = set_pool(pool={"gpu": 5}, demands=[("A", {"gpu": 2}, None), ("B", {"gpu": 1}, None)])
    >>> [(s.member, str(s.tasks), s.held_by) for s in share_whole_tasks(terms=terms).shares]
    [('A', '1', ('gpu',)), ('B', '3', ('gpu',))]
    """
    tasks = {d.member: 0 for d in terms.demands}
    held_by: dict[str, tuple[str, ...]] = {}
    left = dict(terms.pool)
    steps, queue = {}, []
    most = count_most_tasks(terms=terms)
    if most > MOST_TASKS:
        raise BadInput(
            problem=f"Up to {most:,} whole tasks are possible; at most {MOST_TASKS:,} can be given one by one. "
            "Make tasks larger, or share out in fractions."
        )
    for demand in terms.demands:
        weight = terms.weights.get(demand.member, Fraction(1))
        steps[demand.member] = measure_share(demand=demand, pool=terms.pool)[0] / weight
        level = terms.past.get(demand.member, Fraction(0)) / weight
        queue.append((level + steps[demand.member], demand.member))
    demands = {d.member: d for d in terms.demands}
    heapq.heapify(queue)
    while queue:
        level, member = heapq.heappop(queue)
        demand = demands[member]
        if demand.tasks is not None and tasks[member] + 1 > demand.tasks:
            continue
        lacking = tuple(r for r, units in demand.task.items() if left[r] < units)
        if lacking:
            held_by[member] = lacking
            continue
        for resource, units in demand.task.items():
            left[resource] -= units
        tasks[member] += 1
        heapq.heappush(queue, (level + steps[member], member))
    return tell_shares(terms=terms, tasks={m: Fraction(n) for m, n in tasks.items()}, held_by=held_by, whole=True)


def count_most_tasks(*, terms: PoolTerms) -> int:
    """Return a number that all tasks together cannot pass: what is asked, or what fits by the resources that are dominant."""
    asked = 0
    least: dict[str, Fraction] = {}
    for demand in terms.demands:
        fits = min(terms.pool[r] // units for r, units in demand.task.items())
        asked += fits if demand.tasks is None else min(fits, demand.tasks.__floor__())
        resource = measure_share(demand=demand, pool=terms.pool)[1][0]
        least[resource] = min(least.get(resource, demand.task[resource]), demand.task[resource])
    return min(asked, sum(terms.pool[r] // units for r, units in least.items()))
