"""Topics and strength that a run proposes for texts nobody coded: marked as proposed, never over people's word."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from comity.adapters.readers import read_instrument_file, read_scheme
from comity.engines.alignment.texts import Instrument, Provision
from comity.example.loading import INSTRUMENTS, SCHEME, load_scheme
from comity.platform.alignment import convergence, models
from comity.platform.alignment.services import add_instrument
from comity.platform.alignment.tasks import align_collection
from comity.platform.parties.rules import Installation
from comity.platform.work.models import Job

pytestmark = pytest.mark.django_db
OVERSIGHT = (
    "A natural person shall be able to oversee a high-risk AI system, to stop it and to correct what it decides."
)
KOREAN = "고위험 인공지능사업자는 사람의 감독을 보장하여야 한다. 사람이 인공지능을 관리하고 감독하여야 한다."


@pytest.fixture(autouse=True)
def _data(tmp_path_factory, settings):
    settings.DATA = tmp_path_factory.getbasetemp()


@pytest.fixture
def loaded():
    load_scheme()
    scheme = read_scheme(path=SCHEME)
    instrument, provisions, _ = read_instrument_file(path=INSTRUMENTS / "eu-ai-act.toml", scheme=scheme)
    add_instrument(instrument=instrument, provisions=provisions, by=Installation())
    _take_in("kenya-act", "KEN", "en", OVERSIGHT)
    _take_in("korea-text", "KOR", "ko", KOREAN)


def _take_in(name, party, language, text):
    instrument = Instrument(
        id=name, title=name, short_title=name, party=party, kind="law", status="in-force", binding=True,
        language=language, basis="full-text",
    )  # fmt: skip
    provision = Provision(instrument=name, ref="art_1", label="1", heading="", text=text, language=language)
    add_instrument(instrument=instrument, provisions=[provision], by=Installation())


def _align():
    job = Job.objects.create(kind="align", subject="collection", created_at=timezone.now())
    align_collection.call(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "done"


def _of(name):
    return models.Provision.objects.get(instrument__slug=name)


def test_a_text_that_nobody_coded_gets_topics_and_strength_with_their_makers(loaded):
    before = list(models.ProvisionTopic.objects.order_by("pk").values_list("provision", "topic", "position"))
    _align()
    kenya = _of("kenya-act")
    assert kenya.topics_by.startswith("topics-")
    assert (kenya.modality, kenya.modality_by.split("/")[0]) == ("must", "strength-words")
    assert "human-oversight" in {m.topic_id for m in kenya.topic_marks.all()}
    assert convergence.cells_of(topic="human-oversight")["KEN"].own == "binding-own"
    people = models.ProvisionTopic.objects.filter(provision__topics_by="coder").order_by("pk")
    assert list(people.values_list("provision", "topic", "position")) == before
    assert not models.Provision.objects.filter(topics_by="coder").exclude(modality_by="").exists()


def test_what_is_proposed_where_proposing_is_not_measured_colours_nobody(loaded):
    _align()
    korea = _of("korea-text")
    assert korea.topic_marks.count() > 0
    for mark in korea.topic_marks.all():
        assert "KOR" not in convergence.cells_of(topic=mark.topic_id)


def test_a_second_run_proposes_anew_and_people_s_word_given_meanwhile_stays(loaded):
    _align()
    kenya = _of("kenya-act")
    kenya.topic_marks.all().delete()
    models.ProvisionTopic.objects.create(provision=kenya, topic_id="redress", position=0)
    models.Provision.objects.filter(pk=kenya.pk).update(topics_by="coder", modality="may", modality_by="")
    _align()
    kenya = _of("kenya-act")
    assert [m.topic_id for m in kenya.topic_marks.all()] == ["redress"]
    assert (kenya.modality, kenya.modality_by, kenya.topics_by) == ("may", "", "coder")
    korea = _of("korea-text")
    assert korea.topics_by.startswith("topics-")
    assert sorted(m.position for m in korea.topic_marks.all()) == list(range(korea.topic_marks.count()))
    assert "redress" in {m.topic_id for m in korea.topic_marks.all()}


def test_pages_say_that_a_machine_proposed(loaded, client, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    _align()
    page = client.get(reverse("provision", args=["kenya-act", "art_1"])).content.decode()
    assert page.count("suggested by a machine") in {2, 3}  # topics, strength, and an addressee where one is told
    own = models.Provision.objects.filter(instrument__slug="eu-ai-act").exclude(modality="").first()
    assert (
        "suggested by a machine" not in client.get(reverse("provision", args=["eu-ai-act", own.ref])).content.decode()
    )
    topic = client.get(reverse("topic", args=["human-oversight"]) + "?party=KEN").content.decode()
    assert "Topic suggested by a machine" in topic
    found = client.get("/api/v1/instruments/kenya-act/provisions").json()
    assert found["items"][0]["modality_by"].startswith("strength-words")


def test_a_maker_without_a_strength_and_a_chance_beyond_one_cannot_be_kept(loaded):
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Provision.objects.filter(instrument__slug="kenya-act").update(modality="", modality_by="x/1")
    mark = models.ProvisionTopic.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.ProvisionTopic.objects.filter(pk=mark.pk).update(chance=1.5)
