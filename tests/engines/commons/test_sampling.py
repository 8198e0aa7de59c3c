"""What is looked at on a day: everything in time, nothing twice, and nothing that is foretold without the key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.commons.sampling import cells_of_day, days_for_all
from comity.errors import BadParameter

SIZES = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.integers(0, 400), max_size=12)


@given(sizes=SIZES, per_day=st.integers(1, 9), first=st.integers(0, 800_000), key=st.binary(min_size=1, max_size=8))
def test_every_cell_comes_once_before_any_comes_again(sizes, per_day, first, key):
    days = days_for_all(sizes=sizes, per_day=per_day, cell=10)
    begin = first - first % days if days else first
    looked = [cells_of_day(sizes=sizes, per_day=per_day, day=begin + n, key=key, cell=10) for n in range(days)]
    every = {(name, at) for name, size in sizes.items() for at in range(0, size, 10)}
    assert sorted(cell for day in looked for cell in day) == sorted(every)
    assert all(len(day) <= per_day for day in looked)


@given(sizes=SIZES, day=st.integers(0, 10_000))
def test_the_order_in_which_files_are_named_changes_nothing(sizes, day):
    turned = dict(reversed(sizes.items()))
    given_ = {"per_day": 3, "day": day, "key": b"k", "cell": 10}
    assert cells_of_day(sizes=sizes, **given_) == cells_of_day(sizes=turned, **given_)


def test_another_key_and_another_round_give_another_order():
    sizes = {"a": 1000}
    turns = [
        cells_of_day(sizes=sizes, per_day=10, day=day, key=key, cell=10) for day in (0, 10) for key in (b"1", b"2")
    ]
    assert len(set(turns)) == 4
    assert len(cells_of_day(sizes=sizes, per_day=10, day=0, key=b"1", cell=10)) == 10


def test_each_cell_is_drawn_about_as_often_as_the_others():
    sizes, drawn = {"a": 640}, [0] * 64
    for number in range(2000):
        for _, at in cells_of_day(sizes=sizes, per_day=4, day=0, key=b"%d" % number, cell=10):
            drawn[at // 10] += 1
    # 8,000 draws into 64 cells; chi-square with 63 degrees of freedom is over 103.4 in one of a thousand.
    assert sum((n - 125) ** 2 / 125 for n in drawn) < 103.4


@pytest.mark.parametrize("name,value", [("per_day", 0), ("cell", 0), ("day", -1)])
def test_what_is_no_number_of_days_or_bytes_is_refused(name, value):
    with pytest.raises(BadParameter):
        cells_of_day(**{"sizes": {"a": 1}, "per_day": 1, "day": 0, "key": b"k", "cell": 1, name: value})


def test_nothing_is_looked_at_where_there_is_nothing():
    assert cells_of_day(sizes={"empty": 0}, per_day=3, day=5, key=b"k") == ()
    assert days_for_all(sizes={"empty": 0}, per_day=3) == 0
