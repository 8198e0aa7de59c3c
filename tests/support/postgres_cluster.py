"""A throwaway PostgreSQL cluster for one test run. PostgreSQL refuses root, so root hands it to another account."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class PostgresMissing(Exception):
    """This machine has no PostgreSQL server."""


def find_programs() -> Path:
    """Return the folder of initdb and pg_ctl, newest version first. Raises PostgresMissing."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise PostgresMissing
    return Path(on_path).resolve().parent


@contextlib.contextmanager
def running_cluster(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster on a free port of the loopback address, yield its URL, and remove it.

    Only where it is ``durable`` does it write through to the disk: tests have no need of it, figures do.
    """
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="comity-pg-"))
    who = _account()
    if who is not None:
        os.chown(folder, who.pw_uid, who.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str) -> None:
        extra = {} if who is None else {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
        subprocess.run(
            command,
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            **extra,
        )

    data = str(folder / "data")
    run(str(programs / "initdb"), "-D", data, "-U", "comity", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync={'on' if durable else 'off'} -c max_connections=60"
    run(str(programs / "pg_ctl"), "-D", data, "-w", "-s", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://comity@127.0.0.1:{port}/postgres"
    finally:
        run(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "-s", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresMissing
