"""A search finds by words and meaning across languages, says what it did, and never more than an account may see."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comity.engines.alignment import texts
from comity.engines.alignment.tokens import tokens_of
from comity.platform.alignment import meanings
from comity.platform.alignment.models import Instrument
from comity.platform.alignment.searching import search_provisions, text_languages
from comity.platform.alignment.services import add_instrument, save_scheme
from comity.platform.alignment.tasks import align_collection
from comity.platform.parties.rules import Installation
from comity.platform.work.models import Job

pytestmark = pytest.mark.django_db
ANYONE = AnonymousUser()
TEXTS = {
    "alpha-act": ("KOR", "law", "en", "Natural persons oversee high-risk systems and can stop them at any time."),
    "beta-plan": ("BRA", "strategy", "en", "The ministry trains ten thousand teachers in the use of computers."),
    "gamma-rules": ("CHN", "regulation", "zh", "提供者应当对生成的图片和视频内容进行标识。"),
    "delta-law": ("EGY", "law", "ar", "تُعاقَب المخالفة بغرامةٍ ماليةٍ لا تتجاوز خمسة ملايين."),
    "epsilon-sera": ("KEN", "strategy", "sw", "Serikali italinda faragha ya watoto mtandaoni."),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Of an alignment a folder keeps the vectors alone, each under the digest of its text: the tests of this file share one."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def collection(folder, settings):
    settings.DATA = folder
    save_scheme(
        scheme=texts.Scheme(
            facets=(("obligation", "x"),), topics=(texts.Topic("human-oversight", "obligation", "x", "x"),)
        ),
        labels={},
        definitions={},
    )
    for slug, (party, kind, language, text) in TEXTS.items():
        add_instrument(
            instrument=texts.Instrument(
                id=slug, title=slug, short_title=slug, party=party, kind=kind, language=language
            ),
            provisions=[
                texts.Provision(
                    instrument=slug,
                    ref="art_1",
                    label="1",
                    heading="",
                    text=text,
                    language=language,
                    topics=("human-oversight",) if slug == "alpha-act" else (),
                )
            ],
            by=Installation(),
        )


@pytest.fixture
def aligned(collection):
    job = Job.objects.create(kind="align", subject="collection", created_at=timezone.now())
    align_collection.call(job_id=job.pk)


def slugs(found):
    return [h.provision.instrument.slug for h in found.hits]


def search(query, page="en", user=ANYONE, **more):
    return search_provisions(query=query, page_language=page, user=user, **more)


@pytest.mark.parametrize(
    "query, language, first",
    [
        ("supervisión por personas", "es", "alpha-act"),
        ("رقابة بشرية على النظم", "ar", "alpha-act"),
        ("labelling of generated images", "en", "gamma-rules"),
        ("маркировка созданных изображений и видео", "ru", "gamma-rules"),
        ("amende financière", "fr", "delta-law"),
        ("培训教师使用计算机", "zh", "beta-plan"),
    ],
)
def test_a_text_in_another_language_is_found_by_its_meaning(aligned, query, language, first):
    found = search(query, page=language if language in {"es", "fr"} else "en")
    assert (found.language, found.silence) == (language, "")
    assert slugs(found)[0] == first
    assert (found.hits[0].by_words, found.hits[0].by_meaning) == (False, True)


@pytest.mark.parametrize(
    "query, first",
    [
        ("غرامة مالية", "delta-law"),
        ("生成视频", "gamma-rules"),
        ("faragha ya watoto", "epsilon-sera"),
        ("视", "gamma-rules"),
    ],
)
def test_words_are_found_in_scripts_that_join_or_do_not_part_them(collection, query, first):
    found = search(query)
    assert slugs(found)[0] == first
    assert found.hits[0].by_words


def test_a_language_that_the_model_does_not_know_is_answered_by_words_and_said_so(aligned):
    found = search("faragha ya watoto mtandaoni")
    assert (found.language, found.told_by, found.silence) == ("sw", "letters", "language")
    assert slugs(found) == ["epsilon-sera"]
    assert search("faragha", language="sw").told_by == "reader"


def test_another_matter_is_found_nowhere(aligned):
    for query in ("chocolate cake recipe", "qwertz", "كرة القدم"):
        assert search(query).total == 0, query


def test_before_an_alignment_words_alone_are_searched_and_said_so(collection):
    found = search("teachers")
    assert (found.silence, slugs(found)) == ("not-aligned", ["beta-plan"])


def test_a_search_goes_to_no_address(collection, settings, monkeypatch):
    settings.EMBEDDER = "openai:https://models.example.org/v1#some-model"
    monkeypatch.setattr(meanings, "open_embedder", lambda **_: pytest.fail("a model was opened"))
    assert search("teachers").silence == "elsewhere"
    settings.EMBEDDER = "none"
    assert search("teachers").silence == "no-model"


def test_what_is_hidden_after_a_run_is_found_by_nobody_who_may_not_see_it(aligned):
    assert slugs(search("supervisión humana de sistemas"))[0] == "alpha-act"
    Instrument.objects.filter(slug="alpha-act").update(visibility="members")
    for query in ("supervisión humana de sistemas", "natural persons", TEXTS["alpha-act"][3]):
        found = search(query)
        assert "alpha-act" not in slugs(found)
        assert "KOR" not in found.facets["party"]
        assert found.facets["topic"] == {}


def test_filters_narrow_and_count_what_the_others_leave(aligned):
    everything = search("persons, fine, children, teachers, 视频")
    assert everything.total == len(everything.hits) > 1
    only = search("persons, fine, children, teachers, 视频", filters={"party": "KOR", "kind": ""})
    assert slugs(only) == ["alpha-act"]
    assert only.total == everything.total
    assert only.facets["party"] == everything.facets["party"]
    assert only.facets["kind"] == {"law": 1}
    assert only.facets["text_language"] == {"en": 1}
    assert search("persons", filters={"party": "BRA"}).hits == ()


def test_the_languages_offered_are_those_that_may_be_seen(collection):
    assert text_languages(user=ANYONE) == ["ar", "en", "sw", "zh"]
    Instrument.objects.filter(slug="epsilon-sera").update(visibility="members")
    assert text_languages(user=ANYONE) == ["ar", "en", "zh"]


def test_a_query_without_a_word_finds_nothing(aligned):
    found = search("?! …")
    assert (found.hits, found.words) == ((), tokens_of(text="", language="en"))
