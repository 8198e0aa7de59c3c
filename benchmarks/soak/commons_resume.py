"""Kill the process that gives a file, at a random byte, again and again; the stock client must end with the right bytes each time.

``python benchmarks/soak/commons_resume.py [--times 100] [--mb 64] [--seed 1]``. Each time the client downloads anew and goes on after the kill. It is
told how many bytes moved: what had come before a kill is not fetched again. With ``--client`` the client is killed instead, and run again.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
from support.drawn_bytes import bytes_of
from support.serving_commons import Served, served_commons

FETCH = """
import sys
from huggingface_hub import constants, hf_hub_download
constants.DOWNLOAD_CHUNK_SIZE = 100_000
print(hf_hub_download("m1/words", "w.safetensors", cache_dir=sys.argv[1]))
"""
WORKERS = 8
LEAST_AGE = 6.5
"""Seconds that a process must have lived to be killed: the server gives up where one dies again at once. Such a download is not counted."""


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def start_client(served: Served, cache: Path) -> subprocess.Popen[str]:
    """Start the stock client as a program of its own."""
    environment = os.environ | {"HF_ENDPOINT": served.hub, "HF_HUB_DISABLE_TELEMETRY": "1"}
    environment["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    return subprocess.Popen(
        [sys.executable, "-c", FETCH, str(cache)],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def held(cache: Path) -> int:
    """Return how many bytes of the file the client holds so far."""
    sizes = [p.stat().st_size for p in cache.rglob("*.incomplete")]
    return max(sizes, default=0)


def wait_for_bytes(cache: Path, client: subprocess.Popen[str], wanted: int) -> bool:
    """Wait until the client holds so many bytes; False where it ended before."""
    while client.poll() is None:
        if held(cache) >= wanted:
            return True
        time.sleep(0.001)
    return False


def main() -> None:
    """Run, and end with 1 at the first wrong byte."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=100)
    asked.add_argument("--mb", type=int, default=64)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--client", action="store_true")
    given = asked.parse_args()
    size, chance = given.mb * 10**6, random.Random(given.seed)  # noqa: S311  (a test's chance, to be drawn again)
    digest = hashlib.sha256(bytes_of(7, size)).hexdigest()
    killed = turn = 0
    with tempfile.TemporaryDirectory() as some, served_commons(Path(some), size=size, workers=WORKERS) as served:
        while killed < given.times:
            turn += 1
            cache = Path(some) / f"cache-{turn}"
            client = start_client(served, cache)
            if wait_for_bytes(cache, client, chance.randrange(1, size * 3 // 4)):
                if given.client:
                    client.send_signal(signal.SIGKILL)
                    client.communicate()
                    client = start_client(served, cache)
                    killed += 1
                else:
                    killed += served.kill_worker_that_gives(digest, least_age=LEAST_AGE)
            path, told = client.communicate()
            assert client.returncode == 0, f"turn {turn}: the client ended with {client.returncode}: {told[-2000:]}"
            assert digest_of(Path(path.strip())) == digest, f"turn {turn}: wrong bytes"
            shutil.rmtree(cache)
            if turn % 10 == 0:
                print(f"{turn} downloads, {killed} kills", file=sys.stderr, flush=True)
    who = "client" if given.client else "server's process"
    print(f"{turn} downloads of {given.mb} MB, the {who} killed in {killed}: the right bytes each time")


if __name__ == "__main__":
    main()
