"""The record's engine beside pymerkle, in one run: append, proofs, tiles on disk, and a whole log checked offline.

    python benchmarks/record.py [LEAVES]

pymerkle (GPL, for development only) keeps its tree in memory, hashes with SHA-256 and adds one entry at a time; it has no
tiles, so what is durable has no peer here. Each figure is of one process; the ratio says how many times as fast ours is.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pymerkle import InmemoryTree

from comity.adapters.log_checks import check_note, check_tree
from comity.adapters.log_source import FolderSource
from comity.adapters.signing_keys import make_key
from comity.adapters.tile_store import TileStore
from comity.engines.record.checkpoints import Checkpoint
from comity.engines.record.merkle import MerkleTree

if TYPE_CHECKING:
    from collections.abc import Callable

ASKED = 20_000
THEIRS_ASKED = 2_000
BATCH = 10_000


def per_second(count: int, work: Callable[[], object]) -> float:
    """Return how many of ``count`` things ``work`` does a second."""
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)


def main() -> None:
    """Print one table."""
    leaves = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    chance = random.Random(1)  # noqa: S311  (which proofs are asked for)
    entries = [b"%016d" % n * 15 for n in range(leaves)]  # 240 bytes each, as a short act has
    asked = [chance.randrange(leaves) for _ in range(ASKED)]
    ours, single, theirs = MerkleTree(), MerkleTree(), InmemoryTree(algorithm="sha256")

    def extend() -> None:
        for start in range(0, leaves, BATCH):
            ours.extend(entries[start : start + BATCH])

    rows: list[tuple[str, float, float | None]] = []
    append_theirs = per_second(leaves, lambda: [theirs.append_entry(entry) for entry in entries])
    rows.append(("append, in batches of 10,000", per_second(leaves, extend), append_theirs))
    rows.append(("append, one by one", per_second(leaves, lambda: [single.append(e) for e in entries]), append_theirs))
    assert ours.root() == single.root() == theirs.get_root()
    few = asked[:THEIRS_ASKED]
    rows.append(
        (
            "inclusion proofs",
            per_second(ASKED, lambda: [ours.inclusion_proof(index=i) for i in asked]),
            per_second(THEIRS_ASKED, lambda: [theirs.prove_inclusion(i + 1, leaves) for i in few]),
        )
    )
    rows.append(
        (
            "consistency proofs",
            per_second(ASKED, lambda: [ours.consistency_proof(old=i) for i in asked]),
            per_second(THEIRS_ASKED, lambda: [theirs.prove_consistency(i + 1, leaves) for i in few]),
        )
    )
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        store = TileStore(Path(folder))

        def durable() -> None:
            for start in range(0, leaves, BATCH):
                store.append(entries[start : start + BATCH])

        rows.append(("durable append, in batches of 10,000", per_second(leaves, durable), None))
        again = TileStore(Path(folder)).tree()
        rows.append(
            (
                "inclusion proofs from tiles on disk, after a restart",
                per_second(ASKED, lambda: [again.inclusion_proof(index=i) for i in asked]),
                None,
            )
        )
        again = TileStore(Path(folder)).tree()
        rows.append(
            (
                "consistency proofs from tiles on disk, after a restart",
                per_second(ASKED, lambda: [again.consistency_proof(old=i) for i in asked]),
                None,
            )
        )
        key = make_key(name="bench.invalid/record")
        store.publish_checkpoint(key.sign(text=Checkpoint(origin=key.name, size=leaves, root=ours.root()).text))
        source = FolderSource(folder=Path(folder))
        started = time.perf_counter()
        checked = check_note(text=source.read("checkpoint").decode(), keys=[key.verifier.key])
        check_tree(source=source, checkpoint=checked.checkpoint)
        checking = time.perf_counter() - started
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "comity", "record", "verify", folder, "--key", key.verifier.key.text],
            check=True,
            capture_output=True,
        )
        command = time.perf_counter() - started
    print(f"| {leaves:,} leaves of 240 bytes | Comity, per second | pymerkle, per second | ratio |")
    print("|---|---|---|---|")
    for name, mine, other in rows:
        print(
            f"| {name} | {mine:,.0f} | {f'{other:,.0f}' if other else ''} | {f'{mine / other:.1f}' if other else ''} |"
        )
    print(
        f"\nA log of {leaves:,} entries checked whole, offline: {checking:.1f} s; by the command, start included: {command:.1f} s."
    )


if __name__ == "__main__":
    main()
