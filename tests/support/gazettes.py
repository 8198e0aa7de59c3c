"""Gazettes are invented laws as official gazettes print them, with what a careful reader counts in each, in several file formats.

A source has one line for each printed paragraph: a letter for its kind, the reader's name for the unit that begins there
in braces (two where an article and its first paragraph begin at once), and the text. ``<<...>>`` is the title of a unit where it stands in the line of its number; ``||`` is where the
words of the unit begin. Kinds: H running header, C contents, T title, P paragraph, D chapter, d its title, A article, h its
title, F footnote, R row of a table, N addenda, X annex, x its title, S signature.
"""

from __future__ import annotations

import html
import io
import re
from dataclasses import dataclass
from pathlib import Path

from support.careful_reader import Counted

FOLDER = Path(__file__).resolve().parent / "gazettes"
LANGUAGES = {path.stem: path.stem.partition("_")[0] for path in sorted(FOLDER.glob("*.txt"))}
_LINE = re.compile(r"([HCTPDdAhFRNXxS])(?:\{([^}]+)\})? (.*)")
_ROWS = 34
_WIDTH = 92


@dataclass(frozen=True)
class Line:
    """A printed paragraph; ``unit`` is the reader's name for what begins here, "" where nothing does."""

    kind: str
    unit: str
    text: str
    title: str
    words: str


def read_gazette(*, name):
    """Return the lines of a source."""
    lines = []
    for row in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        kind, unit, text = _LINE.fullmatch(row).groups()
        title = re.search(r"<<(.*?)>>", text)
        words = text.partition("||")[2] or (text if kind == "P" else "")
        lines.append(Line(kind, unit or "", re.sub(r"<<|>>|\|\|", "", text), title.group(1) if title else "", words))
    return lines


def list_counted(*, lines):
    """Return the reader's list of articles, paragraphs and annexes, and apart from it the list of chapters."""
    units, chapters = [], []
    for place, line in enumerate(lines):
        after = lines[place + 1 :]
        if line.kind == "D":
            title = line.title or next(x.text for x in after if x.kind == "d")
            chapters.append((line.unit, title, next(x.unit for x in after if x.kind == "A").split()[0]))
        elif line.unit and line.kind != "N":
            words = line.words or next(x.words for x in after if x.kind == "P")
            before = lines[place - 1]
            title = line.title
            if not title and not line.words and after and after[0].kind in "hx" and line.kind in "AX":
                title = after[0].text
            elif not title and before.kind == "h" and line.kind == "A":
                title = before.text.strip("（）")
            units += [Counted(ref, words, title) for ref in line.unit.split()]
    return units, chapters


def write_text(*, lines, wrap=True):
    """Return the gazette as a text of wrapped lines with form feeds, running headers, page numbers and footnotes."""
    header = next(x.text for x in lines if x.kind == "H")
    pages, page, notes = [], [], []

    def end_page():
        if page:
            foot = ["", "_" * 20, *notes] if notes else []
            pages.append("\n".join([header, "", *page, *foot, "", f"{len(pages) + 1}"]))
        page.clear()
        notes.clear()

    for line in lines:
        if line.kind == "H":
            continue
        if line.kind == "F":
            notes.append(line.text)
            continue
        rows = _wrap(text=line.text) if wrap else [line.text]
        if len(page) + len(rows) > _ROWS:
            end_page()
        page.extend([*([""] if line.kind in "TDAXN" else []), *rows])
    end_page()
    return "\f".join(pages)


def _wrap(*, text, width=_WIDTH):
    if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text):
        return [text[n : n + 40] for n in range(0, len(text), 40)]
    rows, row = [], ""
    for word in text.split():
        if row and len(row) + 1 + len(word) > width:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}".strip()
    return [*rows, row]


def write_html(*, lines, language):
    """Return the gazette as a page with navigation, headings, a table and footnotes."""
    tags = {"T": "h1", "D": "h2", "A": "h3", "X": "h2", "N": "h2", "d": "p", "h": "p", "x": "p"}
    parts, rows, notes = [], [], []
    for line in [*lines, Line("P", "", "", "", "")]:
        text = html.escape(line.text)
        if rows and line.kind != "R":
            parts.append(
                "<table>" + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in r)}</tr>" for r in rows) + "</table>"
            )
            rows = []
        if line.kind == "R":
            rows.append([html.escape(c) for c in line.text.split(" | ")])
        elif line.kind == "F":
            notes.append(f"<p>{text}</p>")
        elif line.kind == "C":
            parts.append(f'<nav><a href="#x">{text}</a></nav>')
        elif line.kind == "H":
            parts.append(f'<div class="header">{text}</div>')
        else:
            tag = tags.get(line.kind, "p") if not line.words or line.kind != "A" else "p"
            parts.append(f"<{tag}>{text}</{tag}>")
    direction = ' dir="rtl"' if language in {"ar", "he"} else ""
    foot = f'<div class="footnotes">{"".join(notes)}</div>' if notes else ""
    return f'<!DOCTYPE html><html lang="{language}"{direction}><body>{"".join(parts)}{foot}</body></html>'


def write_docx(*, lines):
    """Return the gazette as a Word document: headings by style, contents by their style, the header in the margin."""
    import docx
    from docx.enum.style import WD_STYLE_TYPE

    document = docx.Document()
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    styles = {"T": "Title", "D": "Heading 1", "A": "Heading 2", "X": "Heading 1", "N": "Heading 1", "C": "toc 1"}
    table = None
    for line in lines:
        if line.kind == "R":
            cells = line.text.split(" | ")
            table = table or document.add_table(rows=0, cols=len(cells))
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
            continue
        table = None
        if line.kind == "H":
            document.sections[0].header.paragraphs[0].text = line.text
        elif line.kind != "F":
            style = None if line.words and line.kind == "A" else styles.get(line.kind)
            document.add_paragraph(line.text, style=style)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
