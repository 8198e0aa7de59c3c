"""A consultation with statements, voices and answers, made by the services that make real ones."""

from __future__ import annotations

import datetime as dt
import itertools

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comity.platform.dialogue.answering import give_answer, keep_answer
from comity.platform.dialogue.consultations import add_seeds, convene_dialogue, open_dialogue
from comity.platform.dialogue.models import Answer, Dialogue, Participant, Statement
from comity.platform.dialogue.participation import join_dialogue, member_voice
from comity.platform.dialogue.writing import write_statement
from support.parties import SET_UP, account_with, make_body

SEEDS = (
    {"en": "A person must be able to stop a system.", "fr": "Une personne doit pouvoir arrêter un système."},
    {"en": "Every stop is written down."},
    {"en": "Small offices may share one watch."},
)
NOBODY = AnonymousUser()
_numbers = itertools.count(1)


def make_dialogue(
    slug="stop", *, body="oversight", seeds=SEEDS, opened=True, days=7, closed=False, by=SET_UP, **settings
) -> Dialogue:
    """A consultation of the committee on oversight, open for seven days; ``closed`` puts its deadline into the past."""
    make_body()
    given = {"question": {"en": "When must a person be able to stop a system?"}, "rule": "Rule 30", **settings}
    convene_dialogue(slug=slug, body=body, seeds=seeds, by=by, **given)
    if opened or closed:
        open_dialogue(slug=slug, closes_at=timezone.now() + dt.timedelta(days=days), by=by)
    if closed:
        put_deadline_into_the_past(slug)
    return Dialogue.objects.select_related("body__parent").get(slug=slug)


def put_deadline_into_the_past(slug: str) -> None:
    """As if it had been opened three days ago for two: no row was written since."""
    now = timezone.now()
    Dialogue.objects.filter(slug=slug).update(
        opened_at=now - dt.timedelta(days=3), closes_at=now - dt.timedelta(days=1)
    )


def a_participant(dialogue: Dialogue, *, user=None, region="", key=None, member="", by=None) -> Participant:
    """A voice: without more, one that came in with a code; of an account, of a code given out, or of a member (by its head)."""
    if member:
        return member_voice(dialogue=dialogue, member=member, by=by or account_with("head", member=member))
    return join_dialogue(slug=dialogue.slug, user=user or NOBODY, region=region, key=key)[0]


def a_statement(dialogue: Dialogue, text="", *, language="en", author=None, state="shown") -> Statement:
    """A statement: of the convenor, or of an author, in a state."""
    words = text or f"Statement of a test, the {next(_numbers)}th"
    if author is None:
        (made,) = add_seeds(slug=dialogue.slug, seeds=[{language: words}], by=SET_UP)
    else:
        made = write_statement(slug=dialogue.slug, text=words, language=language, participant=author)
    Statement.objects.filter(pk=made.pk).update(state=state)
    made.state = state
    return made


def answers_of(participant: Participant, answers, *, by=None, standing="") -> list[Answer]:
    """Answers by the number of the statement. A member's are provisional, and need no voice where ``by`` is left out."""
    slug = participant.dialogue.slug
    standing = standing or ("own" if participant.track == "people" else "provisional")
    if by is None:
        return [
            keep_answer(participant=participant, number=number, value=value, standing=standing)
            for number, value in answers.items()
        ]
    return [
        give_answer(slug=slug, number=number, value=value, standing=standing, participant=participant, by=by)
        for number, value in answers.items()
    ]
