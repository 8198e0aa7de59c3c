"""Tables of figures: what offices write is read, and what could be read in two ways is refused with its row and column."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.country_columns import CHOICES, OTHERS, find_states, group_states
from comity.adapters.country_data import read_atlas
from comity.adapters.value_tables import read_values
from comity.engines.parties.countries import LANGUAGES
from comity.errors import BadParameter, BadRow, BrokenFile, EmptyFile, PathNotFound


@pytest.fixture
def table(tmp_path):
    """Write a file and read its column x."""

    def read(text, **more):
        path = tmp_path / "values.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_values(path=path, column=more.pop("column", "x"), **more)

    return read


@pytest.mark.parametrize(
    "cell, figure",
    [
        ("0", 0.0),
        ("1234.5", 1234.5),
        (" 7 ", 7.0),
        ("+.5", 0.5),
        ("1e3", 1000.0),
        ("-0", 0.0),
        ("1.234", 1.234),
        *((text, None) for text in ("", "..", "...", "…", "-", "–", "—", "n/a", "N/A", "NA")),
    ],
)
def test_a_cell_is_a_number_or_says_that_there_is_none(table, cell, figure):
    found = table(f"name,x\nA,{cell}\nB,1\n").values.figures
    assert (found, str(found[0])) == ((figure, 1.0), str(figure))


def test_percentages_are_taken_as_they_are_written(table):
    found = table("name,x\nA,59.40%\nB,5 %\nC,\nD,..\n").values
    assert (found.figures, found.is_percent, found.no_figure) == ((59.4, 5.0, None, None), True, ("..",))


@pytest.mark.parametrize(
    "cell",
    ['"1,234"', '"1,5"', "1 234", "1\u00a0234", "1'234", "1\u2019234", '"1,234,567.8"', "1.234.567", '"1.234.567,8"'],
)
def test_a_number_that_can_be_read_in_two_ways_is_refused_with_row_and_column(table, cell):
    with pytest.raises(BadRow) as refused:
        table(f"name,x\nA,1\nB,{cell}\n")
    assert refused.value.data["row"] == 3
    assert refused.value.data["problem"].startswith('x is "')
    assert "two ways" in refused.value.data["problem"]


@pytest.mark.parametrize(
    "cell, said",
    [
        ("NaN", "no number"),
        ("inf", "no number"),
        ("-Infinity", "no number"),
        ("many", "no number"),
        ("$5", "no number"),
        ("٣", "no number"),
        ("5%%", "no number"),
        ("%", "no number"),
        ("1e999", "too large"),
        ("-1", "below 0"),
        ("-0.5%", "below 0"),
        ("5%", "a percentage"),
    ],
)
def test_what_is_no_amount_is_refused_with_row_and_column(table, cell, said):
    with pytest.raises(BadRow) as refused:
        table(f"name,x\nA,1\nB,{cell}\n")
    assert (refused.value.data["row"], said in refused.value.data["problem"]) == (3, True)


def test_the_thing_that_members_stand_along_may_be_below_0(table):
    assert table("name,x,growth\nA,1,-2\nB,2,3\n", rank_by="growth").ranks.figures == (-2.0, 3.0)


def test_a_mark_line_ends_and_semicolons_are_read(table):
    found = table(b'\xef\xbb\xbfname;x;of\r\nA;1.5;"East; West"\r\n\r\nB;2;\r\n', groups="of")
    assert (found.members, found.values.figures, found.groups) == (("A", "B"), (1.5, 2.0), (("East", "West"), ()))
    assert found.rows == (2, 4)


def test_quoted_columns_are_read_whatever_parts_them(table):
    assert table('"name","x"\n"A; the first","1"\n').members == ("A; the first",)
    assert table('"name";"x"\n"A, the first";"1"\n').members == ("A, the first",)


@pytest.mark.parametrize("cell", ["1.234", "12.345", "-1.234", "1,5"])
def test_with_semicolons_a_point_before_three_digits_is_refused(table, cell):
    """Whoever parts cells with semicolons often parts thousands with points."""
    with pytest.raises(BadRow):
        table(f"name;x\nA;{cell}\n")
    assert table("name;x\nA;0.123\nB;1.25\n").values.figures == (0.123, 1.25)


def test_names_come_from_the_first_other_column_and_else_from_the_rows(table):
    assert table("x,name\n1,A\n2,B\n").named_by == "name"
    assert table("x,name\n1,A\n2,A\n").members == ("row 2", "row 3")
    assert table("x\n1\n2\n").named_by is None
    assert table("w,x,name\n1,1,A\n", weights="w").members == ("A",)


def test_columns_without_a_name_and_rows_without_a_cell_are_passed_over(table):
    assert table("name,x,,\nA,1,,\n,,,\n").members == ("A",)


@pytest.mark.parametrize("names", [("A", "A"), ("A", ""), ("A", "B" * 201)])
def test_a_column_that_is_named_must_name_each_member_once(table, names):
    with pytest.raises(BadRow) as refused:
        table("x,name\n" + "".join(f"1,{n}\n" for n in names), member="name")
    assert refused.value.data["row"] == 3


@pytest.mark.parametrize("option", ["column", "weights", "groups", "member", "rank_by"])
def test_a_column_that_is_not_there_is_refused_and_those_there_are_told(table, option):
    with pytest.raises(BadParameter) as refused:
        table("name,x\nA,1\n", **{option: "y"})
    assert refused.value.data["name"] == f"--{option.replace('_', '-')}"
    assert "name, x" in str(refused.value)


@pytest.mark.parametrize(
    "content, error",
    [
        (b"", EmptyFile),
        (b"\xef\xbb\xbf", EmptyFile),
        (b"   \n", EmptyFile),
        (b"PK\x03\x04rest", BrokenFile),
        (b"name,x\0\n", BrokenFile),
        (b"name,x\n", BadRow),
        (b"name,x\nA\n", BadRow),
        (b"name,x\nA,1,2\n", BadRow),
        (b"name,x,x\nA,1,2\n", BadRow),
        (b'name,x\n"A,1\n', BadRow),
        (b"name,x\nT\x9frkiye,1\n", BadRow),
    ],
)
def test_what_is_no_table_is_refused(table, content, error):
    with pytest.raises(error):
        table(content)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PathNotFound):
        read_values(path=tmp_path / "none.csv", column="x")


def test_the_digest_is_that_of_the_file(table):
    text = "name,x\nA,1\n"
    assert table(text).sha256 == hashlib.sha256(text.encode()).hexdigest()


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_be_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "f.csv"
    path.write_bytes(b"name,x\n" + content)
    try:
        found = read_values(path=path, column="x")
    except (BadRow, BrokenFile):
        return
    assert len(found.members) == len(found.values.figures) == len(set(found.members))


# Which states a column names, and their groups.


@pytest.fixture(scope="module")
def atlas():
    return read_atlas()


def test_every_code_means_its_state(atlas):
    for state in atlas.states.values():
        cells = [state.iso3, state.iso2.lower(), state.m49, str(int(state.m49))]
        assert set(find_states(atlas=atlas, cells=cells).values()) == {state.iso3}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_means_its_state_where_no_other_has_it(atlas, language):
    wrong = {
        s.iso3: f for s in atlas.states.values() for f in find_states(atlas=atlas, cells=[s.names[language]]).values()
    }
    assert {code: found for code, found in wrong.items() if found not in {code, None}} == {}
    assert [code for code, found in wrong.items() if found is None] == []


@pytest.mark.parametrize(
    "cell, code",
    [
        ("Georgia", "GEO"),
        ("South Korea", "KOR"),
        ("Philippines (the)", "PHL"),
        ("Korea (Republic of)", "KOR"),
        ("Congo (DRC)", None),
        ("Georgia (USA)", None),
        ("Atlantis", None),
        ("", None),
        ("EU", None),
        ("1000", None),
    ],
)
def test_what_is_not_exactly_a_name_is_not_guessed(atlas, cell, code):
    assert find_states(atlas=atlas, cells=[cell]) == {cell: code}


@pytest.mark.parametrize("by", CHOICES)
def test_groups_part_all_member_states(atlas, by):
    found = group_states(atlas=atlas, by=by).members
    codes = [c for members in found.values() for c in members]
    assert sorted(codes) == sorted(s.iso3 for s in atlas.states.values() if s.status == "member")


def test_groups_of_development_part_members_in_two(atlas):
    assert {g: len(m) for g, m in group_states(atlas=atlas, by="ldc").members.items()} == {
        "Least developed countries": 44,
        OTHERS: 149,
    }
    with pytest.raises(BadParameter):
        group_states(atlas=atlas, by="income")
