"""Every reason that the engine can give has words for readers; on real models and public goods none is without; what has no code stays English."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

import comity.web
from comity.adapters.dpg_files import read_public_good
from comity.adapters.mof_files import read_mof
from comity.adapters.release_findings import list_findings
from comity.engines.commons import licence_names
from comity.engines.commons.frameworks import CLASS_NAMES
from comity.engines.commons.licences import class_licence
from comity.engines.commons.manifests import COMPONENT_KINDS
from comity.engines.commons.openness import assess_openness
from comity.engines.commons.public_goods import DOCUMENTING
from comity.engines.commons.reason_words import SENTENCES
from comity.engines.commons.reasons import because, risk_of
from comity.web.words_of_components import FRAMEWORK_CLASSES, INDICATOR_NAMES, KINDS
from comity.web.words_of_openness import WORDS, Said, say, say_all


def fields_of(text: str) -> set[str]:
    return {name for _said, name, _form, _conversion in string.Formatter().parse(text) if name}


def test_each_code_has_words_and_they_name_the_same_things():
    assert set(WORDS) == set(SENTENCES)
    for code, sentence in SENTENCES.items():
        assert fields_of(str(WORDS[code])) == fields_of(sentence), code


def test_the_tables_of_the_engine_hold_codes_alone():
    for code in (*licence_names.RESTRICTED.values(), *licence_names.NON_COMMERCIAL_OTHERS.values()):
        assert code in SENTENCES
    assert set(KINDS) == set(COMPONENT_KINDS)
    assert set(FRAMEWORK_CLASSES) == set(CLASS_NAMES)
    assert {f"kind-{kind}" for kind in DOCUMENTING} <= set(SENTENCES)


@pytest.mark.parametrize(
    "sentence, code",
    [
        ("loading a pickle runs whatever code it holds", "code-pickle"),
        ("it holds a program: lib/setup.py", "code-holds-program"),
        ("it holds a: b/data.pkl: loading a pickle runs whatever code it holds", "code-holds-pickle"),
        ("its arrays may hold objects: loading a pickle runs whatever code it holds", "code-objects"),
        ("Eicar-Test-Signature", None),
    ],
)
def test_what_was_found_on_a_file_is_known_by_its_sentence(sentence, code):
    found = risk_of(sentence=sentence)
    assert (None if found is None else found.code) == code
    if found is not None:
        assert str(found) == sentence


@given(st.text(alphabet="()ANDORWITHmitMIT2.0-+ LlamaCC-BYNGPL?é", max_size=60) | st.text(max_size=20))
def test_any_text_that_stands_for_a_licence_has_a_reason_in_words(expression):
    found = class_licence(expression=expression)
    for reason in (found.because, *(part.because for part in found.parts)):
        assert say(reason.as_plain()).language == ""


def reasons_in(findings: dict):
    """Every reason of findings beside its English sentence."""
    yield findings["licence"]["because"], findings["licence"]["reason"]
    for component in findings["components"]:
        yield component["licence"]["because"], component["licence"]["reason"]
        for part in component["licence"]["parts"]:
            yield part["because"], part["reason"]
        for note in component["notes"]:
            yield note, component["note"]
    for condition in findings["model_openness_framework"]["conditions"]:
        yield condition["because"], condition["reason"]
        yield from ((note, condition["note"]) for note in condition["notes"])
    for indicator in findings["public_good_indicators"]:
        yield from ((reason, indicator["reason"]) for reason in indicator["because"])
        yield from ((finding["because"], finding["reason"]) for finding in indicator["findings"])


def real_findings(shared):
    folder = shared / "data" / "capacity"
    models, goods = folder / "mof" / "models", folder / "dpg"
    if not models.is_dir() or not goods.is_dir():
        pytest.fail("data/capacity is not among the shared files")
    for path in sorted(models.glob("*.yml")):
        yield list_findings(found=assess_openness(manifest=read_mof(path=path)))
    for path in sorted((goods / "digitalpublicgoods").glob("*.json")):
        text = path.read_text(encoding="utf-8").strip()
        screening = path if text.startswith("{") else path.parent / text
        nomination = goods / "nominees" / screening.name
        good = read_public_good(screening=screening, nomination=nomination if nomination.exists() else None)
        yield list_findings(found=assess_openness(manifest=good))


def test_no_reason_on_273_models_and_166_public_goods_is_without_words(shared):
    seen, count, releases = set(), 0, 0
    for findings in real_findings(shared):
        releases += 1
        for reason, english in reasons_in(findings):
            said = say(reason, english=english)
            assert (said.language, "{" in said.text) == ("", False), reason
            seen.add(reason["code"])
            count += 1
    assert releases == 273 + 166
    assert count > 20_000
    assert len(seen) > 20


def test_names_are_kept_together_from_right_to_left():
    reason = because(code="of-licence", licence="CC-BY-4.0", reason=because(code="no-changes")).as_plain()
    with translation.override("ar"):
        assert say(reason).text.startswith("\u2068CC-BY-4.0\u2069: ")


def test_what_has_no_code_or_one_that_nobody_knows_is_said_in_english():
    for strange in (
        None,
        {},
        {"code": "of-licence"},
        {"code": "later", "data": {}},
        {"code": "of-licence", "data": {"licence": "x"}},
        "x",
        3,
    ):
        assert say(strange, english="as it was kept") == Said("As it was kept", "en")
    assert say_all([{"code": "later", "data": {}}], english="kept") == Said("Kept", "en")
    assert say_all(None, english="kept") == Said("Kept", "en")
    assert say_all([because(code="no-goal").as_plain()], english="x").language == ""


def test_words_of_a_record_are_no_pattern():
    said = say(because(code="stated-so", asked=because(code="ask-owner"), said="{licence} {0} %s").as_plain())
    assert re.search(r"\{licence\} \{0\} %s", said.text)
    assert said.language == ""


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh_Hans"])
def test_each_reason_and_each_part_stands_in_the_catalog_of_each_language(language):
    path = Path(comity.web.__file__).parent / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as opened:
        catalog = read_po(opened)
    with translation.override(None):
        said = {
            str(words)
            for words in (*WORDS.values(), *KINDS.values(), *FRAMEWORK_CLASSES.values(), *INDICATOR_NAMES.values())
        }
    kept = {message.id: message.string for message in catalog if isinstance(message.id, str)}
    assert sorted(text for text in said if re.sub(r"\{\w+\}|\W", "", text) and not kept.get(text)) == []
