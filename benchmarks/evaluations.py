"""Do the intervals of evaluations hold what they promise? Simulated coverage, beside statsmodels in one run where it is at hand.

``python benchmarks/evaluations.py [--runs 4000] [--peer PYTHON]``. Members measure shares on different samples; true shares differ between sets
(normal log odds). Told is how often the interval holds the true mean, and how often another set falls where it is expected; 95% is promised.
``--peer`` names a Python that has statsmodels: the same sets are pooled there by Paule and Mandel with Hartung and Knapp.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

import numpy as np

from comity.engines.commons.evaluations import Result, bound_share, pool_results

SEED = 20260101
PEER = """
import json, sys
import numpy as np
from statsmodels.stats.meta_analysis import combine_effects
held = 0
for values, variances, truth in json.load(sys.stdin):
    found = combine_effects(np.array(values), np.array(variances), method_re="iterated", use_t=True)
    low, high = found.conf_int(use_t=True)[3]
    held += low <= truth <= high
print(held)
"""


def share_of(log_odds: float) -> float:
    """Return the share of log odds."""
    return float(1 / (1 + np.exp(-log_odds)))


def coverage_of_shares(runs: int, chance: np.random.Generator) -> None:
    """Print how often Wilson's interval holds a share."""
    print("share  n    held by Wilson")
    for share in (0.02, 0.5, 0.9, 0.99):
        for n in (10, 50, 500):
            hits = chance.binomial(n, share, runs)
            held = sum(low <= share <= high for low, high in (bound_share(successes=int(x), n=n) for x in hits))
            print(f"{share:<5}  {n:<4} {100 * held / runs:.1f}%")


def coverage_of_pools(runs: int, chance: np.random.Generator, peer: str) -> None:
    """Print how often pools of sets hold the mean, and another set."""
    print("\nsets  spread  n         mean held  counted as one  another set held  statsmodels")
    for sets in (2, 3, 5, 10):
        for spread in (0.0, 0.3, 1.0):
            held = counted = expected = 0
            told = []
            middle = 1.0
            for _ in range(runs):
                sizes = chance.integers(30, 400, sets)
                shares = [share_of(x) for x in middle + spread * chance.standard_normal(sets)]
                hits = chance.binomial(sizes, shares)
                rows = [
                    Result(
                        id=str(i), source=str(i), task="t", measure="accuracy", value=x / n, n=int(n), successes=float(x),
                        samples=str(i), dataset=str(i),
                    )
                    for i, (x, n) in enumerate(zip(hits, sizes, strict=True))
                ]  # fmt: skip
                (pool,) = pool_results(rows)
                assert pool.across is not None
                assert pool.together is not None
                truth = share_of(middle)
                held += pool.across.low <= truth <= pool.across.high
                counted += pool.together.low <= truth <= pool.together.high
                if pool.across.expected_low is not None and pool.across.expected_high is not None:
                    other = share_of(middle + spread * chance.standard_normal())
                    expected += pool.across.expected_low <= other <= pool.across.expected_high
                x, m = hits + 0.5 * (hits == sizes), sizes - hits + 0.5 * (hits == sizes)
                told.append([list(np.log(x / m)), list(1 / x + 1 / m), middle])
            other_said = f"{100 * expected / runs:.1f}%" if sets > 2 else "not told"
            beside = f"{100 * ask(peer, told) / runs:.1f}%" if peer else "not asked"
            print(
                f"{sets:<5} {spread:<7} 30 to 400 {100 * held / runs:>8.1f}%  {100 * counted / runs:>13.1f}%  {other_said:>16}  {beside}"
            )


def ask(peer: str, told: list[list[object]]) -> int:
    """Return how often the peer's interval holds the mean of the same sets."""
    sent = json.dumps(told, default=float)
    done = subprocess.run([peer, "-c", PEER], input=sent, capture_output=True, text=True, check=True)
    return int(done.stdout)


def replications(runs: int, chance: np.random.Generator) -> None:
    """Print what counting the same samples twice would do: the interval that is told, and the one that twice the samples would give."""
    held = doubled = 0
    for _ in range(runs):
        # Forty questions, each with a chance of its own to be answered; two members ask the same ones.
        ease = chance.beta(2, 1, 40)
        first, second = (chance.random(40) < ease).sum(), (chance.random(40) < ease).sum()
        rows = [
            Result(
                id=str(i),
                source=str(i),
                task="t",
                measure="accuracy",
                value=x / 40,
                n=40,
                successes=float(x),
                samples="s",
            )
            for i, x in enumerate((first, second))
        ]
        (pool,) = pool_results(rows)
        assert pool.together is not None
        truth = 2 / 3
        held += pool.together.low <= truth <= pool.together.high
        low, high = bound_share(successes=int(first + second), n=80)
        doubled += low <= truth <= high
    print(
        f"\nThe same 40 questions asked by two members: held {100 * held / runs:.1f}%; counted as 80, {100 * doubled / runs:.1f}%"
    )
    hard = 0
    for _ in range(runs):
        known = chance.random(40) < chance.beta(2, 1, 40)
        low, high = bound_share(successes=int(2 * known.sum()), n=80)
        hard += low <= 2 / 3 <= high
    print(f"Were both to get the same answers: counted as 80, {100 * hard / runs:.1f}%")


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description="Coverage of the intervals of evaluations.")
    parser.add_argument("--runs", type=int, default=4000)
    parser.add_argument("--peer", default="")
    asked = parser.parse_args()
    chance = np.random.default_rng(SEED)
    coverage_of_shares(asked.runs, chance)
    coverage_of_pools(asked.runs, chance, asked.peer)
    replications(asked.runs, chance)


if __name__ == "__main__":
    sys.exit(main())
