"""Read jobs and the state of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.platform.work.models import Job

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class Progress:
    """A job as a page shows it: ``done`` of ``total`` in ``step``; ``total`` 0 is not known yet."""

    id: int
    kind: str
    state: str
    step: str
    done: int
    total: int
    problem: str

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in {Job.State.WAITING, Job.State.RUNNING}


def latest_job(*, kind: str) -> Progress | None:
    """Return the newest job of a kind, or None."""
    job = Job.objects.filter(kind=kind).order_by("-created_at", "-pk").first()
    return None if job is None else _progress(job)


def jobs_of(*, kind: str, subjects: Collection[str]) -> dict[str, Progress]:
    """Return the newest job of a kind for each of these subjects that has one."""
    rows = Job.objects.filter(kind=kind, subject__in=subjects).order_by("created_at", "pk")
    return {job.subject: _progress(job) for job in rows}


def _progress(job: Job) -> Progress:
    return Progress(
        id=job.pk, kind=job.kind, state=job.state, step=job.step, done=job.done, total=job.total, problem=job.problem
    )


def queue_length() -> int:
    """Return how many jobs wait or run."""
    return Job.objects.filter(state__in=[Job.State.WAITING, Job.State.RUNNING]).count()
