"""Deliveries in a browser with no scripts: the tracker, a commitment from both sides, its plan, and forms that come back filled in."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from comity.platform.capacity.deliveries import confirm_delivery, report_delivery
from comity.platform.capacity.models import Commitment, MeasuredResult, Milestone
from comity.platform.record.models import Act
from support.deliveries import DAY, a_commitment, a_need, an_offer, speaker
from support.pages import page, signed_in, signed_in_as
from support.parties import today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_count():
    cache.clear()


@pytest.fixture
def provider():
    return signed_in_as(speaker("m2"))


@pytest.fixture
def recipient():
    return signed_in_as(speaker("m1"))


def send(client, held, status=302, **given) -> str:
    answer = client.post(f"/{held.reference}", given)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def test_a_delivery_is_planned_reported_confirmed_and_measured_in_the_browser(provider, recipient):
    held = a_commitment()
    plan = {
        "title-1": "First visit",
        "units-1": "60",
        "due-1": today() + 9 * DAY,
        "units-3": "90",
        "due-3": today() + 30 * DAY,
    }
    assert provider.post(f"/{held.reference}/plan", plan).status_code == 302
    assert "Agree to this plan" not in page(provider, f"/{held.reference}")
    assert "Agree to this plan" in page(recipient, f"/{held.reference}")
    send(recipient, held, do="agree-plan")
    send(provider, held, do="report", part="1", units="60")
    shown = page(recipient, f"/{held.reference}")
    seen = re.search(r'name="on" value="([^"]+)"', shown)[1]
    send(recipient, held, do="confirm", part="1", units="50", on=seen)
    send(
        recipient,
        held,
        do="measure",
        indicator_en="Regulators who passed",
        unit="persons",
        value="36",
        measured_on=today(),
        evidence="https://example.org/report",
    )
    shown = page(Client(), f"/{held.reference}")
    assert "The provider reported 60; the recipient confirmed 50." in shown
    assert 'href="https://example.org/report"' in shown
    assert shown.count('class="receipt"') == 3
    assert "Value before: not stated" in shown
    assert list(Milestone.objects.values_list("confirmed", flat=True)) == [50, None]


def test_the_tracker_shows_what_was_promised_reported_and_confirmed_to_anyone():
    held = a_commitment()
    report_delivery(slug=held.slug, units="90", by=speaker("m2"))
    confirm_delivery(slug=held.slug, units="62", by=speaker("m1"))
    report_delivery(slug=held.slug, units="100", by=speaker("m2"))
    shown = page(Client(), "/capacity/deliveries/")
    assert re.findall(r'<td class="num">(?:<strong>)?([0-9]+)', shown) == ["150", "100", "62", "150", "100", "62"]
    assert "To be confirmed" in shown
    assert "No commitment" in page(Client(), "/capacity/deliveries/?status=complete")
    page(Client(), "/capacity/deliveries/?status=wonderful", status=400)


@pytest.mark.parametrize(
    "given, status, kept",
    [
        ({"do": "report", "units": "9999"}, 400, 'value="9999"'),
        ({"do": "ask", "new_date": "2020-01-01", "explanation": "The hall is closed."}, 400, "The hall is closed."),
        ({"do": "ask", "new_date": "soon", "explanation": "The hall is closed."}, 400, "The hall is closed."),
        ({"do": "end", "explanation": "No more."}, 400, "No more."),
        ({"do": "agree-plan"}, 409, "Nothing was done"),
        ({}, 400, "Nothing was done"),
    ],
)
def test_a_form_that_is_refused_comes_back_filled_in_and_changes_nothing(provider, given, status, kept):
    held = a_commitment()
    acts = Act.objects.count()
    shown = send(provider, held, status=status, **given)
    assert 'role="alert"' in shown
    assert kept in shown
    assert (Act.objects.count(), Milestone.objects.count()) == (acts, 0)


def test_a_plan_that_does_not_sum_comes_back_filled_in(provider):
    held = a_commitment()
    given = {"title-1": "First visit", "units-1": "60", "due-1": today() + 9 * DAY}
    answer = provider.post(f"/{held.reference}/plan", given)
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="First visit"' in shown
    assert "60 in all" in shown
    assert not Milestone.objects.exists()


def test_whoever_is_of_neither_side_has_no_form_and_is_refused():
    held = a_commitment()
    client = signed_in("secretariat")
    assert '<form method="post" class="form"' not in page(client, f"/{held.reference}")
    send(client, held, status=403, do="report", units="1")
    assert client.get(f"/{held.reference}/plan").status_code == 403
    assert Client().post(f"/{held.reference}", {"do": "report", "units": "1"}).status_code in {302, 403}
    assert not Milestone.objects.exists()


def test_the_date_of_another_side_is_agreed_to_and_its_explanation_stands_in_its_own_language(provider, recipient):
    held = a_commitment(need=a_need(wanted_by=today() + 5 * DAY))
    new = today() + 40 * DAY
    send(provider, held, do="ask", new_date=new, explanation="La salle est fermée.", language="fr")
    shown = page(recipient, f"/{held.reference}")
    assert '<p lang="fr" dir="auto">La salle est fermée.</p>' in shown
    assert "La salle est fermée." in page(Client(), "/capacity/deliveries/")
    send(recipient, held, do="agree-date", part="1")
    assert Milestone.objects.get().due_on == new


def test_a_commitment_is_ended_with_a_tick_and_what_was_confirmed_stays(recipient):
    held = a_commitment()
    send(recipient, held, do="end", sure="yes", explanation="The course was closed.")
    assert Commitment.objects.get().state == "ended"
    assert "End this commitment" not in page(recipient, f"/{held.reference}")
    assert not MeasuredResult.objects.exists()


@pytest.mark.parametrize("shown_to", ["secretariat", "providers"])
def test_nothing_of_a_hidden_need_stands_on_a_page_that_others_open(shown_to):
    held = a_commitment(need=a_need(shown_to=shown_to, title="CANARY"), offer=an_offer(title="CANARY too"))
    for client in (Client(), signed_in("head", member="m3"), signed_in("chair")):
        assert "CANARY" not in page(client, "/capacity/deliveries/")
        page(client, f"/{held.reference}", status=404)
        page(client, f"/{held.reference}/plan", status=404)
    assert "CANARY" in page(signed_in_as(speaker("m1")), "/capacity/deliveries/")


def test_what_was_agreed_stands_on_the_pages_of_its_need_and_its_offer():
    held = a_commitment()
    hidden = a_commitment(need=a_need(shown_to="secretariat"), offer=held.offer)
    for thing in (held.need, held.offer):
        shown = page(Client(), f"/{thing.reference}")
        assert [f'href="/{c.reference}"' in shown for c in (held, hidden)] == [True, False]


def test_a_tracker_of_two_hundred_stays_light():
    offer, need = an_offer(), a_need()
    for _n in range(200):
        a_commitment(offer=offer, need=need)
    answer = Client().get("/capacity/deliveries/")
    assert len(answer.content) < 100_000
    assert answer.content.decode().count('scope="row"') == 51


def test_what_waits_stands_on_the_page_of_the_delegation(provider, recipient):
    held = a_commitment()
    assert "Delivery to plan" in page(provider, "/delegation/")
    report_delivery(slug=held.slug, units="1", by=speaker("m2"))
    assert "confirm what you received" in page(recipient, "/delegation/")
