"""Pages of documents and elections: texts in their languages, forms that keep what was typed, and who sees what."""

from __future__ import annotations

import hashlib
import html

import pytest
from django.core.cache import cache
from django.test import Client

from comity.platform.decisions.models import Document, DocumentVersion, ElectionResult
from support.decisions import ENGLISH, FRENCH, make_document, results_published
from support.dialogue import make_dialogue
from support.pages import page, signed_in
from support.parties import make_body, today

pytestmark = pytest.mark.django_db
ARABIC = ("مراجعة مستقلة", "تجري كل دولة عضو مراجعة.")
TABLED = {
    "body": "oversight",
    "slug": "review",
    "symbol": "C/3/L.7",
    "sponsors": ["m1", "m2"],
    "title_en": ENGLISH[0],
    "text_en": ENGLISH[1].replace("\n", "\r\n"),
    "title_ar": ARABIC[0],
    "text_ar": ARABIC[1],
    "authentic": ["ar", "en", "fr"],
    "required": ["en", "fr"],
    "visibility": "public",
}
RECORDED = {
    "body": "assembly",
    "slug": "chair",
    "office_en": "Chair",
    "system": "Paper",
    "counts": "Candidate: One: 3\nCandidate Two: 0",
    "cast": "4",
    "invalid": "1",
    "seats": "1",
    "elected": "Candidate: One",
    "tellers": ["m1"],
    "statement": "Three votes.",
    "authority": "Rule 92",
    "visibility": "public",
}


@pytest.fixture(autouse=True)
def _body():
    cache.clear()
    make_body()


def test_a_document_is_tabled_in_a_form_and_shown_in_its_languages():
    client = signed_in("secretariat")
    assert "Go on" in page(client, "/decisions/documents/new")
    assert 'name="sponsors" value="m2"' in page(client, "/decisions/documents/new?body=oversight")
    made = client.post("/decisions/documents/new", TABLED)
    assert made["Location"] == "/decisions/documents/review"
    shown = page(Client(), "/decisions/documents/review")
    assert f'<h1 lang="en" dir="ltr">{ENGLISH[0]}</h1>' in shown
    assert "<p>Each member shall review.</p><p>Nothing limits a stricter rule.</p>" in shown
    for said in ("C/3/L.7", "Member 1", "Member 2", "awaited"):
        assert said in shown
    arabic = page(Client(), "/decisions/documents/review?language=ar")
    assert f'<h1 lang="ar" dir="rtl">{ARABIC[0]}</h1>' in arabic
    assert '<div class="law stack-s" lang="ar" dir="rtl">' in arabic


def test_the_file_of_a_text_has_the_digest_that_its_page_states():
    make_document()
    answer = Client().get("/decisions/documents/review/1/en.txt")
    digest = hashlib.sha256(answer.content).hexdigest()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert " ".join(digest[i : i + 4] for i in range(0, 64, 4)) in page(Client(), "/decisions/documents/review/1")
    page(Client(), "/decisions/documents/review/1/fr.txt", status=404)
    page(Client(), "/decisions/documents/review/2", status=404)
    page(Client(), "/decisions/documents/none", status=404)


def test_what_was_typed_is_kept_where_a_document_is_refused():
    client = signed_in("secretariat")
    refused = client.post(
        "/decisions/documents/new", TABLED | {"symbol": "L7", "text_fr": "Chaque membre.", "title_fr": "Examen"}
    )
    shown = html.unescape(refused.content.decode())
    assert refused.status_code == 400
    assert "such as C/3/L.7" in shown
    for said in ("Each member shall review.", "Chaque membre.", ARABIC[1], 'value="L7"', 'value="m2" checked'):
        assert said in shown
    assert not Document.objects.exists()
    unseen = client.post("/decisions/documents/new", TABLED | {"cites_wasDerivedFrom": "dialogue/none"})
    assert unseen.status_code == 400
    assert not Document.objects.exists()


def test_a_document_shows_what_it_cites_with_its_address():
    results_published(make_dialogue(people="nobody"))
    client = signed_in("secretariat")
    client.post("/decisions/documents/new", TABLED | {"cites_wasDerivedFrom": "https://x.example/dialogue/stop\n"})
    assert '<a href="/dialogue/stop" dir="ltr">dialogue/stop</a>' in page(Client(), "/decisions/documents/review")
    assert "decisions/documents/review" in page(Client(), "/record/chain/dialogue/stop")


def test_the_next_version_is_issued_over_the_text_as_it_stands():
    make_document()
    client = signed_in("secretariat")
    shown = page(client, "/decisions/documents/review/issue")
    assert '<option value="C/3/L.7/Rev.1" selected>' in shown
    assert '<option value="C/3/L.7/Amend.1">' in shown
    assert ENGLISH[1] in shown
    given = {
        "do": "version",
        "symbol": "C/3/L.7/Rev.1",
        "note": "Second reading",
        "title_en": "Review",
        "text_en": "Each may.",
    }
    sent = client.post("/decisions/documents/review/issue", given | {"authentic": "en", "required": "en"})
    assert sent["Location"] == "/decisions/documents/review/2"
    assert "Each may." in page(Client(), "/decisions/documents/review")
    earlier = page(Client(), "/decisions/documents/review/1")
    assert "This is an earlier version, kept as it stood." in earlier
    assert "Second reading" in earlier
    wrong = client.post("/decisions/documents/review/issue", given | {"authentic": "en", "required": "en"})
    assert wrong.status_code == 400
    assert "Each may." in wrong.content.decode()
    assert DocumentVersion.objects.count() == 2


def test_a_translator_issues_a_translation_which_says_what_it_is_worth():
    make_document()
    client = signed_in("translator")
    shown = page(client, "/decisions/documents/review/issue")
    assert "Issue the next version" not in shown
    given = {"do": "text", "of": "C/3/L.7", "language": "sw", "one_title": "Mapitio", "one_text": "Kila mwanachama."}
    assert client.post("/decisions/documents/review/issue", given | {"standing": "authentic"}).status_code == 403
    assert client.post("/decisions/documents/review/issue", given | {"do": "version"}).status_code == 403
    assert client.post("/decisions/documents/review/issue", given)["Location"] == "/decisions/documents/review/1"
    assert "Only the authentic texts count." in page(Client(), "/decisions/documents/review/1?language=sw")
    for role in ("chair", "head", "reviewer"):
        assert signed_in(role).get("/decisions/documents/review/issue").status_code == 403


def test_a_document_of_the_committee_is_there_for_the_committee_alone():
    make_document(visibility="committee", texts={"en": ("Secret review", "Secret text."), "fr": FRENCH})
    addresses = ("", "/1", "/1/en.txt", "/issue")
    for client in (Client(), signed_in("head", member="m3"), signed_in("reviewer")):
        for address in addresses:
            assert client.get(f"/decisions/documents/review{address}").status_code == 404
        assert "Secret" not in page(client, "/decisions/documents")
    delegate = signed_in("delegate")
    assert "Secret text." in page(delegate, "/decisions/documents/review")
    assert "Secret review" in page(delegate, "/decisions/documents?body=oversight")


def test_lists_show_the_symbol_of_the_text_as_it_stands():
    make_document()
    listed = page(Client(), "/decisions/documents")
    assert '<bdi dir="ltr">C/3/L.7</bdi>' in listed
    assert "Table a document" not in listed
    assert "No document stands here yet." in page(Client(), "/decisions/documents?body=other")
    assert Client().get("/decisions/documents?body=none").status_code == 400


def test_an_election_is_recorded_and_says_that_no_secret_vote_is_counted_here():
    client = signed_in("secretariat")
    given = RECORDED | {"held_on": str(today()), "held_at": "00:00"}
    assert "https://www.belenios.org" in page(client, "/decisions/elections/new?body=assembly")
    assert client.post("/decisions/elections/new", given)["Location"] == "/decisions/elections/chair"
    shown = page(Client(), "/decisions/elections/chair")
    for said in ("No secret vote is cast or counted here.", "https://www.belenios.org", "Candidate: One", "Member 1"):
        assert said in shown
    assert "No secret vote is cast or counted here." in page(Client(), "/decisions/elections")


def test_sums_that_do_not_fit_are_told_and_what_was_typed_is_kept():
    client = signed_in("secretariat")
    given = RECORDED | {"held_on": str(today()), "held_at": "00:00"}
    for wrong in ({"cast": "3"}, {"counts": "Candidate: One 3"}, {"tellers": []}, {"held_on": "yesterday"}):
        refused = client.post("/decisions/elections/new", given | wrong)
        assert refused.status_code == 400
        assert "Three votes." in refused.content.decode()
    assert not ElectionResult.objects.exists()
    assert signed_in("chair").get("/decisions/elections/new").status_code == 403
    page(Client(), "/decisions/elections/none", status=404)
