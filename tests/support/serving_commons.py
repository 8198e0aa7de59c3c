"""Start a server of releases, find its workers, and kill them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

PROGRAM = Path(__file__).with_name("commons_server.py")


@dataclass(frozen=True)
class Served:
    """A server that runs: its address, that of its hub, a token of m1, the key of its log, and its process."""

    address: str
    token: str
    key: str
    program: subprocess.Popen
    folder: Path

    @property
    def hub(self) -> str:
        return f"{self.address}/hub"

    def workers(self) -> list[int]:
        """The processes that answer."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                    words = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if int(fields[1]) == self.program.pid and b"resource_tracker" not in words:
                    found.append(int(entry.name))
        return found

    def kill_worker_that_gives(self, sha256: str, *, least_age: float = 0.0) -> int:
        """Kill the process that gives a file out now, without a warning; the server starts another. Return how many there were.

        One that is younger than ``least_age`` seconds is spared: the server gives up where a process dies again at once.
        """
        killed = 0
        for pid in self.workers():
            if any(sha256 in link for link in self._open_files(pid)) and age_of(pid) >= least_age:
                os.kill(pid, signal.SIGKILL)
                killed += 1
        return killed

    @staticmethod
    def _open_files(pid: int) -> list[str]:
        found = []
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                found.append(str(link.readlink()))
            except OSError:
                continue
        return found


def age_of(pid: int) -> float:
    """How many seconds a process has lived."""
    started = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return float(Path("/proc/uptime").read_text().split()[0]) - started


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


@contextmanager
def served_commons(
    folder: Path, *, size: int, workers: int = 1, environment: dict[str, str] | None = None, example: bool = False
):
    """A server with the releases of ``commons_server``, and of the worked example; ``size`` is that of the large file."""
    port = free_port()
    settings = {k: v for k, v in os.environ.items() if not k.startswith("COMITY_")} | (environment or {})
    with (folder / "server.log").open("ab") as log:
        program = subprocess.Popen(
            [
                sys.executable,
                str(PROGRAM),
                str(folder / "data"),
                str(port),
                str(size),
                str(workers),
                *(["example"] * example),
            ],
            stdout=subprocess.PIPE,
            stderr=log,
            env=settings,
        )
    try:
        line = program.stdout.readline()
        assert line, (folder / "server.log").read_text()
        told = json.loads(line)
        served = Served(f"http://127.0.0.1:{port}", told["token"], told["key"], program, folder / "data")
        wait_for(served)
        yield served
    finally:
        program.terminate()
        try:
            program.wait(timeout=20)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


def wait_for(served: Served) -> None:
    """Wait until the server answers."""
    for _ in range(600):
        try:
            if httpx.get(f"{served.address}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server does not answer")
