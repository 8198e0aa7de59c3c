"""Start and cancel the long work of alignment. What it does stands in ``run``; what it takes is imported by the worker alone."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django_tasks import task

from comity.platform.alignment.collection import public_instruments
from comity.platform.alignment.models import (
    StatedNone,
    Topic,
)
from comity.platform.alignment.selectors import latest_run
from comity.platform.parties.rules import require
from comity.platform.work.services import cancel_job, run_job, start_job

if TYPE_CHECKING:
    from comity.platform.work.models import Job

ALIGN = "align"
SUBJECT = "collection"


def start_alignment(*, by: Any) -> Job:
    """Queue an alignment of the collection, or return the one that is open. Raises NotPermitted."""
    require(user=by, action="start an alignment")
    return start_job(kind=ALIGN, subject=SUBJECT, task=align_collection)


def start_alignment_if_changed() -> Job | None:
    """Queue an alignment where the collection is not the one that the pages show; return its job, or None."""
    run = latest_run()
    if run is not None and run.input_sha256 == digest_of_input():
        return None
    return start_job(kind=ALIGN, subject=SUBJECT, task=align_collection)


def cancel_alignment(*, by: Any) -> None:
    """Ask the open alignment to stop after its present batch. Raises NotPermitted."""
    from comity.platform.work.selectors import latest_job  # noqa: PLC0415  (only when cancelling)

    require(user=by, action="cancel an alignment")
    job = latest_job(kind=ALIGN)
    if job is not None:
        cancel_job(job_id=job.id)


@task()
def align_collection(job_id: int) -> str:
    """Align every public instrument. Safe to run again: vectors are cached, pairs are kept by name."""
    from comity.platform.alignment.run import align  # noqa: PLC0415  (heavy, and only the worker needs it)

    return run_job(job_id=job_id, work=lambda job: align(job, digest=digest_of_input()))


TASKS = {ALIGN: align_collection}


def digest_of_input() -> str:
    """Return a digest of everything a run depends on: texts, topics, stated nones, model and maker."""
    from comity.engines.alignment.crosswalk import MAKER  # noqa: PLC0415  (heavy, and few pages ask)

    parts = [
        settings.EMBEDDER,
        MAKER,
        *sorted(public_instruments().values_list("source_sha256", flat=True)),
        *sorted(Topic.objects.values_list("pk", flat=True)),
        *sorted(f"{m} {t}" for m, t in StatedNone.objects.values_list("member", "topic_id")),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
