"""Needs and offers in a browser with no scripts: lists, pages, forms that come back filled in, files, spreadsheets, what is counted."""

from __future__ import annotations

import io
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.adapters.sheet_writing import write_sheet
from comity.platform.capacity import attachments, needs, offers, prepared, resources
from comity.platform.capacity.attachments import attach_file
from comity.platform.capacity.models import Need, Offer, Resource
from comity.platform.capacity.questions import ask_about
from comity.platform.capacity.sheets import columns_of
from comity.platform.parties import preparing
from comity.platform.parties.models import Member
from comity.web import words_of_needs
from support.contributions import (
    DAYS,
    a_person,
    draft_need,
    draft_offer,
    make_resource,
    open_need,
    open_offer,
    round_with,
)
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PDF = b"%PDF-1.7\n%%EOF\n"
CANARY = "Canary Republic"


@pytest.fixture(autouse=True)
def _no_count():
    cache.clear()


def signed_in(who) -> Client:
    client, user = Client(), account_with(who) if isinstance(who, str) else who
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user, backend=BACKEND)
    return client


def page(client, path, status=200) -> str:
    response = client.get(f"/capacity/{path}")
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def send(client, path, status=200, **given) -> str:
    response = client.post(f"/capacity/{path}", given, follow=True)
    assert response.status_code == status, response.content.decode()[-3000:]
    return response.content.decode()


def seen_in(html: str) -> str:
    return re.search(r'name="on" value="([^"]+)"', html)[1].replace("&#x27;", "'")


NEED = {
    "title_en": "Advice on a data law",
    "title_fr": "Conseil sur une loi",
    "purpose_en": "To draft it.",
    "resource": DAYS,
    "units": "20.5",
    "languages": ["fr", "en"],
    "wanted_by": "2027-05-01",
    "shown_to": "providers",
    "note": "Cable 4.",
}


def test_a_delegation_states_a_need_clears_and_sends_it():
    make_resource()
    head, capital = signed_in(a_person()), signed_in("capital")
    assert "State a need" in page(head, "needs/")
    html = send(head, "needs/new", **NEED)
    need = Need.objects.get()
    assert (need.titles, need.units, need.languages, need.note) == (
        {"en": "Advice on a data law", "fr": "Conseil sur une loi"},
        20.5,
        ["en", "fr"],
        "Cable 4.",
    )
    assert "It awaits clearance by your capital" in html
    assert 'value="send"' not in html
    html = page(capital, f"needs/{need.slug}")
    assert "20.5" in html
    html = send(capital, f"needs/{need.slug}", do="clear", on=seen_in(html))
    assert "It is cleared." in html
    html = page(head, f"needs/{need.slug}")
    assert "of your country only once" in html
    html = send(head, f"needs/{need.slug}", do="send", on=seen_in(html))
    assert "It is sent." in html
    need.refresh_from_db()
    assert (need.state, need.shown_to) == ("open", "providers")


@pytest.mark.parametrize(
    "changed,said",
    [
        ({"title_en": "", "title_fr": ""}, "Title is"),
        ({"units": "-3"}, "How much is"),
        ({"wanted_by": "soon"}, "Wanted by is"),
        ({"shown_to": ""}, "Who sees it once it is sent is"),
        ({"resource": "none"}, "Resource is"),
        ({"purpose_en": "x" * 4001}, "What it is for is"),
    ],
)
def test_a_refused_form_comes_back_as_it_was_filled_in(changed, said):
    make_resource()
    head = signed_in(a_person())
    given = {**NEED, **changed}
    html = send(head, "needs/new", status=400, **given)
    assert Need.objects.count() == 0
    assert said in html
    assert "Cable 4." in html
    assert 'value="fr" checked' in html
    assert (">To draft it.<" in html) is ("purpose_en" not in changed)
    made = draft_need()
    seen = seen_in(page(head, f"needs/{made.slug}/change"))
    html = send(head, f"needs/{made.slug}/change", status=400, **{**NEED, "units": "no"}, on=seen)
    assert "How much is" in html


def test_a_change_is_seen_by_the_delegation_alone_until_it_is_sent():
    need, head = open_need(shown_to="public"), signed_in(a_person())
    html = page(head, f"needs/{need.slug}/change")
    html = send(head, f"needs/{need.slug}/change", **{**NEED, "shown_to": "public"}, on=seen_in(html))
    assert "What it will be" in html
    assert "Conseil sur une loi" in html
    assert "Conseil sur une loi" not in page(Client(), f"needs/{need.slug}")
    html = send(head, f"needs/{need.slug}", do="send", on=seen_in(html))
    assert "What it will be" not in html
    assert "Conseil sur une loi" in page(Client(), f"needs/{need.slug}")


def test_who_acts_on_an_old_page_is_told_and_nothing_is_done():
    need, head = draft_need(), signed_in(a_person())
    seen = seen_in(page(head, f"needs/{need.slug}"))
    send(head, f"needs/{need.slug}/change", **NEED, on=seen)
    html = send(head, f"needs/{need.slug}", status=409, do="send", on=seen)
    assert "changed since you opened the page" in html
    need.refresh_from_db()
    assert need.state == "draft"


def test_a_need_is_shown_to_fewer_closed_withdrawn_and_put_away():
    head = signed_in(a_person())
    need = open_need(shown_to="public")
    html = page(head, f"needs/{need.slug}")
    assert "What was public stays known" in html
    html = send(head, f"needs/{need.slug}", do="show", shown_to="secretariat", on=seen_in(html))
    assert "This need was public before" in html
    page(Client(), f"needs/{need.slug}", status=404)
    send(head, f"needs/{need.slug}", status=400, do="withdraw", on=seen_in(html))
    send(head, f"needs/{need.slug}", do="withdraw", sure="yes", on=seen_in(html))
    other = open_need()
    send(head, f"needs/{other.slug}", do="close", on=seen_in(page(head, f"needs/{other.slug}")))
    states = Need.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["withdrawn", "closed"]
    made = draft_need()
    html = send(head, f"needs/{made.slug}", do="drop", on=seen_in(page(head, f"needs/{made.slug}")))
    assert "<h1>Needs</h1>" in html
    frozen = open_need()
    round_with(needs=[frozen])
    html = page(head, f"needs/{frozen.slug}")
    assert "A round that is not decided yet holds it" in html
    assert "Prepare a change" not in html


def test_a_provider_asks_without_a_name_and_the_member_answers():
    need, provider, head = open_need(), signed_in(a_person("m2")), signed_in(a_person())
    open_offer("m2")
    html = page(provider, f"needs/{need.slug}")
    assert "Member not shown" in html
    assert "it does not learn who you are" in html
    html = send(provider, f"needs/{need.slug}", status=400, do="ask", member="m2", text="?")
    assert ">?</textarea>" in html
    send(provider, f"needs/{need.slug}", do="ask", member="m2", text="Which ministry leads?")
    html = page(head, f"needs/{need.slug}")
    assert "A possible provider asks" in html
    assert "Member 2" not in html
    send(head, f"needs/{need.slug}", do="answer", number="1", text="Justice.", language="en")
    assert "Justice." in page(provider, f"needs/{need.slug}")
    page(signed_in(a_person("m3")), f"needs/{need.slug}", status=404)


def test_a_file_is_put_beside_a_need_and_given_out_as_a_download_alone():
    need, head = draft_need(), signed_in(a_person())
    file = SimpleUploadedFile("Plan (2).pdf", PDF, content_type="text/html")
    html = page(head, f"needs/{need.slug}")
    html = send(head, f"needs/{need.slug}", do="attach", file=file, on=seen_in(html))
    assert "Plan (2).pdf" in html
    response = head.get(f"/capacity/needs/{need.slug}/files/Plan (2).pdf")
    assert (response.content, response["Content-Type"], response["X-Content-Type-Options"]) == (
        PDF,
        "application/pdf",
        "nosniff",
    )
    assert response["Content-Disposition"] == 'attachment; filename="Plan (2).pdf"'
    assert Client().get(f"/capacity/needs/{need.slug}/files/Plan (2).pdf").status_code == 404
    bad = SimpleUploadedFile("page.html", b"<script>alert(1)</script>")
    html = send(head, f"needs/{need.slug}", status=400, do="attach", file=bad, on=seen_in(html))
    assert "File is" in html
    large = SimpleUploadedFile("large.pdf", b"%PDF-" + b"x" * 2_000_000)
    send(head, f"needs/{need.slug}", status=400, do="attach", file=large, on="")
    html = page(head, f"needs/{need.slug}")
    html = send(head, f"needs/{need.slug}", do="take-away", name="Plan (2).pdf", on=seen_in(html))
    assert not need.attachments.exists()


def test_who_is_not_signed_in_sends_no_file():
    need = open_need(shown_to="public")
    response = Client().post(f"/capacity/needs/{need.slug}", {"do": "attach", "file": SimpleUploadedFile("a.pdf", PDF)})
    assert response.status_code == 413


OFFER = {
    "title_en": "A course on audits",
    "resource": DAYS,
    "units": "60",
    "per_member": "10",
    "to_groups": ["LDC", "SIDS"],
    "languages": ["en"],
    "begins_on": "2027-01-01",
    "ends_on": "2027-06-30",
    "conditions_en": "Travel is paid by the recipient.",
    "licence": "CC-BY-4.0",
    "criteria": "post | 10 | Holds a public post\nplan | 5 | Has a plan",
    "apply_until": "2027-02-01",
    "indivisible": "yes",
    "visibility": "members",
    "slug": "audit-course",
}


def test_a_delegation_makes_changes_and_withdraws_an_offer():
    make_resource()
    head = signed_in(a_person("m2"))
    html = send(head, "offers/new", **OFFER)
    offer = Offer.objects.get(slug="audit-course")
    assert [c["code"] for c in offer.criteria] == ["post", "plan"]
    assert (offer.indivisible, offer.per_member, offer.apply_until.hour) == (True, 10, 18)
    html = send(head, "offers/audit-course", do="send", on=seen_in(html))
    assert "The offer is made." in html
    assert "Holds a public post: at most 10 points" in html
    page(Client(), "offers/audit-course", status=404)
    assert "Small island" in page(signed_in(a_person("m3")), "offers/audit-course")
    html = page(head, "offers/audit-course/change")
    assert "post | 10 | Holds a public post" in html
    html = send(head, "offers/audit-course/change", **{**OFFER, "units": "70"}, on=seen_in(html))
    assert "What it will be" in html
    send(head, "offers/audit-course", do="send", on=seen_in(html))
    html = page(head, "offers/audit-course")
    send(head, "offers/audit-course", status=400, do="withdraw", on=seen_in(html))
    send(head, "offers/audit-course", do="withdraw", sure="yes", on=seen_in(html))
    offer.refresh_from_db()
    assert (offer.units, offer.state, offer.version) == (70, "withdrawn", 2)


@pytest.mark.parametrize(
    "changed,said",
    [
        ({"criteria": "post, 10"}, "Criteria for applicants is"),
        ({"ends_on": "2026-01-01"}, "Until is"),
        ({"per_member": "61"}, "At most for one member is"),
        ({"slug": "new"}, "Name in its address"),
    ],
)
def test_a_refused_offer_comes_back_as_it_was_filled_in(changed, said):
    make_resource()
    html = send(signed_in(a_person("m2")), "offers/new", status=400, **{**OFFER, **changed})
    assert said in html
    assert 'value="SIDS" checked' in html
    assert Offer.objects.count() == 0


@pytest.mark.parametrize("path", ["needs/new", "offers/new", "needs/sheet", "offers/sheet", "needs/mine.xlsx"])
@pytest.mark.parametrize("who,status", [("public", 302), ("secretariat", 403), ("chair", 403), ("observer", 403)])
def test_only_a_delegation_prepares(path, who, status):
    make_resource()
    client = Client() if who == "public" else signed_in(who)
    page(client, path, status=status)


def test_the_focal_point_of_a_member_with_seats_in_two_bodies_chooses_one():
    make_resource()
    make_resource("gpu", body="oversight", name="Computing", unit="GPU hours")
    focal = signed_in("focal-point")
    assert "Member 1: Assembly" in page(focal, "needs/new")
    html = page(focal, "needs/new?for=oversight/m1")
    assert "Computing (GPU hours)" in html
    assert "Expert time" not in html
    page(focal, "needs/new?for=oversight/m2", status=400)


def test_the_lists_show_each_reader_what_it_may_see_and_count_nothing_else():
    open_offer("m2")
    Member.objects.filter(slug="m1").update(names={"en": CANARY})
    hidden = [open_need(shown_to=shown, titles={"en": f"Canary {shown}"}) for shown in ("secretariat", "providers")]
    draft_need(shown_to="public", titles={"en": "Canary draft"})
    open_need("m3", shown_to="public", titles={"en": "Plain title"})
    for client in (Client(), signed_in(a_person("m4"))):
        html = page(client, "needs/")
        assert "Plain title" in html
        assert "Canary" not in html
        assert "Canary" not in page(client, "needs/public.csv")
        assert "Canary" not in page(client, f"needs/?resource={DAYS}&tongue=ar")
    html = page(signed_in(a_person("m2")), "needs/")
    assert ("Canary providers" in html, CANARY in html, "Canary secretariat" in html) == (True, False, False)
    html = page(signed_in(a_person("m2")), f"needs/{hidden[1].slug}")
    assert CANARY not in html
    html = page(signed_in("secretariat"), "needs/")
    assert ("Canary secretariat" in html, CANARY in html, "Canary draft" in html) == (True, True, False)


def test_lists_are_short_pages_however_many_needs_there_are():
    make_body()
    for number in range(120):
        open_need("m1", shown_to="public", titles={"en": f"Need {number}"})
        if number < 60:
            open_offer("m2", titles={"en": f"Offer {number}"})
    html = page(Client(), "needs/")
    assert html.count("<h3>") == 50
    assert "Page 1 of 3" in html
    assert len(html.encode()) < 100_000
    assert page(Client(), "needs/?page=3").count("<h3>") == 20
    html = page(signed_in(a_person()), "needs/")
    assert (html.count("<h3>"), "All of yours (120)" in html) == (20, True)
    assert "Page 2 of 3" in page(signed_in(a_person()), "needs/?of=mine&page=2")
    assert page(Client(), "offers/").count("<h3>") == 50


def test_a_spreadsheet_makes_drafts_and_what_is_wrong_is_said_by_cell():
    make_resource()
    head = signed_in(a_person())
    columns = columns_of(kind="needs", body="assembly")
    row = {"title": "T", "purpose": "P", "resource": DAYS, "units": 3, "visibility": "public"}

    def book(*rows):
        content = write_sheet(columns=columns, rows=rows, language="en", title="T")
        return SimpleUploadedFile("needs.xlsx", content)

    html = send(head, "needs/sheet", file=book(row, {**row, "title": "U"}), language="en")
    assert "2 new drafts" in html
    html = send(head, "needs/sheet", status=400, file=book({**row, "reference": "n-none"}), language="en")
    assert "A2: Reference is" in html
    html = send(
        head, "needs/sheet", status=400, file=SimpleUploadedFile("a.csv", b"Title;Units\nX;many\n"), language="en"
    )
    assert "What has to be changed" in html
    send(head, "needs/sheet", status=400, language="en")
    assert Need.objects.count() == 2
    response = head.get("/capacity/needs/mine.xlsx")
    assert response.content[:2] == b"PK"
    back = SimpleUploadedFile("needs.xlsx", response.content)
    assert "2 as they were" in send(head, "needs/sheet", file=back, language="en")
    assert "T" in page(head, "needs/mine.csv")
    columns = columns_of(kind="offers", body="assembly")
    offer = {"title": "T", "resource": DAYS, "units": 3, "open_to": ("all",)}
    content = write_sheet(columns=columns, rows=[offer], language="en", title="T")
    given = {"file": SimpleUploadedFile("offers.xlsx", content), "language": "en", "visibility": "members"}
    assert "1 new drafts" in send(head, "offers/sheet", **given)
    assert Offer.objects.get().visibility == "members"


def test_the_secretariat_defines_what_is_counted():
    make_body()
    office = signed_in("secretariat")
    given = {"body": "assembly", "slug": "gpu-hours", "name_en": "Computing", "unit_en": "GPU hours", "grain": "10"}
    html = send(office, "resources/", status=400, **{**given, "name_en": "", "name_fr": "Calcul"})
    assert "Calcul" in html
    html = send(office, "resources/", **given)
    assert "Counted in: GPU hours" in html
    send(office, "resources/", status=409, **given)
    assert Resource.objects.get().grain == 10
    assert "Computing" in page(Client(), "resources/")
    assert 'name="slug"' not in page(signed_in(a_person()), "resources/")
    send(signed_in(a_person()), "resources/", status=403, **given)
    page(Client(), "resources/none", status=404)


@pytest.mark.parametrize("language,direction", [("ar", "rtl"), ("zh", "ltr")])
def test_every_page_stands_in_every_direction_with_one_heading_and_labels(language, direction):
    need, offer, head = open_need(shown_to="public"), draft_offer("m1"), signed_in(a_person())
    attach_file(slug=need.slug, name="a.pdf", content=PDF, by=SET_UP)
    ask_about(slug=need.slug, text="Why?", language="en", by=account_with("secretariat"))
    paths = ["needs/", "offers/", "resources/", f"resources/{DAYS}", "needs/new", "offers/new", "needs/sheet"]
    paths += [f"needs/{need.slug}", f"needs/{need.slug}/change", f"offers/{offer.slug}", f"offers/{offer.slug}/change"]
    for path in paths:
        html = page(head, f"{path}?lang={language}")
        assert (html.count("<h1"), f'dir="{direction}"' in html[:200]) == (1, True), path
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids)), path
        for control in re.findall(r"<(?:input|select|textarea)[^>]*>", html):
            if 'type="hidden"' in control or 'type="radio"' in control or 'type="checkbox"' in control:
                continue
            held = re.search(r' id="([^"]+)"', control)
            assert held is not None, (path, control)
            assert f'for="{held[1]}"' in html, (path, control)


def test_an_address_that_leads_nowhere_says_nothing_of_what_there_is():
    need = open_need(shown_to="secretariat")
    answers = [Client().get(f"/capacity/needs/{slug}") for slug in (need.slug, "n-none2")]
    told = [a.content.decode().replace(need.slug, "X").replace("n-none2", "X") for a in answers]
    plain = [re.sub(r"[0-9a-f]{32}", "", text) for text in told]
    assert [a.status_code for a in answers] == [404, 404]
    assert plain[0] == plain[1]
    assert io.StringIO(plain[0]).readline()


def test_what_a_service_refuses_is_said_in_the_readers_words():
    said = {
        value
        for module in (attachments, needs, offers, prepared, preparing, resources)
        for value in vars(module).values()
        if isinstance(value, str) and value.endswith(".") and " " in value and value != module.__doc__
    }
    assert len(said) >= 8
    assert said <= set(words_of_needs.PROBLEMS)
