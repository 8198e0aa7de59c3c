"""Start, advance, end, cancel and recover jobs. ``enqueue`` is the one door to the task queue."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from comity.errors import ComityError, Conflict
from comity.platform.work.models import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Longer than any step that gives no sign of life: proposing pairs among 5,000 provisions takes well under a minute.
LOST_AFTER = dt.timedelta(minutes=5)
SETTLED_AFTER = dt.timedelta(seconds=10)
MOST_ATTEMPTS = 3
OPEN = (Job.State.WAITING, Job.State.RUNNING)


class JobCancelled(Exception):
    """Somebody asked that this job stop; raised between batches."""


class JobTakenOver(Exception):
    """Another worker has taken the job up meanwhile, since this one gave no sign of life; raised between batches."""


def enqueue(task: Any, /, **arguments: Any) -> None:
    """Put a task in the queue, in the caller's transaction: the queue is a table of the same database.

    A task gets plain JSON values, is idempotent, and may run more than once.
    """
    task.enqueue(**arguments)


def start_job(*, kind: str, subject: str, task: Any) -> Job:
    """Return the open job of that kind and subject, or make one and queue ``task(job_id=...)``."""
    with transaction.atomic():
        job, created = Job.objects.get_or_create(
            kind=kind,
            subject=subject,
            state__in=OPEN,
            defaults={"state": Job.State.WAITING, "created_at": timezone.now()},
        )
        if created:
            enqueue(task, job_id=job.pk)
    return job


def begin_job(*, job_id: int) -> Job:
    """Mark a job as running and count the attempt. Raises Conflict where it has ended or another worker holds it."""
    now = timezone.now()
    held = Q(state=Job.State.RUNNING, beat_at__gt=now - LOST_AFTER)
    changed = (
        Job.objects.filter(pk=job_id, state__in=OPEN)
        .exclude(held)
        .update(state=Job.State.RUNNING, started_at=now, beat_at=now, attempts=_plus_one("attempts"), problem="")
    )
    if not changed:
        raise Conflict(problem=f"Job {job_id} has ended, or a worker is busy with it; nothing was started.")
    return Job.objects.get(pk=job_id)


def report_progress(*, job: Job, step: str, done: int, total: int) -> None:
    """Persist how far a job is. Raises JobCancelled where a person has asked for that, JobTakenOver where it is not ours."""
    done = min(done, total)
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    if not mine.update(step=step, done=done, total=total, beat_at=timezone.now()):
        raise JobTakenOver
    if Job.objects.filter(pk=job.pk, cancel_requested=True).exists():
        raise JobCancelled


def end_job(*, job: Job, state: str, problem: str = "") -> None:
    """Put a job into its last state, with what went wrong in one sentence if anything did."""
    mine = Job.objects.filter(pk=job.pk, attempts=job.attempts)
    mine.update(state=state, problem=problem[:500], finished_at=timezone.now())


def run_job(*, job_id: int, work: Callable[[Job], None]) -> str:
    """Run ``work`` under a job and return the state that it ended in. An error becomes the job's problem and is raised."""
    try:
        job = begin_job(job_id=job_id)
    except Conflict:
        return "skipped"
    try:
        work(job)
    except JobTakenOver:
        return "taken over"
    except JobCancelled:
        end_job(job=job, state=Job.State.CANCELLED)
        return Job.State.CANCELLED
    except Exception as error:
        # Pages show this sentence to everyone: of an error that is not ours they learn the kind, the log the rest.
        problem = str(error) if isinstance(error, ComityError) else type(error).__name__
        end_job(job=job, state=Job.State.FAILED, problem=problem)
        raise
    end_job(job=job, state=Job.State.DONE)
    return Job.State.DONE


def cancel_job(*, job_id: int) -> None:
    """Ask an open job to stop after its present batch; a waiting one is cancelled at once."""
    Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(state=Job.State.CANCELLED, finished_at=timezone.now())
    Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(cancel_requested=True)


def requeue_lost_jobs(*, tasks: dict[str, Any], alone: bool = False) -> int:
    """Queue again every running job whose worker has gone, and every waiting one that no queue knows; return how many.

    ``tasks`` maps a kind to its task. ``alone`` says that no other worker runs, so a running job is lost whatever its
    last sign of life. After three attempts a job fails, and says so.
    """
    lost = Job.objects.filter(state=Job.State.RUNNING, kind__in=tasks)
    if not alone:
        lost = lost.filter(Q(beat_at__lt=timezone.now() - LOST_AFTER) | Q(beat_at__isnull=True))
    count = 0
    for job in [*lost, *_forgotten(kinds=tasks)]:
        if job.attempts >= MOST_ATTEMPTS:
            end_job(
                job=job, state=Job.State.FAILED, problem=f"The worker stopped {job.attempts} times during this work."
            )
            continue
        with transaction.atomic():
            Job.objects.filter(pk=job.pk, state__in=OPEN).update(state=Job.State.WAITING, beat_at=None)
            enqueue(tasks[job.kind], job_id=job.pk)
        count += 1
    return count


def _forgotten(*, kinds: Iterable[str]) -> list[Job]:
    """Return jobs that wait although no queued task would run them: their worker died between taking one and beginning."""
    queued = {
        task.args_kwargs["kwargs"].get("job_id")
        for task in DBTaskResult.objects.filter(status__in=[TaskResultStatus.READY])
    }
    settled = timezone.now() - SETTLED_AFTER
    waiting = Job.objects.filter(state=Job.State.WAITING, kind__in=kinds, created_at__lt=settled)
    return [job for job in waiting if job.pk not in queued]


def _plus_one(field: str) -> Any:
    from django.db.models import F  # noqa: PLC0415  (kept beside its one use)

    return F(field) + 1
