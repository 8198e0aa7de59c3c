"""Votes over HTTP: answers per second and the slowest of a hundred on each database, and whether a SIGKILL loses or doubles one.

    python benchmarks/votes.py [SECONDS] [sqlite|postgresql]

A server of two processes, a worker and its sequencer run as an operator runs them. Sixteen connections send answers, each of its
own participant, as a browser's form does. Then the servers are killed while answers come in, and every answer that was
acknowledged must stand in the table exactly once. PostgreSQL runs as a throwaway cluster that writes through to the disk.
"""

from __future__ import annotations

import json
import os
import queue
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.instance import free_port  # noqa: E402  (beside the tests)
from support.postgres_cluster import PostgresMissing, running_cluster  # noqa: E402  (beside the tests)

if TYPE_CHECKING:
    from collections.abc import Callable

CONNECTIONS = 16
PARTICIPANTS = 2000
STATEMENTS = 30
SLUG = "measured"
SECRET = "a" * 32
KEY = "a key for this run alone, which signs nothing that anyone keeps"
SAFE = {"agree": 1, "disagree": -1, "pass": 0}
PREPARE = f"""
import datetime as dt, json, sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
call_command("createcachetable", verbosity=0)
sys.path.insert(0, {str(ROOT / "tests")!r})
from django.conf import settings
from django.core import signing
from django.utils import timezone
from comity.platform.record.log import prepare_key
prepare_key(origin="test.invalid/votes")
from comity.platform.dialogue.models import Participant
from comity.platform.dialogue.participation import digest_of, draw_code
from support.dialogue import make_dialogue
made = make_dialogue({SLUG!r}, seeds=[{{"en": f"Statement number {{n}} of many"}} for n in range({STATEMENTS})])
codes = [draw_code() for _ in range({PARTICIPANTS})]
Participant.objects.bulk_create(
    Participant(dialogue=made, track="people", way="code", pseudonym=f"p{{n}}", code_sha256=digest_of(code), came_at=timezone.now())
    for n, code in enumerate(codes)
)
signer = signing.get_cookie_signer(salt="comity_voice" + {SLUG!r})
print(json.dumps([signer.sign(code) for code in codes]))
"""
LOOK = """
import json, django
django.setup()
from comity.platform.dialogue.models import Answer
rows = Answer.objects.values_list("participant__pseudonym", "statement__number", "value")
print(json.dumps([list(row) for row in rows]))
"""


@dataclass
class Load:
    """What was sent: (participant, statement) to value, of all and of those acknowledged; seconds of each; what else came."""

    sent: dict[tuple[int, int], int] = field(default_factory=dict)
    kept: dict[tuple[int, int], int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


class Site:
    """A server of two processes and a worker on one data folder."""

    def __init__(self, *, data: str, database: str) -> None:
        self.port = free_port()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("COMITY_", "DJANGO_"))},
            "COMITY_DATA": data,
            "COMITY_DATABASE_URL": database,
            "COMITY_SECRET_KEY": KEY,
            "COMITY_HOSTS": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        }
        self.server: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        self.log = Path(data) / "run.log"

    def ask(self, program: str) -> list[list[object]]:
        """Run a program on the instance and return the JSON of its last line."""
        done = subprocess.run(
            [sys.executable, "-c", program], env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        )
        found: list[list[object]] = json.loads(done.stdout.splitlines()[-1])
        return found

    def start(self) -> None:
        """Start both, and wait until the server answers."""
        run = [sys.executable, "-m", "comity"]
        with self.log.open("ab") as log:
            given = {"env": self.environment, "stdout": log, "stderr": log, "start_new_session": True}
            self.server = subprocess.Popen([*run, "serve", "--port", str(self.port), "--workers", "2"], **given)
            self.worker = subprocess.Popen([*run, "worker"], **given)
        for _ in range(1800):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            sys.exit(f"the server did not start:\n{self.log.read_text()}")

    def kill(self, *, how: int) -> None:
        """Send a signal to all processes of both."""
        for process in (self.server, self.worker):
            if process is not None and process.poll() is None:
                os.killpg(process.pid, how)
                try:
                    process.wait(timeout=60)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()


def send_answers(
    *, site: Site, cookies: list[str], jobs: queue.Queue[tuple[int, int]], load: Load, until: float
) -> None:
    """Send answers over one connection until it is time or the server is gone."""
    chance, line = random.Random(), None  # noqa: S311  (which answer is sent does not matter)
    while time.monotonic() < until:
        try:
            who, number = jobs.get_nowait()
        except queue.Empty:
            return
        vote = chance.choice(tuple(SAFE))
        body = f"csrfmiddlewaretoken={SECRET}&number={number}&as=person&then=next&vote={vote}".encode()
        head = (
            f"POST /dialogue/{SLUG}/answer HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n"
            f"Cookie: csrftoken={SECRET}; comity_voice={cookies[who]}\r\nAccept-Language: en\r\nUser-Agent: measured\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        load.sent[who, number] = SAFE[vote]
        started = time.perf_counter()
        try:
            if line is None:
                line = socket.create_connection(("127.0.0.1", site.port), timeout=30)
            line.sendall(head.encode() + body)
            answer = b""
            while b"\r\n\r\n" not in answer:
                piece = line.recv(65536)
                if not piece:
                    return
                answer += piece
            top, _, rest = answer.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", top.lower())
            missing = (int(length[1]) if length else 0) - len(rest)
            while missing > 0:
                missing -= len(line.recv(65536))
        except OSError:
            return
        load.seconds.append(time.perf_counter() - started)
        if top.startswith(b"HTTP/1.1 302") and b"kept=" in top:
            load.kept[who, number] = SAFE[vote]
        else:
            load.other.append(answer[:300].decode("latin-1"))


def run_load(*, site: Site, cookies: list[str], jobs: queue.Queue[tuple[int, int]], seconds: float, kill: bool) -> Load:
    """Send answers over all connections; ``kill`` ends the servers halfway with SIGKILL."""
    load, until = Load(), time.monotonic() + seconds
    threads = [
        threading.Thread(
            target=send_answers, kwargs={"site": site, "cookies": cookies, "jobs": jobs, "load": load, "until": until}
        )
        for _ in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    if kill:
        time.sleep(seconds / 2)
        site.kill(how=signal.SIGKILL)
    for thread in threads:
        thread.join()
    return load


def measure(*, database: str, url: str, seconds: float) -> dict[str, object]:
    """Measure one database and return what was found."""
    with tempfile.TemporaryDirectory(prefix="comity-votes-") as data:
        Path(data).chmod(0o700)
        site = Site(data=data, database=url)
        cookies = [str(cookie) for cookie in site.ask(PREPARE)]
        cells = [(who, number) for who in range(PARTICIPANTS) for number in range(1, STATEMENTS + 1)]
        random.Random(1).shuffle(cells)  # noqa: S311  (nor in which order)
        jobs: queue.Queue[tuple[int, int]] = queue.Queue()
        for cell in cells:
            jobs.put(cell)
        given = {"site": site, "cookies": cookies, "jobs": jobs}
        kept: dict[tuple[int, int], int] = {}
        sent: dict[tuple[int, int], int] = {}
        try:
            site.start()
            warm = run_load(**given, seconds=3, kill=False)
            load = run_load(**given, seconds=seconds, kill=False)
            killed = run_load(**given, seconds=4, kill=True)
            site.start()
            after = run_load(**given, seconds=2, kill=False)
        finally:
            site.kill(how=signal.SIGTERM)
        for part in (warm, load, killed, after):
            kept |= part.kept
            sent |= part.sent
        rows = site.ask(LOOK)
        found = {(int(str(who)[1:]), int(str(number))): value for who, number, value in rows}
        times = sorted(load.seconds)
        return {
            "database": database,
            "votes_per_second": round(len(load.kept) / seconds),
            "median_ms": round(1000 * times[len(times) // 2], 1),
            "p99_ms": round(1000 * times[int(len(times) * 0.99)], 1),
            "slowest_ms": round(1000 * times[-1], 1),
            "acknowledged": len(kept),
            "lost_or_altered": sum(found.get(cell) != value for cell, value in kept.items()),
            "doubled": len(rows) - len(found),
            "never_sent": sum(cell not in sent for cell in found),
            "in_flight_kept": sum(cell not in kept for cell in found),
            "refused": sum(len(part.other) for part in (warm, load, killed, after)),
            "first_refusal": next((o for part in (warm, load, killed, after) for o in part.other), "")[:200],
        }


def measure_each(measure: Callable[..., dict[str, object]], *, seconds: float) -> None:
    """Print one JSON object for each database, or for the one named in the second argument; the first gives other seconds."""
    given = float(sys.argv[1]) if len(sys.argv) > 1 else seconds
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    if wanted in {"", "sqlite"}:
        print(json.dumps(measure(database="sqlite", url="", seconds=given)), flush=True)
    if wanted in {"", "postgresql"}:
        try:
            with running_cluster(durable=True) as url:
                print(json.dumps(measure(database="postgresql", url=url, seconds=given)), flush=True)
        except PostgresMissing:
            sys.exit("PostgreSQL is not on this machine. Install: apt-get install postgresql")


if __name__ == "__main__":
    measure_each(measure, seconds=15.0)
