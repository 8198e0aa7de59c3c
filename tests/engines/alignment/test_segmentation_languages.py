"""Articles and their paragraphs are found in each language, and recitals, contents and signatures are not."""

from __future__ import annotations

import pytest

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
