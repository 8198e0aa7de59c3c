"""Articles, sections and numbered paragraphs are found in each language, and what only looks like one is not."""

from __future__ import annotations

import doctest
import importlib

import pytest

from comity.engines.alignment.numbering import read_marker
from comity.engines.alignment.segmentation import Segment, count_recitals, segment_blocks
from comity.engines.alignment.texts import Block


def split(text, language="en"):
    return segment_blocks(blocks=[Block(line) for line in text.strip().split("\n")], language=language)


def refs(text, language="en"):
    return [s.ref for s in split(text, language)]


ENGLISH = """
(1) This recital explains.
(2) So does this one.
HAVE ADOPTED THIS LAW:
CHAPTER I
GENERAL PROVISIONS
Article 1
Subject matter
1. This law protects people from harm.
2. It promotes trustworthy systems, in particular:
(a) systems that are safe;
(b) systems that are fair.
Article 4(3) of another law is not changed.
Article 2
Scope
This law applies to providers.
Done at Geneva, 1 May 2024.
For the Council
ANNEX I
List of systems
1. Systems for recruitment of staff;
2. Systems for the grading of pupils.
"""


def test_english_articles_paragraphs_and_annexes_without_recitals_and_signatures():
    assert split(ENGLISH) == (
        Segment("art_1__para_1", "Article 1(1)", "Subject matter", "1. This law protects people from harm."),
        Segment(
            "art_1__para_2",
            "Article 1(2)",
            "Subject matter",
            "2. It promotes trustworthy systems, in particular: (a) systems that are safe; (b) systems that are fair."
            " Article 4(3) of another law is not changed.",
        ),
        Segment("art_2", "Article 2", "Scope", "This law applies to providers."),
        Segment("annex_I__para_1", "ANNEX I(1)", "List of systems", "1. Systems for recruitment of staff;"),
        Segment("annex_I__para_2", "ANNEX I(2)", "List of systems", "2. Systems for the grading of pupils."),
    )


def test_recitals_are_counted_and_left_out():
    assert count_recitals(blocks=[Block(line) for line in ENGLISH.strip().split("\n")]) == 2
    assert count_recitals(blocks=[Block("(1) A list."), Block("(2) Of a text without articles.")]) == 0


CHINESE = """
第一章 总则
第一条　为了促进健康发展，制定本办法。
第二条　提供者应当遵守下列规定：
（一）不得生成违法内容；
（二）采取有效措施防止歧视。
第二条规定的措施应当公开。
第十条之一　本条为新增。
第二章 附则
第二十四条　本办法自2023年8月15日起施行。
"""
KOREAN = """
의안 제안이유는 다음과 같다(안 제1조).
제1장 총칙
제1조(목적) 이 법은 국민의 권익을 보호함을 목적으로 한다.
제2조제1호에 따른 정의는 이 줄에서 조문이 아니다.
제2조(책무) ① 사업자는 안전성을 확보하여야 한다.
② 국가는 이를 지원한다.
제2조의2(특례) 특례는 대통령령으로 정한다.
부 칙
제1조(시행일) 이 법은 공포 후 1년이 경과한 날부터 시행한다.
"""
PORTUGUESE = """
CAPÍTULO I
DISPOSIÇÕES PRELIMINARES
Art. 1º Esta Lei estabelece normas gerais.
Art. 2º São princípios do uso responsável:
I – a boa-fé;
II – a transparência.
§ 1º A lei protege todas as pessoas.
§ 2º A lei vale em todo o território.
Art. 3º Cabe à autoridade fiscalizar.
Parágrafo único. A autoridade publicará relatórios.
JUSTIFICAÇÃO
Este projeto protege as pessoas.
"""
SPANISH = """
TÍTULO I
Disposiciones generales
Artículo 1. Objeto
1. La presente ley protege a las personas.
2. La ley es de interés público.
Artículo 2. Ámbito
La ley se aplica en todo el país.
Disposición final.
"""
FRENCH = """
Chapitre Ier
Article premier
Objet
La présente loi protège les personnes.
Article 2
Champ
L'article 1 du traité reste applicable.
Article 3 bis
Sanctions
L'autorité prononce des amendes.
"""
RUSSIAN = """
Глава 1. Общие положения
Статья 1. Предмет регулирования
1. Настоящий закон защищает права граждан.
2. Закон действует на всей территории страны.
Статья 2. Основные понятия
В законе используются следующие понятия.
"""
ARABIC = """
الفصل الأول
المادة الأولى: الأهداف
يهدف هذا القانون إلى حماية الأشخاص.
المادة الثانية: النطاق
يسري هذا القانون على جميع المزودين.
مادة (3)
تضع السلطة القواعد اللازمة لذلك.
"""
JAPANESE = """
第一章 総則
第一条 この法律は、国民の権利を保護することを目的とする。
第二条（定義） この法律において用語の意義は次のとおりとする。
第三条 事業者は、安全を確保しなければならない。
附 則
第一条 この法律は、公布の日から施行する。
"""


@pytest.mark.parametrize(
    "text, language, expected",
    [
        (CHINESE, "zh", ["art_1", "art_2", "art_10_1", "art_24"]),
        (KOREAN, "ko", ["art_1", "art_2__para_1", "art_2__para_2", "art_2_2", "addenda__art_1"]),
        (PORTUGUESE, "pt", ["art_1", "art_2", "art_2__para_1", "art_2__para_2", "art_3", "art_3__para_1"]),
        (SPANISH, "es", ["art_1__para_1", "art_1__para_2", "art_2"]),
        (FRENCH, "fr", ["art_1", "art_2", "art_3bis"]),
        (RUSSIAN, "ru", ["art_1__para_1", "art_1__para_2", "art_2"]),
        (ARABIC, "ar", ["art_1", "art_2", "art_3"]),
        (JAPANESE, "ja", ["art_1", "art_2", "art_3", "addenda__art_1"]),
    ],
)
def test_each_language_has_its_articles(text, language, expected):
    assert refs(text, language) == expected


def test_labels_and_headings_are_as_the_text_has_them():
    assert [(s.label, s.heading) for s in split(KOREAN, "ko")] == [
        ("제1조", "목적"),
        ("제2조 ①", "책무"),
        ("제2조 ②", "책무"),
        ("제2조의2", "특례"),
        ("제1조", "시행일"),
    ]
    assert [(s.label, s.heading) for s in split(PORTUGUESE, "pt")][1:4] == [
        ("Art. 2º", "DISPOSIÇÕES PRELIMINARES"),
        ("Art. 2º, § 1º", "DISPOSIÇÕES PRELIMINARES"),
        ("Art. 2º, § 2º", "DISPOSIÇÕES PRELIMINARES"),
    ]


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
        "Статья закона", "المادة الخام", "A.I. is new", "", "???",
    ],
)  # fmt: skip
def test_what_only_names_a_provision_does_not_open_one(text):
    marker = read_marker(text=text)
    assert marker is None or marker.level == "point"


def test_nothing_gives_nothing():
    assert segment_blocks(blocks=[], language="und") == ()
    assert segment_blocks(blocks=[Block("12")], language="und") == ()


@pytest.mark.parametrize("module", ["numbering", "segmentation"])
def test_examples_in_docstrings_hold(module):
    assert doctest.testmod(importlib.import_module(f"comity.engines.alignment.{module}")).failed == 0
