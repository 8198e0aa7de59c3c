"""The tables of needs and offers: complete in six languages, and read in each whatever it was drawn up in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from comity.adapters.capacity_sheets import ALL, VISIBILITIES, list_groups, needs_columns, offers_columns
from comity.adapters.country_data import read_atlas
from comity.adapters.sheet_columns import LANGUAGES
from comity.adapters.sheet_words import PROBLEMS
from comity.adapters.sheet_writing import write_csv, write_sheet
from comity.adapters.sheets import read_sheet
from support.capacity_tables import NEED, RESOURCES

OFFER = {
    "reference": None,
    "title": "Seats on a machine",
    "resource": "experts",
    "units": Decimal(40),
    "open_to": ("LDC", "M49-002"),
    "conditions": "Results are published.",
    "from_day": dt.date(2026, 1, 1),
    "until_day": None,
    "licence": "Apache-2.0",
    "languages": (),
}


@pytest.fixture(scope="module")
def groups():
    return list_groups(atlas=read_atlas())


@pytest.fixture(params=["needs", "offers"])
def table(request, groups):
    if request.param == "needs":
        return needs_columns(resources=RESOURCES), NEED
    return offers_columns(resources=RESOURCES, groups=groups), OFFER


def test_every_title_and_meaning_is_there_in_six_languages(table):
    columns, _ = table
    for column in columns:
        assert tuple(sorted(column.titles)) == LANGUAGES
        assert tuple(sorted(column.meanings)) == LANGUAGES
        assert all(column.titles.values()), column.name
        assert all(column.meanings.values()), column.name


def test_the_columns_are_those_of_the_table(table):
    columns, row = table
    assert [c.name for c in columns] == list(row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_drawn_up_in_one_language_is_read_whatever_the_reader_speaks(table, language):
    columns, row = table
    book = write_sheet(columns=columns, rows=[row], language=language, title="Capacity")
    text = write_csv(columns=columns, rows=[row], language=language).encode()
    for content in (book, text):
        sheet = read_sheet(name="table", content=content, columns=columns)
        assert sheet.problems == ()
        assert [dict(r.values) for r in sheet.rows] == [row]


def test_an_offer_may_be_open_to_all_to_groups_and_to_regions(groups):
    codes = [g.code for g in groups]
    assert codes[:4] == [ALL, "LDC", "LLDC", "SIDS"]
    assert codes[4:] == ["M49-002", "M49-009", "M49-019", "M49-142", "M49-150"]
    assert {tuple(sorted(g.titles)) for g in groups} == {LANGUAGES}


def test_who_may_see_a_need_must_be_said():
    columns = needs_columns(resources=RESOURCES)
    held = next(c for c in columns if c.name == "visibility")
    assert (held.required, tuple(c.code for c in held.choices)) == (True, VISIBILITIES)


def test_the_reference_names_every_column_and_every_kind_of_problem(root, groups):
    page = (root / "docs" / "reference" / "capacity-files.md").read_text(encoding="utf-8")
    said = [line.split("|")[1:4] for line in page.splitlines() if line.startswith("| `")]
    rows = [(name.strip(" `"), kind.strip().partition(",")[0].partition(" ")[0]) for name, kind, *_ in said]
    kinds = {"text": "text", "choice": "choice", "decimal": "number", "day": "day", "codes": "codes"}
    tables = (needs_columns(resources=RESOURCES), offers_columns(resources=RESOURCES, groups=groups))
    expected = [(c.name, kinds[c.kind]) for columns in tables for c in columns]
    assert rows[: len(expected)] == expected
    assert {name for name, _ in rows[len(expected) :]} == set(PROBLEMS)
    needed = [(cells[0].strip(" `"), cells[2].strip() == "yes") for cells in said[: len(expected)]]
    assert needed == [(c.name, c.required) for columns in tables for c in columns]


def test_an_offer_that_ends_before_it_begins_is_named(groups):
    columns = offers_columns(resources=RESOURCES, groups=groups)
    text = write_csv(columns=columns, rows=[OFFER | {"until_day": dt.date(2025, 12, 31)}], language="fr")
    sheet = read_sheet(name="offers", content=text.encode(), columns=columns)
    assert [(p.cell, p.kind, p.allowed) for p in sheet.problems] == [("H2", "before", "G2")]


def test_a_reference_that_stands_in_two_rows_is_named_and_none_at_all_is_not():
    columns = needs_columns(resources=RESOURCES)
    rows = [NEED, NEED | {"reference": None}, NEED | {"reference": None}, NEED]
    sheet = read_sheet(
        name="needs", content=write_sheet(columns=columns, rows=rows, language="ru", title="T"), columns=columns
    )
    assert [(p.cell, p.kind, p.allowed) for p in sheet.problems] == [("A5", "repeated", "A2")]
