"""The catalogue and the page of a release: what decides comes first, each part with its reason, and who sees it."""

from __future__ import annotations

import pytest
from django.test import Client

from comity.platform.record.log import open_log, prepare_key
from support.commons import bytes_of, release
from support.pages import page, signed_in
from support.parties import make_body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")
    settings.DATA = tmp_path
    make_body()


def test_a_release_answers_first_and_its_parts_stand_with_their_reasons():
    made = release(contents={"README.md": b"# Hi\n", "w.bin": b"\x80\x04\x95" + bytes_of(2, 50)})
    assert "/commons/releases/words" in page(Client(), "/commons/")
    shown = page(Client(), "/commons/releases/words")
    for said in ("Yes, once fetched", "a laptop", "Openness of each part", "Not scanned", "Loading it can run code"):
        assert said in shown
    assert "1.0" in page(Client(), "/commons/releases/words/1.0")
    for held in made.files.select_related("content"):
        assert held.content.sha256 in shown


def test_filters_leave_out_what_does_not_fit():
    release()
    assert "/commons/releases/words" in page(Client(), "/commons/?kind=model&offline=yes&tongue=sw&licence=open")
    assert "Nothing here fits." in page(Client(), "/commons/?kind=paper")
    assert Client().get("/commons/?kind=weapon").status_code == 400
    assert Client().get("/commons/releases/nothing").status_code == 404


def test_a_release_for_members_is_there_for_members_alone():
    release(visibility="members")
    assert Client().get("/commons/releases/words").status_code == 404
    assert "/commons/releases/words" not in page(Client(), "/commons/")
    assert "/commons/releases/words" in page(signed_in("delegate"), "/commons/")


def test_the_line_that_fetches_names_the_key_without_which_nothing_is_taken_in():
    prepare_key(origin="test.invalid/record")
    key = open_log().vkey
    release()
    assert f"comity commons fetch words --from http://testserver --to words --key {key}<" in page(
        Client(), "/commons/releases/words"
    )
