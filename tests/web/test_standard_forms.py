"""Akoma Ntoso and OSCAL from the web: valid, of what one may see alone, and linked from the pages that show the same."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from comity.adapters.readers.law_xml import read_law_xml
from comity.engines.alignment.segmentation import segment_articles
from comity.platform.alignment.models import CrosswalkLink, Instrument, Provision
from comity.platform.alignment.readings import give_reading
from comity.platform.parties.models import Member
from support import akoma_schema, oscal_schema
from support.links import decide
from support.parties import account_with, make_body

pytestmark = pytest.mark.django_db
AKOMA = "/alignment/instruments/eu-ai-act.xml"
PAIR = "/alignment/oscal-mapping.json?a={}&b={}"
A, B = "eu-ai-act", "korea-ai-basic-act"


def mapping(client, a=A, b=B):
    response = client.get(PAIR.format(a, b))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json; charset=utf-8"
    return oscal_schema.validated(response.json())


def entries(collection):
    return [(m["status"], e) for m in collection["mappings"] for e in m["maps"]]


def props(entry):
    return {p["name"]: (p["value"], p.get("remarks")) for p in entry["props"]}


def test_an_instrument_comes_as_akoma_ntoso_with_what_people_coded(client):
    response = client.get(AKOMA)
    assert response["Content-Type"] == "application/akn+xml; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="eu-ai-act.xml"'
    text = response.content.decode()
    root = akoma_schema.validated(text)
    assert root.xpath("//c:instrument/@summary", namespaces=akoma_schema.NAMES) == ["true"]
    assert set(root.xpath("//c:provision/@state", namespaces=akoma_schema.NAMES)) == {"named"}
    rows = Provision.objects.filter(instrument__slug="eu-ai-act").order_by("position")
    _, articles, _, language, facts, _ = read_law_xml(text=text, shown="eu-ai-act.xml")
    found = segment_articles(articles=articles, language=language)
    assert [(s.ref, s.label, s.heading, s.text) for s in found] == [(r.ref, r.label, r.heading, r.text) for r in rows]
    assert (facts["summary"], facts["party"], facts["kind"]) == (True, "EU", "regulation")


def test_what_a_machine_proposed_is_marked_so(client):
    row = Provision.objects.filter(instrument__slug="eu-ai-act").order_by("position").first()
    row.topics_by, row.modality_by, row.addressees_by = "topics-ridge/1", "strength-words/1", "addressees-words/1"
    row.save()
    row.topic_marks.update(chance=0.75)
    root = akoma_schema.validated(client.get(AKOMA).content.decode())
    told = root.xpath(f"//c:provision[@href='#{row.ref}']", namespaces=akoma_schema.NAMES)
    marks = [m.topic_id for m in row.topic_marks.all()]
    assert [dict(p.attrib) for p in told] == [
        {"href": f"#{row.ref}", "state": "suggested", **said}
        for said in (
            {"addressees": " ".join(row.addressees)},
            {"strength": row.modality},
            {"topics": " ".join(marks), "chances": " ".join(["0.750"] * len(marks))},
        )
    ]
    assert not root.xpath(f"//*[@eId='{row.ref}']/@refersTo")


def test_the_links_of_two_texts_come_as_a_mapping_of_suggestions(client):
    collection = mapping(client)
    links = CrosswalkLink.objects.filter(a__instrument__slug=A, b__instrument__slug=B)
    assert sorted((e["sources"][0]["id-ref"], e["targets"][0]["id-ref"]) for _, e in entries(collection)) == sorted(
        links.values_list("a__ref", "b__ref")
    )
    assert {status for status, _ in entries(collection)} == {"draft"}
    hrefs = [r["rlinks"][0]["href"] for r in collection["back-matter"]["resources"]]
    assert hrefs == [f"http://testserver/alignment/instruments/{slug}.xml" for slug in (A, B)]
    assert client.get(hrefs[0]).status_code == 200
    assert mapping(client) == collection


def test_a_confirmed_link_stands_apart_and_is_turned_with_the_texts(client):
    link = CrosswalkLink.objects.filter(a__instrument__slug=A, b__instrument__slug=B).first()
    before = timezone.now().replace(microsecond=0)
    decide(name=link.name, answer="broader", by=account_with("reviewer"))
    [(status, entry)] = [e for e in entries(mapping(client)) if e[0] != "draft"]
    assert (status, entry["relationship"]) == ("not-complete", "superset-of")
    assert (entry["sources"][0]["id-ref"], entry["targets"][0]["id-ref"]) == (link.a.ref, link.b.ref)
    turned = mapping(client, B, A)
    [(_, entry)] = [e for e in entries(turned) if e[0] != "draft"]
    assert (entry["relationship"], entry["sources"][0]["id-ref"]) == ("subset-of", link.b.ref)
    assert dt.datetime.fromisoformat(turned["metadata"]["last-modified"]) >= before


def test_a_disputed_link_is_said_to_be_one(client):
    link = CrosswalkLink.objects.filter(a__instrument__slug=A, b__instrument__slug=B).first()
    CrosswalkLink.objects.filter(pk=link.pk).update(state="disputed")
    told = [(e["sources"][0]["id-ref"], props(e)["state"][0]) for _, e in entries(mapping(client))]
    assert [ref for ref, state in told if state == "disputed"] == [link.a.ref]


def test_a_rejected_link_is_left_out(client):
    links = CrosswalkLink.objects.filter(a__instrument__slug=A, b__instrument__slug=B)
    link = links.first()
    decide(name=link.name, answer="none", by=account_with("reviewer"))
    assert len(entries(mapping(client))) == links.count() - 1


def test_a_member_is_heard_beside_the_link_on_its_law(client):
    make_body()
    Member.objects.filter(slug="m1").update(country="KOR")
    link = CrosswalkLink.objects.filter(a__instrument__slug=A, b__instrument__slug=B).first()
    give_reading(name=link.name, member="m1", reading="differs", text="It covers more.", by=account_with("head"))
    heard = [props(e)["member-reading"] for _, e in entries(mapping(client)) if "member-reading" in props(e)]
    assert heard == [("KOR: differs", "It covers more.")]


def test_a_mapping_without_a_link_is_not_found(client):
    CrosswalkLink.objects.all().delete()
    assert client.get(PAIR.format(A, B)).status_code == 404
    page = client.get(f"/alignment/side-by-side?a={A}&b={B}").content.decode()
    assert "oscal-mapping.json" not in page


@pytest.mark.parametrize("a, b", [(A, A), (A, "nowhere"), ("", ""), (A, "%00")])
def test_two_texts_are_asked_for(client, a, b):
    assert client.get(PAIR.format(a, b)).status_code == 400


def test_what_one_may_not_see_is_not_handed_out(client):
    assert client.get("/alignment/instruments/nowhere.xml").status_code == 404
    Instrument.objects.filter(slug=A).update(visibility="members")
    assert client.get(AKOMA).status_code == 404
    assert client.get(PAIR.format(A, B)).status_code == 400


def test_the_pages_lead_to_the_files(client):
    assert f'href="{AKOMA}"' in client.get("/alignment/instruments/eu-ai-act").content.decode()
    page = client.get(f"/alignment/side-by-side?a={A}&b={B}").content.decode()
    assert f'href="{PAIR.format(A, B).replace("&", "&amp;")}"' in page
    listed = client.get("/alignment/downloads").content.decode()
    assert "Akoma Ntoso 3.0" in listed
    assert "OSCAL" in listed
