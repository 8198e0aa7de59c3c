"""Moderation: what is shown or refused under which rule, who may, one appeal, and what all may read of it."""

from __future__ import annotations

import pytest

from comity.errors import AlreadyDecided, BadParameter, Conflict, DialogueNotOpen, NotFound, NotPermitted
from comity.platform.dialogue.answering import give_answer
from comity.platform.dialogue.models import Answer, Moderation, Statement
from comity.platform.dialogue.moderated import (
    appeals_waiting,
    near_shown,
    numbers_with_hidden_words,
    refusal_views,
    refusals_of,
    statements_waiting,
    waiting_views,
    what_a_result_would_leave_out,
)
from comity.platform.dialogue.moderation import appeal_refusal, decide_appeal, decide_statement
from comity.platform.dialogue.participation import member_voice
from comity.platform.dialogue.sheets import enter_sheet, make_batch
from comity.platform.parties.credentials import issue_credential
from comity.platform.parties.models import User
from support.desk import author, end, open_one, publish, written
from support.parties import BEGUN, SET_UP, account_with

pytestmark = pytest.mark.django_db


def refuse(dialogue, number, *, by=None, **given):
    given = {"reason": "off-topic", **given}
    return decide_statement(
        slug=dialogue.slug, number=number, decision="refuse", by=by or account_with("secretariat"), **given
    )


def seen(dialogue, *, user=None, voices=()):
    return refusal_views(
        dialogue=dialogue,
        refusals=refusals_of(dialogue=dialogue),
        user=user or account_with("public"),
        voices=[v.pk for v in voices],
    )


def test_the_queue_begins_with_what_has_waited_longest_and_a_decision_takes_it_out():
    dialogue = open_one()
    first, second = written(dialogue, "Logs are kept."), written(dialogue, "Logs are shown.")
    assert [s.number for s in statements_waiting(dialogue=dialogue)] == [first.number, second.number]
    decide_statement(slug=dialogue.slug, number=first.number, decision="show", by=account_with("secretariat"))
    assert [s.number for s in statements_waiting(dialogue=dialogue)] == [second.number]
    first.refresh_from_db()
    assert first.state == "shown"


def test_a_moderator_sees_language_track_and_what_is_shown_already_but_not_who_wrote_it():
    dialogue = open_one()
    row = written(dialogue, "A person must be able to stop any system.")
    (view,) = waiting_views(dialogue=dialogue, statements=statements_waiting(dialogue=dialogue))
    assert (view.language, view.track, view.text) == ("en", "people", "A person must be able to stop any system.")
    assert [near.number for near in view.near] == [1]
    assert 0.6 <= view.near[0].similarity < 1
    assert not hasattr(view, "author")
    assert row.author is not None


def test_what_differs_is_near_nothing_and_a_statement_is_not_near_itself():
    dialogue = open_one()
    found = near_shown(dialogue=dialogue, texts={9: "Schools teach it.", 1: "A person must be able to stop a system."})
    assert found == {9: (), 1: ()}


def test_two_moderators_at_one_statement_the_second_is_told_and_nothing_changes():
    dialogue = open_one()
    row = written(dialogue)
    decide_statement(slug=dialogue.slug, number=row.number, decision="show", by=account_with("secretariat"))
    with pytest.raises(AlreadyDecided) as told:
        refuse(dialogue, row.number)
    assert told.value.data["state"] == "shown"
    assert Moderation.objects.filter(statement=row).count() == 1


def test_only_the_secretariat_moderates_and_nobody_decides_on_a_statement_of_their_own():
    dialogue = open_one()
    secretariat = account_with("secretariat")
    own = written(dialogue, by=author(dialogue, user=secretariat))
    for role in ("public", "chair", "reviewer", "translator", "head"):
        with pytest.raises(NotPermitted):
            refuse(dialogue, own.number, by=account_with(role))
    with pytest.raises(Conflict):
        refuse(dialogue, own.number, by=secretariat)
    own.refresh_from_db()
    assert own.state == "waiting"


@pytest.mark.parametrize(
    "given",
    [
        {"decision": "hide"},
        {"decision": "refuse", "reason": "fits"},
        {"decision": "refuse", "reason": "ugly"},
        {"decision": "show", "reason": "insults"},
        {"decision": "refuse", "reason": "insults", "note": "x" * 501},
        {"decision": "refuse", "reason": "insults", "note": "left \u202e right"},
        {"decision": "refuse", "reason": "insults", "on": "withdrawn"},
        {"decision": "show", "on": "shown"},
        {"decision": "refuse", "reason": "duplicate"},
        {"decision": "refuse", "reason": "duplicate", "duplicates": 99},
        {"decision": "refuse", "reason": "duplicate", "duplicates": 4},
        {"decision": "refuse", "reason": "duplicate", "duplicates": -1},
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_and_changes_nothing(given):
    dialogue = open_one()
    row = written(dialogue)
    assert row.number == 4
    with pytest.raises(BadParameter):
        decide_statement(slug=dialogue.slug, number=4, by=account_with("secretariat"), **given)
    row.refresh_from_db()
    assert row.state == "waiting"
    assert not Moderation.objects.exists()


@pytest.mark.parametrize("number", [0, -3, 77, 2**40])
def test_a_number_that_no_statement_has_is_not_found(number):
    with pytest.raises(NotFound):
        refuse(open_one(), number)


def test_a_refusal_is_published_with_its_reason_and_its_words_unless_they_are_hidden():
    dialogue = open_one()
    row, hidden = written(dialogue), written(dialogue, "Mr X lives at 5 Y street.")
    refuse(dialogue, row.number, reason="duplicate", duplicates=1, note="  Says the   same. ")
    refuse(dialogue, hidden.number, reason="personal-data", hides_text=True)
    latest, first = seen(dialogue)
    assert (first.text, first.reason, first.duplicates, first.note) == (
        "Logs are kept for ten years.",
        "duplicate",
        1,
        "Says the same.",
    )
    assert (latest.text, latest.reason, latest.hides_text, latest.office) == ("", "personal-data", True, "secretariat")
    assert seen(dialogue, user=account_with("secretariat"))[0].text == "Mr X lives at 5 Y street."
    assert numbers_with_hidden_words(dialogue=dialogue) == {hidden.number}


def test_words_that_a_later_decision_hides_are_not_told_beside_an_earlier_one():
    dialogue, by = open_one(), account_with("secretariat")
    refuse(dialogue, 3, on="shown", by=by)
    given = {"slug": dialogue.slug, "number": 3, "decision": "show", "on": "refused", "note": "A mistake.", "by": by}
    decide_statement(**given)
    refuse(dialogue, 3, on="shown", by=by, reason="personal-data", hides_text=True)
    assert [(view.text, view.hides_text) for view in seen(dialogue)] == [("", True), ("", True)]
    assert all(view.text for view in seen(dialogue, user=by))


def test_what_was_shown_and_breaks_a_rule_is_refused_with_its_answers_kept_and_listed():
    dialogue = open_one()
    voice = author(dialogue)
    give_answer(slug=dialogue.slug, number=2, value=1, participant=voice, by=voice.user)
    refuse(dialogue, 2, on="shown", reason="insults")
    assert Statement.objects.get(dialogue=dialogue, number=2).state == "refused"
    assert Answer.objects.filter(statement__number=2).count() == 1
    (view,) = seen(dialogue)
    assert view.was_shown
    assert view.holds


def test_an_author_appeals_once_and_another_account_grants_it_with_a_published_note():
    dialogue = open_one()
    voice, moderator = author(dialogue), account_with("secretariat")
    row = written(dialogue, by=voice)
    refuse(dialogue, row.number, by=moderator)
    given = {"slug": dialogue.slug, "number": row.number}
    appeal_refusal(**given, text="It answers the question: it is about proof.", participant=voice, by=voice.user)
    with pytest.raises(Conflict):
        appeal_refusal(**given, text="Once more.", participant=voice, by=voice.user)
    assert [m.statement_id for m in appeals_waiting(dialogue=dialogue)] == [row.pk]
    (public,) = seen(dialogue)
    assert (public.appeal, public.appeal_text, public.may_decide) == ("waiting", "", False)
    with pytest.raises(Conflict):
        decide_appeal(**given, outcome="granted", note="I think again.", by=moderator)
    chair = account_with("chair", body="oversight")
    decide_appeal(**given, outcome="granted", note="It is on the question.", by=chair)
    row.refresh_from_db()
    assert row.state == "shown"
    (view,) = seen(dialogue)
    assert (view.appeal, view.appeal_note, view.appeal_office, view.holds) == (
        "granted",
        "It is on the question.",
        "chair",
        False,
    )
    with pytest.raises(AlreadyDecided):
        decide_appeal(**given, outcome="upheld", note="No, after all.", by=account_with("secretariat"))


def test_an_appeal_that_is_upheld_leaves_it_refused_for_good():
    dialogue = open_one()
    voice = author(dialogue)
    row = written(dialogue, by=voice)
    refuse(dialogue, row.number)
    appeal_refusal(slug=dialogue.slug, number=row.number, text="Please look.", participant=voice, by=voice.user)
    decide_appeal(
        slug=dialogue.slug, number=row.number, outcome="upheld", note="Off topic.", by=account_with("secretariat")
    )
    row.refresh_from_db()
    assert row.state == "refused"
    with pytest.raises(Conflict):
        decide_statement(
            slug=dialogue.slug,
            number=row.number,
            decision="show",
            note="Seen again.",
            on="refused",
            by=account_with("secretariat"),
        )


def test_only_who_wrote_it_can_appeal_and_only_against_a_refusal_that_holds():
    dialogue = open_one()
    voice, other = author(dialogue), author(dialogue)
    row = written(dialogue, by=voice)
    given = {"slug": dialogue.slug, "number": row.number, "text": "Please look."}
    with pytest.raises(Conflict, match="nothing to appeal"):
        appeal_refusal(**given, participant=voice, by=voice.user)
    refuse(dialogue, row.number)
    for participant, user in ((other, other.user), (None, account_with("public"))):
        with pytest.raises(Conflict, match="Only who wrote"):
            appeal_refusal(**given, participant=participant, by=user)
    for text in ("", "x" * 1001, "hidden \x07 bell"):
        with pytest.raises(BadParameter):
            appeal_refusal(**given | {"text": text}, participant=voice, by=voice.user)
    (view,) = seen(dialogue, user=voice.user, voices=[voice])
    assert view.may_appeal
    assert not seen(dialogue, user=other.user, voices=[other])[0].may_appeal


def test_a_chair_decides_appeals_of_its_own_body_and_a_decision_needs_a_word_and_a_note():
    dialogue = open_one()
    voice = author(dialogue)
    row = written(dialogue, by=voice)
    refuse(dialogue, row.number)
    given = {"slug": dialogue.slug, "number": row.number}
    with pytest.raises(Conflict, match="No appeal"):
        decide_appeal(**given, outcome="upheld", note="Nobody asked.", by=account_with("secretariat"))
    appeal_refusal(**given, text="Please look.", participant=voice, by=voice.user)
    with pytest.raises(NotPermitted):
        decide_appeal(**given, outcome="upheld", note="From elsewhere.", by=account_with("chair", body="other"))
    for outcome, note in (("maybe", "A note."), ("granted", ""), ("granted", "x" * 501)):
        with pytest.raises(BadParameter):
            decide_appeal(**given, outcome=outcome, note=note, by=account_with("secretariat"))


def test_who_wrote_a_statement_does_not_decide_its_appeal():
    dialogue = open_one()
    chair = account_with("chair", body="oversight")
    voice = author(dialogue, user=chair)
    row = written(dialogue, by=voice)
    refuse(dialogue, row.number)
    appeal_refusal(slug=dialogue.slug, number=row.number, text="Please look.", participant=voice, by=chair)
    with pytest.raises(Conflict, match="You wrote"):
        decide_appeal(slug=dialogue.slug, number=row.number, outcome="granted", note="Mine.", by=chair)


def test_a_chair_does_not_decide_on_what_its_own_delegation_wrote():
    dialogue = open_one()
    head = account_with("head", member="m1")
    voice = member_voice(dialogue=dialogue, member="m1", by=head)
    row = written(dialogue, by=voice)
    refuse(dialogue, row.number)
    given = {"slug": dialogue.slug, "number": row.number}
    appeal_refusal(**given, text="Please look.", participant=voice, by=head)
    chair = account_with("chair", body="oversight")
    issue_credential(
        member="m1", body="assembly", role="adviser", holder=chair.name, user=chair, starts_on=BEGUN, by=SET_UP
    )
    with pytest.raises(Conflict, match="Your delegation"):
        decide_appeal(**given, outcome="granted", note="Ours.", by=User.objects.get(pk=chair.pk))
    other = account_with("chair", body="oversight")
    assert decide_appeal(**given, outcome="granted", note="It fits.", by=other).appeal == "granted"


def test_a_moderator_shows_again_what_nobody_appealed_with_a_note_and_it_is_listed():
    dialogue = open_one()
    row = written(dialogue)
    refuse(dialogue, row.number)
    given = {"slug": dialogue.slug, "number": row.number, "decision": "show", "on": "refused"}
    with pytest.raises(BadParameter):
        decide_statement(**given, by=account_with("secretariat"))
    decide_statement(**given, note="A mistake of ours.", by=account_with("secretariat"))
    (view,) = seen(dialogue)
    assert view.shown_again_at is not None
    assert not view.holds
    refuse(dialogue, row.number, on="shown", reason="insults")
    later, earlier = seen(dialogue)
    assert (later.holds, earlier.holds) == (True, False)


def test_once_a_result_is_published_words_can_go_and_figures_stay():
    dialogue = open_one()
    voice = author(dialogue)
    row = written(dialogue, by=voice)
    refuse(dialogue, row.number)
    end(dialogue)
    appeal_refusal(slug=dialogue.slug, number=row.number, text="Please look.", participant=voice, by=voice.user)
    publish(dialogue)
    with pytest.raises(Conflict, match="published"):
        refuse(dialogue, 1, on="shown", reason="insults")
    with pytest.raises(Conflict, match="published"):
        decide_appeal(
            slug=dialogue.slug, number=row.number, outcome="granted", note="Well.", by=account_with("secretariat")
        )
    refuse(dialogue, 1, on="shown", reason="personal-data", hides_text=True)
    assert numbers_with_hidden_words(dialogue=dialogue) == {1}


def test_nothing_is_decided_in_an_archived_dialogue():
    dialogue = open_one()
    row = written(dialogue)
    end(dialogue, archive=True)
    with pytest.raises(DialogueNotOpen):
        refuse(dialogue, row.number)


def test_who_does_not_see_a_dialogue_cannot_appeal_in_it():
    dialogue = open_one(visibility="members", people="accounts")
    with pytest.raises(NotFound):
        appeal_refusal(slug=dialogue.slug, number=1, text="Please look.", participant=None, by=account_with("public"))


def test_who_publishes_is_told_what_is_still_at_work():
    dialogue = open_one()
    voice = author(dialogue)
    refused, _ = written(dialogue, by=voice), written(dialogue, "Logs are shown.")
    refuse(dialogue, refused.number)
    appeal_refusal(slug=dialogue.slug, number=refused.number, text="Please look.", participant=voice, by=voice.user)
    people = [account_with("secretariat") for _ in range(2)]
    make_batch(slug=dialogue.slug, place="Lamu", language="en", sheets=3, by=people[0])
    enter_sheet(slug=dialogue.slug, batch=1, serial=1, answers={1: 1}, by=people[0])
    found = what_a_result_would_leave_out(dialogue=dialogue)
    assert found == {"statements": 1, "appeals": 1, "sheets": 1}
    enter_sheet(slug=dialogue.slug, batch=1, serial=1, answers={1: 1}, by=people[1])
    assert what_a_result_would_leave_out(dialogue=dialogue)["sheets"] == 0
