"""Other views: written by the secretariat in the words of those who hold them, shown once these have checked them."""

from __future__ import annotations

import pytest

from comity.errors import BadParameter, Conflict, DialogueNotOpen, NotFound, NotPermitted
from comity.platform.dialogue.models import OtherView
from comity.platform.dialogue.other_views import MOST_VIEWS, check_view, remove_view, views_of, write_view
from support.desk import end, open_one, publish
from support.parties import account_with

pytestmark = pytest.mark.django_db
TEXT = "A judge should decide every pause."


@pytest.fixture
def dialogue():
    return open_one()


@pytest.fixture
def secretariat(dialogue):
    return account_with("secretariat")


def write(dialogue, by, **given):
    given = {"track": "people", "language": "en", "text": TEXT, **given}
    return write_view(slug=dialogue.slug, by=by, **given)


def test_a_view_is_shown_once_its_holders_have_checked_its_words(dialogue, secretariat):
    row = write(dialogue, secretariat, statements=[3, 1, 3], note="Heard from courts.")
    assert views_of(dialogue=dialogue, track="people") == ()
    check_view(slug=dialogue.slug, view=row.pk, text=TEXT, by=secretariat)
    (view,) = views_of(dialogue=dialogue, track="people")
    assert (view.text, view.statements, view.note, view.is_checked) == (TEXT, (1, 3), "Heard from courts.", True)
    assert views_of(dialogue=dialogue, track="states") == ()


def test_changed_words_must_be_checked_again_and_only_the_words_that_were_seen_are_checked(dialogue, secretariat):
    row = write(dialogue, secretariat)
    check_view(slug=dialogue.slug, view=row.pk, text=TEXT, by=secretariat)
    write(dialogue, secretariat, view=row.pk, text="A judge decides.")
    assert views_of(dialogue=dialogue, track="people") == ()
    with pytest.raises(Conflict, match="changed"):
        check_view(slug=dialogue.slug, view=row.pk, text=TEXT, by=secretariat)
    remove_view(slug=dialogue.slug, view=row.pk, by=secretariat)
    assert not OtherView.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"track": "others"},
        {"language": "xx"},
        {"text": "x" * 301},
        {"text": ""},
        {"text": "left \u202e right"},
        {"note": "x" * 301},
        {"statements": [99]},
        {"statements": range(1, 14)},
    ],
)
def test_what_cannot_be_a_view_is_refused(dialogue, secretariat, given):
    with pytest.raises(BadParameter):
        write(dialogue, secretariat, **given)


@pytest.mark.parametrize("role", ["public", "chair", "head", "translator"])
def test_only_the_secretariat_writes_checks_and_removes(dialogue, secretariat, role):
    row = write(dialogue, secretariat)
    user = account_with(role)
    for done in (
        lambda: write(dialogue, user),
        lambda: check_view(slug=dialogue.slug, view=row.pk, text=TEXT, by=user),
        lambda: remove_view(slug=dialogue.slug, view=row.pk, by=user),
    ):
        with pytest.raises(NotPermitted):
            done()


def test_a_view_of_another_dialogue_or_track_is_not_found_or_moved(dialogue, secretariat):
    row = write(dialogue, secretariat)
    other = open_one()
    for view in (row.pk, 0, -1, 2**63):
        with pytest.raises(NotFound):
            remove_view(slug=other.slug, view=view, by=secretariat)
    with pytest.raises(BadParameter):
        write(dialogue, secretariat, view=row.pk, track="states")


def test_a_published_result_keeps_its_other_views_as_they_are(dialogue, secretariat):
    row = write(dialogue, secretariat)
    end(dialogue)
    publish(dialogue)
    with pytest.raises(Conflict, match="published"):
        check_view(slug=dialogue.slug, view=row.pk, text=TEXT, by=secretariat)
    write(dialogue, secretariat, track="states")


def test_there_is_an_end_to_other_views_and_none_in_an_archived_dialogue(dialogue, secretariat):
    for number in range(MOST_VIEWS):
        write(dialogue, secretariat, text=f"View {number}.")
    with pytest.raises(Conflict):
        write(dialogue, secretariat)
    end(dialogue, archive=True)
    with pytest.raises(DialogueNotOpen):
        write(dialogue, secretariat, track="states")
