"""Rounds in a browser with no scripts: from the form of a new one to its commitments, and what each reader sees."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from comity.adapters.allocation_checks import check_folder
from comity.platform.capacity.confirming import confirm_round
from comity.platform.capacity.models import Challenge, Commitment, Exclusion, Round
from comity.platform.capacity.round_lookups import STATES_IN_WORDS
from comity.web.words_of_rounds import PROBLEMS
from support.parties import SET_UP, account_with
from support.rounds import (
    close,
    code_of,
    deciding,
    end_challenges,
    frozen,
    make_need,
    make_offer,
    make_resource,
    make_round,
    published,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CANARY = "Canary of the shadow cabinet"
PAGES = ("", "/desk", "/confirm", "/what-if", "/member")


@pytest.fixture(autouse=True)
def _body():
    cache.clear()
    make_resource()


def signed_in(who, **given) -> Client:
    client, user = Client(), account_with(who, **given) if isinstance(who, str) else who
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user, backend=BACKEND)
    return client


def officer() -> Client:
    return signed_in("secretariat")


def page(client, path="", status=200) -> str:
    response = client.get(f"/capacity/{path}")
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def send(client, path, status=200, **given) -> str:
    response = client.post(f"/capacity/{path}", given, follow=True)
    assert response.status_code == status, response.content.decode()[-1500:]
    return response.content.decode()


@pytest.mark.parametrize(
    "role, opens",
    [
        ("public", {"": 200, "/desk": 302, "/confirm": 302, "/what-if": 302, "/member": 404}),
        ("head", {"": 200, "/desk": 403, "/confirm": 403, "/what-if": 403, "/member": 200}),
        ("secretariat", {"": 200, "/desk": 200, "/confirm": 200, "/what-if": 200, "/member": 404}),
        ("chair", {"": 200, "/desk": 200, "/confirm": 200, "/what-if": 200, "/member": 404}),
    ],
)
def test_each_page_of_a_round_opens_for_those_who_work_there(role, opens):
    make_need()
    make_offer()
    made = deciding()
    client = Client() if role == "public" else signed_in(role, body="assembly")
    assert {p: client.get(f"/{made.reference}{p}").status_code for p in PAGES} == opens


NEW = {
    "body": "assembly",
    "slug": "first",
    "title_en": "First round",
    "resources": "days",
    "alike": "member",
    "closes_on": (timezone.now() + dt.timedelta(days=3)).date().isoformat(),
    "closes_at": "12:00",
    "visibility": "public",
    "p1-group": "LDC",
    "p1-priority": "1",
    "p1-rule": "Decision 3 of the Assembly",
    "w1-group": "SIDS",
    "w1-weight": "1.5",
    "w1-rule": "Decision 4 of the Assembly",
    "c1-resource": "days",
    "c1-units": "40",
    "c1-rule": "Decision 5 of the Assembly",
}


def test_a_round_is_opened_with_its_rules_and_everyone_reads_them():
    send(officer(), "rounds/new", **NEW)
    made = Round.objects.get(slug="first")
    assert made.by == "member"
    shown = page(Client(), "rounds/first")
    for words in ("First round", "Decision 3 of the Assembly", "weigh 1.5", "No member receives more than 40 days"):
        assert words in shown
    assert "First round" in page(Client(), "rounds/")
    assert "First round" in page(Client())


@pytest.mark.parametrize(
    "change, words",
    [
        ({"p1-rule": ""}, "published rule"),
        ({"w1-weight": "much"}, "much"),
        ({"p1-group": "XYZ"}, "XYZ"),
        ({"closes_on": "2001-01-01"}, "2001-01-01"),
        ({"resources": ""}, "resources"),
        ({"slug": "No Slug"}, "No Slug"),
        ({"alike": "need"}, "alike"),
    ],
)
def test_a_form_that_will_not_do_comes_back_filled_in(change, words):
    shown = send(officer(), "rounds/new", status=400, **NEW | change)
    assert words in shown
    assert 'role="alert"' in shown
    assert 'value="First round"' in shown
    assert 'value="Decision 4 of the Assembly"' in shown
    assert not Round.objects.exists()


def test_a_round_is_walked_through_on_the_desk():
    first, second = make_need("m1", 300, title="Train regulators"), make_need("m2", 200)
    make_offer("m3", 250, title="Trainers in French")
    make_need("watcher", title="Left out here")
    made = make_round("walked")
    client = officer()
    shown = page(client, "rounds/walked/desk")
    assert "Train regulators" in shown
    assert "its member has no seat in this body today" in shown
    assert 'value="freeze"' not in shown
    close(made)
    send(client, "rounds/walked/desk", status=400, do="freeze")
    send(client, "rounds/walked/desk", do="freeze", sure="yes")
    assert "Suggest an allocation" in page(client, "rounds/walked/desk")
    send(client, "rounds/walked/desk", do="suggest")
    assert "150</strong> of 300" in page(client, "rounds/walked")
    assert "No allocation is published yet" in page(Client(), "rounds/walked")
    until = (timezone.now() + dt.timedelta(days=2)).date().isoformat()
    send(client, "rounds/walked/desk", do="publish", until_on=until)
    shown = page(Client(), "rounds/walked")
    assert "These 2 needs can only draw on \u2068Trainers in French\u2069, in all 250 days." in shown
    assert "Together they ask for 500. Each receives 50% of what it asked." in shown
    head = signed_in("head", member="m2")
    send(head, "rounds/walked/member", do="challenge", member="m2", text="Look at it again.", language="en")
    assert "Look at it again." in page(Client(), "rounds/walked")
    end_challenges(made)
    send(client, "rounds/walked/desk", do="answer", member="m2", answer="We have looked.", language="en")
    assert "We have looked." in page(Client(), "rounds/walked")
    n, o = code_of(made, first), made.offers.get().code
    refused = send(client, "rounds/walked/confirm", status=400, sure="yes", **{f"u-{n}-{o}": "140"})
    assert "a reason for each row" in refused
    assert 'value="140"' in refused
    send(client, "rounds/walked/confirm", sure="yes", **{f"u-{n}-{o}": "140", f"r-{n}-{o}": "It asked for less."})
    shown = page(Client(), "rounds/walked")
    assert "140 instead of 150" in shown
    assert "It asked for less." in shown
    assert "Amended: 150 were suggested." in shown
    assert "Together they ask for 500. Each receives 50% of what it asked." in shown  # why it was suggested stays
    assert dict(Commitment.objects.values_list("need__slug", "units")) == {first.slug: 140, second.slug: 100}


def test_both_sides_agree_or_decline_on_their_page_and_no_reason_is_asked():
    make_need("m1", 50, title="Train regulators")
    make_offer("m3", 50)
    made = deciding()
    confirm_round(slug=made.slug, by=SET_UP)
    held = Commitment.objects.get()
    recipient, provider = signed_in("head", member="m1"), signed_in("head", member="m3")
    shown = page(recipient, f"rounds/{made.slug}/member")
    assert 'name="do" value="agree"' in shown
    assert "reason" not in re.findall(r'name="([^"]+)"', shown)
    send(recipient, f"rounds/{made.slug}/member", do="agree", commitment=held.slug, side="recipient")
    assert "The other side has agreed" in page(provider, f"rounds/{made.slug}/member")
    send(provider, f"rounds/{made.slug}/member", do="decline", commitment=held.slug, side="provider")
    assert Commitment.objects.get().state == "declined"
    send(provider, f"rounds/{made.slug}/member", status=409, do="agree", commitment=held.slug, side="provider")
    send(recipient, f"rounds/{made.slug}/member", status=404, do="agree", commitment=held.slug, side="provider")


def test_the_files_of_a_round_are_checked_by_the_command(tmp_path):
    make_need("m1", 300)
    make_need("m2", 200, shown_to="providers", title=CANARY)
    make_offer("union", 250)
    made = published()
    names = re.findall(rf'href="/capacity/rounds/{made.slug}/files/([^"]+)"', page(Client(), f"rounds/{made.slug}"))
    for name in names:
        found = Client().get(f"/capacity/rounds/{made.slug}/files/{name}")
        assert found["X-Content-Type-Options"] == "nosniff"
        (tmp_path / name).write_bytes(found.content)
    assert check_folder(folder=tmp_path).explanation["inputs_sha256"] == made.input_sha256
    page(Client(), f"rounds/{made.slug}/files/salt.txt", status=404)
    page(Client(), f"rounds/{made.slug}/files/other.csv", status=404)


def everything(client, made: Round) -> str:
    """All that a reader can get of a round: its pages, its lists and its files."""
    paths = ["", "rounds/", f"rounds/{made.slug}", f"rounds/{made.slug}/member", f"rounds/{made.slug}/desk"]
    paths += [f"rounds/{made.slug}/confirm", f"rounds/{made.slug}/what-if?resource=days&units=7"]
    names = ("needs.csv", "offers.csv", "eligible.csv", "terms.csv", "salt.txt", "allocation.csv", "shares.csv")
    paths += [f"rounds/{made.slug}/files/{n}" for n in (*names, "explanation.json")]
    found = [client.get(f"/capacity/{p}") for p in paths]
    found.append(client.get(f"/record/chain/{made.reference}"))
    return "".join(r.content.decode() for r in found if r.status_code == 200)


@pytest.mark.parametrize("stage", [frozen, published, deciding, "confirmed"])
def test_a_need_for_the_secretariat_alone_is_nowhere_for_anyone_else(stage):
    hidden = make_need("m1", 7654321, shown_to="secretariat", title=CANARY)
    make_need("m2", 50)
    make_offer("m3", 1234567)
    made = (deciding if stage == "confirmed" else stage)()
    if stage == "confirmed":
        confirm_round(slug=made.slug, by=SET_UP)
    given = "1234542" if stage != frozen else "7654321"
    others = [Client(), *(signed_in("head", member=m) for m in ("m2", "m3", "m4")), signed_in("reviewer")]
    code = code_of(made, hidden)
    for client in others:
        said = everything(client, made)
        for words in (CANARY, hidden.slug, "7654321", "7,654,321", given, f">{code}<", "needs.csv"):
            assert words not in said, words
    for client in (officer(), signed_in("head", member="m1")):
        assert CANARY in everything(client, made)
    chair = everything(signed_in("chair", body="assembly"), made)
    assert (CANARY in chair) is (stage != "confirmed")


def test_a_need_for_possible_providers_shows_its_title_to_them_and_its_member_to_nobody_else():
    make_need("m1", 77, shown_to="providers", title=CANARY)
    make_need("m2", 50)
    make_offer("union", 100)
    made = published()
    public = everything(Client(), made)
    assert CANARY not in public
    assert "Member and subject not shown" in public
    assert ">m1<" not in public
    assert "Member 1" not in public
    provider = everything(signed_in("head", member="union"), made)
    assert CANARY in provider
    assert "Member 1" not in provider
    assert "Member not shown" in provider


def test_a_round_of_a_committee_is_not_there_for_others():
    make_need("m1", body="oversight", resource="c-days")
    made = make_round(body="oversight", resources=("c-days",), visibility="committee", titles={"en": CANARY})
    assert CANARY not in page(Client(), "rounds/")
    page(Client(), f"rounds/{made.slug}", status=404)
    page(signed_in("head", member="m3"), f"rounds/{made.slug}", status=404)
    page(signed_in("head", member="m2"), f"rounds/{made.slug}")


def test_more_units_change_whom_is_shown_to_officers():
    make_need("m1", 300, title="Train regulators")
    make_offer("m3", 100)
    made = published()
    shown = page(officer(), f"rounds/{made.slug}/what-if?resource=days&units=50")
    assert "150 days would be shared out instead of 100." in shown
    assert "Train regulators" in shown
    shown = page(officer(), f"rounds/{made.slug}/what-if?resource=days&units=many", status=400)
    assert "many" in shown


def test_a_delegation_sets_with_whom_it_cannot_work_and_nobody_else_sees_it():
    client = signed_in("head", member="m1")
    send(client, "apart", member="m1", body="assembly", others=["m2"])
    assert Exclusion.objects.get().other.slug == "m2"
    assert 'value="m2" checked' in page(client, "apart?member=m1&body=assembly")
    page(officer(), "apart", status=404)
    page(Client(), "apart", status=404)
    send(signed_in("head", member="m3"), "apart", status=400, member="m1", body="assembly")


def test_a_form_without_its_token_does_nothing():
    make_need()
    make_offer()
    made = published()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(account_with("head", member="m1"), backend=BACKEND)
    given = {"do": "challenge", "member": "m1", "text": "No.", "language": "en"}
    assert strict.post(f"/{made.reference}/member", given).status_code == 403
    assert not Challenge.objects.exists()


def test_a_round_of_two_hundred_needs_stays_small_and_is_read_in_every_language():
    for number in range(200):
        make_need(("m1", "m2", "m4")[number % 3], 10 + number)
    for _ in range(20):
        make_offer("m3", 400)
    made = published()
    for language in ("ar", "en", "es", "fr", "ru", "zh"):
        response = Client().get(f"/{made.reference}?lang={language}")
        assert response.status_code == 200
        assert len(response.content) < 100_000
    assert "Page 1 of 4" in page(Client(), f"rounds/{made.slug}?lang=en")
    assert page(Client(), f"rounds/{made.slug}?page=4").count('class="split"') == 50


def test_the_page_of_a_need_says_what_it_receives_and_why():
    need, hidden = make_need("m1", 300), make_need("m2", 200, shown_to="providers", title=CANARY)
    make_offer("union", 250, title="Trainers in French")
    published()
    shown = page(Client(), f"needs/{need.slug}")
    assert "What it receives, and why" in shown
    assert "These 2 needs can only draw on \u2068Trainers in French\u2069, in all 250 days." in shown
    assert CANARY not in shown
    page(Client(), f"needs/{hidden.slug}", status=404)


def test_the_front_page_says_what_waits():
    make_need("m1", 50, title="Train regulators")
    make_offer("m3", 50)
    made = published(titles={"en": "First round"})
    shown = page(signed_in("head", member="m1"))
    assert "see what is suggested for your needs" in shown
    end_challenges(made)
    assert "confirm it, or amend it with reasons" in page(officer())
    assert "What waits for you" not in page(Client())


def test_a_refusal_by_the_state_of_a_round_is_said_in_the_readers_language():
    said = {f"This round {words}; nothing was changed." for words in STATES_IN_WORDS.values()}
    assert said <= set(PROBLEMS)
