"""Canaries in questions and replies that few may know of, and every address, act, log entry and mail searched for them."""

from __future__ import annotations

import itertools
import json
import re
import zlib

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from comity.platform.commons.answering import decline_to_reply
from comity.platform.commons.asking import change_question
from comity.platform.commons.contribution_persons import shared_by
from comity.platform.commons.models import MemberQuestion, MemberReply
from comity.platform.parties.models import OutgoingMail
from comity.platform.record.models import Act
from comity.platform.record.sequencer import sequence_acts
from comity.web.delegation.digest import write_digest
from support.contributions import a_person
from support.pages import signed_in_as
from support.parties import SET_UP, account_with, make_body, today
from support.questions import draft_question, draft_reply, open_question, question_given, sent_reply
from web.test_canaries import addresses, bytes_of

pytestmark = pytest.mark.django_db
CANARY = "Qx7Canary"
WORDS = {"texts": {"en": f"{CANARY}text"}}


@pytest.fixture
def planted(tmp_path, settings):
    """A public question with a reply to its asker alone, one drafted and one declined; questions of members, of a committee, and drafts."""
    from comity.platform.record.log import open_log, prepare_key

    settings.DATA, settings.RECORD_KEY, settings.FILES = tmp_path, "", str(tmp_path / "files")
    prepare_key(origin="test.invalid/record")
    cache.clear()
    make_body()
    asked = open_question(visibility="public")
    sent_reply(asked, "m2", shown_to="asker", note=f"{CANARY}note", **WORDS)
    draft_reply(asked, "m2", shown_to="asker", texts={"en": f"{CANARY}change"})
    draft_reply(asked, "m4", **WORDS)
    decline_to_reply(question=asked.slug, member="union", by=SET_UP)
    given = {k: v for k, v in question_given(visibility="public").items() if k not in {"body", "member"}}
    change_question(slug=asked.slug, by=SET_UP, **{**given, "titles": {"en": f"{CANARY}changed"}})
    hidden = {"titles": {"en": f"{CANARY}title"}, **WORDS}
    within = open_question(body="oversight", visibility="committee", to=["m2"], **hidden)
    sent_reply(within, "m2", **WORDS)
    draft_question(visibility="public", **hidden)
    log = open_log()
    sequence_acts(log=log)
    return log


def every_address() -> list[str]:
    replies = MemberReply.objects.select_related("question")
    acts = Act.objects.exclude(visibility="public")
    fills = {
        "slug": list(MemberQuestion.objects.values_list("slug", flat=True)),
        "reply": list(replies.values_list("slug", flat=True)),
        "act_id": [str(pk) for pk in acts.values_list("pk", flat=True)],
        "digest": list(acts.values_list("payload_sha256", flat=True)),
        "reference": [row.reference for row in (*MemberQuestion.objects.all(), *replies)],
        "member": ["m2"],
    }
    found = []
    for route in addresses():
        here = route.split("/")[0] in {"commons", "record", "delegation", "api", "hub", "parties"} or route in {
            "",
            "search",
        }
        parameters = re.findall(r"<[^>]+>", route)
        names = [parameter.strip("<>").split(":")[-1] for parameter in parameters]
        if not here or ("slug" in names and "questions" not in route):
            continue
        for values in itertools.product(*(fills.get(name, ["none"]) for name in names)):
            address = route.strip("^$")
            for parameter, value in zip(parameters, values, strict=True):
                address = address.replace(parameter, str(value))
            found.append(f"/{address}")
    return [*found, "/commons/questions?show=unanswered", "/commons/questions?show=mine"]


@pytest.mark.parametrize("role", ["public", "head of m3", "chair of other", "operator", "reviewer"])
def test_nothing_tells_outsiders_of_them_nor_that_there_are_any(planted, role):
    kind, _of, member = role.partition(" of ")
    where = {"body": member} if kind == "chair" else {"member": member} if member else {}
    client = Client() if role == "public" else signed_in_as(account_with(kind, **where))
    names = [slug.encode() for slug in MemberReply.objects.values_list("slug", flat=True)]
    names += [q.slug.encode() for q in MemberQuestion.objects.exclude(visibility="public")]
    found, visited = [], 0
    for address in every_address():
        for ask in (client.get, client.post):
            said, visited = bytes_of(ask(address)), visited + 1
            told = [n for n in names if n in said and n.decode() not in address]
            if (CANARY.encode() in said and CANARY not in address) or told:
                found.append((ask.__name__, address))
    assert visited > 150
    assert found == []


def test_the_asker_reads_what_it_alone_is_answered_and_nothing_that_another_drafts(planted):
    client = signed_in_as(a_person("m1"))
    said = bytes_of(client.get(f"/{MemberQuestion.objects.get(visibility='public', state='open').reference}"))
    assert f"{CANARY}text".encode() in said
    for hidden in (f"{CANARY}change<", f"{CANARY}note", "Member 4"):
        assert hidden.encode() not in said


def test_no_public_act_log_entry_mail_or_export_of_another_tells_of_them(planted):
    for act in Act.objects.filter(visibility="public"):
        public = bytes(act.body) + zlib.decompress(bytes(act.payload)) + json.dumps(act.content).encode()
        assert CANARY.encode() not in public
        assert b'"r-' not in public
    assert CANARY.encode() not in b"".join(planted.store.entries(0, planted.store.size))
    for member in ("m1", "m2", "m3", "m4"):
        write_digest(user=account_with("head", member=member), day=today(), now=timezone.now())
    assert [m.pk for m in OutgoingMail.objects.all() if CANARY in m.text + m.html + m.subject] == []
    assert set(map(len, shared_by(email=a_person("m3").email).values())) == {0}
