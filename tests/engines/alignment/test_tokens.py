"""Tokens: one word, one token, in six scripts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.tokens import tokens_of


@pytest.mark.parametrize(
    "language, a, b",
    [
        ("en", "PROVIDERS", "provider"),
        ("en", "policies", "policy"),
        ("fr", "Évaluation", "evaluation"),
        ("es", "INFORMACIÓN", "informacion"),
        ("ar", "الرقابة", "رقابه"),
        ("ar", "أَخلاقيات", "اخلاقيات"),
        ("ar", "مـــبدأ", "مبدا"),
        ("zh", "ＡＩ", "ai"),
        ("ru", "Ёлка", "елка"),
        ("en", "processes", "process"),
        ("en", "purposes", "purpose"),
        ("en", "approaches", "approach"),
        ("en", "country’s", "country"),
        ("ar", "المادة ١٤", "ماده 14"),
        ("hi", "अनुच्छेद १४", "अनुच्छेद 14"),
    ],
)
def test_two_spellings_of_a_word_are_one_token(language, a, b):
    assert tokens_of(text=a, language=language) == tokens_of(text=b, language=language) != ()


@pytest.mark.parametrize("word", ["process", "status", "basis", "gas", "AI"])
def test_a_word_that_only_ends_like_a_plural_is_left(word):
    assert tokens_of(text=word, language="en") == (word.lower(),)


def test_chinese_is_split_into_pairs_of_characters_within_each_run():
    assert tokens_of(text="第十二条 人类监督", language="zh") == ("第十", "十二", "二条", "人类", "类监", "监督")


def test_a_word_of_two_scripts_gives_tokens_of_both():
    assert tokens_of(text="AI基本法", language="zh") == ("ai", "基本", "本法")


def test_the_vowel_signs_of_indic_scripts_are_part_of_their_words():
    assert tokens_of(text="मानव निगरानी, क्षेत्र।", language="hi") == ("मानव", "निगरानी", "क्षेत्र")


def test_thai_is_paired_by_letters_that_keep_their_signs():
    assert tokens_of(text="กำกับ", language="th") == ("กํา", "ากั", "กับ")


def test_hangul_is_kept_whole_and_paired():
    assert tokens_of(text="인공지능", language="ko") == ("인공", "공지", "지능")


def test_the_short_words_of_a_language_are_left_out_in_that_language_alone():
    assert tokens_of(text="the right of a person", language="en") == ("right", "person")
    assert "the" in tokens_of(text="the", language="fr")


def test_numbers_stay():
    assert tokens_of(text="Article 14(2)", language="en") == ("article", "14", "2")


LANGUAGES = st.sampled_from(["en", "ar", "zh", "ru", "th", "und", ""])


@given(st.text(max_size=200), LANGUAGES)
def test_a_text_gives_the_same_tokens_in_every_normal_form_and_none_is_white(text, language):
    found = tokens_of(text=text, language=language)
    assert all(t and not any(c.isspace() for c in t) for t in found)
    assert tokens_of(text=unicodedata.normalize("NFD", text), language=language) == found


@given(st.text(max_size=80), st.text(max_size=80), LANGUAGES)
def test_two_texts_side_by_side_give_the_tokens_of_each(a, b, language):
    both = tokens_of(text=f"{a}\n{b}", language=language)
    assert both == tokens_of(text=a, language=language) + tokens_of(text=b, language=language)
