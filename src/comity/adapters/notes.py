"""A note to take away, as blocks that a page and a word processor's file show alike, and its writer as DOCX (ISO/IEC 29500).

Right-to-left languages: every paragraph and run says its direction (w:bidi, w:rtl), since word processors guess it wrong.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt

RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a part (level 1) or of a part of it (level 2)."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph in the note's own words; ``is_small`` for what limits or explains."""

    text: str
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """The exact text of a provision in its ``language`` (BCP 47), what it is above it, and its full citation under it."""

    title: str
    text: str
    language: str
    source: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; every row has as many cells as the header."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Words | Quote | Table
"""One part of a note."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note: ``language`` of its own words, the day it was made (UTC), and its blocks in order."""

    title: str
    subtitle: str
    language: str
    made_on: dt.date
    blocks: tuple[Block, ...]


def is_right_to_left(language: str, /) -> bool:
    """Tell whether a language is written from right to left.

    >>> is_right_to_left("ar-EG"), is_right_to_left("en")
    (True, False)
    """
    return language.partition("-")[0].lower() in RIGHT_TO_LEFT


def write_docx(*, note: Note, base: str = "") -> bytes:
    """Return a note as a DOCX file: A4, headings that a word processor lists, tables whose first row is repeated.

    ``base`` is put before the addresses of quotes, such as https://comity.example.org.
    """
    from docx import Document
    from docx.shared import Cm, Pt

    document: Any = Document()
    (section,) = document.sections
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    document.styles["Normal"].font.size = Pt(11)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = _plain(note.title), "Comity", ""
    properties.language = note.language
    _put(document.add_heading(level=0), note.title, note.language)
    _put(document.add_paragraph(style="Subtitle"), note.subtitle, note.language)
    for block in note.blocks:
        _write_block(document, block, note.language, base)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _write_block(document: Any, block: Block, language: str, base: str) -> None:
    if isinstance(block, Heading):
        _put(document.add_heading(level=block.level), block.text, language)
    elif isinstance(block, Words):
        _put(document.add_paragraph(), block.text, language, points=9 if block.is_small else 0)
    elif isinstance(block, Quote):
        title = document.add_paragraph()
        title.paragraph_format.keep_with_next = True
        _put(title, block.title, language, is_bold=True)
        text = document.add_paragraph(style="Quote")
        text.paragraph_format.keep_with_next = True
        _put(text, block.text, block.language)
        source = f"{block.source} {base}{block.address}".strip()
        _put(document.add_paragraph(), source, language, points=9)
    else:
        _write_table(document, block, language)


def _write_table(document: Any, block: Table, language: str) -> None:
    from docx.oxml import OxmlElement

    caption = document.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    _put(caption, block.caption, language, is_bold=True)
    table = document.add_table(rows=1, cols=len(block.header), style="Table Grid")
    if is_right_to_left(language):
        table._tbl.tblPr.append(OxmlElement("w:bidiVisual"))  # noqa: SLF001  (python-docx has no other way)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  (as above)
    for row, cells in enumerate((block.header, *block.rows)):
        held = table.rows[0].cells if row == 0 else table.add_row().cells
        for cell, text in zip(held, cells, strict=True):
            _put(cell.paragraphs[0], text, language, is_bold=row == 0)
    document.add_paragraph()


def _put(paragraph: Any, text: str, language: str, *, is_bold: bool = False, points: int = 0) -> None:
    """Add a run of text in a language, with its direction. Complex scripts have a weight and a size of their own."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(_plain(text))
    if is_bold:
        run.font.bold = run.font.cs_bold = True
    if points:
        run.font.size = Pt(points)
    marks = run._r.get_or_add_rPr()  # noqa: SLF001  (python-docx has no other way)
    spoken = OxmlElement("w:lang")
    if is_right_to_left(language):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001  (as above)
        if points:
            size = OxmlElement("w:szCs")
            size.set(qn("w:val"), str(2 * points))
            marks.append(size)
        marks.append(OxmlElement("w:rtl"))
        spoken.set(qn("w:bidi"), language)
    else:
        spoken.set(qn("w:eastAsia" if language[:2] in {"zh", "ja", "ko"} else "w:val"), language)
    marks.append(spoken)


def _plain(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
