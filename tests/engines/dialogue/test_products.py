"""Products of centred answers: those of the dense matrix in which what was not answered is zero, for any number of columns."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.dialogue.blocks import split_votes
from comity.engines.dialogue.products import PAIR, choose_for, gather_statements, multiply, weigh_answers
from support.dialogues import votes_of_table

TABLES = st.lists(
    st.lists(st.sampled_from([1.0, 0.0, -1.0, float("nan")]), min_size=5, max_size=5), min_size=1, max_size=9
)


@given(TABLES, st.integers(1, 4), st.integers(0, 1000))
def test_products_are_those_of_the_dense_matrix(table, columns, seed):
    dense = np.array(table)
    chance = np.random.default_rng(seed)
    mean, vectors = chance.uniform(-1, 1, 5), chance.normal(size=(5, columns))
    numbers = chance.normal(size=(len(dense), columns))
    centred = np.where(np.isnan(dense), 0.0, dense - mean)
    (block,) = split_votes(votes=votes_of_table(dense))
    chosen = choose_for(block=block, columns=columns)
    along = multiply(chosen=chosen, by=weigh_answers(mean=mean, vectors=vectors))
    back = gather_statements(mean=mean, sums=multiply(chosen=chosen.T, by=numbers))
    assert (along.dtype, back.dtype) == (np.float64, np.float64)
    assert np.allclose(along, centred @ vectors, rtol=0, atol=1e-12)
    assert np.allclose(back, centred.T @ numbers, rtol=0, atol=1e-12)


def test_two_columns_at_once_are_those_taken_singly():
    chance = np.random.default_rng(1)
    table = np.where(chance.random((40, 6)) < 0.5, np.nan, chance.integers(-1, 2, (40, 6)))
    (block,) = split_votes(votes=votes_of_table(table))
    weights = weigh_answers(mean=np.zeros(6), vectors=chance.normal(size=(6, PAIR)))
    both = multiply(chosen=choose_for(block=block, columns=PAIR), by=weights)
    single = [multiply(chosen=choose_for(block=block, columns=1), by=weights[:, [c]])[:, 0] for c in range(PAIR)]
    assert np.array_equal(both.T, single)
