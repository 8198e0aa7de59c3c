"""Conversations of Polis: taken over whole or not at all, and given out as the same files."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.utils import timezone

from comity.adapters.polis_files import PolisComment, read_comments_from, read_votes_from
from comity.adapters.polis_writing import comment_lines, participant_lines, vote_lines
from comity.errors import BadParameter, BadRow, Conflict, NotFound, NotPermitted
from comity.platform.dialogue import polis
from comity.platform.dialogue.consultations import close_dialogue, open_dialogue
from comity.platform.dialogue.models import Answer, Dialogue, Participant, Statement, StatementText
from comity.platform.dialogue.moderation import decide_statement
from comity.platform.dialogue.polis import export_conversation, import_conversation
from support.dialogue import SEEDS, make_dialogue, put_deadline_into_the_past
from support.dialogue_answers import a_dialogue, people_answer, two_camps
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db

COMMENTS = (
    PolisComment("0", "Every stop is written down.", author="7", moderated=1, time=1_500_000_000_000),
    PolisComment("1", "Stops last a day.", author="99", moderated=0),
    PolisComment("3", "Buy now!", moderated=-1),
)


def votes(rows=(("7", "0", 1), ("7", "1", -1), ("8", "0", 0), ("8", "3", 1)), text=""):
    lines = text or "timestamp,voter-id,comment-id,vote\n" + "".join(
        f"{1_500_000_000_000 + n},{who},{what},{value}\n" for n, (who, what, value) in enumerate(rows)
    )
    return read_votes_from(source=io.BytesIO(lines.encode()), file="votes.csv")


def draft(**settings) -> Dialogue:
    return make_dialogue(opened=False, seeds=(), **settings)


def take_over(**changed):
    given = {"slug": "stop", "votes": votes(), "comments": COMMENTS, "language": "en", "by": SET_UP, **changed}
    return import_conversation(**given)


def rows_there():
    return [m.objects.filter().count() for m in (Statement, StatementText, Participant, Answer)]


def test_statements_votes_and_voices_come_over_with_their_moderation():
    draft()
    taken = take_over(regions={"7": "africa"})
    assert (taken.shown, taken.waiting, taken.refused, taken.voices, taken.answers) == (1, 1, 1, 2, 4)
    found = Statement.objects.values_list("number", "state", "track", "texts__text", "author__region")
    assert list(found) == [
        (1, "shown", "people", "Every stop is written down.", "africa"),
        (2, "waiting", "people", "Stops last a day.", None),
        (4, "refused", "people", "Buy now!", None),
    ]
    people = list(Participant.objects.values_list("way", "track", "region"))
    assert sorted(people) == [("imported", "people", ""), ("imported", "people", "africa")]
    assert not Participant.objects.filter(pseudonym__in=["7", "8"]).exists()
    given = Answer.objects.order_by("statement__number", "value").values_list("statement__number", "value", "standing")
    assert list(given) == [(1, 0, "own"), (1, 1, "own"), (2, -1, "own"), (4, 1, "own")]
    assert Dialogue.objects.get().next_number == 5


def test_numbers_follow_those_of_seeds():
    make_dialogue(opened=False)
    take_over()
    numbers = Statement.objects.filter(track="people").values_list("number", flat=True)
    assert list(numbers) == [len(SEEDS) + n for n in (1, 2, 3)]


@pytest.mark.parametrize(
    "changed, error",
    [
        ({"comments": COMMENTS[:2]}, BadRow),
        ({"comments": ()}, BadParameter),
        ({"comments": (*COMMENTS, PolisComment("5", "x" * 721))}, BadRow),
        ({"language": "English"}, BadParameter),
        ({"slug": "none"}, NotFound),
    ],
    ids=["a statement voted on is missing", "no statements", "a long statement", "no language tag", "no such dialogue"],
)
def test_what_cannot_be_taken_over_changes_nothing(changed, error):
    draft()
    with pytest.raises(error):
        take_over(**changed)
    assert rows_there() == [0, 0, 0, 0]


def test_a_failure_half_way_leaves_nothing(monkeypatch):
    draft()

    def fail(*_args, **_how):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(polis, "_show", fail)
    with pytest.raises(RuntimeError):
        take_over()
    assert rows_there() == [0, 0, 0, 0]


def test_what_a_killed_attempt_left_is_seen_by_nobody_and_removed_by_the_next(monkeypatch):
    dialogue = draft()
    with monkeypatch.context() as patched:
        patched.setattr(polis, "_show", lambda *_a, **_h: None)
        take_over()
    assert not dialogue.statements.exclude(state="withdrawn").exists()
    with pytest.raises(Conflict, match="now"):
        take_over()
    StatementText.objects.update(made_at=timezone.now() - dt.timedelta(minutes=11))
    assert take_over().answers == 4
    assert rows_there() == [3, 3, 2, 4]


def test_a_draft_takes_one_conversation_over_and_an_open_dialogue_none():
    draft()
    take_over()
    with pytest.raises(Conflict, match="already"):
        take_over()
    open_dialogue(slug="stop", closes_at=timezone.now() + dt.timedelta(days=1), by=SET_UP)
    with pytest.raises(Conflict, match="Only a draft"):
        take_over()
    assert rows_there() == [3, 3, 2, 4]


def test_a_dialogue_of_states_alone_takes_none_over():
    draft(people="nobody")
    with pytest.raises(Conflict, match="states alone"):
        take_over()


def test_only_the_convenor_takes_over_and_gives_out():
    draft()
    for of in (take_over, lambda by: export_conversation(slug="stop", by=by)):
        with pytest.raises(NotPermitted):
            of(by=account_with("reviewer"))
    assert rows_there() == [0, 0, 0, 0]


def test_what_is_given_out_is_read_again_to_the_same():
    draft()
    rows = [(str(who), str(what), (who * what) % 3 - 1) for who in range(1, 7) for what in (0, 1)]
    take_over(votes=votes(rows), comments=COMMENTS[:2], regions={"3": "africa"})
    given, comments = export_conversation(slug="stop", by=SET_UP)
    again = read_votes_from(source=io.BytesIO("".join(vote_lines(votes=given)).encode()), file="v")
    assert sorted(again.values.tolist()) == sorted(value for *_, value in rows)
    assert (again.participants, len(again.participants), again.statements) == (given.participants, 6, ("1", "2"))
    assert not (again.times % 86_400_000).any(), "times are those of the day"
    wide = read_votes_from(source=io.BytesIO("".join(participant_lines(votes=given)).encode()), file="p")
    assert (list(wide.regions.values()), len(wide.values)) == (["africa"], 12)
    written = read_comments_from(source=io.BytesIO("".join(comment_lines(comments=comments)).encode()), file="c")
    assert [(c.id, c.text, c.moderated) for c in written] == [("1", COMMENTS[0].text, 1), ("2", COMMENTS[1].text, 0)]


def test_an_open_dialogue_and_one_of_few_voices_give_nothing_out():
    draft()
    take_over()
    with pytest.raises(Conflict, match="Fewer than 5"):
        export_conversation(slug="stop", by=SET_UP)
    open_dialogue(slug="stop", closes_at=timezone.now() + dt.timedelta(days=1), by=SET_UP)
    with pytest.raises(Conflict, match="open dialogue"):
        export_conversation(slug="stop", by=SET_UP)
    put_deadline_into_the_past("stop")
    with pytest.raises(Conflict, match="Fewer than 5"):
        export_conversation(slug="stop", by=SET_UP)


def closed_with_answers(**settings):
    dialogue = a_dialogue(**settings)
    people_answer(dialogue, 12, two_camps, region=lambda i: "africa" if i < 2 else "asia-pacific")
    return dialogue


def test_votes_that_are_held_back_as_results_are_not_given_out_either():
    closed_with_answers(least_votes=1000)
    close_dialogue(slug="stop", by=SET_UP)
    with pytest.raises(Conflict, match="held back"):
        export_conversation(slug="stop", by=SET_UP)


def test_a_region_of_few_voices_is_not_given_out():
    closed_with_answers()
    close_dialogue(slug="stop", by=SET_UP)
    given, _ = export_conversation(slug="stop", by=SET_UP)
    assert sorted(given.regions.values()) == ["asia-pacific"] * 10


def test_a_statement_whose_words_are_hidden_is_given_out_neither_in_words_nor_in_votes_and_the_rest_comes_back():
    closed_with_answers()
    decide_statement(
        slug="stop",
        number=4,
        decision="refuse",
        reason="personal-data",
        hides_text=True,
        on="shown",
        by=account_with("secretariat"),
    )
    close_dialogue(slug="stop", by=SET_UP)
    given, comments = export_conversation(slug="stop", by=SET_UP)
    assert "4" not in given.statements
    assert "4" not in {c.id for c in comments}
    make_dialogue("again", opened=False, seeds=())
    taken = import_conversation(slug="again", votes=given, comments=comments, language="en", by=SET_UP)
    assert (taken.shown, taken.voices) == (9, 12)


@pytest.mark.parametrize("text", ["Stop\u202eit", "Stop\x00it"])
def test_words_and_regions_with_signs_that_hide_or_turn_text_are_not_taken_over(text):
    draft()
    with pytest.raises(BadRow, match="control"):
        take_over(comments=(PolisComment("0", text, moderated=1), *COMMENTS[1:]))
    with pytest.raises(BadParameter, match="region"):
        take_over(regions={"7": text})
    assert rows_there() == [0, 0, 0, 0]
