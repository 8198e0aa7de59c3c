"""A dialogue at work: statements that wait, people and delegations that answer, a result on the record."""

from __future__ import annotations

import datetime as dt
import itertools

from django.db import transaction
from django.utils import timezone

from comity.platform.dialogue import consultations, participation, writing
from comity.platform.dialogue.models import Analysis, Dialogue
from comity.platform.record.services import enter_act
from support.parties import SET_UP, account_with, make_body

SEEDS = (
    {"en": "A person must be able to stop a system.", "fr": "Une personne doit pouvoir arrêter un système."},
    {"es": "Una pausa de 30 días no necesita un juez."},
    {"en": "Whoever stops a system must say why within a week."},
)
_names = itertools.count(1)


def open_one(*, seeds=SEEDS, **settings) -> Dialogue:
    """A dialogue of the committee on oversight that is open for a day."""
    make_body()
    slug = f"stop-{next(_names)}"
    given = {"question": {"en": "When must a person be able to stop a system?"}, "rule": "Rule 30", **settings}
    consultations.convene_dialogue(slug=slug, body="oversight", seeds=seeds, by=SET_UP, **given)
    consultations.open_dialogue(slug=slug, closes_at=timezone.now() + dt.timedelta(days=1), by=SET_UP)
    return Dialogue.objects.select_related("body").get(slug=slug)


def author(dialogue: Dialogue, *, user=None):
    """An account with a voice."""
    user = user or account_with("reviewer")
    return participation.join_dialogue(slug=dialogue.slug, user=user)[0]


def written(dialogue: Dialogue, text: str = "Logs are kept for ten years.", *, by=None, language: str = "en"):
    """A statement that waits for a moderator."""
    participant = by or author(dialogue)
    return writing.write_statement(slug=dialogue.slug, text=text, language=language, participant=participant)


def end(dialogue: Dialogue, *, archive: bool = False) -> None:
    """Close a dialogue, and archive it where asked."""
    consultations.close_dialogue(slug=dialogue.slug, by=SET_UP)
    if archive:
        consultations.archive_dialogue(slug=dialogue.slug, by=SET_UP)


def publish(dialogue: Dialogue, *, track: str = "people") -> Analysis:
    """A result of a track on the record, with no figures."""
    with transaction.atomic():
        act = enter_act(
            type="publish-results", office="secretariat", authority="A test", subject=dialogue.reference, payload={}
        )
        return Analysis.objects.create(
            dialogue=dialogue,
            track=track,
            made_at=timezone.now(),
            engine="test/1",
            votes=0,
            voices=0,
            is_final=True,
            figures={},
            digest="0" * 64,
            act=act,
        )
