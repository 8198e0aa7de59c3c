"""Openness: agreement with published classes, licence expressions beside license-expression, a folder beside sha256sum.

``.venv/bin/python benchmarks/openness.py [--megabytes 1000]`` prints one table. Where the shared files are missing it says so.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from license_expression import get_spdx_licensing

from comity.adapters.dpg_files import read_public_good
from comity.adapters.mof_files import read_mof
from comity.adapters.release_folders import look_at_files
from comity.engines.commons.licences import class_licence
from comity.engines.commons.openness import assess_openness

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data" / "capacity"
sys.path.insert(0, str(ROOT / "tests"))
NAMES = ("MIT", "Apache-2.0", "GPL-3.0-or-later", "CC-BY-4.0", "CC-BY-NC-4.0", "BSD-3-Clause")


def print_row(*cells: object) -> None:
    """Print one row of the table."""
    print("| " + " | ".join(str(c) for c in cells) + " |")


def measure_agreement() -> None:
    """Compare classes and indicators with the published ones."""
    if not SHARED.is_dir():
        print_row("agreement", "the shared files are not beside the project", "", "")
        return
    from support.openness_peer import (  # noqa: PLC0415  (it stands among the tests, whose folder is found first)
        licences_of,
        published_class,
        read_marked,
    )

    marked = read_marked(SHARED / "mof")
    paths = sorted((SHARED / "mof" / "models").glob("*.yml"))
    begun = time.perf_counter()
    found = [assess_openness(manifest=read_mof(path=p)).framework.level for p in paths]
    took = time.perf_counter() - begun
    same = sum(f == published_class(licences_of(p), marked)[0] for f, p in zip(found, paths, strict=True))
    print_row("class, models", f"{same} of {len(paths)} as published", f"{same / len(paths):.1%}", f"{took:.2f} s")
    met = goods = 0
    begun = time.perf_counter()
    folder = SHARED / "dpg"
    for path in sorted((folder / "digitalpublicgoods").glob("*.json")):
        text = path.read_text(encoding="utf-8").strip()
        screening = path if text.startswith("{") else path.parent / text
        nomination = folder / "nominees" / screening.name
        good = read_public_good(screening=screening, nomination=nomination if nomination.exists() else None)
        met += sum(i.met == "met" for i in assess_openness(manifest=good).indicators)
        goods += 1
    took = time.perf_counter() - begun
    print_row(
        "indicators, public goods", f"{met} of {goods * 9} as published", f"{met / goods / 9:.1%}", f"{took:.2f} s"
    )


def measure_expressions() -> None:
    """Time 2,000 licence expressions, beside the parser of license-expression."""
    dice = random.Random(8)  # noqa: S311  (a fixed sample)
    texts = []
    for _ in range(2000):
        words = [dice.choice(NAMES)]
        for _ in range(dice.randint(0, 4)):
            words += [dice.choice(["AND", "OR"]), dice.choice(NAMES)]
        texts.append(" ".join(words))
    peer = get_spdx_licensing()
    peer.parse(texts[0], validate=True)
    for name, read in (
        ("Comity", lambda t: class_licence(expression=t)),
        ("license-expression", lambda t: peer.parse(t, validate=True)),
    ):
        begun = time.perf_counter()
        for text in texts:
            read(text)
        took = time.perf_counter() - begun
        print_row("2,000 licence expressions", name, f"{len(texts) / took:,.0f} a second", f"{took:.2f} s")


def measure_folder(megabytes: int) -> None:
    """Time a folder of large files, the best of three, beside sha256sum, and the memory above what was used before."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        block = random.Random(8).randbytes(1_000_000)  # noqa: S311  (any bytes do)
        for number in range(4):
            with (folder / f"part-{number}.safetensors").open("wb") as opened:
                for _ in range(megabytes // 4):
                    opened.write(block)
        paths = sorted(folder.iterdir())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peer = took = float("inf")
        for _ in range(3):
            begun = time.perf_counter()
            subprocess.run(["sha256sum", *map(str, paths)], check=True, capture_output=True)
            peer = min(peer, time.perf_counter() - begun)
            begun = time.perf_counter()
            look_at_files(folder=folder)
            took = min(took, time.perf_counter() - begun)
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    print_row(f"folder of {megabytes} MB", "sha256sum", f"{megabytes / peer:,.0f} MB/s", f"{peer:.2f} s")
    print_row(
        f"folder of {megabytes} MB",
        f"Comity, {more:.0f} MB more memory",
        f"{megabytes / took:,.0f} MB/s",
        f"{took:.2f} s",
    )


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--megabytes", type=int, default=1000)
    options = asked.parse_args()
    print_row("what", "of", "figure", "time")
    print_row("---", "---", "---", "---")
    measure_agreement()
    measure_expressions()
    measure_folder(options.megabytes)


if __name__ == "__main__":
    main()
