"""Words are marked where they stand, the text stays as it is, and places fuse to one order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.marking import LONGEST, cut_snippet, mark_words
from comity.engines.alignment.ranks import fuse_ranks
from comity.engines.alignment.tokens import tokens_of


def marked(text, language, query):
    words = tokens_of(text=query, language=language)
    return [p.text for p in mark_words(text=text, language=language, words=words) if p.marked]


@pytest.mark.parametrize(
    "text, language, query, expected",
    [
        ("Providers' duties; a provider.", "en", "provider", ["Providers", "provider"]),
        ("提供者应当对生成式人工智能服务负责", "zh", "人工智能", ["人工智能"]),
        ("提供者应当对内容负责", "zh", "应", ["应"]),
        ("인공지능사업자는 투명성을 확보한다", "ko", "투명성", ["투명성"]),
        ("تضمن الجهات الرقابةَ البشرية على النظام", "ar", "رقابة بشرية", ["الرقابةَ", "البشرية"]),
        ("Évaluation d’impact préalable", "fr", "evaluation impact", ["Évaluation", "impact"]),
        ("मानव निरीक्षण आवश्यक है", "hi", "निरीक्षण", ["निरीक्षण"]),
        ("Nothing of the kind", "en", "oversight", []),
    ],
)
def test_a_word_is_marked_in_each_script_as_it_is_written(text, language, query, expected):
    assert marked(text, language, query) == expected


@given(st.text(max_size=600), st.text(max_size=40), st.sampled_from(["en", "zh", "ar", "th", "und"]))
def test_the_pieces_join_to_the_text(text, query, language):
    words = tokens_of(text=query, language=language)
    pieces = mark_words(text=text, language=language, words=words)
    assert "".join(p.text for p in pieces) == text
    assert all(p.text for p in pieces)
    cut, before, after = cut_snippet(text=text, language=language, words=words)
    part = "".join(p.text for p in cut)
    assert part in text
    assert len(part) <= LONGEST
    assert (part == text) is not (before or after)


def test_a_snippet_is_where_most_words_stand_and_opens_with_a_whole_word():
    text = "oversight " + "filler " * 200 + "human oversight by natural persons " + "filler " * 200
    pieces, before, after = cut_snippet(text=text, language="en", words=("human", "oversight", "person"))
    assert [p.text for p in pieces if p.marked] == ["human", "oversight", "persons"]
    assert (before, after) == (True, True)
    whole = "".join(p.text for p in pieces)
    assert set(whole.split()) == {"filler", "human", "oversight", "by", "natural", "persons"}


def test_a_snippet_without_a_mark_is_the_beginning():
    pieces, before, after = cut_snippet(text="a b " * 300, language="en", words=())
    assert (before, after) == (False, True)
    assert pieces[0].text.startswith("a b a b")


@given(st.lists(st.lists(st.integers(0, 30), unique=True, max_size=20), max_size=4))
def test_fused_places_hold_every_key_once_and_do_not_depend_on_the_order_of_lists(lists):
    fused = fuse_ranks(lists=lists)
    assert sorted(fused) == sorted({key for keys in lists for key in keys})
    assert fused == fuse_ranks(lists=lists[::-1])


def test_what_both_lists_name_comes_before_what_one_names_at_the_same_place():
    assert fuse_ranks(lists=[[1, 2], [3, 2]])[0] == 2
    # Cormack and others (2009), with their constant: 1/61 + 1/63 against 1/62 + 1/62.
    assert fuse_ranks(lists=[[1, 2], [9, 2, 1]], softened_by=60)[:2] == (1, 2)
