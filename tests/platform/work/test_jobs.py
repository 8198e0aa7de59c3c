"""Jobs: progress persisted, survive a lost worker, can be cancelled, never run twice at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from comity.platform.work.models import Job
from comity.platform.work.selectors import latest_job, queue_length
from comity.platform.work.services import cancel_job, report_progress, requeue_lost_jobs, run_job, start_job

pytestmark = pytest.mark.django_db(transaction=True)


@task()
def nothing(job_id: int) -> None:
    """A task that is queued and never run here."""


def begin() -> Job:
    return start_job(kind="test", subject="x", task=nothing)


def test_a_second_start_returns_the_job_that_is_open():
    assert begin().pk == begin().pk
    assert Job.objects.count() == 1
    assert DBTaskResult.objects.count() == 1


def test_two_open_jobs_of_one_subject_are_impossible():
    begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="test", subject="x", state="running", created_at=timezone.now())


def test_nothing_is_queued_when_the_transaction_rolls_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        begin()
        raise RuntimeError
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (0, 0)


def test_progress_is_persisted_and_the_end_is_done():
    seen = []

    def work(job):
        report_progress(job=job, step="pairs", done=3, total=12)
        seen.append(latest_job(kind="test"))

    assert run_job(job_id=begin().pk, work=work) == "done"
    assert (seen[0].step, seen[0].done, seen[0].total, seen[0].is_open) == ("pairs", 3, 12, True)
    assert latest_job(kind="test").state == "done"
    assert queue_length() == 0


def test_an_error_becomes_the_problem_of_the_job():
    def work(job):
        raise ValueError("no such topic")

    with pytest.raises(ValueError, match="no such topic"):
        run_job(job_id=begin().pk, work=work)
    ended = latest_job(kind="test")
    assert (ended.state, ended.problem) == ("failed", "ValueError")


def test_a_running_job_stops_after_its_batch_when_somebody_asks():
    def work(job):
        cancel_job(job_id=job.pk)
        report_progress(job=job, step="pairs", done=1, total=2)
        pytest.fail("it went on")

    assert run_job(job_id=begin().pk, work=work) == "cancelled"
    assert latest_job(kind="test").state == "cancelled"


def test_a_waiting_job_is_cancelled_at_once_and_its_task_then_does_nothing():
    job = begin()
    cancel_job(job_id=job.pk)
    assert run_job(job_id=job.pk, work=lambda _job: pytest.fail("it ran")) == "skipped"


def test_a_job_that_a_worker_holds_is_not_run_a_second_time():
    job = begin()
    Job.objects.filter(pk=job.pk).update(state="running", beat_at=timezone.now())
    assert run_job(job_id=job.pk, work=lambda _job: pytest.fail("it ran")) == "skipped"


def test_a_lost_job_is_queued_again_and_runs():
    job = begin()
    Job.objects.filter(pk=job.pk).update(state="running", beat_at=timezone.now() - dt.timedelta(minutes=5), attempts=1)
    assert requeue_lost_jobs(tasks={"test": nothing}) == 1
    assert DBTaskResult.objects.count() == 2
    assert run_job(job_id=job.pk, work=lambda _job: None) == "done"
    assert Job.objects.get(pk=job.pk).attempts == 2


def test_a_waiting_job_that_no_queue_knows_is_queued_again():
    job = begin()
    assert requeue_lost_jobs(tasks={"test": nothing}) == 0
    DBTaskResult.objects.all().delete()
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - dt.timedelta(minutes=1))
    assert requeue_lost_jobs(tasks={"test": nothing}) == 1
    assert DBTaskResult.objects.count() == 1


def test_a_worker_whose_job_was_taken_over_stops_and_changes_nothing():
    def work(job):
        Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1, step="theirs")
        report_progress(job=job, step="mine", done=1, total=2)
        pytest.fail("it went on")

    job = begin()
    assert run_job(job_id=job.pk, work=work) == "taken over"
    job.refresh_from_db()
    assert (job.state, job.step) == ("running", "theirs")


def test_the_inside_of_an_unforeseen_error_is_not_shown():
    def work(job):
        raise RuntimeError("connection to 10.1.2.3 as comity failed")

    with pytest.raises(RuntimeError):
        run_job(job_id=begin().pk, work=work)
    assert latest_job(kind="test").problem == "RuntimeError"


def test_a_job_with_a_fresh_sign_of_life_is_lost_only_where_no_other_worker_can_be():
    job = begin()
    Job.objects.filter(pk=job.pk).update(state="running", beat_at=timezone.now())
    assert requeue_lost_jobs(tasks={"test": nothing}) == 0
    assert requeue_lost_jobs(tasks={"test": nothing}, alone=True) == 1


def test_a_job_that_kills_its_worker_three_times_fails_and_says_so():
    job = begin()
    Job.objects.filter(pk=job.pk).update(state="running", beat_at=None, attempts=3)
    assert requeue_lost_jobs(tasks={"test": nothing}, alone=True) == 0
    assert latest_job(kind="test").state == "failed"
    assert "3 times" in latest_job(kind="test").problem
