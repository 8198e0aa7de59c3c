"""Printing makes PDF of right-to-left gazettes in each of the ways in which makers of PDF store letters.

``seen``: letters from left to right as they stand on the page. ``forms``: the same, as the shapes that joined Arabic letters take.
``shaped``: glyphs set by HarfBuzz, with ligatures. ``read``: one letter after the other in reading order, each set at its place.
``turned``: printed by a maker that knows nothing of direction, so that the page itself is wrong.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from pathlib import Path

WAYS = ("seen", "forms", "shaped", "read", "turned")
WIDTH, RIGHT, TOP, STEP, ROWS = 150.0, 190.0, 20.0, 7.0, 34
SIZE = 11


def font_path(*, bold=False):
    """Return the file of DejaVu Sans, which has Hebrew and Arabic, from the package that ships it."""
    spec = importlib.util.find_spec("matplotlib")
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / name


def print_gazette(*, lines, way):
    """Return a gazette as PDF, wrapped, with a running header and a page number on each page."""
    header = next(x.text for x in lines if x.kind == "H")
    body = [(x.text, x.kind) for x in lines if x.kind not in "HF"]
    return print_lines(texts=body, way=way, header=header)


def print_lines(*, texts, way, header=""):
    """Return a PDF of paragraphs, each (text, kind); a title, chapter, article or annex gets some room above it."""
    import fpdf

    document = fpdf.FPDF()
    document.set_auto_page_break(False)
    document.add_font("DejaVu", fname=font_path())
    document.set_font("DejaVu", size=SIZE)
    document.set_text_shaping(way == "shaped")
    row, page = ROWS, 0
    for text, kind in texts:
        row += 1 if kind in "TDAX" else 0
        for part in _wrap(document=document, text=text):
            if row >= ROWS:
                if page:
                    _print(document=document, text=str(page), y=TOP + (ROWS + 1) * STEP, way=way)
                document.add_page()
                page, row = page + 1, 2 if header else 0
                if header:
                    _print(document=document, text=header, y=TOP, way=way)
            _print(document=document, text=part, y=TOP + row * STEP, way=way)
            row += 1
    _print(document=document, text=str(page), y=TOP + (ROWS + 1) * STEP, way=way)
    return bytes(document.output())


def _wrap(*, document, text):
    rows, row = [], ""
    for word in text.split():
        longer = f"{row} {word}".strip()
        if row and document.get_string_width(longer) > WIDTH:
            rows.append(row)
            row = word
        else:
            row = longer
    return [*rows, row]


def _print(*, document, text, y, way):
    from bidi import get_display

    if way == "shaped":
        document.set_xy(RIGHT - WIDTH - 10, y - STEP)
        document.cell(w=WIDTH + 10, h=STEP, text=text, align="R")
        return
    shown = {
        "seen": get_display(text, base_dir="R"),
        "forms": get_display(_shape(text), base_dir="R"),
        "turned": text,
    }.get(way)
    if shown is not None:
        document.text(RIGHT - document.get_string_width(shown), y, shown)
        return
    _print_as_read(document=document, text=text, y=y)


def _shape(text):
    from arabic_reshaper import ArabicReshaper

    return ArabicReshaper({"delete_harakat": False}).reshape(text)


def _print_as_read(*, document, text, y):
    """Set each letter at the place where the eye finds it, in the order in which it is read."""
    from bidi import get_display

    shown = get_display(text, base_dir="R")
    x = RIGHT - document.get_string_width(shown)
    places = []
    for letter in shown:
        places.append((letter, x))
        x += document.get_string_width(letter)
    mirrored = {ord(a): b for a, b in zip("()[]«»", ")(][»«", strict=True)}
    left = list(places)
    for letter in text:
        found = next((p for p in reversed(left) if p[0] == letter), None) or next(
            p for p in reversed(left) if p[0] == letter.translate(mirrored)
        )
        left.remove(found)
        if not unicodedata.category(letter).startswith("Z"):
            document.text(found[1], y, found[0])
