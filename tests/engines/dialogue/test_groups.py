"""Opinion groups: planted ones are found, no order or name changes them, and published ones are met."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.engines.dialogue.group_number import choose_number
from comity.engines.dialogue.groups import find_groups
from comity.engines.dialogue.stability import compare_groups
from comity.engines.dialogue.votes import add_votes, gather_votes


def plant(*, people, statements, sizes, seed, missing=0.6, noise=0.1):
    """Return columns of votes and the group of each person."""
    chance = np.random.default_rng(seed)
    mine = chance.choice(len(sizes), people, p=np.asarray(sizes) / sum(sizes))
    held = chance.choice([-1, 1], (len(sizes), statements))
    answers = held[mine] * np.where(chance.random((people, statements)) < noise, -1, 1)
    who, what = np.nonzero(chance.random(answers.shape) >= missing)
    return who, what, answers[who, what], mine


def gather(who, what, values):
    return gather_votes(participants=who, statements=what, values=values)


def truth(votes, mine):
    return mine[np.asarray([int(name) for name in votes.participants])]


@pytest.mark.parametrize("sizes", [(1, 1), (8, 2), (3, 2, 1), (4, 3, 2, 2), (3, 3, 2, 2, 2)], ids=str)
def test_planted_groups_are_found_with_three_fifths_missing(sizes):
    for seed in range(3):
        who, what, values, mine = plant(people=500, statements=80, sizes=sizes, seed=seed)
        votes = gather(who, what, values)
        found = find_groups(votes=votes)
        assert found.k == len(sizes)
        assert compare_groups(a=found.labels, b=truth(votes, mine)) >= 0.95
        assert found.sizes == tuple(np.bincount(found.labels).tolist()) == tuple(sorted(found.sizes, reverse=True))


def test_answers_that_have_nothing_to_do_with_each_other_are_one_group():
    for seed in range(5):
        chance = np.random.default_rng(seed)
        who, what = np.nonzero(chance.random((300, 40)) < np.linspace(0.7, 0.2, 40))
        values = np.where(chance.random(len(who)) < chance.random(40)[what], 1, -1)
        found = find_groups(votes=gather(who, what, values))
        assert (found.k, found.sizes, found.criterion) == (1, (300,), ((1, 0.0),))


def test_too_few_people_are_no_group():
    found = find_groups(votes=gather_votes(participants=["a", "b"], statements=["s", "s"], values=[1, -1]))
    assert (found.k, found.sizes, found.labels.tolist()) == (0, (), [-1, -1])
    nobody = find_groups(votes=gather_votes(participants=[], statements=[], values=[]))
    assert (nobody.k, nobody.labels.shape, nobody.places.shape) == (0, (0,), (0, 2))


def test_all_of_one_opinion_are_one_group():
    who, what = (part.ravel() for part in np.meshgrid(np.arange(40), np.arange(12)))
    assert find_groups(votes=gather(who, what, np.ones(len(who), dtype=int))).k == 1


def test_whoever_answered_fewer_than_least_is_placed_but_not_grouped():
    who, what, values, _ = plant(people=200, statements=60, sizes=(1, 1), seed=1)
    who, what, values = np.r_[who, [900] * 6], np.r_[what, range(6)], np.r_[values, [1] * 6]
    votes = gather(who, what, values)
    place = votes.participants.index("900")
    assert find_groups(votes=votes).labels[place] == -1
    assert np.isfinite(find_groups(votes=votes).places[place]).all()
    assert find_groups(votes=votes, least=6).labels[place] >= 0


def test_statements_not_shown_do_not_count_and_have_no_weight_on_the_axes():
    who, what, values, _ = plant(people=300, statements=60, sizes=(1, 1), seed=2)
    shown = [str(number) for number in range(40)]
    votes = gather(who, what, values)
    found = find_groups(votes=votes, shown=shown)
    hidden = np.asarray([name not in shown for name in votes.statements])
    assert (found.axes[:, hidden] == 0).all()
    kept = what < 40
    alone = find_groups(votes=gather(who[kept], what[kept], values[kept]))
    assert np.array_equal(found.labels, alone.labels)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000), k=st.integers(2, 5), wide=st.sampled_from([30, 150]))
def test_no_order_of_votes_and_no_names_change_the_groups(seed, k, wide):
    who, what, values, _ = plant(people=150, statements=wide, sizes=(1,) * k, seed=seed, noise=0.25)
    chance = np.random.default_rng(seed)
    votes = gather(who, what, values)
    found = find_groups(votes=votes)
    order = chance.permutation(len(who))
    shuffled = find_groups(votes=gather(who[order], what[order], values[order]))
    assert np.array_equal(found.labels, shuffled.labels)
    assert np.array_equal(found.places, shuffled.places, equal_nan=True)
    people, asked = chance.permutation(150) + 1000, chance.permutation(wide) + 1000
    votes_renamed = gather(people[who], asked[what], values)
    renamed = find_groups(votes=votes_renamed)
    back = {str(people[number]): str(number) for number in range(150)}
    where = {name: place for place, name in enumerate(votes.participants)}
    labels = found.labels[[where[back[name]] for name in votes_renamed.participants]]
    assert (renamed.k, renamed.sizes) == (found.k, found.sizes)
    assert np.array_equal(renamed.labels, labels)


def test_arguments_are_not_changed():
    who, what, values, _ = plant(people=100, statements=40, sizes=(1, 1), seed=3)
    votes = gather(who, what, values)
    before = [part.copy() for part in (votes.starts, votes.columns, votes.values)]
    find_groups(votes=votes, shown=votes.statements[:30])
    for held, kept in zip((votes.starts, votes.columns, votes.values), before, strict=True):
        assert np.array_equal(held, kept)


@settings(max_examples=6, deadline=None)
@given(
    seed=st.integers(0, 10_000), k=st.integers(1, 4), noise=st.sampled_from([0.1, 0.2, 0.3]), late=st.integers(1, 2000)
)
def test_groups_found_again_and_again_after_further_votes_are_those_found_at_once(seed, k, noise, late):
    who, what, values, _ = plant(people=250, statements=140, sizes=(1,) * k, seed=seed, noise=noise)
    order = np.random.default_rng(seed).permutation(len(who))
    first, *later = np.split(order, [len(order) - 2 * late, len(order) - late])
    votes = gather(who[first], what[first], values[first])
    found = find_groups(votes=votes)
    for part in later:
        votes = add_votes(votes=votes, participants=who[part], statements=what[part], values=values[part])
        found = find_groups(votes=votes, near=found)
    cold = find_groups(votes=votes)
    assert (found.k, found.sizes) == (cold.k, cold.sizes)
    assert np.allclose(found.criterion, cold.criterion, rtol=0, atol=1e-7)
    assert np.array_equal(found.labels, cold.labels)
    assert np.allclose(found.places, cold.places, rtol=0, atol=1e-7, equal_nan=True)


def test_groups_are_found_again_from_the_axes_of_the_map_alone():
    who, what, values, _ = plant(people=300, statements=160, sizes=(3, 2, 2), seed=4, noise=0.2)
    votes = gather(who, what, values)
    cold = find_groups(votes=votes)
    assert cold.spare.shape == (6, 160)
    assert np.array_equal(find_groups(votes=votes, near=replace(cold, spare=None)).labels, cold.labels)


@pytest.mark.parametrize("wide", [40, 160])
def test_a_start_from_the_groups_before_finds_the_same_groups(wide):
    for seed in range(2):
        who, what, values, _ = plant(people=300, statements=wide, sizes=(3, 2, 2), seed=seed, noise=0.2)
        late = len(who) - 50
        earlier = gather(who[:late], what[:late], values[:late])
        votes = add_votes(votes=earlier, participants=who[late:], statements=what[late:], values=values[late:])
        cold = find_groups(votes=votes)
        warm = find_groups(votes=votes, near=find_groups(votes=earlier))
        assert np.array_equal(cold.labels, warm.labels)
        assert np.allclose(cold.axes, warm.axes, rtol=0, atol=1e-9)


def test_a_further_group_must_part_people_clearly_better():
    assert choose_number(criterion=((2, 0.40), (3, 0.41), (4, 0.415), (5, 0.41))) == 2
    assert choose_number(criterion=((2, 0.40), (3, 0.43))) == 3


PUBLISHED = {
    "scoop-hivemind.taxes": 0.90,
    "austria-climate.5twd2jsnkf.2022-08-08": 0.90,
    "vtaiwan.uberx": 0.83,
    "austria-climate.7z7ejpbmv5.2022-08-08": 0.83,
    "brexit-consensus": 0.85,
    "ssis.land-bank-farmland.2rumnecbeh.2021-08-01": 0.85,
}


def read_published(folder):
    """Return votes, the statements not moderated out, and Polis' group of each participant that has one."""
    with (folder / "comments.csv").open(encoding="utf-8", newline="") as file:
        refused = {row["comment-id"] for row in csv.DictReader(file) if row["moderated"] == "-1"}
    columns, groups = ([], [], []), {}
    with (folder / "participants-votes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["group-id"]:
                groups[row["participant"]] = int(row["group-id"])
            for name, value in row.items():
                if name.isdigit() and value:
                    for column, cell in zip(columns, (row["participant"], name, int(value)), strict=True):
                        column.append(cell)
    votes = gather_votes(participants=columns[0], statements=columns[1], values=columns[2])
    return votes, [name for name in votes.statements if name not in refused], groups


@pytest.mark.parametrize("name", PUBLISHED)
def test_groups_of_real_conversations_are_near_those_published(shared, name):
    votes, shown, groups = read_published(shared / "data/dialogue" / name)
    found = find_groups(votes=votes, shown=shown)
    both = [place for place, who in enumerate(votes.participants) if who in groups and found.labels[place] >= 0]
    published = np.asarray([groups[votes.participants[place]] for place in both])
    assert found.k == len(set(groups.values())) == 2
    assert compare_groups(a=found.labels[both], b=published) >= PUBLISHED[name]
