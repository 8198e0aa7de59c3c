"""Pages of the worked example on SQLite: server time and weight, each page asked over loopback of a real server."""

from __future__ import annotations

import gzip
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.instance import Instance  # noqa: E402  (beside the tests)

REPEATS = 30
PAGES = (
    "/",
    "/alignment/",
    "/alignment/topics/human-oversight",
    "/alignment/instruments",
    "/alignment/instruments/eu-ai-act",
    "/alignment/instruments/eu-ai-act/art_14",
    "/alignment/side-by-side?a=eu-ai-act&b=korea-ai-basic-act",
    "/alignment/search?q=human+oversight",
    "/alignment/work",
    "/decisions/",
    "/decisions/ballots/sharing-first",
    "/decisions/ballots/review-every-three-years/board",
    "/record/",
    "/about",
    "/api/v1/instruments",
    "/api/v1/topics",
)


def main() -> None:
    """Start an instance, wait until it is aligned, and print one table."""
    style = len(gzip.compress((ROOT / "src/comity/adapters/visual/static/comity.css").read_bytes()))
    with tempfile.TemporaryDirectory() as scratch:
        one = Instance(Path(scratch) / "data")
        first = one.start()
        aligned = one.wait_until_aligned()
        print(
            f"First start to an answering page: {first:.1f} s. The worker aligned the example {aligned:.1f} s later.\n"
        )
        print("| page | median ms | slowest of 30, ms | HTML gzipped, kB | with style sheet, kB |")
        print("| --- | --- | --- | --- | --- |")
        for path in PAGES:
            seconds, size = [], 0
            for _ in range(REPEATS + 3):
                request = urllib.request.Request(
                    one.address + path, headers={"Accept-Encoding": "gzip", "Accept-Language": "en"}
                )
                started = time.perf_counter()
                with urllib.request.urlopen(request, timeout=10) as answer:
                    size = len(answer.read())
                seconds.append(time.perf_counter() - started)
            kept = sorted(seconds[3:])
            print(
                f"| `{path}` | {1000 * statistics.median(kept):.0f} | {1000 * kept[-1]:.0f} | {size / 1000:.1f} | {(size + style) / 1000:.1f} |"
            )
        one.stop()
        again = one.start()
        one.stop()
        print(f"\nSecond start to an answering page: {again:.1f} s.")


if __name__ == "__main__":
    main()
