"""Open a spreadsheet that came from outside: an Excel workbook (xlsx) or CSV in UTF-8, as grids of cells.

Nothing in it is trusted. A workbook is an archive of XML: its list, its size when unpacked and each of its parts are looked at before a
library opens it, macros and passwords are refused, links to other files are not followed, and formulas are not computed: what counts
is the value that the program kept beside each. CSV is read in UTF-8 alone, since no other encoding can be told from the next.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any

from comity.adapters.polis_cells import unguard_text
from comity.adapters.sheet_columns import MOST_COLUMNS, letter_of
from comity.adapters.sheet_values import ERRORS
from comity.errors import (
    BadRow,
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    ExpandsTooFar,
    ExternalEntity,
    FileTooLarge,
    UnknownFormat,
)

MB = 1_000_000
MOST_MEGABYTES = 10
MOST_EXPANDED = 50
MOST_PARTS = 1_000
MOST_RATIO = 500
MOST_ROWS = 10_000
LONGEST = MOST_ROWS + 100
WIDEST = MOST_COLUMNS + 1
READ_FORMATS = "Excel workbooks (xlsx) and CSV in UTF-8"
_LIST_BYTES = 1_000_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENCODINGS = frozenset({b"utf-8", b"us-ascii"})
DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: ``value`` as the file keeps it, or None; ``fault`` is error or formula where there is no value to take."""

    value: Any = None
    fault: str = ""


EMPTY = Cell()


@dataclass(slots=True)
class Grid:
    """One sheet: rows of cells from the first, at most LONGEST of them, each with at most WIDEST.

    ``merged`` are (first column, first row, last column, last row), from 0. ``hidden``: the sheet is not shown. ``beyond`` names
    the first cell outside those rows and columns that holds anything, "" for none.
    """

    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    from_1904: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    beyond: str = ""


def open_grids(*, name: str, content: bytes) -> list[Grid]:
    """Return the sheets of a file, in their order; CSV is one, once for each delimiter that it may have.

    Raises EmptyFile, FileTooLarge, ExpandsTooFar, ExternalEntity, EncryptedFile, BrokenFile, UnknownFormat, or BadRow for CSV whose
    quotation marks do not close.
    """
    if len(content) > MOST_MEGABYTES * MB:
        raise FileTooLarge(file=name, found=f"{len(content) / MB:.0f}", allowed=MOST_MEGABYTES)
    if not content.strip():
        raise EmptyFile(file=name)
    if content.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise EncryptedFile(file=name)
        raise UnknownFormat(
            file=name, kind="an Office file of the form before 2007 (such as .xls)", allowed=READ_FORMATS
        )
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _open_workbook(name, content)
    return _open_csv(name, content)


def _open_csv(name: str, content: bytes) -> list[Grid]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise UnknownFormat(
            file=name, kind="text in UTF-16, or no text at all", allowed='"CSV UTF-8", as Excel calls it'
        )
    if content.lstrip()[:1] == b"<":
        raise UnknownFormat(file=name, kind="HTML or XML", allowed=READ_FORMATS)
    if content.startswith(b"%PDF"):
        raise UnknownFormat(file=name, kind="a PDF", allowed=READ_FORMATS)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnknownFormat(
            file=name, kind="CSV in another encoding than UTF-8", allowed='"CSV UTF-8", as Excel calls it'
        ) from None
    said = re.match(r"sep=([,;\t])\r?\n", text)
    if said is not None:
        return [_read_csv(name, text[said.end() :], said[1])]
    grids: list[Grid] = []
    refusals: list[BadRow] = []
    for delimiter in DELIMITERS:
        try:
            grids.append(_read_csv(name, text, delimiter))
        except BadRow as refusal:
            refusals.append(refusal)
    if not grids:
        raise refusals[0]
    return grids


def _read_csv(name: str, text: str, delimiter: str) -> Grid:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[Cell]] = []
    beyond = ""
    try:
        for row in reader:
            if any(row[WIDEST:]) or (len(rows) >= LONGEST and any(row)):
                beyond = f"{letter_of(WIDEST) if any(row[WIDEST:]) else 'A'}{len(rows) + 1}"
                break
            if len(rows) < LONGEST:
                rows.append([_csv_cell(value) for value in row[:WIDEST]])
    except csv.Error as error:
        problem = f"{error}; check the quotation marks, or save the table again"
        raise BadRow(file=name, row=len(rows) + 1, problem=problem) from None
    return Grid(name="", rows=rows, beyond=beyond)


def _csv_cell(value: str) -> Cell:
    if not value:
        return EMPTY
    return Cell(value, fault="error") if value in ERRORS else Cell(unguard_text(value))


def _open_workbook(name: str, content: bytes) -> list[Grid]:
    parts = _demand_harmless(name, content)
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library drops (pictures, rules of validation) is not read anyway
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            try:
                return [_read_sheet(book, sheet, parts) for sheet in book.worksheets]
            finally:
                book.close()
    except Exception:  # noqa: BLE001  (whatever the library stumbles over, the file is at fault)
        raise BrokenFile(file=name, problem="its parts do not fit together") from None


def _demand_harmless(name: str, content: bytes) -> zipfile.ZipFile:
    """Return the archive when it is a workbook whose parts may be unpacked."""
    end = content.rfind(b"PK\x05\x06")
    if end >= 0 and int.from_bytes(content[end + 12 : end + 16], "little") > _LIST_BYTES:
        raise ExpandsTooFar(file=name, allowed=MOST_EXPANDED)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
        names = {e.filename for e in entries}
        if (
            sum(e.file_size for e in entries) > MOST_EXPANDED * MB
            or len(entries) > MOST_PARTS
            or any(e.file_size > MB and e.file_size > MOST_RATIO * e.compress_size for e in entries)
        ):
            raise ExpandsTooFar(file=name, allowed=MOST_EXPANDED)
        if any(e.flag_bits & 1 for e in entries):
            raise EncryptedFile(file=name)
        _demand_workbook(name, names, archive)
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                part = archive.read(entry)
                stated = re.match(rb"\xef?\xbb?\xbf?<\?xml[^>]{0,200}encoding=.([A-Za-z0-9._-]+)", part)
                if b"\0" in part or (stated is not None and stated[1].lower() not in _ENCODINGS):
                    raise BrokenFile(file=name, problem="a part of it is not in UTF-8, as a workbook's parts are")
                if re.search(rb"<!(?:DOCTYPE|ENTITY)", part, re.IGNORECASE):
                    raise ExternalEntity(file=name)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error):
        raise BrokenFile(file=name, problem="its archive is damaged or locked") from None
    return archive


def _demand_workbook(name: str, names: set[str], archive: zipfile.ZipFile) -> None:
    if len(names) < len(archive.infolist()):
        raise BrokenFile(file=name, problem="a part of it stands twice")
    if any(n.lower().endswith("vbaproject.bin") for n in names):
        raise UnknownFormat(file=name, kind="a workbook with macros", allowed=READ_FORMATS)
    if "xl/workbook.xml" in names and "[Content_Types].xml" in names:
        if b"macroEnabled" in archive.read("[Content_Types].xml"):
            raise UnknownFormat(file=name, kind="a workbook with macros", allowed=READ_FORMATS)
        return
    kind = "an archive (zip)"
    if "xl/workbook.bin" in names:
        kind = "a binary workbook (.xlsb)"
    elif "content.xml" in names:
        kind = "an OpenDocument file"
    elif any(n.startswith(("word/", "ppt/")) for n in names):
        kind = "an Office file that is no workbook"
    raise UnknownFormat(file=name, kind=kind, allowed=READ_FORMATS)


def _read_sheet(book: Any, sheet: Any, archive: zipfile.ZipFile) -> Grid:
    sheet.reset_dimensions()  # what a file says of its size is not believed
    seen = _look_at(archive, sheet._worksheet_path)  # noqa: SLF001  (the library does not say which formulas keep no value)
    rows: list[list[Cell]] = []
    found = sheet.iter_rows(max_row=LONGEST, max_col=WIDEST)
    for number, row in enumerate(found, 1):
        cells = [_cell(cell) for cell in row]
        for place in seen.bare.get(number, ()):
            if place < len(cells):
                cells[place] = Cell(fault="formula")
        while cells and cells[-1] == EMPTY:
            cells.pop()
        rows.append(cells)
    while rows and not rows[-1]:
        rows.pop()
    return Grid(
        name=str(sheet.title),
        rows=rows,
        hidden=sheet.sheet_state != "visible",
        from_1904=book.epoch.year == 1904,  # noqa: PLR2004  (the other year from which workbooks count)
        merged=seen.merged,
        beyond=seen.beyond,
    )


def _cell(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "e":
        return Cell(value=str(value), fault="error")
    if isinstance(value, str):
        value = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), value)
    return Cell(value) if value is not None and value != "" else EMPTY


@dataclass(slots=True)
class _Seen:
    """What the library does not tell: formulas that keep no value by row, what is merged, what lies beyond the limits."""

    bare: dict[int, list[int]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    beyond: str = ""


def _look_at(archive: zipfile.ZipFile, path: str) -> _Seen:
    from defusedxml.ElementTree import iterparse
    from openpyxl.utils import range_boundaries

    seen = _Seen()
    number = 0
    with archive.open(path.lstrip("/")) as part:
        for _, element in iterparse(part, forbid_dtd=True):
            tag = element.tag.rpartition("}")[2]
            if tag == "row":
                number = int(element.get("r", number + 1))
                _look_at_row(element, number, seen)
                element.clear()
            elif tag == "mergeCell":
                first, top, last, bottom = range_boundaries(element.get("ref"))
                seen.merged.append((first - 1, top - 1, last - 1, bottom - 1))
    return seen


def _look_at_row(row: Any, number: int, seen: _Seen) -> None:
    from openpyxl.utils.cell import coordinate_to_tuple

    place = -1
    for cell in row:
        place = coordinate_to_tuple(cell.get("r"))[1] - 1 if "r" in cell.attrib else place + 1
        parts = {child.tag.rpartition("}")[2]: child.text for child in cell}
        holds = bool(parts.get("v")) or "is" in parts
        # A formula whose value is the empty text keeps it as such; any other formula without a value was never computed.
        if "f" in parts and not holds and not ("v" in parts and cell.get("t") == "str"):
            seen.bare.setdefault(number, []).append(place)
            holds = True
        if holds and not seen.beyond and (place >= WIDEST or number > LONGEST):
            seen.beyond = f"{letter_of(place)}{number}"
