"""The order of reading is restored from what stands on a line, and is never turned without evidence."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.readers.direction import (
    fold_forms,
    order_ligature,
    reads_backwards,
    restore_order,
    set_brackets,
)

ARABIC = "تلتزم المنظمة بحماية البيانات الشخصية وفق المادة الثانية من القانون"
HEBREW = "הספקים והארגונים אחראים לבטיחות המוצרים בארץ ובחוץ לארץ"


@pytest.mark.parametrize("text", [ARABIC, HEBREW])
def test_words_in_order_are_told_from_words_turned(text):
    assert reads_backwards(texts=[text]) is False
    assert reads_backwards(texts=[text[::-1]]) is True


@pytest.mark.parametrize("texts", [[], [""], ["The law of 2024"], ["قانون"], [ARABIC, ARABIC[::-1]], ["第十二条"]])
def test_without_evidence_nothing_is_said(texts):
    assert reads_backwards(texts=texts) is None


@pytest.mark.parametrize(
    "seen, read",
    [
        ("12 ףיעס", "סעיף 12"),
        (".12 ףיעס", "סעיף 12."),
        ("2031.2.27 םוימ", "מיום 2031.2.27"),
        ("95.5% לש רועיש", "שיעור של 95.5%"),
        ("%95.5 ةبسنب", "بنسبة 95.5%"),
        ("(AI Act) 12 ףיעס", "סעיף 12 (AI Act)"),
        (")AI Act( 12 ףיעס", "סעיף 12 (AI Act)"),
        ("ISO/IEC 42001 ןקת", "תקן ISO/IEC 42001"),
        ("٣٠ ةداملا", "المادة ٣٠"),
        ("Annex I", "Annex I"),
        ("42", "42"),
        ("", ""),
    ],
)
def test_a_line_is_read_from_the_right_with_its_numbers_and_latin_words_in_order(seen, read):
    assert restore_order(glyphs=list(seen)) == read


def test_a_glyph_of_several_letters_stays_whole():
    assert restore_order(glyphs=["ح", "لا", "ص", "إ"]) == "إصلاح"


@given(st.lists(st.sampled_from([*"אבגשלاملعقة12 .,()%/", "لا", "AI", "a"]), max_size=40))
def test_no_letter_is_lost_or_added(glyphs):
    def bare(text):
        return sorted(text.translate(str.maketrans("()", "||")))

    assert bare(restore_order(glyphs=glyphs)) == bare("".join(glyphs))


@pytest.mark.parametrize("text", ["(a) b", "[1] (2) «ג»", "ולפי (סעיף 3) בלבד", "no brackets", "1) first", "12(3)(a)"])
def test_brackets_that_are_right_stay(text):
    assert set_brackets(text=text) == text


def test_brackets_are_turned_where_they_enclose_nothing():
    turned = str.maketrans("()[]", ")(][")
    for text in ("(א) מפעיל", "לפי [סעיף 3] בלבד", "המערכת (AI)."):
        assert set_brackets(text=text.translate(turned)) == text


def test_shapes_are_folded_and_nothing_else():
    assert fold_forms(text="\ufef7\ufee7\ufec8\ufee4\ufe94") == "لأنظمة"
    assert fold_forms(text="１２ ² ﬁ") == "１２ ² ﬁ"


@pytest.mark.parametrize("letters, read", [("ال", "لا"), ("لا", "لا"), ("أل", "لأ"), ("جم", "مج"), ("הל", "לה")])
def test_the_letters_of_a_ligature_come_in_reading_order(letters, read):
    assert order_ligature(letters=letters) == read


@pytest.mark.parametrize("glyph", [*"א1A (.%", "لا"])
def test_a_line_of_a_hundred_thousand_glyphs_takes_less_than_two_seconds(glyph):
    start = time.process_time()
    restore_order(glyphs=[glyph] * 100_000)
    restore_order(glyphs=[glyph, "ש", "(", "1"] * 25_000)
    assert time.process_time() - start < 2
