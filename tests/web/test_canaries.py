"""Canaries in every restricted field, and a search of all that leaves the instance: none is found."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import logging
import re
import zlib

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from comity.engines.alignment import texts
from comity.platform.decisions.elections import record_election
from comity.platform.decisions.models import Ballot, Document, ElectionResult
from comity.platform.decisions.voting import cast_vote
from comity.platform.dialogue.models import Dialogue
from comity.platform.parties import submissions
from comity.platform.parties.credentials import issue_credential
from comity.platform.parties.models import Credential, OutgoingMail, Statement, Submission
from comity.platform.parties.voices import take_voice
from comity.platform.record.models import Act
from comity.platform.record.sequencer import sequence_acts
from comity.platform.record.visibility import Kept
from comity.web.delegation.digest import write_digest
from support.ballots import a_voice, make_ballot
from support.decisions import make_document
from support.dialogue import a_participant, a_statement, answers_of, make_dialogue
from support.parties import SET_UP, account_with, make_body, today

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CANARY = "Qx7Canary"
CIRCLES = {
    "members": "",
    "committee": "committee:oversight",
    "delegation": "delegation:m1",
}


@pytest.fixture
def planted(tmp_path, settings):
    """Drafts, remarks, statements, restricted acts, an instrument and a person: a canary in each field that can hold one."""
    from comity.platform.record.log import open_log, prepare_key

    settings.DATA = tmp_path
    settings.RECORD_KEY = ""
    prepare_key(origin="test.invalid/record")
    cache.clear()
    make_body()
    head, capital = account_with("head"), account_with("capital")
    words = {"title": f"{CANARY}title", "text": f"{CANARY}text", "language": "en"}
    draft = submissions.draft_text(
        member="m1",
        body="oversight",
        due_at=timezone.now() + dt.timedelta(days=1),
        matter=f"decisions/{CANARY}",
        by=head,
        **words,
    )
    submissions.comment_on(submission=draft.pk, text=f"{CANARY}remark", by=head)
    submissions.change_text(submission=draft.pk, version=1, by=head, **{**words, "text": f"{CANARY}second"})
    take_voice(member="m1", body="oversight", by=head)
    for circle, audience in CIRCLES.items():
        made = submissions.draft_text(
            member="m1", body="oversight", visibility=circle, audience=audience, by=head, **words
        )
        submissions.clear_text(submission=made.pk, version=1, by=capital)
        submissions.send_text(submission=made.pk, version=1, by=head)
    issue_credential(
        member="m1",
        body="assembly",
        role="delegate",
        holder=f"{CANARY}holder",
        letter=f"{CANARY}letter",
        starts_on=today(),
        by=account_with("secretariat"),
    )
    plant_in_instrument()
    plant_in_dialogues()
    plant_in_decisions()
    log = open_log()
    sequence_acts(log=log)
    return log


def plant_in_instrument() -> None:
    from comity.platform.alignment.models import Instrument, Provision
    from comity.platform.alignment.services import change_who_sees
    from comity.platform.alignment.versions import take_in_version
    from comity.platform.parties.rules import Installation
    from comity.platform.record.services import enter_act

    kept = Instrument.objects.create(
        slug="canary-act",
        title=f"{CANARY}instrument",
        short_title=f"{CANARY}instrument",
        party="KEN",
        language="en",
        basis="full-text",
        source_sha256="0" * 64,
    )
    Provision.objects.create(
        instrument=kept,
        ref="art_1",
        position=0,
        label=f"{CANARY}label",
        text=f"{CANARY}provision",
        language="en",
        search_words=CANARY.lower(),
    )
    # Entered while it was public: what was published of it is withheld from the moment it is not.
    with transaction.atomic():
        enter_act(
            type="enter-instrument",
            office="secretariat",
            authority="A test",
            subject="alignment/instruments/canary-act",
            payload={"title": f"{CANARY}payload"},
        )
    # An earlier version holds canaries of its own.
    said = texts.Provision("canary-act", "art_1", f"{CANARY}label", "", f"{CANARY}later", "en")
    about = texts.Instrument("canary-act", f"{CANARY}instrument", f"{CANARY}instrument", "KEN", language="en")
    assert take_in_version(instrument=about, provisions=[said], by=Installation()) is not None
    change_who_sees(slug="canary-act", visibility="members", by=account_with("secretariat"))


def plant_in_dialogues() -> None:
    """Dialogues of members and of the committee, and a draft: question, introduction, statements shown and waiting, an answer."""
    texts_of = {"question": {"en": f"{CANARY}question"}, "introduction": {"en": f"{CANARY}introduction"}}
    seeds = [{"en": f"{CANARY}seed", "fr": f"{CANARY}graine"}]
    delegate = account_with("delegate", member="m2")
    for slug, settings in (
        ("canary-talk", {"visibility": "members"}),
        ("canary-inner", {"visibility": "committee"}),
        ("canary-draft", {"opened": False}),
    ):
        # Observers and experts sit in the committee, where the act of its opening tells them on which rule it rests.
        rule = "Rule 30" if slug == "canary-inner" else f"{CANARY}rule"
        made = make_dialogue(slug, people="accounts", seeds=seeds, rule=rule, **texts_of, **settings)
        if slug == "canary-draft":
            continue
        voice = a_participant(made, member="m2", by=delegate)
        answers_of(voice, {1: 1})
        a_statement(made, f"{CANARY}waiting", author=voice, state="waiting")
        a_statement(made, f"{CANARY}refused", author=voice, state="refused")


def plant_in_decisions() -> None:
    """Documents, elections and ballots of members and of the committee, a ballot in preparation, and a vote with its reasons."""
    words = (f"{CANARY}title", f"{CANARY}text")
    head, office = a_voice("m2", role="delegate"), account_with("secretariat")
    for circle, number in (("members", 7), ("committee", 8)):
        name, symbol = f"canary-{circle}", f"C/3/L.{number}"
        make_document(
            name, symbol=symbol, texts={"en": words, "sw": words}, note={"en": f"{CANARY}note"}, visibility=circle
        )
        record_election(
            slug=name,
            body="oversight",
            office={"en": f"{CANARY}office"},
            held_at=timezone.now(),
            system=f"{CANARY}system",
            counts=[(f"{CANARY}candidate", 2)],
            cast=2,
            invalid=0,
            elected=[f"{CANARY}candidate"],
            tellers=["m1"],
            statement=f"{CANARY}statement",
            authority="Rule 30",
            visibility=circle,
            by=SET_UP,
        )
        make_ballot(
            name,
            question={"en": f"{CANARY}question"},
            version=symbol,
            kind="text",
            visibility=circle,
            opened=False,
            by=office,
        )
        make_ballot(f"{name}-open", question={"en": f"{CANARY}question"}, visibility=circle, by=office)
        cast_vote(slug=f"{name}-open", member="m2", position="no", reasons=f"{CANARY}reasons", by=head)


def addresses(patterns=None, prefix: str = "") -> list[str]:
    found = []
    for pattern in patterns or get_resolver().url_patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            found.append(here)
    return found


OF_DECISIONS = ("canary-members", "canary-committee", "canary-members-open")
HIDES_NOTHING = Q(visibility="public", is_payload_withheld=False)


def every_address() -> list[str]:
    """Every address of the site, with each parameter filled by everything that could stand there."""
    statements = list(Statement.objects.values_list("number", flat=True))
    acts = [str(pk) for pk in Act.objects.exclude(HIDES_NOTHING).values_list("pk", flat=True)]
    digests = list(Act.objects.exclude(HIDES_NOTHING).values_list("payload_sha256", flat=True))
    drafts = list(Submission.objects.values_list("pk", flat=True))
    fills = {
        "act_id": acts,
        "digest": digests,
        "index": range(Act.objects.count()),
        "number": sorted({*statements, *drafts, 1, 2}),
        "slug": ["canary-act", "canary-talk", "canary-inner", "canary-draft", "m1", "assembly", "oversight"],
        "instrument": ["canary-act"],
        "ref": ["art_1"],
        "reference": [
            *(f"parties/statements/{n}" for n in statements),
            "parties/members/m1",
            "alignment/instruments/canary-act",
            "alignment/instruments/canary-act/versions/1",
            "dialogue/canary-talk",
            "dialogue/canary-talk/statements/1",
            "decisions/documents/canary-members/1",
            "decisions/ballots/canary-members-open",
        ],
        "rest": ["0/000", f"0/000.p/{Act.objects.count()}", f"entries/000.p/{Act.objects.count()}"],
    }
    # Below a dialogue stand its own statements; under the name of anything else there is nothing, whatever that is.
    of_a_dialogue = {
        **fills,
        "slug": [*Dialogue.objects.values_list("slug", flat=True), "m1"],
        "number": sorted(set(Dialogue.objects.values_list("statements__number", flat=True))),
    }
    of_decisions = fills | {"slug": list(OF_DECISIONS), "number": [1], "language": ["en", "sw"]}
    found = []
    for route in addresses():
        room = route.split("/")[0]
        here = {"dialogue": of_a_dialogue, "decisions": of_decisions}.get(room, fills)
        parameters = re.findall(r"<[^>]+>", route)
        names = [parameter.strip("<>").split(":")[-1] for parameter in parameters]
        for values in itertools.product(*(here.get(name, ["none"]) for name in names)):
            address = route.strip("^$")
            for parameter, value in zip(parameters, values, strict=True):
                address = address.replace(parameter, str(value))
            found.append(f"/{address}")
    return found


def bytes_of(response) -> bytes:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body + str(response.headers).encode()


OUTSIDERS = ("public", "operator", "observer", "expert")


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_page_feed_download_or_error_shows_a_canary_to_an_outsider(planted, role, caplog):
    """An observer and an expert sit in the committee: for them its circle is left out of the search."""
    client = Client(raise_request_exception=False)
    if role != "public":
        user = account_with(role)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        client.force_login(user, backend=BACKEND)
    if role in {"observer", "expert"}:
        Statement.objects.filter(visibility="committee").delete()
        for table in (Dialogue, Document, ElectionResult, Ballot):
            table.objects.filter(visibility="committee").update(visibility="members", audience="")
    visited = [address for address in every_address() if not address.endswith(("sign-out", "logout/"))]
    searches = [f"{a}?q=Canary" for a in ("/alignment/search", "/alignment/instruments", "/api/v1/search")]
    assert len(visited) > 120
    found = []
    with caplog.at_level(logging.DEBUG):
        for address in (*visited, *searches):
            found += [
                (method.__name__, address)
                for method in (client.get, client.post)
                if CANARY.encode() in bytes_of(method(address))
            ]
    assert found == []
    assert [r.getMessage() for r in caplog.records if CANARY in r.getMessage()] == []


def test_the_search_itself_would_find_a_canary_that_is_shown(planted):
    Statement.objects.filter(visibility="members").update(visibility="public")
    assert any(CANARY.encode() in bytes_of(Client().get(a)) for a in every_address() if "statements" in a)


def test_no_log_entry_or_published_file_holds_a_canary(planted):
    held = b"".join(planted.store.entries(0, planted.store.size))
    assert CANARY.encode() not in held
    assert [p for p in planted.store.folder.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()] == []


def test_public_acts_and_their_payloads_hold_no_canary(planted):
    for act in Act.objects.filter(HIDES_NOTHING):
        public = bytes(act.body) + zlib.decompress(bytes(act.payload)) + json.dumps(act.content).encode()
        assert CANARY.encode() not in public, act.type


def test_no_mail_holds_a_canary(planted):
    for role in ("capital", "head"):
        user = (
            Credential.objects.filter(
                member__slug="m1", user__isnull=False, role={"capital": "adviser"}.get(role, role)
            )
            .first()
            .user
        )
        write_digest(user=user, day=today(), now=timezone.now())
    assert OutgoingMail.objects.count() == 2
    assert [m.pk for m in OutgoingMail.objects.all() if CANARY in m.text + m.html + m.subject] == []


def test_no_line_of_the_servers_log_holds_a_canary(planted):
    from comity.site.logs import JsonFormatter

    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    try:
        client = Client(raise_request_exception=False)
        for address in every_address():
            client.get(address)
    finally:
        logging.getLogger().removeHandler(handler)
    assert CANARY not in stream.getvalue()


def test_every_kept_table_is_planted_above():
    kept = {m.__name__ for m in apps.get_models() if issubclass(m, Kept)}
    elsewhere = {
        "Offer",
        "Round",
        "Agreement",
        "Mirror",
        "Release",
        "MemberQuestion",
        "Evaluation",
        "ExperienceNote",
    }  # tests/web/capacity and tests/web/commons
    assert kept - elsewhere == {"Act", "Statement", "Instrument", "Dialogue", "Document", "ElectionResult", "Ballot"}
