"""Let a log that was stopped sign again: fetch the entries it lost from a mirror, or go on under a new origin.

What was published can be on other machines: a log that forgot entries and signed other ones in their place would show two
histories. So a restored log signs only when it holds every entry that is known to have been signed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from comity.errors import CannotReconcile
from comity.platform.record.models import Act, Checkpoint, Link, LogState
from comity.platform.record.sequencer import held_still
from comity.platform.record.visibility import Visibility

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.platform.record.log import Log

RECOVERED = "committee:recovered"
"""The audience of restricted entries whose content was lost: the log proves that they exist, nobody can open them here."""
RESTRICTED = "restricted"
BATCH = 500


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was done: entries fetched that this instance had lost, the size of the log, and the origin it signs under."""

    recovered: int
    size: int
    origin: str


def reconcile(*, log: Log, entries: Sequence[bytes] | None, known_size: int = 0) -> Reconciled:
    """Take what a verified mirror holds beyond this log, and let the log sign again.

    ``entries`` are all entries of a mirror whose checkpoint was verified under this log's key (None: no mirror is at hand),
    ``known_size`` the largest tree that a witness says it has seen. Raises CannotReconcile where the mirror's beginning is
    not ours, or where a larger tree is known to have been signed than can be recovered; then nothing is changed.
    """
    with held_still(log=log):
        numbered = _numbered_bodies()
        found = list(entries or ())
        shared = min(len(numbered), len(found))
        if found[:shared] != numbered[:shared]:
            first = next(index for index in range(shared) if found[index] != numbered[index])
            raise CannotReconcile(problem=f"Entry {first} of the mirror is not ours. This is a split view; keep both.")
        size = max(len(numbered), len(found))
        _demand_all_that_was_signed(log=log, size=size, known_size=known_size)
        with transaction.atomic():
            for index, body in enumerate(found[len(numbered) :], start=len(numbered)):
                _recover(index=index, body=body)
            LogState.objects.update_or_create(pk=1, defaults={"stopped": "", "stopped_at": None})
        return Reconciled(recovered=len(found[len(numbered) :]), size=size, origin=log.origin)


def begin_new_origin(*, log: Log) -> None:
    """Let a log sign again under the new name of its key: a new log that begins with the same entries.

    Raises CannotReconcile where the key still has the name under which trees were signed.
    """
    if Checkpoint.objects.filter(origin=log.origin).exists():
        problem = f"The key still signs as {log.origin}. Make one with a new name: comity record keygen"
        raise CannotReconcile(problem=problem)
    LogState.objects.update_or_create(pk=1, defaults={"stopped": "", "stopped_at": None})


def _demand_all_that_was_signed(*, log: Log, size: int, known_size: int) -> None:
    signed = log.memory.read()
    here = signed.size if signed is not None and signed.origin == log.origin else 0
    kept = Checkpoint.objects.filter(origin=log.origin).aggregate(size=Max("size"))["size"] or 0
    needed = max(here, kept, known_size)
    if needed > size:
        problem = (
            f"A tree of {needed} entries was signed, and only {size} are at hand. Give a mirror that holds them with "
            "--from, or a key under a new name with --new-origin."
        )
        raise CannotReconcile(problem=problem)


def _numbered_bodies() -> list[bytes]:
    rows = Act.objects.filter(sequence__isnull=False).order_by("sequence").values_list("body", flat=True)
    return [bytes(body) for body in rows.iterator(chunk_size=BATCH)]


def _recover(*, index: int, body: bytes) -> None:
    """Give a lost entry its number again: an act that still waits here, or a new row made from the entry alone."""
    digest = hashlib.sha256(body).hexdigest()
    if Act.objects.filter(body_sha256=digest).update(sequence=index):
        return
    content: dict[str, Any] = json.loads(body)
    is_open = content["type"] != RESTRICTED
    moment = content.get("time")
    act = Act.objects.create(
        schema=content["schema"],
        type=content["type"],
        office=content.get("office", ""),
        member=content.get("member", ""),
        authority=content.get("authority", ""),
        subject=content.get("subject", ""),
        entered_at=dt.datetime.fromisoformat(moment) if moment else timezone.now(),
        visibility=Visibility.PUBLIC if is_open else Visibility.COMMITTEE,
        audience="" if is_open else RECOVERED,
        content=content if is_open else {},
        payload_sha256=content.get("payload_sha256", ""),
        body=body,
        body_sha256=digest,
        sequence=index,
    )
    Link.objects.bulk_create(Link(act=act, subject=s, relation=r, object=o) for s, r, o in content.get("links", ()))


def entries_of(*, source: str, log: Log) -> list[bytes]:
    """Return all entries of a mirror, in a folder or at an address, after checking it whole under this log's keys.

    Raises what ``record verify`` would: a mirror that does not hold together recovers nothing.
    """
    from comity.adapters.log_checks import read_whole_log  # noqa: PLC0415  (needed only here)
    from comity.adapters.log_source import open_source  # noqa: PLC0415  (needed only here)

    keys = [log.public, *(log.key.retired if log.key else ())]
    return read_whole_log(source=open_source(source), keys=keys)
