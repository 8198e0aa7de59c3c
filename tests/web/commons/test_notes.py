"""Pages of experience notes, in a browser without scripts: written, cleared, sent, found, translated, withdrawn."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from comity.platform.commons import note_translations, notes_of_experience, notes_seen
from comity.platform.commons.models import ExperienceNote, NoteTranslation
from comity.platform.commons.note_translations import translate_note_by_machine, write_note_translation
from comity.platform.commons.notes_of_experience import change_note, send_note, withdraw_note
from comity.web import words_of_needs, words_of_notes
from support.commons import release
from support.contributions import DAYS, open_need, open_offer
from support.notes import PARTS, TOPIC, Model, draft_note, make_topic, note_given, open_note
from support.pages import fields_of, page, signed_in
from support.parties import SET_UP, make_body
from support.questions import open_question

pytestmark = pytest.mark.django_db
TYPED = {"for": "assembly/m1", "language": "en", "title": "A register", "circle": "members", **PARTS}
FRENCH = {"title": "Un registre", **{part: f"{part} en français" for part in PARTS}}


def test_a_note_is_written_cleared_sent_and_read():
    make_body()
    make_topic()
    head, capital, reader = signed_in("head"), signed_in("capital"), signed_in("head", member="m2")
    written = head.post("/commons/notes/new", {**TYPED, "topics": TOPIC, "months": "12", "people": "2"})
    note = ExperienceNote.objects.get()
    assert written["Location"] == f"/commons/notes/{note.slug}"
    own = page(head, f"/{note.reference}")
    assert "awaits clearance by your capital" in own
    assert 'value="send"' not in own
    page(reader, f"/{note.reference}", status=404)
    assert "Note to clear" in page(capital, "/delegation/")
    seen = fields_of(page(capital, f"/{note.reference}"))["on"]
    capital.post(f"/{note.reference}", {"do": "clear", "on": seen})
    assert "Note to send" in page(head, "/delegation/")
    head.post(f"/{note.reference}", {"do": "send", "on": seen})
    read = page(reader, f"/{note.reference}")
    shown = (
        *PARTS.values(),
        "What failed",
        "Whom to ask",
        "Oversight",
        "It took 12 months.",
        "Receipt of the latest act",
    )
    assert [text for text in shown if text not in read] == []
    assert 'name="do"' not in read
    assert "A register" in page(reader, "/commons/notes")
    assert "A register" not in page(Client(), "/commons/notes")


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"problem": ""}, "The problem"),
        ({"circle": ""}, "Who sees it once it is sent"),
        ({"months": "many"}, "How many months it took"),
        ({"references": "parties/members/m1"}, "What it is about"),
        ({"references": "alignment/instruments/none"}, "something that you may see here"),
        ({"language": "xx"}, "xx"),
    ],
)
def test_a_form_that_is_refused_comes_back_as_it_was_typed(wrong, said):
    make_body()
    make_topic()
    answer = signed_in("head").post("/commons/notes/new", {**TYPED, "topics": TOPIC, "people": "7", **wrong})
    text = answer.content.decode()
    assert (answer.status_code, said in text) == (400, True)
    fields = {**TYPED, "people": "7", **wrong}
    kept = [fields[name] for name in ("title", *PARTS, "people", "references") if name in fields]
    assert [value for value in kept if value and value.replace("'", "&#x27;") not in text] == []
    assert f'value="{TOPIC}" checked' in text
    assert ExperienceNote.objects.count() == 0


def test_a_change_is_typed_into_what_there_is_and_stale_forms_are_refused():
    note = open_note(about=[make_topic(), "commons/releases/gone"], months=4)
    head = signed_in("head")
    fields = fields_of(page(head, f"/{note.reference}/change"))
    assert (fields["title"], fields["months"], fields["references"]) == (note.title, "4", "commons/releases/gone")
    fields |= {"title": "A better register", "topics": TOPIC, "circle": "public"}
    assert head.post(f"/{note.reference}/change", fields).status_code == 302
    assert "What it will be" in page(head, f"/{note.reference}")
    assert "A better register" not in page(Client(), f"/{note.reference}")
    again = head.post(f"/{note.reference}/change", fields)
    assert (again.status_code, "A better register" in again.content.decode()) == (409, True)
    page(signed_in("head", member="m2"), f"/{note.reference}/change", status=404)
    page(signed_in("observer"), "/commons/notes/new", status=403)


def test_steps_are_refused_with_what_was_typed_and_without_a_tick_nothing_is_withdrawn():
    note, head = open_note(), signed_in("head")
    seen = fields_of(page(head, f"/{note.reference}"))["on"]
    for sent in (
        {"do": "withdraw", "on": seen},
        {"do": "show", "on": seen, "circle": "delegation:m2"},
        {"do": "x"},
        {},
    ):
        assert head.post(f"/{note.reference}", sent).status_code == 400
    assert head.post(f"/{note.reference}", {"do": "show", "on": "old", "circle": "members"}).status_code == 409
    assert ExperienceNote.objects.get().visibility == "public"
    head.post(f"/{note.reference}", {"do": "show", "on": seen, "circle": "committee:oversight"})
    held = ExperienceNote.objects.get()
    assert (held.visibility, held.audience) == ("committee", "committee:oversight")
    assert "Committee on Oversight" in page(signed_in("delegate", member="m2"), f"/{note.reference}")
    seen = fields_of(page(head, f"/{note.reference}"))["on"]
    head.post(f"/{note.reference}", {"do": "withdraw", "on": seen, "sure": "yes"})
    read = page(signed_in("expert"), f"/{note.reference}")
    assert "does not stand by it any longer" in read
    assert [text for text in (note.title, *PARTS.values()) if text in read] == []
    assert PARTS["failed"] in page(head, f"/{note.reference}")


def test_translations_say_who_made_and_who_checked_them_and_of_which_version():
    note, translator, reader = open_note(), signed_in("translator"), Client()
    translate_note_by_machine(slug=note.slug, language="fr", translator=Model(), by=SET_UP)
    read = page(reader, f"/{note.reference}?in=fr")
    assert "No person has checked it" in read
    assert "turner-1" in read
    assert "Translation to check" not in page(reader, f"/{note.reference}")
    address = f"/{note.reference}/translations/fr"
    page(signed_in("adviser", member="m2"), address, status=403)
    seen = re.search(r'name="on" value="([^"]*)"', page(translator, address))[1]
    refused = translator.post(address, {**FRENCH, "failed": "", "on": seen})
    assert (refused.status_code, FRENCH["again"] in refused.content.decode()) == (400, True)
    kept = translator.post(address, {**FRENCH, "on": seen})
    assert kept["Location"] == f"/{note.reference}?in=fr"
    assert "checked by a person" in page(reader, f"/{note.reference}?in=fr")
    assert translator.post(address, {**FRENCH, "on": seen}).status_code == 409
    change_note(slug=note.slug, by=SET_UP, **note_given(title="Another"))
    send_note(slug=note.slug, by=SET_UP)
    assert "translation of an earlier version" in page(reader, f"/{note.reference}?in=fr")
    assert "An earlier version" in page(reader, f"/{note.reference}/versions/1")
    assert NoteTranslation.objects.get().state == "checked"
    page(translator, f"/{note.reference}/translations/en", status=400)
    page(translator, f"/{note.reference}/translations/xx", status=400)
    withdraw_note(slug=note.slug, by=SET_UP)
    page(translator, address, status=409)
    page(reader, f"/{note.reference}/versions/1", status=404)


def test_a_machines_translation_is_found_good_by_one_button():
    note = open_note()
    translate_note_by_machine(slug=note.slug, language="ar", translator=Model(), by=SET_UP)
    office = signed_in("secretariat")
    fields = fields_of(page(office, f"/{note.reference}/translations/ar"))
    office.post(f"/{note.reference}/translations/ar", {**fields, "do": "check"})
    held = NoteTranslation.objects.get()
    assert (held.state, held.made_by, held.act.office) == ("checked", "turner-1", "secretariat")


def test_notes_are_found_from_what_they_are_about(settings, tmp_path):
    settings.FILES, settings.DATA = str(tmp_path / "files"), tmp_path
    topic = make_topic()
    need = open_need("m2", shown_to="public")
    shared = release("words").release
    about = [topic, f"capacity/resources/{DAYS}", need.reference, shared.reference]
    open_note(about=about, title="Learnt of all of it")
    open_note(about=about, title="Learnt in the delegation", circle="delegation")
    read = ("/alignment/topics/oversight", f"/capacity/resources/{DAYS}", f"/{need.reference}", f"/{shared.reference}")
    for address in read:
        text = page(Client(), address)
        assert ("Learnt of all of it" in text, "Learnt in the delegation" in text) == (True, False), address
        assert "Tell what you learnt" not in text
    head = signed_in("head")
    assert f"/commons/notes/new?about={topic}" in page(head, "/alignment/topics/oversight")
    form = page(head, f"/commons/notes/new?for=assembly/m1&about={shared.reference}")
    assert f">{shared.reference}</textarea>" in form
    assert f'value="{topic}" checked' in page(head, f"/commons/notes/new?for=assembly/m1&about={topic}")
    assert "Learnt of all of it" in page(Client(), "/alignment/search?q=learnt")
    note = ExperienceNote.objects.get(visibility="public")
    shown = page(Client(), f"/{note.reference}")
    assert [a for a in read if f'href="{a}"' not in shown] == []


def test_who_may_not_know_whose_a_need_is_is_not_told_by_notes():
    need = open_need("m1", shown_to="providers")
    open_offer("m2")
    note = open_note(about=[need.reference], title="Learnt of our own need")
    provider, own = signed_in("head", member="m2"), signed_in("head")
    assert "Member not shown" in page(provider, f"/{need.reference}")
    assert "Learnt of our own need" not in page(provider, f"/{need.reference}")
    assert need.reference not in page(provider, f"/{note.reference}")
    assert "Learnt of our own need" in page(own, f"/{need.reference}")
    assert need.reference in page(own, f"/{note.reference}")


def test_a_page_shows_ten_notes_and_leads_to_the_rest():
    topic = make_topic()
    for number in range(10):
        open_note(title=f"Note {number}", about=[topic])
    assert "Show all" not in page(Client(), "/alignment/topics/oversight")
    open_note(title="Note last", about=[topic])
    text = page(Client(), "/alignment/topics/oversight")
    assert (text.count('href="/commons/notes/note-'), f'href="/commons/notes?topic={topic}"' in text) == (10, True)
    assert page(Client(), f"/commons/notes?topic={topic}").count('href="/commons/notes/note-') == 11


def test_the_list_is_filtered_by_what_a_reader_may_choose():
    topic = make_topic()
    open_note(title="Ours", about=[topic], months=2)
    note = open_note("m2", title="Theirs", months=20)
    write_note_translation(
        slug=note.slug, language="fr", by=SET_UP, title="Le voisin", parts={p: FRENCH[p] for p in PARTS}
    )
    for query, found in (
        (f"topic={topic}", "Ours"),
        ("member=m2", "Theirs"),
        ("months=3", "Ours"),
        ("tongue=fr", "Theirs"),
        ("q=voisin", "Theirs"),
    ):
        text = page(Client(), f"/commons/notes?{query}")
        assert [t for t in ("Ours", "Theirs") if f">{t}</a>" in text] == [found], query
    text = page(Client(), "/commons/notes?order=new")
    assert text.index(">Theirs</a>") < text.index(">Ours</a>")
    assert "Le voisin" in page(Client(), "/commons/notes?lang=fr")
    for wrong in ("topic=alignment/topics/none", "member=m3", "months=5", "order=reads", "tongue=xx"):
        page(Client(), f"/commons/notes?{wrong}", status=400)
    assert "A delegation can be the first" not in page(Client(), "/commons/notes?q=nothing")


def test_an_empty_list_says_what_to_do():
    make_body()
    assert "A delegation can be the first" in page(Client(), "/commons/notes")
    assert "Your delegation has told nothing yet" in page(signed_in("head"), "/commons/notes")


def test_a_draft_that_is_put_away_leads_back_to_the_list():
    note, head = draft_note(), signed_in("head")
    seen = fields_of(page(head, f"/{note.reference}"))["on"]
    assert head.post(f"/{note.reference}", {"do": "drop", "on": seen})["Location"] == "/commons/notes"
    assert ExperienceNote.objects.count() == 0


def test_what_a_service_refuses_is_said_in_the_readers_words():
    said = {
        value
        for module in (notes_of_experience, note_translations, notes_seen)
        for name, value in vars(module).items()
        if isinstance(value, str) and name.isupper() and value.endswith(".")
    }
    assert len(said) >= 3
    assert said <= set(words_of_notes.PROBLEMS) | set(words_of_needs.PROBLEMS)
    assert {notes_of_experience.NO_SUBJECT, note_translations.TOLD, notes_seen.NO_CIRCLE} <= set(words_of_notes.ALLOWED)


def test_what_members_ask_about_a_note_stands_on_its_page():
    note = open_note()
    shown = open_question(visibility="public", about=[note.reference])
    hidden = open_question(about=[note.reference], titles={"en": "For members alone"})
    html = page(Client(), f"/commons/notes/{note.slug}")
    assert f"/commons/questions/{shown.slug}" in html
    assert hidden.slug not in html
