"""The one sequencer: takes acts without a sequence number into the log, makes them durable, and signs a checkpoint.

The order of steps is what survives a kill -9 anywhere. Numbers are given in the database first, so the database alone
decides what the log holds; tiles follow from it and can be written again, byte for byte. What is about to be signed is
written beside the key before it is signed, so that no restored database can lead to a second tree of one size. Only then
is the checkpoint published.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
import socket
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone

from comity.engines.record.checkpoints import checkpoint_of
from comity.errors import Conflict, LogStopped, SignedMemoryUnreadable
from comity.platform.record.models import Act, Checkpoint, LogState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.platform.record.log import Log, Signed

BATCH = 500
REST_WITHIN = 60.0
LEASE = dt.timedelta(seconds=30)
ADVISORY_LOCK = 0x434F4D49545931
MACHINE = f"{socket.gethostname()[:40]}:"
HOLDER = f"{MACHINE}{os.getpid()}:{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True, slots=True)
class Sequenced:
    """What one run did: acts taken, the size of the log after it, and whether another sequencer holds the place."""

    taken: int
    size: int
    busy: bool = False


def sequence_acts(*, log: Log) -> Sequenced:
    """Take every waiting act into the log, and publish a signed checkpoint where the log has grown. Safe to call any time.

    Raises LogStopped where the log and the database contradict each other, or what would be signed contradicts what was
    signed before: nothing is signed until ``reconcile``.
    """
    with _place_of_the_one_sequencer(log=log) as mine:
        if not mine:
            return Sequenced(taken=0, size=log.store.size, busy=True)
        log.store.reopen()
        _demand_a_sound_log(log=log)
        taken = _bring_store_up_to_date(log=log)
        while _number_waiting_acts():
            taken += _bring_store_up_to_date(log=log)
        _publish(log=log)
        return Sequenced(taken=taken, size=log.store.size)


def stop_log(*, reason: str) -> None:
    """Sign nothing more until ``reconcile``; the first reason stays."""
    state, _ = LogState.objects.get_or_create(pk=1)
    if not state.stopped:
        LogState.objects.filter(pk=1, stopped="").update(stopped=reason[:500], stopped_at=timezone.now())


def _demand_a_sound_log(*, log: Log) -> None:
    state, _ = LogState.objects.get_or_create(pk=1)
    if state.stopped:
        raise LogStopped(reason=state.stopped)
    numbered = count_numbered()
    if log.store.size > numbered:
        _refuse(f"The log holds {log.store.size} entries and the database {numbered}: the database is older.")
    signed = _last_signed(log=log)
    if signed is not None and signed.origin == log.origin and signed.size > numbered:
        _refuse(f"A tree of {signed.size} entries was signed, and the database holds {numbered}: it is older.")


def _last_signed(*, log: Log) -> Signed | None:
    try:
        return log.memory.read()
    except SignedMemoryUnreadable as unreadable:
        _refuse(str(unreadable))


def _refuse(reason: str) -> NoReturn:
    stop_log(reason=reason)
    raise LogStopped(reason=reason)


def count_numbered() -> int:
    """Return how many acts have a number, which is how many entries the log is to hold."""
    highest = Act.objects.aggregate(highest=Max("sequence"))["highest"]
    return 0 if highest is None else int(highest) + 1


def _number_waiting_acts() -> int:
    """Give the next numbers to acts that have none, in one short transaction; return how many.

    An act is found by having no number, never by being newer than the last one: PostgreSQL may commit an older act late.
    """
    with transaction.atomic():
        if not _still_ours():
            return 0
        first = count_numbered()
        waiting = list(
            Act.objects.filter(sequence__isnull=True).order_by("entered_at", "pk").values_list("pk", flat=True)[:BATCH]
        )
        acts = [Act(pk=pk, sequence=first + offset) for offset, pk in enumerate(waiting)]
        Act.objects.bulk_update(acts, ["sequence"], batch_size=BATCH)
    return len(acts)


def _bring_store_up_to_date(*, log: Log) -> int:
    """Append to the tiles every numbered act that they lack, in batches; return how many."""
    appended = 0
    while True:
        start = log.store.size
        rows = list(
            Act.objects.filter(sequence__gte=start).order_by("sequence").values_list("sequence", "body")[:BATCH]
        )
        if not rows:
            break
        if [number for number, _ in rows] != list(range(start, start + len(rows))):
            _refuse(f"The numbers of acts after {start} have a gap.")
        log.store.append([bytes(body) for _, body in rows])
        appended += len(rows)
    return appended


def _publish(*, log: Log) -> None:
    """Sign and publish the present tree, unless it is published already."""
    size = log.store.size
    root = log.store.tree().root()
    signed = _last_signed(log=log)
    if signed is not None and signed.origin == log.origin:
        _demand_growth(log=log, size=size, root=root, old_size=signed.size, old_root=signed.root)
    kept = Checkpoint.objects.filter(origin=log.origin, size=size).first()
    if kept is not None and kept.root != root.hex():
        _refuse(f"A tree of {size} entries was signed before, with another root.")
    if kept is None:
        log.memory.write(origin=log.origin, size=size, root=root)
        kept, _ = Checkpoint.objects.get_or_create(
            origin=log.origin,
            size=size,
            defaults={"root": root.hex(), "note": log.sign(size=size, root=root), "signed_at": timezone.now()},
        )
    if kept.root != root.hex():
        _refuse(f"A tree of {size} entries was signed before, with another root.")
    published = log.store.published()
    if published is None or (checkpoint_of(published).origin, checkpoint_of(published).size) != (log.origin, size):
        log.store.publish_checkpoint(kept.note)


def _demand_growth(*, log: Log, size: int, root: bytes, old_size: int, old_root: bytes) -> None:
    if size < old_size:
        _refuse(f"A tree of {old_size} entries was signed, and the log holds {size}: it is older.")
    before = root if size == old_size else log.store.tree().root(old_size)
    if before != old_root:
        _refuse(f"The first {old_size} entries are not those that were signed.")


@contextlib.contextmanager
def _place_of_the_one_sequencer(*, log: Log) -> Iterator[bool]:
    """Hold the only place: a lock on the folder of the log, and an advisory lock or lease in the database."""
    with log.lock_path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        if connection.vendor == "postgresql":
            with _advisory_lock() as mine:
                yield mine
        else:
            with _lease() as mine:
                yield mine


@contextlib.contextmanager
def held_still(*, log: Log) -> Iterator[None]:
    """Hold the sequencer still while a copy is made. Raises Conflict where it does not come to rest within a minute."""
    deadline = time.monotonic() + REST_WITHIN
    with log.lock_path.open("a+", encoding="ascii") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Conflict(problem="The sequencer did not come to rest within a minute. Try again.") from None
                time.sleep(0.05)
            else:
                break
        yield


@contextlib.contextmanager
def _advisory_lock() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


@contextlib.contextmanager
def _lease() -> Iterator[bool]:
    mine = _renew_lease()
    try:
        yield mine
    finally:
        if mine:
            LogState.objects.filter(pk=1, holder=HOLDER).update(holder="", held_until=None)


def _renew_lease() -> bool:
    now = timezone.now()
    LogState.objects.get_or_create(pk=1)
    # Whoever held it on this machine is gone: the lock on the folder, which we hold, went with that process.
    free = Q(holder="") | Q(holder__startswith=MACHINE) | Q(held_until__isnull=True) | Q(held_until__lt=now)
    return bool(LogState.objects.filter(free, pk=1).update(holder=HOLDER, held_until=now + LEASE))


def _still_ours() -> bool:
    """Tell, inside the transaction that gives numbers, whether the place is still held."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A session's lock is lost with its connection; a new connection would have to ask again.
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
                " AND ((classid::bigint << 32) | objid::bigint) = %s",
                [ADVISORY_LOCK],
            )
            return bool(cursor.fetchone()[0])
    return _renew_lease()
