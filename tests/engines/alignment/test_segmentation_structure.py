"""Sections, standards, resolutions, codes and prose are parted by the numbers and headings they have."""

from __future__ import annotations

import doctest
import importlib

import pytest

from comity.engines.alignment.numbering import read_marker
from comity.engines.alignment.segmentation import segment_blocks
from comity.engines.alignment.texts import Block


def split(text, language="en"):
    return segment_blocks(blocks=[Block(line) for line in text.strip().split("\n")], language=language)


def refs(text, language="en"):
    return [s.ref for s in split(text, language)]


def test_sections_of_a_bill_and_of_the_code_it_amends():
    text = """
SECTION 1. In the statutes, add part 17 as follows:
PART 17 SYSTEMS
6-1-1701. Definitions. As used in this part 17:
(1) "Person" means a natural person.
(2) "System" means a machine.
6-1-1702. Duties of developers. (1) A developer shall use care.
(2) A developer shall keep records.
SECTION 10 of the constitution is not a section of this bill.
SECTION 2. Safety clause. This act is necessary.
"""
    assert refs(text) == ["sec_1", "sec_6_1_1701", "sec_6_1_1702__para_1", "sec_6_1_1702__para_2", "sec_2"]


def test_section_numbers_that_return_in_each_part_carry_their_part():
    text = "PART 1\nSection 1. This is the first duty.\nSection 2. This is the second.\nPART 2\nSection 1. This is another.\nSection 2. And a last one."
    assert refs(text) == ["part_1__sec_1", "part_1__sec_2", "part_2__sec_1", "part_2__sec_2"]


def test_decimal_sections_of_a_standard_and_their_points():
    text = """
1 范围
本文件规定了基本要求。
2 语料安全要求
2.1 来源要求
要求如下。
a）应进行安全评估；
1）评估应有记录；
b）应有采集记录。
2.2 内容要求
内容应当合法。
2.3 标注要求
标注应当准确。
2.4 其他
其他要求另行规定。
附录 A
（规范性）
A.1 主要风险
包括歧视内容。
参考文献
[1] 某标准
"""
    assert refs(text, "zh") == [
        "sec_1",
        "sec_2_1__point_a",
        "sec_2_1__point_b",
        "sec_2_2",
        "sec_2_3",
        "sec_2_4",
        "annex_A__sec_A_1",
    ]
    assert split(text, "zh")[1].text == "要求如下。 a）应进行安全评估； 1）评估应有记录；"


def test_operative_paragraphs_of_a_resolution_with_their_preamble():
    text = """
General Assembly
Recalling its earlier resolutions on the matter and the charter of the organisation,
1. Resolves to bridge the divides between and within countries;
2. Encourages all members to share what they know with the others;
3. Requests a report at the next session of the assembly.
64th meeting
"""
    assert refs(text) == ["preamble__para_1", "para_1", "para_2", "para_3"]


def test_bare_numbers_before_principles():
    text = "\n".join(
        [
            f"{n} {verb} measures that protect people\nThis includes testing and reporting, and more."
            for n, verb in enumerate(["Take", "Keep", "Share"], 1)
        ]
    )
    assert refs(text) == ["para_1", "para_2", "para_3"]


def test_codes_in_tables_become_provisions():
    blocks = [
        Block("Govern", "heading", 2),
        Block(
            "A framework in prose stands over the table and explains what its function is for in an organisation.",
            "paragraph",
        ),
        Block("Categories | GOVERN 1.1: Law is known. GOVERN 1.2: Trust is built.", "table"),
        Block("GOVERN 2: Roles are clear. | GOVERN 2.1: | Duties are", "table"),
        Block("written down.", "table"),
    ]
    assert [(s.ref, s.text) for s in segment_blocks(blocks=blocks, language="en")][1:] == [
        ("govern_1_1", "Law is known."),
        ("govern_1_2", "Trust is built."),
        ("govern_2", "Roles are clear."),
        ("govern_2_1", "Duties are written down."),
    ]


def test_headings_and_paragraphs_where_nothing_is_numbered():
    long = "A sentence that fills its paragraph and says one thing about the matter. " * 5
    blocks = [
        Block("Data", "heading", 1),
        Block("Design", "heading", 2),
        Block(long.strip()),
        Block(long.strip()),
        Block("Part 2 Security"),
        Block(long.strip()),
    ]
    assert [(s.ref, s.label, s.heading) for s in segment_blocks(blocks=blocks, language="en")] == [
        ("sec_nn_2__para_1", "¶ 1", "Data: Design"),
        ("sec_nn_2__para_2", "¶ 2", "Data: Design"),
        ("part_2", "Part 2", "Part 2 Security"),
    ]


def test_a_numbered_list_without_full_stops_is_text_and_not_a_row_of_headings():
    text = "Goals\n" + "A paragraph that says what this strategy is for, at some length and with an end.\n" * 9
    text += "\n".join(f"{n}) Build the capacity of institution number {n}" for n in (1, 2, 3))
    assert "number 1 2) Build the capacity of institution number 2" in " ".join(s.text for s in split(text))


@pytest.mark.parametrize(
    "contents",
    [
        "Contents\nArticle 1 Scope ........ 1\nArticle 2 Duties ........ 2",
        "Contents\nScope 1\nDuties 2\nRights 4\nBodies 9\nFines 12",
        "Article 1\nArticle 2\nArticle 3",
    ],
)
def test_a_table_of_contents_gives_no_articles(contents):
    text = (
        contents
        + "\nArticle 1\nScope\nThis law covers systems of every kind.\nArticle 2\nDuties\nProviders keep records of their systems."
    )
    assert [(s.ref, s.heading) for s in split(text)] == [("art_1", "Scope"), ("art_2", "Duties")]


def test_two_paragraphs_that_begin_with_the_article_of_another_law_make_no_law():
    prose = "This strategy sets out what the country will do in the coming years to make use of systems. " * 6
    text = "\n".join(
        [prose] * 8
        + ["Article 5 Convention duties are met.", prose, "Article 6 Convention duties are met.", *[prose] * 30]
    )
    assert not any(r.startswith("art_") for r in refs(text))


def test_roman_points_are_told_from_letters():
    letters = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "ii", "iii", "i", "j"]
    duty = "that a provider of a system has towards the persons whom it concerns, without exception. " * 6
    blocks = [Block("Article 1"), Block("Duties"), Block("1. These are the duties:")]
    blocks += [Block(f"({letter}) {duty}") for letter in letters]
    blocks += [Block("2. That is all."), Block("Article 2"), Block("Nothing else is changed.")]
    found = [
        (s.ref, s.text.count("that a provider"))
        for s in segment_blocks(blocks=blocks, language="en")
        if "point" in s.ref
    ]
    # The first (i) opens (i), (ii), (iii) under (h); the second is the letter after h.
    assert found == [(f"art_1__para_1__point_{letter}", 24 if letter == "h" else 6) for letter in "abcdefghij"]


def test_a_point_repeats_its_opening_and_a_long_opening_stands_alone():
    points = [f"({letter}) " + "the placing of a system on the market that harms people; " * 30 for letter in "abc"]
    text = "\n".join(
        [
            "Article 5",
            "Bans",
            "1. The following shall be prohibited:",
            *points,
            "2. Nothing else.",
            "Article 6",
            "It is so.",
        ]
    )
    found = split(text)
    assert [s.ref for s in found][:4] == [
        "art_5__para_1__point_a",
        "art_5__para_1__point_b",
        "art_5__para_1__point_c",
        "art_5__para_2",
    ]
    assert all(s.text.startswith("1. The following shall be prohibited: (") for s in found[:3])
    assert [s.label for s in found[:2]] == ["Article 5(1)(a)", "Article 5(1)(b)"]


def test_a_long_article_without_numbers_is_cut_between_paragraphs():
    paragraph = ("The authority keeps a register of systems. " * 40).strip()
    text = "\n".join(["Article 1", *[paragraph] * 6, "Article 2", "It is public."])
    found = split(text)
    assert [s.ref for s in found] == ["art_1", "art_1__split_2", "art_1__split_3", "art_2"]
    assert [s.label for s in found][:2] == ["Article 1", "Article 1 [2]"]
    assert max(len(s.text) for s in found) <= 4_000


def test_a_number_that_stands_twice_in_one_scope_gets_a_suffix_and_never_the_same_ref():
    text = "ANNEX\nList of systems\nThe first is listed here.\nANNEX\nAnother list\nThe second is listed here."
    assert refs("Article 1\nThis law is the first.\nArticle 2\nThis law is the second.\n" + text) == [
        "art_1",
        "art_2",
        "annex",
        "annex_2",
    ]


def test_short_fragments_are_joined_to_their_neighbour():
    text = "Article 1\n1. This is the rule.\n2. No.\n3. This is another rule.\nArticle 2\nIt is in force."
    assert [(s.ref, s.text) for s in split(text)][:2] == [
        ("art_1__para_1", "1. This is the rule. 2. No."),
        ("art_1__para_3", "3. This is another rule."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Article 4(3) of Regulation (EC) No 300/2008", "Article 5 of the Treaty", "제2조제2호에 따른", "第五条规定的", "第五条、第六条",
        "Section 10 of Article II", "SECTION 10-3-1104.9 AND ANY RULES", "Part 2 describes what is meant", "2024 was a year",
        "Статья закона", "Статья 5 Закона о статистике не применяется.", "المادة الخام", "المادة ٥ من قانون الإحصاء لا تسري",
        "סעיף 5 לחוק הסטטיסטיקה לא יחול", "Disposición final primera de la Ley 3/2019", "Artículo 4 de la Ley 3/2019", "第三条第二号に掲げる事項",
        "Los primeros meses", "primero se prueba", "A.I. is new", "", "???",
    ],
)  # fmt: skip
def test_what_only_names_a_provision_does_not_open_one(text):
    marker = read_marker(text=text)
    assert marker is None or marker.level == "point"


@pytest.mark.parametrize(
    "text, number, rest",
    [
        ("ARTÍCULO DÉCIMO TERCERO.- Los puertos", "13", "- Los puertos"), ("Artículo vigésimo segundo. Norma", "22", "Norma"),
        ("المادة الخامسة والأربعون: نص", "45", "نص"), ("مادة (١٢) مكرر: نص", "12bis", "نص"), ("المادة ٧", "7", ""),
        ("Статья 12.1. Журнал", "12_1", "Журнал"), ("第十二条の三　規則", "12_3", "規則"), ("제12조의2(특례) 특례", "12_2", "(특례) 특례"),
        ("סעיף 12ב. מרשם", "12_2", "מרשם"), ("Art. 12 bis. – Texte", "12bis", "Texte"), ("Article premier", "1", ""),
        ("Disposición transitoria segunda. Norma", "2", "Norma"), ("תוספת שנייה", "2", ""), ("別表第二", "2", ""), ("Annexe II", "II", ""),
        ("الفصل الثالث: أحكام", "3", "أحكام"), ("פרק י״א: עונשין", "11", "עונשין"), ("CHAPITRE IVer", "IV", ""),
    ],
)  # fmt: skip
def test_numbers_are_read_as_gazettes_write_them(text, number, rest):
    marker = read_marker(text=text)
    assert (marker.number, marker.rest.lstrip("-– ")) == (number, rest.lstrip("-– "))


def test_nothing_gives_nothing():
    assert segment_blocks(blocks=[], language="und") == ()
    assert segment_blocks(blocks=[Block("12")], language="und") == ()


@pytest.mark.parametrize("module", ["numbering", "ordinals", "segmentation"])
def test_examples_in_docstrings_hold(module):
    assert doctest.testmod(importlib.import_module(f"comity.engines.alignment.{module}")).failed == 0
