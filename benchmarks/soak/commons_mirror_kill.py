"""Kill a mirror's run again and again at moments drawn by chance, and say what was lost, altered or moved twice.

    python benchmarks/soak/commons_mirror_kill.py [KILLS] [SEED]

A first version of 24 MB lies in the mirror; a second with a tenth of it changed, and a new release of 24 MB, are on their way at
12 MB/s when the run is killed. After the last kill a run goes to the end.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from comity.adapters.commons_sources import HttpCommons
from comity.adapters.mirroring import update_mirror

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from support.commons_releases import Commons, random_bytes, served

SIZE = 24_000_000
PROGRAM = """
import sys
from pathlib import Path
from comity.adapters.commons_sources import open_commons
from comity.adapters.mirror_folders import open_mirror
from comity.adapters.mirroring import update_mirror
update_mirror(source=open_commons(text=sys.argv[1], rate="12MB/s"), mirror=open_mirror(folder=Path(sys.argv[2])))
"""


def main() -> None:
    """Print one line."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)  # noqa: S311  (when to kill)
    old = random_bytes(1, SIZE)
    new = old[: SIZE // 2] + random_bytes(2, SIZE // 10) + old[SIZE // 2 + SIZE // 10 :]
    begun, hit, unsound = time.perf_counter(), 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commons = Commons(folder / "commons")
        first = commons.release("words", "1.0", {"model.bin": old})
        while hit < kills:
            mirror = commons.empty_mirror(folder / f"mirror-{hit}")
            with served(commons.mirror) as address:
                update_mirror(source=HttpCommons(address=address), mirror=mirror)
                if len(commons.versions["words"]) == 1:
                    commons.release("words", "1.1", {"model.bin": new})
                    commons.release("other", "1.0", {"model.bin": random_bytes(3, SIZE)})
                while hit < kills:
                    run = subprocess.Popen([sys.executable, "-c", PROGRAM, address, str(mirror.folder)])
                    time.sleep(chance.uniform(0.3, 2.5))
                    if run.poll() is not None:
                        break
                    run.kill()
                    run.wait()
                    hit += 1
                    unsound += len(list(mirror.find_damage()))
                update_mirror(source=HttpCommons(address=address), mirror=mirror)
            assert list(mirror.find_damage()) == []
            assert len([v for r in mirror.releases() for v in r.versions]) == 3
            assert first.reference in {v.reference for r in mirror.releases() for v in r.versions}
    print(
        f"{hit} kills: {unsound} parts unsound at any moment; every mirror whole; {time.perf_counter() - begun:,.0f} s"
    )


if __name__ == "__main__":
    main()
