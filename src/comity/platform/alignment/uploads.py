"""Files that are sent to be read: received within bounds, read by the worker, looked at by a person, then taken in as an act."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from comity.adapters.readers import DEFAULT_LIMITS, show_name
from comity.adapters.readers.document import MB
from comity.adapters.reading_apart import Found, found_of, read_apart
from comity.errors import BadParameter, Conflict, FileTooLarge, NotFound
from comity.platform.alignment.facts import demand_facts, demand_language
from comity.platform.alignment.models import Instrument, Upload
from comity.platform.alignment.services import add_instrument
from comity.platform.alignment.tasks import start_alignment_if_changed
from comity.platform.alignment.versions import take_in_version
from comity.platform.parties.rules import require
from comity.platform.record.visibility import Visibility
from comity.platform.work.selectors import jobs_of
from comity.platform.work.services import cancel_job, report_progress, run_job, start_job

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.engines.alignment import texts
    from comity.platform.work.models import Job
    from comity.platform.work.selectors import Progress

READ = "read-upload"
ACTION = "take an instrument into the collection"
MOST_FILES = 20
MOST_OPEN = 200
MOST_TOGETHER = 200 * MB
"""Files in one sending, files that wait for a person in all, and bytes of one sending."""
KEPT_DAYS = 30
_NOT_IN_A_FILE_NAME = re.compile(r"[^\w.-]+")


@dataclasses.dataclass(frozen=True, slots=True)
class UploadView:
    """A file that was sent with how far its reading is; ``is_read`` says that something was found. ``state`` is waiting, running, read, refused, cancelled, failed or taken."""

    upload: Upload
    progress: Progress | None
    is_read: bool

    @property
    def state(self) -> str:
        """Where it stands."""
        if self.upload.instrument_id:
            return "taken"
        if self.is_read:
            return "read"
        if self.upload.problem:
            return "refused"
        return self.progress.state if self.progress and self.progress.state != "done" else "waiting"


def receive_upload(*, file_name: str, chunks: Iterable[bytes], by: Any, language: str = "") -> Upload:
    """Keep a file that was sent and queue its reading; return its row.

    ``language`` is BCP 47, or empty for it to be found. The bytes are counted as they come, and nothing is kept of a file that
    is too large or empty. Raises NotPermitted, FileTooLarge, BadParameter, or Conflict where too many files wait for a person.
    """
    require(user=by, action=ACTION)
    shown = show_name(path=file_name)[:200]
    if Upload.objects.filter(instrument=None).count() >= MOST_OPEN:
        raise Conflict(problem=f"{MOST_OPEN} files wait for a person already. Take them in or throw them away first.")
    name = secrets.token_hex(12)
    folder = _folder(name)
    folder.mkdir(parents=True, mode=0o700)
    try:
        size, digest = _write(folder / _safe_name(file_name), chunks, shown=shown)
        with transaction.atomic():
            upload = Upload.objects.create(
                name=name,
                file_name=shown,
                size=size,
                sha256=digest,
                language=demand_language(language),
                sent_at=timezone.now(),
            )
            start_job(kind=READ, subject=name, task=read_upload)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return upload


def read_again(*, name: str, language: str, by: Any) -> None:
    """Queue the reading of a file anew, in a language that a person names. Raises NotPermitted, NotFound, BadParameter or Conflict."""
    require(user=by, action=ACTION)
    with transaction.atomic():
        upload = _open_upload(name)
        if any(job.is_open for job in jobs_of(kind=READ, subjects=[name]).values()):
            raise Conflict(problem="This file is being read now. Cancel that first, or wait until it has ended.")
        upload.language, upload.found, upload.problem = demand_language(language), None, ""
        upload.save(update_fields=["language", "found", "problem"])
        start_job(kind=READ, subject=name, task=read_upload)


def cancel_reading(*, name: str, by: Any) -> None:
    """Stop the reading of a file; it can be read again or thrown away. Raises NotPermitted or NotFound."""
    require(user=by, action=ACTION)
    with transaction.atomic():
        _open_upload(name)
    job = jobs_of(kind=READ, subjects=[name]).get(name)
    if job is not None:
        cancel_job(job_id=job.id)


def throw_away(*, name: str, by: Any) -> None:
    """Delete a file that was sent, with all that was found in it; what was taken in stays. Raises NotPermitted or NotFound."""
    cancel_reading(name=name, by=by)
    Upload.objects.filter(name=name).delete()
    shutil.rmtree(_folder(name), ignore_errors=True)


def take_in(*, name: str, facts: texts.Instrument, visibility: str, by: Any, is_version: bool = False) -> Instrument:
    """Take what was found in a file into the collection under the facts that a person states, as an act; return the instrument.

    The text becomes visible to ``visibility`` (public or members) and to nobody else in between. ``is_version`` says that it is a
    new version of the text that ``facts`` name, whose circle it keeps. Raises NotPermitted, NotFound, Conflict where the file
    was not read or was taken in, or holds what stands there already, or BadParameter, naming the fact that cannot be used.
    """
    require(user=by, action=ACTION)
    if visibility not in {Visibility.PUBLIC, Visibility.MEMBERS}:
        raise BadParameter(name="visibility", found=visibility[:20], allowed="public, members")
    with transaction.atomic():
        upload = _open_upload(name)
        if upload.found is None:
            raise Conflict(problem="This file has not been read; there is nothing to take in yet.")
        found = found_of(upload.found)
        demand_facts(facts)
        is_held = Instrument.objects.filter(slug=facts.id).exists()
        if is_held and not is_version:
            raise BadParameter(name="name", found=facts.id, allowed="a name that no text of the collection has")
        provisions = [dataclasses.replace(p, instrument=facts.id, language=facts.language) for p in found.provisions]
        if not is_version:
            add_instrument(instrument=facts, provisions=provisions, by=by, visibility=visibility)
        elif take_in_version(instrument=facts, provisions=provisions, by=by) is None:
            raise Conflict(problem="This is the text that stands there already; nothing was changed.")
        taken = Instrument.objects.get(slug=facts.id)
        upload.instrument, upload.found = taken, None
        upload.save(update_fields=["instrument", "found"])
        start_alignment_if_changed()
    shutil.rmtree(_folder(name), ignore_errors=True)
    return taken


def list_uploads(*, by: Any) -> list[UploadView]:
    """Return the files that were sent, newest first. Raises NotPermitted."""
    require(user=by, action=ACTION)
    # What was found may be large, and a list needs to know only whether there is something.
    rows = list(Upload.objects.select_related("instrument").defer("found"))
    read = set(Upload.objects.filter(found__isnull=False).values_list("pk", flat=True))
    jobs = jobs_of(kind=READ, subjects=[r.name for r in rows])
    return [UploadView(upload=row, progress=jobs.get(row.name), is_read=row.pk in read) for row in rows]


def upload_of(*, name: str, by: Any) -> tuple[UploadView, Found | None]:
    """Return a file that was sent, and what was found in it. Raises NotPermitted or NotFound."""
    require(user=by, action=ACTION)
    upload = Upload.objects.select_related("instrument").filter(name=name).first()
    if upload is None:
        raise NotFound(reference=f"alignment/uploads/{name[:32]}")
    found = found_of(upload.found) if upload.found is not None else None
    progress = jobs_of(kind=READ, subjects=[name]).get(name)
    return UploadView(upload=upload, progress=progress, is_read=found is not None), found


@task()
def read_upload(job_id: int) -> str:
    """Read one file that was sent. Safe to run again: it writes what it found in one step."""
    return run_job(job_id=job_id, work=_read)


TASKS = {READ: read_upload}


def forget_old_uploads() -> int:
    """Delete files that nobody took in within thirty days, rows of those that were, and folders that no row knows."""
    over = timezone.now() - dt.timedelta(days=KEPT_DAYS)
    old = list(Upload.objects.filter(sent_at__lt=over).values_list("name", flat=True))
    gone: int = Upload.objects.filter(name__in=old).delete()[0]
    known = set(Upload.objects.values_list("name", flat=True))
    just_now = timezone.now().timestamp() - 3600
    root = settings.DATA / "uploads"
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name not in known and folder.stat().st_mtime < just_now:
            shutil.rmtree(folder, ignore_errors=True)
    return gone


def _read(job: Job) -> None:
    upload = Upload.objects.filter(name=job.subject).first()
    if upload is None:
        return
    files = [p for p in _folder(upload.name).glob("*") if p.is_file()]
    if not files:
        raise Conflict(problem="The file is no longer there. Send it again.")
    found = read_apart(
        path=files[0],
        language=upload.language,
        beat=lambda: report_progress(job=job, step="read", done=0, total=1),
    )
    kept = None
    if found.instrument is not None:
        kept = {
            "instrument": {
                **dataclasses.asdict(found.instrument),
                "date": found.instrument.date.isoformat() if found.instrument.date else None,
            },
            "provisions": [dataclasses.asdict(p) for p in found.provisions],
        }
    Upload.objects.filter(pk=upload.pk, instrument=None).update(found=kept, problem=found.refused)
    report_progress(job=job, step="read", done=1, total=1)


def _folder(name: str) -> Path:
    return Path(settings.DATA) / "uploads" / name


def _safe_name(file_name: str) -> str:
    """Return a name that can stand in our folder: letters, digits, points and hyphens, its last suffixes kept.

    >>> _safe_name("../.. etc/Ley 12.es.pdf")
    'Ley-12.es.pdf'
    """
    plain = _NOT_IN_A_FILE_NAME.sub("-", os.path.basename(file_name.replace("\\", "/"))).lstrip(".-")  # noqa: PTH119  (a foreign name, not a path of ours)
    stem, dot, suffixes = plain.partition(".") if plain.count(".") < 3 else plain.rpartition(".")  # noqa: PLR2004  (name, language and format)
    return f"{stem[:40] or 'document'}{dot}{suffixes[-20:]}"


def _write(path: Path, chunks: Iterable[bytes], *, shown: str) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with path.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > DEFAULT_LIMITS.file_bytes:
                raise FileTooLarge(file=shown, found=round(size / MB), allowed=round(DEFAULT_LIMITS.file_bytes / MB))
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise BadParameter(name="file", found=f"{shown}, which is empty", allowed="a file that holds text")
    return size, digest.hexdigest()


def _open_upload(name: str) -> Upload:
    upload = Upload.objects.select_for_update().filter(name=name).first()
    if upload is None:
        raise NotFound(reference=f"alignment/uploads/{name[:32]}")
    if upload.instrument_id:
        raise Conflict(problem="This file was taken into the collection already; nothing was changed.")
    return upload
