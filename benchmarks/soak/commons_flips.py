"""Change every single bit of a bundle, one at a time, and see that each is found, and in the part that it is in.

python benchmarks/soak/commons_flips.py
"""

from __future__ import annotations

import datetime as dt
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from comity.adapters.bundles import scan_bundle
from comity.adapters.bundling import make_bundle

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from support.commons_releases import Commons, random_bytes

AT = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)


def main() -> None:
    """Print one line."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:  # noqa: S108  (memory: the file is written many times)
        folder = Path(name)
        commons = Commons(folder)
        commons.release("words", "1.0", {"model.bin": random_bytes(1, 700), "README.md": b"# Words\n"})
        path = folder / "words.tar"
        make_bundle(mirror=commons.mirror, names=["words"], target=path, key=commons.maker, made_at=AT)
        size = path.stat().st_size
        with tarfile.open(path) as archive:
            inside = {m.name: range(m.offset_data, m.offset_data + m.size) for m in archive.getmembers()}
        unfound, elsewhere = 0, 0
        with path.open("r+b", buffering=0) as file:
            content = path.read_bytes()
            for place in range(size):
                named = next((n for n, where in inside.items() if place in where), "")
                for bit in range(8):
                    file.seek(place)
                    file.write(bytes([content[place] ^ (1 << bit)]))
                    problems = scan_bundle(path=path).problems
                    unfound += not problems
                    elsewhere += bool(problems and named and problems[0][0] != named)
                file.seek(place)
                file.write(content[place : place + 1])
        assert scan_bundle(path=path).problems == []
    seconds = time.perf_counter() - started
    print(
        f"{size * 8:,} bits changed one at a time: {unfound} not found, {elsewhere} named in another part; {seconds:,.0f} s"
    )


if __name__ == "__main__":
    main()
