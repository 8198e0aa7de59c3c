"""Word documents: headings, tables, and the numbers that Word counts by itself."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from comity.adapters.readers import read_document
from comity.adapters.readers.docx import _written
from comity.engines.alignment.segmentation import segment_blocks
from comity.errors import BrokenFile, EmptyFile, ExpandsTooFar, ExternalEntity, UnknownFormat

LEVELS = """<w:abstractNum %s w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>
<w:lvlText w:val="Article %%1"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%%2)"/>
</w:lvl></w:abstractNum>"""


def numbered(paragraph, level):
    marks = paragraph._p.get_or_add_pPr()
    held = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", level), ("w:numId", 91)):
        mark = OxmlElement(name)
        mark.set(qn("w:val"), str(value))
        held.append(mark)
    marks.append(held)


def a_law():
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(LEVELS % nsdecls("w")))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))
    document.add_heading("Law on Artificial Intelligence", level=0)
    document.add_paragraph("Contents", style="Normal")
    document.add_heading("Chapter I General", level=1)
    for heading, points in (("Scope", ()), ("Duties", ("keep records;", "tell people."))):
        numbered(document.add_paragraph(heading), 0)
        document.add_paragraph(f"Providers shall mind {heading.lower()}:")
        for point in points:
            numbered(document.add_paragraph(point), 1)
    return document


def saved(document, tmp_path, name="law.docx"):
    path = tmp_path / name
    document.save(path)
    return path


def test_numbers_that_word_counts_are_read_as_a_reader_sees_them(tmp_path):
    document = read_document(path=saved(a_law(), tmp_path))
    assert (document.format, document.title) == ("docx", "Law on Artificial Intelligence")
    texts = [b.text for b in document.blocks]
    assert texts[-6:] == [
        "Article 1 Scope",
        "Providers shall mind scope:",
        "Article 2 Duties",
        "Providers shall mind duties:",
        "(a) keep records;",
        "(b) tell people.",
    ]
    assert [s.ref for s in segment_blocks(blocks=document.blocks, language="en")] == ["art_1", "art_2"]


def test_tables_are_rows_and_deleted_text_is_left_out(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("Systems shall be safe.")
    gone = parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>never</w:delText><w:t>never</w:t></w:r></w:del>")
    kept = parse_xml(f'<w:ins {nsdecls("w")}><w:r><w:t xml:space="preserve"> And sound.</w:t></w:r></w:ins>')
    paragraph._p.append(gone)
    paragraph._p.append(kept)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Risk", "Rule"
    blocks = read_document(path=saved(document, tmp_path)).blocks
    assert [(b.kind, b.text) for b in blocks] == [
        ("paragraph", "Systems shall be safe. And sound."),
        ("table", "Risk | Rule"),
    ]


@pytest.mark.parametrize("form, shown", [("upperLetter", "BB"), ("lowerRoman", "xxviii"), ("decimal", "28")])
def test_numbers_are_written_in_their_form(form, shown):
    assert _written(28, form) == shown


def changed(tmp_path, change):
    made = io.BytesIO()
    a_law().save(made)
    path = tmp_path / "law.docx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, change(item.filename, old.read(item.filename)))
        extra = change("", b"")
        if extra:
            new.writestr("word/vbaProject.bin", extra)
    return path


@pytest.mark.parametrize(
    "change, error",
    [
        (lambda name, data: b"macro" if not name else data, UnknownFormat),
        (
            lambda name, data: (
                data.replace(b"<w:document", b'<!DOCTYPE x [<!ENTITY a "b">]><w:document', 1)
                if name == "word/document.xml"
                else data
            ),
            ExternalEntity,
        ),
        (lambda name, data: data[: len(data) // 2] if name == "word/document.xml" else data, BrokenFile),
        (lambda name, data: b" " * 60_000_000 if name == "word/settings.xml" else data, ExpandsTooFar),
    ],
)
def test_a_word_document_that_will_not_do_is_refused(tmp_path, change, error):
    with pytest.raises(error):
        read_document(path=changed(tmp_path, change))


def test_a_truncated_or_empty_word_document_is_refused(tmp_path):
    path = saved(a_law(), tmp_path)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises((BrokenFile, UnknownFormat)):
        read_document(path=path)
    with pytest.raises(EmptyFile):
        read_document(path=saved(docx.Document(), tmp_path, "empty.docx"))
