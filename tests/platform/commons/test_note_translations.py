"""Translations of notes: who may, what each says of itself, and what becomes of it when the note goes on."""

from __future__ import annotations

import json
import zlib

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.commons.models import NoteTranslation
from comity.platform.commons.note_cards import find_notes, note_cards_of
from comity.platform.commons.note_translations import (
    check_note_translation,
    translate_note_by_machine,
    translation_desk,
    write_note_translation,
)
from comity.platform.commons.note_views import note_page
from comity.platform.commons.notes_of_experience import change_note, send_note, show_note, withdraw_note
from comity.platform.commons.told_of_notes import translations_that_wait
from comity.platform.record.models import Act
from support.notes import PARTS, Model, draft_note, note_given, open_note
from support.parties import SET_UP, account_with, make_body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("body")]
NOBODY = AnonymousUser()
FRENCH = {"title": "Un registre", "parts": {part: f"{part} en français" for part in PARTS}}


@pytest.fixture
def body():
    make_body()


def write(note, by=SET_UP, language="fr", **changed):
    return write_note_translation(slug=note.slug, language=language, by=by, **{**FRENCH, **changed})


@pytest.mark.parametrize("role", ["secretariat", "translator", "head", "delegate", "focal-point"])
def test_an_office_translates_and_the_act_says_which_and_of_which_version(role):
    note = open_note()
    held = write(note, by=account_with(role))
    assert (held.state, held.version, held.made_by, held.by_machine) == ("checked", 1, role, False)
    assert (held.act.type, held.act.office) == ("translate-note", role)
    assert held.act.member == ("" if role in {"secretariat", "translator"} else "m1")
    said = json.loads(zlib.decompress(bytes(held.act.payload)))
    assert (said["title"], said["version"], said["language"]) == ("Un registre", 1, "fr")
    page = note_page(slug=note.slug, user=NOBODY, language="fr")
    assert (page.words.title, page.words.state, page.card.title_language) == ("Un registre", "checked", "fr")
    assert note_page(slug=note.slug, user=NOBODY, language="ru").words.state == "original"
    assert note_page(slug=note.slug, user=NOBODY, language="fr", tongue="en").words.title == note.title


@pytest.mark.parametrize(
    "role", ["public", "alternate", "adviser", "capital", "expert", "reviewer", "operator", "observer"]
)
def test_others_do_not(role):
    note, user = open_note(), account_with(role)
    with pytest.raises(NotPermitted):
        write(note, by=user)
    with pytest.raises(NotPermitted):
        translation_desk(slug=note.slug, language="fr", user=user)


def test_a_head_translates_its_own_members_notes_alone_and_nobody_what_they_do_not_see():
    with pytest.raises(NotPermitted):
        write(open_note(), by=account_with("head", member="m2"))
    for by in (account_with("translator"), account_with("secretariat")):
        with pytest.raises(NotFound):
            write(open_note(circle="delegation"), by=by)
        with pytest.raises(NotFound):
            write(draft_note(), by=by)


def test_what_a_machine_makes_is_no_act_and_awaits_a_person():
    note, office = open_note(), account_with("translator")
    acts = Act.objects.count()
    made = translate_note_by_machine(slug=note.slug, language="fr", translator=Model(), by=office)
    assert (made.state, made.made_by, made.act, Act.objects.count()) == ("machine", "turner-1", None, acts)
    page = note_page(slug=note.slug, user=NOBODY, language="fr")
    assert (page.words.state, page.words.by_machine, page.words.made_by) == ("machine", True, "turner-1")
    waiting = list(translations_that_wait(user=office, now=timezone.now()))
    assert [n.address for n in waiting] == [f"/{note.reference}/translations/fr"]
    seen = translation_desk(slug=note.slug, language="fr", user=office).seen
    checked = check_note_translation(slug=note.slug, language="fr", by=office, on=seen)
    assert (checked.state, checked.made_by, checked.by_machine) == ("checked", "turner-1", True)
    assert list(translations_that_wait(user=office, now=timezone.now())) == []
    with pytest.raises(Conflict, match="changed since"):
        check_note_translation(slug=note.slug, language="fr", by=office, on=seen)
    again = translation_desk(slug=note.slug, language="fr", user=office).seen
    with pytest.raises(Conflict, match="checked this translation before"):
        check_note_translation(slug=note.slug, language="fr", by=office, on=again)
    assert translate_note_by_machine(slug=note.slug, language="fr", translator=Model(), by=office) is None


def test_words_that_are_not_public_are_given_to_no_model_elsewhere():
    note = open_note(circle="members")
    with pytest.raises(Conflict, match="no model outside"):
        translate_note_by_machine(slug=note.slug, language="fr", translator=Model(is_local=False), by=SET_UP)
    assert translate_note_by_machine(slug=note.slug, language="fr", translator=Model(), by=SET_UP).state == "machine"
    public = open_note()
    assert translate_note_by_machine(slug=public.slug, language="fr", translator=Model(is_local=False), by=SET_UP)


def test_a_model_cannot_bear_the_name_of_an_office():
    model = Model()
    model.name = "secretariat"
    with pytest.raises(BadParameter):
        translate_note_by_machine(slug=open_note().slug, language="fr", translator=model, by=SET_UP)


def test_a_translation_of_an_earlier_version_says_so_until_it_is_brought_up_to_date():
    note, office = open_note(), account_with("translator")
    write(note)
    change_note(slug=note.slug, by=SET_UP, **note_given(parts={"failed": "The second form failed too."}))
    send_note(slug=note.slug, by=SET_UP)
    words = note_page(slug=note.slug, user=NOBODY, language="fr").words
    assert (words.is_earlier, words.version, words.title) == (True, 1, "Un registre")
    assert [n.kind for n in translations_that_wait(user=office, now=timezone.now())] == ["translate-note"]
    desk = translation_desk(slug=note.slug, language="fr", user=office)
    with pytest.raises(Conflict):
        check_note_translation(slug=note.slug, language="fr", by=office, on=desk.seen)
    write(note, by=office, on=desk.seen)
    assert note_page(slug=note.slug, user=NOBODY, language="fr").words.is_earlier is False


def test_nobody_overwrites_what_they_did_not_see():
    note, office = open_note(), account_with("translator")
    seen = translation_desk(slug=note.slug, language="fr", user=office).seen
    write(note)
    with pytest.raises(Conflict, match="changed since"):
        write(note, by=office, on=seen)
    seen = translation_desk(slug=note.slug, language="fr", user=office).seen
    change_note(slug=note.slug, by=SET_UP, **note_given(title="Another"))
    send_note(slug=note.slug, by=SET_UP)
    with pytest.raises(Conflict, match="changed since"):
        write(note, by=office, on=seen)


def test_a_translation_has_the_parts_of_the_original_and_no_other():
    note = open_note(parts={"cost": ""})
    with pytest.raises(BadParameter) as refused:
        write(note)
    assert refused.value.data["name"] == "cost"
    write(note, parts={**FRENCH["parts"], "cost": ""})
    with pytest.raises(BadParameter) as refused:
        write(note, parts={**FRENCH["parts"], "cost": "", "failed": ""})
    assert refused.value.data["name"] == "failed"


def test_the_language_of_the_original_is_no_translation_and_takes_the_place_of_one():
    note = open_note()
    for language in ("en", "de"):
        with pytest.raises(BadParameter):
            write(note, language=language)
    write(note)
    change_note(slug=note.slug, by=SET_UP, **note_given(language="fr", title="En français"))
    send_note(slug=note.slug, by=SET_UP)
    assert NoteTranslation.objects.count() == 0
    assert note_page(slug=note.slug, user=NOBODY, language="fr").words.state == "original"


def test_lists_and_searches_know_translations_in_their_circle():
    note = open_note(circle="members")
    write(note, title="Zones d'essai")
    member = account_with("head", member="m2")
    assert find_notes(user=member, language="fr", words="essai") == [note.pk]
    assert find_notes(user=member, language="ru", tongue="fr") == [note.pk]
    assert find_notes(user=NOBODY, language="fr", words="essai") == []
    (card,) = note_cards_of(keys=[note.pk], user=member, language="fr")
    assert (card.title, card.languages, card.words_state) == ("Zones d'essai", ("en", "fr"), "checked")


def test_a_note_that_is_narrowed_or_withdrawn_takes_its_translations_with_it():
    note = open_note()
    write(note)
    act = Act.objects.get(type="translate-note")
    show_note(slug=note.slug, circle="members", by=SET_UP)
    act.refresh_from_db()
    assert act.is_payload_withheld
    withdraw_note(slug=note.slug, by=SET_UP)
    assert note_page(slug=note.slug, user=account_with("head", member="m2"), language="fr").words is None
    with pytest.raises(Conflict):
        write(note)


@pytest.mark.parametrize(
    "wrong", [{"checked_at": None}, {"act": None}, {"state": "machine"}, {"title": ""}, {"language": "en", "note": 0}]
)
def test_the_table_itself_holds_no_wrong_state(wrong):
    held = write(open_note())
    with pytest.raises(IntegrityError), transaction.atomic():
        if "note" in wrong:
            NoteTranslation.objects.create(
                note=held.note, language="fr", version=1, state="machine", by_machine=True, made_by="x",
                made_at=timezone.now(), title="T", problem="P", done="D",
            )  # fmt: skip
        else:
            NoteTranslation.objects.filter(pk=held.pk).update(**wrong)
