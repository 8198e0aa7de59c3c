"""What can be needed and offered, and the words that are kept of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.capacity.groups import group_names
from comity.platform.capacity.models import Resource
from comity.platform.capacity.resources import checked_amount, define_resource, in_figures, list_resources
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.texts import checked_text, checked_texts, language_in
from comity.platform.record.models import Act
from support.contributions import a_person, make_resource
from support.parties import account_with, make_body

pytestmark = pytest.mark.django_db
GIVEN = {
    "slug": "gpu-hours",
    "body": "assembly",
    "names": {"en": "Computing", "fr": "Calcul"},
    "unit_names": {"en": "GPU hour", "fr": "heure de GPU"},
    "grain": Decimal("0.5"),
}


def test_a_resource_is_defined_once_by_the_secretariat_and_by_an_act():
    make_body()
    with pytest.raises(NotPermitted):
        define_resource(**GIVEN, by=a_person())
    made = define_resource(**GIVEN, by=account_with("secretariat"))
    assert (made.act.type, made.act.subject, made.act.visibility) == (
        "define-resource",
        "capacity/resources/gpu-hours",
        "public",
    )
    with pytest.raises(Conflict, match="already"):
        define_resource(**GIVEN, by=account_with("secretariat"))
    assert Act.objects.filter(type="define-resource").count() == 1
    make_resource()
    assert [(r.name, r.unit_name, r.grain) for r in list_resources(body="assembly", language="fr")] == [
        ("Calcul", "heure de GPU", Decimal("0.5")),
        ("Expert time", "day", 1),
    ]
    assert list_resources(body="oversight") == []


@pytest.mark.parametrize(
    "changed,name",
    [
        ({"slug": "GPU"}, "slug"),
        ({"names": {"fr": "Calcul"}}, "names"),
        ({"unit_names": {}}, "unit_names"),
        ({"grain": Decimal(0)}, "grain"),
        ({"grain": Decimal("0.0000001")}, "grain"),
        ({"authority": ""}, "authority"),
    ],
)
def test_what_cannot_be_counted_is_refused(changed, name):
    make_body()
    with pytest.raises(BadParameter) as refusal:
        define_resource(**{**GIVEN, **changed}, by=account_with("secretariat"))
    assert (refusal.value.data["name"], Resource.objects.count()) == (name, 0)


def test_a_resource_is_of_a_body_that_there_is():
    with pytest.raises(NotFound):
        define_resource(**{**GIVEN, "body": "none"}, by=account_with("secretariat"))


@given(st.decimals(min_value="0.01", max_value=10**12, places=6))
def test_an_amount_and_its_figures_are_one(amount):
    assert checked_amount("units", in_figures(amount)) == amount
    assert "E" not in in_figures(amount)


@given(st.text(max_size=60))
def test_a_text_that_is_taken_shows_all_that_it_holds(text):
    try:
        found = checked_text("title", text, most=60)
    except BadParameter:
        return
    assert checked_text("title", found, most=60) == found
    assert found == " ".join(found.split())


def test_texts_are_given_in_the_readers_language_else_in_english_else_in_any():
    texts = checked_texts("titles", {"fr": " Besoin ", "es": "Necesidad", "ar": ""}, most=20)
    assert texts == {"es": "Necesidad", "fr": "Besoin"}
    assert [language_in(texts, tongue) for tongue in ("fr", "zh")] == ["fr", "es"]
    assert checked_texts("titles", {"en": "two\n\nlines "}, most=20, lines=True) == {"en": "two\n\nlines"}


def test_groups_have_names_in_every_language():
    assert all(next(iter(group_names(language=tongue))) in {"LDC", "LLDC", "SIDS"} for tongue in LANGUAGES)
