"""Dominant resource fairness: exact shares and their proof beside the same levels by linear programmes.

No maintained Python package of dominant resource fairness was found to compare with; programmes by HiGHS, through scipy, are the way
that is used instead. They find one level after another, in floating point, without a reason that can be checked.

    .venv/bin/python benchmarks/pool.py
"""

from __future__ import annotations

import random
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from comity.engines.capacity.pool import share_pool
from comity.engines.capacity.pool_checking import check_pool
from comity.engines.capacity.pool_terms import PoolTerms, set_pool
from comity.engines.capacity.pool_whole import share_whole_tasks
from support.pools import levels_by_programmes

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (20, 40, 200, 1_000, 5_000)
MOST_FOR_PROGRAMMES = 40


def draw_terms(*, members: int, seed: int) -> PoolTerms:
    """Return a pool of four resources of which members ask 1.5 times as much as there is, one in four without GPUs."""
    dice = random.Random(seed)  # noqa: S311  (a seeded draw, the same in every run)
    demands = [
        (
            f"M{at:05}",
            {
                "cpu": dice.randint(1, 64),
                "gpu": 0 if at % 4 == 0 else dice.randint(1, 8),
                "memory": dice.randint(1, 512),
                "storage": dice.randint(1, 100),
            },
            dice.choice([None, dice.randint(1, 40)]),
        )
        for at in range(members)
    ]
    pool = {r: Fraction(sum(d[1][r] * (d[2] or 20) for d in demands) * 2, 3) for r in demands[0][1]}
    past = {d[0]: Fraction(dice.randint(0, 50), 100 * members) for d in demands}
    return set_pool(pool=pool, demands=demands, past=past)


def measure_seconds(work: Callable[[], Any], /) -> tuple[float, Any]:
    """Return the least seconds of the processor in three runs, and what the last one returned."""
    least, found = float("inf"), None
    for _ in range(3):
        begun = time.process_time()
        found = work()
        least = min(least, time.process_time() - begun)
    return least, found


def main() -> None:
    """Print the table."""
    print(
        "| members, 4 resources | exact shares, s | their proof, s | whole tasks, s | programmes, s | largest difference |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for size in SIZES:
        terms = draw_terms(members=size, seed=size)
        ours, result = measure_seconds(lambda terms=terms: share_pool(terms=terms))
        tasks = {s.member: s.tasks for s in result.shares}
        held_by = {s.member: s.held_by for s in result.shares if s.held_by}
        proof, _ = measure_seconds(lambda t=terms, n=tasks, h=held_by: check_pool(terms=t, tasks=n, held_by=h))
        whole, _ = measure_seconds(lambda terms=terms: share_whole_tasks(terms=terms))
        theirs, apart = "", ""
        if size <= MOST_FOR_PROGRAMMES:
            seconds, levels = measure_seconds(lambda terms=terms: levels_by_programmes(terms))
            theirs = f"{seconds:.2f}"
            apart = f"{max(abs(float(s.level) - levels[s.member]) for s in result.shares):.0e}"
        print(f"| {size:,} | {ours:.4f} | {proof:.4f} | {whole:.3f} | {theirs} | {apart} |", flush=True)


if __name__ == "__main__":
    main()
