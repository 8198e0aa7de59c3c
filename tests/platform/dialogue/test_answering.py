"""Answers: the latest of a voice counts, nothing is kept where it may not be, and each draw is recorded once."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from comity.errors import (
    BadParameter,
    ClearanceNeeded,
    DialogueNotOpen,
    NotFound,
    StatementNotShown,
    VoiceHeldByAnother,
)
from comity.platform.dialogue import answering, consultations, counts, group_counts
from comity.platform.dialogue.models import Answer, Exposure, Participant, Statement
from comity.platform.dialogue.showing import draw_weighed
from support.dialogue import NOBODY, a_participant, a_statement, answers_of, make_dialogue, put_deadline_into_the_past
from support.dialogue_answers import a_dialogue, analyse_now, people_answer, two_camps
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db


def kept() -> list[tuple[int, int | None, str]]:
    return list(Answer.objects.order_by("pk").values_list("statement__number", "value", "standing"))


def test_the_latest_answer_counts_and_there_is_one():
    voice = a_participant(make_dialogue())
    first = answering.give_answer(slug="stop", number=2, value=1, participant=voice, by=NOBODY)
    later = answering.give_answer(slug="stop", number=2, value=-1, participant=voice, by=NOBODY, standing="position")
    assert kept() == [(2, -1, "own")]
    assert (first.pk, later.pk, later.statement.number) == (Answer.objects.get().pk, first.pk, 2)


@pytest.mark.parametrize("value", [2, -2, None])
def test_an_answer_is_one_of_three(value):
    voice = a_participant(make_dialogue())
    with pytest.raises(BadParameter, match="value"):
        answering.give_answer(slug="stop", number=1, value=value, participant=voice, by=NOBODY)
    assert kept() == []


@pytest.mark.parametrize("state", ["waiting", "refused", "withdrawn"])
def test_a_statement_that_is_not_shown_takes_no_answers(state):
    made = make_dialogue()
    a_statement(made, state=state)
    voice = a_participant(made)
    with pytest.raises(StatementNotShown):
        answers_of(voice, {4: 1})
    with pytest.raises(NotFound):
        answers_of(voice, {5: 1})
    assert kept() == []


def test_nothing_is_kept_after_the_deadline_or_the_close_and_what_was_given_stands():
    made = make_dialogue()
    voice = a_participant(made)
    answers_of(voice, {1: 1})
    put_deadline_into_the_past("stop")
    voice = Participant.objects.get(pk=voice.pk)
    with pytest.raises(DialogueNotOpen, match="closed"):
        answering.give_answer(slug="stop", number=1, value=-1, participant=voice, by=NOBODY)
    with pytest.raises(DialogueNotOpen):
        answering.next_statement(participant=voice, draw=0.5)
    consultations.close_dialogue(slug="stop", by=SET_UP)
    with pytest.raises(DialogueNotOpen):
        answering.give_answer(slug="stop", number=1, value=-1, participant=voice, by=NOBODY)
    assert kept() == [(1, 1, "own")]


def test_the_moment_of_the_deadline_is_outside():
    made = make_dialogue()
    voice = a_participant(made)
    second = dt.timedelta(seconds=1)
    answering.give_answer(slug="stop", number=1, value=1, participant=voice, by=NOBODY, now=made.closes_at - second)
    assert kept() == [(1, 1, "own")]
    with pytest.raises(DialogueNotOpen):
        answering.give_answer(slug="stop", number=2, value=1, participant=voice, by=NOBODY, now=made.closes_at)


def test_a_voice_answers_in_its_own_dialogue_alone():
    voice = a_participant(make_dialogue())
    make_dialogue("other")
    with pytest.raises(NotFound):
        answering.give_answer(slug="other", number=1, value=1, participant=voice, by=NOBODY)


def test_a_member_answers_provisionally_or_awaits_instructions():
    made = make_dialogue()
    head = account_with("head")
    voice = a_participant(made, member="m1", by=head)
    given = {"slug": "stop", "participant": voice, "by": head}
    answering.give_answer(number=1, value=1, standing="provisional", **given)
    answering.give_answer(number=2, value=None, standing="awaiting", **given)
    answering.give_answer(number=3, value=-1, standing="position", **given)
    assert kept() == [(1, 1, "provisional"), (2, None, "awaiting"), (3, -1, "position")]
    for value, standing in ((1, "awaiting"), (None, "position"), (1, "own"), (1, "")):
        with pytest.raises(BadParameter):
            answering.give_answer(number=1, value=value, standing=standing, **given)
    assert kept()[0] == (1, 1, "provisional")


def test_only_who_holds_the_voice_answers_for_a_member():
    made = make_dialogue()
    voice = a_participant(made, member="m1", by=account_with("head"))
    with pytest.raises(VoiceHeldByAnother):
        answering.give_answer(
            slug="stop", number=1, value=1, standing="provisional", participant=voice, by=account_with("alternate")
        )
    assert kept() == []


def test_a_position_is_cleared_first_where_the_delegation_has_somebody_who_clears():
    made = make_dialogue()
    head = account_with("head")
    voice = a_participant(made, member="m1", by=head)
    account_with("capital")
    given = {"slug": "stop", "number": 1, "value": 1, "participant": voice, "by": head}
    with pytest.raises(ClearanceNeeded, match="Member 1"):
        answering.give_answer(standing="position", **given)
    assert kept() == []
    answering.give_answer(standing="provisional", **given)
    assert kept() == [(1, 1, "provisional")]


def test_a_reload_shows_the_same_and_records_nothing_more():
    voice = a_participant(make_dialogue())
    first = answering.next_statement(participant=voice, draw=0.99)
    assert answering.next_statement(participant=voice, draw=0.0).number == first.number
    assert Exposure.objects.count() == 1
    seen = Exposure.objects.get()
    assert (seen.statement.number, 0 < seen.probability <= 1) == (first.number, True)
    answers_of(voice, {first.number: 0})
    assert answering.next_statement(participant=voice, draw=0.0).number != first.number
    assert Exposure.objects.count() == 2


def test_what_was_refused_meanwhile_is_not_shown_again():
    voice = a_participant(make_dialogue())
    first = answering.next_statement(participant=voice, draw=0.0)
    Statement.objects.filter(number=first.number).update(state="refused")
    assert answering.next_statement(participant=voice, draw=0.0).number != first.number


def test_after_the_last_statement_there_is_none():
    voice = a_participant(make_dialogue())
    shown = set()
    while (found := answering.next_statement(participant=voice, draw=0.3)) is not None:
        shown.add(found.number)
        answers_of(voice, {found.number: 1})
    assert shown == {1, 2, 3}
    progress = answering.progress_of(dialogue=voice.dialogue, participant=voice)
    assert (progress.answered, progress.shown) == (3, 3)


def test_instructions_awaited_do_not_come_up_again_by_themselves():
    made = make_dialogue()
    head = account_with("head")
    voice = a_participant(made, member="m1", by=head)
    first = answering.next_statement(participant=voice, draw=0.0)
    answers_of(voice, {first.number: None}, standing="awaiting")
    assert answering.next_statement(participant=voice, draw=0.0).number != first.number


def test_a_first_answer_brings_the_voice_and_the_draw_with_it():
    made = make_dialogue()
    drawn = answering.first_statement(dialogue=made, draw=0.5)
    assert not Exposure.objects.exists()
    voice, key, given = answering.answer_on_coming_in(
        slug="stop",
        number=drawn.shown.number,
        value=1,
        user=NOBODY,
        probability=drawn.probability,
    )
    assert key
    assert given.participant == voice
    seen = Exposure.objects.get()
    assert (seen.participant, seen.statement.number, seen.probability) == (voice, drawn.shown.number, drawn.probability)


def test_a_first_answer_that_is_refused_leaves_no_voice():
    make_dialogue()
    with pytest.raises(NotFound):
        answering.answer_on_coming_in(slug="stop", number=99, value=1, user=NOBODY)
    assert not Participant.objects.exists()


def test_counts_follow_answers_and_keep_dialogues_apart(monkeypatch):
    monkeypatch.setattr(counts, "FRESH_SECONDS", -1.0)
    made, other = make_dialogue(), make_dialogue("other")
    assert counts.counts_of(dialogue=made) == {}
    for value in (1, 1, 0, -1):
        answers_of(a_participant(made), {1: value})
    answers_of(a_participant(other), {1: 1})
    first = made.statements.get(number=1).pk
    assert counts.counts_of(dialogue=made) == {first: (2, 1, 1)}
    answers_of(a_participant(made), {1: -1})
    assert counts.counts_of(dialogue=made) == {first: (2, 1, 2)}
    assert counts.counts_of(dialogue=other) == {other.statements.get(number=1).pk: (1, 0, 0)}


def chances_of_draws(voice) -> dict[int, float]:
    """The probability with which each statement is drawn for a voice, found by drawing at every place."""
    numbers = dict(voice.dialogue.statements.values_list("pk", "number"))
    draws = [draw_weighed(participant=voice, left=sorted(numbers), draw=at / 400) for at in range(400)]
    return {numbers[drawn.statement]: drawn.probability for drawn in draws}


def test_what_parts_the_groups_of_the_last_analysis_is_drawn_more_often_and_its_probability_is_the_one_recorded():
    made = a_dialogue()
    people_answer(made, 40, two_camps)  # all agree on the first statement, and the fourth parts two groups
    voice = a_participant(made)
    before = chances_of_draws(voice)
    assert analyse_now()["people"].figures["k"] == 2
    group_counts._held.clear()  # as after its two seconds
    after = chances_of_draws(voice)
    assert after[4] / after[1] > 1.05 * before[4] / before[1]
    assert sum(after.values()) == pytest.approx(1)
    answering.next_statement(participant=voice, draw=0.5)
    drawn = Exposure.objects.get()
    assert (drawn.probability, drawn.chance, drawn.rule) == (
        after[drawn.statement.number],
        after[drawn.statement.number],
        "weighed/2",
    )


def test_what_is_hidden_of_groups_is_not_known_to_the_draw_either():
    made = a_dialogue()
    people_answer(made, 24, lambda i: two_camps(i) if i < 20 else {n: v for n, v in two_camps(i).items() if n != 4})
    found = analyse_now()["people"]
    (row,) = (r for r in found.figures["statements"] if r["statement"] == 4)
    row["by_group"] = [None, row["by_group"][1]]
    found.digest = "0" * 64
    found.save()
    group_counts._held.clear()
    (told,) = (v for k, v in group_counts.group_counts_of(dialogue=made).items() if numbers_of(made)[k] == 4)
    assert told[0] == (0, 0)
    assert told[1][1] == row["by_group"][1]["n"]


def numbers_of(dialogue) -> dict[int, int]:
    return dict(dialogue.statements.values_list("pk", "number"))


def test_chances_of_all_draws_are_kept_so_that_each_statement_has_its_due():
    """Over many voices, the sum of one over the chance of each showing is, for every statement, about their number x steps."""
    made = make_dialogue(seeds=[{"en": f"Statement number {n} of few"} for n in range(4)])
    chance = random.Random(5)
    weights, voices, steps = dict.fromkeys(range(1, 5), 0.0), 60, 2
    for _ in range(voices):
        voice = a_participant(made)
        for _ in range(steps):
            found = answering.next_statement(participant=voice, draw=chance.random())
            answers_of(voice, {found.number: 1})
    for seen in Exposure.objects.select_related("statement"):
        weights[seen.statement.number] += 1 / (seen.chance * steps)
    assert all(0.5 * voices < weight < 1.6 * voices for weight in weights.values()), weights


def test_what_came_in_later_has_waited_for_nothing():
    made = make_dialogue(seeds=[{"en": "One idea."}, {"en": "Another idea."}])
    voice = a_participant(made)
    first = answering.next_statement(participant=voice, draw=0.0)
    answers_of(voice, {first.number: 1})
    held = a_statement(made)
    assert answering.next_statement(participant=voice, draw=0.999).number == held.number
    seen = Exposure.objects.get(statement=held)
    assert (seen.probability, seen.chance) == (pytest.approx(0.5), pytest.approx(0.5))
    answers_of(voice, {held.number: 1})
    last = answering.next_statement(participant=voice, draw=0.5)
    seen = Exposure.objects.get(statement__number=last.number)
    assert (seen.probability, seen.chance) == (pytest.approx(1.0), pytest.approx(0.25))
