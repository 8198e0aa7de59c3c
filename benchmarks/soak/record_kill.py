"""Kill the sequencer and the writers 500 times on each database, and say what was lost, doubled or left: nothing should be.

    python benchmarks/soak/record_kill.py [KILLS] [SEED]

The tests do the same with 20 kills. PostgreSQL runs as a throwaway cluster with fsync off, as in the tests: a SIGKILL of our
processes does not touch it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.postgres_cluster import PostgresMissing, running_cluster  # noqa: E402  (beside the tests)


def soak(*, kills: int, seed: int, database: str) -> dict[str, object]:
    """Run the killing on one database and return what it found."""
    with tempfile.TemporaryDirectory(prefix="comity-soak-") as data:
        environment = {
            **os.environ,
            "COMITY_DATA": data,
            "COMITY_DATABASE_URL": database,
            "COMITY_SECRET_KEY": "a key for this run alone, which signs nothing that anyone keeps",
            "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        }
        program = ROOT / "tests" / "support" / "killing.py"
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, str(program), str(kills), str(seed)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
        return {"kills": kills, "seconds": round(time.monotonic() - started), **found}


def main() -> None:
    """Print one JSON object for each database."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    print(json.dumps({"database": "sqlite", **soak(kills=kills, seed=seed, database="")}), flush=True)
    try:
        with running_cluster() as url:
            print(json.dumps({"database": "postgresql", **soak(kills=kills, seed=seed, database=url)}), flush=True)
    except PostgresMissing:
        sys.exit("PostgreSQL is not on this machine. Install: apt-get install postgresql")


if __name__ == "__main__":
    main()
