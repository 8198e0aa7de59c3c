"""Find work that a lost worker left, and queue it again."""

from __future__ import annotations

import fcntl
import os
from typing import IO

from comity.cli.server.instance import instance_folder

_held: list[IO[str]] = []


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


def take_up_lost_work() -> int:
    """Queue lost jobs again and return how many. Only SQLite is sure to have all of its workers on this machine."""
    from django.db import connection

    from comity.platform.alignment.tasks import TASKS
    from comity.platform.work.services import requeue_lost_jobs

    alone = is_only_worker() and connection.vendor == "sqlite"
    return requeue_lost_jobs(tasks=TASKS, alone=alone)
