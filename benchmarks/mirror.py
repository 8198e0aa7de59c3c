"""What a mirror moves for a second version of a large file of which one part in a hundred changed, beside rsync, in one run.

    python benchmarks/mirror.py [BYTES]

The first version holds BYTES (1,000,000,000 unless told); in the second, runs of 1,000,000 bytes at places drawn by chance are new,
one part in a hundred in all. A third begins with a line that the second does not have. A server of the mirror's own answers on
loopback, and what passes in both directions is counted between it and the mirror, headers and lists of pieces included. rsync (its
delta on, one machine, as it counts itself) updates a copy of the same file.
"""

from __future__ import annotations

import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from comity.adapters.commons_sources import HttpCommons
from comity.adapters.mirroring import update_mirror
from comity.engines.commons.chunks import list_chunks

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.commons_releases import Commons, random_bytes, served

RUN = 1_000_000
BLOCK = 1 << 16


class CountingLine:
    """Passes what goes between a client and a server, and counts the bytes of both directions."""

    def __init__(self, address: str) -> None:
        host, _, port = address.removeprefix("http://").rpartition(":")
        self.target = (host, int(port))
        self.passed = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            far = socket.create_connection(self.target)
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while piece := source.recv(BLOCK):
                self.passed += len(piece)
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return


def change_runs(old: bytes) -> bytes:
    """Return a file in which one part in a hundred is new, in runs."""
    chance = random.Random(1)  # noqa: S311  (where the changes are)
    new = bytearray(old)
    for number in range(max(1, len(old) // 100 // RUN)):
        place = chance.randrange(len(old) - RUN)
        new[place : place + RUN] = random_bytes(100 + number, RUN)
    return bytes(new)


def move_by_rsync(old: bytes, new: bytes, folder: Path) -> int | None:
    """Return the bytes that rsync says it sent and received, or None where it is not installed."""
    if shutil.which("rsync") is None:
        return None
    (folder / "near").mkdir()
    (folder / "far").mkdir()
    (folder / "near" / "model.bin").write_bytes(new)
    (folder / "far" / "model.bin").write_bytes(old)
    words = ["rsync", "--no-whole-file", "--ignore-times", "--stats", f"{folder}/near/model.bin", f"{folder}/far/"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return sum(int(n.replace(",", "")) for n in re.findall(r"Total bytes (?:sent|received): ([0-9,]+)", said))


def main() -> None:
    """Print one table."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000_000
    old = random_bytes(1, size)
    new = change_runs(old)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        list_chunks(blocks=[old])
        cutting = size / (time.perf_counter() - started)
        by_rsync = move_by_rsync(old, new, folder)
        commons = Commons(folder / "commons")
        mirror = commons.empty_mirror(folder / "mirror")
        rows: list[tuple[str, int, float]] = []
        versions = (
            ("1", old, "first version, whole"),
            ("2", new, "1 % changed"),
            ("3", b"one line more\n" + new, "a line put in front"),
        )
        with served(commons.mirror) as address:
            line = CountingLine(address)
            for label, content, told in versions:
                commons.release("model", label, {"model.bin": content})
                commons.mirror.chunks(commons.versions["model"][-1].row["files"][0]["sha256"])
                before, started = line.passed, time.perf_counter()
                done = update_mirror(source=HttpCommons(address=line.address), mirror=mirror)
                assert done.added
                assert not done.refused
                rows.append((told, line.passed - before, time.perf_counter() - started))
        assert list(mirror.find_damage()) == []
    print(f"a file of {size:,} bytes; cut into pieces at {cutting / 1e6:,.0f} MB/s")
    for told, moved, seconds in rows:
        print(f"{told:24} {moved:>15,} bytes moved {100 * moved / size:8.3f} % {seconds:7.1f} s")
    if by_rsync is not None:
        print(f"{'1 % changed, by rsync':24} {by_rsync:>15,} bytes moved {100 * by_rsync / size:8.3f} %")


if __name__ == "__main__":
    main()
