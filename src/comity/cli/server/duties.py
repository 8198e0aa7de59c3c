"""What the worker does again and again beside the queue: each duty with its pause. A duty that fails is tried again later.

Nothing legal depends on a duty having run: deadlines and releases are looked at on every read and write.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("comity.worker")
_heeded: set[str] = set()  # origins whose witnesses were asked, once in each process, before it signed


def sequence_record() -> None:
    """Take waiting acts into the log and sign it."""
    from comity.errors import LogStopped
    from comity.platform.record.log import open_log, witness_policy
    from comity.platform.record.sequencer import sequence_acts
    from comity.platform.record.states import why_stopped
    from comity.platform.record.witnesses import heed_witnesses

    record = open_log()
    if record.origin not in _heeded:
        heed_witnesses(log=record, policy=witness_policy())
        _heeded.add(record.origin)
    if why_stopped():
        return
    try:
        sequence_acts(log=record)
    except LogStopped as stopped:
        log.error("%s", stopped)  # noqa: TRY400  (the sentence says it all)


def finish_sequencing() -> None:
    """Go on until no act waits for its number, or the log is stopped."""
    from comity.platform.record.states import count_waiting, why_stopped

    while count_waiting() and not why_stopped():
        sequence_record()
        time.sleep(0.05)


def ask_witnesses_again() -> None:
    """Ask the witnesses of the policy that have not signed the latest checkpoint yet."""
    from comity.platform.record.log import open_log, witness_policy
    from comity.platform.record.witnesses import ask_witnesses

    policy = witness_policy()
    if policy is None:
        return
    for answer in ask_witnesses(log=open_log(), policy=policy):
        if answer.problem:
            log.warning("witness %s: %s", answer.witness, answer.problem)


def send_mail() -> None:
    """Send the messages that wait."""
    from comity.platform.parties.mail import deliver_mail

    deliver_mail()


def write_due_digests() -> None:
    """Queue the digests whose hour has come."""
    from django.utils import timezone

    from comity.web.delegation.digest import write_digests

    write_digests(now=timezone.now())


def analyse_what_has_closed() -> None:
    """Queue the last analysis of consultations that have closed, whether or not anybody looks at their results."""
    from comity.platform.dialogue.tasks import start_last_analyses

    start_last_analyses()


def look_after_files() -> None:
    """Have new files scanned, and cut released ones into pieces for mirrors."""
    from comity.errors import Unreachable
    from comity.platform.commons.looking_after import cut_waiting_files, scan_waiting_files

    try:
        scan_waiting_files()
    except Unreachable as away:
        log.warning("%s", away)
    cut_waiting_files()


def compare_mirrors() -> None:
    """Compare the mirrors whose day has come with what was released; a slow one holds up the others alone, and not for long."""
    from comity.platform.commons.mirror_checks import compare_due_mirrors

    compare_due_mirrors()


def forget_what_is_past_its_retention() -> None:
    """Erase what is kept no longer."""
    from comity.platform.alignment.uploads import forget_old_uploads
    from comity.platform.capacity.personal import forget_who_contributed
    from comity.platform.capacity.training import forget_applicants
    from comity.platform.commons.agreement_persons import forget_who_agreed
    from comity.platform.commons.contribution_persons import forget_who_shared
    from comity.platform.commons.mirror_checks import forget_old_comparisons
    from comity.platform.commons.sending import forget_stale_sendings
    from comity.platform.commons.tokens import forget_old_tokens
    from comity.platform.decisions.personal import forget_prepared_votes
    from comity.platform.dialogue.personal import forget_ties_of_archived
    from comity.platform.parties.mail import forget_old_mail
    from comity.platform.parties.personal import erase_what_is_past_its_retention

    forget_old_mail()
    forget_old_uploads()
    forget_ties_of_archived()
    forget_prepared_votes()
    forget_who_contributed()
    forget_who_shared()
    forget_applicants()
    forget_stale_sendings()
    forget_old_tokens()
    forget_old_comparisons()
    forget_who_agreed()
    erase_what_is_past_its_retention()


# name: (seconds between two runs, what is done)
DUTIES: dict[str, tuple[float, Callable[[], None]]] = {
    "sequence": (1.0, sequence_record),
    "witnesses": (20.0, ask_witnesses_again),
    "mail": (5.0, send_mail),
    "digests": (60.0, write_due_digests),
    "files": (5.0, look_after_files),
    "mirrors": (60.0, compare_mirrors),
    "results": (60.0, analyse_what_has_closed),
    "retention": (3600.0, forget_what_is_past_its_retention),
}


def begin_duties() -> None:
    """Do every duty from now on, each in its own thread, so that a slow one holds up no other."""
    for name, (pause, duty) in DUTIES.items():
        threading.Thread(target=_repeat, args=(name, pause, duty), name=name, daemon=True).start()


def _repeat(name: str, pause: float, duty: Callable[[], None]) -> None:
    from django.db import close_old_connections

    while True:
        try:
            close_old_connections()
            duty()
        except Exception:
            log.exception("duty %s failed and is tried again", name)
            time.sleep(5.0)
        time.sleep(pause)
