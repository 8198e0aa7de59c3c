"""Spreadsheets that people fill in: each cell that will not do is named as the program names it, and nothing is taken half-done."""

from __future__ import annotations

import datetime as dt
import doctest
import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.adapters import sheet_columns, sheet_files, sheet_values, sheet_words
from comity.adapters.sheet_columns import KINDS, LANGUAGES, CellProblem, Choice, Column, clean, fold
from comity.adapters.sheet_values import ERRORS, Wrong, read_value
from comity.adapters.sheet_words import PROBLEMS, describe_column, tell_problem
from comity.adapters.sheet_writing import write_csv, write_sheet
from comity.adapters.sheets import read_sheet
from comity.errors import (
    BadParameter,
    BadRow,
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    ExpandsTooFar,
    ExternalEntity,
    FileTooLarge,
    UnknownFormat,
)

COLUMNS = (
    Column("title", {"en": "Title", "fr": "Intitulé", "ar": "العنوان"}, required=True, longest=40),
    Column(
        "units", {"en": "Number of units", "fr": "Nombre d’unités", "ar": "عدد الوحدات"}, "decimal", least=0, most=10**9
    ),
    Column("seats", {"en": "Seats", "fr": "Places"}, "whole", least=1),
    Column("by_day", {"en": "Needed by", "fr": "Échéance"}, "day", least=dt.date(2020, 1, 1)),
    Column(
        "resource",
        {"en": "Resource", "fr": "Ressource"},
        "choice",
        choices=(
            Choice("compute", {"en": "Compute, GPU-hours", "fr": "Calcul, heures de GPU"}),
            Choice("experts", {"en": "Experts", "fr": "Experts"}),
        ),
    ),
    Column(
        "languages",
        {"en": "Languages"},
        "codes",
        choices=(Choice("en", {"en": "English"}), Choice("fr", {"en": "French"})),
    ),
)
HEADER = ["Title", "Number of units", "Seats", "Needed by", "Resource", "Languages"]
NOTHING = {"units": None, "seats": None, "by_day": None, "resource": None, "languages": ()}


def book_of(*rows, sheets=(), change=None) -> bytes:
    """A workbook that openpyxl made, with these rows in its first sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Needs"
    for row in rows:
        sheet.append(list(row))
    for name in sheets:
        book.create_sheet(name)
    if change is not None:
        change(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def read(content: bytes, columns=COLUMNS, **more):
    return read_sheet(name="needs.xlsx", content=content, columns=columns, **more)


def values_of(sheet) -> list[dict]:
    assert sheet.problems == ()
    return [dict(row.values) for row in sheet.rows]


def one(column: str, value, **columns) -> object:
    """What is read from one cell of a workbook, or its problem."""
    held = {"title": "A", column: value}
    sheet = read(book_of(HEADER, [held.get(c.name) for c in COLUMNS]))
    if sheet.problems:
        (problem,) = sheet.problems
        return (problem.cell, problem.kind)
    return sheet.rows[0].values[column]


def changed(content: bytes, part: str, before: bytes, after: bytes) -> bytes:
    """The archive with one of its parts changed."""
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            held = old.read(name)
            if name == part:
                assert before in held
                held = held.replace(before, after)
            new.writestr(name, held)
    return data.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


# What is read.


def test_a_row_is_read_with_its_kinds():
    row = ["  Hours\u00a0for research ", 12.5, 3, dt.date(2026, 3, 31), "Experts", "English; French"]
    sheet = read(book_of(HEADER, row))
    assert values_of(sheet) == [
        {
            "title": "Hours for research",
            "units": Decimal("12.5"),
            "seats": 3,
            "by_day": dt.date(2026, 3, 31),
            "resource": "experts",
            "languages": ("en", "fr"),
        }
    ]
    assert (sheet.name, sheet.rows[0].number, sheet.cell(row=sheet.rows[0], column="units")) == ("Needs", 2, "B2")


def test_columns_may_stand_in_any_order_and_language_and_above_them_anything():
    sheet = read(
        book_of(["Ministry of something"], [], ["Échéance", " INTITULÉ * ", "عدد الوحدات"], ["2026-01-02", "A", 1])
    )
    assert values_of(sheet) == [NOTHING | {"title": "A", "units": Decimal(1), "by_day": dt.date(2026, 1, 2)}]


def test_empty_rows_are_passed_over_and_numbers_stay_those_of_the_sheet():
    sheet = read(book_of(HEADER, [], ["A"], [" ", "\u00a0"], ["B"]))
    assert [(row.number, row.values["title"]) for row in sheet.rows] == [(3, "A"), (5, "B")]


def test_a_header_alone_is_a_table_of_no_rows():
    assert (read(book_of(HEADER)).rows, read(book_of(HEADER)).problems) == ((), ())


@pytest.mark.parametrize(
    "column, value, found",
    [
        ("title", 12, "12"),
        ("title", 1.5, "1.5"),
        ("title", dt.date(2026, 1, 2), "2026-01-02"),
        ("title", "two\r\nlines", "two\nlines"),
        ("units", "12.5", Decimal("12.5")),
        ("units", "12,5", Decimal("12.5")),
        ("units", "1 250 000", Decimal(1_250_000)),
        ("units", "1\u202f250,75", Decimal("1250.75")),
        ("units", "1.234.567,5", Decimal("1234567.5")),
        ("units", "1,234,567.5", Decimal("1234567.5")),
        ("units", "1’250’000", Decimal(1_250_000)),
        ("units", "0,125", Decimal("0.125")),
        ("units", "١٢٫٥", Decimal("12.5")),
        ("units", "۱۲۵", Decimal(125)),
        ("units", 0.1, Decimal("0.1")),
        ("units", 0.1 + 0.2, Decimal("0.3")),
        ("seats", 3.0, 3),
        ("seats", "1250", 1250),
        ("seats", "٣", 3),
        ("by_day", dt.datetime(2026, 3, 31), dt.date(2026, 3, 31)),  # noqa: DTZ001  (as a workbook keeps days)
        ("by_day", 46112, dt.date(2026, 3, 31)),
        ("by_day", "2026-03-31", dt.date(2026, 3, 31)),
        ("by_day", "2026/3/31", dt.date(2026, 3, 31)),
        ("by_day", "31.03.2026", dt.date(2026, 3, 31)),
        ("by_day", "31/03/2026", dt.date(2026, 3, 31)),
        ("by_day", "3/31/2026", dt.date(2026, 3, 31)),
        ("by_day", "03/03/2026", dt.date(2026, 3, 3)),
        ("by_day", "2026年3月31日", dt.date(2026, 3, 31)),
        ("by_day", "٢٠٢٦-٠٣-٣١", dt.date(2026, 3, 31)),
        ("resource", "compute", "compute"),
        ("resource", "calcul,  HEURES de GPU", "compute"),
        ("languages", "fr", ("fr",)),
        ("languages", "French, english", ("fr", "en")),
        ("languages", "en；fr；en", ("en", "fr")),
        ("languages", "English\nFrench", ("en", "fr")),
    ],
)
def test_a_cell_is_read_as_its_column_asks(column, value, found):
    assert one(column, value) == found


@pytest.mark.parametrize(
    "column, value, cell, kind",
    [
        ("title", "x" * 41, "A2", "too-long"),
        ("title", True, "A2", "truth"),
        ("units", "many", "B2", "no-number"),
        ("units", "1,250", "B2", "two-readings"),
        ("units", "1.250", "B2", "two-readings"),
        ("units", "1,2,3", "B2", "no-number"),
        ("units", "1,234,56", "B2", "no-number"),
        ("units", "12 5", "B2", "no-number"),
        ("units", "50%", "B2", "no-number"),
        ("units", "1e3", "B2", "no-number"),
        ("units", "NaN", "B2", "no-number"),
        ("units", dt.date(2026, 1, 1), "B2", "no-number"),
        ("units", "0.1234567890123456", "B2", "too-many-digits"),
        ("units", "123456789.123456789", "B2", "too-many-digits"),
        ("units", -1, "B2", "too-small"),
        ("units", 10**10, "B2", "too-large"),
        ("units", False, "B2", "truth"),
        ("units", "#N/A", "B2", "error-value"),
        ("seats", 1.5, "C2", "no-whole"),
        ("seats", "some", "C2", "no-whole"),
        ("seats", 0, "C2", "too-small"),
        ("seats", 10**15, "C2", "too-many-digits"),
        ("by_day", "04/05/2026", "D2", "two-days"),
        ("by_day", "31 March", "D2", "no-day"),
        ("by_day", "2026-02-30", "D2", "no-day"),
        ("by_day", "31/02/2026", "D2", "no-day"),
        ("by_day", 12, "D2", "no-day"),
        ("by_day", 46112.5, "D2", "no-day"),
        ("by_day", dt.datetime(2026, 3, 31, 9), "D2", "no-day"),  # noqa: DTZ001  (as a workbook keeps days)
        ("by_day", dt.time(9), "D2", "no-day"),
        ("by_day", "2019-12-31", "D2", "too-small"),
        ("resource", "money", "E2", "no-choice"),
        ("resource", 5, "E2", "no-choice"),
        ("languages", "English; Latin", "F2", "no-choice"),
        ("languages", "#REF!", "F2", "error-value"),
    ],
)
def test_a_cell_that_will_not_do_is_named(column, value, cell, kind):
    assert one(column, value) == (cell, kind)


def test_an_empty_cell_that_is_required_is_named():
    (problem,) = read(book_of(HEADER, [None, 1])).problems
    assert (problem.cell, problem.kind) == ("A2", "empty")


def test_what_has_two_readings_says_both():
    (problem,) = read(book_of(HEADER, ["A", "1,250", None, "04/05/2026"])).problems[:1]
    assert (problem.found, problem.allowed) == ("1,250", "1250, 1.25")
    (other,) = read(book_of(HEADER, ["A", None, None, "04/05/2026"])).problems
    assert other.allowed == "2026-04-05, 2026-05-04"


def test_both_readings_that_a_problem_offers_are_read():
    for said in ("1,250", "1.125", "999.999"):
        with pytest.raises(Wrong) as wrong:
            read_value(value=said, column=COLUMNS[1])
        first, second = wrong.value.allowed.split(", ")
        assert read_value(value=first, column=COLUMNS[1]) == Decimal(said.replace(",", "").replace(".", ""))
        assert read_value(value=second, column=COLUMNS[1]) == Decimal(said.replace(",", "."))


def test_days_of_a_workbook_that_counts_from_1904_are_the_same_days():
    def change(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    content = book_of(HEADER, ["A", None, None, dt.date(2026, 3, 31)], ["B", None, None, 44650], change=change)
    assert [row.values["by_day"] for row in read(content).rows] == [dt.date(2026, 3, 31)] * 2


def test_all_problems_are_counted_and_a_hundred_are_told_and_no_row_is_taken():
    sheet = read(book_of(HEADER, ["good", 1], *([None, "x"] for _ in range(120))))
    assert (sheet.rows, len(sheet.problems), sheet.found) == ((), 100, 240)
    assert sheet.problems[:2] == (
        CellProblem("A3", "title", "empty"),
        CellProblem("B3", "units", "no-number", "x"),
    )


# Formulas, merged cells, sheets.


def test_the_value_that_a_formula_keeps_is_taken():
    content = book_of(HEADER, ["A", "=1+1"])
    content = changed(content, SHEET, kept(content), b"<f>1+1</f><v>2</v>")
    assert read(content).rows[0].values["units"] == Decimal(2)


def part(content: bytes, name: str = SHEET) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def kept(content: bytes) -> bytes:
    """A formula and the value that it does not keep, as openpyxl writes them."""
    return b"<f>1+1</f><v></v>" if b"<v></v>" in part(content) else b"<f>1+1</f><v/>"


def test_a_formula_that_was_never_computed_is_named():
    sheet = read(book_of(HEADER, ["A", "=1+1"], ["=CONCAT(A2)"]))
    assert [(p.cell, p.kind) for p in sheet.problems] == [("B2", "formula"), ("A3", "formula")]


def test_a_formula_whose_value_is_the_empty_text_is_an_empty_cell():
    content = book_of(HEADER, ["A", "=1+1"])
    before = kept(content)
    content = changed(content, SHEET, b'r="B2"', b'r="B2" t="str"')
    assert read(changed(content, SHEET, before, b"<f>1+1</f><v></v>")).rows[0].values["units"] is None


@pytest.mark.parametrize("reach, named", [("A2:A3", "A2"), ("B2:C2", "B2"), ("A1:B1", "A1")])
def test_merged_cells_are_named(reach, named):
    content = book_of(HEADER, ["A", 1], ["B", 2], change=lambda book: book.active.merge_cells(reach))
    found = {(p.cell, p.kind, p.found) for p in read(content).problems}
    assert (named, "merged", reach) in found


def test_merged_cells_above_the_header_or_beside_it_do_no_harm():
    content = book_of(["Form of the ministry"], HEADER, ["A"], change=lambda book: book.active.merge_cells("A1:F1"))
    assert [row.values["title"] for row in read(content).rows] == ["A"]


def test_a_table_on_a_hidden_sheet_is_not_read_but_named():
    def change(book):
        book.active.sheet_state = "hidden"

    (problem,) = read(book_of(HEADER, ["A"], sheets=("Shown",), change=change)).problems
    assert (problem.kind, problem.found) == ("hidden-sheet", "Needs")


def test_a_hidden_copy_beside_the_table_does_no_harm():
    def change(book):
        copy = book.copy_worksheet(book.active)
        copy.sheet_state = "hidden"

    assert [row.values["title"] for row in read(book_of(HEADER, ["A"], change=change)).rows] == ["A"]


def test_two_tables_are_not_chosen_between():
    content = book_of(HEADER, ["A"], change=lambda book: book.copy_worksheet(book.active))
    (problem,) = read(content).problems
    assert (problem.kind, problem.found) == ("two-sheets", "Needs, Needs Copy")


def test_the_table_is_found_on_a_later_sheet():
    content = book_of(["Notes"], change=lambda book: book.create_sheet("Data").append(HEADER))
    sheet = read(content)
    assert (sheet.name, sheet.problems) == ("Data", ())


# The header.


def test_what_is_wrong_with_a_header_is_named():
    sheet = read(book_of(["Number of units", "Place", "units", "Titel"], [1, 2, 3, 4]))
    assert [(p.cell, p.kind, p.column) for p in sheet.problems] == [
        ("B1", "unknown-column", "Place"),
        ("C1", "column-twice", "units"),
        ("D1", "unknown-column", "Titel"),
        ("", "missing-column", "title"),
    ] + [(f"{letter}2", "no-title-above", "") for letter in "B"]


def test_a_value_under_no_title_is_named():
    (problem,) = read(book_of(["Title", None, "Seats"], ["A", "lost", 1])).problems
    assert (problem.cell, problem.kind, problem.found) == ("B2", "no-title-above", "lost")


def test_no_header_names_the_titles():
    (problem,) = read(book_of(["a", "b"], [1, 2])).problems
    assert (problem.kind, problem.allowed) == ("no-header", ", ".join(HEADER))


def test_an_empty_workbook_has_no_header():
    assert [p.kind for p in read(book_of()).problems] == ["no-header"]


# Limits.


def test_more_rows_than_are_read_are_refused():
    sheet = read(book_of(HEADER, ["A"], ["B"], ["C"]), most_rows=2)
    assert [(p.cell, p.kind, p.allowed) for p in sheet.problems] == [("A4", "too-many-rows", "2")]


@pytest.mark.parametrize("cell", ["A1048576", "XFD2", "A10200"])
def test_what_lies_beyond_the_limits_is_named_and_costs_nothing(cell):
    def change(book):
        book.active[cell] = "far"

    sheet = read(book_of(HEADER, ["A"], change=change))
    assert (cell, "beyond") in [(p.cell, p.kind) for p in sheet.problems]


def test_a_style_far_away_is_no_value():
    def change(book):
        book.active["A20000"].number_format = "0.00"

    assert [row.values["title"] for row in read(book_of(HEADER, ["A"], change=change)).rows] == ["A"]


def test_too_long_a_csv_is_named():
    lines = "\n".join(["Title", *(f"row {n}" for n in range(10_200))])
    assert [p.kind for p in read(lines.encode()).problems] == ["too-many-rows", "beyond"]


# CSV.


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_with_any_delimiter(delimiter, mark, end):
    text = mark + end.join(
        [delimiter.join(["Title", "Seats", "Resource"]), delimiter.join(['"A, ""b""; c"', "3", "Experts"])]
    )
    assert values_of(read(text.encode())) == [NOTHING | {"title": 'A, "b"; c', "seats": 3, "resource": "experts"}]


def test_the_line_by_which_excel_is_told_the_delimiter_is_followed():
    assert values_of(read(b"sep=;\r\nTitle;Seats\r\nA;3\r\n")) == [NOTHING | {"title": "A", "seats": 3}]


def test_cells_of_csv_are_named_by_rows_of_the_table_and_not_by_lines():
    sheet = read(b'Title,Seats\n"two\nlines",1\nB,x\n')
    assert [(p.cell, p.kind) for p in sheet.problems] == [("B3", "no-whole")]


def test_an_error_that_a_program_wrote_into_csv_is_named():
    assert [(p.cell, p.kind) for p in read(b"Title,Seats\n#REF!,1\n").problems] == [("A2", "error-value")]


def test_a_guarded_formula_in_csv_is_the_text_it_was():
    assert read(b"Title\n'=1+1\n").rows[0].values["title"] == "=1+1"


@pytest.mark.parametrize("encoding", ["cp1256", "cp1251", "gb18030", "utf-16", "utf-16-le"])
def test_another_encoding_is_not_guessed(encoding):
    words = {"cp1256": "عنوان", "cp1251": "Заголовок", "gb18030": "标题"}.get(encoding, "Title")
    with pytest.raises(UnknownFormat, match="CSV UTF-8"):
        read(f"Title\n{words}\n".encode(encoding))


def test_quotation_marks_that_do_not_close_are_named():
    with pytest.raises(BadRow, match="quotation marks"):
        read(b'Title\n"A\n')


# Files that will not do.


@pytest.mark.parametrize("content", [b"", b"  \n "])
def test_an_empty_file_is_refused(content):
    with pytest.raises(EmptyFile):
        read(content)


def test_a_file_over_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(sheet_files, "MOST_MEGABYTES", 0)
    with pytest.raises(FileTooLarge):
        read(b"Title\nA\n")


@pytest.mark.parametrize(
    "content, kind",
    [
        (b"<html><table>", "HTML or XML"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "before 2007"),
    ],
)
def test_a_file_of_another_kind_is_named(content, kind):
    with pytest.raises(UnknownFormat, match=kind):
        read(content)


def test_a_workbook_with_a_password_is_refused():
    with pytest.raises(EncryptedFile):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))


def archive(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in parts.items():
            found.writestr(name.replace("__", "/"), content)
    return data.getvalue()


@pytest.mark.parametrize(
    "parts, kind",
    [
        ({"a.txt": b"x"}, "an archive"),
        ({"content.xml": b"<a/>"}, "OpenDocument"),
        ({"xl/workbook.bin": b"x"}, "binary workbook"),
        ({"word/document.xml": b"<a/>"}, "no workbook"),
        ({"xl/workbook.xml": b"<a/>", "[Content_Types].xml": b"<a/>", "xl/vbaProject.bin": b"x"}, "with macros"),
        ({"xl/workbook.xml": b"<a/>", "[Content_Types].xml": b"<a b='sheet.macroEnabled.main+xml'/>"}, "with macros"),
    ],
)
def test_an_archive_of_another_kind_is_named(parts, kind):
    with pytest.raises(UnknownFormat, match=kind):
        read(archive(**parts))


def test_a_workbook_that_unpacks_too_far_is_refused_before_it_is_opened():
    bomb = archive(**{"xl/workbook.xml": b"<a/>", "[Content_Types].xml": b"<a/>", SHEET: b"0" * 60_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(ExpandsTooFar):
        read(bomb)


def test_a_part_that_is_packed_beyond_belief_is_refused():
    with pytest.raises(ExpandsTooFar):
        read(archive(**{"xl/workbook.xml": b"<a/>", "[Content_Types].xml": b"<a/>", SHEET: b" " * 20_000_000}))


def test_an_archive_of_countless_parts_is_refused():
    with pytest.raises(ExpandsTooFar):
        read(archive(**{f"p{n}": b"" for n in range(1001)}))


def test_a_size_that_the_archive_lies_about_is_not_believed():
    content = bytearray(book_of(HEADER, ["A"] * 1))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10**9).to_bytes(4, "little")
    with pytest.raises((ExpandsTooFar, BrokenFile)):
        read(bytes(content))


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml"])
@pytest.mark.parametrize("filler", [b"", b" " * 10_000])
def test_entities_are_refused_in_every_part(name, filler):
    content = book_of(HEADER, ["A"])
    start = part(content, name)[:10]
    entity = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    prolog = b"<?xml version='1.0'?>" + filler if not start.startswith(b"<?xml") else b""
    with pytest.raises(ExternalEntity):
        read(changed(content, name, start, prolog + entity + start))


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-7"])
def test_entities_behind_another_encoding_are_refused(encoding, name, start):
    content = book_of(HEADER, ["A"])
    held = part(content, name)
    text = f"<!DOCTYPE a>{held.decode()}".encode(encoding)
    stated = b"" if encoding == "utf-16" else start + b'<?xml version="1.0" encoding="UTF-7"?>'
    with pytest.raises(BrokenFile, match="not in UTF-8"):
        read(changed(content, name, held, stated + text))


def test_a_workbook_that_is_cut_short_is_broken():
    content = book_of(HEADER, ["A"])
    for length in (30, len(content) // 2, len(content) - 10):
        with pytest.raises(BrokenFile):
            read(content[:length])


@pytest.mark.parametrize(
    "before, after",
    [(b"<sheetData>", b"<sheetDat>"), (b'r="A1"', b'r="!"'), (b'r="1"', b'r="one"')],
)
def test_a_sheet_that_makes_no_sense_is_broken(before, after):
    with pytest.raises(BrokenFile):
        read(changed(book_of(HEADER, ["A"]), SHEET, before, after))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    for content in (data, b"PK\x03\x04" + data, b"Title,Seats\n" + data):
        try:
            read(content)
        except (BadRow, BrokenFile, EmptyFile, EncryptedFile, ExpandsTooFar, UnknownFormat):
            continue


WHOLE = book_of(HEADER, ["A", 12.5, 3, dt.date(2026, 3, 31), "Experts", "English"], ["B", "=1+1"])
REFUSALS = (BrokenFile, EncryptedFile, ExpandsTooFar, ExternalEntity, UnknownFormat)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=4))
@settings(max_examples=150)
def test_an_archive_with_altered_bytes_is_read_or_refused(changes):
    content = bytearray(WHOLE)
    for place, value in changes:
        content[place] = value
    try:
        read(bytes(content))
    except REFUSALS:
        return


ODD = st.sampled_from(
    (
        b"1e999",
        b"9" * 4000,
        b"9" * 5000,
        b"-0",
        b"",
        b"abc",
        b"&#0;",
        b"&x;",
        b"A1048576",
        b"str",
        b"s",
        b"b",
        b"e",
        b"d",
        b"n",
        b"1.5",
        b"XFE1",
    )
)


@given(st.integers(0, 10_000), ODD)
@settings(max_examples=150)
def test_a_sheet_with_altered_values_is_read_or_refused(place, odd):
    held = part(WHOLE)
    values = list(re.finditer(rb'(?<=")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)', held))
    found = values[place % len(values)]
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, held[: found.start()] + odd + held[found.end() :] if name == SHEET else old.read(name))
    try:
        read(data.getvalue())
    except REFUSALS:
        return


# Round trip.

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=30
)
risky = st.sampled_from(
    (
        "=1+1",
        "+1",
        "-1",
        "@a",
        "'=1",
        "''-",
        "_x0041_",
        "_x005F_x0041_",
        "a\nb",
        '"',
        ";",
        ",",
        "0012",
        "TRUE",
        "1/2",
        "#N",
        "2026-01-01",
    )
)
texts = st.one_of(words, risky).map(clean).filter(lambda t: t and t not in ERRORS)
numbers = st.decimals(0, 10**9, places=5).map(Decimal)
rows = st.lists(
    st.fixed_dictionaries(
        {"title": texts},
        optional={
            "units": numbers,
            "seats": st.integers(1, 10**14),
            "by_day": st.dates(dt.date(2020, 1, 1), dt.date(2100, 1, 1)),
            "resource": st.sampled_from(("compute", "experts")),
            "languages": st.lists(st.sampled_from(("en", "fr")), max_size=2, unique=True).map(tuple),
        },
    ),
    max_size=5,
)


@given(rows, st.sampled_from(LANGUAGES))
@settings(max_examples=50)
def test_what_was_written_is_read_as_it_was(found, language):
    expected = [NOTHING | row for row in found]
    book = write_sheet(columns=COLUMNS, rows=found, language=language, title="Needs")
    assert values_of(read(book)) == expected
    assert values_of(read(write_csv(columns=COLUMNS, rows=found, language=language).encode())) == expected


@given(st.text(max_size=20))
def test_text_of_any_kind_is_cleaned_once(text):
    assert clean(clean(text)) == clean(text)
    assert fold(fold(text)) == fold(text)


# What is written.


def opened(language="en", rows=(), columns=COLUMNS, **more):
    content = write_sheet(columns=columns, rows=rows, language=language, title=more.pop("title", "Needs"), **more)
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_same_table_is_the_same_file():
    row = {"title": "A", "by_day": dt.date(2026, 1, 1)}
    first, second = (write_sheet(columns=COLUMNS, rows=[row], language="fr", title="T") for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive_of:
        assert {e.date_time for e in archive_of.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive_of.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2


def test_a_text_is_never_a_formula():
    book = opened(rows=[{"title": "=HYPERLINK(1)"}])
    cell = book["Needs"]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix, cell.number_format) == ("=HYPERLINK(1)", "s", True, "@")


def test_numbers_are_numbers_and_days_are_days():
    sheet = opened(rows=[{"title": "A", "units": Decimal("1.25"), "seats": 2, "by_day": dt.date(2026, 1, 2)}])["Needs"]
    assert [(sheet[c].value, sheet[c].data_type) for c in ("B2", "C2")] == [(1.25, "n"), (2, "n")]
    assert (sheet["D2"].is_date, sheet["D2"].value.date()) == (True, dt.date(2026, 1, 2))


def test_the_header_stays_and_is_marked():
    sheet = opened()["Needs"]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == ["Title *", *HEADER[1:]]
    assert all(cell.font.bold for cell in sheet[1])
    assert min(sheet.column_dimensions[letter].width for letter in "ABCDEF") >= 14


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_run_from_right_to_left_in_arabic_alone(language):
    assert {bool(s.sheet_view.rightToLeft) for s in opened(language).worksheets} == {language == "ar"}


def test_choices_are_offered_from_a_list():
    book = opened("fr")
    (rule,) = [r for r in book["Needs"].data_validations.dataValidation if r.type == "list"]
    assert str(rule.sqref) == "E2:E10001"
    name, _, reach = rule.formula1.replace("'", "").partition("!")
    held = [row[0].value for row in book[name][reach.replace("$", "")]]
    assert (held, book[name].sheet_state) == (["Calcul, heures de GPU", "Experts"], "hidden")


def test_the_second_sheet_tells_how_to_fill_in_each_column():
    book = opened("en", notes=("Send it back by 1 March.",))
    sheet = book["How to fill in"]
    assert sheet["A1"].value == "Send it back by 1 March."
    assert [row[0].value for row in sheet.iter_rows(min_row=3)] == ["Column", *HEADER]
    assert [c.value for c in sheet[4]][:3] == ["Title", "yes", "text of at most 40 characters"]


@pytest.mark.parametrize(
    "title", ["Needs: 2026/27 [draft]?", "", "'x'", "a" * 60, "How to fill in", "History", "Lists"]
)
def test_any_title_makes_a_sheet_that_opens_and_is_read(title):
    content = write_sheet(columns=COLUMNS, rows=[{"title": "A"}], language="en", title=title)
    assert [row.values["title"] for row in read(content).rows] == ["A"]
    assert all(len(name) <= 31 for name in openpyxl.load_workbook(io.BytesIO(content)).sheetnames)


@pytest.mark.parametrize(
    "row, field",
    [
        ({"title": "a\x00b"}, "title in row 2"),
        ({"title": "a\ud800"}, "title in row 2"),
        ({"title": "x" * 41}, "title in row 2"),
        ({"units": Decimal("NaN")}, "units in row 2"),
        ({"units": Decimal("0.1234567890123456789")}, "units in row 2"),
        ({"units": Decimal(-1)}, "units in row 2"),
        ({"seats": True}, "seats in row 2"),
        ({"by_day": dt.datetime(2026, 1, 1, 9)}, "by_day in row 2"),  # noqa: DTZ001  (as a workbook keeps days)
        ({"resource": "money"}, "resource in row 2"),
        ({"languages": ("la",)}, "languages in row 2"),
    ],
)
def test_what_would_not_be_read_back_is_not_written(row, field):
    for write in (
        lambda: write_sheet(columns=COLUMNS, rows=[row], language="en", title="T"),
        lambda: write_csv(columns=COLUMNS, rows=[row], language="en"),
    ):
        with pytest.raises(BadParameter) as refusal:
            write()
        assert refusal.value.data["name"] == field


# Columns and words.


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "number"},
        {"kind": "choice"},
        {"kind": "text", "choices": (Choice("a"),)},
        {"longest": 0},
        {"longest": 40_000},
        {"kind": "choice", "choices": (Choice("a;b"),)},
        {"kind": "choice", "choices": (Choice("a", {"en": "One"}), Choice("b", {"fr": "one"}))},
    ],
)
def test_a_column_that_cannot_be_is_refused(fields):
    with pytest.raises(BadParameter):
        Column("x", **fields)


def test_columns_that_share_a_title_are_refused():
    with pytest.raises(BadParameter, match="one that no other column has"):
        read(b"a", columns=(Column("a", {"en": "Same"}), Column("b", {"fr": "same"})))


def test_every_kind_of_problem_is_told_in_every_language():
    assert {tuple(sorted(sentences)) for sentences in PROBLEMS.values()} == {LANGUAGES}
    for kind in PROBLEMS:
        for language in LANGUAGES:
            problem = CellProblem("C7", "units", kind, "FOUND", "ALLOWED")
            said = tell_problem(problem=problem, columns=COLUMNS, language=language)
            assert said.startswith("C7 (")
            assert ("FOUND" in said) == ("{found}" in PROBLEMS[kind]["en"])
            assert "{" not in said


def test_sentences_have_the_same_parts_in_every_language():
    for kind, sentences in PROBLEMS.items():
        held = {language: ("{found}" in s, "{allowed}" in s) for language, s in sentences.items()}
        assert set(held.values()) == {held["en"]}, kind


def test_a_problem_is_told_as_the_reader_knows_the_column():
    problem = CellProblem("B2", "units", "no-number", "many")
    assert tell_problem(problem=problem, columns=COLUMNS, language="en") == (
        'B2 (Number of units): "many" is no number. Write one such as 1250.5.'
    )
    wrong = CellProblem("E2", "resource", "no-choice", "argent")
    assert "Calcul, heures de GPU, Experts" in tell_problem(problem=wrong, columns=COLUMNS, language="fr")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_column_is_described_in_every_language(kind):
    choices = (Choice("a"),) if kind in {"choice", "codes"} else ()
    column = Column("x", kind=kind, choices=choices)
    assert len({describe_column(column=column, language=language) for language in LANGUAGES}) >= 5


@pytest.mark.parametrize("module", [sheet_columns, sheet_values, sheet_words], ids=lambda m: m.__name__)
def test_examples_hold(module):
    found = doctest.testmod(module)
    assert (found.failed, found.attempted > 0) == (0, True)
