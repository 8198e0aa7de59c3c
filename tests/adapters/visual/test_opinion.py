"""The figures of a dialogue: shapes before colours, hulls around their marks, bounds that add up, foreign words escaped."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from comity.adapters.visual.opinion import (
    HIGH,
    PER_ROW,
    WIDE,
    ShareRow,
    bounds_bar,
    group_shape,
    member_tiles,
    opinion_map,
    share_dots,
)
from comity.errors import BadParameter

PLACES = st.lists(
    st.tuples(st.integers(0, 4), st.floats(-50, 50, allow_nan=False), st.floats(-50, 50, allow_nan=False)),
    min_size=1,
    max_size=40,
)
LABELS = ["Group 1, 20", "Group 2", "Group 3", "Group 4", "Group 5"]


def drawn(marks, labels=tuple(LABELS)):
    svg = opinion_map(marks=marks, labels=labels, title="Map", description="Five groups")
    return etree.fromstring(f'<x xmlns:s="http://www.w3.org/2000/svg">{svg}</x>')


@given(PLACES)
def test_every_mark_and_hull_lies_within_the_map_and_in_its_hull(marks):
    tree = drawn(marks)
    numbers = [
        float(n)
        for p in tree.iter("path")
        if p.get("class", "").startswith("hull")
        for n in re.findall(r"-?\d+\.?\d*", p.get("d"))
    ]
    assert all(0 <= n <= max(WIDE, HIGH) for n in numbers)
    hulls = [p for p in tree.iter("path") if p.get("class", "").startswith("hull")]
    assert len(hulls) == len({g for g, _, _ in marks})
    for text in tree.iter("text"):
        assert 0 <= float(text.get("x")) <= WIDE
        assert 0 <= float(text.get("y")) <= HIGH


def test_each_group_has_a_shape_of_its_own():
    shapes = {re.sub(r'class="\w+"', "", group_shape(group=g, x=10, y=10)) for g in range(5)}
    assert len(shapes) == 5


def test_the_map_has_a_title_and_says_its_groups():
    tree = drawn([(0, 0.0, 0.0), (1, 1.0, 1.0)])
    assert (tree.find(".//title").text, tree.find(".//desc").text) == ("Map", "Five groups")
    assert [t.text for t in tree.iter("text")] == LABELS[:2]
    assert tree[0].get("direction") == "ltr"


def test_a_label_that_holds_markup_is_text():
    tree = drawn([(0, 0.0, 0.0)], labels=["<script>&"])
    assert [t.text for t in tree.iter("text")] == ["<script>&"]


@pytest.mark.parametrize("mark", [(5, 0.0, 0.0), (-1, 0.0, 0.0), (0, float("nan"), 0.0)])
def test_a_mark_of_no_group_or_no_place_is_refused(mark):
    with pytest.raises(BadParameter):
        opinion_map(marks=[mark], labels=LABELS, title="", description="")


def test_the_bar_of_a_census_is_as_long_as_its_counts():
    svg = str(bounds_bar(agree=104, heard=112, members=193))
    assert 'viewBox="0 0 193 12"' in svg
    assert "M0 0h104v12H0z" in svg
    assert "M104 .6h81M104 11.4h81M185 0v12" in svg


@pytest.mark.parametrize("counts", [(3, 2, 5), (1, 6, 5), (0, 0, 0), (-1, 2, 3)])
def test_counts_that_do_not_fit_make_no_bar(counts):
    agree, heard, members = counts
    with pytest.raises(BadParameter):
        bounds_bar(agree=agree, heard=heard, members=members)


@given(st.integers(0, 80), st.integers(0, 80))
def test_there_is_one_tile_for_each_member(heard, unheard):
    svg = str(member_tiles(heard=heard, unheard=unheard))
    assert svg.count("h7v7h-7z") == heard
    assert svg.count("h6.2v6.2h-6.2z") == unheard
    assert f'viewBox="0 0 {PER_ROW * 9} {max(1, -(-(heard + unheard) // PER_ROW)) * 9}"' in svg


def test_a_share_stands_where_it_is_and_its_line_holds_it():
    svg = str(share_dots(rows=[ShareRow("Group 1", 0, 0.5, 0.25, 0.75, "50%")]))
    assert 'd="M155 16H273"' in svg
    assert 'cx="214"' in svg


def test_bounds_that_do_not_hold_their_share_are_refused():
    with pytest.raises(BadParameter):
        share_dots(rows=[ShareRow("Group 1", 0, 0.2, 0.3, 0.4, "20%")])
