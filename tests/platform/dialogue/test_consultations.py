"""The life of a consultation: what may be done in which state, and that deadlines need no timer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from comity.errors import BadParameter, Conflict, DialogueNotOpen, NotFound, NotPermitted
from comity.platform.dialogue import consultations, selectors
from comity.platform.dialogue.models import Dialogue, Participant
from comity.platform.record.models import Act
from support.dialogue import NOBODY, a_participant, answers_of, make_dialogue, put_deadline_into_the_past
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


def test_a_draft_is_opened_by_an_act_under_its_rule():
    made = make_dialogue(opened=False)
    assert made.state_at(timezone.now()) == "draft"
    secretariat = account_with("secretariat")
    act = consultations.open_dialogue(slug="stop", closes_at=timezone.now() + WEEK, by=secretariat)
    assert (act.type, act.office, act.authority, act.subject) == (
        "open-dialogue",
        "secretariat",
        "Rule 30",
        "dialogue/stop",
    )
    assert Dialogue.objects.get(slug="stop").state_at(timezone.now()) == "open"


def test_nothing_opens_without_a_statement():
    make_dialogue(opened=False, seeds=())
    with pytest.raises(Conflict, match="no statement"):
        consultations.open_dialogue(slug="stop", closes_at=timezone.now() + WEEK, by=SET_UP)
    assert not Act.objects.filter(type="open-dialogue").exists()


def test_nothing_opens_until_a_moment_that_has_passed():
    make_dialogue(opened=False)
    with pytest.raises(BadParameter, match="closes_at"):
        consultations.open_dialogue(slug="stop", closes_at=timezone.now(), by=SET_UP)


@pytest.mark.parametrize("role", ["reviewer", "expert", "head", "public", "operator"])
def test_others_than_the_secretariat_and_the_chair_do_not_convene(role):
    make_dialogue(opened=False)
    with pytest.raises(NotPermitted):
        consultations.open_dialogue(slug="stop", closes_at=timezone.now() + WEEK, by=account_with(role))


def test_a_chair_convenes_in_its_own_body_and_in_no_other():
    chair = account_with("chair", body="oversight") if make_dialogue("one") else None
    make_dialogue("two", by=chair)
    assert Act.objects.get(type="open-dialogue", subject="dialogue/two").office == "chair"
    with pytest.raises(NotPermitted):
        make_dialogue("three", body="other", by=chair)


def test_settings_change_in_a_draft_and_never_once_it_is_open():
    make_dialogue(opened=False)
    consultations.change_settings(slug="stop", by=SET_UP, attribution="attributed", least_votes=10)
    held = Dialogue.objects.get(slug="stop")
    assert (held.attribution, held.least_votes, held.people) == ("attributed", 10, "public")
    consultations.open_dialogue(slug="stop", closes_at=timezone.now() + WEEK, by=SET_UP)
    for change in ({"attribution": "by-group"}, {"people": "accounts"}, {"has_states": False}, {"least_votes": 0}):
        with pytest.raises(DialogueNotOpen):
            consultations.change_settings(slug="stop", by=SET_UP, **change)
    held.refresh_from_db()
    assert (held.attribution, held.least_votes, held.people) == ("attributed", 10, "public")


@pytest.mark.parametrize(
    "given,name",
    [
        ({"people": "everybody"}, "people"),
        ({"attribution": "secret"}, "attribution"),
        ({"question": {}}, "question"),
        ({"question": {"en": "   "}}, "question"),
        ({"question": {"tlh": "Q"}}, "question"),
        ({"question": {"en": "x" * 201}}, "question"),
        ({"rule": " "}, "rule"),
        ({"people": "nobody", "has_states": False}, "people"),
        ({"maps_states": True, "has_states": False}, "maps_states"),
        ({"least_votes": -1}, "least_votes"),
        ({"visibility": "members"}, "people"),
        ({"visibility": "delegation", "audience": "delegation:m1", "people": "accounts"}, "visibility"),
        ({"visibility": "secret", "people": "accounts"}, "visibility"),
        ({"seeds": [{}]}, "statement"),
        ({"seeds": [{"en": "x" * 241}]}, "statement"),
        ({"slug": "new"}, "slug"),
        ({"slug": "No Good"}, "slug"),
    ],
)
def test_what_cannot_stand_is_named_and_nothing_is_drafted(given, name):
    with pytest.raises(BadParameter) as refused:
        make_dialogue(opened=False, **given)
    assert refused.value.data["name"] == name
    assert not Dialogue.objects.exists()


def test_two_dialogues_do_not_share_a_name():
    make_dialogue()
    with pytest.raises(Conflict, match="already"):
        make_dialogue()


def test_a_deadline_that_passed_closes_with_no_row_written():
    make_dialogue(closed=True)
    held = Dialogue.objects.get(slug="stop")
    assert held.closing is None
    assert held.state_at(timezone.now()) == "closed"
    with pytest.raises(DialogueNotOpen):
        consultations.extend_dialogue(slug="stop", closes_at=timezone.now() + WEEK, by=SET_UP)


def test_closing_after_the_deadline_is_entered_with_the_deadline_as_its_moment():
    make_dialogue(closed=True)
    act = consultations.close_dialogue(slug="stop", by=SET_UP)
    held = Dialogue.objects.get(slug="stop")
    assert held.closed_at == held.closes_at
    assert act.type == "close-dialogue"
    with pytest.raises(Conflict, match="already"):
        consultations.close_dialogue(slug="stop", by=SET_UP)
    assert Act.objects.filter(type="close-dialogue").count() == 1


def test_closing_before_the_deadline_closes_now():
    made = make_dialogue()
    consultations.close_dialogue(slug="stop", by=SET_UP)
    held = Dialogue.objects.get(slug="stop")
    assert held.closed_at < made.closes_at
    assert held.state_at(timezone.now()) == "closed"


def test_a_deadline_moves_later_while_it_is_open_and_never_earlier():
    made = make_dialogue()
    later = made.closes_at + WEEK
    consultations.extend_dialogue(slug="stop", closes_at=later, by=SET_UP)
    assert Dialogue.objects.get(slug="stop").closes_at == later
    assert Act.objects.filter(type="extend-dialogue").count() == 1
    with pytest.raises(BadParameter, match="closes_at"):
        consultations.extend_dialogue(slug="stop", closes_at=later, by=SET_UP)


def test_archiving_cuts_accounts_and_keeps_answers():
    made = make_dialogue()
    voice = a_participant(made, user=account_with("reviewer"))
    answers_of(voice, {1: 1})
    with pytest.raises(DialogueNotOpen):
        consultations.archive_dialogue(slug="stop", by=SET_UP)
    put_deadline_into_the_past("stop")
    with pytest.raises(Conflict, match="closing"):
        consultations.archive_dialogue(slug="stop", by=SET_UP)
    consultations.close_dialogue(slug="stop", by=SET_UP)
    consultations.archive_dialogue(slug="stop", by=SET_UP)
    held = Participant.objects.get(pk=voice.pk)
    assert (held.user, held.way, held.answers.count()) == (None, "erased", 1)
    assert Dialogue.objects.get(slug="stop").state_at(timezone.now()) == "archived"


def test_seeds_are_shown_and_numbered_and_a_draft_can_lose_one():
    made = make_dialogue(opened=False)
    consultations.add_seeds(slug="stop", seeds=[{"ar": "يجب أن يستطيع شخص إيقاف النظام."}], by=SET_UP)
    shown = selectors.statements_shown(dialogue=made, language="fr")
    assert [(s.number, s.language, s.state) for s in shown] == [
        (1, "fr", "checked"),
        (2, "en", "original"),
        (3, "en", "original"),
        (4, "ar", "original"),
    ]
    consultations.remove_seed(slug="stop", number=2, by=SET_UP)
    assert [s.number for s in selectors.statements_shown(dialogue=made, language="en")] == [1, 3, 4]
    with pytest.raises(NotFound):
        consultations.remove_seed(slug="stop", number=2, by=SET_UP)


def test_a_draft_is_seen_by_those_who_prepare_it_alone():
    make_dialogue(opened=False)
    for role, sees in (("secretariat", True), ("chair", True), ("translator", True), ("head", False)):
        assert bool(selectors.dialogues_seen(user=account_with(role))) is sees, role
    with pytest.raises(NotFound):
        selectors.dialogue_seen(slug="stop", user=NOBODY)


def test_a_dialogue_of_members_is_found_by_members_alone():
    make_dialogue(people="accounts", visibility="members")
    assert selectors.dialogue_seen(slug="stop", user=account_with("delegate")).slug == "stop"
    for role in ("public", "expert", "observer", "operator"):
        with pytest.raises(NotFound):
            selectors.dialogue_seen(slug="stop", user=account_with(role))


def test_a_restricted_dialogue_enters_the_log_without_its_question():
    make_dialogue(people="accounts", visibility="members", question={"en": "A canary?"})
    act = Act.objects.get(type="open-dialogue")
    assert (act.visibility, b"dialogue" in bytes(act.body)) == ("members", False)


def test_fewer_than_five_heard_are_not_counted_out():
    made = make_dialogue()
    heard = selectors.heard_in(dialogue=made, track="people")
    assert heard.number == 0
    for _ in range(4):
        answers_of(a_participant(made), {1: 1})
    assert selectors.heard_in(dialogue=made, track="people").number is None
    answers_of(a_participant(made), {1: 0})
    a_participant(made)  # came in, and said nothing
    assert selectors.heard_in(dialogue=made, track="people").number == 5


def test_a_list_puts_what_closes_soonest_first():
    make_dialogue("late", days=9)
    make_dialogue("soon", days=2)
    make_dialogue("over", closed=True)
    make_dialogue("draft", opened=False)
    cards = selectors.list_dialogues(user=account_with("secretariat"), language="en")
    assert [(c.slug, c.state) for c in cards] == [
        ("soon", "open"),
        ("late", "open"),
        ("draft", "draft"),
        ("over", "closed"),
    ]
    assert [c.slug for c in selectors.list_dialogues(user=NOBODY, language="en", state="closed")] == ["over"]
