"""Honesty: near-duplicates in six languages and by vectors, and an effect that is told in full."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.dialogue.honesty import compare_grounds, cut_pieces, find_near_duplicates
from comity.engines.dialogue.results import CommonGround, Interval
from comity.errors import BadParameter

# Pairs that say the same with a word changed or their order, and one sentence on the same matter that says something else.
SENTENCES = {
    "en": (
        "A person with authority must be able to stop an automated system.",
        "A person with authority must be able to stop any automated system!",
        "The cost of stopping an automated system should be borne by its operator.",
    ),
    "fr": (
        "Une personne habilitée doit pouvoir arrêter un système automatisé.",
        "Toute personne habilitée doit pouvoir arreter un système automatisé",
        "Les frais de l’arrêt d’un système automatisé incombent à son exploitant.",
    ),
    "es": (
        "Una persona autorizada debe poder detener un sistema automatizado.",
        "Debe poder una persona autorizada detener un sistema automatizado",
        "El operador debe pagar los gastos de la detención de un sistema.",
    ),
    "ru": (
        "Уполномоченное лицо должно иметь возможность остановить автоматическую систему.",
        "Уполномоченное лицо должно иметь возможность остановить любую автоматическую систему",
        "Расходы на остановку автоматической системы несёт её оператор.",
    ),
    "ar": (
        "يجب أن يكون بوسع شخص مخول إيقاف أي نظام آلي",
        "يجب ان يكون بوسع شخص مُخَوَّل إيقاف نظام آلي.",
        "يتحمل المشغل تكاليف إيقاف النظام الآلي",
    ),
    "zh": (
        "有权限的人必须能够停止自动化系统。",
        "有权限的人必须能够停止任何自动化系统",
        "停止自动化系统的费用应由其运营者承担。",
    ),
}


@pytest.mark.parametrize("language", SENTENCES)
def test_the_same_in_nearly_the_same_words_is_found_and_another_thought_is_not(language):
    one, again, other = SENTENCES[language]
    found = find_near_duplicates(texts={"1": one, "2": again, "3": other}, answers={"1": 5, "2": 9})
    assert [(d.kept, d.other) for d in found] == [("2", "1")]


def test_nothing_is_alike_across_languages_by_its_letters():
    texts = {language: SENTENCES[language][0] for language in SENTENCES}
    assert find_near_duplicates(texts=texts, answers={}) == ()


def test_texts_that_name_different_numbers_are_different():
    texts = {
        "a": "My income is above 50,000 a year.",
        "b": "My income is above 100,000 a year.",
        "c": "My income is above ٥٠,٠٠٠ a year",
    }
    assert [(d.kept, d.other) for d in find_near_duplicates(texts=texts, answers={})] == [("a", "c")]


def test_with_vectors_meanings_are_compared_across_languages():
    vectors = np.array([[1.0, 0.0], [0.99, np.sqrt(1 - 0.99**2)], [0.0, 1.0]])
    found = find_near_duplicates(texts={"a": "Stop it.", "b": "停止它", "c": "Go on."}, answers={}, vectors=vectors)
    assert [(d.kept, d.other, round(d.similarity, 2)) for d in found] == [("a", "b", 0.99)]


def test_vectors_of_another_number_are_refused():
    with pytest.raises(BadParameter):
        find_near_duplicates(texts={"a": "x"}, answers={}, vectors=np.ones((2, 3)))


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.text(alphabet="xy z人", max_size=12), max_size=8),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3)),
)
def test_no_statement_is_both_kept_and_repeated_and_none_repeats_twice(texts, answers):
    found = find_near_duplicates(texts=texts, answers=answers)
    others = [d.other for d in found]
    assert len(others) == len(set(others))
    assert not {d.kept for d in found} & set(others)
    for each in found:
        assert (-answers.get(each.kept, 0), each.kept) < (-answers.get(each.other, 0), each.other)
        a, b = cut_pieces(text=texts[each.kept]), cut_pieces(text=texts[each.other])
        assert each.similarity == pytest.approx(len(a & b) / len(a | b))


def test_texts_of_no_letters_are_no_duplicates():
    assert find_near_duplicates(texts={"a": "?!", "b": "...", "c": ""}, answers={}) == ()


def ground(statement, lower):
    return CommonGround(statement, "agree", lower, 1.0, Interval(1.0, lower, 1.0, 20), (), ())


def test_the_effect_names_what_comes_goes_and_moves():
    effect = compare_grounds(
        found=[ground("a", 0.8), ground("b", 0.7), ground("c", 0.6)],
        without=[ground("a", 0.8), ground("b", 0.75), ground("d", 0.6)],
    )
    assert effect.gained == (("d", "agree"),)
    assert effect.lost == (("c", "agree"),)
    assert effect.moved == (("b", "agree", 0.7, 0.75),)
