"""Publish the results of the example's closed consultations, in the worker: the engine is heavy, and a start should be quick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_tasks import task

from comity.example.ballots import cite_dialogue
from comity.example.consultations import closed_dialogues
from comity.platform.dialogue.analyses import analyse_tracks
from comity.platform.dialogue.models import Analysis, Dialogue
from comity.platform.dialogue.results import publish_results
from comity.platform.dialogue.tasks import start_if_stale
from comity.platform.parties.rules import Installation
from comity.platform.work.services import run_job, start_job

if TYPE_CHECKING:
    from comity.platform.work.models import Job

PUBLISH = "publish-example"


def start_publishing() -> None:
    """Queue what is not published yet, and the first analysis of what is open; done again at each start until it is."""
    published = set(Analysis.objects.filter(act__isnull=False).values_list("dialogue__slug", flat=True))
    closed = closed_dialogues()
    for slug in closed:
        if slug in published:
            cite_dialogue(slug=slug)
        else:
            start_job(kind=PUBLISH, subject=slug, task=publish_example)
    for dialogue in Dialogue.objects.exclude(slug__in=closed):
        start_if_stale(dialogue=dialogue)


@task()
def publish_example(job_id: int) -> str:
    """Analyse a closed consultation of the example and publish what was found, in the name of the installation."""
    return run_job(job_id=job_id, work=_publish)


def _publish(job: Job) -> None:
    analyse_tracks(None, slug=job.subject)
    if not Analysis.objects.filter(dialogue__slug=job.subject, act__isnull=False).exists():
        publish_results(slug=job.subject, by=Installation())
    cite_dialogue(slug=job.subject)


TASKS = {PUBLISH: publish_example}
