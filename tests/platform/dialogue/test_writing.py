"""Statements of participants: what they must be, that a moderator comes first, and that nobody writes the same twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import AlreadyWritten, BadParameter, Conflict, DialogueNotOpen
from comity.platform.dialogue import selectors, writing
from comity.platform.dialogue.models import Statement
from comity.platform.dialogue.statement_text import checked_statement, count_characters
from support.dialogue import a_participant, make_dialogue, put_deadline_into_the_past

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    "text,number",
    [
        ("", 0),
        ("abc", 3),
        ("e\u0301", 1),
        ("\u0928\u092e\u0938\u094d\u0924\u0947", 4),
        (FAMILY, 1),
        ("\U0001f1f0\U0001f1ea\U0001f1eb\U0001f1f7", 2),
        ("\U0001f44d\U0001f3fd", 1),
        ("السَّلام", 6),
    ],
)
def test_characters_are_those_that_a_reader_sees(text, number):
    assert count_characters(text) == number


def test_240_seen_characters_are_taken_however_many_signs_make_them_up():
    assert checked_statement("e\u0301" * 240) == "é" * 240
    assert checked_statement("a" + "b\u0323\u0302" * 239)
    with pytest.raises(BadParameter, match="241 characters"):
        checked_statement("a" * 241)


@pytest.mark.parametrize("text", ["", "   ", "?!…", "\u200d", "a\x00b", "a\u202eb", "a\u2066b", "a\u200bb", "a\ue000b"])
def test_what_is_empty_or_cannot_be_seen_is_refused(text):
    with pytest.raises(BadParameter, match="statement"):
        checked_statement(text)


@pytest.mark.parametrize("marks", ["\u0301\u0300" * 300, "\u200d" * 9, "\u200e\u200f" * 20, "\u20dd" * 9])
def test_marks_that_pile_up_on_a_letter_are_refused(marks):
    with pytest.raises(BadParameter, match="8 marks"):
        checked_statement(f"One{marks} idea")


def test_as_many_marks_as_a_script_needs_are_taken():
    stack = "\u0f67\u0f90\u0fb5\u0fa8\u0fb3\u0fba\u0fbc\u0fbb\u0f82"  # Tibetan, one letter with eight
    assert checked_statement(stack) == stack


def test_spacing_and_form_are_made_one():
    assert checked_statement("  One\r\n\tidea \u00ad here e\u0301 ") == "One idea here é"


@settings(max_examples=25)
@given(st.text(max_size=60))
def test_what_is_taken_is_taken_again_unchanged(text):
    try:
        kept = checked_statement(text)
    except BadParameter:
        return
    assert checked_statement(kept) == kept
    assert 1 <= count_characters(kept) <= 240


@pytest.mark.django_db
def test_a_statement_waits_for_a_moderator_and_is_seen_by_its_author():
    made = make_dialogue()
    voice = a_participant(made)
    said = writing.write_statement(slug="stop", text=" Une idée. ", language="fr", participant=voice)
    assert (said.number, said.state, said.track, said.language) == (4, "waiting", "people", "fr")
    assert [s.number for s in selectors.statements_shown(dialogue=made, language="fr")] == [1, 2, 3]
    ((mine, state),) = selectors.own_statements(participant=voice, language="en")
    assert (mine.text, mine.language, state) == ("Une idée.", "fr", "waiting")


@pytest.mark.django_db
def test_nobody_writes_the_same_twice_but_two_people_may():
    made = make_dialogue()
    one, other = a_participant(made), a_participant(made)
    given_to = {"slug": "stop", "language": "en"}
    writing.write_statement(text="One idea.", participant=one, **given_to)
    with pytest.raises(AlreadyWritten, match="statement 4"):
        writing.write_statement(text="one  IDEA!", participant=one, **given_to)
    writing.write_statement(text="One idea.", participant=other, **given_to)
    assert Statement.objects.filter(track="people").count() == 2
    writing.withdraw_statement(slug="stop", number=4, participant=one)
    writing.write_statement(text="One idea.", participant=one, **given_to)


@pytest.mark.django_db
def test_a_statement_is_taken_back_while_it_waits_and_by_its_author_alone():
    made = make_dialogue()
    one, other = a_participant(made), a_participant(made)
    said = writing.write_statement(slug="stop", text="One idea.", language="en", participant=one)
    with pytest.raises(Exception, match="nothing here called"):
        writing.withdraw_statement(slug="stop", number=said.number, participant=other)
    Statement.objects.filter(pk=said.pk).update(state="shown")
    with pytest.raises(Conflict, match="decided"):
        writing.withdraw_statement(slug="stop", number=said.number, participant=one)


@pytest.mark.django_db
def test_a_dialogue_that_takes_none_or_is_closed_takes_none():
    quiet = make_dialogue("quiet", takes_statements=False)
    with pytest.raises(Conflict, match="takes no statements"):
        writing.write_statement(slug="quiet", text="One idea.", language="en", participant=a_participant(quiet))
    voice = a_participant(make_dialogue())
    put_deadline_into_the_past("stop")
    with pytest.raises(DialogueNotOpen):
        writing.write_statement(slug="stop", text="One idea.", language="en", participant=voice)
    with pytest.raises(BadParameter, match="language"):
        writing.write_statement(slug="stop", text="One idea.", language="tlh", participant=voice)
    assert not Statement.objects.filter(track="people").exists()
