"""Find work that a lost worker left, and queue it again, at the start of a worker and while it runs."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from typing import IO

from comity.cli.server.instance import instance_folder

EVERY = 30.0
_held: list[IO[str]] = []
log = logging.getLogger("comity.worker")


def is_only_worker() -> bool:
    """Tell whether no other worker of this data folder runs on this machine, and hold the place while we live."""
    file = (instance_folder() / "worker.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _held.append(file)
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return True


def watch_for_lost_work() -> None:
    """Take up lost work now, and look again twice a minute. Only SQLite is sure to have all its workers on this machine."""
    from django.db import connection

    take_up_lost_work(alone=is_only_worker() and connection.vendor == "sqlite")
    threading.Thread(target=_look_again, name="lost-work", daemon=True).start()


def take_up_lost_work(*, alone: bool) -> int:
    """Queue lost jobs again and return how many."""
    from comity.example.publishing import TASKS as PUBLISHING
    from comity.platform.alignment.tasks import TASKS
    from comity.platform.alignment.uploads import TASKS as READING
    from comity.platform.capacity.round_tasks import TASKS as SHARING_OUT
    from comity.platform.dialogue.tasks import TASKS as ANALYSING
    from comity.platform.work.services import requeue_lost_jobs

    return requeue_lost_jobs(tasks={**TASKS, **READING, **ANALYSING, **SHARING_OUT, **PUBLISHING}, alone=alone)


def _look_again() -> None:
    from django.db import DatabaseError, close_old_connections

    pause = threading.Event()
    while not pause.wait(EVERY):
        try:
            close_old_connections()
            take_up_lost_work(alone=False)
        except DatabaseError:
            log.exception("could not look for lost work")
