"""Personal data of dialogue: all of it is given out, all of it is cut with the account, and ties end when it is archived."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.utils import timezone

from comity.platform.dialogue.answering import give_answer
from comity.platform.dialogue.delegations import clear_answer, prepare_answer
from comity.platform.dialogue.models import (
    Answer,
    Dialogue,
    Invitee,
    Moderation,
    Participant,
    PreparedAnswer,
    SheetEntry,
    Statement,
)
from comity.platform.dialogue.moderation import appeal_refusal, decide_appeal, decide_statement
from comity.platform.dialogue.personal import dialogues_of, erase_dialogues_of, forget_ties_of_archived
from comity.platform.dialogue.sheets import enter_sheet, make_batch
from comity.platform.parties.models import User
from support.desk import author, open_one, written
from support.parties import account_with

pytestmark = pytest.mark.django_db


def a_full_life():
    """A dialogue in which one person of each kind has done what that kind does."""
    dialogue = open_one()
    slug = dialogue.slug
    person, head, capital = account_with("reviewer"), account_with("head"), account_with("capital")
    first, second = account_with("secretariat"), account_with("secretariat")
    voice = author(dialogue, user=person)
    give_answer(slug=slug, number=1, value=-1, participant=voice, by=person)
    row = written(dialogue, "Logs are kept.", by=voice)
    decide_statement(slug=slug, number=row.number, decision="refuse", reason="off-topic", by=first)
    appeal_refusal(slug=slug, number=row.number, text="Please look again.", participant=voice, by=person)
    decide_appeal(slug=slug, number=row.number, outcome="upheld", note="It is off topic.", by=second)
    made = prepare_answer(slug=slug, number=1, member="m1", value=1, standing="position", note="As agreed.", by=head)
    clear_answer(slug=slug, number=1, member="m1", by=capital, on=made.prepared_at.isoformat())
    make_batch(slug=slug, place="Lamu", language="en", sheets=5, by=first)
    for who in (first, second):
        enter_sheet(slug=slug, batch=1, serial=1, answers={1: 1}, by=who)
    Invitee.objects.create(dialogue=dialogue, user=person, invited_at=timezone.now())
    return dialogue, {"person": person, "head": head, "capital": capital, "first": first, "second": second}


def test_every_row_that_names_an_account_is_in_its_export():
    dialogue, people = a_full_life()
    found = {who: dialogues_of(email=user.email.upper()) for who, user in people.items()}
    voice = found["person"]["dialogues"][0]
    assert voice["dialogue"] == dialogue.slug
    assert [(a["statement"], a["value"]) for a in voice["answers"]] == [(1, -1)]
    assert voice["statements"][0]["text"] == "Logs are kept."
    assert voice["statements"][0]["appeals"] == ["Please look again."]
    assert len(found["person"]["dialogue_invitations"]) == 1
    assert [(p["prepared"], p["cleared"]) for p in found["head"]["prepared_answers"]] == [(True, False)]
    assert [(p["prepared"], p["cleared"]) for p in found["capital"]["prepared_answers"]] == [(False, True)]
    assert [(m["decided"], m["decided_appeal"]) for m in found["first"]["moderation"]] == [(True, False)]
    assert [(m["decided"], m["decided_appeal"]) for m in found["second"]["moderation"]] == [(False, True)]
    assert [s["turn"] for who in ("first", "second") for s in found[who]["sheets_typed"]] == [1, 2]
    json.dumps(found)
    assert all(rows == [] for rows in dialogues_of(email="nobody@example.org").values())


def test_after_an_erasure_no_row_of_dialogue_names_the_account_and_what_was_said_stays():
    _, people = a_full_life()
    answers, statements = Answer.objects.count(), Statement.objects.count()
    for user in people.values():
        erase_dialogues_of(user=user)
    ties = [
        (model.__name__, field.name)
        for model in apps.get_app_config("dialogue").get_models()
        for field in model._meta.get_fields()
        if getattr(field, "related_model", None) is User and field.concrete
    ]
    assert len(ties) >= 7
    kept = [
        (name, field)
        for name, field in ties
        if apps.get_model("dialogue", name).objects.filter(**{f"{field}__isnull": False}).exists()
    ]
    assert kept == []
    assert (Answer.objects.count(), Statement.objects.count()) == (answers, statements)
    assert Participant.objects.get(way="erased").pseudonym
    assert (Moderation.objects.get().appeal_text, Moderation.objects.get().appeal_note) == ("", "It is off topic.")


def test_what_still_ties_a_person_to_an_archived_dialogue_is_cut_and_another_is_left_alone():
    dialogue, _ = a_full_life()
    other = open_one()
    author(other)
    by_code = Participant.objects.create(
        dialogue=dialogue,
        track="people",
        way="code",
        pseudonym="p",
        code_sha256="0" * 64,
        came_at=timezone.now(),
    )
    assert forget_ties_of_archived() == 0
    # As an import or an older version could leave it: archived, with ties.
    act = dialogue.opening
    now = timezone.now()
    Dialogue.objects.filter(pk=dialogue.pk).update(closed_at=now, closing=act, archived_at=now)
    assert forget_ties_of_archived() > 0
    own = Participant.objects.filter(dialogue=dialogue)
    assert not own.filter(user__isnull=False).exists()
    by_code.refresh_from_db()
    assert (by_code.code_sha256, by_code.way) == ("", "erased")
    assert own.filter(way="sheet").count() == 1
    assert not SheetEntry.objects.filter(by__isnull=False).exists()
    assert not PreparedAnswer.objects.exists()
    assert Moderation.objects.get().appeal_text == ""
    assert Participant.objects.filter(dialogue=other, user__isnull=False).count() == 1
    assert forget_ties_of_archived() == 0
