"""Translations: who types and checks them, what a model made stays named, and nobody overwrites what they did not see."""

from __future__ import annotations

import pytest

from comity.errors import BadParameter, Conflict, DialogueNotOpen, NotFound, NotPermitted
from comity.platform.dialogue.models import StatementText
from comity.platform.dialogue.moderation import decide_statement
from comity.platform.dialogue.translations import (
    check_translation,
    progress_of,
    statements_to_translate,
    translate_by_machine,
    translation_views,
    write_translation,
)
from support.desk import end, open_one, written
from support.parties import account_with

pytestmark = pytest.mark.django_db


class Model:
    """Stands for an adapter of a model: it turns the letters round."""

    name = "turner 0.1"

    def translate(self, *, text, source, target):
        assert source != target
        return text[::-1]


def view_of(dialogue, number, to):
    rows = statements_to_translate(dialogue=dialogue, to=to, stage="all").filter(number=number)
    return translation_views(statements=rows, to=to)[0]


def test_a_translator_types_a_text_and_it_names_the_office_alone():
    dialogue, translator = open_one(), account_with("translator")
    write_translation(slug=dialogue.slug, number=2, language="fr", text=" Une pause  suffit. ", by=translator)
    view = view_of(dialogue, 2, "fr")
    assert (view.text, view.state, view.made_by, view.by_machine) == (
        "Une pause suffit.",
        "checked",
        "translator",
        False,
    )
    assert view.checked_at is not None
    assert not StatementText.objects.filter(made_by__contains=translator.name).exists()


def test_what_a_model_made_awaits_a_person_and_keeps_the_models_name_when_checked_or_corrected():
    dialogue, translator = open_one(), account_with("translator")
    assert translate_by_machine(slug=dialogue.slug, language="ru", translator=Model(), by=translator) == 3
    first, second = view_of(dialogue, 1, "ru"), view_of(dialogue, 2, "ru")
    assert (first.state, first.made_by, first.by_machine, first.checked_at) == ("machine", "turner 0.1", True, None)
    check_translation(slug=dialogue.slug, number=1, language="ru", by=translator, on=first.seen)
    write_translation(slug=dialogue.slug, number=2, language="ru", text="Пауза.", by=translator, on=second.seen)
    for number in (1, 2):
        view = view_of(dialogue, number, "ru")
        assert (view.state, view.made_by, view.by_machine) == ("checked", "turner 0.1", True)
    with pytest.raises(Conflict, match="checked this"):
        check_translation(
            slug=dialogue.slug, number=1, language="ru", by=translator, on=view_of(dialogue, 1, "ru").seen
        )
    # Asked again it adds nothing, and takes nothing from a person.
    assert translate_by_machine(slug=dialogue.slug, language="ru", translator=Model(), by=translator) == 0
    assert view_of(dialogue, 2, "ru").text == "Пауза."


def test_nobody_overwrites_a_translation_that_they_did_not_see():
    dialogue = open_one()
    one, other = account_with("translator"), account_with("secretariat")
    write_translation(slug=dialogue.slug, number=2, language="fr", text="Une pause.", by=one)
    with pytest.raises(Conflict, match="meanwhile"):
        write_translation(slug=dialogue.slug, number=2, language="fr", text="Un arrêt.", by=other)
    seen = view_of(dialogue, 2, "fr").seen
    write_translation(slug=dialogue.slug, number=2, language="fr", text="Un arrêt.", by=other, on=seen)
    assert (view_of(dialogue, 2, "fr").text, view_of(dialogue, 2, "fr").made_by) == ("Un arrêt.", "secretariat")
    with pytest.raises(Conflict, match="meanwhile"):
        check_translation(slug=dialogue.slug, number=2, language="fr", by=one, on=seen)


@pytest.mark.parametrize("role", ["public", "chair", "reviewer", "head", "expert", "operator"])
def test_no_other_role_translates(role):
    dialogue, user = open_one(), account_with(role)
    for service, given in (
        (write_translation, {"text": "X"}),
        (check_translation, {"on": ""}),
    ):
        with pytest.raises(NotPermitted):
            service(slug=dialogue.slug, number=2, language="fr", by=user, **given)


@pytest.mark.parametrize(
    "given, refusal",
    [
        ({"language": "en"}, BadParameter),  # the language it was written in
        ({"language": "xx"}, BadParameter),
        ({"text": ""}, BadParameter),
        ({"text": "x" * 721}, BadParameter),
        ({"text": "left \u202e right"}, BadParameter),
        ({"text": "nothing \x00 there"}, BadParameter),
        ({"number": 99}, NotFound),
        ({"number": -1}, NotFound),
        ({"slug": "no-such"}, NotFound),
    ],
)
def test_what_cannot_be_a_translation_is_refused(given, refusal):
    dialogue = open_one()
    asked = {"slug": dialogue.slug, "number": 3, "language": "ar", "text": "نص", "by": account_with("translator")}
    with pytest.raises(refusal):
        write_translation(**asked | given)
    assert not StatementText.objects.filter(language="ar").exists()


def test_statements_that_wait_are_translated_for_moderators_and_refused_ones_are_not():
    dialogue, translator = open_one(), account_with("translator")
    row = written(dialogue, "Les journaux sont gardés.", language="fr")
    write_translation(slug=dialogue.slug, number=row.number, language="en", text="Logs are kept.", by=translator)
    decide_statement(
        slug=dialogue.slug, number=row.number, decision="refuse", reason="off-topic", by=account_with("secretariat")
    )
    with pytest.raises(Conflict, match="no translation"):
        write_translation(slug=dialogue.slug, number=row.number, language="ar", text="نص", by=translator)


def test_progress_counts_what_is_missing_awaits_a_person_and_is_checked():
    dialogue, translator = open_one(), account_with("translator")
    translate_by_machine(slug=dialogue.slug, language="fr", translator=Model(), numbers=[2], by=translator)
    assert progress_of(dialogue=dialogue, languages=("fr", "es"))["fr"] == {"missing": 1, "machine": 1, "checked": 1}
    # One was written in Spanish.
    assert progress_of(dialogue=dialogue, languages=("es",))["es"] == {"missing": 2, "machine": 0, "checked": 0}


def test_a_model_that_calls_itself_an_office_or_gives_nothing_is_refused():
    dialogue, translator = open_one(), account_with("translator")
    posing, empty = Model(), Model()
    posing.name = "translator"
    empty.translate = lambda **given: " "
    for model in (posing, empty):
        with pytest.raises(BadParameter):
            translate_by_machine(slug=dialogue.slug, language="zh", translator=model, by=translator)
    assert not StatementText.objects.filter(language="zh").exists()


def test_nothing_is_translated_in_an_archived_dialogue():
    dialogue = open_one()
    end(dialogue, archive=True)
    with pytest.raises(DialogueNotOpen):
        write_translation(slug=dialogue.slug, number=2, language="fr", text="X", by=account_with("translator"))
