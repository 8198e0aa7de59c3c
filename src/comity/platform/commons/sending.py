"""Take files in, in pieces, so that a lost line goes on where it stopped; a file counts when it is whole and its digest is right."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from comity.adapters.file_stores import demand_digest
from comity.errors import BadParameter, BrokenFile, Conflict, NotFound
from comity.platform.commons.models import Release, Sending, StoredFile, VersionFile
from comity.platform.commons.releases_seen import releases_seen_by
from comity.platform.commons.senders import authorise_sending
from comity.platform.commons.stored import discard_unused_files, keep_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity.platform.parties.models import Member

MOST_PIECE = 64 * 2**20
KEPT_FOR = dt.timedelta(days=3)
GB = 10**9


@dataclass(frozen=True, slots=True)
class SendingView:
    """How far a file has come. ``is_whole``: it is kept, and may stand in a release."""

    sha256: str
    size: int
    received: int
    is_whole: bool


def begin_sending(*, sha256: str, size: int, member: str, by: Any) -> SendingView:
    """Begin to send a file of a known size and digest, or say how far it has come. Without a member it is the body's.

    Content of a release that the sender sees need not be sent again. Raises NotPermitted, BadParameter where it is larger than
    COMITY_FILE_LIMIT or its size is another than before, or Conflict where the member's files would pass COMITY_MEMBER_QUOTA.
    """
    party = authorise_sending(member=member, by=by)
    demand_digest(sha256)
    if not 0 <= size <= settings.FILE_LIMIT:
        allowed = f"0 to {settings.FILE_LIMIT} bytes (COMITY_FILE_LIMIT)"
        raise BadParameter(name="size", found=size, allowed=allowed)
    seen = _contents_seen(by).filter(sha256=sha256).first()
    if seen is not None:
        return SendingView(sha256, seen.size, seen.size, is_whole=True)
    row = _find(sha256, party)
    if row is None:
        _demand_room(party, size)
        now = timezone.now()
        try:
            with transaction.atomic():
                row = Sending.objects.create(
                    token=secrets.token_hex(20), member=party, sha256=sha256, size=size, begun_at=now, last_at=now
                )
        except IntegrityError:  # the same command twice at once
            row = _demand(sha256, party)
    if row.size != size:
        raise BadParameter(name="size", found=size, allowed=f"{row.size} bytes, as it was begun")
    if row.received == row.size and not _is_whole(row):
        # The machine stopped before the last piece was kept, or the content has gone since: it is sent anew.
        Sending.objects.filter(pk=row.pk, received=row.size).update(received=0)
        row.received = 0
    if size == 0:
        return send_piece(sha256=sha256, first=0, content=(), member=member, by=by)
    return _view(row)


def send_piece(*, sha256: str, first: int, content: Iterable[bytes], member: str, by: Any) -> SendingView:
    """Write a piece of a file that begins at a byte, and keep the file with its last piece.

    What was written before the piece came in whole does not count. Raises NotPermitted, NotFound where the file was not begun, Conflict
    where the piece does not begin where the last one ended (the answer of ``begin_sending`` says where) or another command is at it,
    BadParameter where it is too long, or BrokenFile where the whole file has another digest: then it is to be sent anew.
    """
    party = authorise_sending(member=member, by=by)
    row = _demand(sha256, party)
    with _held(row) as part:
        row.refresh_from_db()
        if _is_whole(row):
            return _view(row)
        if first != row.received:
            raise Conflict(
                problem=f"{row.received} bytes have come in; this piece begins at byte {first}. Send from there; nothing was kept."
            )
        received = _append(part, row, content)
        Sending.objects.filter(pk=row.pk).update(received=received, last_at=timezone.now())
        row.received = received
        if received == row.size:
            _finish(part, row)
    return _view(row)


def keep_upload(*, chunks: Iterable[bytes], member: str, by: Any) -> str:
    """Take a small file in at once, as a page does, and return its digest. Raises as the sending of pieces does."""
    party = authorise_sending(member=member, by=by)
    digest, size = hashlib.sha256(), 0
    path = _folder() / f"upload-{secrets.token_hex(20)}"
    try:
        with path.open("xb") as opened:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.FILE_LIMIT:
                    raise BadParameter(name="size", found=size, allowed=f"0 to {settings.FILE_LIMIT} bytes")
                digest.update(chunk)
                opened.write(chunk)
        sha256 = digest.hexdigest()
        if _find(sha256, party) is None:
            _demand_room(party, size)
        # Before the content, so that nobody takes it for content that nothing holds.
        whole: dict[str, Any] = {"size": size, "received": size, "last_at": timezone.now()}
        Sending.objects.update_or_create(
            member=party,
            sha256=sha256,
            defaults=whole,
            create_defaults={"token": secrets.token_hex(20), "begun_at": whole["last_at"], **whole},
        )
        keep_file(source=path, sha256=sha256)
    finally:
        path.unlink(missing_ok=True)
    return sha256


def files_that_may_be_released(*, digests: frozenset[str], member: Member | None, user: Any) -> dict[str, StoredFile]:
    """Return content by digest. Raises BadParameter for content that this sender neither sent nor sees in a release.

    Otherwise whoever knows a digest could have a restricted file by releasing it.
    """
    found: dict[str, StoredFile] = {}
    wanted = sorted(digests)
    for begin in range(0, len(wanted), 500):
        some = wanted[begin : begin + 500]
        sent = Sending.objects.filter(member=member, sha256__in=some).values("sha256")
        found.update({c.sha256: c for c in StoredFile.objects.filter(sha256__in=some).filter(sha256__in=sent)})
        found.update({c.sha256: c for c in _contents_seen(user).filter(sha256__in=some)})
    missing = [digest for digest in wanted if digest not in found]
    if missing:
        raise BadParameter(name="files", found=missing[0][:80], allowed="the SHA-256 of a file that was sent whole")
    infected = [digest for digest in wanted if found[digest].scan == StoredFile.Scan.INFECTED]
    if infected:
        raise BadParameter(name="files", found=infected[0], allowed="files in which the virus scanner found nothing")
    return found


def forget_stale_sendings(*, now: dt.datetime | None = None) -> int:
    """Forget files that stopped coming in three days ago, and whole ones that nobody released by then; return how many."""
    gone = 0
    for row in Sending.objects.filter(last_at__lt=(now or timezone.now()) - KEPT_FOR):
        with _held(row) as part:
            part.unlink(missing_ok=True)
            row.delete()
        gone += 1
    discard_unused_files()
    return gone


def _contents_seen(user: Any, /) -> Any:
    standing = Release.objects.filter(releases_seen_by(user=user), taken_down_at__isnull=True)
    return StoredFile.objects.filter(pk__in=VersionFile.objects.filter(version__release__in=standing).values("content"))


def _find(sha256: str, party: Member | None, /) -> Sending | None:
    return Sending.objects.filter(member=party, sha256=sha256).first()


def _demand(sha256: str, party: Member | None, /) -> Sending:
    row = _find(demand_digest(sha256), party)
    if row is None:
        raise NotFound(reference=f"commons/sendings/{sha256}")
    return row


def _demand_room(party: Member | None, size: int, /) -> None:
    released = VersionFile.objects.filter(version__release__member=party).values("content")
    held = StoredFile.objects.filter(pk__in=released)
    kept = held.aggregate(all=Sum("size"))["all"] or 0
    coming = Sending.objects.filter(member=party).exclude(sha256__in=held.values("sha256"))
    kept += coming.aggregate(all=Sum("size"))["all"] or 0
    if kept + size > settings.MEMBER_QUOTA:
        raise Conflict(
            problem=f"{kept / GB:.1f} GB are kept, and {size / GB:.1f} GB more would pass the {settings.MEMBER_QUOTA / GB:.1f} GB of one "
            "member (COMITY_MEMBER_QUOTA). Ask the operator; nothing was kept."
        )


def _folder() -> Path:
    """Return where files lie while they come in. Several machines that take files in share it."""
    folder = Path(settings.DATA) / "sending"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _held(row: Sending, /) -> Iterator[Path]:
    """Hold a file that comes in for one command at a time; a lock of the system ends with whoever held it."""
    part = _folder() / row.token
    descriptor = os.open(part.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(problem="Another command is sending this file now. Wait for it; nothing was kept.") from None
        yield part
        if not Sending.objects.filter(pk=row.pk, received__lt=row.size).exists():
            part.with_suffix(".lock").unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _append(part: Path, row: Sending, content: Iterable[bytes], /) -> int:
    descriptor = os.open(part, os.O_CREAT | os.O_RDWR, 0o600)
    with os.fdopen(descriptor, "r+b") as opened:
        # What a line that broke left behind its last whole piece is written over.
        opened.truncate(row.received)
        opened.seek(row.received)
        received = row.received
        for chunk in content:
            received += len(chunk)
            if received > row.size or received - row.received > MOST_PIECE:
                opened.truncate(row.received)
                raise BadParameter(
                    name="piece",
                    found=f"{received - row.received} bytes",
                    allowed=f"at most {MOST_PIECE}, within the file",
                )
            opened.write(chunk)
        opened.flush()
        os.fsync(opened.fileno())
    return received


def _finish(part: Path, row: Sending, /) -> None:
    try:
        keep_file(source=part, sha256=row.sha256)
    except BrokenFile:
        part.unlink(missing_ok=True)
        Sending.objects.filter(pk=row.pk).update(received=0)
        raise


def _is_whole(row: Sending, /) -> bool:
    return row.received == row.size and StoredFile.objects.filter(sha256=row.sha256).exists()


def _view(row: Sending, /) -> SendingView:
    return SendingView(row.sha256, row.size, row.received, is_whole=_is_whole(row))
