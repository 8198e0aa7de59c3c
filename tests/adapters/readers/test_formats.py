"""Readers give the same blocks for the same text, whatever format and encoding it comes in."""

from __future__ import annotations

import doctest
import hashlib
import importlib

import pytest

from comity.adapters.language import guess_language, read_name_language
from comity.adapters.readers import provisions_of, read_document
from comity.adapters.readers.joining import Words, join_texts
from comity.adapters.readers.lines import Line, build_blocks
from comity.engines.alignment.segmentation import segment_blocks
from comity.engines.alignment.texts import Block
from comity.errors import EmptyFile


def texts(document):
    return [b.text for b in document.blocks]


def test_pdf_lines_become_paragraphs_with_pages_title_and_digest(make):
    data = make.pdf(
        [
            ["Article 1", "This law protects every person from harm that automated", "systems may do."],
            ["Article 2", "It is short."],
        ],
        title="The Law on Systems",
    )
    document = read_document(path=make.file("law.en.pdf", data))
    assert texts(document) == [
        "Article 1",
        "This law protects every person from harm that automated systems may do.",
        "Article 2",
        "It is short.",
    ]
    assert [b.page for b in document.blocks] == [1, 1, 2, 2]
    assert (document.format, document.title, document.language, document.pages) == (
        "pdf",
        "The Law on Systems",
        "en",
        2,
    )
    assert document.sha256 == hashlib.sha256(data).hexdigest()


def test_pdf_content_wins_over_a_wrong_suffix(make):
    assert (
        read_document(path=make.file("law.txt", make.pdf([["Article 1 of a law that is long enough."]]))).format
        == "pdf"
    )


def test_running_headers_and_page_numbers_leave_a_pdf(make):
    pages = [
        ["Law on Systems 2024", f"Sentence {word} stands on its own page here.", f"{n} / 6"]
        for n, word in enumerate("abcdef", 1)
    ]
    document = read_document(path=make.file("law.pdf", make.pdf(pages)))
    assert texts(document) == [f"Sentence {word} stands on its own page here." for word in "abcdef"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_chinese_text_is_read_in_every_encoding(make, encoding):
    law = "第一条 为了促进健康发展，制定本办法。\n第二条 本办法适用于中国境内的服务。\n" * 4
    document = read_document(path=make.file("law.txt", law.encode(encoding)))
    assert texts(document)[:2] == ["第一条 为了促进健康发展，制定本办法。", "第二条 本办法适用于中国境内的服务。"]
    assert document.language == "zh"


def test_western_text_falls_back_to_windows_1252(make):
    law = "Artículo 1. La protección de las personas será una obligación “general” — siempre.\n"
    assert texts(read_document(path=make.file("ley.txt", law.encode("windows-1252")))) == [law.strip()]


def test_wrapped_plain_text_is_joined_and_form_feeds_are_pages(make):
    line = "{} shall keep a public register of systems and shall review it with the"
    one, two, three = (line.format(n) for n in ("The first authority", "The second authority", "Any other body"))
    law = f"{one}\nmembers of the council every year.\n\n{two}\nmembers again.\n\f{three}\nothers.\n"
    document = read_document(path=make.file("law.txt", law))
    assert texts(document) == [f"{one} members of the council every year.", f"{two} members again.", f"{three} others."]
    assert [b.page for b in document.blocks] == [1, 1, 2]


def test_running_headers_page_numbers_and_notes_under_a_rule_leave_a_text_that_nobody_wrapped(make):
    rules = ("The authority keeps a register.", "Everyone may read it.", "This law binds from May on.")
    pages = [f"GAZETTE No. 7\n\nArticle {n}\n{rule}" for n, rule in enumerate(rules, start=1)]
    pages[1] += "\n________________\n(1) As the council decided."
    law = "\f".join(f"{page}\n\n{n}" for n, page in enumerate(pages, start=1))
    said = [t for n, rule in enumerate(rules, start=1) for t in (f"Article {n}", rule)]
    assert texts(read_document(path=make.file("law.txt", law))) == said


def test_a_number_or_a_line_that_does_not_return_stays_in_a_text(make):
    law = "Article 1\nThe fee is this:\n250\fArticle 2\nA fine is due of:\n900"
    said = [b.text for b in read_document(path=make.file("law.txt", law)).blocks]
    assert said == ["Article 1", "The fee is this:", "250", "Article 2", "A fine is due of:", "900"]


def test_lines_cut_at_one_width_in_a_script_without_capitals_are_joined(make):
    sentence = "事業者は学習する装置を用いる前にその性能を試験し記録を五年間保存しなければならない。"
    law = "".join(f"{(sentence * 6)[n : n + 34]}\n" for n in range(0, 6 * len(sentence), 34))
    document = read_document(path=make.file("law.ja.txt", law))
    assert "".join(b.text for b in document.blocks) == sentence * 6
    assert len(document.blocks) < len(law.splitlines())


@pytest.mark.parametrize("law", ["\f\f\f", "________\n", "1\f2\f3", "________\n1\f________"])
def test_pages_of_furniture_alone_are_empty_or_come_as_they_are(make, law):
    path = make.file("law.txt", law)
    if any(c.isalnum() for c in law):
        assert read_document(path=path).blocks
    else:
        with pytest.raises(EmptyFile):
            read_document(path=path)


def test_markdown_keeps_headings_items_rows_and_joins_over_page_marks(make):
    law = (
        "{0}----\n\n# The **Act**\n\n![](p.png)\n\n- (1) First rule that goes on\n\nPAGE 1-ACT\n\n{1}----\n\nover the page.\n\n"
        "- (2) Second [rule](http://law.example).\n\nPAGE 2-ACT\n\n{2}----\n\n| Code | Text |\n|---|---|\n| A 1.1: | Do it. |\n\nPAGE 3-ACT\n"
    )
    document = read_document(path=make.file("act.md", law))
    assert document.blocks == (
        Block("The Act", "heading", 1, 1),
        Block("(1) First rule that goes on over the page.", "item", 0, 1),
        Block("(2) Second rule.", "item", 0, 2),
        Block("Code | Text", "table", 0, 3),
        Block("A 1.1: | Do it.", "table", 0, 3),
    )
    assert (document.title, document.pages) == ("The Act", 3)


HTML = """<!DOCTYPE html><html lang="fr"><head><title>Loi sur les systèmes - Journal</title><style>p{}</style></head><body>
<nav>Accueil</nav><div class="top-nav">Menu</div><main><h1>Loi sur les systèmes</h1><h2>Article premier</h2>
<p>La loi<sup><a href="#fn1">1</a></sup> protège   chacun<br>et tous.</p>
<table><tr><td><p>a)</p></td><td><p>le premier point;</p></td></tr></table>
<table><tr><th>Année</th><th>Somme</th></tr><tr><td>2024</td><td>10</td></tr></table>
<ul><li>un point</li></ul></main><footer>Contact</footer><script>alert(1)</script></body></html>"""


def test_html_keeps_text_and_tables_and_drops_furniture_scripts_and_calls_of_notes(make):
    document = read_document(path=make.file("loi.html", HTML))
    assert document.blocks == (
        Block("Loi sur les systèmes", "heading", 1),
        Block("Article premier", "heading", 2),
        Block("La loi protège chacun et tous."),
        Block("a) le premier point;", "item"),
        Block("Année | Somme", "table"),
        Block("2024 | 10", "table"),
        Block("un point", "item"),
    )
    assert (document.title, document.language, document.pages) == ("Loi sur les systèmes", "fr", 0)


def test_html_is_known_by_its_content_where_the_suffix_says_nothing(make):
    assert read_document(path=make.file("loi", HTML)).format == "html"


def test_the_name_states_the_language_before_the_page_does(make):
    assert read_document(path=make.file("loi.pt-BR.html", HTML)).language == "pt-BR"


@pytest.mark.parametrize(
    "name, language",
    [
        ("a.zh.pdf", "zh"),
        ("a.pt-br.pdf", "pt-BR"),
        ("a.v2.pdf", "und"),
        ("a.doc.pdf", "und"),
        ("zh.pdf", "und"),
        ("a.tar.gz", "und"),
    ],
)
def test_the_second_suffix_of_a_name_is_a_language_only_where_it_is_one(tmp_path, name, language):
    assert read_name_language(path=tmp_path / name) == language


@pytest.mark.parametrize(
    "text, language",
    [
        ("The authority shall keep a public register of all systems that are placed on the market.", "en"),
        ("La autoridad llevará un registro público de todos los sistemas que se comercialicen.", "es"),
        ("Уполномоченный орган ведёт реестр систем искусственного интеллекта на рынке страны.", "ru"),
        ("تحتفظ السلطة بسجل عام لجميع أنظمة الذكاء الاصطناعي المطروحة في السوق.", "ar"),
        ("주무관청은 인공지능 시스템을 등록하여야 한다.", "ko"),
        ("事業者は、人工知能システムを登録しなければならない。", "ja"),
        ("提供者应当对人工智能系统进行备案。", "zh"),
        ("12.5 44 % 2024", "und"),
        ("ISO 42001", "und"),
    ],
)
def test_language_is_guessed_where_it_is_plain_and_unknown_else(text, language):
    assert guess_language(text=text) == language


def test_provisions_of_a_document_carry_its_language_and_nobodys_judgment(make):
    document = read_document(
        path=make.file(
            "loi.html", "<html lang='fr'><p>Article 1</p><p>Un seul article.</p><p>Article 2</p><p>Deux mots.</p>"
        )
    )
    segments = segment_blocks(blocks=document.blocks, language=document.language)
    found = provisions_of(document=document, segments=segments, instrument_id="loi")
    assert [(p.id, p.language, p.modality, p.topics, p.topics_by) for p in found] == [
        ("loi/art_1", "fr", None, (), ""),
        ("loi/art_2", "fr", None, (), ""),
    ]


def lines(*rows, page=1, size=10.0):
    return [Line(text, page, left, right, bottom, size) for text, left, right, bottom in rows]


def test_small_print_at_the_foot_that_a_number_opens_is_a_footnote():
    page = [
        *lines(
            ("The council decides on every matter that the members bring.", 50, 400, 700),
            ("It meets each year.", 50, 160, 688),
        ),
        *lines(("1 See the rules of procedure.", 50, 200, 60), ("They are public.", 50, 120, 52), size=7.0),
    ]
    assert [b.text for b in build_blocks(pages=[page], height=800)] == [
        "The council decides on every matter that the members bring. It meets each year."
    ]


def test_a_word_cut_at_the_end_of_a_line_is_made_whole_as_the_document_writes_it():
    words = Words.of(texts=["a good evidence base here", "the well-being of all", "one long term plan"])
    assert join_texts(first="all evi-", second="dence", words=words) == "all evidence"
    assert join_texts(first="the well-", second="being", words=words) == "the well-being"
    assert join_texts(first="a long\ufffe", second="term view", words=words) == "a long-term view"
    assert join_texts(first="in 2024-", second="2025", words=words) == "in 2024- 2025"


def test_lines_side_by_side_stay_in_the_order_of_the_file():
    page = lines(
        ("left one.", 50, 100, 700),
        ("left two.", 50, 100, 688),
        ("right one.", 300, 360, 700),
        ("right two.", 300, 360, 688),
    )
    assert " ".join(b.text for b in build_blocks(pages=[page])) == "left one. left two. right one. right two."


@pytest.mark.parametrize(
    "module",
    [
        "language",
        "readers.direction",
        "readers.files",
        "readers.joining",
        "readers.markdown",
        "readers.sniff",
        "readers.tables",
    ],
)
def test_examples_in_docstrings_hold(module):
    assert doctest.testmod(importlib.import_module(f"comity.adapters.{module}")).failed == 0
