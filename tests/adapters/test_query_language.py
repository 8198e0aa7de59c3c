"""The language of a few words is told by their letters, and left to the page where they leave it open."""

from __future__ import annotations

import tomllib

import pytest

from comity.adapters.query_language import guess_query_language


@pytest.mark.parametrize(
    "text, page, expected",
    [
        ("رقابة بشرية", "en", ("ar", "letters")),
        ("надзор человека", "en", ("ru", "letters")),
        ("生成式人工智能", "en", ("zh", "letters")),
        ("人間による監督", "en", ("ja", "letters")),
        ("인간의 감독", "fr", ("ko", "letters")),
        ("मानव निरीक्षण", "en", ("hi", "letters")),
        ("usimamizi wa binadamu", "en", ("sw", "letters")),
        ("avaliação de impacto algorítmico", "en", ("pt", "letters")),
        ("audit", "fr", ("fr", "page")),
        ("audit", "ar", ("en", "page")),
        ("", "zh", ("en", "page")),
        ("12 %", "es", ("es", "page")),
    ],
)
def test_words_are_read_in_their_language(text, page, expected):
    assert guess_query_language(text=text, page=page) == expected


def test_no_name_of_a_topic_is_taken_for_a_language_that_the_model_does_not_know(root):
    folder = root / "src" / "comity" / "example"
    translated = tomllib.loads((folder / "topics_translations.toml").read_text(encoding="utf-8"))["topic"]
    read = [
        (language, guess_query_language(text=texts["label"], page=page)[0], page)
        for topic in translated.values()
        for language, texts in topic.items()
        for page in (language, "en")
    ]
    assert len(read) == 47 * 5 * 2
    assert [r for r in read if r[1] not in {r[0], r[2]}] == []
    assert [r for r in read if r[2] == r[0] and r[1] != r[0]] == []
