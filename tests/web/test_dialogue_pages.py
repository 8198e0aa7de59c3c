"""Where pages of a dialogue lead: from a draft, from a refusal, after the close, and what a form keeps that was refused."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from comity.errors import NotFound
from comity.platform.dialogue.models import Dialogue
from comity.platform.dialogue.sheets import enter_sheet, make_batch
from comity.web.refusals import words_of
from comity.web.templatetags.comity import moment
from support.desk import open_one
from support.dialogue import make_dialogue
from support.parties import account_with

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _no_count():
    cache.clear()


def signed_in(user) -> Client:
    client = Client()
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user, backend=BACKEND)
    return client


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("given", [{"slug": "Two Words", "question_en": "Which data?"}, {"slug": "data"}])
def test_a_refused_form_of_a_new_dialogue_comes_back_with_what_was_written(given):
    make_dialogue()
    sent = {"body": "assembly", "rule": "Rule 31", "seeds": "One idea.\nAnother.", "people": "invited"} | given
    response = signed_in(account_with("secretariat")).post("/dialogue/new", sent)
    assert response.status_code == 400
    page = text(response)
    assert 'role="alert"' in page
    assert f'value="{given["slug"]}"' in page
    assert "One idea.\nAnother.</textarea>" in page
    assert 'value="invited" checked' in page
    assert Dialogue.objects.count() == 1


def test_a_draft_leads_to_its_settings_and_to_nothing_that_is_not_there_yet():
    make_dialogue(opened=False)
    page = text(signed_in(account_with("secretariat")).get("/dialogue/stop"))
    assert 'href="/dialogue/stop/settings">Change it, or open it' in page
    assert "/dialogue/stop/import" in page
    assert "/dialogue/stop/results" not in page
    assert "Those who prepare it" in page


def test_a_refusal_leads_back_to_the_page_of_ours_where_it_began_and_to_no_other_host():
    make_dialogue()
    back = 'href="http://testserver/dialogue/stop/code">Back to the page you came from'
    for referer, leads in (("http://testserver/dialogue/stop/code", True), ("https://elsewhere.example/x", False)):
        page = text(Client().post("/dialogue/stop/code", {"code": "none"}, headers={"Referer": referer}))
        assert (back in page) is leads
        assert "elsewhere" not in page


def test_a_refusal_calls_a_field_by_the_label_that_stands_beside_it():
    dialogue = make_dialogue()
    client = signed_in(account_with("secretariat"))
    page = text(client.post(f"/dialogue/{dialogue.slug}/settings", {"do": "extend", "closes_on": "2020-01-01"}))
    assert "The deadline is" in page
    assert "closes_at" not in page


def test_a_name_in_a_refusal_is_kept_together_where_text_runs_from_right_to_left():
    with translation.override("ar"):
        assert "\u2068dialogue/stop-a\u2069" in words_of(NotFound(reference="dialogue/stop-a"))
    assert "\u2068" not in words_of(NotFound(reference="dialogue/stop-a"))


def test_who_typed_a_sheet_first_is_told_so_before_typing_it_again():
    dialogue, first, second = open_one(), account_with("secretariat"), account_with("secretariat")
    make_batch(slug=dialogue.slug, place="Lamu", language="en", sheets=1, by=first)
    enter_sheet(slug=dialogue.slug, batch=1, serial=1, answers={1: 1}, by=first)
    address = f"/dialogue/{dialogue.slug}/sheets/1/1"
    assert "You typed this sheet first" in text(signed_in(first).get(address))
    other = text(signed_in(second).get(address))
    assert "You typed this sheet first" not in other
    assert 'value="enter"' in other


def test_a_translator_is_shown_a_language_that_lacks_words_first():
    dialogue = open_one(seeds=[{"en": "A court should decide."}])
    page = text(signed_in(account_with("translator")).get(f"/dialogue/{dialogue.slug}/translations"))
    assert '<option value="en" lang="en" selected>' not in page
    assert 'name="do" value="keep"' in page


def test_an_empty_list_of_appeals_does_not_say_that_nothing_was_refused():
    dialogue = open_one()
    page = text(Client().get(f"/dialogue/{dialogue.slug}/decisions?which=appeals"))
    assert "No appeal waits." in page
    assert "No statement was refused." not in page


@pytest.mark.parametrize("language, told", [("ar", "، 08:30 UTC"), ("en", "20 December 2026, 08:30 UTC")])
def test_a_time_is_parted_from_its_day_by_the_comma_of_the_language(language, told):
    with translation.override(language):
        assert moment(dt.datetime(2026, 12, 20, 8, 30, tzinfo=dt.UTC)).endswith(told)
