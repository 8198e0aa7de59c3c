"""An office takes a release down or restores it, and sets or ends a notice, by pages that keep what was typed; others may not."""

from __future__ import annotations

import pytest
from django.test import Client

from comity.platform.commons.models import ExportNotice, Release
from comity.platform.record.models import Act
from support.commons import release
from support.pages import page, signed_in
from support.parties import make_body

pytestmark = pytest.mark.django_db
DOWN = "/commons/releases/words/take-down"
NOTICES = "/commons/notices"
NOTICE = {
    "body": "assembly",
    "text_en": "State the use to the office.",
    "text_fr": "Déclarez l’usage.",
    "rule": "Act 12",
}
OTHERS = ["head", "delegate", "observer", "reviewer", "expert", "chair", "translator"]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")
    settings.DATA = tmp_path
    make_body()


def test_the_secretariat_takes_a_release_down_and_restores_it():
    release()
    office = signed_in("secretariat")
    assert DOWN in page(office, "/commons/releases/words")
    given = {"do": "take-down", "rule": "Rule 30", "reason": "It holds names."}
    assert office.post(DOWN, given)["Location"] == "/commons/releases/words"
    shown = page(Client(), "/commons/releases/words")
    assert "It holds names." in shown
    act = Act.objects.get(type="take-release-down")
    assert (act.office, f"/record/acts/{act.pk}" in shown or str(act.pk) in shown) == ("secretariat", True)
    assert "Taken down" in page(Client(), "/commons/")
    assert office.post(DOWN, given).status_code == 409
    again = page(office, DOWN)
    assert "Restore it" in again
    assert office.post(DOWN, {"do": "restore", "rule": "Rule 31", "reason": "They are gone."}).status_code == 302
    assert Release.objects.get().taken_down_at is None
    assert office.post(DOWN, {"do": "restore", "rule": "Rule 31", "reason": "x"}).status_code == 409


@pytest.mark.parametrize(
    "wrong", [{"rule": ""}, {"reason": ""}, {"rule": "r" * 201}, {"reason": "x" * 2001}, {"do": "erase"}, {"do": ""}]
)
def test_what_is_refused_is_kept_and_changes_nothing(wrong):
    release()
    office = signed_in("secretariat")
    given = {"do": "take-down", "rule": "Rule 30", "reason": "It holds names."} | wrong
    answer = office.post(DOWN, given)
    assert answer.status_code == 400
    for kept in ({"rule": "Rule 30", "reason": "It holds names."} | wrong)["rule"], "Nothing was done.":
        assert kept in answer.content.decode()
    assert Release.objects.get().taken_down_at is None


@pytest.mark.parametrize("role", [*OTHERS, "operator"])
def test_no_other_role_takes_down(role):
    release()
    browser = signed_in(role)
    assert browser.get(DOWN).status_code == 403
    assert browser.post(DOWN, {"do": "take-down", "rule": "Rule 30", "reason": "x"}).status_code == 403
    assert DOWN not in page(browser, "/commons/releases/words")
    assert Release.objects.get().taken_down_at is None


def test_what_the_office_does_not_see_it_learns_nothing_of():
    release("words", member="m1", visibility="delegation", audience="delegation:m1")
    assert signed_in("secretariat").get(DOWN).status_code == 404
    assert signed_in("head", member="m2").get(DOWN).status_code == 404
    assert Client().get(DOWN).status_code == 404


def test_a_notice_is_shown_on_what_it_fits_until_it_is_ended():
    release()
    release("lists", kind="dataset", contents={"x.csv": b"x"})
    office = signed_in("operator")
    assert office.post(NOTICES, NOTICE | {"do": "set", "kinds": ["model"]})["Location"] == NOTICES
    act = Act.objects.get(type="set-notice")
    for reader in (Client(), signed_in("head", member="m1"), signed_in("head", member="m2")):
        shown = page(reader, "/commons/releases/words")
        assert "State the use to the office." in shown
        assert str(act.pk) in shown
        assert "State the use" not in page(reader, "/commons/releases/lists")
    assert "Déclarez l’usage." in page(Client(), "/commons/releases/words?lang=fr")
    listed = page(Client(), NOTICES)
    assert "State the use to the office." in listed
    assert 'name="do"' not in listed
    notice = ExportNotice.objects.get()
    assert office.post(NOTICES, {"do": "end", "notice": notice.pk, "rule": ""}).status_code == 400
    assert office.post(NOTICES, {"do": "end", "notice": notice.pk, "rule": "Act 13"}).status_code == 302
    assert "State the use" not in page(Client(), "/commons/releases/words")
    assert "State the use to the office." in page(Client(), NOTICES)
    assert office.post(NOTICES, {"do": "end", "notice": notice.pk, "rule": "Act 13"}).status_code == 409
    assert office.post(NOTICES, {"do": "end", "notice": 999, "rule": "Act 13"}).status_code == 404
    assert [a.type for a in Act.objects.filter(subject="commons/notices").order_by("entered_at")] == [
        "set-notice",
        "end-notice",
    ]


@pytest.mark.parametrize(
    "wrong", [{"rule": ""}, {"text_en": "", "text_fr": ""}, {"kinds": ["weapon"]}, {"classes": ["secret"]}]
)
def test_a_notice_that_is_refused_is_kept_as_it_was_typed(wrong):
    office = signed_in("secretariat")
    answer = office.post(NOTICES, NOTICE | {"do": "set", "kinds": ["model"], "classes": ["restricted"]} | wrong)
    assert answer.status_code == 400
    shown = answer.content.decode()
    typed = NOTICE | wrong
    assert (typed["text_en"] in shown, typed["text_fr"] in shown) == (True, True)
    if "kinds" not in wrong:
        assert 'value="model" checked' in shown
    assert not ExportNotice.objects.exists()


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_sets_or_ends_a_notice(role):
    signed_in("operator").post(NOTICES, NOTICE | {"do": "set"})
    notice = ExportNotice.objects.get()
    browser = signed_in(role)
    assert browser.post(NOTICES, NOTICE | {"do": "set"}).status_code == 403
    assert browser.post(NOTICES, {"do": "end", "notice": notice.pk, "rule": "x"}).status_code == 403
    assert Client().post(NOTICES, NOTICE | {"do": "set"}).status_code in {302, 403}
    notice.refresh_from_db()
    assert (ExportNotice.objects.count(), notice.ends_at) == (1, None)
