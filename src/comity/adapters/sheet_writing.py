"""Write a spreadsheet that opens well and can be sent back: the same input always gives the same bytes.

The first sheet has a header that stays in place, a width for each column, and lists to choose from; the second tells how to fill it in. Numbers
are numbers and days are days. A text is always a text: none is taken for a formula, and columns of text are marked as such, so that
the program turns nothing that is typed there into a date. In Arabic the sheets run from right to left.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from comity.adapters import sheet_words as words
from comity.adapters.polis_cells import guard_text
from comity.adapters.sheet_columns import clean, fold, letter_of
from comity.adapters.sheet_files import MOST_ROWS
from comity.adapters.sheet_values import Wrong, read_value, write_number
from comity.adapters.tables import MARK
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.adapters.sheet_columns import Column

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIX = ".xlsx"
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The first moment that an archive can state; a file says nothing of when it was made, so that equal tables are equal files."""
_STATED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_NOT_IN_NAME = re.compile(r"[\\/*?:\[\]\x00-\x1f]")
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_WIDTHS = {"text": 36, "whole": 14, "decimal": 14, "day": 14, "choice": 28, "codes": 36}
_FORMATS = {"text": "@", "whole": "0", "decimal": "General", "day": "yyyy-mm-dd", "choice": "@", "codes": "@"}
_MOST_NAME = 31
_INK, _PAPER = "FF1F2937", "FFE5E7EB"


def write_sheet(
    *,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    language: str,
    title: str,
    notes: Sequence[str] = (),
) -> bytes:
    """Return a workbook (xlsx); ``rows`` hold values as ``sheet_columns.Row`` does, by the name of the column; one left out is empty.

    ``notes`` stand at the head of the second sheet. Raises BadParameter for a value that the column would not take back, and
    for more rows than are read.
    """
    from openpyxl import Workbook

    book: Any = Workbook()
    book.properties.creator = "Comity"
    book.properties.title = clean(title)
    book.properties.language = language
    sheet = book.active
    sheet.title = _name_of(title, language)
    _write_head(sheet, columns, language)
    for number, row in enumerate(rows, 2):
        if number > MOST_ROWS + 1:
            raise BadParameter(name="rows", found=f"more than {MOST_ROWS}", allowed=f"at most {MOST_ROWS}")
        for place, column in enumerate(columns, 1):
            value = cell_value(value=row.get(column.name), column=column, language=language, row=number)
            if value is not None:
                _write_cell(sheet.cell(number, place), value, _FORMATS[column.kind])
    how = book.create_sheet(_apart(book, words.say(words=words.HOW_TO_FILL, language=language)))
    _write_how(how, columns, language, notes)
    _write_lists(book, sheet, columns, language)
    for held in book.worksheets:
        held.sheet_view.rightToLeft = language == "ar"
    data = io.BytesIO()
    book.save(data)
    return _settle(data.getvalue())


def write_csv(*, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], language: str) -> str:
    """Return the same table as CSV: UTF-8 with its mark, commas, no text taken for a formula. Errors are those of write_sheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([c.title(language) for c in columns])
    for number, row in enumerate(rows, 2):
        if number > MOST_ROWS + 1:
            raise BadParameter(name="rows", found=f"more than {MOST_ROWS}", allowed=f"at most {MOST_ROWS}")
        cells = []
        for column in columns:
            value = cell_value(value=row.get(column.name), column=column, language=language, row=number)
            if column.kind == "decimal" and value is not None:
                value = write_number(Decimal(row[column.name]))
            cells.append(guard_text(value) if isinstance(value, str) and column.kind != "decimal" else value)
        writer.writerow([c.isoformat() if isinstance(c, dt.date) else c for c in cells])
    return MARK + text.getvalue()


def cell_value(*, value: Any, column: Column, language: str, row: int) -> Any:
    """Return a value as a cell holds it: choices by their titles, None for an empty cell. Raises BadParameter."""
    if value is None or (isinstance(value, (str, tuple, list)) and not value):
        return None
    titles = {c.code: c.title(language) for c in column.choices}
    cell = value
    if column.kind == "choice":
        cell = titles.get(value, value)
    elif column.kind == "codes":
        cell = "; ".join(titles.get(code, code) for code in value)
        value = tuple(value)
    elif column.kind == "decimal":
        cell, value = float(value), Decimal(value)
    elif column.kind == "text":
        cell = value = clean(value) if isinstance(value, str) else value
    try:
        taken = read_value(value=cell, column=column)
    except Wrong as wrong:
        name = f"{column.name} in row {row}"
        raise BadParameter(
            name=name, found=wrong.found, allowed=words.describe_column(column=column, language="en")
        ) from None
    if taken != value and not (column.kind == "text" and not value):
        allowed = words.describe_column(column=column, language="en")
        raise BadParameter(name=f"{column.name} in row {row}", found=str(value)[:60], allowed=allowed)
    return cell if cell != "" else None


def _write_cell(cell: Any, value: Any, form: str) -> None:
    if isinstance(value, str):
        cell.value = _LIKE_ESCAPE.sub("_x005F_", value)
        cell.data_type = "s"  # what begins with = would be taken for a formula, and #N/A for an error
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    else:
        cell.value = value
    cell.number_format = form


def _write_head(sheet: Any, columns: Sequence[Column], language: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for place, column in enumerate(columns, 1):
        cell = sheet.cell(1, place)
        _write_cell(cell, column.title(language) + (" *" if column.required else ""), "@")
        cell.font = Font(bold=True, color=_INK)
        cell.fill = PatternFill("solid", fgColor=_PAPER)
        cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=2 if language == "ar" else 1)
        held = sheet.column_dimensions[letter_of(place - 1)]
        held.width = max(_WIDTHS[column.kind], min(40, len(column.title(language)) + 4))
        held.number_format = _FORMATS[column.kind]
    sheet.freeze_panes = "A2"


def _write_how(sheet: Any, columns: Sequence[Column], language: str, notes: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font

    number = 1
    for note in notes:
        _write_cell(sheet.cell(number, 1), clean(note), "@")
        number += 1
    number += bool(notes)
    table = [[words.say(words=w, language=language) for w in (words.COLUMN, words.NEEDED, words.WHAT, words.MEANING)]]
    for column in columns:
        needed = words.say(words=words.YES if column.required else words.NO, language=language)
        meaning = column.meanings.get(language) or column.meanings.get("en", "")
        allowed = words.describe_column(column=column, language=language)
        table.append([column.title(language), needed, allowed, meaning])
    for place, row in enumerate(table):
        for at, said in enumerate(row, 1):
            cell = sheet.cell(number + place, at)
            _write_cell(cell, said, "@")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=place == 0 or at == 1)
    for letter, width in zip("ABCD", (30, 12, 50, 70), strict=True):
        sheet.column_dimensions[letter].width = width


def _write_lists(book: Any, sheet: Any, columns: Sequence[Column], language: str) -> None:
    """Give choices a list to choose from, and numbers and days their bounds."""
    from openpyxl.utils import quote_sheetname
    from openpyxl.worksheet.datavalidation import DataValidation

    lists: Any = None
    for place, column in enumerate(columns):
        letter = letter_of(place)
        rule = None
        if column.kind == "choice":
            if lists is None:
                lists = book.create_sheet(_apart(book, words.say(words=words.LISTS, language=language)))
                lists.sheet_state = "hidden"
            for number, choice in enumerate(column.choices, 1):
                _write_cell(lists[f"{letter}{number}"], choice.title(language), "@")
            reach = f"{quote_sheetname(lists.title)}!${letter}$1:${letter}${len(column.choices)}"
            rule = DataValidation(type="list", formula1=reach, allow_blank=not column.required)
        elif column.kind in {"whole", "decimal"}:
            least, most = _bound(column.least, -(10**15) + 1), _bound(column.most, 10**15 - 1)
            rule = DataValidation(type=column.kind, operator="between", formula1=least, formula2=most)
        elif column.kind == "day":
            least, most = _bound(column.least, dt.date(1954, 10, 3)), _bound(column.most, dt.date(2119, 1, 1))
            rule = DataValidation(type="date", operator="between", formula1=least, formula2=most)
        if rule is not None:
            rule.showErrorMessage = True
            rule.error = words.describe_column(column=column, language=language)[:250]
            rule.errorTitle = column.title(language)[:_MOST_NAME]
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")


def _bound(value: Any, otherwise: Any) -> str:
    held = otherwise if value is None else value
    return f"DATE({held.year},{held.month},{held.day})" if isinstance(held, dt.date) else str(held)


def _name_of(title: str, language: str) -> str:
    """Return a name that a sheet may have: no more than 31 characters, without those that addresses use."""
    name = _NOT_IN_NAME.sub(" ", clean(title)).strip("' ")[:_MOST_NAME].strip("' ")
    others = (words.HOW_TO_FILL, words.LISTS)
    taken = {fold(words.say(words=w, language=language)) for w in others} | {"history"}
    return f"{name[:28]} 1" if fold(name) in taken else name or "1"


def _apart(book: Any, name: str) -> str:
    return name if name not in book.sheetnames else f"{name} 2"


def _settle(data: bytes) -> bytes:
    """Return the archive without the moments at which it was made."""
    settled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as after:
        for name in sorted(before.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            part = before.read(name)
            if name == "docProps/core.xml":
                part = _STATED.sub(rb"\g<1>1980-01-01T00:00:00Z", part)
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            after.writestr(entry, part)
    return settled.getvalue()
