"""An instance that ``comity up`` started, for tests that need the real thing."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def running_in(folder: Path) -> list[int]:
    """Return the ids of the processes that run with a data folder."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                environment = Path(f"/proc/{entry}/environ").read_bytes()
            except OSError:
                continue
            if f"COMITY_DATA={folder}".encode() in environment.split(b"\0"):
                found.append(int(entry))
    return found


class Instance:
    """An instance that ``comity up`` started: its address, its accounts, its process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("COMITY_", "DJANGO_"))} | {
            "COMITY_DATA": str(folder)
        }
        self.output = ""
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> float:
        started = time.monotonic()
        command = [sys.executable, "-m", "comity", "up", "--port", str(free_port())]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "Comity is at" in line:
                break
        self.output = "".join(lines)
        assert "Comity is at" in self.output, self.output
        self.address = re.search(r"http://127\.0\.0\.1:\d+", self.output).group()
        return time.monotonic() - started

    @property
    def passwords(self) -> dict[str, str]:
        found = re.findall(r"^  ([\w-]+) +(\S+@\S+) +(\S+)$", self.output, re.MULTILINE)
        return {role: (address, password) for role, address, password in found}

    def wait_until_aligned(self, seconds: float = 120) -> float:
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            with urlopen(f"{self.address}/readyz", timeout=5) as answer:
                if b'"queue": 0' in answer.read():
                    return time.monotonic() - started
            time.sleep(0.5)
        raise AssertionError(
            "the worker did not align the example in time:\n" + (self.folder / "comity.log").read_text()
        )

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        return code
