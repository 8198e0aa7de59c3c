"""Stems: forms of one word meet, and other languages are left alone."""

from __future__ import annotations

from comity.adapters.stemming import stem_words
from comity.engines.alignment.tokens import tokens_of


def test_forms_of_a_word_meet_in_each_language():
    for language, one, other in (
        ("en", "assessing", "assessment"),
        ("en-GB", "policies", "policy"),
        ("fr", "obligations", "obligation"),
        ("ru", "рисков", "риски"),
    ):
        stems = [stem_words(tokens_of(text=t, language=language), language) for t in (one, other)]
        assert stems[0] == stems[1]


def test_languages_without_a_stemmer_keep_their_words():
    assert stem_words(["人工", "智能"], "zh") == ("人工", "智能")
    assert stem_words(["wanted"], "sw") == ("wanted",)
