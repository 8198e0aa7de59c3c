"""Bridging scores: the loss is at its least, what both sides support scores above what one does, and order changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from comity.engines.dialogue.bridging import LEVEL_PENALTY, PLACE_PENALTY, score_bridging
from comity.errors import BadParameter
from support.dialogues import votes_of, votes_of_table


def two_sides(seed, people=120):
    """Two sides of which one has three quarters: statements 0 and 1 both support, 2 to 11 part them, 12 and 13 nobody likes."""
    chance = np.random.default_rng(seed)
    side = np.arange(people) < 3 * people // 4
    agree = np.empty((people, 14))
    agree[:, :2], agree[:, 12:] = 0.85, 0.15
    for s in range(2, 12):
        agree[:, s] = np.where(side == (s % 5 > 0), 0.95, 0.05)
    table = np.where(chance.random(agree.shape) < agree, 1.0, -1.0)
    return np.where(chance.random(agree.shape) < 0.85, table, np.nan)


def test_what_both_sides_support_is_above_what_the_larger_side_does():
    found = score_bridging(votes=votes_of_table(two_sides(1)), least_given=5)
    scores = dict(zip(found.statements, found.scores, strict=True))
    both = min(scores["s0000"], scores["s0001"])
    sides = [scores[f"s{s:04}"] for s in range(2, 12)]
    assert both > max(sides) + 0.05
    assert max(scores["s0012"], scores["s0013"]) < min(sides) - 0.05
    # Raw agreement would put what the larger side alone supports nearly as high.
    table = two_sides(1)
    shares = np.nanmean(table == 1, axis=0)
    assert shares[3] > shares[0] - 0.2


def test_the_loss_is_the_least_that_descent_finds():
    table = two_sides(2, people=16)[:, :7]
    found = score_bridging(votes=votes_of_table(table), least_given=1, least_received=1)
    who, what = np.nonzero(~np.isnan(table))
    answers = (table[who, what] + 1) / 2
    people, statements = table.shape

    def loss(x):
        level, readiness, scores, stand, places = np.split(x, np.cumsum([1, people, statements, people]))
        left = answers - level - readiness[who] - scores[what] - stand[who] * places[what]
        levels = level**2 + np.mean(readiness**2) + np.mean(scores**2)
        return float(
            (
                np.mean(left**2) + LEVEL_PENALTY * levels + PLACE_PENALTY * (np.mean(stand**2) + np.mean(places**2))
            ).item()
        )

    chance = np.random.default_rng(0)
    least = min(
        minimize(
            loss,
            chance.normal(scale=0.3, size=1 + 2 * (people + statements)),
            method="L-BFGS-B",
            options={"maxfun": 10**6},
        ).fun
        for _ in range(2)
    )
    assert found.loss == pytest.approx(least, abs=1e-5)


def test_names_and_order_change_no_score():
    table = two_sides(3)
    found = score_bridging(votes=votes_of_table(table))
    chance = np.random.default_rng(1)
    rows, columns = chance.permutation(len(table)), chance.permutation(table.shape[1])
    other = score_bridging(votes=votes_of_table(table[rows][:, columns]))
    moved = [other.scores[other.statements.index(f"s{int(np.flatnonzero(columns == s)[0]):04}")] for s in range(14)]
    assert found.scores == pytest.approx(np.array(moved), abs=1e-4)


def test_who_answered_little_and_what_few_answered_are_left_out():
    rows = {f"p{i}": {f"s{j}": 1 for j in range(3)} for i in range(5)}
    rows["p0"]["rare"] = 1
    rows["short"] = {"s0": -1}
    found = score_bridging(votes=votes_of(rows), least_given=2, least_received=5)
    assert found.statements == ("s0", "s1", "s2")
    assert score_bridging(votes=votes_of(rows), shown=["s1", "s2"], least_given=2).statements == ("s1", "s2")


def test_no_answers_have_no_scores_and_unanimous_ones_do():
    assert score_bridging(votes=votes_of({}, ("s",))).statements == ()
    found = score_bridging(votes=votes_of({f"p{i}": {"a": 1, "b": 1} for i in range(6)}), least_given=1)
    assert found.scores[0] == pytest.approx(found.scores[1])


def test_a_least_number_of_none_is_refused():
    with pytest.raises(BadParameter):
        score_bridging(votes=votes_of({"a": {"s": 1}}), least_given=0)
