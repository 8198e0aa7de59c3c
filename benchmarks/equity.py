"""A million values with weights and groups: our measures beside those of the package ``inequality``, in one process, as a ratio.

The package has Gini, Theil T, Theil T between and within groups, and Atkinson, all without weights; the same values go to both and
the results must be equal to 1e-12. Ours always come with five more: Theil L, Palma, Hoover, the ratio of percentiles and the member
without whom Gini would change most. Weights are ours alone, in the last rows. Seconds are of the processor, the least of three. Run: ``python benchmarks/equity.py``.
"""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.engines.capacity.inequality import measure_spread

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

NUMBER = 1_000_000
GROUPS = 22
NEAR = 1e-12


def peer(name: str) -> ModuleType:
    """Return a module of ``inequality`` without its front door, which loads libraries of maps."""
    package = importlib.util.find_spec("inequality")
    assert package is not None
    assert package.submodule_search_locations is not None
    place = Path(package.submodule_search_locations[0]) / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"inequality_{name}", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the least seconds of three runs, and what came out."""
    seconds = []
    for _ in range(3):
        began = time.process_time()
        found = work()
        seconds.append(time.process_time() - began)
    return min(seconds), found


def main() -> None:
    """Print a table of seconds, ratios and differences."""
    chance = np.random.default_rng(7)
    x = chance.lognormal(size=NUMBER)
    w = chance.lognormal(size=NUMBER)
    groups = chance.integers(GROUPS, size=NUMBER)
    names = [f"region {g:02}" for g in groups]
    gini, theil, atkinson = peer("gini"), peer("theil"), peer("atkinson")

    def theirs() -> tuple[float, ...]:
        parted = theil.TheilD(x, groups)
        return (
            float(gini.Gini(x).g),
            float(parted.T),
            parted.bg.item(),
            parted.wg.item(),
            float(atkinson.Atkinson(x, 0.5).A),
        )

    of_peer, known = timed(theirs)
    ours, spread = timed(lambda: measure_spread(values=x, groups=groups))
    found = (spread.gini, spread.theil, spread.between, spread.within, spread.atkinson)
    apart = max(abs(a - b) for a, b in zip(found, known, strict=True))
    assert apart <= NEAR, apart
    alone_theirs = timed(lambda: (gini.Gini(x), theil.Theil(x), atkinson.Atkinson(x, 0.5)))[0]
    alone_ours = timed(lambda: measure_spread(values=x))[0]
    weighted = timed(lambda: measure_spread(values=x, weights=w, groups=groups))[0]
    named = timed(lambda: measure_spread(values=x, weights=w, groups=names))[0]
    rows = [
        ("`inequality`: Gini, Theil T in and between groups, Atkinson", of_peer, "1", ""),
        ("ours: those and five more, with groups", ours, f"{ours / of_peer:.2f}", f"{apart:.0e}"),
        ("`inequality`: Gini, Theil T, Atkinson without groups", alone_theirs, "1", ""),
        ("ours: those and five more, without groups", alone_ours, f"{alone_ours / alone_theirs:.2f}", ""),
        ("ours, with weights and groups", weighted, "", ""),
        ("ours, with weights and groups that have names", named, "", ""),
    ]
    print(f"| {NUMBER:,} values, {GROUPS} groups | CPU seconds | ratio | largest difference |")
    print("| --- | --- | --- | --- |")
    for name, seconds, ratio, difference in rows:
        print(f"| {name} | {seconds:.2f} | {ratio} | {difference} |")


if __name__ == "__main__":
    main()
