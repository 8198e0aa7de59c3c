"""The concept scheme reads whole in all five languages beside English."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ["ar", "es", "fr", "ru", "zh"]
SCRIPTS = {"ar": "[\u0621-\u064a]", "ru": "[\u0410-\u044f]", "zh": "[\u4e00-\u9fff]"}
LATIN_WORD = re.compile("[A-Za-z]{2,}")
# (topic, language) whose label is spelled as in English
SPELLED_ALIKE = {("institutions", "fr")}


@pytest.fixture(scope="module")
def topics(root: Path) -> dict[str, dict[str, str]]:
    """The topics of the scheme in English, by id."""
    text = (root / "src" / "comity" / "example" / "topics.toml").read_text(encoding="utf-8")
    return {topic["id"]: topic for topic in tomllib.loads(text)["topic"]}


@pytest.fixture(scope="module")
def translations(root: Path) -> dict[str, Any]:
    """The translations: topic id, language, then label and definition."""
    text = (root / "src" / "comity" / "example" / "topics_translations.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["topic"]  # type: ignore[no-any-return]


def list_texts(translations: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Every text as (topic, language, field, text)."""
    return [
        (topic, language, field, text)
        for topic, by_language in translations.items()
        for language, fields in by_language.items()
        for field, text in fields.items()
    ]


def test_topics_are_those_of_the_scheme_in_its_order(
    topics: dict[str, dict[str, str]], translations: dict[str, Any]
) -> None:
    assert list(translations) == list(topics)


def test_every_topic_has_five_languages_in_order(translations: dict[str, Any]) -> None:
    assert {topic: list(by) for topic, by in translations.items() if list(by) != LANGUAGES} == {}


def test_every_language_has_label_and_definition_and_nothing_else(translations: dict[str, Any]) -> None:
    fields = {tuple(texts) for by in translations.values() for texts in by.values()}
    assert fields == {("label", "definition")}


def test_no_text_is_empty_or_has_blank_edges(translations: dict[str, Any]) -> None:
    assert [row for row in list_texts(translations) if not row[3].strip() or row[3] != row[3].strip()] == []


@pytest.mark.parametrize("language", sorted(SCRIPTS))
def test_every_text_is_in_the_script_of_its_language(translations: dict[str, Any], language: str) -> None:
    script = re.compile(SCRIPTS[language])
    wrong = [
        row
        for row in list_texts(translations)
        if row[1] == language and (not script.search(row[3]) or LATIN_WORD.search(row[3]))
    ]
    assert wrong == []


def test_no_definition_equals_the_english_one(topics: dict[str, dict[str, str]], translations: dict[str, Any]) -> None:
    same = [
        row for row in list_texts(translations) if row[2] == "definition" and row[3] == topics[row[0]]["definition"]
    ]
    assert same == []


def test_only_the_listed_labels_are_spelled_as_in_english(
    topics: dict[str, dict[str, str]], translations: dict[str, Any]
) -> None:
    alike = {row[:2] for row in list_texts(translations) if row[2] == "label" and row[3] == topics[row[0]]["label"]}
    assert alike == SPELLED_ALIKE


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_topics_share_a_text_in_one_language(translations: dict[str, Any], language: str) -> None:
    texts = [row[3] for row in list_texts(translations) if row[1] == language]
    assert len(set(texts)) == len(texts)


def test_every_definition_ends_a_sentence_and_no_label_does(translations: dict[str, Any]) -> None:
    wrong = [row for row in list_texts(translations) if row[3].endswith((".", "。")) != (row[2] == "definition")]
    assert wrong == []
