"""The figure of a ballot: one tile a member, whatever was said; a line only where the number needed was reached."""

from __future__ import annotations

import re

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.visual.ballots import ballot_tiles
from comity.errors import BadParameter

MARKS = ("t-yes", "t-no", "t-abs", "t-await", "t-away")
ADOPTED = (("t-yes", 96), ("t-no", 41), ("t-abs", 30), ("t-away", 26))


def frames(drawn: str) -> int:
    found = re.search(r'class="c-frame"[^>]* d="([^"]*)"', drawn)
    assert found is not None
    return found[1].count("M")


@given(st.lists(st.integers(0, 260), min_size=5, max_size=5))
def test_each_member_has_one_tile_and_one_shape_and_no_two_tiles_one_place(numbers):
    drawn = ballot_tiles(said=list(zip(MARKS, numbers, strict=True)), title="Tiles")
    fromstring(str(drawn))
    assert frames(drawn) == sum(numbers)
    places = re.findall(r"M([0-9]+)\.4 ([0-9]+)\.4h7\.2", drawn)
    assert len(set(places)) == sum(numbers)
    assert all(int(x) <= 358 - 8 for x, _ in places)


def test_193_tiles_are_drawn_in_six_rows_with_the_line_after_the_number_needed():
    drawn = ballot_tiles(said=ADOPTED, title="Tiles", needed=92, needed_text="92 needed")
    assert 'd="M159 12V37H149V80"' in drawn
    assert ">92 needed</text>" in drawn
    assert len(drawn.encode()) < 9_000


def test_a_number_that_was_not_reached_has_no_line_and_a_full_column_a_straight_one():
    assert "<text" not in ballot_tiles(said=ADOPTED, title="Tiles", needed=97, needed_text="97 needed")
    assert "<text" not in ballot_tiles(said=(), title="Nobody", needed=1, needed_text="1 needed")
    assert 'd="M159 12V80"' in ballot_tiles(said=ADOPTED, title="Tiles", needed=96, needed_text="96 needed")


def test_hostile_words_are_escaped_and_what_cannot_be_drawn_is_refused():
    drawn = ballot_tiles(said=ADOPTED, title="<b>&\x00", needed=1, needed_text="<i>")
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    fromstring(str(drawn))
    for said in ((("t-full", 1),), (("t-yes", -1),)):
        with pytest.raises(BadParameter):
            ballot_tiles(said=said, title="Tiles")
