"""Whatever a document says: unique references, texts within limits, and time in proportion to its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.segmentation import segment_blocks
from comity.engines.alignment.texts import Block

MARKS = [
    "Article {}", "Art. {}º", "第{}条 ", "제{}조(제목) ", "SECTION {}.", "{}.", "({})", "{})", "① ", "§ {}º", "(a)", "(i)", "a) ", "I – ",
    "CHAPTER {}", "ANNEX {}", "부칙", "5.{}", "GOVERN 1.{}:", "附录 A", "Done at X", "", "•", "6-1-{}.",
    "المادة {}", "المادة ({}) مكرر", "المادة الثانية عشرة:", "الفصل الأول", "סעיף {}א.", "Статья {}.1.", "Приложение № {}", "第{}条の二　", "２　", "一　", "附　則",
    "Artículo {} bis.", "ARTÍCULO PRIMERO.-", "SEGUNDO.-", "TRANSITORIOS", "Disposición final única.", "§ {}er.", "I. – ", "{}- ال", "(أ)", "(א)", "（目的）",
]  # fmt: skip
BLOCK = st.builds(
    lambda mark, number, text, kind, level: Block((mark.format(number) + " " + text).strip() or "x", kind, level),
    st.sampled_from(MARKS),
    st.integers(0, 30),
    st.text(max_size=80) | st.text("ab 。.;:\n", min_size=200, max_size=6_000),
    st.sampled_from(["heading", "paragraph", "item", "table"]),
    st.integers(0, 6),
)


@given(
    st.lists(BLOCK, max_size=40), st.sampled_from(["en", "zh", "ko", "pt", "fr", "es", "ar", "he", "ja", "ru", "und"])
)
def test_references_are_unique_and_texts_within_limits(blocks, language):
    segments = segment_blocks(blocks=blocks, language=language)
    assert len({s.ref for s in segments}) == len(segments)
    assert all(0 < len(s.text) <= 4_000 and s.text.strip() == s.text for s in segments)
    assert segments == segment_blocks(blocks=blocks, language=language)


@given(st.lists(BLOCK, max_size=15))
def test_no_segment_says_what_no_block_said(blocks):
    said = " ".join(b.text for b in blocks)
    for segment in segment_blocks(blocks=blocks, language="en"):
        assert set(segment.text.split()) <= set(said.replace("|", " ").split()) | set(
            " ".join(said.split()).split()
        ) | _cuts(segment.text, said)


def _cuts(text, said):
    return {word for word in text.split() if word in said}


HOSTILE = {
    "dots": ".",
    "leaders": ". ",
    "digits": "1",
    "decimals": "1.1.",
    "brackets": "((",
    "articles": "Article 1 ",
    "numerals": "IVX",
    "chinese": "第一条",
    "korean": "제1조(",
    "codes": "AAA 1.1 ",
    "tables": "Table 1: ",
    "bullets": "• ",
    "spaces": "a  ",
    "arabic": "المادة الثانية و",
    "spanish": "décimo ",
    "hebrew": "סעיף 1א ",
    "wide": "２　",
}


GROWTH = 8
"""How much longer the longer of two texts is."""
AT_MOST = 24
"""How much longer it may take: three times its share; what grows with the square would take 64 times as long."""
LEAST = 0.05
"""Seconds under which a measurement is noise."""


def demand_even_growth(read, *, size: int) -> None:
    """Read a text, and one ``GROWTH`` times as long; what takes the square of its length hangs a server."""
    spent = []
    for length in (size // GROWTH, size):
        start = time.process_time()
        read(length)
        spent.append(time.process_time() - start)
    assert spent[1] < AT_MOST * max(spent[0], LEAST)


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_evenly_with_the_length_of_hostile_text(name):
    def read(length: int) -> None:
        text = HOSTILE[name] * (length // len(HOSTILE[name]))
        segment_blocks(blocks=[Block(text[n : n + 400].strip()) for n in range(0, len(text), 400)], language="en")
        segment_blocks(blocks=[Block(text.strip())], language="en")

    demand_even_growth(read, size=2_000_000)


@pytest.mark.parametrize(
    "lines",
    [
        ["Article 1", "Article 2"],
        ["Article 1 text here.", "Article 2 more text."],
        ["부칙", "제1조(목적) 이 법"],
        ["ANNEX", "1. A rule."],
        ["1.", "(1)", "a)"],
        ["PART I", "Section 1. Rule."],
        ["المادة الأولى", "المادة الثانية: نص."],
        ["ARTÍCULO PRIMERO.- Norma.", "TRANSITORIOS", "PRIMERO.- Norma."],
        ["（目的）", "第一条　規則。", "２　規則。"],
        ["CHAPITRE Ier", "Article premier", "§ 2. Règle."],
    ],
)
def test_time_grows_evenly_with_marks_repeated_thousands_of_times(lines):
    def read(length: int) -> None:
        segments = segment_blocks(blocks=[Block(line) for line in lines * (length // len(lines))], language="en")
        assert len({s.ref for s in segments}) == len(segments)

    demand_even_growth(read, size=20_000)
