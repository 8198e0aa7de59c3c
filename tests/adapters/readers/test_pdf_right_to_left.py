"""Arabic and Hebrew PDF comes back in reading order, however its maker stored the letters, and parts into its articles."""

from __future__ import annotations

import subprocess
import unicodedata

import pytest

from comity.adapters.readers import read_document
from comity.engines.alignment.segmentation import list_divisions, segment_blocks
from support.careful_reader import find_missed, find_wrong_titles
from support.gazettes import list_counted, read_gazette, write_html
from support.printing import WAYS, font_path, print_gazette, print_lines

GAZETTES = ("ar", "ar_nizam", "he")


def fold(text):
    return " ".join(text.split())


@pytest.fixture
def read_texts(make):
    """Print paragraphs in a way and return the texts that come back."""

    def read(way, *texts):
        path = make.file("law.pdf", print_lines(texts=[(t, "A") for t in texts], way=way))
        return [b.text for b in read_document(path=path).blocks]

    return read


@pytest.mark.parametrize("name", GAZETTES)
@pytest.mark.parametrize("way", WAYS)
def test_a_gazette_comes_back_word_for_word_and_parts_into_its_articles(make, name, way):
    lines = read_gazette(name=name)
    document = read_document(path=make.file("gazette.pdf", print_gazette(lines=lines, way=way)))
    segments = segment_blocks(blocks=document.blocks, language=document.language)
    units, chapters = list_counted(lines=lines)
    said = [b.text for b in document.blocks]
    printed = [fold(x.text) for x in lines if x.kind not in "HF"]
    assert [t for t in printed if t not in " ".join(said)] == []
    assert document.language == name[:2]
    assert find_missed(segments=segments, units=units) == []
    assert find_wrong_titles(segments=segments, units=units) == []
    assert {s.ref for s in segments} <= {u.ref for u in units}
    divisions = list_divisions(blocks=document.blocks, language=document.language)
    assert [(d.ref, d.title, d.first) for d in divisions] == chapters


@pytest.mark.browser
@pytest.mark.parametrize("name", GAZETTES)
def test_a_gazette_printed_by_a_browser_comes_back_in_its_articles(make, chromium, name):
    lines = read_gazette(name=name)
    style = f"<style>@font-face{{font-family:F;src:url('file://{font_path()}')}} *{{font-family:F}}</style>"
    page = make.file("gazette.html", write_html(lines=lines, language=name[:2]).replace("<body>", f"{style}<body>"))
    out = page.with_suffix(".pdf")
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--print-to-pdf={out}",
    ]
    subprocess.run(
        [*command, f"--user-data-dir={make.folder / 'profile'}", f"file://{page}"],
        check=True,
        capture_output=True,
        timeout=60,
    )
    document = read_document(path=out)
    segments = segment_blocks(blocks=document.blocks, language=document.language)
    assert find_missed(segments=segments, units=list_counted(lines=lines)[0]) == []


MIXED = (
    "المادة 12: نظام الذكاء الاصطناعي (AI Act) رقم 2024/1689",
    "تلتزم الجهة بما يلي: (أ) حماية البيانات؛ (ب) الإفصاح بنسبة 95.5% من الحالات.",
    "لا يجوز استخدام الأنظمة «المحظورة» في 31/12/2025 أو بعده، وفق ISO/IEC 42001 [المعيار الدولي].",
    'הסעיף 12 לחוק המערכות הלומדות (AI), בשיעור 95.5% – "מערכת" כהגדרתה.',
)


@pytest.mark.parametrize("way", ["seen", "forms", "shaped", "read"])
@pytest.mark.parametrize("text", MIXED)
def test_numbers_latin_words_and_brackets_keep_their_order_within_a_line(read_texts, way, text):
    others = ["السطر الأول من الوثيقة التالية" if "ا" in text else "השורה הראשונה של המסמך הזה", text]
    assert fold(" ".join(read_texts(way, *others))) == fold(" ".join(others))


@pytest.mark.parametrize("way", ["seen", "forms", "shaped", "read"])
def test_vowel_marks_stay_behind_their_letters(read_texts, way):
    texts = ["يُلزَم المشغِّل بالتقييم قبل الخدمة، سجلاً عاماً.", "المادة الأولى من هذا القانون."]
    assert " ".join(read_texts(way, *texts)) == unicodedata.normalize("NFC", " ".join(texts))


def test_tatweel_that_only_stretches_a_line_is_left_out(read_texts):
    assert read_texts("seen", "المـــادة الأولى من القانون الجديد") == ["المادة الأولى من القانون الجديد"]


@pytest.mark.parametrize("text", ["Annex to the law", "See ISO/IEC 42001 (2023), 95.5%."])
def test_a_latin_line_on_an_arabic_page_stays_as_it_is(read_texts, text):
    rest = ["المادة الأولى من هذا القانون.", "المادة الثانية من هذا القانون."]
    assert fold(" ".join(read_texts("seen", rest[0], text, rest[1]))) == f"{rest[0]} {text} {rest[1]}"


def test_an_english_page_with_an_arabic_word_is_read_as_before(make):
    texts = [("The law speaks of the word قانون in its first article and of nothing else.", "A")] * 2
    path = make.file("law.pdf", print_lines(texts=texts, way="turned"))
    assert read_document(path=path).blocks[0].text.startswith("The law speaks of the word ")


def test_too_little_text_to_tell_is_taken_by_its_places(read_texts):
    assert read_texts("seen", "قانون جديد هنا") == ["قانون جديد هنا"]


def test_a_right_to_left_file_cut_short_is_broken_and_one_beyond_the_limit_expands_too_far(make):
    from comity.adapters.readers import ReadingLimits
    from comity.errors import BrokenFile, ExpandsTooFar

    data = print_gazette(lines=read_gazette(name="ar"), way="seen")
    with pytest.raises(BrokenFile):
        read_document(path=make.file("cut.pdf", data[:400]))
    with pytest.raises(ExpandsTooFar):
        read_document(path=make.file("long.pdf", data), limits=ReadingLimits(text_characters=100))
