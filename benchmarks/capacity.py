"""Fair shares of large rounds, each in a process of its own, beside a leximin by iterated linear programmes and the package fairpyx.

Two kinds of rounds are drawn: *uneven*, where offers and who may draw on them have heavy tails, so that there are thousands of blocks,
and *even*, where all are alike. Seconds are of the processor, apart for sharing out, for whole units after it and for the check of the
result by its cuts; memory is the most that the process held, with the round itself. The programmes (HiGHS, in scipy) fix all needs
that have a price at the level of the moment, which is the quickest way, and begin no new one after 60 seconds. fairpyx
finds the least share alone and not the next; it needs a Python of its own. Run: ``python benchmarks/capacity.py [--peer PYTHON]``.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array, vstack

from comity.adapters.flow_solvers import find_solver
from comity.engines.capacity.allocating import allocate
from comity.engines.capacity.checking import Claim, check_allocation
from comity.engines.capacity.checking_whole import check_whole
from comity.engines.capacity.terms import Need, Offer, expand_pairs, set_terms
from comity.engines.capacity.whole_units import round_to_whole

if TYPE_CHECKING:
    from comity.engines.capacity.terms import By, Terms

HERE = Path(__file__).resolve()
SMALL, LARGE = (2_000, 1_000, 40_000, 150), (10_000, 5_000, 200_000, 190)
LIMIT = 60
FAIRPYX = """
import json, sys, time
import fairpyx
from fairpyx.algorithms.egalitarian_fractional import fractional_egalitarian_allocation as share_out
told = json.load(sys.stdin)
needs, offers, top = told["needs"], told["offers"], max([*told["needs"].values(), *told["offers"].values()])
pairs = {tuple(p) for p in told["pairs"]}
instance = fairpyx.Instance(
    agent_capacities={n: d / top for n, d in needs.items()},
    item_capacities={o: s / top for o, s in offers.items()},
    valuations={n: {o: top / d if (n, o) in pairs else 0 for o in offers} for n, d in needs.items()},
)
began = time.process_time()
found = share_out(instance, normalize_utilities=False)
seconds = time.process_time() - began
given = {n: sum(u for o, u in of.items() if (n, o) in pairs) * top for n, of in found.items()}
print(json.dumps({"seconds": seconds, "least": min(given[n] / needs[n] for n in needs)}))
"""


def draw_round(size: tuple[int, int, int, int], kind: str, by: By) -> Terms:
    """Return a round of so many needs, offers, pairs and members."""
    needs, offers, count, members = size
    chance = np.random.default_rng(0)
    asked = chance.integers(1, 100, needs).tolist()
    if kind == "uneven":
        held = np.maximum(1, chance.pareto(1.1, offers) * 20).astype(int).tolist()
        draws, drawn = chance.pareto(0.8, needs) + 0.05, chance.pareto(0.8, offers) + 0.05
        keys = np.array([], dtype=np.int64)
        for _ in range(400):
            rows = chance.choice(needs, count, p=draws / draws.sum())
            keys = np.union1d(keys, rows * offers + chance.choice(offers, count, p=drawn / drawn.sum()))
            if len(keys) >= count:
                break
        keys = np.sort(chance.permutation(keys)[:count])
    else:
        held = chance.integers(1, 120, offers).tolist()
        keys = np.sort(chance.choice(needs * offers, count, replace=False))
    of = chance.integers(0, members, needs).tolist()
    return set_terms(
        needs=[Need(f"n{i:05}", f"m{of[i]:03}", "gpu-hours", Fraction(asked[i])) for i in range(needs)],
        offers=[Offer(f"o{j:05}", "gpu-hours", Fraction(held[j])) for j in range(offers)],
        pairs=[(f"n{k // offers:05}", f"o{k % offers:05}") for k in keys.tolist()],
        by=by,
    )


def run_one(size: tuple[int, int, int, int], kind: str, by: By, solver: str) -> dict[str, Any]:
    """Share out one round; return seconds, blocks and memory, once the result is checked."""
    found_by = find_solver(name=solver)
    terms = draw_round(size, kind, by)
    began = time.process_time()
    result = allocate(terms=terms, solver=found_by)
    shared = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    claims = [Claim(**{f.name: getattr(r, f.name) for f in dataclasses.fields(Claim)}) for r in result.reasons]
    before = time.process_time()
    check_allocation(terms=terms, units=result.units, claims=claims)
    checked = time.process_time()
    whole = round_to_whole(allocation=result, solver=found_by)
    rounded = time.process_time()
    check_whole(terms=terms, exact=result.units, claims=claims, units=whole.units)
    return {
        "share": shared - began,
        "check": checked - before,
        "whole": rounded - checked,
        "blocks": len(result.reasons),
        "pairs": len(terms.pairs or ()),
        "megabytes": memory,
    }


def run_programmes(size: tuple[int, int, int, int], kind: str) -> dict[str, Any]:
    """Fix needs at their level by one programme after the other until the time is over; return how many are fixed."""
    from scipy.optimize import linprog  # noqa: PLC0415  (it would count in the memory of the other cases)

    terms = draw_round(size, kind, "need")
    exact = [float(s.share) for s in allocate(terms=terms).shares]
    place = {n.id: i for i, n in enumerate(terms.needs)}
    offer = {o.id: j for j, o in enumerate(terms.offers)}
    pairs = [(place[n], offer[o]) for n, o in terms.pairs or ()]
    count, needs, offers = len(pairs), len(place), len(offer)
    asked = np.array([float(n.units) for n in terms.needs])
    rows = np.array([i for i, _ in pairs])
    shares = csr_array((-1 / asked[rows], (rows, np.arange(count))), shape=(needs, count + 1))
    held = csr_array((np.ones(count), ([j for _, j in pairs], np.arange(count))), shape=(offers, count + 1))
    asks = csr_array((np.ones(count), (rows, np.arange(count))), shape=(needs, count + 1))
    limits = np.concatenate([[float(o.units) for o in terms.offers], asked])
    fixed: dict[int, float] = {}
    began, programmes = time.process_time(), 0
    goal = np.zeros(count + 1)
    goal[-1] = -1
    while len(fixed) < needs and time.process_time() - began < LIMIT:
        free = np.array([i not in fixed for i in range(needs)])
        level = csr_array((free.astype(float), (np.arange(needs), np.full(needs, count))), shape=(needs, count + 1))
        least = np.array([-fixed.get(i, 0.0) + 1e-9 * (i in fixed) for i in range(needs)])
        done = linprog(
            goal,
            A_ub=vstack([shares + level, held, asks]),
            b_ub=np.concatenate([least, limits]),
            bounds=(0, None),
            method="highs",
            options={"time_limit": 10 * LIMIT},
        )
        if done.status != 0:
            break
        programmes += 1
        priced = [i for i in range(needs) if free[i] and done.ineqlin.marginals[i] < -1e-12]
        for i in priced:
            fixed[i] = -done.fun
        if not priced:
            break
    seconds = time.process_time() - began
    off = max((abs(exact[i] - found) for i, found in fixed.items()), default=0.0)
    return {"seconds": seconds, "fixed": len(fixed), "needs": needs, "programmes": programmes, "off": off}


def run_peer(python: str) -> dict[str, Any]:
    """Let fairpyx find the least share of a round of 80 needs and 40 offers; return its seconds and ours."""
    terms = draw_round((80, 40, 800, 20), "even", "need")
    began = time.process_time()
    result = allocate(terms=terms)
    ours = time.process_time() - began
    told = {
        "needs": {n.id: int(n.units) for n in terms.needs},
        "offers": {o.id: int(o.units) for o in terms.offers},
        "pairs": terms.pairs,
    }
    done = subprocess.run([python, "-c", FAIRPYX], input=json.dumps(told), capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    least = min(float(s.share) for s in result.shares)
    return {"ours": ours, "theirs": found["seconds"], "off": abs(found["least"] - least), "blocks": len(result.reasons)}


def best_levels(terms: Terms) -> list[Fraction]:
    """Return the leximin shares over every way to give each lot to a need or to nobody."""
    open_to = {o.id: [None, *(n for n, p in expand_pairs(terms=terms) if p == o.id)] for o in terms.offers}
    asked = {n.id: n.units for n in terms.needs}
    best: list[Fraction] = []
    for chosen in itertools.product(*open_to.values()):
        received = dict.fromkeys(asked, Fraction(0))
        for lot, need in zip(terms.offers, chosen, strict=True):
            if need is not None:
                received[need] += lot.units
        if all(received[n] <= asked[n] for n in asked):
            best = max(best, sorted(received[n] / asked[n] for n in asked))
    return best


def run_lots(rounds: int = 400) -> dict[str, Any]:
    """Place two to six lots among two to four needs; return how far the least share is below the best."""
    gaps, same = [], 0
    for seed in range(rounds):
        dice = random.Random(seed)  # noqa: S311  (rounds that anyone can draw again)
        names = "abcd"[: dice.randint(2, 4)]
        needs = [Need(i, i, "seats", Fraction(dice.randint(4, 20))) for i in names]
        lots = [
            Offer(f"o{i}", "seats", Fraction(dice.randint(1, 8)), indivisible=True) for i in range(dice.randint(2, 6))
        ]
        pairs = [(n.id, o.id) for n in needs for o in lots if dice.random() < 0.7]
        terms = set_terms(needs=needs, offers=lots, pairs=pairs)
        found, best = sorted(s.share for s in allocate(terms=terms).shares), best_levels(terms)
        gaps.append(float(best[0] - found[0]))
        same += found == best
    return {"rounds": rounds, "same": same, "mean": sum(gaps) / rounds, "most": max(gaps)}


def apart(*words: str) -> dict[str, Any]:
    """Return what one case prints in a process of its own."""
    done = subprocess.run([sys.executable, HERE, *words], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print a table in Markdown."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--peer")
    reader.add_argument("--one", nargs=4)
    reader.add_argument("--programmes", nargs=2)
    given = reader.parse_args()
    sizes = {"small": SMALL, "large": LARGE}
    if given.one:
        size, kind, by, solver = given.one
        print(json.dumps(run_one(sizes[size], kind, "member" if by == "member" else "need", solver)))
        return
    if given.programmes:
        print(json.dumps(run_programmes(sizes[given.programmes[0]], given.programmes[1])))
        return
    print(f"load before: {os.getloadavg()[0]:.2f}\n")
    print("| needs × offers, pairs | kind | alike | solver | shares | share out | check | whole units | memory |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, size in sizes.items():
        for kind in ("uneven", "even"):
            for by in ("need", "member"):
                for solver in ("scipy", "ortools"):
                    found = apart("--one", name, kind, by, solver)
                    print(
                        f"| {size[0]:,} × {size[1]:,}, {found['pairs']:,} | {kind} | {by} | {solver} | {found['blocks']:,} "
                        f"| {found['share']:.2f} s | {found['check']:.2f} s | {found['whole']:.2f} s | {found['megabytes']} MB |",
                        flush=True,
                    )
    print()
    for kind in ("uneven", "even"):
        found = apart("--programmes", "small", kind)
        print(
            f"- programmes, {kind}: {found['fixed']:,} of {found['needs']:,} needs fixed after {found['seconds']:.0f} s by "
            f"{found['programmes']} programme(s), at most {found['off']:.0e} from ours",
            flush=True,
        )
    lots = run_lots()
    print(
        f"- lots: the best of all ways in {lots['same']} of {lots['rounds']} rounds; the least share is {lots['mean']:.3f} below "
        f"the best on average, {lots['most']:.2f} at most"
    )
    if given.peer:
        found = run_peer(given.peer)
        print(
            f"- fairpyx, 80 × 40: {found['theirs']:.1f} s for the least share alone, {found['off']:.0e} from ours; ours "
            f"{found['ours']:.3f} s for all, with {found['blocks']} different share(s)"
        )
    print(f"\nload after: {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
