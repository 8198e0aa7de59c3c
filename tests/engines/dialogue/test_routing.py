"""Routing: every statement a chance, new ones a guaranteed part, and shares that weights make right again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.dialogue.counts import Counts
from comity.engines.dialogue.routing import (
    ALIKE,
    ENOUGH,
    NEW,
    Standings,
    choose_statement,
    reweigh_share,
    take_standings,
    weigh_statements,
)
from comity.errors import BadParameter

ROWS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.floats(0, 1)), min_size=1, max_size=30
)


def standings_of(rows):
    table = np.array([r[:3] for r in rows], dtype=np.int64)
    return Standings(
        statements=tuple(f"s{i:03}" for i in range(len(rows))),
        agree=table[:, 0],
        disagree=table[:, 1],
        passed=table[:, 2],
        parting=np.array([r[3] for r in rows], dtype=float),
    )


@given(ROWS)
def test_every_statement_has_a_chance_and_new_ones_their_part(rows):
    weights = weigh_statements(standings=standings_of(rows))
    new = np.array([sum(r[:3]) < ENOUGH for r in rows])
    assert weights.sum() == pytest.approx(1)
    assert weights.min() >= ALIKE / len(rows) - 1e-12
    if new.any():
        assert weights[new].sum() >= NEW - 1e-12
        assert weights[new].min() >= NEW / new.sum() - 1e-12


@given(ROWS, st.floats(0, 1, exclude_max=True), st.randoms(use_true_random=False))
def test_a_choice_tells_its_own_chance_whatever_the_order(rows, draw, chance):
    standings = standings_of(rows)
    unseen = list(standings.statements)
    chance.shuffle(unseen)
    choice = choose_statement(standings=standings, unseen=unseen, draw=draw)
    weights = weigh_statements(standings=standings)
    assert choice == choose_statement(standings=standings, unseen=sorted(unseen), draw=draw)
    assert choice.probability == pytest.approx(weights[int(choice.statement[1:])])
    assert set(choice.waited) == set(unseen) - {choice.statement}


def test_each_statement_is_chosen_as_often_as_is_written_down():
    standings = standings_of([(5, 3, 1, 0.2), (200, 20, 5, 0.9), (100, 100, 50, 0.0), (0, 0, 0, 0.0)])
    weights = weigh_statements(standings=standings)
    draws = (np.arange(4000) + 0.5) / 4000
    chosen = [choose_statement(standings=standings, unseen=standings.statements, draw=d).statement for d in draws]
    often = [chosen.count(s) / 4000 for s in standings.statements]
    assert often == pytest.approx(weights.tolist(), abs=0.001)


def test_of_two_known_statements_the_one_that_parts_groups_and_the_less_certain_come_first():
    weights = weigh_statements(standings=standings_of([(100, 100, 0, 0.9), (100, 100, 0, 0.0), (400, 400, 0, 0.0)]))
    assert weights[0] > weights[1] > weights[2]


def test_what_many_pass_on_comes_last():
    weights = weigh_statements(standings=standings_of([(60, 60, 0, 0.0), (60, 60, 200, 0.0)]))
    assert weights[0] > weights[1]


def test_agreement_and_disagreement_weigh_alike():
    weights = weigh_statements(standings=standings_of([(90, 10, 5, 0.1), (10, 90, 5, 0.1)]))
    assert weights[0] == pytest.approx(weights[1])


def test_groups_part_where_their_shares_lie_apart_and_a_group_not_heard_parts_nothing():
    agree = np.array([[90, 50, 90], [10, 50, 0]])
    counts = Counts(agree, np.array([[10, 50, 10], [90, 50, 0]]), np.zeros((2, 3), dtype=int))
    parting = take_standings(statements=("a", "b", "c"), everybody=counts.together(), by_group=counts).parting
    assert parting.tolist() == pytest.approx([91 / 102 - 11 / 102, 0, 0])
    none = take_standings(statements=("a", "b", "c"), everybody=counts.together(), by_group=counts.first(0)).parting
    assert none.tolist() == [0, 0, 0]


def test_when_all_are_seen_there_is_nothing_to_choose():
    assert choose_statement(standings=standings_of([(1, 1, 1, 0.0)]), unseen=[], draw=0.5) is None


@pytest.mark.parametrize("more", [{"draw": 1.0}, {"draw": -0.1}, {"unseen": ["other"]}, {"alike": 0.0}, {"new": 0.9}])
def test_a_choice_that_cannot_be_made_is_refused(more):
    with pytest.raises(BadParameter):
        choose_statement(**{"standings": standings_of([(1, 1, 1, 0.0)]), "unseen": ["s000"], "draw": 0.5, **more})


@pytest.mark.parametrize("chances", [[0.0], [1.5], [float("nan")]])
def test_chances_that_are_none_are_refused(chances):
    with pytest.raises(BadParameter):
        reweigh_share(given=[True], chances=chances, steps=[3])


def test_the_chances_of_one_person_sum_to_its_steps_on_average():
    # Exact, over all ways that three choices among four statements can go, with standings that change in between.
    first = standings_of([(50, 50, 0, 0.9), (90, 5, 0, 0.0), (3, 1, 0, 0.0), (40, 40, 30, 0.1)])
    later = standings_of([(90, 90, 0, 0.1), (95, 5, 0, 0.0), (60, 1, 0, 0.8), (40, 40, 30, 0.1)])
    sums = dict.fromkeys(first.statements, 0.0)

    def walk(unseen, waited, path, kept):
        if len(path) == 3:
            for statement, chance in kept:
                sums[statement] += np.prod(path) / chance
            return
        standings = first if len(path) < 1 or "s000" not in unseen else later
        at = 0.0
        for name in sorted(unseen):
            part = [first.statements.index(s) for s in sorted(unseen)]
            chances = weigh_statements(
                standings=Standings(
                    tuple(sorted(unseen)),
                    *(a[part] for a in (standings.agree, standings.disagree, standings.passed, standings.parting)),
                )
            )
            chance = chances[sorted(unseen).index(name)]
            choice = choose_statement(standings=standings, unseen=unseen, draw=at + chance / 2, waited=waited)
            assert choice.statement == name
            at += chance
            walk(unseen - {name}, choice.waited, [*path, choice.probability], [*kept, (name, choice.chance)])

    walk(frozenset(first.statements), None, [], [])
    assert list(sums.values()) == pytest.approx([3.0] * 4)


def simulate_drift(seed, people=120, statements=12):
    """One dialogue whose first half is for a new statement and whose second is against: what was shown, to whom, and the truth.

    Statement 0 is new: the early ones are shown it often, the late ones seldom. Who answers much is more for it.
    """
    chance = np.random.default_rng(seed)
    counts = np.tile(np.array([[40], [40], [10]]), (1, statements))
    counts[:, 0] = 0
    names = tuple(f"s{i:03}" for i in range(statements))
    shown, truth = [], []
    for person in range(people):
        early, busy = person < people // 2, chance.random() < 0.5
        opinion = chance.random() < (0.8 if early else 0.2) + (0.15 if busy else -0.15)
        truth.append(opinion)
        unseen, waited = set(names), None
        steps = 8 if busy else 3
        for _ in range(steps):
            standings = Standings(names, *counts, parting=np.zeros(statements))
            choice = choose_statement(standings=standings, unseen=unseen, draw=chance.random(), waited=waited)
            waited = choice.waited
            unseen.remove(choice.statement)
            if choice.statement == "s000":
                shown.append((opinion, choice.chance, steps))
                counts[0 if opinion else 1, 0] += 1
    return np.array(shown), np.mean(truth)


def test_weights_straighten_what_routing_bends():
    raw, weighted = [], []
    for seed in range(9):
        shown, truth = simulate_drift(seed)
        raw.append(shown[:, 0].mean() - truth)
        weighted.append(reweigh_share(given=shown[:, 0], chances=shown[:, 1], steps=shown[:, 2]).share - truth)
    error = np.std(weighted, ddof=1) / np.sqrt(len(weighted))
    assert abs(np.mean(raw)) > 0.06
    assert abs(np.mean(weighted)) < min(3 * error, 0.03)
