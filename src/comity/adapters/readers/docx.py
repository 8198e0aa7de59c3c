"""Word documents (DOCX, ISO/IEC 29500): headings, paragraphs, lists with the numbers that Word shows, and tables.

Numbers that Word counts by itself stand nowhere in the text, so they are counted here as Word does, from the numbering of the
document. Text that was deleted under tracked changes, notes, headers and footers are left out. Nothing is fetched and no macro is run.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from comity.engines.alignment.texts import Block
from comity.errors import BrokenFile, EmptyFile, ExternalEntity, UnknownFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_HEADING = re.compile(r"^heading ?([1-9])$", re.IGNORECASE)
_LEFT_OUT = frozenset({f"{W}del", f"{W}moveFrom", f"{W}footnoteReference", f"{W}instrText", f"{W}txbxContent"})
_DEEPEST_LEVEL = 9
_BOUND = 100_000


def read_docx(*, data: bytes, shown: str, allowed: str) -> tuple[list[Block], str, str]:
    """Return the blocks, the title and the declared language of a Word document.

    Raises UnknownFormat for one with macros, ExternalEntity where a part declares entities, BrokenFile where it is damaged, and
    EmptyFile where it holds no text.
    """
    _demand_harmless(data=data, shown=shown, allowed=allowed)
    from docx import Document

    try:
        document: Any = Document(io.BytesIO(data))
        body = document.element.body
    except Exception:  # noqa: BLE001  (whatever the library stumbles over, the file is at fault)
        raise BrokenFile(file=shown, problem="its parts do not fit together") from None
    numbers = _Numbers(document)
    styles = {s.style_id: s for s in document.styles if s.type == 1}  # 1: of paragraphs
    blocks = [b for element in body for b in _blocks(element, styles, numbers)]
    if not blocks:
        raise EmptyFile(file=shown)
    title = (document.core_properties.title or "").strip()
    headings = [b.text for b in blocks if b.kind == "heading"]
    return blocks, title or (headings[0] if headings else ""), document.core_properties.language or ""


def _demand_harmless(*, data: bytes, shown: str, allowed: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if any(n.lower().endswith("vbaproject.bin") for n in names):
                raise UnknownFormat(file=shown, kind="a Word document with macros", allowed=allowed)
            for name in names:
                if name.endswith((".xml", ".rels")):
                    with archive.open(name) as part:
                        if re.search(rb"<!(?:DOCTYPE|ENTITY)", part.read(4096), re.IGNORECASE):
                            raise ExternalEntity(file=shown)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise BrokenFile(file=shown, problem="its archive is damaged or locked") from None


def _blocks(element: Any, styles: Any, numbers: _Numbers) -> Iterator[Block]:
    if element.tag == f"{W}p":
        yield from _paragraph(element, styles, numbers)
    elif element.tag == f"{W}tbl":
        for row in element.iter(f"{W}tr"):
            cells = [" ".join(_text(p) for p in cell.iter(f"{W}p")).strip() for cell in row.iter(f"{W}tc")]
            if any(cells):
                yield Block(text=" | ".join(" ".join(c.split()) for c in cells), kind="table")
    elif element.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"}:
        # A table of contents that Word made stands in such a box, and says so.
        if any(g.get(f"{W}val", "").startswith("Table of Contents") for g in element.iter(f"{W}docPartGallery")):
            return
        for child in element:
            yield from _blocks(child, styles, numbers)


def _paragraph(element: Any, styles: Any, numbers: _Numbers) -> Iterator[Block]:
    style = _style_of(element)
    held = styles.get(style)
    name = held.name if held is not None else style
    if name.lower().startswith("toc "):
        return
    said = " ".join(_text(element).split())
    number, is_list = numbers.next_for(element, held)
    if not said:
        return
    heading = _HEADING.match(name)
    text = f"{number} {said}".strip()
    if name == "Title":
        yield Block(text=text, kind="heading", level=1)
    elif heading is not None:
        yield Block(text=text, kind="heading", level=min(int(heading[1]), 6))
    else:
        yield Block(text=text, kind="item" if is_list else "paragraph")


def _style_of(element: Any) -> str:
    marks = element.find(f"{W}pPr")
    style = None if marks is None else marks.find(f"{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val", ""))


def _text(element: Any) -> str:
    found: list[str] = []
    waiting = [iter(element)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif child.tag in _LEFT_OUT:
            continue
        elif child.tag == f"{W}t":
            found.append(child.text or "")
        elif child.tag in {f"{W}tab", f"{W}br", f"{W}cr"}:
            found.append(" ")
        elif child.tag == f"{W}noBreakHyphen":
            found.append("-")
        else:
            waiting.append(iter(child))
    return "".join(found)


class _Numbers:
    """Counts the numbers of lists and headings as Word does: each list has a counter for each of nine levels."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.kinds: dict[str, str] = {}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        try:
            part = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        for kind in part.iter(f"{W}abstractNum"):
            rows = {}
            for level in kind.iter(f"{W}lvl"):
                text, form, start = (level.find(f"{W}{n}") for n in ("lvlText", "numFmt", "start"))
                rows[_whole(level.get(f"{W}ilvl"))] = (
                    "" if text is None else text.get(f"{W}val", ""),
                    "decimal" if form is None else form.get(f"{W}val", ""),
                    1 if start is None else _whole(start.get(f"{W}val")),
                )
            self.levels[kind.get(f"{W}abstractNumId", "")] = rows
        for num in part.iter(f"{W}num"):
            of = num.find(f"{W}abstractNumId")
            if of is not None:
                self.kinds[num.get(f"{W}numId", "")] = of.get(f"{W}val", "")

    def next_for(self, element: Any, style: Any) -> tuple[str, bool]:
        """Return the number that Word shows before a paragraph ("" for none), and whether it stands in a list."""
        found = _numbering_of(element) or (None if style is None else _numbering_of(style.element))
        if found is None or found[0] not in self.kinds:
            return "", False
        kind, level = self.kinds[found[0]], found[1]
        rows = self.levels.get(kind, {})
        if level not in rows:
            return "", True
        counts = self.counts[kind]
        counts[level] = counts.get(level, rows[level][2] - 1) + 1
        for deeper in range(level + 1, _DEEPEST_LEVEL):
            counts.pop(deeper, None)
        if rows[level][1] in {"bullet", "none"}:
            return "", True

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            _, form, start = rows.get(at, ("", "decimal", 1))
            return _written(counts.get(at, start), form)

        return _PLACE.sub(shown, rows[level][0]).strip(), True


def _numbering_of(element: Any) -> tuple[str, int] | None:
    marks = element.find(f"{W}pPr")
    held = None if marks is None else marks.find(f"{W}numPr")
    if held is None:
        return None
    number, level = held.find(f"{W}numId"), held.find(f"{W}ilvl")
    if number is None:
        return None
    return number.get(f"{W}val", ""), 0 if level is None else _whole(level.get(f"{W}val"))


def _whole(text: str | None) -> int:
    return min(int(text), _BOUND) if text is not None and text.isdigit() else 0


def _written(number: int, form: str) -> str:
    """Return a number as Word writes it in a form of numbering.

    >>> [_written(4, f) for f in ("decimal", "lowerLetter", "upperRoman", "decimalZero")]
    ['4', 'd', 'IV', '04']
    """
    if form in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 26 * 9 else str(number)
        return letter.upper() if form == "upperLetter" else letter
    if form in {"lowerRoman", "upperRoman"}:
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    return f"{number:02}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    if not 0 < number < 4000:  # noqa: PLR2004  (Roman numerals end there)
        return str(number)
    pairs = (
        *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
        *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
    )
    written = ""
    for value, letters in pairs:
        count, number = divmod(number, value)
        written += letters * count
    return written
