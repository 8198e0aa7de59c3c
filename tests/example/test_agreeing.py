"""The agreements of the worked example: templates in six languages, one agreement in force, one that waits for a signature."""

from __future__ import annotations

import pytest

from comity.example.agreeing import load_agreements
from comity.example.people import load_body
from comity.example.sharing import load_releases
from comity.platform.commons.agreement_pages import agreement_view, list_agreements
from comity.platform.commons.templates import template_cards, template_view
from comity.platform.record.models import Act
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")


@pytest.fixture
def loaded(settings, tmp_path):
    settings.FILES, settings.DATA = str(tmp_path / "files"), tmp_path
    said = []
    load_body(say=said.append)
    load_releases(say=said.append)
    load_agreements(say=said.append)
    return said


def test_what_stands_and_what_waits(loaded):
    assert {c.slug: c.stands for c in list_agreements(user=SET_UP)} == {
        "sa-topics": "in-force",
        "sa-review": "proposed",
    }
    assert [c.slug for c in list_agreements(user=account_with("public"))] == ["sa-topics"]
    waiting = agreement_view(slug="sa-review", user=SET_UP, language="zh")
    assert [s.member for s in waiting.card.sides if not s.signed_at] == ["m041"]
    assert "总费用为48000 EUR" in waiting.text.text
    before = Act.objects.count()
    load_agreements(say=loaded.append)
    assert Act.objects.count() == before


def test_each_template_stands_in_six_languages_of_which_two_count(loaded):
    assert len(template_cards()) == 3
    for card in template_cards():
        view = template_view(slug=card.slug)
        assert [code for code, _state in view.languages] == list(LANGUAGES)
        assert {code for code, state in view.languages if state == "authentic"} == {"en", "fr"}
