"""Ask for the allocation of a round: at once where it is small, else in the worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from comity.errors import NotFound
from comity.platform.capacity.allocating import compute_allocation
from comity.platform.capacity.models import Allocation, Round
from comity.platform.capacity.round_lookups import HOLD, authorise_on, demand_state, locked_round
from comity.platform.work.services import cancel_job, report_progress, run_job, start_job

if TYPE_CHECKING:
    from comity.platform.work.models import Job

ALLOCATE = "allocate"
MOST_AT_ONCE = 500
"""Needs of a round that is computed while the officer waits; a larger one goes to the worker."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """What became of the wish for a suggestion: the allocation, or the work that computes it."""

    allocation: Allocation | None
    job: Job | None


def suggest_allocation(*, slug: str, by: Any) -> Suggested:
    """Compute what the frozen tables come to, at once or in the worker. It is not published, and changes nothing else.

    Whoever asks again gets the same: the tables do not change. Raises NotPermitted, NotFound, or Conflict where the round is not frozen.
    """
    with transaction.atomic():
        held = locked_round(slug=slug)
        authorise_on(round=held, by=by, action=HOLD)
        demand_state(round=held, moment=timezone.now(), allowed=(Round.State.FROZEN,))
        found = Allocation.objects.filter(round=held).first()
        if found is not None:
            return Suggested(allocation=found, job=None)
        if held.needs.count() > MOST_AT_ONCE:
            return Suggested(allocation=None, job=start_job(kind=ALLOCATE, subject=slug, task=allocate_round))
    return Suggested(allocation=compute_allocation(slug=slug), job=None)


def cancel_computing(*, slug: str, by: Any) -> None:
    """Ask the work on an allocation to stop. Raises NotPermitted or NotFound."""
    from comity.platform.work.selectors import jobs_of  # noqa: PLC0415  (only when cancelling)

    row = Round.objects.select_related("body").filter(slug=slug).first()
    if row is None:
        raise NotFound(reference=f"capacity/rounds/{slug[:60]}")
    authorise_on(round=row, by=by, action=HOLD)
    job = jobs_of(kind=ALLOCATE, subjects=[slug]).get(slug)
    if job is not None:
        cancel_job(job_id=job.id)


@task()
def allocate_round(job_id: int) -> str:
    """Compute what the frozen tables of a round come to. Safe to run again: it is kept once, and always the same."""
    return run_job(job_id=job_id, work=_allocate)


def _allocate(job: Job) -> None:
    report_progress(job=job, step="allocate", done=0, total=1)
    compute_allocation(slug=job.subject)
    report_progress(job=job, step="allocate", done=1, total=1)


TASKS = {ALLOCATE: allocate_round}
