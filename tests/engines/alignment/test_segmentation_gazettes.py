"""Invented laws in eleven gazettes and nine languages, in three file formats: what their author counts is what is found.

They stand apart from the real documents: who writes a text knows what to expect of it.
"""

from __future__ import annotations

import pytest

from comity.adapters.readers import read_document
from comity.engines.alignment.segmentation import list_divisions, segment_blocks
from support.careful_reader import find_missed, find_wrong_titles
from support.gazettes import LANGUAGES, list_counted, read_gazette, write_docx, write_html, write_text

FORMATS = ("txt", "html", "docx")
COUNTED = {
    "ar": (17, 3), "ar_nizam": (22, 2), "es": (22, 2), "es_decreto": (7, 0), "fr": (22, 3), "he": (16, 3), "ja": (20, 2),
    "ko": (18, 2), "pt": (17, 3), "ru": (19, 3), "zh": (15, 3),
}  # fmt: skip
"""Units and chapters of each gazette, counted by hand, so that a source cut short is noticed."""


@pytest.fixture
def segmented(tmp_path):
    """Write a gazette in a format and read it back: its lines, its document, its segments."""

    def part(name, form):
        lines = read_gazette(name=name)
        written = {
            "txt": lambda: write_text(lines=lines).encode(),
            "html": lambda: write_html(lines=lines, language=LANGUAGES[name]).encode(),
            "docx": lambda: write_docx(lines=lines),
        }[form]()
        path = tmp_path / f"gazette.{form}"
        path.write_bytes(written)
        document = read_document(path=path)
        return lines, document, segment_blocks(blocks=document.blocks, language=document.language)

    return part


each = pytest.mark.parametrize("name", LANGUAGES)
in_each_format = pytest.mark.parametrize("form", FORMATS)


@each
def test_the_reader_counted_this_many_units_and_chapters(name):
    units, chapters = list_counted(lines=read_gazette(name=name))
    assert (len(units), len(chapters)) == COUNTED[name]


@each
@in_each_format
def test_every_unit_is_found_under_its_name_with_its_first_words_and_its_title(segmented, name, form):
    lines, document, segments = segmented(name, form)
    units, _ = list_counted(lines=lines)
    assert document.language == LANGUAGES[name]
    assert find_missed(segments=segments, units=units) == []
    assert find_wrong_titles(segments=segments, units=units) == []


@each
@in_each_format
def test_nothing_is_found_that_the_reader_did_not_count(segmented, name, form):
    lines, _, segments = segmented(name, form)
    counted = {u.ref for u in list_counted(lines=lines)[0]}
    assert [s.ref for s in segments if s.ref not in counted] == []


@each
@in_each_format
def test_headers_contents_footnotes_recitals_and_signatures_are_in_no_unit(segmented, name, form):
    lines, _, segments = segmented(name, form)
    first = next(n for n, x in enumerate(lines) if x.kind in "DA")
    outside = [x.text for n, x in enumerate(lines) if n < first or x.kind in "HFS"]
    assert outside
    said = " ".join(s.text for s in segments)
    assert [text for text in outside if text[:30] in said] == []


@each
@in_each_format
def test_chapters_are_listed_with_their_titles_and_the_article_that_opens_them(segmented, name, form):
    lines, document, _ = segmented(name, form)
    found = list_divisions(blocks=document.blocks, language=document.language)
    assert [(d.ref, d.title, d.first) for d in found] == list_counted(lines=lines)[1]


@each
@in_each_format
def test_a_table_stays_with_its_article_row_by_row(segmented, name, form):
    lines, _, segments = segmented(name, form)
    rows = [x.text for x in lines if x.kind == "R"]
    said = [s.text for s in segments if rows and rows[0] in s.text]
    assert len(said) == (1 if rows else 0)
    assert all(row in said[0] for row in rows)
