"""Receipts, payloads, openings and chains: what is public, to whom, and from when."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
import rfc8785
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from comity.adapters.signing_keys import Ed25519Verifier
from comity.engines.record.proofs import parse_receipt, verify_receipt
from comity.errors import BadParameter, Conflict, NotFound, NotYetSequenced
from comity.platform.record.chain import chain_of, prov_jsonld
from comity.platform.record.models import Act
from comity.platform.record.publications import opened_entries, opening_of, payload_digest, payload_of, receipt_of
from comity.platform.record.sequencer import sequence_acts
from comity.platform.record.services import withhold_payloads

pytestmark = pytest.mark.django_db
ANYONE = AnonymousUser()


def test_a_receipt_proves_the_act_to_one_who_has_only_the_key(log, enter):
    acts = enter(40)
    sequence_acts(log=log)
    text = receipt_of(act_id=str(acts[7].pk), user=ANYONE, log=log)
    receipt = parse_receipt(text)
    checkpoint = verify_receipt(receipt=receipt, by=Ed25519Verifier(key=log.public))
    assert (receipt.extra, checkpoint.size) == (bytes(acts[7].body), 40)


def test_an_act_that_waits_has_no_receipt_yet(log, enter):
    (act,) = enter()
    with pytest.raises(NotYetSequenced):
        receipt_of(act_id=str(act.pk), user=ANYONE, log=log)


def test_a_restricted_act_has_no_receipt_for_those_who_may_not_see_it(log, enter):
    (act,) = enter(visibility="members")
    sequence_acts(log=log)
    with pytest.raises(NotFound):
        receipt_of(act_id=str(act.pk), user=ANYONE, log=log)


def test_a_payload_is_published_by_its_digest_where_the_act_is_public(log, enter):
    (act,) = enter(payload={"b": 1, "a": "é"})
    found = payload_of(digest=act.payload_sha256)
    assert found == '{"a":"é","b":1}'.encode()
    assert hashlib.sha256(found).hexdigest() == json.loads(bytes(act.body))["payload_sha256"]


def test_the_payload_of_a_restricted_act_is_not_published_before_its_date(log, enter):
    soon = timezone.now() + dt.timedelta(hours=1)
    (act,) = enter(visibility="members", released_at=soon, payload={"canary": "canary"})
    with pytest.raises(NotFound):
        payload_of(digest=act.payload_sha256)
    Act.objects.filter(pk=act.pk).update(released_at=timezone.now())
    assert payload_of(digest=act.payload_sha256) == b'{"canary":"canary"}'


def test_a_restricted_act_opens_on_its_date_and_fits_its_commitment(log, enter):
    soon = timezone.now() + dt.timedelta(hours=1)
    enter(2)
    (act,) = enter(visibility="committee", audience="committee:review", released_at=soon)
    (never,) = enter(visibility="members")
    sequence_acts(log=log)
    assert opened_entries() == ()
    with pytest.raises(NotFound):
        opening_of(index=2)
    Act.objects.filter(pk=act.pk).update(released_at=timezone.now())
    assert opened_entries() == (2,)
    opening = json.loads(opening_of(index=2))
    commitment = json.loads(next(iter(log.store.entries(2, 3))))["commitment"]
    salted = bytes.fromhex(opening["salt"]) + rfc8785.dumps(opening["content"])
    assert hashlib.sha256(salted).hexdigest() == commitment
    assert opening["content"]["office"] == "secretariat"
    with pytest.raises(NotFound):
        opening_of(index=Act.objects.get(pk=never.pk).sequence)


def linked(enter, subject: str, *objects: str, **changes):
    links = [(subject, "wasDerivedFrom", thing) for thing in objects]
    return enter(1, subject=subject, links=links, **changes)[0]


def test_a_chain_goes_both_ways_and_in_the_order_of_time(log, enter):
    linked(enter, "alignment/links/a", "alignment/instruments/x/art_1", "alignment/instruments/y/art_2")
    linked(enter, "decisions/drafts/d", "alignment/links/a")
    linked(enter, "standards/s", "decisions/drafts/d")
    enter(1, subject="elsewhere/unlinked")
    chain = chain_of(reference="decisions/drafts/d", user=ANYONE)
    assert [act.subject for act in chain.acts] == ["alignment/links/a", "decisions/drafts/d", "standards/s"]
    assert (chain.rests_on, chain.led_to, chain.is_cut) == (("alignment/links/a",), ("standards/s",), False)


def test_a_whole_has_the_chain_of_its_parts(log, enter):
    linked(enter, "alignment/links/a", "alignment/instruments/x/art_1")
    chain = chain_of(reference="alignment/instruments/x", user=ANYONE)
    assert [act.subject for act in chain.acts] == ["alignment/links/a"]
    assert chain.led_to == ("alignment/links/a",)


def test_a_chain_leaves_out_what_its_reader_may_not_see(log, enter):
    linked(enter, "decisions/drafts/d", "alignment/links/a")
    linked(enter, "standards/canary", "decisions/drafts/d", visibility="members")
    linked(enter, "standards/beyond", "standards/canary")
    chain = chain_of(reference="decisions/drafts/d", user=ANYONE)
    assert [act.subject for act in chain.acts] == ["decisions/drafts/d"]
    assert chain.led_to == ()
    assert "canary" not in json.dumps(prov_jsonld(chain=chain))


def test_a_chain_does_not_go_up_to_a_common_root_and_down_to_all_else(log, enter):
    for member in ("m1", "m2", "m3"):
        linked(enter, f"parties/members/{member}", "parties/bodies/assembly")
    chain = chain_of(reference="parties/members/m2", user=ANYONE)
    assert [act.subject for act in chain.acts] == ["parties/members/m2"]
    assert len(chain_of(reference="parties/bodies/assembly", user=ANYONE).acts) == 3


def test_a_chain_in_a_circle_ends(log, enter):
    linked(enter, "a/a", "b/b")
    linked(enter, "b/b", "a/a")
    assert len(chain_of(reference="a/a", user=ANYONE).acts) == 2


def test_what_is_no_reference_has_no_chain():
    with pytest.raises(BadParameter):
        chain_of(reference="Not A Reference", user=ANYONE)


def test_a_chain_as_prov_jsonld_says_what_was_derived_from_what(log, enter):
    act = linked(enter, "alignment/links/a", "alignment/instruments/x/art_1", member="KEN")
    document = prov_jsonld(chain=chain_of(reference="alignment/links/a", user=ANYONE))
    by_type = {}
    for node in document["@graph"]:
        by_type.setdefault(node["@type"], []).append(node)
    assert by_type["prov:Derivation"] == [
        {
            "@type": "prov:Derivation",
            "generatedEntity": "comity:alignment/links/a",
            "usedEntity": "comity:alignment/instruments/x/art_1",
        }
    ]
    assert [n["@id"] for n in by_type["prov:Activity"]] == [f"comity:record/acts/{act.pk}"]
    assert sorted(n["@id"] for n in by_type["prov:Agent"]) == [
        "comity:offices/secretariat",
        "comity:parties/members/KEN",
    ]
    assert sorted(n["@id"] for n in by_type["prov:Entity"]) == [
        "comity:alignment/instruments/x/art_1",
        "comity:alignment/links/a",
    ]
    used = {key for node in document["@graph"] for key in node if not key.startswith("@")}
    assert used <= {"activity", "agent", "entity", "generatedEntity", "usedEntity", "startTime", "endTime"}


def test_a_withheld_payload_is_published_no_longer_and_opens_on_its_date(log, enter):
    (act,) = enter(payload={"canary": "canary"}, subject="tests/things/one")
    (part,) = enter(payload={"canary": "part"}, subject="tests/things/one/part")
    (other,) = enter(payload={"n": 1}, subject="tests/things/one-more")
    with transaction.atomic():
        withhold_payloads(subject="tests/things/one", withheld=True, until=timezone.now() + dt.timedelta(hours=1))
    for hidden in (act, part):
        assert payload_digest(act_id=str(hidden.pk)) == ""
        with pytest.raises(NotFound):
            payload_of(digest=hidden.payload_sha256)
    assert payload_of(digest=other.payload_sha256) == b'{"n":1}'
    Act.objects.filter(pk=act.pk).update(payload_opens_at=timezone.now())
    assert payload_of(digest=act.payload_sha256) == b'{"canary":"canary"}'
    with transaction.atomic():
        withhold_payloads(subject="tests/things/one", withheld=False)
    assert payload_of(digest=part.payload_sha256) == b'{"canary":"part"}'


@pytest.mark.django_db(transaction=True)
def test_payloads_are_withheld_only_with_what_they_tell_of():
    with pytest.raises(Conflict):
        withhold_payloads(subject="tests/things/one", withheld=True)
