"""Leximin by iterated linear programmes (Ogryczak and others), written apart from the engine, to compare it with."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog


def leximin_levels(*, terms):
    """Return the level of each group by its key, as floats: one programme per level, then one per group that may be fixed."""
    needs, offers = terms.needs, terms.offers
    pairs = terms.pairs
    if pairs is None:
        pairs = [(n.id, o.id) for n in needs for o in offers if n.resource == o.resource]
    units = {n.id: float(n.units) for n in needs}
    supply = {o.id: float(o.units) for o in offers}
    of_need = {n.id: n for n in needs}
    of_offer = {o.id: o for o in offers}
    key_of = {n.id: (n.id if terms.by == "need" else n.member, n.resource, n.priority) for n in needs}
    keys = sorted(set(key_of.values()), key=lambda k: (k[2], k))
    asked = {k: sum(units[n] for n in units if key_of[n] == k) for k in keys}
    weight = {k: float(terms.weights.get(next(of_need[n].member for n in units if key_of[n] == k), 1)) for k in keys}

    rows, bounds = [], []

    def at_most(which, most):
        row = np.zeros(len(pairs) + 1)
        row[which] = 1
        rows.append(row)
        bounds.append(most)

    index = range(len(pairs))
    for offer, most in supply.items():
        at_most([i for i in index if pairs[i][1] == offer], most)
    for need, most in units.items():
        at_most([i for i in index if pairs[i][0] == need], most)
    for offer in offers:
        if offer.per_member is not None:
            for member in {n.member for n in needs}:
                which = [i for i in index if pairs[i][1] == offer.id and of_need[pairs[i][0]].member == member]
                at_most(which, float(of_offer[offer.id].per_member))
    for (member, resource), cap in terms.caps.items():
        which = [
            i for i in index if of_need[pairs[i][0]].member == member and of_need[pairs[i][0]].resource == resource
        ]
        at_most(which, float(cap))
    gains = {}
    for k in keys:
        row = np.zeros(len(pairs) + 1)
        row[[i for i in index if key_of[pairs[i][0]] == k]] = 1 / (asked[k] * weight[k])
        gains[k] = row

    fixed: dict[tuple, float] = {}
    for priority in sorted({k[2] for k in keys}):
        free = [k for k in keys if k[2] == priority]
        while free:
            top = np.zeros(len(pairs) + 1)
            top[-1] = -1
            held = [-gains[k] + 1e-12 for k in fixed]
            level = _solve(
                top,
                rows + held + [_with_level(-gains[k]) for k in free],
                bounds + [-fixed[k] for k in fixed] + [0] * len(free),
            )
            level = -level.fun
            stuck = []
            for k in free:
                others = [-gains[o] for o in free if o != k]
                best = -_solve(
                    -gains[k], rows + held + others, bounds + [-fixed[f] for f in fixed] + [1e-9 - level] * len(others)
                ).fun
                if best <= level + 1e-7:
                    stuck.append(k)
            assert stuck
            for k in stuck:
                fixed[k] = level
            free = [k for k in free if k not in stuck]
    return fixed


def _with_level(row):
    row = row.copy()
    row[-1] = 1
    return row


def _solve(goal, rows, bounds):
    size = len(goal)
    slack = [b + 1e-9 for b in bounds]
    found = linprog(goal, A_ub=np.array(rows), b_ub=np.array(slack), bounds=[(0, None)] * size, method="highs")
    assert found.status == 0, found.message
    return found
