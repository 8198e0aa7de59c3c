"""The matrix of votes: one answer in a cell, the latest, whatever the order in which votes came."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.engines.dialogue.votes import add_votes, gather_votes
from comity.errors import BadInput, BadParameter

VOTES = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 4), st.sampled_from([-1, 0, 1]), st.integers(0, 3)), max_size=40
)


def gather(rows, *, timed=True):
    """Return the matrix of (participant, statement, value, time)."""
    return gather_votes(
        participants=[f"p{row[0]}" for row in rows],
        statements=[f"s{row[1]}" for row in rows],
        values=[row[2] for row in rows],
        times=[row[3] for row in rows] if timed else None,
    )


def cells_of(votes):
    """Return {(participant, statement): value}, after checking the shape that the type promises."""
    assert list(votes.participants) == sorted(set(votes.participants))
    assert list(votes.statements) == sorted(set(votes.statements))
    assert (votes.starts.dtype, votes.columns.dtype, votes.values.dtype) == (np.int64, np.int32, np.int8)
    assert len(votes.starts) == len(votes.participants) + 1
    assert votes.starts[-1] == len(votes.columns) == len(votes.values)
    found = {}
    for row, participant in enumerate(votes.participants):
        inside = slice(votes.starts[row], votes.starts[row + 1])
        assert (np.diff(votes.columns[inside]) > 0).all()
        for column, value in zip(votes.columns[inside], votes.values[inside], strict=True):
            found[participant, votes.statements[column]] = int(value)
    return found


def latest_of(rows):
    """Return what should stand in each cell, one vote after another."""
    held = {}
    for participant, statement, value, time in rows:
        cell = (f"p{participant}", f"s{statement}")
        when, answers = held.get(cell, (-1, set()))
        if time >= when:
            held[cell] = (time, {value} | (answers if time == when else set()))
    return {cell: answers.pop() if len(answers) == 1 else 0 for cell, (_, answers) in held.items()}


@given(rows=VOTES)
def test_a_cell_holds_its_latest_answer_and_pass_where_two_are_latest(rows):
    assert cells_of(gather(rows)) == latest_of(rows)


@given(rows=VOTES)
def test_without_times_two_different_answers_are_a_pass(rows):
    assert cells_of(gather(rows, timed=False)) == latest_of([(*row[:3], 0) for row in rows])


@given(rows=VOTES, chance=st.randoms(use_true_random=False))
def test_the_order_of_votes_does_not_matter(rows, chance):
    other = list(rows)
    chance.shuffle(other)
    assert cells_of(gather(rows)) == cells_of(gather(other))


@given(before=VOTES, after=VOTES)
def test_added_votes_count_as_later_than_all_before(before, after):
    held = gather(before)
    kept = held.values.copy()
    found = add_votes(
        votes=held,
        participants=[f"p{row[0]}" for row in after],
        statements=[f"s{row[1]}" for row in after],
        values=[row[2] for row in after],
        times=[row[3] for row in after],
    )
    assert cells_of(found) == latest_of(before) | latest_of(after)
    assert np.array_equal(held.values, kept)


@settings(max_examples=20)
@given(rows=VOTES.filter(len))
def test_arrays_and_lists_of_whole_numbers_or_strings_are_read_alike(rows):
    who, what = np.asarray([row[0] for row in rows]), np.asarray([row[1] for row in rows])
    values = np.asarray([row[2] for row in rows], dtype=np.int8)
    wide = who.astype(np.int64) * 10**12
    whole = gather_votes(participants=who, statements=what, values=values)
    for a, b in ((who.astype(str), what.astype(str)), (who.tolist(), what.tolist())):
        assert cells_of(gather_votes(participants=a, statements=b, values=values)) == cells_of(whole)
    far = cells_of(gather_votes(participants=wide, statements=what, values=values))
    assert far == {(str(int(p) * 10**12), s): value for (p, s), value in cells_of(whole).items()}


def test_ids_are_sorted_as_strings():
    votes = gather_votes(
        participants=np.array([9, 10, 100]), statements=np.array([1, 1, 1]), values=np.array([1, 1, 1])
    )
    assert votes.participants == ("10", "100", "9")


def test_a_value_that_is_no_answer_is_refused():
    with pytest.raises(BadParameter) as refused:
        gather_votes(participants=["a", "b"], statements=["s", "s"], values=[1, 2])
    assert refused.value.data == {"name": "values", "found": "2", "allowed": "1, 0 or -1"}


def test_columns_of_different_length_are_refused():
    with pytest.raises(BadInput):
        gather_votes(participants=["a", "b"], statements=["s"], values=[1, 1])


def test_no_votes_are_an_empty_matrix():
    votes = gather_votes(participants=[], statements=[], values=[])
    assert (votes.participants, votes.starts.tolist()) == ((), [0])
