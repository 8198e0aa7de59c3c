"""The whole analysis: what it promises whatever the groups, and that no order of input changes a digit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.engines.dialogue.analysis import analyse_dialogue, describe_dialogue
from comity.errors import BadParameter
from support.dialogues import groups_of, planted_table, votes_of, votes_of_table

SIZES = (40, 30, 20)
LABELS = [g for g, size in enumerate(SIZES) for _ in range(size)]


def rows_of(table):
    return {
        f"p{i:05}": {f"s{j:04}": int(v) for j, v in enumerate(row) if not np.isnan(v)} for i, row in enumerate(table)
    }


def agreed_table(seed=1):
    """Three groups that differ on all but the first two statements, which all support."""
    table = planted_table(seed=seed, sizes=SIZES, statements=12, seen=0.9)
    table[:, :2] = 1.0
    return table


def described(table=None, **more):
    table = agreed_table() if table is None else table
    return describe_dialogue(votes=votes_of_table(table), groups=groups_of(LABELS, table.shape[1]), **more)


def test_what_all_support_is_found_and_counted():
    found = described()
    assert [c.statement for c in found.common_ground] == ["s0000", "s0001"]
    row = found.statements_table[0]
    assert (row.overall.agree, row.overall.disagree, row.overall.passed) == (90, 0, 0)
    assert [g.agree for g in row.by_group] == list(SIZES)
    assert {r.statement for r in found.representative}.isdisjoint({"s0000", "s0001"})


def test_a_statement_taken_away_by_moderation_is_in_no_result():
    found = described(shown=[f"s{j:04}" for j in range(1, 12)])
    assert [c.statement for c in found.common_ground] == ["s0001"]
    assert len(found.statements_table) == 11
    assert "s0000" not in {r.statement for r in found.representative}


def test_those_in_no_group_count_among_everybody():
    labels = [*LABELS[:-5], *[-1] * 5]
    table = agreed_table()
    found = describe_dialogue(votes=votes_of_table(table), groups=groups_of(labels, 12))
    assert found.statements_table[0].overall.agree == 90
    assert [g.agree for g in found.statements_table[0].by_group] == [40, 30, 15]


def test_with_no_group_at_all_common_ground_is_of_everybody():
    found = describe_dialogue(votes=votes_of_table(agreed_table()), groups=groups_of([-1] * 90, 12))
    assert {"s0000", "s0001"} <= {c.statement for c in found.common_ground}
    assert found.representative == ()
    assert all(c.by_group == () for c in found.common_ground)


def test_regions_are_asked_and_small_ones_named():
    regions = {f"p{i:05}": "north" if i % 2 else "south" for i in range(85)} | {
        f"p{i:05}": "isles" for i in range(85, 90)
    }
    table = agreed_table()
    table[0:84:2, 1] = -1.0
    found = described(table, regions=regions)
    assert [c.statement for c in found.common_ground] == ["s0000"]
    assert [name for name, _ in found.common_ground[0].by_region] == ["north", "south"]
    assert found.unheard_regions == ("isles",)


def test_near_duplicates_are_told_with_their_effect_and_nothing_is_removed():
    texts = {f"s{j:04}": f"{word} {word} {word}" for j, word in enumerate("abcdefghijkl")}
    texts |= {"s0000": "A person must be able to stop it.", "s0001": "A person must be able to stop it!"}
    found = described(texts=texts)
    assert [(d.kept, d.other) for d in found.honesty.duplicates] == [("s0000", "s0001")]
    assert found.honesty.effect.lost == (("s0001", "agree"),)
    assert [c.statement for c in found.common_ground] == ["s0000", "s0001"]


def test_coordinated_accounts_are_told_with_their_effect():
    # Thirty accounts of the last group all come within a minute and reject what it otherwise half supports.
    chance = np.random.default_rng(3)
    table = planted_table(seed=3, sizes=(40, 60), statements=14, seen=1.0, contrast=0.3)
    table[:, 0] = np.where(chance.random(100) < 0.95, 1.0, -1.0)
    table[70:, :] = np.where(np.arange(14) % 2, 1.0, -1.0)
    times = {f"p{i:05}": 1000 * i for i in range(70)} | {f"p{i:05}": 35_000 + i for i in range(70, 100)}
    found = describe_dialogue(votes=votes_of_table(table), groups=groups_of([0] * 40 + [1] * 60, 14), times=times)
    (burst,) = found.honesty.coordinated
    assert burst.participants == tuple(f"p{i:05}" for i in range(70, 100))
    assert found.common_ground == () or "s0000" not in {c.statement for c in found.common_ground}
    assert ("s0000", "agree") in found.honesty.effect.gained


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 5))
def test_no_order_of_input_changes_anything(chance, seed):
    table = agreed_table(seed)
    rows = rows_of(table)
    regions = {p: f"r{i % 3}" for i, p in enumerate(rows)}
    texts = {f"s{j:04}": f"Statement number {j} of this dialogue." for j in range(12)}
    shown = [f"s{j:04}" for j in range(1, 12)]

    def shuffled(mapping):
        items = list(mapping.items())
        chance.shuffle(items)
        return dict(items)

    groups = groups_of(LABELS, 12)
    names = tuple(f"s{j:04}" for j in range(12))
    one = describe_dialogue(votes=votes_of(rows, names), groups=groups, regions=regions, texts=texts, shown=shown)
    other = describe_dialogue(
        votes=votes_of({p: shuffled(r) for p, r in shuffled(rows).items()}, names),
        groups=groups,
        regions=shuffled(regions),
        texts=shuffled(texts),
        shown=shown[::-1],
    )
    assert replace(one, groups=groups) == replace(other, groups=groups)
    assert len(one.digest) == 64


@pytest.mark.parametrize("seed", range(3))
def test_from_votes_alone_no_order_or_name_changes_what_is_found(seed):
    table = agreed_table(seed)
    chance = np.random.default_rng(seed)
    people = chance.permutation(len(table))
    votes, turned = votes_of_table(table), votes_of_table(table[people])
    one = analyse_dialogue(votes=votes, draws=8, seed=3)
    other = analyse_dialogue(votes=turned, draws=0)
    assert one.groups.k == 3
    assert one.groups.labels[people].tolist() == other.groups.labels.tolist()
    for part in ("common_ground", "representative", "statements_table", "not_yet_heard"):
        assert getattr(one, part) == getattr(other, part)
    assert (one.stability.draws, one.stability.k_share > 0.5, other.stability) == (8, True, None)
    assert one.digest == analyse_dialogue(votes=votes, draws=8, seed=3).digest != other.digest


def test_another_vote_or_parameter_gives_another_digest():
    table = agreed_table()
    digests = {
        described(table).digest,
        described(table, least_answers=12).digest,
        described(table, most_false=0.01).digest,
    }
    table[0, 5] = 1.0 if table[0, 5] != 1.0 else -1.0
    assert len(digests | {described(table).digest}) == 4


def test_the_map_is_not_sealed_but_the_groups_are():
    votes = votes_of_table(agreed_table())
    groups = groups_of(LABELS, 12)
    moved = replace(groups, places=np.ones((90, 2)), axes=np.ones((2, 12)), criterion=((2, 0.5),))
    turned = groups_of([(g + 1) % 3 for g in LABELS], 12)
    digest = describe_dialogue(votes=votes, groups=groups).digest
    assert describe_dialogue(votes=votes, groups=moved).digest == digest
    assert describe_dialogue(votes=votes, groups=turned).digest != digest


def test_no_answers_at_all_are_no_error():
    found = describe_dialogue(votes=votes_of({}, ("s",)), groups=groups_of([], 1))
    assert (found.votes, found.common_ground, found.representative) == (0, (), ())
    assert found.statements_table[0].overall.agreeing is None


def test_a_least_number_of_none_is_refused():
    with pytest.raises(BadParameter):
        described(least_answers=0)
