"""Pools drawn by hypothesis, and the same shares by linear programmes in floating point: an oracle that shares no code."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from comity.engines.capacity.pool_terms import set_pool

RESOURCES = ("cpu", "gpu", "storage")
amounts = st.fractions(min_value=0, max_value=12, max_denominator=6)
above_zero = st.fractions(min_value=Fraction(1, 6), max_value=12, max_denominator=6)


@st.composite
def pools(draw, *, plain=False, positive=False, most=6):
    """Terms of a pool; ``plain`` without weights and past use, ``positive`` where all need some of all that there is."""
    resources = RESOURCES[: draw(st.integers(1, 3))]
    held = {r: draw(above_zero if positive else st.one_of(above_zero, st.just(Fraction(0)))) for r in resources}
    members = [f"M{at}" for at in range(draw(st.integers(1, most)))]
    demands = [(m, draw(tasks_of(resources, positive=positive)), draw(st.none() | above_zero)) for m in members]
    if plain:
        return set_pool(pool=held, demands=demands)
    weights = {m: draw(st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(2), Fraction(7, 3)])) for m in members}
    past = {m: draw(st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(3, 4), Fraction(2)])) for m in members}
    return set_pool(pool=held, demands=demands, weights=weights, past=past)


@st.composite
def tasks_of(draw, resources, *, positive=False):
    """What one task takes: something of one resource at least."""
    needed = resources if positive else draw(st.sets(st.sampled_from(resources), min_size=1))
    return {r: draw(above_zero) for r in sorted(needed)}


def change_pool(terms, *, pool=None, demands=None):
    """Terms with another pool or other demands."""
    kept = [(d.member, d.task, d.tasks) for d in terms.demands]
    return set_pool(
        pool=pool or terms.pool, demands=kept if demands is None else demands, weights=terms.weights, past=terms.past
    )


def tasks_with(*, demand, amounts):
    """How many tasks amounts of resources make for a member."""
    most = min(amounts.get(r, Fraction(0)) / units for r, units in demand.task.items())
    return most if demand.tasks is None else min(most, demand.tasks)


def levels_by_programmes(terms):
    """The levels of the fairest allocation, found by one linear programme for each member and step."""
    members = [d.member for d in terms.demands]
    steps, starts, bounds = [], [], []
    for demand in terms.demands:
        weight = terms.weights.get(demand.member, Fraction(1))
        possible = all(terms.pool[r] for r in demand.task)
        share = max(u / terms.pool[r] for r, u in demand.task.items()) if possible else Fraction(0)
        steps.append(float(share / weight))
        starts.append(float(terms.past.get(demand.member, Fraction(0)) / weight))
        bounds.append((0.0, (None if demand.tasks is None else float(demand.tasks)) if possible else 0.0))
    count = len(members)
    uses = [[float(d.task.get(r, 0)) for d in terms.demands] + [0.0] for r in terms.pool]
    limits = [float(units) for units in terms.pool.values()]
    fixed: dict[int, float] = {}

    def solve(objective, floor):
        rows, ends = list(uses), list(limits)
        for at in range(count):
            row = [0.0] * (count + 1)
            row[at] = -steps[at]
            least_of_it = fixed.get(at, floor)
            if least_of_it is None:
                row[-1], end = 1.0, starts[at]
            else:
                end = starts[at] - least_of_it
            rows.append(row)
            ends.append(end + 1e-9)
        done = linprog(objective, A_ub=np.array(rows), b_ub=ends, bounds=[*bounds, (None, None)], method="highs")
        assert done.status == 0, done.message
        return -done.fun

    while len(fixed) < count:
        least = solve([0.0] * count + [-1.0], None)
        found: dict[int, float] = {}
        for at in set(range(count)) - fixed.keys():
            objective = [0.0] * (count + 1)
            objective[at] = -steps[at]
            if starts[at] + solve(objective, least - 1e-9) <= least + 1e-6:
                found[at] = least
        assert found
        fixed |= found
    return {members[at]: level for at, level in fixed.items()}
