"""Kill writers and the sequencer with SIGKILL, again and again, and look whether the log kept every act once.

Run as a program with a data folder whose database has its tables: ``python killing.py KILLS SEED`` (settings come from the environment). Children
are forked from one process that has loaded Django, so that a kill falls into the work and not into its start.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

WRITERS = 2


def prepare() -> None:
    """Make the key of the instance."""
    import django

    django.setup()
    from comity.platform.record.log import prepare_key

    prepare_key(origin="test.invalid/killed")


def write_acts(*, seed: int, report: Path) -> None:
    """Enter acts until killed. Each transaction stays open for a while, so that later ones commit before earlier ones."""
    from django.db import transaction

    from comity.platform.record.services import enter_act

    chance = random.Random(seed)
    with report.open("a", encoding="ascii", buffering=1) as told:
        while True:
            with transaction.atomic():
                restricted = chance.random() < 0.2
                act = enter_act(
                    type="test-act",
                    office="secretariat",
                    authority="A test",
                    subject=f"tests/{seed}",
                    payload={"n": chance.randrange(10**9)},
                    **({"visibility": "members"} if restricted else {}),
                )
                time.sleep(chance.random() * 0.004)
            told.write(f"{act.pk}\n")
            time.sleep(chance.random() * 0.02)


def sequence() -> None:
    """Sequence until killed."""
    from comity.platform.record.log import open_log
    from comity.platform.record.sequencer import sequence_acts

    while True:
        sequence_acts(log=open_log())
        time.sleep(0.001)


def fork(work, **arguments) -> int:
    """Run ``work`` in a child that has no connection of its parent's."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work(**arguments)
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    return child


def time_to_sign() -> float:
    """Return how long a sequencer takes to its first checkpoint here, so that kills fall before, into and after signing."""
    from comity.platform.record.models import Checkpoint

    child, started = fork(sequence), time.monotonic()
    while not Checkpoint.objects.exists() and time.monotonic() - started < 30:
        time.sleep(0.005)
    took = time.monotonic() - started
    kill(child)
    return took


def kill(child: int) -> int:
    """Kill a child; return 1 where it had ended by itself, which is a failure."""
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return int(not os.WIFSIGNALED(status))


def run(*, kills: int, seed: int, data: Path) -> dict[str, object]:
    """Kill the sequencer ``kills`` times and the writers now and then; then let it finish, and return what was found."""
    chance = random.Random(seed)
    report = data / "committed.txt"
    writers = [fork(write_acts, seed=seed * 1000 + n, report=report) for n in range(WRITERS)]
    ended_alone = 0
    pace = time_to_sign()
    for turn in range(kills):
        child = fork(sequence)
        time.sleep(0.02 + chance.random() * max(0.25, 2 * pace))
        ended_alone += kill(child)
        if turn % 5 == 4:
            ended_alone += kill(writers.pop(0))
            writers.append(fork(write_acts, seed=seed * 1000 + 100 + turn, report=report))
    for writer in writers:
        ended_alone += kill(writer)
    return {"ended_alone": ended_alone, **examine(report=report)}


def examine(*, report: Path) -> dict[str, object]:
    """Sequence what is left, and compare what was committed, what is numbered, and what the tiles hold."""
    from comity.engines.record.merkle import MerkleTree
    from comity.platform.record.log import open_log
    from comity.platform.record.models import Act, Checkpoint
    from comity.platform.record.sequencer import sequence_acts

    deadline = time.monotonic() + 60
    while True:
        log = open_log()
        done = sequence_acts(log=log)
        if not done.busy and not Act.objects.filter(sequence__isnull=True).exists():
            break
        assert time.monotonic() < deadline, "the sequencer did not get its place back"
        time.sleep(0.05)
    told = report.read_text(encoding="ascii").split("\n")[:-1] if report.exists() else []
    kept = {str(pk): sequence for pk, sequence in Act.objects.values_list("pk", "sequence")}
    bodies = [bytes(b) for b in Act.objects.order_by("sequence").values_list("body", flat=True)]
    tree = MerkleTree()
    tree.extend(bodies)
    checkpoints = list(Checkpoint.objects.values_list("size", "root"))
    return {
        "committed": len(told),
        "lost": len([pk for pk in told if pk not in kept]),
        "unsequenced": len([pk for pk, sequence in kept.items() if sequence is None]),
        "numbers_are_whole": sorted(kept.values()) == list(range(len(kept))),
        "entries": len(kept),
        "tiles_agree": list(log.store.entries(0, log.store.size)) == bodies,
        "checkpoints": len(checkpoints),
        "checkpoints_agree": all(tree.root(size).hex() == root for size, root in checkpoints),
        "published_is_latest": f"\n{len(kept)}\n" in (log.store.published() or ""),
    }


if __name__ == "__main__":
    prepare()
    print(json.dumps(run(kills=int(sys.argv[1]), seed=int(sys.argv[2]), data=Path(os.environ["COMITY_DATA"]))))
