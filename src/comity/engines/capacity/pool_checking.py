"""Checking a pool: see for oneself that a result is possible and fair, without computing it again.

This module shares nothing with those that share out but the terms. In fractions, a member that could use more must name a resource
that it needs, that is used up to the last unit, and of which nobody with a greater level has any: it can gain only from those who
have no more. That for every member is max-min fairness of the levels, which one allocation alone has (Radunović and Le Boudec,
IEEE/ACM Transactions on Networking 15(5), 2007). In whole tasks, a member that could use one more must name a resource that lacks
room for it once all tasks with a smaller level have theirs; that for every member fixes the result likewise.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from comity.errors import AllocationDoesNotHold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.engines.capacity.pool_terms import Demand, PoolTerms


@dataclass(frozen=True, slots=True)
class CheckedPool:
    """What was looked at and found right: members, how many of them have all they ask, resources, and how many are used up."""

    members: int
    with_all: int
    resources: int
    used_up: int


def check_pool(
    *,
    terms: PoolTerms,
    tasks: Mapping[str, Fraction],
    held_by: Mapping[str, tuple[str, ...]],
    whole: bool = False,
) -> CheckedPool:
    """Return what was checked of a result: the tasks of each member, and which resources it says hold it back.

    Raises AllocationDoesNotHold where an amount is impossible, a member could have more at the cost of nobody or of one that has
    more, or a reason is not the right one.
    """
    return _Check(terms, tasks).run(held_by, whole=whole)


class _Check:
    def __init__(self, terms: PoolTerms, tasks: Mapping[str, Fraction]) -> None:
        self.terms, self.tasks = terms, tasks
        self.demands = {d.member: d for d in terms.demands}
        if self.demands.keys() != tasks.keys():
            odd = min(self.demands.keys() ^ tasks.keys())
            raise _refuse(odd, "it asks and has no result, or has a result and does not ask")
        self.used = dict.fromkeys(terms.pool, Fraction(0))
        for demand in terms.demands:
            count = tasks[demand.member]
            if count < 0 or (demand.tasks is not None and count > demand.tasks):
                raise _refuse(demand.member, f"it has {count} tasks, below 0 or more than it asks")
            for resource, units in demand.task.items():
                self.used[resource] += units * count
        for resource, amount in self.used.items():
            if amount > terms.pool[resource]:
                raise _refuse(resource, f"{amount} are given, and the pool has {terms.pool[resource]}")

    def run(self, held_by: Mapping[str, tuple[str, ...]], *, whole: bool) -> CheckedPool:
        if not held_by.keys() <= self.demands.keys():
            raise _refuse(min(held_by.keys() - self.demands.keys()), "it is held back, and does not ask")
        most = {} if whole else self._highest_levels()
        with_all = 0
        for member, demand in self.demands.items():
            names = held_by.get(member, ())
            if tuple(sorted(set(names))) != tuple(names) or not set(names) <= demand.task.keys():
                raise _refuse(member, "what holds it back is not named once each, in order, from what its task takes")
            if self._has_all(demand, whole=whole):
                with_all += 1
                if names:
                    raise _refuse(member, "it has all that it asks, and is said to be held back")
            elif not names:
                raise _refuse(member, "it has less than it asks, and nothing is said to hold it back")
            elif whole:
                self._check_room(demand, names)
            else:
                self._check_bottleneck(demand, names, most)
        return CheckedPool(
            members=len(self.demands),
            with_all=with_all,
            resources=len(self.used),
            used_up=sum(self.used[r] == held for r, held in self.terms.pool.items()),
        )

    def _has_all(self, demand: Demand, *, whole: bool) -> bool:
        count = self.tasks[demand.member]
        if whole and count.denominator != 1:
            raise _refuse(demand.member, f"it has {count} tasks, and tasks are whole")
        if demand.tasks is None:
            return False
        return count + 1 > demand.tasks if whole else count == demand.tasks

    def _step(self, demand: Demand) -> Fraction:
        """Return by how much one task raises the level of a member; 0 where no task is possible."""
        if not all(self.terms.pool[r] for r in demand.task):
            return Fraction(0)
        share = max(units / self.terms.pool[r] for r, units in demand.task.items())
        return share / self.terms.weights.get(demand.member, Fraction(1))

    def _start(self, member: str) -> Fraction:
        return self.terms.past.get(member, Fraction(0)) / self.terms.weights.get(member, Fraction(1))

    def _level(self, demand: Demand) -> Fraction:
        return self._start(demand.member) + self.tasks[demand.member] * self._step(demand)

    def _highest_levels(self) -> dict[str, tuple[Fraction, str]]:
        """Return, of each resource, the highest level of those that have some of it, and whose that is."""
        most: dict[str, tuple[Fraction, str]] = {}
        for demand in self.demands.values():
            if self.tasks[demand.member]:
                level = self._level(demand)
                for resource in demand.task:
                    most[resource] = max(most.get(resource, (level, demand.member)), (level, demand.member))
        return most

    def _check_bottleneck(
        self, demand: Demand, names: tuple[str, ...], most: Mapping[str, tuple[Fraction, str]]
    ) -> None:
        level = self._level(demand)
        for resource in names:
            if self.used[resource] != self.terms.pool[resource]:
                raise _refuse(demand.member, f"{resource} is said to hold it back, and is not used up")
            if resource in most and most[resource][0] > level:
                raise _refuse(
                    demand.member, f"{resource} is said to hold it back, and {most[resource][1]} has more than it"
                )

    def _check_room(self, demand: Demand, names: tuple[str, ...]) -> None:
        """Check that one more task has no room once those that come before it have theirs."""
        step = self._step(demand)
        key = (self._start(demand.member) + (self.tasks[demand.member] + 1) * step, demand.member)
        taken = dict.fromkeys(demand.task, Fraction(0))
        for other in self.demands.values():
            before = self._tasks_before(other, key)
            for resource in demand.task.keys() & other.task.keys():
                taken[resource] += before * other.task[resource]
        for resource in names:
            if taken[resource] + demand.task[resource] <= self.terms.pool[resource]:
                raise _refuse(demand.member, f"{resource} is said to hold it back, and has room for one task more")

    def _tasks_before(self, other: Demand, key: tuple[Fraction, str]) -> Fraction:
        """Return how many of its tasks a member receives before the task of a level and a name."""
        count, step = self.tasks[other.member], self._step(other)
        if not step or not count:
            return Fraction(0)
        reach = (key[0] - self._start(other.member)) / step
        fits = reach.__floor__()
        if fits == reach and other.member >= key[1]:
            fits -= 1
        return max(Fraction(0), min(count, Fraction(fits)))


def _refuse(where: str, problem: str) -> AllocationDoesNotHold:
    return AllocationDoesNotHold(where=where, problem=problem)
