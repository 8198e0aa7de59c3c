"""The commons in the programming door: what everyone may read, each release with files, digests and reasons."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client

from comity.platform.commons.notes_of_experience import withdraw_note
from comity.platform.commons.taking_down import take_release_down
from support.commons import bytes_of, release
from support.contributions import make_resource, open_need
from support.evaluations import attach, figures, share_row
from support.notes import PARTS, make_topic, open_note
from support.pages import signed_in
from support.parties import SET_UP, make_body
from support.questions import open_question, sent_reply

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")
    settings.DATA = tmp_path
    make_body()


def read(path: str) -> dict:
    return Client().get(f"/api/v1/commons/{path}").json()


def test_a_release_is_read_with_its_files_their_digests_and_why_it_is_open():
    weights = bytes_of(2, 50)
    release(contents={"README.md": b"# Hi\n", "w.bin": weights})
    release(label="2.0", contents={"README.md": b"# Hi again\n", "w.bin": weights})
    listed = read("releases")
    assert (listed["count"], listed["items"][0]["hub_name"], listed["items"][0]["label"]) == (
        1,
        "assembly/words",
        "2.0",
    )
    found = read("releases/words")
    assert [v["label"] for v in found["versions"]] == ["2.0", "1.0"]
    held = {f["path"]: (f["sha256"], f["size"], f["given"]) for f in found["files"]}
    assert held["w.bin"] == (hashlib.sha256(weights).hexdigest(), 50, True)
    assert found["openness"]["licence"]["class"] == found["licence_class"] == "open"
    first = read("releases/words/versions/1.0")
    assert (first["label"], first["version"]["revision"]) == ("1.0", found["versions"][1]["revision"])


def test_what_is_for_members_is_not_there_for_others():
    release(visibility="members")
    assert read("releases") == {"count": 0, "items": []}
    for path in ("releases/words", "releases/words/versions/1.0", "releases/none"):
        assert Client().get(f"/api/v1/commons/{path}").status_code == 404


def test_a_release_that_was_taken_down_says_why_and_gives_nothing():
    release()
    take_release_down(slug="words", rule="Rule 12", reason="A licence was misread.", by=SET_UP)
    found = read("releases/words")
    assert (found["taken_down"]["rule"], found["taken_down"]["reason"]) == ("Rule 12", "A licence was misread.")
    assert {f["given"] for f in found["files"]} == {False}


def test_a_kind_that_there_is_not_is_refused():
    assert Client().get("/api/v1/commons/releases?kind=weapon").status_code == 400


def test_a_note_is_read_in_its_parts_and_found_by_what_it_is_about():
    reference = make_topic()
    note = open_note(about=[reference])
    open_note(circle="members", about=[reference], title="For members")
    listed = read(f"notes?about={reference}")
    assert (listed["count"], [n["slug"] for n in listed["items"]]) == (1, [note.slug])
    found = read(f"notes/{note.slug}")
    assert found["words"]["parts"] == PARTS
    assert (found["words"]["state"], found["about"]) == ("original", [reference])
    assert read("notes?about=alignment/topics/none")["count"] == 0


def test_what_a_note_is_about_finds_it_only_for_who_sees_that_thing():
    """A note of everyone's can be about a release that is not: asking for it tells nobody that the release is there."""
    release(visibility="members")
    note = open_note(about=["commons/releases/words"])
    assert read("notes?about=commons/releases/words") == {"count": 0, "items": []}
    member = signed_in("delegate", member="m2")
    found = member.get("/api/v1/commons/notes?about=commons/releases/words").json()
    assert [n["slug"] for n in found["items"]] == [note.slug]


@pytest.mark.parametrize("shown_to", ["public", "secretariat"])
def test_a_note_about_a_need_is_found_by_it_where_the_need_is_seen(shown_to):
    make_resource()
    need = open_need(shown_to=shown_to)
    note = open_note(about=[need.reference])
    assert read(f"notes?about={need.reference}")["count"] == (shown_to == "public")
    found = signed_in("secretariat").get(f"/api/v1/commons/notes?about={need.reference}").json()
    assert [n["slug"] for n in found["items"]] == [note.slug]


def test_a_note_that_was_withdrawn_tells_others_neither_its_months_nor_its_people():
    note = open_note(months=7, people=40)
    withdraw_note(slug=note.slug, by=SET_UP)
    found = read(f"notes/{note.slug}")
    assert (found["title"], found["months"], found["people"], found["words"]) == ("", None, None, None)


def test_nothing_is_found_about_what_an_account_does_not_see():
    """A note may name what is hidden: that it does would tell that it is there, and whose it is."""
    need, known = open_need("m1", shown_to="providers"), open_need("m2", shown_to="public")
    note = open_note(about=[need.reference, known.reference, "alignment/instruments/none"])
    for reference in (need.reference, "alignment/instruments/none", "capacity/commitments/none", "x"):
        assert read(f"notes?about={reference}") == {"count": 0, "items": []}
    assert read(f"notes?about={known.reference}")["count"] == 1
    assert read(f"notes/{note.slug}")["about"] == [known.reference]


def test_a_reply_for_who_asks_is_in_no_answer_and_no_count():
    question = open_question(visibility="public")
    shown, hidden = sent_reply(question, "m2"), sent_reply(question, "m3", shown_to="asker")
    found = read(f"questions/{question.slug}")
    assert ([r["slug"] for r in found["replied"]], found["replies"]) == ([shown.slug], 1)
    whole = (
        Client().get("/api/v1/commons/questions").content
        + Client().get(f"/api/v1/commons/questions/{question.slug}").content
    )
    assert hidden.slug.encode() not in whole
    assert b"m3" not in whole


def test_figures_are_told_with_their_intervals():
    release(kind="model")
    attach(figures(share_row(8, 10)))
    (figure,) = read("releases/words/evaluations")
    assert (figure["value"], figure["n"], figure["low"] < 0.8 < figure["high"]) == (0.8, 10, True)
    assert Client().get("/api/v1/commons/releases/words/evaluations?version=9").status_code == 404
