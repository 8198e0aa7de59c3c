"""One large file from a real server on loopback: speed and memory of the server by itself, and behind nginx beside nginx alone.

``python benchmarks/commons.py [--gb 2] [--rounds 3] [--nginx /usr/sbin/nginx]``. The three ways are measured in turn, so that a busy machine slows
them alike; the medians are told with the load. The reader takes the bytes with curl and throws them away.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from support.serving_commons import Served, free_port, served_commons

if TYPE_CHECKING:
    from collections.abc import Iterator

MB = 10**6
FILE = "m1/words/resolve/main/w.safetensors"
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1; {user}
events {{ worker_connections 64; }}
http {{
  access_log off; sendfile on; tcp_nopush on; default_type application/octet-stream;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    location /released-files/ {{
      internal; alias {files}/; etag off;
      add_header ETag $upstream_http_etag; add_header X-Repo-Commit $upstream_http_x_repo_commit;
    }}
    location /alone/ {{ alias {files}/; }}
    location / {{ proxy_pass {server}; proxy_set_header Host $host; }}
  }}
}}
"""


def fetch(address: str) -> float:
    """Return how many MB come a second."""
    form = "%{http_code} %{size_download} %{time_total}"
    done = subprocess.run(
        ["curl", "-s", "-o", "/dev/null", "-w", form, address], capture_output=True, text=True, check=True
    )
    code, size, took = done.stdout.split()
    assert code == "200", done.stdout
    return float(size) / MB / float(took)


def memory_of(served: Served) -> int:
    """Return the private memory of the processes that answer, in bytes: what they hold that no other shares."""
    total = 0
    for pid in served.workers():
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith(("Private_Clean", "Private_Dirty")):
                total += int(line.split()[1]) * 1024
    return total


@contextmanager
def watching(served: Served) -> Iterator[list[int]]:
    """Yield a list of the memory, taken every 50 ms while the block runs."""
    seen: list[int] = [memory_of(served)]
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.05):
            seen.append(memory_of(served))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


@contextmanager
def nginx_before(served: Served, *, program: str, folder: Path) -> Iterator[str]:
    """Yield the address of an nginx that stands before the server and has its files."""
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    text = NGINX.format(folder=folder, port=port, server=served.address, files=served.folder / "files", user=user)
    (folder / "nginx.conf").write_text(text, encoding="ascii")
    running = subprocess.Popen([program, "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
    time.sleep(1)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()


def main() -> None:
    """Measure, and print one table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--gb", type=float, default=2.0)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--nginx", default="/usr/sbin/nginx")
    given = asked.parse_args()
    size = int(given.gb * 10**9)
    with tempfile.TemporaryDirectory() as some:
        folder = Path(some)
        # Two servers of one instance: one gives files itself, one hands them to nginx.
        with (
            served_commons(folder, size=size) as alone,
            served_commons(folder, size=0, environment={"COMITY_ACCEL": "/released-files/"}) as behind,
            nginx_before(behind, program=given.nginx, folder=folder) as front,
        ):
            files = [p for p in (alone.folder / "files").rglob("*") if p.is_file()]
            measure(alone, front, max(files, key=lambda p: p.stat().st_size), rounds=given.rounds)


def measure(alone: Served, front: str, large: Path, *, rounds: int) -> None:
    """Fetch by each way in turn, and print the medians, the memory and the load."""
    digest = large.name
    ways = {
        "by itself": f"{alone.hub}/{FILE}",
        "handed to nginx": f"{front}/hub/{FILE}",
        "nginx alone": f"{front}/alone/{digest[:2]}/{digest[2:4]}/{digest}",
    }
    with urllib.request.urlopen(urllib.request.Request(ways["handed to nginx"], headers={"Range": "bytes=5-9"})) as got:
        assert (got.status, got.headers["ETag"], len(got.read())) == (206, f'"{digest}"', 5)
    for address in ways.values():
        fetch(address)  # the file lies in the memory of the system for each way alike
    idle = memory_of(alone)
    speeds: dict[str, list[float]] = {way: [] for way in ways}
    with watching(alone) as seen:
        for _ in range(rounds):
            for way, address in ways.items():
                speeds[way].append(fetch(address))
    print("| way | MB/s, median | each round |")
    print("|---|---|---|")
    for way, found in speeds.items():
        print(f"| {way} | {statistics.median(found):.0f} | {', '.join(f'{s:.0f}' for s in found)} |")
    handed, nginx = (statistics.median(speeds[w]) for w in ("handed to nginx", "nginx alone"))
    print(f"\nhanded to nginx ÷ nginx alone: {handed / nginx:.0%}")
    print(f"memory above idle while serving: {(max(seen) - idle) / MB:.1f} MB of {idle / MB:.0f} MB")
    print(f"file: {large.stat().st_size / 10**9:.1f} GB; load: {', '.join(f'{n:.1f}' for n in os.getloadavg())}")


if __name__ == "__main__":
    main()
