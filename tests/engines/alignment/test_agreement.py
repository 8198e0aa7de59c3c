"""How far people agree: published worked examples, the laws of alpha, and a peer."""

from __future__ import annotations

import random

import krippendorff
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.agreement import FEWEST, measure_agreement
from comity.errors import BadParameter

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): examples A, B and C; a dot is a missing answer.
PUBLISHED = {
    "A": (("0100000010", "1110010000"), 0.095),
    "B": (("aabbdcccedda", "babbbccceddd"), 0.692),
    "C": (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),
}
TABLES = st.lists(
    st.lists(st.sampled_from(["same", "none", "related", ""]), min_size=3, max_size=3), min_size=2, max_size=20
)


def answers_of(rows):
    return [
        (f"{unit:02}", f"who{who}", value)
        for who, row in enumerate(rows)
        for unit, value in enumerate(row)
        if value not in {".", ""}
    ]


@pytest.mark.parametrize("name", PUBLISHED)
def test_alpha_is_what_was_published(name):
    rows, alpha = PUBLISHED[name]
    assert measure_agreement(answers=answers_of(rows), seed=1).alpha == pytest.approx(alpha, abs=0.0005)


def test_what_one_alone_answered_does_not_count():
    found = measure_agreement(answers=answers_of(PUBLISHED["C"][0]), seed=1)
    assert (found.units, found.answers) == (11, 40)
    assert found.equal == pytest.approx(1 - 12 / 55)  # counted by hand: 3, 6 and 3 unlike pairs on the units 2, 6 and 8


@given(TABLES)
def test_alpha_is_that_of_the_peer(table):
    answers = [(str(u), str(w), v) for u, row in enumerate(table) for w, v in enumerate(row) if v]
    found = measure_agreement(answers=answers, seed=1)
    values = {v for u, _, v in answers if sum(1 for x, _, _ in answers if x == u) > 1}
    if len(values) < 2:
        assert found.alpha is None
        return
    codes = {"same": 0.0, "none": 1.0, "related": 2.0, "": float("nan")}
    peer = krippendorff.alpha(
        reliability_data=[[codes[row[w]] for row in table] for w in range(3)], level_of_measurement="nominal"
    )
    assert found.alpha == pytest.approx(peer, abs=1e-9)


@given(TABLES, st.randoms(use_true_random=False))
def test_order_does_not_matter(table, chance):
    answers = [(str(u), str(w), v) for u, row in enumerate(table) for w, v in enumerate(row) if v]
    shuffled = answers.copy()
    chance.shuffle(shuffled)
    assert measure_agreement(answers=answers, seed=3) == measure_agreement(answers=shuffled, seed=3)


def test_nothing_answered_twice_is_not_measured():
    found = measure_agreement(answers=[("1", "x", "same"), ("2", "y", "none")], seed=1)
    assert (found.units, found.equal, found.alpha, found.low) == (0, None, None, None)


def test_where_every_answer_is_one_word_there_is_no_alpha_but_full_agreement():
    found = measure_agreement(answers=[(str(u), w, "same") for u in range(12) for w in "xy"], seed=1)
    assert (found.equal, found.alpha, found.low, found.high) == (1.0, None, None, None)


def test_the_interval_holds_the_figure_and_is_given_from_ten_units_on():
    chance = random.Random(5)
    rows = [[chance.choice("ab"), chance.choice("ab")] for _ in range(FEWEST)]
    rows[0], rows[1] = ["a", "a"], ["b", "b"]
    answers = [(str(u), str(w), v) for u, row in enumerate(rows) for w, v in enumerate(row)]
    found = measure_agreement(answers=answers, seed=1)
    assert found.low < found.alpha < found.high
    fewer = measure_agreement(answers=[a for a in answers if a[0] != "9"], seed=1)
    assert (fewer.low, fewer.high) == (None, None)


def test_the_interval_narrows_as_answers_grow_and_holds_what_they_were_drawn_with():
    widths = []
    for n in (40, 4000):
        chance = random.Random(2)
        answers = []
        for unit in range(n):
            truth = chance.choice("ab")
            answers += [(f"{unit:04}", who, truth if chance.random() < 0.8 else chance.choice("ab")) for who in "xy"]
        found = measure_agreement(answers=answers, seed=1)
        # Two who each know the answer in 80 of 100 cases, and else guess, agree beyond chance in 64.
        assert found.low < 0.64 < found.high
        widths.append(found.high - found.low)
    assert widths[1] < widths[0] / 7


def test_two_answers_of_one_person_on_one_unit_are_refused():
    with pytest.raises(BadParameter):
        measure_agreement(answers=[("1", "x", "same"), ("1", "x", "none")], seed=1)
