"""Words of a text: what is refused before it is kept, and what changed between two versions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import BadParameter
from comity.platform.parties.submission_text import Piece, compare_words, demand_language, demand_text, demand_title

WORDS = st.lists(st.sampled_from(["a", "the", "review", "三", "十", "تقرير", ".", ",", "\n", "\n\n"]), max_size=40).map(
    " ".join
)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(old=WORDS, new=WORDS)
def test_both_versions_can_be_read_off_the_changes(old, new):
    pieces = [piece for row in compare_words(old=old, new=new) for piece in row]
    assert bare("".join(p.text for p in pieces if p.kind != "del")) == bare(new)
    assert bare("".join(p.text for p in pieces if p.kind != "ins")) == bare(old)


@given(text=WORDS)
def test_a_text_does_not_differ_from_itself(text):
    assert {piece.kind for row in compare_words(old=text, new=text) for piece in row} <= {"same"}


def test_a_word_that_was_replaced_and_words_that_came_in_are_shown_where_they_stand():
    found = compare_words(
        old="A report within thirty days.", new="A report within fifteen days, or within thirty where it is shared."
    )
    assert found == (
        (
            Piece("same", "A report within "),
            Piece("del", "thirty "),
            Piece("ins", "fifteen "),
            Piece("same", "days"),
            Piece("ins", ", or within thirty where it is shared"),
            Piece("same", "."),
        ),
    )


def test_chinese_is_compared_sign_by_sign():
    assert compare_words(old="三十日内报告", new="十五日内报告") == (
        (Piece("del", "三"), Piece("same", "十"), Piece("ins", "五"), Piece("same", "日内报告")),
    )


def test_texts_too_alike_in_their_words_are_compared_by_paragraphs():
    old = " ".join(f"x{n % 9}" for n in range(3000)) + "\nlast"
    new = " ".join(f"x{n * 7 % 9}" for n in range(3000)) + "\nlast"
    kinds = [piece.kind for row in compare_words(old=old, new=new) for piece in row]
    assert kinds == ["del", "ins", "same"]


@pytest.mark.parametrize(
    "text", ["", "  \n ", "x" * 11, "a\x00b", "a\u202eb", "a\u2066b", "a\x1bb", "\ud800"], ids=ascii
)
def test_a_text_that_is_empty_too_long_or_hides_signs_is_refused(text):
    with pytest.raises(BadParameter):
        demand_text(text, name="text", most=10)


def test_line_ends_of_every_machine_become_one():
    assert demand_text(" a\r\nb\rc\n", name="text", most=10) == "a\nb\nc"


def test_a_title_has_one_line():
    with pytest.raises(BadParameter):
        demand_title("a\nb", most=10)


@pytest.mark.parametrize("tag", ["", "english", "e", "fr_FR", "x" * 30, "fr'--"])
def test_a_language_is_a_tag(tag):
    with pytest.raises(BadParameter):
        demand_language(tag)
