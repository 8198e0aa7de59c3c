"""What a start costs: ``comity init``, the first ``comity up`` and later ones, each until it answers, and stopping it.

Each is measured as a person waits for it (seconds by the clock) and as work (seconds of a processor, of all its processes until
then): the first depends on what else a machine does, the second hardly. ``init`` includes the interpreter, the settings, every
migration and the concept scheme. ``up`` includes the interpreter, the settings, the tables (from nothing the first time, looked
through later), the example (48 instruments and a body loaded the first time, looked through later), two web processes, and the
first answer that the server is ready. Aligning, which the queue begins then, is in neither.
"""

from __future__ import annotations

import contextlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.instance import Instance, running_in  # noqa: E402  (beside the tests)

LATER = 5
TICKS = os.sysconf("SC_CLK_TCK")


def work_of(folder: Path) -> float:
    """Return the seconds of a processor that the processes of an instance have taken, their ended children's included."""
    total = 0
    for number in running_in(folder):
        with contextlib.suppress(OSError):  # it has ended since
            words = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            total += sum(int(words[n]) for n in range(11, 15))
    return total / TICKS


def measure_init(folder: Path) -> tuple[float, float]:
    """Make an empty instance; return seconds and seconds of a processor."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("COMITY_", "DJANGO_"))}
    subprocess.run(
        [sys.executable, "-m", "comity", "init"],
        check=True,
        cwd=ROOT,
        env=environment | {"COMITY_DATA": str(folder)},
        stdout=subprocess.DEVNULL,
    )
    seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print one table: medians of the later starts, with the quickest and the slowest."""
    with tempfile.TemporaryDirectory() as scratch:
        made = [measure_init(Path(scratch) / f"empty{n}") for n in range(3)]
        one = Instance(Path(scratch) / "data")
        first = (one.start(), work_of(one.folder))
        one.wait_until_aligned()
        one.stop()
        later, stops = [], []
        for _ in range(LATER):
            later.append((one.start(), work_of(one.folder)))
            started = time.monotonic()
            one.stop()
            stops.append((time.monotonic() - started, 0.0))
    print("| what | times | median s | quickest to slowest, s | of a processor, s |")
    print("| --- | --- | --- | --- | --- |")
    rows = (("`comity init`", made), ("first `comity up`", [first]), ("later `comity up`", later), ("Ctrl-C", stops))
    for name, found in rows:
        seconds = sorted(wall for wall, _ in found)
        work = statistics.median(cpu for _, cpu in found)
        said = f"{work:.1f}" if work else "not measured"
        print(
            f"| {name} | {len(found)} | {statistics.median(seconds):.1f} | {seconds[0]:.1f} to {seconds[-1]:.1f} | {said} |"
        )


if __name__ == "__main__":
    main()
