"""Answers under instructions: prepared, cleared, given in the member's name, and seen by that delegation alone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from comity.errors import (
    BadParameter,
    ClearanceNeeded,
    Conflict,
    DialogueNotOpen,
    NotAsked,
    NotFound,
    NotPermitted,
    StatementNotShown,
    VoiceHeldByAnother,
)
from comity.platform.dialogue.answering import give_answer
from comity.platform.dialogue.delegations import (
    clear_answer,
    clear_answers,
    desk_of,
    drop_prepared,
    give_prepared,
    prepare_answer,
    send_back,
)
from comity.platform.dialogue.models import Answer, Participant, PreparedAnswer
from comity.platform.dialogue.moderation import decide_statement
from comity.platform.dialogue.participation import member_voice
from comity.platform.parties.today import needs_of
from comity.platform.parties.voices import take_voice
from support.desk import end, open_one
from support.parties import account_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def dialogue():
    return open_one()


@pytest.fixture
def head(dialogue):
    return account_with("head")


@pytest.fixture
def capital(dialogue):
    return account_with("capital")


def prepare(dialogue, by, number=1, **given):
    given = {"value": 1, "standing": "position", "member": "m1", **given}
    return prepare_answer(slug=dialogue.slug, number=number, by=by, **given)


def seen_of(dialogue, user, number=1):
    desk = desk_of(dialogue=dialogue, member="m1", user=user, language="en")
    return next(row for row in desk.rows if row.statement.number == number)


def clear(dialogue, capital, *numbers):
    seen = {n: seen_of(dialogue, capital, n).seen for n in numbers}
    return clear_answers(slug=dialogue.slug, member="m1", seen=seen, by=capital)


def test_an_answer_is_prepared_cleared_and_given_in_the_members_name(dialogue, head, capital):
    prepare(dialogue, head, note="As in the note of March.")
    assert not Answer.objects.exists()
    with pytest.raises(ClearanceNeeded):
        give_prepared(slug=dialogue.slug, member="m1", by=head, numbers=[1])
    with pytest.raises(Conflict, match="ready"):
        give_prepared(slug=dialogue.slug, member="m1", by=head)
    assert clear(dialogue, capital, 1) == 1
    (answer,) = give_prepared(slug=dialogue.slug, member="m1", by=head)
    kept = Answer.objects.get()
    assert kept.pk == answer.pk
    assert (kept.value, kept.standing, kept.participant.member.slug) == (1, "position", "m1")
    assert kept.participant.user is None
    assert seen_of(dialogue, head).given_at == kept.given_at
    with pytest.raises(Conflict, match="given before"):
        give_prepared(slug=dialogue.slug, member="m1", by=head, numbers=[1])


def test_a_position_cannot_be_given_past_the_capital_and_a_provisional_answer_can(dialogue, head, capital):
    voice = member_voice(dialogue=dialogue, member="m1", by=head)
    with pytest.raises(ClearanceNeeded):
        give_answer(slug=dialogue.slug, number=1, value=1, standing="position", participant=voice, by=head)
    prepare(dialogue, head, standing="provisional", value=-1)
    give_prepared(slug=dialogue.slug, member="m1", by=head, numbers=[1])
    assert (Answer.objects.get().value, Answer.objects.get().standing) == (-1, "provisional")


def test_where_nobody_may_clear_all_that_is_prepared_is_ready(dialogue, head):
    prepare(dialogue, head, 1)
    prepare(dialogue, head, 2, value=0)
    assert not desk_of(dialogue=dialogue, member="m1", user=head, language="en").needs_clearance
    assert len(give_prepared(slug=dialogue.slug, member="m1", by=head)) == 2


def test_all_that_is_cleared_is_given_at_once_and_the_rest_stays(dialogue, head, capital):
    for number in (1, 2, 3):
        prepare(dialogue, head, number)
    assert clear(dialogue, capital, 1, 3) == 2
    assert len(give_prepared(slug=dialogue.slug, member="m1", by=head)) == 2
    assert sorted(Answer.objects.values_list("statement__number", flat=True)) == [1, 3]
    assert PreparedAnswer.objects.get(given_at=None).statement.number == 2


def test_a_change_takes_the_clearance_away_and_what_was_not_seen_is_not_cleared(dialogue, head, capital):
    prepare(dialogue, head)
    old = seen_of(dialogue, capital).seen
    clear(dialogue, capital, 1)
    prepare(dialogue, head, value=-1)
    assert seen_of(dialogue, capital).cleared_at is None
    with pytest.raises(Conflict, match="changed since"):
        clear_answer(slug=dialogue.slug, number=1, member="m1", by=capital, on=old)
    with pytest.raises(Conflict, match="changed since"):
        prepare(dialogue, head, value=0, on=old)
    assert PreparedAnswer.objects.get().value == -1


def test_one_answer_that_changed_keeps_all_from_being_cleared(dialogue, head, capital):
    prepare(dialogue, head, 1)
    prepare(dialogue, head, 2)
    seen = {n: seen_of(dialogue, capital, n).seen for n in (1, 2)}
    prepare(dialogue, head, 2, value=0)
    with pytest.raises(Conflict):
        clear_answers(slug=dialogue.slug, member="m1", seen=seen, by=capital)
    assert not PreparedAnswer.objects.filter(cleared_at__isnull=False).exists()


def test_the_capital_takes_a_clearance_back_with_a_remark_until_it_is_given(dialogue, head, capital):
    prepare(dialogue, head)
    before = seen_of(dialogue, capital).seen
    clear(dialogue, capital, 1)
    send_back(slug=dialogue.slug, number=1, member="m1", note="Wait for the ministry of justice.", by=capital)
    row = seen_of(dialogue, head)
    assert (row.cleared_at, row.note, row.awaits_clearance) == (None, "Wait for the ministry of justice.", True)
    with pytest.raises(Conflict):
        clear_answer(slug=dialogue.slug, number=1, member="m1", by=capital, on=before)
    with pytest.raises(BadParameter):
        send_back(slug=dialogue.slug, number=1, member="m1", note="", by=capital)
    clear(dialogue, capital, 1)
    give_prepared(slug=dialogue.slug, member="m1", by=head)
    with pytest.raises(Conflict, match="given before"):
        send_back(slug=dialogue.slug, number=1, member="m1", note="Too late.", by=capital)


def test_only_who_holds_the_voice_gives(dialogue, head):
    delegate = account_with("delegate")
    prepare(dialogue, head)
    take_voice(member="m1", body="oversight", by=delegate)
    with pytest.raises(VoiceHeldByAnother):
        give_prepared(slug=dialogue.slug, member="m1", by=head)
    assert not Answer.objects.exists()
    assert len(give_prepared(slug=dialogue.slug, member="m1", by=delegate)) == 1


@pytest.mark.parametrize(
    "role, prepares, clears, gives",
    [("adviser", True, False, False), ("capital", True, True, False), ("alternate", True, False, True)],
)
def test_each_role_of_the_delegation_does_its_part(dialogue, head, role, prepares, clears, gives):
    user = account_with(role)
    prepare(dialogue, head, 2, standing="provisional")
    for allowed, done in (
        (prepares, lambda: prepare(dialogue, user, 1)),
        (clears, lambda: clear(dialogue, user, 2)),
        (gives, lambda: give_prepared(slug=dialogue.slug, member="m1", by=user, numbers=[2])),
    ):
        if allowed:
            done()
        else:
            with pytest.raises(NotPermitted):
                done()


@pytest.mark.parametrize("role", ["public", "secretariat", "operator", "chair", "observer", "expert"])
def test_outsiders_learn_nothing_of_what_a_delegation_prepares(dialogue, head, role):
    prepare(dialogue, head, note="A canary")
    outsider = account_with(role)
    for done in (
        lambda: desk_of(dialogue=dialogue, member="m1", user=outsider, language="en"),
        lambda: prepare(dialogue, outsider),
        lambda: drop_prepared(slug=dialogue.slug, number=1, member="m1", by=outsider),
        lambda: clear_answer(slug=dialogue.slug, number=1, member="m1", by=outsider, on=""),
        lambda: send_back(slug=dialogue.slug, number=1, member="m1", note="Back.", by=outsider),
        lambda: give_prepared(slug=dialogue.slug, member="m1", by=outsider),
    ):
        with pytest.raises(NotFound) as told:
            done()
        assert "canary" not in str(told.value)


def test_the_delegation_of_another_member_learns_nothing_either(dialogue, head):
    prepare(dialogue, head)
    other = account_with("head", member="m2")
    with pytest.raises(NotFound):
        desk_of(dialogue=dialogue, member="m1", user=other, language="en")
    with pytest.raises(NotFound):
        prepare(dialogue, other)
    assert all(
        row.prepared_at is None for row in desk_of(dialogue=dialogue, member="m2", user=other, language="en").rows
    )


@pytest.mark.parametrize(
    "given, refusal",
    [
        ({"value": 2}, BadParameter),
        ({"value": None}, BadParameter),
        ({"value": True}, BadParameter),
        ({"standing": "awaiting"}, BadParameter),
        ({"standing": "own"}, BadParameter),
        ({"standing": ""}, BadParameter),
        ({"note": "x" * 501}, BadParameter),
        ({"note": "\u202e"}, BadParameter),
        ({"number": 99}, NotFound),
        ({"number": 2**33}, NotFound),
        ({"member": "m2"}, NotFound),
        ({"member": "nobody"}, NotFound),
    ],
)
def test_what_cannot_be_prepared_is_refused(dialogue, head, given, refusal):
    with pytest.raises(refusal):
        prepare(dialogue, head, **given)
    assert not PreparedAnswer.objects.exists()


def test_a_statement_that_was_refused_meanwhile_is_not_answered(dialogue, head):
    prepare(dialogue, head, 1)
    prepare(dialogue, head, 2)
    decide_statement(
        slug=dialogue.slug,
        number=1,
        decision="refuse",
        reason="insults",
        on="shown",
        by=account_with("secretariat"),
    )
    with pytest.raises(StatementNotShown):
        give_prepared(slug=dialogue.slug, member="m1", by=head, numbers=[1, 2])
    assert not Answer.objects.exists()
    assert PreparedAnswer.objects.filter(given_at=None).count() == 2
    assert len(give_prepared(slug=dialogue.slug, member="m1", by=head)) == 1
    with pytest.raises(StatementNotShown):
        prepare(dialogue, head, 1)


def test_after_the_close_nothing_is_prepared_cleared_or_given(dialogue, head, capital):
    prepare(dialogue, head)
    seen = seen_of(dialogue, capital).seen
    end(dialogue)
    for done in (
        lambda: prepare(dialogue, head),
        lambda: clear_answer(slug=dialogue.slug, number=1, member="m1", by=capital, on=seen),
        lambda: give_prepared(slug=dialogue.slug, member="m1", by=head),
    ):
        with pytest.raises(DialogueNotOpen):
            done()
    assert not seen_of(dialogue, head).may_give


def test_a_dialogue_that_asks_no_states_takes_no_answer_of_a_member(head):
    with pytest.raises(NotAsked):
        prepare(open_one(has_states=False), head)


def test_instructions_that_are_awaited_are_not_yet_heard_and_still_to_prepare(dialogue, head):
    voice = member_voice(dialogue=dialogue, member="m1", by=head)
    give_answer(slug=dialogue.slug, number=1, value=None, standing="awaiting", participant=voice, by=head)
    desk = desk_of(dialogue=dialogue, member="m1", user=head, language="en")
    assert (desk.to_prepare, seen_of(dialogue, head).statement.standing) == (3, "awaiting")


def test_the_delegations_page_tells_each_person_what_waits_for_them_until_the_close(dialogue, head, capital):
    prepare(dialogue, head, 1)
    prepare(dialogue, head, 2)
    clear(dialogue, capital, 1)

    def kinds(user, now=None):
        return {n.kind: n.facts["number"] for n in needs_of(user=user, now=now) if n.kind.endswith("-answers")}

    assert kinds(capital) == {"clear-answers": "1", "prepare-answers": "1"}
    assert kinds(head) == {"give-answers": "1", "prepare-answers": "1"}
    need = next(n for n in needs_of(user=head) if n.kind == "give-answers")
    assert need.due_at == dialogue.closes_at
    assert need.address == f"/dialogue/{dialogue.slug}/delegation?member=m1"
    assert kinds(account_with("head", member="m2")) == {"prepare-answers": "3"}
    assert kinds(account_with("secretariat")) == {}
    assert kinds(head, now=dialogue.closes_at) == {}


def test_what_is_prepared_can_be_put_away_and_comes_into_no_open_table(dialogue, head):
    prepare(dialogue, head)
    assert not Participant.objects.exists()
    drop_prepared(slug=dialogue.slug, number=1, member="m1", by=head)
    assert not PreparedAnswer.objects.exists()
    with pytest.raises(NotFound):
        drop_prepared(slug=dialogue.slug, number=1, member="m1", by=head)
    assert timezone.now() < dialogue.closes_at
