"""What the pages of a round claim holds of that round, and the desk gives back what was typed."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from comity.platform.capacity.challenges import challenge_allocation
from comity.platform.capacity.confirming import Amendment, confirm_round
from comity.platform.capacity.models import Challenge, Round
from comity.platform.parties.models import Member
from support.parties import SET_UP, account_with
from support.rounds import code_of, deciding, frozen, make_need, make_offer, make_resource, published

pytestmark = pytest.mark.django_db
PLAIN = "No need receives more while another"
GENERAL = "As it was suggested, no share can be raised except by lowering one that is no larger"
WEIGHTS = {"weights": [{"group": "islands", "weight": "2", "rule": "Decision 7"}]}
PRIORITY = {"priority": [{"group": "islands", "priority": 1, "rule": "Decision 7"}]}
CAPS = {"caps": [{"resource": "days", "units": "30", "rule": "Decision 10"}]}


@pytest.fixture(autouse=True)
def _body():
    cache.clear()
    make_resource()


def officer() -> Client:
    client, user = Client(), account_with("secretariat")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page_of(made) -> str:
    return Client().get(f"/{made.reference}").content.decode()


@pytest.mark.parametrize(
    "opened, claim",
    [
        ({}, PLAIN),
        ({"alike": "member"}, GENERAL),
        ({"rules": WEIGHTS}, GENERAL),
        ({"rules": PRIORITY}, GENERAL),
        ({"rules": CAPS, "alike": "member"}, GENERAL),
    ],
)
def test_a_round_claims_of_its_shares_what_its_own_rules_make_true(opened, claim):
    Member.objects.filter(slug="m1").update(region="islands")
    make_need("m1", 77)
    make_need("m2", 50)
    make_offer("m3", 100)
    said = page_of(published(**opened))
    assert [c for c in (PLAIN, GENERAL) if c in said] == [claim]


def test_needs_of_one_member_are_not_said_to_be_alike_where_members_are():
    make_need("m1", 60)
    make_need("m1", 60)
    make_need("m2", 60)
    make_offer("m3", 60)
    said = page_of(published(alike="member"))
    assert "the share of each member, all its needs of the resource taken together" in said
    assert "alike but for whole units" not in said


def test_an_amended_row_is_not_explained_by_what_was_computed():
    first, second = make_need("m1", 50), make_need("m2", 50)
    offer = make_offer("m3", 60)
    made = deciding()
    rows = [
        Amendment(code_of(made, n), code_of(made, offer), u, "As agreed") for n, u in ((first, "50"), (second, "10"))
    ]
    confirm_round(slug=made.slug, amendments=rows, by=SET_UP)
    said = page_of(made)
    assert "It was amended when the round was confirmed" in said
    assert "alike but for whole units" not in said
    assert PLAIN not in said


def test_an_answer_that_comes_too_late_is_given_back_with_why_it_was_not_sent():
    make_need("m1", 77)
    make_offer("m3", 100)
    made, desk = published(), officer()
    challenge_allocation(slug=made.slug, member="m1", text="Look again.", language="en", by=SET_UP)
    typed = "What was looked at again " * 200
    response = desk.post(f"/{made.reference}/desk", {"do": "answer", "member": "m1", "answer": typed, "language": "en"})
    assert response.status_code == 400
    assert typed[:3000] in response.content.decode()
    assert "This was not sent." in response.content.decode()
    assert Challenge.objects.get().answered_at is None


@pytest.mark.parametrize("step", ["publish", "cancel"])
def test_what_was_typed_on_the_desk_comes_back_when_it_is_refused(step):
    make_need("m1", 77)
    make_offer("m3", 100)
    made, desk = frozen(), officer()
    desk.post(f"/{made.reference}/desk", {"do": "suggest"})
    day = (timezone.now() - dt.timedelta(days=3)).date().isoformat()
    given = {"until_on": day, "until_at": "09:30", "reason": "Not enough was offered", "do": step}
    response = desk.post(f"/{made.reference}/desk", given)
    said = response.content.decode()
    assert response.status_code == 400
    assert re.search(r'role="alert"><strong>This was not sent\.', said)
    assert "Not enough was offered</textarea>" in said
    assert f'value="{day}"' in said
    assert Round.objects.get(pk=made.pk).challenge_until is None
