"""Acts: canonical, in the caller's transaction, without persons, restricted ones without office or subject."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
import rfc8785
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.parties.services import open_account
from comity.platform.record.models import Act, Link
from comity.platform.record.selectors import act_of, count_acts, latest_acts
from comity.platform.record.services import commitment_to, enter_act

ANYONE = AnonymousUser()


def enter(**changes):
    given = {
        "type": "confirm-link",
        "office": "reviewer",
        "authority": "One reviewer decides a suggested link",
        "subject": "alignment/links/abc",
        "payload": {"decision": "confirmed"},
    }
    with transaction.atomic():
        return enter_act(**{**given, **changes})


@pytest.mark.django_db
def test_a_public_act_enters_as_canonical_json_with_a_digest_of_its_payload():
    act = enter(links=[("alignment/links/abc", "wasDerivedFrom", "alignment/instruments/x/art_1")])
    body = json.loads(bytes(act.body))
    assert bytes(act.body) == rfc8785.dumps(body)
    assert body["payload_sha256"] == hashlib.sha256(b'{"decision":"confirmed"}').hexdigest()
    assert (body["schema"], body["type"], body["office"], body["subject"]) == (
        1,
        "confirm-link",
        "reviewer",
        "alignment/links/abc",
    )
    assert body["links"] == [["alignment/links/abc", "wasDerivedFrom", "alignment/instruments/x/art_1"]]
    assert act.body_sha256 == hashlib.sha256(bytes(act.body)).hexdigest()
    assert act.sequence is None
    assert list(Link.objects.values_list("subject", "relation", "object")) == [tuple(body["links"][0])]


@pytest.mark.django_db
def test_two_acts_of_the_same_content_are_two_entries():
    assert enter().body_sha256 != enter().body_sha256


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused():
    with pytest.raises(Conflict):
        enter_act(type="x", office="o", authority="a", subject="a/b", payload={})
    assert Act.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_act_is_gone_when_its_transaction_rolls_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        enter_act(type="x", office="o", authority="a", subject="a/b", payload={})
        raise RuntimeError
    assert Act.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Bad Subject"},
        {"subject": ""},
        {"subject": "x" * 300},
        {"type": "Confirm"},
        {"visibility": "nobody"},
        {"visibility": "committee"},
        {"audience": "committee:x"},
        {"links": [("a/b", "resembles", "c/d")]},
        {"links": [("a b", "used", "c/d")]},
    ],
)
def test_a_malformed_act_is_refused_and_nothing_is_written(changes):
    with pytest.raises(BadParameter):
        enter(**changes)
    assert Act.objects.count() == 0
    assert Link.objects.count() == 0


@pytest.mark.django_db
def test_a_restricted_act_enters_as_a_salted_commitment_without_office_or_subject():
    act = enter(
        visibility="committee",
        audience="committee:review",
        office="chair-canary",
        subject="decisions/canary",
        payload={"secret": "canary"},
    )
    body = json.loads(bytes(act.body))
    assert sorted(body) == ["commitment", "schema", "type"]
    assert body["type"] == "restricted"
    assert b"canary" not in bytes(act.body)
    assert body["commitment"] == hashlib.sha256(bytes(act.salt) + rfc8785.dumps(act.content)).hexdigest()


def test_the_same_content_under_another_salt_is_another_commitment():
    content = {"type": "adopt"}
    assert commitment_to(content=content, salt=b"1" * 32) != commitment_to(content=content, salt=b"2" * 32)


@pytest.mark.django_db
def test_a_restricted_act_is_seen_by_nobody_else_until_its_date():
    soon = timezone.now() + dt.timedelta(hours=1)
    hidden = enter(visibility="committee", audience="committee:review", released_at=soon)
    assert count_acts(user=ANYONE) == 0
    with pytest.raises(NotFound):
        act_of(act_id=str(hidden.pk), user=ANYONE)
    Act.objects.filter(pk=hidden.pk).update(released_at=timezone.now() - dt.timedelta(seconds=1))
    assert [a.id for a in latest_acts(user=ANYONE)] == [str(hidden.pk)]


@pytest.mark.django_db
def test_what_members_see_needs_an_account():
    enter(visibility="members")
    member = open_account(email="m@example.org", name="M", password="a long enough word 9", roles=("reviewer",))
    assert count_acts(user=ANYONE) == 0
    assert count_acts(user=member) == 1


@pytest.mark.django_db
def test_an_unknown_act_is_not_found():
    for wrong in ("nonsense", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(NotFound):
            act_of(act_id=wrong, user=ANYONE)
