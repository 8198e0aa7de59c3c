"""Shared signal: as many axes as were planted, none in answers of chance, and those not grouped have no part in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.engines.dialogue.axes import count_by_statement, fit_axes
from comity.engines.dialogue.opinion_map import select_participants
from comity.engines.dialogue.shared_signal import count_signals
from support.dialogues import planted_table, votes_of_table

TABLES = st.lists(
    st.lists(st.sampled_from([1.0, 0.0, -1.0, float("nan")]), min_size=4, max_size=4), min_size=1, max_size=9
)


def counted(table):
    votes = votes_of_table(table)
    everybody = np.ones(len(votes.participants), dtype=bool)
    return count_signals(votes=votes, axes=fit_axes(votes=votes, most=8), grouped=everybody, most=4)


@pytest.mark.parametrize("sizes", [(300,), (150, 150), (100, 100, 100), (80, 80, 70, 70)], ids=len)
def test_groups_have_one_axis_fewer_than_they_are(sizes):
    assert counted(planted_table(seed=1, sizes=sizes, statements=60, seen=0.6)) == len(sizes) - 1


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), apart=st.integers(0, 60))
def test_those_not_grouped_are_as_though_they_had_not_come(seed, apart):
    votes = votes_of_table(planted_table(seed=seed, sizes=(60, 50, 30), statements=20, seen=0.5))
    axes = fit_axes(votes=votes, most=8)
    grouped = np.random.default_rng(seed).permutation(140) >= apart
    alone = select_participants(votes=votes, kept=np.flatnonzero(grouped))
    given_alone = count_by_statement(votes=alone, times=np.ones(len(alone.participants)))
    one = count_signals(votes=votes, axes=axes, grouped=grouped, most=4)
    everybody = np.ones(len(alone.participants), dtype=bool)
    assert one == count_signals(votes=alone, axes=replace(axes, given=given_alone), grouped=everybody, most=4)


@given(TABLES, st.data())
def test_answers_are_counted_as_often_as_their_participants(table, data):
    table = np.array(table)
    times = np.array(data.draw(st.lists(st.integers(0, 5), min_size=len(table), max_size=len(table))), dtype=float)
    found = count_by_statement(votes=votes_of_table(table), times=times)
    by_hand = [((table == answer) * times[:, None]).sum(axis=0) for answer in (-1, 0, 1)]
    assert found.tolist() == np.stack(by_hand, axis=1).tolist()


@given(TABLES, st.data())
def test_participants_chosen_keep_their_answers(table, data):
    votes = votes_of_table(np.array(table))
    kept = sorted(data.draw(st.sets(st.integers(0, len(table) - 1))))
    found = select_participants(votes=votes, kept=np.array(kept, dtype=np.int64))
    expected = votes_of_table(np.array(table)[kept])
    assert found.participants == tuple(votes.participants[place] for place in kept)
    assert (found.starts.tolist(), found.columns.tolist(), found.values.tolist()) == (
        expected.starts.tolist(),
        expected.columns.tolist(),
        expected.values.tolist(),
    )
