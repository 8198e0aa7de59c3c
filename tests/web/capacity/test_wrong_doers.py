"""Every form of the room, sent by those who may not: nothing is written, nothing breaks, and each is told no."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core import serializers
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from comity.platform.capacity.commitments import agree_to_commitment
from comity.platform.capacity.confirming import confirm_round
from comity.platform.capacity.models import Commitment, Need, Offer, Round
from comity.platform.record.models import Act
from support.contributions import draft_need, draft_offer
from support.parties import SET_UP, account_with
from support.rounds import deciding, frozen, make_need, make_offer, make_resource, make_round, published

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
STEPS = {
    "needs": ("clear", "back", "send", "drop", "show", "close", "withdraw", "answer", "attach", "take-away", "", "ask"),
    "offers": ("clear", "back", "send", "drop", "withdraw", "propose", "choose", "points", "erase", ""),
    "rounds": ("freeze", "suggest", "publish", "answer", "cancel", "challenge", "agree", "decline", ""),
    "commitments": ("agree-plan", "report", "confirm", "ask", "agree-date", "measure", "end", ""),
}


@pytest.fixture
def room():
    """A need, an offer and a round in each state, and commitments that are proposed and agreed."""
    cache.clear()
    make_resource()
    draft_need(by=SET_UP), draft_offer("m3", by=SET_UP)
    make_need("m1", 77), make_need("m2", 50), make_offer("m3", 100)
    made = deciding()
    confirm_round(slug=made.slug, by=SET_UP)
    agreed = Commitment.objects.order_by("pk")[0]
    for side in ("recipient", "provider"):
        agree_to_commitment(slug=agreed.slug, side=side, by=SET_UP)
    for steps in (frozen, published, deciding):
        make_need("m1", 7), make_offer("m3", 5)
        steps()
    make_round(), make_round(closed=True)


def everything() -> str:
    models = apps.get_app_config("capacity").get_models()
    rows = [row for model in models for row in model.objects.order_by("pk")]
    return serializers.serialize("json", rows) + str(Act.objects.count())


def someone(role: str, *, second_step: bool = True) -> Client:
    client = Client()
    kind, _, member = role.partition(" of ")
    if kind != "public":
        user = account_with(kind, **({"member": member} if member else {}))
        if second_step:
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        client.force_login(user, backend=BACKEND)
    return client


def given(step: str, *, commitment: str, address: str) -> dict:
    day = (timezone.now() + dt.timedelta(days=5)).date().isoformat()
    return {
        "do": step,
        "for": "assembly/m1",
        "body": "assembly",
        "member": "m1",
        "others": "m2",
        "commitment": commitment,
        "sure": "yes",
        "resource": "days",
        "title_en": "Another title",
        "purpose_en": "Another purpose",
        "units": "3",
        "shown_to": "public",
        "visibility": "public",
        "text": "A question or an answer",
        "answer": "An answer",
        "note": "A remark",
        "reason": "A reason",
        "language": "en",
        "number": "1",
        "name": "Somebody",
        "grounds": "Five years",
        "until_on": day,
        "new_date": day,
        "measured_on": timezone.now().date().isoformat(),
        "units-1": "3",
        "due-1": day,
        "explanation": "An explanation",
        "indicator_en": "An indicator",
        "unit": "days",
        "value": "3",
        "evidence": "A report",
    } | ({"file": SimpleUploadedFile("a.txt", b"Words")} if step == "attach" or address.endswith("sheet") else {})


def forms() -> list[tuple[str, dict]]:
    """Every address of the room that takes a form, with each thing that its form can ask for."""
    tables = {"needs": Need, "offers": Offer, "rounds": Round, "commitments": Commitment}
    found = []
    one = Commitment.objects.filter(state="proposed").order_by("pk")[0].slug
    for route in sorted(
        {str(p.pattern) for r in get_resolver().url_patterns if str(r.pattern) == "capacity/" for p in r.url_patterns}
    ):
        room = route.split("/")[0]
        if "<str:slug>" in route or "<slug:slug>" in route:
            if room not in tables:
                continue
            slugs = tables[room].objects.order_by("pk").values_list("slug", flat=True)
            addresses = [route.replace("<str:slug>", s).replace("<slug:slug>", s) for s in slugs]
        else:
            addresses = [route]
        found += [(f"/capacity/{a}", step) for a in addresses if "<" not in a for step in STEPS.get(room, ("",))]
    return [(address, given(step, commitment=one, address=address)) for address, step in found]


@pytest.mark.parametrize("role", ["public", "expert", "adviser of m4"])
def test_who_may_not_writes_nothing_by_any_form(room, role):
    client, before = someone(role), everything()
    sent = forms()
    assert len(sent) > 150
    wrong = []
    for address, fields in sent:
        status = client.post(address, fields).status_code
        if status not in {302, 400, 403, 404, 405, 409, 413}:
            wrong.append((address, fields["do"], status))
    assert everything() == before
    assert wrong == []


@pytest.mark.parametrize("role", ["head of m1", "secretariat"])
def test_nobody_writes_by_a_form_without_a_second_step(room, role):
    client, before = someone(role, second_step=False), everything()
    for address, fields in forms()[::3]:
        client.post(address, fields)
    assert everything() == before
