"""Common ground: in every group and region, ranked by what is sure, never on thin evidence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.dialogue.common_ground import (
    LEAST_ANSWERS,
    consensus_product,
    find_shared_ground,
    find_unheard,
)
from comity.engines.dialogue.counts import Counts, Tally

CELLS = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 9))


def counts_of(cells, statements):
    table = np.array(cells, dtype=np.int64).reshape(len(cells), statements, 3)
    return Counts(table[:, :, 0], table[:, :, 1], table[:, :, 2])


def tally_of(groups, regions=None):
    """A tally from (agree, disagree, passed) as group → statements and region → statements; everybody is the groups."""
    statements = len(groups[0])
    by_group = counts_of(groups, statements)
    return Tally(
        everybody=by_group.together(),
        by_group=by_group,
        by_region=counts_of(list((regions or {}).values()), statements),
        statements=tuple(f"s{i:02}" for i in range(statements)),
        regions=tuple(regions or {}),
    )


def found(tally, **more):
    return [(c.statement, c.direction) for c in find_shared_ground(tally=tally, **more)]


def test_few_votes_do_not_outrank_many_by_luck():
    # 73 answers of which 71 agree, beside 295 of which 285 do: 97.3% against 96.6%.
    tally = tally_of([[(36, 1, 0), (143, 5, 0)], [(35, 1, 0), (142, 5, 0)]])
    assert found(tally) == [("s01", "agree"), ("s00", "agree")]
    assert find_shared_ground(tally=tally)[1].overall.share > find_shared_ground(tally=tally)[0].overall.share


def test_what_one_group_does_not_support_is_not_common_ground():
    assert found(tally_of([[(1000, 0, 0)], [(12, 10, 0)]])) == []


def test_what_one_region_does_not_support_is_not_common_ground():
    groups = [[(50, 2, 0)], [(48, 3, 0)]]
    assert found(tally_of(groups, {"north": [(70, 1, 0)], "south": [(28, 4, 0)]})) == [("s00", "agree")]
    assert found(tally_of(groups, {"north": [(85, 1, 0)], "south": [(13, 14, 0)]})) == []


def test_all_rejecting_is_common_ground_with_its_direction():
    assert found(tally_of([[(1, 40, 2)], [(0, 30, 1)]])) == [("s00", "disagree")]


def test_passing_is_not_supporting():
    assert found(tally_of([[(20, 0, 30)], [(25, 0, 30)]])) == []


def test_one_group_with_too_few_answers_makes_it_not_yet_heard():
    tally = tally_of([[(90, 2, 0)], [(LEAST_ANSWERS - 1, 0, 0)]], {"east": [(60, 0, 0)], "west": [(5, 0, 0)]})
    assert found(tally) == []
    unheard = find_unheard(tally=tally)
    assert [(u.statement, u.direction, u.groups, u.regions) for u in unheard] == [("s00", "agree", (1,), ("west",))]


def test_how_the_few_answered_changes_nothing_of_what_is_told():
    told = {
        find_unheard(tally=tally_of([[(90, 2, 0)], cell], {"east": [(60, 0, 0)]}))
        for cell in ([(9, 0, 0)], [(0, 9, 0)], [(3, 3, 3)])
    }
    assert len(told) == 1


@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=4))
def test_common_ground_has_every_group_and_is_in_order(cells):
    tally = tally_of(cells)
    ground = find_shared_ground(tally=tally)
    assert [c.lower for c in ground] == sorted((c.lower for c in ground), reverse=True)
    for each in ground:
        s = int(each.statement[1:])
        answer = 0 if each.direction == "agree" else 1
        for g, interval in enumerate(each.by_group):
            assert interval.share == cells[g][s][answer] / sum(cells[g][s])
            assert interval.n >= LEAST_ANSWERS
            assert 0.5 < each.lower <= interval.low
        assert each.lower <= each.overall.low
    assert not {(c.statement, c.direction) for c in ground} & {
        (u.statement, u.direction) for u in find_unheard(tally=tally)
    }


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=3), st.integers(0, 2))
def test_one_more_who_agrees_never_takes_a_statement_out(cells, s):
    before = (f"s{s:02}", "agree") in found(tally_of(cells))
    agree, disagree, passed = cells[0][s]
    more = [list(cells[0]), *cells[1:]]
    more[0][s] = (agree + 1, disagree, passed)
    assert not before or (f"s{s:02}", "agree") in found(tally_of(more))


def test_group_informed_consensus_is_as_polis_defines_it():
    tally = tally_of([[(30, 2, 4)], [(18, 1, 1)]])
    assert find_shared_ground(tally=tally)[0].product == pytest.approx((31 / 38) * (19 / 22))


def test_with_no_group_consensus_is_of_everybody():
    none = np.zeros((0, 1), dtype=np.int64)
    assert consensus_product(given=none, heard=none).tolist() == [1.0]
    tally = tally_of([[(30, 1, 0)]])
    alone = Tally(tally.everybody, tally.by_group.first(0), tally.by_region, tally.statements, ())
    assert found(alone) == [("s00", "agree")]
