"""The commons in the programming door: what everyone may read, each release with files, digests and reasons."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client

from comity.platform.commons.taking_down import take_release_down
from support.commons import bytes_of, release
from support.evaluations import attach, figures, share_row
from support.parties import SET_UP, make_body

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


def test_evaluations_are_read_with_intervals_and_without_those_of_a_delegation():
    release()
    attach(figures(share_row(60, 100)))
    attach(figures(share_row(9, 10)), visibility="delegation", audience="delegation:m1")
    found = read("releases/words/versions/1.0/evaluations")
    assert [log["member"] for log in found["logs"]] == ["m1"]
    (pool,) = found["pools"]
    assert (pool["results"][0]["value"], pool["results"][0]["low"]) == (0.6, 0.502002587)
    assert pool["over_sets"] is None
    assert Client().get("/api/v1/commons/releases/words/versions/9/evaluations").status_code == 404
