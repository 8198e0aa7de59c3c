"""Paper sheets: a fair draw that can be repeated, two typings by different people, and every sheet counted exactly once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given as every
from hypothesis import strategies as some

from comity.errors import AlreadyDecided, BadParameter, Conflict, DialogueNotOpen, NotAsked, NotFound, NotPermitted
from comity.platform.dialogue.models import Answer, Exposure, Participant, SheetEntry
from comity.platform.dialogue.moderation import decide_statement
from comity.platform.dialogue.sheet_views import (
    batch_view,
    differences_of,
    printed,
    sheet_state,
    sheets_in_hand,
)
from comity.platform.dialogue.sheets import (
    differing,
    draw_order,
    enter_sheet,
    make_batch,
    settle_sheet,
    takes_entries,
)
from comity.platform.dialogue.translations import write_translation
from support.desk import end, open_one, publish
from support.parties import account_with

pytestmark = pytest.mark.django_db
MARKS = some.dictionaries(some.integers(1, 9).map(str), some.sampled_from([-1, 0, 1]))


@pytest.fixture
def dialogue():
    return open_one()


@pytest.fixture
def two(dialogue):
    return account_with("secretariat"), account_with("secretariat")


def batch_of(dialogue, by, **given):
    given = {"place": "Lamu", "language": "en", "sheets": 20, "seed": "a seed", **given}
    return make_batch(slug=dialogue.slug, by=by, **given)


def enter(dialogue, by, answers, serial=1, batch=1):
    return enter_sheet(slug=dialogue.slug, batch=batch, serial=serial, answers=answers, by=by)


def test_a_batch_carries_what_a_person_has_checked_in_its_language_in_an_order_that_can_be_repeated(dialogue, two):
    batch = batch_of(dialogue, two[0])
    # The Spanish one has no English words that a person has checked.
    assert sorted(batch.statements) == [1, 3]
    assert batch.statements == draw_order(numbers=[3, 1], seed="a seed")
    assert (batch.number, batch.drawn_from, batch.seed) == (1, 2, "a seed")
    assert [p.place for p in printed(batch=batch)] == [1, 2]
    write_translation(slug=dialogue.slug, number=2, language="en", text="No judge.", by=account_with("translator"))
    later = batch_of(dialogue, two[0], statements=2)
    assert (later.number, len(later.statements), later.drawn_from) == (2, 2, 3)
    assert batch_of(dialogue, two[0], seed="").seed not in {"", "a seed"}


def test_the_draw_is_fair_to_every_statement():
    first = [draw_order(numbers=range(1, 6), seed=str(n))[0] for n in range(2000)]
    # 400 are expected for each; five standard deviations are 89.
    assert all(311 < first.count(n) < 489 for n in range(1, 6))


def test_two_equal_typings_by_two_people_make_one_voice_with_its_answers_and_exposures(dialogue, two):
    batch = batch_of(dialogue, two[0], region="")
    enter(dialogue, two[0], {1: 1, 3: -1})
    assert not Participant.objects.exists()
    assert sheet_state(batch=batch, serial=1) == "once"
    entry = enter(dialogue, two[1], {3: -1, 1: 1})
    voice = Participant.objects.get()
    assert (voice.way, voice.track, voice.user, entry.participant) == ("sheet", "people", None, voice)
    assert dict(Answer.objects.values_list("statement__number", "value")) == {1: 1, 3: -1}
    assert set(Answer.objects.values_list("standing", "given_at")) == {("own", entry.entered_at)}
    assert set(Exposure.objects.values_list("probability", "rule")) == {(1.0, "sheet/1")}
    assert sheet_state(batch=batch, serial=1) == "counted"
    with pytest.raises(AlreadyDecided):
        enter(dialogue, account_with("secretariat"), {1: 1})
    assert Participant.objects.count() == 1


def test_the_same_account_does_not_type_a_sheet_twice(dialogue, two):
    batch_of(dialogue, two[0])
    enter(dialogue, two[0], {1: 1})
    with pytest.raises(Conflict, match="another person"):
        enter(dialogue, two[0], {1: 1})
    assert SheetEntry.objects.count() == 1


def test_two_typings_that_differ_count_only_once_they_are_settled_with_the_paper(dialogue, two):
    batch = batch_of(dialogue, two[0])
    enter(dialogue, two[0], {1: 1, 3: 0})
    enter(dialogue, two[1], {1: -1, 3: 0})
    assert sheet_state(batch=batch, serial=1) == "differs"
    assert sheets_in_hand(dialogue=dialogue) == 1
    (difference,) = differences_of(batch=batch, serial=1)
    assert (difference.statement.number, difference.first, difference.second) == (1, 1, -1)
    assert not Answer.objects.exists()
    with pytest.raises(BadParameter):  # on which they agree
        settle_sheet(slug=dialogue.slug, batch=1, serial=1, answers={1: 1, 3: -1}, by=two[0])
    settle_sheet(slug=dialogue.slug, batch=1, serial=1, answers={1: -1}, by=two[0])
    assert dict(Answer.objects.values_list("statement__number", "value")) == {1: -1, 3: 0}
    with pytest.raises(AlreadyDecided):
        settle_sheet(slug=dialogue.slug, batch=1, serial=1, answers={1: 1}, by=two[1])
    assert (Participant.objects.count(), sheets_in_hand(dialogue=dialogue)) == (1, 0)


def test_a_mark_that_nobody_can_read_is_no_answer_and_an_empty_sheet_is_no_voice(dialogue, two):
    batch = batch_of(dialogue, two[0])
    enter(dialogue, two[0], {3: 1}, serial=1)
    enter(dialogue, two[1], {3: 1}, serial=1)
    assert list(Answer.objects.values_list("statement__number", flat=True)) == [3]
    enter(dialogue, two[0], {}, serial=2)
    enter(dialogue, two[1], {}, serial=2)
    assert sheet_state(batch=batch, serial=2) == "blank"
    enter(dialogue, two[0], {1: 1}, serial=3)
    enter(dialogue, two[1], {}, serial=3)
    settle_sheet(slug=dialogue.slug, batch=1, serial=3, answers={}, by=two[1])
    assert sheet_state(batch=batch, serial=3) == "blank"
    assert Participant.objects.count() == 1


def test_progress_says_what_was_typed_once_counts_differs_and_is_left(dialogue, two):
    batch = batch_of(dialogue, two[0], sheets=10)
    for serial, first, second in ((1, {1: 1}, {1: 1}), (2, {1: 1}, {1: 0}), (3, {1: 1}, None), (4, {}, {})):
        enter(dialogue, two[0], first, serial=serial)
        if second is not None:
            enter(dialogue, two[1], second, serial=serial)
    view = batch_view(batch=batch)
    assert (view.once, view.counted, view.blank, view.differ, view.left, view.done) == (1, 1, 1, (2,), 6, 2)


@pytest.mark.parametrize("serial", [0, -1, 21, 2**40])
def test_a_serial_number_that_was_never_printed_is_refused(dialogue, two, serial):
    batch_of(dialogue, two[0])
    with pytest.raises(BadParameter):
        enter(dialogue, two[0], {1: 1}, serial=serial)


@pytest.mark.parametrize("answers", [{1: 2}, {1: True}, {1: None}, {2: 1}, {99: 1}])
def test_a_mark_that_the_sheet_cannot_hold_is_refused(dialogue, two, answers):
    batch_of(dialogue, two[0])
    with pytest.raises(BadParameter):
        enter(dialogue, two[0], answers)
    assert not SheetEntry.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"place": ""},
        {"place": "x" * 121},
        {"place": "bell \x07"},
        {"language": "xx"},
        {"sheets": 0},
        {"sheets": 1001},
        {"statements": -1},
        {"statements": 41},
        {"region": "atlantis"},
    ],
)
def test_a_batch_that_makes_no_sense_is_refused(dialogue, two, given):
    with pytest.raises(BadParameter):
        batch_of(dialogue, two[0], **given)


def test_nothing_is_printed_in_a_language_without_checked_words(dialogue, two):
    with pytest.raises(Conflict, match="translated"):
        batch_of(dialogue, two[0], language="sw")


def test_sheets_come_in_after_the_close_until_the_result_is_published(dialogue, two):
    batch_of(dialogue, two[0])
    enter(dialogue, two[0], {1: 1})
    end(dialogue)
    dialogue.refresh_from_db()
    with pytest.raises(DialogueNotOpen):
        batch_of(dialogue, two[0])
    assert takes_entries(dialogue=dialogue, now=dialogue.closed_at)
    entry = enter(dialogue, two[1], {1: 1})
    assert Answer.objects.get().given_at == entry.entered_at > dialogue.closed_at
    publish(dialogue)
    assert not takes_entries(dialogue=dialogue, now=dialogue.closed_at)
    with pytest.raises(Conflict, match="published"):
        enter(dialogue, two[0], {1: 1}, serial=2)


def test_in_an_archived_dialogue_no_sheet_is_typed(dialogue, two):
    batch_of(dialogue, two[0])
    end(dialogue, archive=True)
    with pytest.raises(DialogueNotOpen):
        enter(dialogue, two[0], {1: 1})


def test_a_mark_on_a_statement_that_was_refused_since_is_kept_with_the_sheet(dialogue, two):
    batch_of(dialogue, two[0])
    decide_statement(
        slug=dialogue.slug, number=3, decision="refuse", reason="insults", on="shown", by=account_with("secretariat")
    )
    for person in two:
        enter(dialogue, person, {1: 1, 3: 1})
    # It is kept; what is refused counts nowhere.
    assert Answer.objects.filter(statement__state="refused").count() == 1


@pytest.mark.parametrize("role", ["public", "chair", "translator", "head", "operator"])
def test_no_other_role_prints_or_types(dialogue, two, role):
    batch_of(dialogue, two[0])
    user = account_with(role)
    with pytest.raises(NotPermitted):
        batch_of(dialogue, user)
    with pytest.raises(NotPermitted):
        enter(dialogue, user, {1: 1})
    with pytest.raises(NotPermitted):
        settle_sheet(slug=dialogue.slug, batch=1, serial=1, answers={}, by=user)


def test_paper_is_for_dialogues_that_ask_people_and_a_batch_must_exist(two):
    with pytest.raises(NotAsked):
        batch_of(open_one(people="nobody"), two[0])
    with pytest.raises(NotFound):
        enter(open_one(), two[0], {1: 1}, batch=7)


def test_the_tables_themselves_let_no_sheet_count_twice_or_be_typed_twice_at_once(dialogue, two):
    batch = batch_of(dialogue, two[0])
    entry = enter(dialogue, two[0], {1: 1})
    with pytest.raises(IntegrityError), transaction.atomic():
        SheetEntry.objects.create(batch=batch, serial=1, turn=1, answers={}, entered_at=entry.entered_at)


@every(MARKS, MARKS)
def test_two_typings_differ_in_nothing_exactly_where_they_are_equal(first, second):
    open_ones = differing(first=first, second=second)
    assert (open_ones == ()) is (first == second)
    assert open_ones == differing(first=second, second=first)
    same = {n: v for n, v in first.items() if int(n) not in open_ones}
    assert same == {n: v for n, v in second.items() if int(n) not in open_ones}
