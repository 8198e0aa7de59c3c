"""Searched, not found: what is written down, by whom, and when it holds no more."""

from __future__ import annotations

import json
import zlib

import pytest

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.alignment.fruitless import findings_of, look_for_counterpart, record_nothing_found
from comity.platform.alignment.models import CrosswalkLink, FruitlessSearch, Instrument, Provision
from comity.platform.alignment.reviewing import answer_link, erase_reviews_of
from comity.platform.record.models import Act
from support.links import make_links
from support.parties import account_with

pytestmark = pytest.mark.django_db
TEXTS = ("labels on what a model generates", "fines for labels", "a sandbox for small firms", "labels are generated")


@pytest.fixture
def provision():
    (link,) = make_links("l1")
    CrosswalkLink.objects.all().delete()
    Provision.objects.filter(pk=link.b_id).delete()
    Provision.objects.filter(pk=link.a_id).update(text="Providers label what a model generates")
    other = link.b.instrument
    for place, text in enumerate(TEXTS):
        Provision.objects.create(
            instrument=other,
            ref=f"art_{place}",
            position=place,
            label=f"Article {place}",
            text=text,
            language="en",
            search_words=text,
        )
    return Provision.objects.get(pk=link.a_id)


def look(provision, **given):
    return look_for_counterpart(slug="kor-act", ref=provision.ref, user=None, **{"query": "", **given})


def record(provision, by, **given):
    target = {"instrument": "can-act"} if "party" not in given else {}
    shown = look(
        provision, **{"query": given.get("query", ""), **target, **{k: given[k] for k in given if k == "party"}}
    )
    reasons = {f"{c.instrument.slug}/{c.ref}": "CANARY another matter" for c in shown.candidates}
    return record_nothing_found(
        **{"slug": "kor-act", "ref": provision.ref, "query": "", "reasons": reasons, "by": by, **target, **given}
    )


def test_a_search_by_words_puts_the_likeliest_first_and_says_why_meaning_was_not_asked(provision):
    found = look(provision, instrument="can-act")
    assert found.candidates[0].ref == "art_0"
    assert "art_2" not in [c.ref for c in found.candidates]
    assert (found.provisions, found.methods, found.languages) == (4, ("words",), ("en",))
    assert found.silence in {"not-aligned", "no-model"}


def test_what_is_recorded_says_what_was_searched_how_and_what_was_rejected(provision):
    row = record(provision, account_with("reviewer"), query="label generated")
    assert row.searched["instruments"] == [["can-act", "0" * 64, "full-text"]]
    assert (row.searched["provisions"], row.searched["languages"]) == (4, ["en"])
    assert (row.means["query"], row.means["methods"], row.means["candidates_seen"]) == ("label generated", ["words"], 3)
    assert {r["reason"] for r in row.rejected} == {"CANARY another matter"}
    act = Act.objects.get(type="record-nothing-found")
    payload = zlib.decompress(bytes(act.payload))
    assert (act.office, act.subject) == ("reviewer", f"alignment/instruments/kor-act/{provision.ref}")
    assert json.loads(payload)["candidates_seen"] == 3
    assert b"CANARY" not in bytes(act.body) + payload
    assert b"label generated" not in bytes(act.body) + payload
    (finding,) = findings_of(provisions=[provision], user=None)[provision.pk]
    assert (finding.row.pk, finding.stale) == (row.pk, "")


def test_the_latest_search_of_a_place_is_shown(provision):
    reviewer = account_with("reviewer")
    record(provision, reviewer)
    second = record(provision, reviewer, query="fines")
    whole = record(provision, reviewer, party="CAN")
    assert [f.row.pk for f in findings_of(provisions=[provision], user=None)[provision.pk]] == [whole.pk, second.pk]


@pytest.mark.parametrize(
    "change,stale",
    [
        (lambda p: Instrument.objects.filter(slug="can-act").update(source_sha256="1" * 64), "text"),
        (lambda p: Provision.objects.filter(pk=p.pk).update(text="Another"), "own-text"),
        (lambda p: Instrument.objects.filter(slug="can-act").update(title="Another title"), ""),
    ],
)
def test_it_holds_no_more_once_a_text_is_another(provision, change, stale):
    record(provision, account_with("reviewer"))
    change(provision)
    provision.refresh_from_db()
    (finding,) = findings_of(provisions=[provision], user=None)[provision.pk]
    assert finding.stale == stale


def test_a_search_of_a_party_holds_no_more_once_it_has_another_text(provision):
    record(provision, account_with("reviewer"), party="CAN")
    other = Instrument.objects.get(slug="can-act")
    other.pk, other.slug = None, "can-code"
    other.save()
    (finding,) = findings_of(provisions=[provision], user=None)[provision.pk]
    assert finding.stale == "new-text"


def test_a_confirmed_link_says_otherwise_before_and_after(provision):
    reviewers = [account_with("reviewer", origin=origin) for origin in ("BRA", "KEN")]
    record(provision, reviewers[0])
    b = Provision.objects.get(ref="art_0")
    CrosswalkLink.objects.create(name="x1", a=provision, b=b, suggested="related", maker="t/1", score=1.0)
    for person in reviewers:
        answer_link(name="x1", answer="related", by=person)
    (finding,) = findings_of(provisions=[provision], user=None)[provision.pk]
    assert finding.stale == "link"
    with pytest.raises(Conflict):
        record(provision, reviewers[0])
    assert FruitlessSearch.objects.count() == 1


@pytest.mark.parametrize(
    "given,error",
    [
        ({"reasons": {}}, BadParameter),
        ({"reasons": {"can-act/art_0": "x"}}, BadParameter),
        ({"reasons": {"can-act/art_9": "x"}}, BadParameter),
        ({"query": "x" * 501, "reasons": {}}, BadParameter),
        ({"instrument": "kor-act", "reasons": {}}, BadParameter),
        ({"instrument": "", "reasons": {}}, BadParameter),
        ({"instrument": "", "party": "TUV", "reasons": {}}, BadParameter),
        ({"ref": "none", "reasons": {}}, NotFound),
    ],
)
def test_a_search_that_will_not_do_is_refused_and_nothing_is_written(provision, given, error):
    full = {"slug": "kor-act", "ref": provision.ref, "query": "", "instrument": "can-act", **given}
    with pytest.raises(error):
        record_nothing_found(by=account_with("reviewer"), **full)
    assert (FruitlessSearch.objects.count(), Act.objects.filter(type="record-nothing-found").count()) == (0, 0)


def test_a_reviewer_alone_records_it(provision):
    with pytest.raises(NotPermitted):
        record(provision, account_with("secretariat"))


def test_what_rests_on_a_restricted_text_is_shown_to_nobody_else(provision):
    reviewer = account_with("reviewer")
    Instrument.objects.filter(slug="can-act").update(visibility="members")
    shown = look_for_counterpart(slug="kor-act", ref=provision.ref, query="", instrument="can-act", user=reviewer)
    reasons = {f"can-act/{c.ref}": "other" for c in shown.candidates}
    record_nothing_found(
        slug="kor-act", ref=provision.ref, query="", instrument="can-act", reasons=reasons, by=reviewer
    )
    assert findings_of(provisions=[provision], user=None) == {}
    assert len(findings_of(provisions=[provision], user=reviewer)[provision.pk]) == 1
    assert Act.objects.get(type="record-nothing-found").visibility == "members"


def test_a_person_is_taken_from_their_searches(provision):
    reviewer = account_with("reviewer")
    record(provision, reviewer)
    erase_reviews_of(user=reviewer)
    assert FruitlessSearch.objects.get().reviewer is None
