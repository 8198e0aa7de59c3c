"""A pool of several resources, shared out by dominant resource fairness in exact fractions (Ghodsi et al., NSDI 2011, section 4).

A member asks in fixed proportions: one *task* takes so much of each resource, and less of one makes the rest useless to it. Its
*dominant share* is the largest part of any resource that it receives. All dominant shares rise together; a member stops when it
has all that it asks, or when a resource it needs is used up. So nobody can gain except from a member that has no more.

- A member that needs nothing of a resource goes on when that is used up (Parkes, Procaccia and Shah 2015).
- A *weight* makes shares equal after division by it. It stands only by a published rule, which is for whoever calls to name.
- *Past use* counts as already received: its dominant share, decayed by ``pool_past.py``, is added to that of now, so that
  ``level = (past + share) / weight`` is what is made equal. The two may be of different resources; the sum is then more than the
  member's largest part of any one of them.

Without past use and with equal weights nobody has less than with one nth of each resource, and nobody would rather have the amounts
of another. Nobody gains by asking for something else than it needs, in fractions and as long as the pool is known. What does not
hold: more of a resource may leave a member with less (Ghodsi et al., section 6), and so may the leaving of another, unless every
member needs some of every resource.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.engines.capacity.pool_terms import Demand, PoolTerms

MAKER = "comity drf 1"
NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class PoolShare:
    """What one member receives, and why not more.

    ``tasks`` is how many of its tasks that makes, ``received`` the units by resource, ``dominant`` the resources of which it takes
    the largest part and ``share`` that part, ``past`` its share from before. ``held_by`` names the resources that are used up and
    of which nobody with a greater level has any; it is empty where the member has all that it asks.
    """

    member: str
    tasks: Fraction
    received: Mapping[str, Fraction]
    dominant: tuple[str, ...]
    share: Fraction
    past: Fraction
    weight: Fraction
    level: Fraction
    held_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PoolResult:
    """What each member receives, by name, and what is used of each resource; with ``whole``, in whole tasks."""

    terms: PoolTerms
    shares: tuple[PoolShare, ...]
    used: Mapping[str, Fraction]
    whole: bool = False
    maker: str = field(default=MAKER)


def share_pool(*, terms: PoolTerms) -> PoolResult:
    """Return the one allocation that no member can gain from except at the cost of a member with the same or a smaller level.

    >>> from comity.engines.capacity.pool_terms import set_pool
    >>> terms = set_pool(
    ...     pool={"cpu": 9, "memory": 18}, demands=[("A", {"cpu": 1, "memory": 4}, None), ("B", {"cpu": 3, "memory": 1}, None)]
    ... )
    >>> [(s.member, str(s.tasks), s.dominant, str(s.share)) for s in share_pool(terms=terms).shares]
    [('A', '3', ('memory',), '2/3'), ('B', '2', ('cpu',), '2/3')]
    """
    tasks, held_by = _Filling(terms).run()
    return tell_shares(terms=terms, tasks=tasks, held_by=held_by)


def tell_shares(
    *, terms: PoolTerms, tasks: Mapping[str, Fraction], held_by: Mapping[str, tuple[str, ...]], whole: bool = False
) -> PoolResult:
    """Return a result from the number of tasks of each member and what holds it back."""
    used = dict.fromkeys(terms.pool, NONE)
    shares = []
    for demand in terms.demands:
        count = tasks[demand.member]
        received = {r: count * units for r, units in demand.task.items()}
        for resource, amount in received.items():
            used[resource] += amount
        per_task, dominant = measure_share(demand=demand, pool=terms.pool)
        past, weight = terms.past.get(demand.member, NONE), terms.weights.get(demand.member, Fraction(1))
        shares.append(
            PoolShare(
                member=demand.member,
                tasks=count,
                received=MappingProxyType(received),
                dominant=dominant,
                share=count * per_task,
                past=past,
                weight=weight,
                level=(past + count * per_task) / weight,
                held_by=held_by.get(demand.member, ()),
            )
        )
    return PoolResult(terms=terms, shares=tuple(shares), used=MappingProxyType(used), whole=whole)


def measure_share(*, demand: Demand, pool: Mapping[str, Fraction]) -> tuple[Fraction, tuple[str, ...]]:
    """Return the dominant share of one task and the resources it is of.

    Where a task needs what the pool has none of, the share is 0 and those resources are named: no task is possible.
    """
    missing = tuple(sorted(r for r in demand.task if not pool[r]))
    if missing:
        return NONE, missing
    parts = {r: units / pool[r] for r, units in demand.task.items()}
    most = max(parts.values())
    return most, tuple(sorted(r for r, part in parts.items() if part == most))


class _Filling:
    """The rise of one level for all, from one event to the next: a member joins, has all it asks, or a resource is used up."""

    def __init__(self, terms: PoolTerms) -> None:
        self.terms = terms
        self.left = dict(terms.pool)
        self.rate = dict.fromkeys(terms.pool, NONE)  # units that go for one more level
        self.needing: dict[str, set[str]] = {r: set() for r in terms.pool}
        self.demands = {d.member: d for d in terms.demands}
        self.speed: dict[str, Fraction] = {}  # tasks for one more level
        self.begin: dict[str, Fraction] = {}
        self.waiting: list[tuple[Fraction, str]] = []
        self.ending: list[tuple[Fraction, str]] = []
        self.tasks: dict[str, Fraction] = {}
        self.held_by: dict[str, tuple[str, ...]] = {}
        self.rising: set[str] = set()
        for demand in terms.demands:
            self._enter(demand)
        heapq.heapify(self.waiting)
        self.level = NONE

    def _enter(self, demand: Demand) -> None:
        member = demand.member
        per_task, dominant = measure_share(demand=demand, pool=self.terms.pool)
        if not per_task:
            self.tasks[member], self.held_by[member] = NONE, dominant
            return
        weight = self.terms.weights.get(member, Fraction(1))
        self.speed[member] = weight / per_task
        self.begin[member] = self.terms.past.get(member, NONE) / weight
        self.waiting.append((self.begin[member], member))
        for resource in demand.task:
            self.needing[resource].add(member)

    def run(self) -> tuple[dict[str, Fraction], dict[str, tuple[str, ...]]]:
        """Return the tasks of each member, and the resources that hold it back."""
        while True:
            at = self._next()
            if at is None:
                return self.tasks, self.held_by
            for resource, rate in self.rate.items():
                if rate:
                    self.left[resource] -= rate * (at - self.level)
            self.level = at
            self._end_those_with_all()
            self._hold_at_what_is_used_up()
            self._join()

    def _next(self) -> Fraction | None:
        while self.waiting and self.waiting[0][1] in self.tasks:
            heapq.heappop(self.waiting)
        while self.ending and self.ending[0][1] in self.tasks:
            heapq.heappop(self.ending)
        found = [heap[0][0] for heap in (self.waiting, self.ending) if heap]
        found += [self.level + self.left[r] / rate for r, rate in self.rate.items() if rate]
        return min(found, default=None)

    def _join(self) -> None:
        while self.waiting and self.waiting[0][0] == self.level:
            _, member = heapq.heappop(self.waiting)
            if member in self.tasks:
                continue
            demand = self.demands[member]
            self.rising.add(member)
            for resource, units in demand.task.items():
                self.rate[resource] += units * self.speed[member]
            if demand.tasks is not None:
                heapq.heappush(self.ending, (self.level + demand.tasks / self.speed[member], member))

    def _end_those_with_all(self) -> None:
        while self.ending and self.ending[0][0] == self.level:
            _, member = heapq.heappop(self.ending)
            if member not in self.tasks:
                self._stop(member)

    def _hold_at_what_is_used_up(self) -> None:
        used_up = [r for r, rate in self.rate.items() if rate and not self.left[r]]
        used_up += [r for r in self.terms.pool if not self.left[r] and r not in used_up]
        holding: dict[str, set[str]] = {}
        for resource in used_up:
            for member in self.needing[resource]:
                if member not in self.tasks:
                    holding.setdefault(member, set()).add(resource)
            self.needing[resource] = set()
        for member, resources in holding.items():
            self._stop(member)
            self.held_by[member] = tuple(sorted(resources))

    def _stop(self, member: str) -> None:
        if member not in self.rising:
            self.tasks[member] = NONE
            return
        self.rising.discard(member)
        self.tasks[member] = (self.level - self.begin[member]) * self.speed[member]
        for resource, units in self.demands[member].task.items():
            self.rate[resource] -= units * self.speed[member]
