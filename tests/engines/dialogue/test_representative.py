"""Representative statements: the tests by the book, and never a direction that the group does not hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, false_discovery_control

from comity.engines.dialogue.counts import Counts
from comity.engines.dialogue.intervals import estimate_share
from comity.engines.dialogue.representative import compare_groups, control_false_discoveries, score_differences

CELLS = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 20))


def counts_of(cells):
    """Counts from (agree, disagree, passed) as group → statements."""
    table = np.array(cells, dtype=np.int64)
    return Counts(table[:, :, 0], table[:, :, 1], table[:, :, 2])


def names(counts):
    return [f"s{i:02}" for i in range(counts.agree.shape[1])]


@given(st.integers(2, 4).flatmap(lambda k: st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=k, max_size=k)))
def test_no_statement_is_labelled_with_what_its_group_does_not_hold(cells):
    counts = counts_of(cells)
    found = compare_groups(counts=counts, statements=names(counts), most_false=1.0, least=1)
    for each in found:
        agree, disagree, _ = cells[each.group][int(each.statement[1:])]
        given_, opposite = (agree, disagree) if each.direction == "agree" else (disagree, agree)
        assert given_ > opposite
        assert estimate_share(given=given_, n=given_ + opposite).low > 0.5
        assert each.inside.share > each.outside.share
    assert len({(f.statement, f.group) for f in found}) == len(found)


def test_a_group_that_agrees_less_than_the_rest_is_not_said_to_disagree():
    # 70% of the first group agree, 98% of the second: Polis' comparison alone calls the first group's answer "disagree".
    counts = counts_of([[(140, 60, 0)], [(196, 4, 0)]])
    z = score_differences(
        given=counts.disagree[:1], n=counts.heard[:1], other=counts.disagree[1:], other_n=counts.heard[1:]
    )
    assert z.item() > 6
    assert [(f.group, f.direction) for f in compare_groups(counts=counts, statements=["s"])] == [(1, "agree")]


def test_the_score_test_is_pearsons_chi_squared():
    z = score_differences(given=np.array([30]), n=np.array([100]), other=np.array([45]), other_n=np.array([90]))
    peer = chi2_contingency([[30, 70], [45, 45]], correction=False)
    assert z.item() ** 2 == pytest.approx(peer.statistic)
    assert z.item() < 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_q_is_that_of_the_peer(p):
    q = control_false_discoveries(p=np.array(p))
    assert q == pytest.approx(false_discovery_control(p), abs=1e-12)


def test_of_many_statements_that_part_nothing_hardly_one_is_named():
    chance = np.random.default_rng(5)
    agree = chance.binomial(40, 0.8, size=(3, 400))
    counts = Counts(agree, 40 - agree, np.zeros_like(agree))
    assert compare_groups(counts=counts, statements=names(counts)) == ()


def test_false_discoveries_stay_under_what_was_asked():
    # 60 of 300 statements part the two groups; over twenty dialogues the mean share of false names is at most 5%.
    shares = []
    for seed in range(20):
        chance = np.random.default_rng(seed)
        truth = np.where(np.arange(300) < 60, 0.9, 0.6)
        agree = np.stack([chance.binomial(60, truth), chance.binomial(60, 0.6, size=300)])
        counts = Counts(agree, 60 - agree, np.zeros_like(agree))
        named = compare_groups(counts=counts, statements=names(counts))
        assert len(named) > 40
        shares.append(sum(int(f.statement[1:]) >= 60 for f in named) / len(named))
    assert np.mean(shares) <= 0.05


def test_with_one_group_nothing_is_representative():
    counts = counts_of([[(50, 1, 0)]])
    assert compare_groups(counts=counts, statements=["s"]) == ()
    assert compare_groups(counts=counts.first(0), statements=["s"]) == ()


def test_the_surest_difference_comes_first_not_the_one_most_voted_on():
    # 5,000 answers make a difference of a few points sure; 60 make one of sixty points sure.
    counts = counts_of([[(2800, 2200, 0), (55, 5, 0)], [(2500, 2500, 0), (20, 40, 0)]])
    found = [f for f in compare_groups(counts=counts, statements=["many", "few"]) if f.group == 0]
    assert [f.statement for f in found] == ["few", "many"]


def test_too_few_answers_inside_or_outside_are_not_tested():
    counts = counts_of([[(4, 0, 0), (40, 0, 0)], [(0, 40, 0), (0, 4, 0)]])
    assert compare_groups(counts=counts, statements=["a", "b"]) == ()
