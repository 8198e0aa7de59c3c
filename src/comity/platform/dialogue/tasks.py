"""Start and cancel the analysis of a consultation. What it does stands in ``analyses``; engines are imported by the worker alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from comity.errors import NotFound
from comity.platform.dialogue.analyses import CLOSED, analyse_tracks, may_renew, tracks_of
from comity.platform.dialogue.models import Analysis, Dialogue
from comity.platform.parties.rules import authorise
from comity.platform.work.models import Job
from comity.platform.work.services import cancel_job, run_job, start_job

ANALYSE = "analyse-dialogue"
PAUSE = dt.timedelta(minutes=5)
"""Between two analyses of a consultation that is open, unless its convenor asks."""
SOONEST = dt.timedelta(seconds=2)
"""After the close, before the last analysis: an answer that was being written then has been written."""


def start_analysis(*, slug: str, by: Any) -> Job:
    """Queue an analysis, or return the one that is open. For the convenor, at any time. Raises NotPermitted or NotFound.

    It changes nothing while fewer than five voices have answered since the last one (``analyses.may_renew``).
    """
    _demand_convenor(slug=slug, by=by)
    return start_job(kind=ANALYSE, subject=slug, task=analyse_dialogue)


def start_if_stale(*, dialogue: Dialogue, now: dt.datetime | None = None) -> Job | None:
    """Queue an analysis where what is shown is behind the answers: at most every few minutes, and once more after the close."""
    moment = now or timezone.now()
    state = dialogue.state_at(moment)
    latest = {a.track: a for a in dialogue.analyses.order_by("pk")}
    if state == Dialogue.State.DRAFT or any(a.act_id for a in latest.values()):
        return None
    tracks = tracks_of(dialogue=dialogue)
    if state in CLOSED:
        ends = min(m for m in (dialogue.closes_at, dialogue.closed_at) if m is not None)
        wanted = moment >= ends + SOONEST and not all(t in latest and latest[t].is_final for t in tracks)
        pause = SOONEST
    else:
        wanted = any(
            t not in latest or (latest[t].made_at < moment - PAUSE and may_renew(dialogue=dialogue, latest=latest[t]))
            for t in tracks
        )
        pause = PAUSE
    lately = Job.objects.filter(kind=ANALYSE, subject=dialogue.slug, created_at__gt=moment - pause)
    if not wanted or lately.exclude(state__in=[Job.State.WAITING, Job.State.RUNNING]).exists():
        return None
    return start_job(kind=ANALYSE, subject=dialogue.slug, task=analyse_dialogue)


def start_last_analyses(*, now: dt.datetime | None = None) -> int:
    """Queue the last analysis of every consultation that has closed and lacks it; return how many were queued."""
    moment = now or timezone.now()
    closed = Dialogue.objects.filter(Q(closes_at__lte=moment) | Q(closed_at__lte=moment), archived_at__isnull=True)
    closed = closed.exclude(pk__in=Analysis.objects.filter(act__isnull=False).values("dialogue"))
    return sum(start_if_stale(dialogue=dialogue, now=moment) is not None for dialogue in closed)


def cancel_analysis(*, slug: str, by: Any) -> None:
    """Ask the open analysis to stop after its present batch. Raises NotPermitted or NotFound."""
    from comity.platform.work.selectors import jobs_of  # noqa: PLC0415  (only when cancelling)

    _demand_convenor(slug=slug, by=by)
    job = jobs_of(kind=ANALYSE, subjects=[slug]).get(slug)
    if job is not None:
        cancel_job(job_id=job.id)


def _demand_convenor(*, slug: str, by: Any) -> None:
    dialogue = Dialogue.objects.select_related("body").filter(slug=slug).first()
    if dialogue is None:
        raise NotFound(reference=f"dialogue/{slug[:60]}")
    authorise(by=by, action="convene a dialogue", body=dialogue.body.slug)


@task()
def analyse_dialogue(job_id: int) -> str:
    """Analyse every track of a consultation. Safe to run again: figures of the same answers are kept."""
    return run_job(job_id=job_id, work=_analyse)


def _analyse(job: Job) -> None:
    analyse_tracks(job, slug=job.subject)


TASKS = {ANALYSE: analyse_dialogue}
