"""Canaries in notes that are not public, and in what a public one is about: every address that could tell, asked by who may not know."""

from __future__ import annotations

import itertools
import json
import re
import zlib

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from comity.platform.commons.models import ExperienceNote, NoteTranslation
from comity.platform.commons.note_translations import translate_note_by_machine, write_note_translation
from comity.platform.commons.notes_of_experience import change_note, send_note, show_note, withdraw_note
from comity.platform.parties.models import OutgoingMail
from comity.platform.record.models import Act
from comity.platform.record.sequencer import sequence_acts
from comity.web.delegation.digest import write_digest
from support.contributions import make_resource, open_need
from support.notes import PARTS, Model, draft_note, make_topic, note_given, open_note
from support.pages import signed_in
from support.parties import SET_UP, account_with, today
from web.test_canaries import addresses, bytes_of

pytestmark = pytest.mark.django_db
CANARY = "Qx7Canary"
PAGES = (
    "",
    "alignment/topics/<slug:topic>",
    "capacity/needs/",
    "capacity/needs/<slug:slug>",
    "delegation/",
    "parties/",
)
ROOMS = ("commons/", "capacity/resources/<", "record/")
# Who may not know of which notes, by the word that their canaries begin with.
OUTSIDERS = {
    "public": ("public", "m1", ("members", "committee", "delegation", "draft", "pending", "narrowed", "withdrawn")),
    "operator": ("operator", "m1", ("members", "committee", "delegation", "draft", "pending", "narrowed", "withdrawn")),
    "observer": ("observer", "m1", ("members", "delegation", "draft", "pending", "narrowed", "withdrawn")),
    "head of m3": ("head", "m3", ("committee", "delegation", "draft", "pending", "narrowed", "withdrawn")),
    "secretariat": ("secretariat", "m1", ("delegation", "draft", "pending", "narrowed", "withdrawn")),
    "translator": ("translator", "m1", ("committee", "delegation", "draft", "pending", "narrowed", "withdrawn")),
}


def marked(word):
    return {"title": f"{CANARY}{word} title", "parts": {part: f"{CANARY}{word} {part}" for part in PARTS}}


@pytest.fixture
def planted(tmp_path, settings):
    """A note in each circle, a draft, a change that waits, one that was public, one that was withdrawn; and a secret need that one is about."""
    from comity.platform.record.log import open_log, prepare_key

    settings.DATA, settings.RECORD_KEY = tmp_path, ""
    prepare_key(origin="test.invalid/record")
    cache.clear()
    topic = make_topic()
    make_resource()
    secret = open_need("m1", shown_to="secretariat", titles={"en": f"{CANARY}need"})
    about = [topic, secret.reference]
    for word, circle in (("members", "members"), ("committee", "committee:oversight"), ("delegation", "delegation")):
        note = open_note(circle=circle, about=about, **marked(word))
        write_note_translation(slug=note.slug, language="fr", by=SET_UP, **marked(word))
        translate_note_by_machine(slug=note.slug, language="es", translator=Model(), by=SET_UP)
    draft_note(about=about, **marked("draft"))
    public = open_note(about=about)
    change_note(slug=public.slug, by=SET_UP, **note_given(about=about, **marked("pending")))
    narrowed, withdrawn = open_note(about=about, **marked("narrowed")), open_note(about=about, **marked("withdrawn"))
    for note in (narrowed, withdrawn):
        write_note_translation(slug=note.slug, language="fr", by=SET_UP, **marked(note.title.split()[0][len(CANARY) :]))
    show_note(slug=narrowed.slug, circle="delegation", by=SET_UP)
    withdraw_note(slug=withdrawn.slug, by=SET_UP)
    log = open_log()
    sequence_acts(log=log)
    return log, secret


def every_address(secret):
    """Every address of the rooms that could tell, filled by every note, act and payload; and searches for the canary's own words."""
    notes = list(ExperienceNote.objects.values_list("slug", flat=True))
    acts = Act.objects.filter(subject__startswith="commons/notes/")
    fills = {
        "slug": [*notes, secret.slug, "expert-days", "m1"],
        "topic": ["oversight"],
        "number": [1, 2],
        "language": ["fr", "es"],
        "act_id": [str(pk) for pk in acts.values_list("pk", flat=True)],
        "digest": list(acts.values_list("payload_sha256", flat=True)),
        "reference": [f"commons/notes/{slug}" for slug in notes] + ["alignment/topics/oversight"],
    }
    found = [
        f"{address}?q={word}"
        for address in ("/commons/notes", "/alignment/search", "/api/v1/search")
        for word in ("title", "problem")
    ]
    for route in addresses():
        if route not in PAGES and not route.startswith(ROOMS):
            continue
        parameters = re.findall(r"<[^>]+>", route)
        names = [parameter.strip("<>").split(":")[-1] for parameter in parameters]
        for values in itertools.product(*(fills.get(name, ["none"]) for name in names)):
            address = route.strip("^$")
            for parameter, value in zip(parameters, values, strict=True):
                address = address.replace(parameter, str(value))
            found.append(f"/{address}")
    return found


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_is_told_of_a_note_outside_its_circle(planted, who):
    _log, secret = planted
    role, member, hidden = OUTSIDERS[who]
    client = Client(raise_request_exception=False) if role == "public" else signed_in(role, member=member)
    client.raise_request_exception = False
    visited = every_address(secret)
    assert len(visited) > 100
    words = [f"{CANARY}{word}".encode() for word in hidden]
    if who != "secretariat":
        words.append(f"{CANARY}need".encode())
    said = {address: bytes_of(client.get(address)) for address in visited}
    assert [(a, w) for a, content in said.items() for w in words if w in content] == []
    named = [a for a, content in said.items() if secret.slug.encode() in content and secret.slug not in a]
    assert named == [] or who == "secretariat"


def test_its_own_delegation_is_told_of_all(planted):
    _log, secret = planted
    own = signed_in("head")
    shown = b"".join(bytes_of(own.get(a)) for a in every_address(secret) if "commons/notes" in a)
    for word in ("members", "committee", "delegation", "draft", "pending", "narrowed", "withdrawn", "need"):
        assert f"{CANARY}{word}".encode() in shown


def test_neither_the_log_nor_a_published_payload_nor_mail_tells_of_it(planted):
    log, secret = planted
    held = b"".join(log.store.entries(0, log.store.size))
    assert CANARY.encode() not in held
    assert secret.slug.encode() not in held
    for act in Act.objects.filter(visibility="public", is_payload_withheld=False):
        public = bytes(act.body) + zlib.decompress(bytes(act.payload)) + json.dumps(act.content).encode()
        assert CANARY.encode() not in public, act.type
    for act in Act.objects.filter(subject__startswith="commons/notes/"):
        assert secret.slug.encode() not in zlib.decompress(bytes(act.payload))
    for role, member in (("head", "m3"), ("capital", "m1"), ("head", "m1")):
        write_digest(user=account_with(role, member=member), day=today(), now=timezone.now())
    assert [m.pk for m in OutgoingMail.objects.all() if CANARY in m.text + m.html + m.subject] == []


def test_a_subject_that_a_writer_does_not_see_is_refused_as_one_that_is_not_there(planted):
    _log, secret = planted
    writer = signed_in("head", member="m2")
    given = {"for": "assembly/m2", "language": "en", "title": "T", "circle": "public", **PARTS}
    for reference in (secret.reference, "capacity/needs/n-aaaaa"):
        answer = writer.post("/commons/notes/new", {**given, "references": reference})
        said = answer.content.decode().replace(reference, "")
        assert (answer.status_code, "something that you may see here" in said) == (400, True)
    page = writer.get(f"/commons/notes/new?for=assembly/m2&about={secret.reference}").content.decode()
    assert f">{secret.reference}</textarea>" not in page
    assert NoteTranslation.objects.count() == 8
    assert ExperienceNote.objects.filter(member__slug="m2").count() == 0
    send_note(slug=ExperienceNote.objects.get(state="draft").slug, by=SET_UP)
