"""Briefing notes: what a reader takes away cites exactly, keeps apart what is not known, and shows nothing restricted."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml.ns import qn

from comity.platform.alignment.models import CrosswalkLink, Instrument, Provision

pytestmark = pytest.mark.django_db
TOPIC = "/alignment/topics/incident-reporting/briefing"
PAIR = "/alignment/briefing?a=eu-ai-act&b=korea-ai-basic-act"


def read(response) -> docx.document.Document:
    assert response.status_code == 200
    assert "wordprocessingml" in response["Content-Type"]
    return docx.Document(io.BytesIO(response.content))


def text_of(document) -> str:
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_a_note_on_a_topic_says_the_same_as_page_and_as_file(client):
    page = client.get(TOPIC).content.decode()
    document = read(client.get(f"{TOPIC}.docx"))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [
        "How members stand",
        "Common ground",
        "Where they differ: strength of wording",
        "Provisions in which most texts meet",
        "Links that reviewers have confirmed",
        "Links that a machine suggests",
        "What is not known",
        "Sources",
        "Limits",
    ]
    for heading in headings:
        assert f"<h2>{heading}</h2>" in page
    quoted = [p.text for p in document.paragraphs if p.style.name == "Quote"]
    texts = set(Provision.objects.values_list("text", flat=True))
    assert quoted
    assert set(quoted) <= texts
    told = text_of(document)
    for kept_apart in ("Member states it has none", "Searched, not found", "Not in this collection"):
        assert f"{kept_apart} (" in told
    assert "is not a legal interpretation" in told


def test_every_citation_names_the_text_its_date_and_what_it_is(client):
    told = text_of(read(client.get(f"{TOPIC}.docx")))
    assert "European Union, Regulation (EU) 2024/1689" in told
    assert "13 June 2024, in force, our summary, not the law itself." in told
    assert "/alignment/instruments/eu-ai-act/art_73" in told


def test_confirmed_links_and_suggestions_stand_apart(client):
    on_topic = {"a__topic_marks__topic": "incident-reporting", "b__topic_marks__topic": "incident-reporting"}
    kept = CrosswalkLink.objects.filter(**on_topic).first()
    before = text_of(read(client.get(f"{TOPIC}.docx")))
    CrosswalkLink.objects.filter(pk=kept.pk).update(state="confirmed", relation="same")
    after = text_of(read(client.get(f"{TOPIC}.docx")))
    assert "None yet." in before
    assert before.index("Links that a machine suggests") < before.index("Suggested: Related")
    assert "None yet." not in after
    assert after.index("Same content") < after.index("Links that a machine suggests")


def test_a_restricted_text_is_in_no_note_of_one_who_may_not_see_it(client):
    Instrument.objects.filter(slug="eu-ai-act").update(visibility="members")
    for address in (TOPIC, f"{TOPIC}.docx"):
        answer = client.get(address)
        told = text_of(read(answer)) if address.endswith("docx") else answer.content.decode()
        assert "2024/1689" not in told
        assert "EU AI Act" not in told
    assert client.get(PAIR).status_code == 400


def test_a_note_on_two_texts_lists_what_has_no_counterpart(client):
    page = client.get(PAIR).content.decode()
    document = read(client.get(PAIR.replace("briefing?", "briefing.docx?")))
    told = text_of(document)
    assert "Without a counterpart" in told
    between = CrosswalkLink.objects.filter(a__instrument__slug="eu-ai-act", b__instrument__slug="korea-ai-basic-act")
    linked = {k for pair in between.values_list("a", "b") for k in pair}
    alone = Provision.objects.filter(instrument__slug="korea-ai-basic-act").exclude(pk__in=linked).count()
    assert f"{alone} provision" in told
    assert 'href="/alignment/briefing.docx?a=eu-ai-act&amp;b=korea-ai-basic-act"' in page


def test_a_note_in_arabic_says_its_direction_in_every_paragraph_and_keeps_quotes_from_left_to_right(client):
    document = read(client.get(f"{TOPIC}.docx?lang=ar"))
    quotes = [p for p in document.paragraphs if p.style.name == "Quote"]
    own = [p for p in document.paragraphs if p.style.name != "Quote" and p.text]
    assert all(p._p.pPr is not None and p._p.pPr.find(qn("w:bidi")) is not None for p in own)
    assert all(p._p.pPr.find(qn("w:bidi")) is None for p in quotes)
    assert all(t._tbl.tblPr.find(qn("w:bidiVisual")) is not None for t in document.tables)


@pytest.mark.parametrize(
    "address, status",
    [
        ("/alignment/topics/none/briefing", 404),
        ("/alignment/topics/none/briefing.docx", 404),
        ("/alignment/briefing", 400),
        ("/alignment/briefing?a=eu-ai-act&b=eu-ai-act", 400),
        ("/alignment/briefing.docx?a=eu-ai-act&b=nothing", 400),
    ],
)
def test_what_no_note_can_be_made_of_is_refused(client, address, status):
    assert client.get(address).status_code == status
