"""The collection and the long work of aligning it: taken in once, resumable, never touching what people decided."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone

from comity.adapters.readers import read_instrument_file, read_scheme
from comity.engines.alignment.texts import Instrument as EngineInstrument
from comity.engines.alignment.texts import Provision as EngineProvision
from comity.errors import BadParameter, NotPermitted
from comity.example.loading import INSTRUMENTS, SCHEME, load_scheme
from comity.platform.alignment import convergence, selectors
from comity.platform.alignment.models import (
    AlignmentRun,
    ConvergenceCell,
    CrosswalkLink,
    Instrument,
    Provision,
    StatedNone,
)
from comity.platform.alignment.reviewing import answer_link
from comity.platform.alignment.searching import search_provisions
from comity.platform.alignment.services import add_instrument, name_of_pair, state_none
from comity.platform.alignment.tasks import (
    align_collection,
    cancel_alignment,
    start_alignment,
    start_alignment_if_changed,
)
from comity.platform.parties.rules import Installation
from comity.platform.parties.services import open_account
from comity.platform.record.models import Act
from comity.platform.work.models import Job
from support.parties import account_with

pytestmark = pytest.mark.django_db
TWO = ("g7-hiroshima-code", "korea-ai-basic-act")
PASSWORD = "a long enough word 9"


@pytest.fixture(autouse=True)
def _data(tmp_path_factory, monkeypatch):
    monkeypatch.setattr(settings, "DATA", tmp_path_factory.getbasetemp())


@pytest.fixture
def two():
    load_scheme()
    for slug in TWO:
        add(slug)


def add(slug):
    instrument, provisions, _ = read_instrument_file(path=INSTRUMENTS / f"{slug}.toml", scheme=read_scheme(path=SCHEME))
    return add_instrument(instrument=instrument, provisions=provisions, by=Installation())


def align():
    job = Job.objects.create(kind="align", subject="collection", created_at=timezone.now())
    align_collection.call(job_id=job.pk)
    job.refresh_from_db()
    return job


def test_an_instrument_is_taken_in_once_and_by_an_act(two):
    acts = Act.objects.filter(type="enter-instrument").count()
    assert acts == 2
    assert add(TWO[0]) is False
    assert Act.objects.filter(type="enter-instrument").count() == acts


def test_another_text_under_a_held_name_is_refused_and_nothing_is_overwritten(two):
    before = Provision.objects.count()
    other = EngineInstrument(id=TWO[0], title="Another", short_title="Another", party="KEN")
    with pytest.raises(BadParameter):
        add_instrument(instrument=other, provisions=[], by=Installation())
    assert (Provision.objects.count(), Instrument.objects.get(slug=TWO[0]).party) == (before, "G7")


def test_nothing_of_an_instrument_is_kept_when_one_of_its_topics_is_unknown(two):
    from django.db import IntegrityError, connection, transaction

    bad = EngineProvision("kenya", "art_1", "Article 1", "", "text", "en", topics=("no-such-topic",))
    with pytest.raises(IntegrityError), transaction.atomic():
        add_instrument(
            instrument=EngineInstrument(id="kenya", title="K", short_title="K", party="KEN"),
            provisions=[bad],
            by=Installation(),
        )
        connection.check_constraints()
    assert not Instrument.objects.filter(slug="kenya").exists()
    assert not Act.objects.filter(subject="alignment/instruments/kenya").exists()


def test_an_alignment_counts_suggests_and_says_what_it_covered(two):
    job = align()
    assert (job.state, job.step) == ("done", "clusters")
    run = AlignmentRun.objects.get()
    assert (run.instruments, run.provisions, run.suggestions) == (
        2,
        Provision.objects.count(),
        CrosswalkLink.objects.count(),
    )
    assert run.suggestions > 0
    link = CrosswalkLink.objects.order_by("-score").first()
    assert link.name == name_of_pair(
        a=f"{link.a.instrument.slug}/{link.a.ref}", b=f"{link.b.instrument.slug}/{link.b.ref}"
    )
    assert {link.a.instrument.slug, link.b.instrument.slug} == set(TWO)
    counts = convergence.levels_by_topic(members=193)
    assert all(sum(levels.values()) == 193 for levels in counts.values())
    assert convergence.cells_of(topic="human-oversight")["KOR"].own == "binding-own"


def test_the_last_year_is_what_stands_today_and_earlier_years_hold_no_more(two):
    align()
    years = convergence.years_of(topic="human-oversight")
    assert years[0][0] == min(i.date.year for i in Instrument.objects.all())
    assert years[-1][0] == timezone.now().year
    today = {
        k: n for k, n in convergence.levels_by_topic(members=193)["human-oversight"].items() if "-o" in k or "-t" in k
    }
    assert years[-1][1] == {k: n for k, n in today.items() if k not in {"searched-not-found", "not-in-collection"}}
    totals = [sum(levels.values()) for _year, levels in years]
    assert totals == sorted(totals)


def test_a_second_alignment_changes_nothing_and_touches_no_decision(two):
    align()
    reviewers = [account_with("reviewer", origin=origin) for origin in ("KEN", "FRA")]
    first, second, disputed = CrosswalkLink.objects.order_by("-score")[:3]
    for reviewer, third in zip(reviewers, ("same", "none"), strict=True):
        answer_link(name=first.name, answer="same", by=reviewer)
        answer_link(name=second.name, answer="none", by=reviewer)
        answer_link(name=disputed.name, answer=third, by=reviewer)
    assert sorted(CrosswalkLink.objects.exclude(state="waiting").values_list("state", flat=True)) == [
        "confirmed",
        "disputed",
        "rejected",
    ]
    before = list(CrosswalkLink.objects.order_by("name").values_list("name", "state", "relation", "score"))
    cells = sorted(ConvergenceCell.objects.values_list("topic", "member", "level"))
    align()
    assert list(CrosswalkLink.objects.order_by("name").values_list("name", "state", "relation", "score")) == before
    assert sorted(ConvergenceCell.objects.values_list("topic", "member", "level")) == cells


def test_a_suggestion_that_is_no_longer_made_goes_unless_a_person_has_answered(two):
    align()
    a, b = (
        Provision.objects.filter(instrument__slug=TWO[0]).last(),
        Provision.objects.filter(instrument__slug=TWO[1]).last(),
    )
    other = Provision.objects.filter(instrument__slug=TWO[1]).first()
    stale = CrosswalkLink.objects.create(name="stale", a=a, b=b, suggested="related", maker="old/1", score=9.0)
    looked = CrosswalkLink.objects.create(name="looked", a=a, b=other, suggested="related", maker="old/1", score=9.0)
    answer_link(name="looked", answer="related", by=account_with("reviewer"))
    align()
    assert not CrosswalkLink.objects.filter(pk=stale.pk).exists()
    assert CrosswalkLink.objects.filter(pk=looked.pk).exists()


def test_an_alignment_is_queued_only_where_the_collection_changed(two, django_capture_on_commit_callbacks):
    align()
    assert start_alignment_if_changed() is None
    add("uae-ai-charter")
    assert start_alignment_if_changed().state == "waiting"


def test_a_stated_none_shows_after_the_next_alignment(two):
    secretariat = open_account(email="s@example.org", name="S", password=PASSWORD, roles=("secretariat",))
    state_none(member="TUV", topic="privacy", by=secretariat)
    assert start_alignment_if_changed() is not None
    Job.objects.all().delete()
    align()
    assert StatedNone.objects.count() == 1
    assert convergence.cells_of(topic="privacy")["TUV"].level == "states-none"


def test_what_is_not_public_is_never_aligned(two):
    Instrument.objects.filter(slug=TWO[1]).update(visibility="committee", audience="committee:review")
    align()
    assert CrosswalkLink.objects.count() == 0
    assert "KOR" not in convergence.cells_of(topic="human-oversight")


def test_an_alignment_that_a_lost_worker_left_is_taken_up_and_ends_well(two):
    job = Job.objects.create(
        kind="align",
        subject="collection",
        created_at=timezone.now(),
        state="running",
        attempts=1,
        beat_at=timezone.now() - dt.timedelta(minutes=10),
        step="store",
        done=5,
        total=20,
    )
    align_collection.call(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_an_alignment_that_is_cancelled_stops_and_the_last_result_stands(two):
    align()
    cells = ConvergenceCell.objects.count()
    job = Job.objects.create(kind="align", subject="collection", created_at=timezone.now(), cancel_requested=True)
    align_collection.call(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert selectors.latest_run().cells.count() == cells
    assert AlignmentRun.objects.filter(finished_at__isnull=False).count() == 1
    align()
    assert AlignmentRun.objects.filter(finished_at__isnull=True).count() == 0
    assert ConvergenceCell.objects.exclude(run=selectors.latest_run()).count() == 0


def test_only_those_who_may_start_or_cancel_an_alignment(two):
    reviewer = open_account(email="r@example.org", name="R", password=PASSWORD, roles=("reviewer",))
    operator = open_account(email="o@example.org", name="O", password=PASSWORD, roles=("operator",))
    for act in (start_alignment, cancel_alignment):
        with pytest.raises(NotPermitted):
            act(by=reviewer)
    job = start_alignment(by=operator)
    assert start_alignment(by=operator).pk == job.pk
    cancel_alignment(by=operator)
    job.refresh_from_db()
    assert job.state == "cancelled"


TEXTS = {
    "zh": ("第十二条", "提供者应当对人工智能生成的内容进行标识，并建立健全投诉举报机制。"),
    "ar": ("المادة 12", "يجب على مقدّم الخدمة أن يضمن الرقابة البشرية على الأنظمة عالية المخاطر."),
    "ru": ("Статья 12", "Поставщик обеспечивает надзор со стороны человека за системами высокого риска."),
}


@pytest.fixture
def many_languages():
    load_scheme()
    for language, (label, text) in TEXTS.items():
        parts = [EngineProvision(f"law-{language}", "art_12", label, "", text, language)]
        add_instrument(
            instrument=EngineInstrument(f"law-{language}", language, language, None, language=language),
            provisions=parts,
            by=Installation(),
        )


@pytest.mark.parametrize(
    "query, language, found",
    [
        ("投诉举报", "zh", ["law-zh"]),
        ("标识内容", "zh", ["law-zh"]),
        ("رقابه بشريه", "ar", ["law-ar"]),
        ("الرِّقابة", "ar", ["law-ar"]),
        ("المخاطر", "en", ["law-ar"]),
        ("НАДЗОР", "ru", ["law-ru"]),
        ("zebra", "en", []),
        ("", "en", []),
        ('"; DROP TABLE alignment_provision; --', "en", []),
        ("' & | ! ( ) : *", "en", []),
    ],
)
def test_search_folds_a_query_as_it_folds_the_texts(many_languages, query, language, found):
    result = search_provisions(query=query, page_language="en", language=language, user=None)
    assert [h.provision.instrument.slug for h in result.hits] == found


def test_search_shows_only_what_an_account_may_see(many_languages):
    Instrument.objects.filter(slug="law-ru").update(visibility="members")
    assert search_provisions(query="надзор", page_language="ru", user=None).hits == ()
    member = open_account(email="m@example.org", name="M", password=PASSWORD, roles=("reviewer",))
    assert len(search_provisions(query="надзор", page_language="ru", user=member).hits) == 1
