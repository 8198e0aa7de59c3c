"""Document symbols: what is one, what may follow what, and in which order they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.decisions.symbols import (
    AFTER,
    MOST,
    Symbol,
    demand_next,
    next_symbols,
    order_of,
    parse_symbol,
    present_text,
)
from comity.errors import BadParameter

PARTS = st.sampled_from(["3", "78", "L.7", "L.12", "RES", "DEC.4", "C.1", "SER.B", "PV.100", "Sub.2", "1"])
FIRST = st.sampled_from(["A", "C", "ST", "E", "CONF.48"])


@st.composite
def symbols(draw) -> Symbol:
    parts = (draw(FIRST), *draw(st.lists(PARTS, min_size=1, max_size=3)))
    changes, before = [], ""
    for _ in range(draw(st.integers(0, 3))):
        if not AFTER[before]:
            break
        before = draw(st.sampled_from(AFTER[before]))
        changes.append((before, draw(st.integers(1, 40))))
    return Symbol(parts=parts, changes=tuple(changes))


@st.composite
def histories(draw) -> list[Symbol]:
    """What was issued on one document, one after the other, each a symbol that could come next."""
    issued = [parse_symbol("C/3/L.7")]
    for _ in range(draw(st.integers(0, 9))):
        issued.append(draw(st.sampled_from(next_symbols(issued))))
    return issued


@given(symbols())
def test_what_is_written_is_read_as_the_same_symbol(symbol):
    assert parse_symbol(str(symbol)) == symbol


@given(symbols(), symbols())
def test_two_symbols_stand_in_the_same_place_only_where_they_are_one(one, other):
    assert (order_of(one) == order_of(other)) is (one == other)


@given(histories())
def test_every_history_begins_with_the_document_and_names_nothing_twice(issued):
    assert len(set(issued)) == len(issued)
    assert not set(next_symbols(issued)) & set(issued)
    for place, symbol in enumerate(issued[1:], 1):
        assert symbol.base in issued[:place]


@given(histories())
def test_a_revision_follows_the_one_before_it(issued):
    for symbol in issued:
        if symbol.changes and symbol.changes[-1][0] == "Rev" and symbol.changes[-1][1] > 1:
            assert symbol.base.with_change("Rev", symbol.changes[-1][1] - 1) in issued


@given(histories(), st.randoms(use_true_random=False))
def test_what_may_come_next_does_not_depend_on_the_order_of_what_is_given(issued, chance):
    mixed = list(issued)
    chance.shuffle(mixed)
    assert next_symbols(mixed) == next_symbols(issued)


@given(histories())
def test_the_present_text_is_the_last_revision_and_takes_an_amendment(issued):
    present = present_text(issued)
    revisions = [s for s in issued if s.is_whole_text]
    assert present == revisions[-1]
    assert any(s.base == present and s.changes[-1][0] == "Amend" for s in next_symbols(issued))


def names(*issued: str) -> list[str]:
    return [str(s) for s in next_symbols([parse_symbol(s) for s in issued])]


def test_a_document_takes_the_first_of_each_kind():
    assert names("C/3/L.7") == ["C/3/L.7/Amend.1", "C/3/L.7/Add.1", "C/3/L.7/Corr.1", "C/3/L.7/Rev.1"]
    assert names() == []


def test_what_was_revised_takes_nothing_but_its_next_revision():
    assert names("C/3/L.7", "C/3/L.7/Amend.1", "C/3/L.7/Rev.1") == [
        "C/3/L.7/Rev.1/Amend.1",
        "C/3/L.7/Rev.1/Add.1",
        "C/3/L.7/Rev.1/Corr.1",
        "C/3/L.7/Rev.2",
    ]


def test_an_addition_can_be_corrected_and_revised_until_the_document_is_revised():
    held = ["C/3/L.7", "C/3/L.7/Add.1"]
    assert {"C/3/L.7/Add.1/Corr.1", "C/3/L.7/Add.1/Rev.1", "C/3/L.7/Add.2"} < set(names(*held))
    assert not [n for n in names(*held, "C/3/L.7/Rev.1") if "Add.1/" in n]


def test_symbols_stand_in_the_order_of_their_numbers():
    mixed = ["C/3/L.10", "C/3/L.7/Rev.10", "C/3/L.7/Rev.2", "C/3/L.7", "C/3/DEC.4", "C/12/L.1", "C/3/L.7/Add.1"]
    ordered = sorted((parse_symbol(s) for s in mixed), key=order_of)
    assert [str(s) for s in ordered] == [
        "C/3/DEC.4",
        "C/3/L.7",
        "C/3/L.7/Add.1",
        "C/3/L.7/Rev.2",
        "C/3/L.7/Rev.10",
        "C/3/L.10",
        "C/12/L.1",
    ]


@pytest.mark.parametrize(
    "text",
    ["A/RES/78/265", "A/C.1/78/L.2/Rev.1", "C/3/L.7/Rev.1/Add.1/Corr.2", "ST/LIB/SER.B/5/Rev.5", " C/3/L.7 "],
)
def test_symbols_in_use_are_read(text):
    assert str(parse_symbol(text)) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "", "C", "Rev.1", "c/3/L.7", "3/C/L.7", "C/3/L.07", "C/3/L.7/", "/C/3", "C//3", "C/3/L.7/Rev.0", "C/3/L.7/Rev.1/Rev.2",
        "C/3/L.7/Corr.1/Rev.1", "C/3/L.7/Add.1/Add.1", "C/3/L.7 Rev.1", "C/3/L.7/Rev.1\n/x", "C/3/L.٧", "C/3/" + "L" * MOST,
        "C/3/L.7/rev.1", "C/3/L.7/Rev", "C/../x", "C/3/<b>", "C/1/2/3/4/5/6/7/8",
    ],
)  # fmt: skip
def test_what_is_no_symbol_is_refused_with_an_example(text):
    with pytest.raises(BadParameter) as refused:
        parse_symbol(text)
    assert "C/3/L.7/Rev.1" in str(refused.value)


def test_a_symbol_that_cannot_come_next_is_refused_naming_those_that_can():
    issued = [parse_symbol("C/3/L.7"), parse_symbol("C/3/L.7/Rev.1")]
    demand_next(parse_symbol("C/3/L.7/Rev.2"), issued=issued)
    for wrong in ("C/3/L.7/Rev.1", "C/3/L.7/Rev.3", "C/3/L.7/Amend.1", "C/3/L.8/Rev.1", "C/3/L.7"):
        with pytest.raises(BadParameter) as refused:
            demand_next(parse_symbol(wrong), issued=issued)
        assert "C/3/L.7/Rev.2" in str(refused.value)
