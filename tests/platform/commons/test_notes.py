"""Experience notes as services keep them: who sees one, what an act says, what each change does, what is refused."""

from __future__ import annotations

import datetime as dt
import json
import zlib

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.commons.contribution_persons import erase_who_shared, forget_who_shared, shared_by
from comity.platform.commons.models import ExperienceNote, NoteSubject, NoteTranslation
from comity.platform.commons.note_cards import find_notes, note_cards_of, notes_about, own_notes
from comity.platform.commons.note_views import note_page, note_to_change, note_version
from comity.platform.commons.notes_of_experience import (
    change_note,
    clear_note,
    drop_note,
    send_back_note,
    send_note,
    show_note,
    withdraw_note,
)
from comity.platform.commons.notes_seen import notes_told, reaches_no_further
from comity.platform.commons.told_of_notes import notes_that_wait, translations_that_wait
from comity.platform.parties.models import Member
from comity.platform.parties.preparing import token_of
from comity.platform.record.models import Act
from support.commons import release
from support.notes import PARTS, TOPIC, draft_note, note_given, open_note
from support.parties import SET_UP, account_with, make_body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("body")]
NOBODY = AnonymousUser()
CIRCLES = ("public", "members", "committee:oversight", "delegation")
READERS = {
    "public": ("public", {"public"}),
    "m2": ("head", {"public", "members", "committee:oversight"}),
    "m3": ("head", {"public", "members"}),
    "expert": ("expert", {"public", "committee:oversight"}),
    "translator": ("translator", {"public", "members"}),
    "secretariat": ("secretariat", {"public", "members", "committee:oversight"}),
    "operator": ("operator", {"public"}),
    "own": ("adviser", set(CIRCLES)),
}


@pytest.fixture
def body():
    make_body()


def told(note, user):
    return [n.pk for n in notes_told(user=user)] == [note.pk]


def payload_of(act):
    return json.loads(zlib.decompress(bytes(act.payload)))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("circle", CIRCLES)
def test_a_note_is_read_in_its_circle_and_in_no_other(reader, circle):
    note = open_note(circle=circle)
    role, circles = READERS[reader]
    user = account_with(role, member=reader if reader in {"m2", "m3"} else "m1")
    assert told(note, user) is (circle in circles)
    assert bool(notes_about(references=[TOPIC], user=user, language="en")) is False
    if circle not in circles:
        with pytest.raises(NotFound):
            note_page(slug=note.slug, user=user, language="en")


def test_a_draft_is_seen_by_its_delegation_alone_and_is_no_act():
    before = Act.objects.count()
    note = draft_note()
    assert Act.objects.count() == before
    with pytest.raises(NotFound):
        note_page(slug=note.slug, user=account_with("secretariat"), language="en")
    assert note_page(slug=note.slug, user=account_with("adviser"), language="en").desk.waits
    assert own_notes(user=account_with("head", member="m2"), language="en") == []


def test_an_act_holds_the_words_by_their_digest_and_says_nothing_where_it_is_restricted():
    public, own = open_note(), open_note(circle="delegation", title="Ours alone")
    assert (public.act.visibility, public.act.subject) == ("public", public.reference)
    said = payload_of(public.act)
    assert (said["title"], said["parts"], said["version"]) == (public.title, PARTS, 1)
    assert (own.act.visibility, own.act.audience) == ("delegation", "delegation:m1")
    assert b"Ours" not in bytes(own.act.body)
    assert own.slug.encode() not in bytes(own.act.body)


def test_an_act_names_what_everyone_may_know_of_and_nothing_else(settings, tmp_path):
    settings.FILES, settings.DATA = str(tmp_path / "files"), tmp_path
    hidden = ["capacity/needs/n-abcde", "alignment/instruments/inner", "commons/releases/closed"]
    note_given()
    release("words")
    release("closed", visibility="members")
    note = open_note(about=[TOPIC, "capacity/resources/days", "commons/releases/words", *hidden])
    known = [TOPIC, "capacity/resources/days", "commons/releases/words"]
    assert payload_of(note.act)["about"] == known
    assert sorted(note.act.links.values_list("object", flat=True)) == sorted(known)
    assert sorted(note.subjects.values_list("reference", flat=True)) == sorted([*known, *hidden])


def test_where_the_capital_clears_nothing_is_sent_before_and_only_what_it_saw():
    head, capital = account_with("head"), account_with("capital")
    note = draft_note(by=head)
    with pytest.raises(Conflict, match="capital has not cleared"):
        send_note(slug=note.slug, by=head)
    seen = token_of(ExperienceNote.objects.get())
    change_note(slug=note.slug, by=head, **note_given(title="Another"))
    with pytest.raises(Conflict, match="changed since"):
        clear_note(slug=note.slug, by=capital, on=seen)
    send_back_note(slug=note.slug, note="Say more", by=capital)
    clear_note(slug=note.slug, by=capital, on=token_of(ExperienceNote.objects.get()))
    send_note(slug=note.slug, by=head)
    held = ExperienceNote.objects.get()
    assert (held.state, held.version, held.title, held.act.office) == ("open", 1, "Another", "head")


@pytest.mark.parametrize("role", ["delegate", "adviser", "capital"])
def test_who_may_not_send_is_told_so_and_another_delegation_learns_nothing(role):
    note = draft_note()
    with pytest.raises(NotPermitted):
        send_note(slug=note.slug, by=account_with(role))
    with pytest.raises(NotFound):
        send_note(slug=note.slug, by=account_with("head", member="m2"))


def test_a_change_waits_beside_what_was_sent_and_is_another_version_once_it_is_sent():
    note, reader = open_note(), account_with("head", member="m2")
    change_note(slug=note.slug, by=SET_UP, **note_given(title="A better register", about=[TOPIC]))
    page = note_page(slug=note.slug, user=reader, language="en")
    assert (page.words.title, page.next, page.next_about, page.desk) == (note.title, None, (), None)
    own = note_page(slug=note.slug, user=account_with("adviser"), language="en")
    assert (own.next.title, own.next_about, own.words.title) == ("A better register", (TOPIC,), note.title)
    assert note_to_change(slug=note.slug, user=account_with("adviser"))["title"] == "A better register"
    send_note(slug=note.slug, by=SET_UP)
    page = note_page(slug=note.slug, user=reader, language="en")
    assert (page.words.title, page.words.version, page.about) == ("A better register", 2, (TOPIC,))
    assert [v.number for v in page.versions] == [2, 1]
    _card, first = note_version(slug=note.slug, number=1, user=reader, language="en")
    assert (first.title, first.is_earlier) == (note.title, True)
    with pytest.raises(NotFound):
        note_version(slug=note.slug, number=3, user=reader, language="en")


def test_a_change_of_figures_or_subjects_is_no_other_version_of_the_words():
    note = open_note()
    change_note(slug=note.slug, by=SET_UP, **note_given(months=9, about=[TOPIC]))
    send_note(slug=note.slug, by=SET_UP)
    held = ExperienceNote.objects.get()
    assert (held.version, held.months, held.act.type) == (1, 9, "change-note")
    with pytest.raises(Conflict, match="Nothing in it is different"):
        change_note(slug=note.slug, by=SET_UP, **note_given(months=9, about=[TOPIC]))


def test_an_earlier_version_stays_with_those_to_whom_it_was_sent():
    note = open_note(circle="delegation", title="What we do not say aloud")
    change_note(slug=note.slug, by=SET_UP, **note_given(title="What we say"))
    send_note(slug=note.slug, by=SET_UP)
    assert note_page(slug=note.slug, user=NOBODY, language="en").words.title == "What we say"
    assert [v.number for v in note_page(slug=note.slug, user=NOBODY, language="en").versions] == [2]
    with pytest.raises(NotFound):
        note_version(slug=note.slug, number=1, user=NOBODY, language="en")
    assert note_version(slug=note.slug, number=1, user=account_with("adviser"), language="en")[1].title[:4] == "What"


def test_narrowing_needs_no_clearance_and_publishes_the_words_no_longer():
    account_with("capital")
    head, note = account_with("head"), open_note()
    show_note(slug=note.slug, circle="delegation", by=head)
    assert Act.objects.filter(subject=note.reference, is_payload_withheld=False).exists() is False
    with pytest.raises(NotFound):
        note_page(slug=note.slug, user=NOBODY, language="en")
    assert note_page(slug=note.slug, user=head, language="en").was_wider
    with pytest.raises(Conflict, match="capital has not cleared"):
        show_note(slug=note.slug, circle="members", by=head)
    show_note(slug=note.slug, circle="public", by=SET_UP)
    assert not Act.objects.filter(subject=note.reference, is_payload_withheld=True).exists()
    assert ExperienceNote.objects.get().version == 1


def test_a_committee_is_not_within_the_members_nor_they_within_it():
    account_with("capital")
    head, note = account_with("head"), open_note(circle="members")
    with pytest.raises(Conflict, match="capital has not cleared"):
        show_note(slug=note.slug, circle="committee:oversight", by=head)
    show_note(slug=note.slug, circle="committee:oversight", by=SET_UP)
    assert Act.objects.filter(subject=note.reference, is_payload_withheld=True).count() == 2
    assert not reaches_no_further(("committee", "committee:a"), than=("committee", "committee:b"))


def test_a_change_that_waits_takes_the_narrower_circle_and_loses_its_clearance():
    capital, note = account_with("capital"), open_note()
    change_note(slug=note.slug, by=SET_UP, **note_given(title="Another"))
    clear_note(slug=note.slug, by=capital, on=token_of(ExperienceNote.objects.get()))
    show_note(slug=note.slug, circle="members", by=account_with("head"))
    held = ExperienceNote.objects.get()
    assert (held.pending["visibility"], held.cleared_at) == ("members", None)


def test_a_withdrawn_note_says_so_and_nothing_more_to_others():
    note, reader = open_note(about=[TOPIC]), account_with("head", member="m2")
    withdraw_note(slug=note.slug, by=SET_UP)
    page = note_page(slug=note.slug, user=reader, language="en")
    assert (page.card.state, page.card.title, page.card.line, page.words, page.about) == ("withdrawn", "", "", None, ())
    assert (page.tongues, page.versions) == ((), ())
    own = note_page(slug=note.slug, user=account_with("adviser"), language="en")
    assert own.words.title == note.title
    assert find_notes(user=reader, language="en") == []
    assert notes_about(references=[TOPIC], user=reader, language="en") == []
    assert not Act.objects.filter(subject=note.reference, is_payload_withheld=False).exists()
    assert "parts" not in payload_of(ExperienceNote.objects.get().act)
    for step in (send_note, withdraw_note, drop_note):
        with pytest.raises(Conflict):
            step(slug=note.slug, by=SET_UP)


def test_a_draft_that_is_dropped_is_gone_and_a_change_leaves_what_was_sent():
    drop_note(slug=draft_note(about=[TOPIC]).slug, by=SET_UP)
    assert (ExperienceNote.objects.count(), NoteSubject.objects.count()) == (0, 0)
    note = open_note()
    change_note(slug=note.slug, by=SET_UP, **note_given(title="Another"))
    drop_note(slug=note.slug, by=SET_UP)
    assert (ExperienceNote.objects.get().title, ExperienceNote.objects.get().pending) == (note.title, {})


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "x\u202ey"}, "title"),
        ({"language": "de"}, "language"),
        ({"circle": ""}, "circle"),
        ({"circle": "committee:other"}, "circle"),
        ({"circle": "committee:assembly"}, "circle"),
        ({"circle": "delegation:m2"}, "circle"),
        ({"months": 0}, "months"),
        ({"people": 1_000_001}, "people"),
        ({"parts": {"problem": ""}}, "problem"),
        ({"parts": {"done": "  \n"}}, "done"),
        ({"parts": {"cost": "x" * 4001}}, "cost"),
        ({"about": ["capacity/needs/../../x"]}, "about"),
        ({"about": ["parties/members/m1"]}, "about"),
        ({"about": [f"alignment/topics/t{n}" for n in range(21)]}, "about"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(changed, field):
    with pytest.raises(BadParameter) as refused:
        draft_note(**changed)
    assert refused.value.data["name"] == field
    assert ExperienceNote.objects.count() == 0


def test_a_member_without_a_seat_tells_nothing_there():
    with pytest.raises(Conflict, match="no seat"):
        draft_note("m3", body="oversight")


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"problem": ""},
        {"version": 0},
        {"act": None},
        {"state": "withdrawn"},
        {"visibility": "committee"},
        {"months": 0},
    ],
)
def test_the_table_itself_holds_no_wrong_state(wrong):
    note = open_note()
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        ExperienceNote.objects.filter(pk=note.pk).update(**wrong)


def test_lists_are_filtered_and_ordered_by_title_or_newest():
    first = open_note(title="Zebra crossings", about=[TOPIC], months=3)
    second = open_note("m2", title="Ape houses", language="fr", parts={"failed": "Le financement"}, months=30)
    open_note("m3", title="Nothing for you", circle="delegation", about=[TOPIC])

    def found(**asked):
        keys = find_notes(user=NOBODY, language="en", **asked)
        return [c.slug for c in note_cards_of(keys=keys, user=NOBODY, language="en")]

    assert found() == [second.slug, first.slug]
    assert found(order="new") == [second.slug, first.slug]
    assert found(about=[TOPIC]) == [first.slug]
    assert found(member="m2") == [second.slug]
    assert found(tongue="fr") == [second.slug]
    assert found(months=3) == [first.slug]
    assert found(words="financement") == [second.slug]
    assert found(words="crossing register") == [first.slug]
    assert found(words="crossing financement") == []
    assert found(words="…") == []


@pytest.mark.parametrize(
    "language, words, asked", [("zh", "人工智能登记册", "登记"), ("ar", "سجلُّ القرارات الآلية", "القرارات")]
)
def test_words_are_found_in_scripts_without_blanks_and_with_signs(language, words, asked):
    note = open_note(language=language, title=words)
    assert find_notes(user=NOBODY, language="en", words=asked) == [note.pk]


def test_what_waits_is_told_to_who_can_do_it():
    head, capital = account_with("head"), account_with("capital")
    note = draft_note(by=head)
    now = timezone.now()
    assert [n.kind for n in notes_that_wait(user=capital, now=now)] == ["clear-note"]
    assert list(notes_that_wait(user=head, now=now)) == []
    clear_note(slug=note.slug, by=capital, on=token_of(ExperienceNote.objects.get()))
    assert [n.kind for n in notes_that_wait(user=head, now=now)] == ["send-note"]
    send_note(slug=note.slug, by=head)
    assert [*notes_that_wait(user=head, now=now), *translations_that_wait(user=head, now=now)] == []


def test_a_person_is_given_out_whole_erased_and_forgotten_after_a_year():
    head = account_with("head")
    note = draft_note(by=head, note="For the capital")
    assert shared_by(email=head.email)["experience_notes"][0]["note"] == "For the capital"
    assert shared_by(email="nobody@example.org")["experience_notes"] == []
    assert forget_who_shared() == 0
    assert forget_who_shared(now=timezone.now() + dt.timedelta(days=366)) == 1
    ExperienceNote.objects.filter(pk=note.pk).update(prepared_by=head)
    erase_who_shared(user=head)
    held = ExperienceNote.objects.get()
    assert (held.prepared_by, held.note, held.member) == (None, "", Member.objects.get(slug="m1"))
    assert NoteTranslation.objects.count() == 0
