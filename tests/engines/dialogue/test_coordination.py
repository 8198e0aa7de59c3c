"""Coordinated voting: planted bursts are found, honest crowds and rushes are not, and the chances are right."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from comity.engines.dialogue.coordination import _closest_run, _sign_rows, find_coordinated
from comity.engines.dialogue.counts import count_answers
from comity.errors import BadParameter
from support.dialogues import votes_of_table


def found_in(table, labels, times=None, **more):
    votes = votes_of_table(table)
    numbers = np.array(labels, dtype=np.int8)
    k = int(numbers.max()) + 1
    counts = count_answers(votes=votes, labels=numbers, parts=k).first(k)
    named = None if times is None else dict(zip(votes.participants, times, strict=True))
    return find_coordinated(votes=votes, labels=numbers, counts=counts, times=named, **more)


def honest_table(seed, people, statements=12):
    chance = np.random.default_rng(seed)
    agree = chance.uniform(0.1, 0.9, statements)
    return np.where(chance.random((people, statements)) < agree, 1.0, -1.0)


def test_a_planted_burst_is_found_with_its_accounts_alone():
    table = honest_table(1, 300)
    table[100:120] = np.where(np.arange(12) % 3, 1.0, -1.0)
    times = np.arange(300) * 60
    times[100:120] = 9_000 + np.arange(20)
    (burst,) = found_in(table, [0] * 300, times)
    assert burst.participants == tuple(f"p{i:05}" for i in range(100, 120))
    assert (burst.group, burst.answered) == (0, 12)
    assert burst.q < 1e-6
    assert max(burst.p_answers, burst.p_times) <= burst.q


def test_one_honest_person_of_the_same_opinion_is_not_in_the_burst():
    table = honest_table(2, 300)
    table[[5, *range(200, 215)]] = np.where(np.arange(12) % 3, 1.0, -1.0)
    times = np.arange(300) * 60
    times[200:215] = 12_000 + np.arange(15)
    (burst,) = found_in(table, [0] * 300, times)
    assert burst.participants == tuple(f"p{i:05}" for i in range(200, 215))


def test_the_same_rows_spread_over_all_the_time_are_no_burst():
    table = honest_table(3, 300)
    table[::20] = np.where(np.arange(12) % 3, 1.0, -1.0)
    assert found_in(table, [0] * 300, np.arange(300)) == ()
    (without_times,) = found_in(table, [0] * 300)
    assert without_times.p_times is None


def test_a_rush_in_which_everybody_came_is_no_evidence():
    table = honest_table(4, 200)
    table[:30] = 1.0
    assert found_in(table, [0] * 200, [7] * 200) == ()


def test_a_crowd_that_agrees_with_everything_is_not_coordinated():
    chance = np.random.default_rng(5)
    table = np.where(chance.random((400, 8)) < 0.95, 1.0, -1.0)
    assert found_in(table, [0] * 400) == ()


@pytest.mark.parametrize("seed", range(6))
def test_honest_dialogues_name_nobody(seed):
    assert found_in(honest_table(seed, 250, statements=8), [0] * 150 + [1] * 100, np.arange(250)) == ()


def test_two_alike_few_answers_and_those_in_no_group_are_not_looked_at():
    table = honest_table(6, 100)
    table[:2] = np.where(np.arange(12) % 3, 1.0, -1.0)
    table[10:40, :6] = np.where(np.arange(6) % 2, 1.0, -1.0)
    table[10:40, 6:] = np.nan
    table[60:90] = -table[0]
    labels = [0] * 60 + [-1] * 30 + [0] * 10
    times = np.arange(100)
    times[:2], times[10:40], times[60:90] = 1000, 2000, 3000
    assert found_in(table, labels, times) == ()


def test_without_a_time_for_everybody_the_question_is_refused():
    votes = votes_of_table(honest_table(7, 10))
    labels = np.zeros(10, dtype=np.int8)
    counts = count_answers(votes=votes, labels=labels, parts=1)
    with pytest.raises(BadParameter):
        find_coordinated(votes=votes, labels=labels, counts=counts.first(1), times={"p00000": 1})


def test_rows_have_one_sign_exactly_when_they_are_equal():
    chance = np.random.default_rng(8)
    table = chance.choice([1.0, 0.0, -1.0, np.nan], size=(400, 4))
    asked, given = _sign_rows(votes_of_table(table))
    rows = [tuple("." if np.isnan(v) else str(v) for v in row) for row in table]
    seen = [tuple(v != "." for v in row) for row in rows]
    for i, j in combinations(range(0, 400, 7), 2):
        assert (given[i] == given[j]) == (rows[i] == rows[j])
        assert (asked[i] == asked[j]) == (seen[i] == seen[j])


def test_the_chance_of_a_close_run_is_not_understated():
    # Of random arrivals, no more than a share p of all runs may have a chance of p or less.
    chance = np.random.default_rng(9)
    found = np.array(
        [
            _closest_run(
                np.sort(chance.choice(200, size=8, replace=False)), came := chance.permutation(200), np.sort(came)
            )[1]
            for _ in range(1500)
        ]
    )
    for p in (0.01, 0.05, 0.2):
        assert (found <= p).mean() <= p + 2 * np.sqrt(p * (1 - p) / 1500)
