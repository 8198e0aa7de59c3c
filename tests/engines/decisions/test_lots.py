"""A lot: the same from the same data, fair, and drawn by the rule that the docstring states."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.decisions.lots import PURPOSE, call_from, draw_lot

ROOT = hashlib.sha256(b"a tree").hexdigest()
roots = st.binary(min_size=32, max_size=32).map(bytes.hex)
references = st.text(min_size=1, max_size=30, alphabet="abcdefghij-/0123456789")


@given(root=roots, reference=references, of=st.integers(1, 400))
def test_a_lot_is_below_its_bound_and_the_same_each_time(root, reference, of):
    drawn = draw_lot(root=root, reference=reference, of=of)
    assert 0 <= drawn < of
    assert draw_lot(root=root, reference=reference, of=of) == drawn


def test_a_lot_can_be_drawn_with_any_tool_that_knows_sha_256():
    said = PURPOSE + bytes.fromhex(ROOT) + b"decisions/ballots/7\n0"
    by_hand = int.from_bytes(hashlib.sha256(said).digest()[:8], "big") % 193
    assert draw_lot(root=ROOT, reference="decisions/ballots/7", of=193) == by_hand


def test_what_would_favour_small_numbers_is_passed_over():
    of = 2**63 + 1  # nearly half of all tries fall beyond its only multiple
    tries = [
        int.from_bytes(hashlib.sha256(PURPOSE + bytes.fromhex(ROOT) + f"b{n}\n{turn}".encode()).digest()[:8], "big")
        for n in range(20)
        for turn in range(8)
    ]
    rows = [tries[i : i + 8] for i in range(0, len(tries), 8)]
    assert any(row[0] >= of for row in rows)
    drawn = [draw_lot(root=ROOT, reference=f"b{n}", of=of) for n in range(20)]
    assert drawn == [next(t for t in row if t < of) for row in rows]


def test_each_of_seven_is_drawn_about_as_often():
    drawn = Counter(draw_lot(root=ROOT, reference=f"decisions/ballots/{n}", of=7) for n in range(7000))
    assert sorted(drawn) == list(range(7))
    assert sum((n - 1000) ** 2 / 1000 for n in drawn.values()) < 22.5  # chi-square of 6 degrees, one in a thousand


@given(order=st.lists(st.integers(), min_size=1, max_size=30), data=st.data())
def test_a_call_goes_once_round_from_where_it_begins(order, data):
    first = data.draw(st.integers(0, len(order) - 1))
    called = call_from(order=order, first=first)
    assert (called[0], called[-1]) == (order[first], order[first - 1])
    assert sorted(called) == sorted(order)


@pytest.mark.parametrize("given_", [{"of": 0}, {"of": -1}, {"root": "no tree"}])
def test_what_cannot_be_drawn_from_is_refused(given_):
    with pytest.raises(ValueError):
        draw_lot(**{"root": ROOT, "reference": "r", "of": 2, **given_})
