"""Stability: groups that are there hold in every draw, and groups that are hardly there do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.dialogue.groups import find_groups
from comity.engines.dialogue.stability import compare_groups, measure_stability
from comity.engines.dialogue.votes import gather_votes


def cast(*, noise, seed, people=200, statements=40):
    chance = np.random.default_rng(seed)
    held = chance.choice([-1, 1], (3, statements))
    answers = held[chance.integers(0, 3, people)] * np.where(chance.random((people, statements)) < noise, -1, 1)
    who, what = np.nonzero(chance.random(answers.shape) < 0.5)
    return gather_votes(participants=who, statements=what, values=answers[who, what])


def test_groups_that_lie_apart_hold_and_the_same_seed_tells_the_same():
    votes = cast(noise=0.05, seed=1)
    groups = find_groups(votes=votes)
    found = measure_stability(votes=votes, groups=groups, draws=10, seed=3)
    assert (groups.k, found.k_share, found.draws, found.seed) == (3, 1.0, 10, 3)
    assert found.agreement > 0.97
    assert np.nanmin(found.membership) >= 0.5
    again = measure_stability(votes=votes, groups=groups, draws=10, seed=3)
    assert np.array_equal(found.membership, again.membership, equal_nan=True)


def test_groups_that_hardly_part_hold_less():
    firm, faint = cast(noise=0.05, seed=2), cast(noise=0.33, seed=2)
    shares = [
        measure_stability(votes=votes, groups=find_groups(votes=votes), draws=10).agreement for votes in (firm, faint)
    ]
    assert shares[1] < shares[0] - 0.1


def test_whoever_is_not_grouped_has_no_membership():
    votes = cast(noise=0.05, seed=4)
    groups = find_groups(votes=votes, least=18)
    found = measure_stability(votes=votes, groups=groups, draws=2)
    assert 0 < (groups.labels < 0).sum() < len(groups.labels)
    assert np.array_equal(np.isnan(found.membership), groups.labels < 0)


def test_one_group_cannot_fall_apart():
    chance = np.random.default_rng(5)
    who, what = np.nonzero(chance.random((100, 20)) < 0.6)
    votes = gather_votes(participants=who, statements=what, values=chance.choice([-1, 1], len(who)))
    groups = find_groups(votes=votes)
    found = measure_stability(votes=votes, groups=groups)
    assert (groups.k, found.draws, found.k_share, found.agreement) == (1, 0, 1.0, 1.0)


@given(a=st.lists(st.integers(0, 3), min_size=2, max_size=30), names=st.permutations(range(4)))
def test_the_index_is_one_for_the_same_groups_under_other_names(a, names):
    one = np.asarray(a)
    assert compare_groups(a=one, b=np.asarray(names)[one]) == pytest.approx(1.0)


def test_the_index_on_a_table_worked_out_by_hand():
    # Pairs together in both 1, in a 2, in b 3, of 6: (1 - 1) / (2.5 - 1) = 0.
    assert compare_groups(a=np.array([0, 0, 1, 1]), b=np.array([0, 0, 0, 1])) == pytest.approx(0.0)
