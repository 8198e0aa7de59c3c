"""The parts of an instance that runs, web server and worker: all is loaded once, and then the processes part."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import multiprocessing
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from multiprocessing.context import ForkProcess
    from pathlib import Path

THREADS = 4
BACKLOG = 64
GRACE = 10.0
PR_SET_PDEATHSIG = 1
APPLICATION = "comity.site.wsgi"
ASKED_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve_pages(*, host: str, port: int, workers: int) -> None:
    """Serve until stopped. What pages need is loaded before the web processes part: each answers at once, and they share it."""
    from django.db import connections
    from django.urls import get_resolver
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    importlib.import_module(APPLICATION)
    get_resolver()._populate()  # noqa: SLF001  (Django has no open word for: load every address now)
    connections.close_all()  # a connection that several processes hold is broken by the first that uses it
    Granian(
        f"{APPLICATION}:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=BACKLOG,
        http=HTTPModes.auto,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()


def run_queue(*, interval: float, until_empty: bool) -> None:
    """Run long work until stopped, or until the queue is empty. Work that a lost worker left is taken up again."""
    from django.core.management import call_command

    from comity.cli.server.duties import begin_duties, finish_sequencing
    from comity.cli.server.queue import watch_for_lost_work

    watch_for_lost_work()
    begin_duties()
    call_command("db_worker", interval=interval, batch=until_empty, startup_delay=False, verbosity=1)
    if until_empty:
        finish_sequencing()


def start_part(work: Callable[[], None], *, log: Path) -> ForkProcess:
    """Start a part as a process of its own that writes to a log and ends with this one. Nothing here may run in threads."""
    from django.db import connections

    connections.close_all()
    part = multiprocessing.get_context("fork").Process(target=_begin, args=(work, log))
    part.start()
    return part


def stop_parts(parts: Iterable[ForkProcess]) -> None:
    """Ask each part to stop; what has not stopped in time is killed with all that it started."""
    for part in parts:
        if part.exitcode is None:
            part.terminate()
    deadline = time.monotonic() + GRACE
    for part in parts:
        part.join(timeout=max(0.1, deadline - time.monotonic()))
        if part.exitcode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(part.pid or 0, signal.SIGKILL)
            part.join()


def _begin(work: Callable[[], None], log: Path) -> None:
    for wanted in ASKED_TO_STOP:
        signal.signal(wanted, signal.SIG_DFL)
    os.setsid()
    _end_with_parent()
    with log.open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    work()


def _end_with_parent() -> None:
    """Ask Linux to end a part with the process that started it, should that be killed. Elsewhere nothing is asked."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
