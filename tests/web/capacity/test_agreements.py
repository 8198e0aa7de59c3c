"""Agreements, seats and activities in a browser with no scripts."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.platform.capacity.agreements import PromiseGiven, enter_agreement
from comity.platform.capacity.models import Agreement, Application, ContextActivity, ProgressReport
from support.deliveries import DAY, a_commitment, a_need, an_iati_file, an_offer, speaker
from support.pages import page, signed_in, signed_in_as
from support.parties import SET_UP, make_body, today

pytestmark = pytest.mark.django_db
GIVEN = {
    "body": "oversight",
    "slug": "declaration",
    "title_en": "Declaration on shared compute",
    "kind": "bilateral",
    "party": ["m1", "m2"],
    "source": "decisions/documents/declaration",
    "visibility": "public",
    "text-1": "Give 150 expert days",
    "owner-1": "m2",
    "due-1": "2027-06-30",
    "target-1": "150",
}


@pytest.fixture(autouse=True)
def _clean():
    cache.clear()
    make_body()


def a_file(text: str, name="promises.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def an_agreement(**about) -> Agreement:
    given = {"texts": {"en": "Give 150 expert days"}, "owner": "m2", "due_on": today() - DAY, **about}
    return enter_agreement(
        slug="declaration",
        body="oversight",
        kind="bilateral",
        titles={"en": "Declaration on shared compute"},
        parties=["m1", "m2"],
        promises=[PromiseGiven(**given)],
        by=SET_UP,
    )


def test_an_agreement_is_entered_with_typed_promises_and_a_file_of_them():
    client = signed_in("secretariat")
    assert "Kind" in page(client, "/capacity/agreements/new?body=oversight")
    file = a_file("Promise,Owner,Due date\nOpen a laboratory,Member 1,2027-01-31\n")
    assert client.post("/capacity/agreements/new", {**GIVEN, "file": file}).status_code == 302
    shown = page(Client(), "/capacity/agreements/declaration")
    assert [t in shown for t in ("Give 150 expert days", "Open a laboratory", "31 January 2027")] == [True] * 3
    assert 'href="/decisions/documents/declaration"' in shown
    assert "Declaration on shared compute" in page(Client(), "/capacity/agreements/")


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"owner-1": ""}, "Owner"),
        ({"kind": "pact"}, "Kind"),
        ({"party": ["m1"]}, "Parties"),
        ({"due-1": "soon"}, "due-1"),
        ({"source": "javascript:alert(1)"}, "The text it is taken from"),
        ({"file": "Promise,Owner\nGive,Nobody\n"}, "B2 (Owner)"),
        ({"file": "nothing of use"}, "titles of the columns"),
    ],
)
def test_an_agreement_that_is_refused_comes_back_filled_in(changed, said):
    client = signed_in("secretariat")
    given = {**GIVEN, **changed}
    if "file" in changed:
        given["file"] = a_file(changed["file"])
    answer = client.post("/capacity/agreements/new", given)
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert said in shown
    assert "Give 150 expert days" in shown
    assert not Agreement.objects.exists()


def test_nobody_but_the_secretariat_has_the_form():
    for client in (Client(), signed_in("head"), signed_in("chair")):
        assert client.get("/capacity/agreements/new").status_code in {302, 403}
        assert client.post("/capacity/agreements/new", GIVEN).status_code in {302, 403}
    assert not Agreement.objects.exists()


def test_an_owner_explains_in_its_own_words_why_a_promise_is_late():
    an_agreement()
    owner, address = signed_in_as(speaker("m2")), "/capacity/agreements/declaration/1"
    assert "Late" in page(Client(), "/capacity/agreements/declaration")
    assert "say what became of it" in page(owner, "/delegation/")
    refused = owner.post(address, {"do": "report", "state": "done", "explanation": "We wait for the hall."})
    assert (refused.status_code, "We wait for the hall." in refused.content.decode()) == (400, True)
    given = {
        "do": "report",
        "state": "running",
        "value": "60",
        "language": "en",
        "explanation": "We wait for the hall.",
    }
    assert owner.post(address, given).status_code == 302
    shown = page(Client(), address)
    assert "We wait for the hall." in shown
    assert 'id="report"' not in shown
    assert signed_in_as(speaker("m1")).post(address, given).status_code == 403
    assert ProgressReport.objects.count() == 1
    page(Client(), "/capacity/agreements/declaration/2", status=404)


def test_what_serves_a_promise_is_named_by_its_address():
    an_agreement()
    offer = an_offer()
    given = {"state": "running", "language": "en", "offers": f"https://comity.example.org/{offer.reference}"}
    assert signed_in_as(speaker("m2")).post("/capacity/agreements/declaration/1", given).status_code == 302
    a_commitment(offer=offer)
    assert "Arrived: 0 of 150 days" in page(Client(), "/capacity/agreements/declaration")


def test_an_agreement_is_ended_with_a_tick():
    an_agreement()
    client = signed_in("secretariat")
    assert client.post("/capacity/agreements/declaration", {"do": "end"}).status_code == 400
    assert client.post("/capacity/agreements/declaration", {"do": "end", "sure": "yes"}).status_code == 302
    assert Agreement.objects.get().ended_at is not None


def test_seats_go_from_a_proposal_to_a_choice_and_are_seen_by_those_who_may():
    offer = an_offer(criteria=[{"code": "use", "names": {"en": "Use at home"}, "most": 10}])
    a_commitment(need=a_need(shown_to="providers"), offer=offer, units=1)
    address = f"/{offer.reference}/applications"
    member, provider = signed_in_as(speaker("m1")), signed_in_as(speaker("m2"))
    assert member.post(address, {"do": "propose", "name": "CANARY", "grounds": "Five years."}).status_code == 302
    number = Application.objects.get().pk
    assert provider.post(address, {"do": "choose", "sure": "yes", "chosen": number}).status_code == 409
    assert provider.post(address, {"do": "points", "number": number}).status_code == 400
    assert provider.post(address, {"do": "points", "number": number, "p-use": "7"}).status_code == 302
    shown = [re.sub(r"<[^>]+>", "", page(client, address)) for client in (provider, member)]
    assert ["Use at home: 7" in text for text in shown] == [True, False]
    assert provider.post(address, {"do": "choose", "sure": "yes", "chosen": number}).status_code == 302
    assert "Use at home: 7" in re.sub(r"<[^>]+>", "", page(member, address))
    assert provider.post(address, {"do": "completed", "number": number}).status_code == 302
    assert member.post(address, {"do": "next", "number": number, "did_next": "Leads audits."}).status_code == 302
    assert Application.objects.get().state == "completed"
    for client in (Client(), signed_in("chair"), signed_in("expert")):
        page(client, address, status=404)
    links = [f'href="{address}"' in page(client, f"/{offer.reference}") for client in (member, provider, Client())]
    assert links == [True, True, False]
    assert member.post(address, {"do": "erase", "number": number}).status_code == 400
    assert member.post(address, {"do": "erase", "number": number, "sure": "yes"}).status_code == 302
    assert "CANARY" not in page(provider, address)


def test_activities_of_others_are_taken_in_by_the_secretariat_and_the_bad_ones_named():
    client = signed_in("secretariat")
    bad = b"<iati-activity><iati-identifier>XM-1-bad</iati-identifier></iati-activity></iati-activities>"
    content = an_iati_file().replace(b"</iati-activities>", bad)
    sent = SimpleUploadedFile("donor.xml", content, content_type="application/xml")
    shown = client.post("/capacity/activities/", {"file": sent}, follow=True).content.decode()
    assert "XM-1-bad" in shown
    assert "XM-EX-1-round-1" in page(Client(), "/capacity/activities/")
    assert "XM-EX-1-round-1" not in page(Client(), "/capacity/activities/?country=zz")
    assert client.post("/capacity/activities/", {"file": a_file("no xml")}).status_code == 400
    assert client.post("/capacity/activities/", {}).status_code == 400
    head = signed_in("head")
    assert head.post("/capacity/activities/", {"file": a_file("x")}).status_code == 403
    assert ContextActivity.objects.count() == 1


def test_the_iati_file_is_fetched_once_while_nothing_changes(settings):
    settings.IATI_REPORTER = "XM-EX-1"
    assert Client().get("/capacity/iati.xml").status_code == 409
    a_commitment()
    first = Client().get("/capacity/iati.xml")
    assert (first.status_code, first["Content-Type"]) == (200, "application/xml; charset=utf-8")
    again = Client().get("/capacity/iati.xml", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    settings.IATI_REPORTER = ""
    assert Client().get("/capacity/iati.xml").status_code == 409
