"""Canaries in needs that are not public, and a search of every page, list, file and log by those who may not know of them."""

from __future__ import annotations

import itertools
import json
import re
import zlib

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from comity.platform.capacity.agreements import PromiseGiven, enter_agreement
from comity.platform.capacity.attachments import attach_file
from comity.platform.capacity.commitments import agree_to_commitment, decline_commitment
from comity.platform.capacity.confirming import Amendment, confirm_round
from comity.platform.capacity.deliveries import confirm_delivery, report_delivery
from comity.platform.capacity.exclusions import exclude_members
from comity.platform.capacity.models import Commitment, Need, Offer, Round
from comity.platform.capacity.questions import ask_about
from comity.platform.parties.models import OutgoingMail
from comity.platform.record.models import Act
from comity.platform.record.sequencer import sequence_acts
from comity.web.delegation.digest import write_digest
from support.contributions import draft_need
from support.parties import SET_UP, account_with, today
from support.rounds import code_of, deciding, make_need, make_offer, make_resource, make_round, published
from web.test_canaries import addresses, bytes_of

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CANARY = "Qx7Canary"
AMOUNT, SHOWN_AMOUNT = 73_317_331, re.compile(rb"73[^0-9a-z]{0,10}317[^0-9a-z]{0,10}331")
HELD = {"title": f"{CANARY}title", "purposes": {"en": f"{CANARY}purpose"}}


@pytest.fixture
def planted(tmp_path, settings):
    """Needs for the secretariat alone in a round that is confirmed, with what follows, and in one that is published; and a draft."""
    from comity.platform.record.log import open_log, prepare_key

    settings.DATA, settings.RECORD_KEY = tmp_path, ""
    prepare_key(origin="test.invalid/record")
    cache.clear()
    make_resource()
    hidden = [make_need("m1", AMOUNT, shown_to="secretariat", **HELD) for _ in range(3)]
    make_need("m2", 50)
    for need in hidden:
        attach_file(slug=need.slug, name=f"{CANARY}.txt", content=f"{CANARY} of a file".encode(), by=SET_UP)
    asks = {"text": f"{CANARY} asked?", "language": "en", "by": account_with("secretariat")}
    ask_about(slug=hidden[0].slug, **asks)
    make_offer("m3", 100)
    make_offer("union", 100)
    exclude_members(member="m1", body="assembly", others=["m4"], by=SET_UP)
    made = deciding()
    codes = {code_of(made, need) for need in hidden}
    given = next((n, o) for n, o, _u in made.allocation.units if n in codes)
    confirm_round(slug=made.slug, amendments=[Amendment(*given, "1", f"{CANARY} gave way")], by=SET_UP)
    rows = list(Commitment.objects.filter(need__in=hidden).order_by("pk"))
    agree_to_commitment(slug=rows[0].slug, side="recipient", by=SET_UP)
    agree_to_commitment(slug=rows[0].slug, side="provider", by=SET_UP)
    report_delivery(slug=rows[0].slug, units="1", by=SET_UP)
    confirm_delivery(slug=rows[0].slug, units="1", by=SET_UP)
    decline_commitment(slug=rows[1].slug, side="recipient", by=SET_UP)
    make_need("m1", AMOUNT, shown_to="secretariat", **HELD)
    make_need("m2", 30)
    make_offer("m3", 20)
    published()
    draft_need(by=SET_UP, shown_to="public", titles={"en": f"{CANARY}draft"}, units=AMOUNT)
    log = open_log()
    sequence_acts(log=log)
    return log


def every_address() -> list[str]:
    rooms = {"needs": Need, "offers": Offer, "rounds": Round, "commitments": Commitment}
    slugs = {room: [row.slug for row in model.objects.order_by("pk")] for room, model in rooms.items()}
    acts = Act.objects.exclude(visibility="public")
    fills = {
        "slug": ["m1", "days"],
        "name": ["needs.csv", "eligible.csv", "shares.csv", "explanation.json", "salt.txt", f"{CANARY}.txt"],
        "act_id": [str(pk) for pk in acts.values_list("pk", flat=True)],
        "digest": list(acts.values_list("payload_sha256", flat=True)),
        "number": [1],
        "reference": [row.reference for model in (Need, Offer, Round, Commitment) for row in model.objects.all()],
    }
    found = []
    for route in addresses():
        if route.split("/")[0] not in {"capacity", "record", "my-delegation", "api"} and route not in {"", "today"}:
            continue
        parameters = re.findall(r"<[^>]+>", route)
        if "/api/" in f"/{route}" and parameters and "capacity" not in route and "record" not in route:
            continue
        of_room = next((found for room, found in slugs.items() if f"capacity/{room}/" in route), fills["slug"])
        here = fills | {"slug": of_room}
        names = [parameter.strip("<>").split(":")[-1] for parameter in parameters]
        for values in itertools.product(*(here.get(name, ["none"]) for name in names)):
            address = route.strip("^$")
            for parameter, value in zip(parameters, values, strict=True):
                address = address.replace(parameter, str(value))
            found.append(f"/{address}")
    return found


def someone(role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role == "public":
        return client
    kind, _, member = role.partition(" of ")
    user = account_with(kind, **({"member": member} if member else {}))
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user, backend=BACKEND)
    return client


@pytest.mark.parametrize("role", ["public", "observer", "delegate of m2"])
def test_nothing_that_a_reader_fetches_or_sends_tells_of_a_need_for_the_secretariat_alone(planted, role):
    client, found, visited = someone(role), [], 0
    hidden = Need.objects.exclude(shown_to="public")
    names = [s.encode() for s in hidden.values_list("slug", flat=True)]
    names += [s.encode() for s in Commitment.objects.filter(need__in=hidden).values_list("slug", flat=True)]
    for address in every_address():
        for method in (client.get, client.post):
            said = bytes_of(method(address))
            visited += 1
            told = [n for n in names if n in said and n.decode() not in address]
            if (CANARY.encode() in said and CANARY not in address) or SHOWN_AMOUNT.search(said) or told:
                found.append((method.__name__, address))
    assert visited > 300
    assert found == []


@pytest.mark.parametrize("role", ["head of m3", "head of union"])
def test_a_provider_is_told_of_no_need_for_the_secretariat_alone_before_its_member_agrees(planted, role):
    """Both offers were drawn on by such needs: what was agreed is known to its provider, and the rest to none."""
    client, found = someone(role), []
    known = Commitment.objects.filter(provider_said_at__isnull=False)
    hidden = Need.objects.filter(shown_to="secretariat").exclude(pk__in=known.values("need"))
    names = [s.encode() for s in hidden.values_list("slug", flat=True)]
    untold = Commitment.objects.filter(need__shown_to="secretariat", provider_said_at__isnull=True)
    names += [s.encode() for s in untold.values_list("slug", flat=True)]
    assert len(names) > 4
    for address in every_address():
        said = bytes_of(client.get(address))
        if [n for n in names if n in said and n.decode() not in address]:
            found.append(address)
    assert found == []


def test_no_public_act_log_entry_or_mail_tells_of_it(planted):
    for act in Act.objects.filter(visibility="public"):
        public = bytes(act.body) + zlib.decompress(bytes(act.payload)) + json.dumps(act.content).encode()
        assert CANARY.encode() not in public
        assert str(AMOUNT).encode() not in public
    held = b"".join(planted.store.entries(0, planted.store.size))
    assert CANARY.encode() not in held
    assert str(AMOUNT).encode() not in held
    for member in ("m2", "m3"):
        write_digest(user=account_with("head", member=member), day=today(), now=timezone.now())
    assert [m.pk for m in OutgoingMail.objects.all() if CANARY in m.text + m.html + m.subject] == []


def test_offers_rounds_and_agreements_of_members_are_nowhere_for_the_public():
    cache.clear()
    make_resource()
    offered = make_offer("m3", AMOUNT, title=f"{CANARY}offer", visibility="members")
    held = make_round("closed-circle", titles={"en": f"{CANARY}round"}, visibility="members")
    agreed = enter_agreement(
        slug="closed-circle",
        body="assembly",
        kind="bilateral",
        titles={"en": f"{CANARY}agreement"},
        parties=["m1", "m2"],
        promises=[PromiseGiven(texts={"en": f"{CANARY}promise"}, owner="m1")],
        visibility="members",
        by=SET_UP,
    )
    reader = someone("public")
    asked = [*every_address(), "/capacity/agreements/closed-circle", "/capacity/agreements/closed-circle/1"]
    told = [
        a for a in asked if CANARY.encode() in bytes_of(reader.get(a)) or SHOWN_AMOUNT.search(bytes_of(reader.get(a)))
    ]
    assert (told, offered.visibility, held.visibility, agreed.visibility) == ([], "members", "members", "members")
    assert f"{CANARY}offer" in someone("delegate of m2").get("/capacity/offers/").content.decode()
