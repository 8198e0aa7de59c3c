"""Small counts: an attacker with every published figure cannot work one out, by linear programmes over all that could be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from comity.engines.dialogue.small_cells import LEAST, protect_counts
from comity.errors import BadParameter

COUNT = st.one_of(st.integers(0, 6), st.integers(0, 60))


@st.composite
def tables(draw):
    """One table of groups and, half of the time, one of regions of the same people."""
    answers = draw(st.integers(2, 3))
    groups = np.array(draw(st.lists(st.lists(COUNT, min_size=answers, max_size=answers), min_size=1, max_size=4)))
    if not draw(st.booleans()):
        return groups, None
    cuts = draw(st.integers(1, 4))
    regions = np.zeros((cuts, answers), dtype=int)
    for a, total in enumerate(groups.sum(axis=0)):
        places = sorted(draw(st.lists(st.integers(0, int(total)), min_size=cuts - 1, max_size=cuts - 1)))
        regions[:, a] = np.diff([0, *places, int(total)])
    return groups, regions


def published_equations(groups, regions, found):
    """Every published figure as an equation over the unknown cells: coefficients (figures, cells) and figures."""
    cells = [("g", r, a) for r in range(groups.shape[0]) for a in range(groups.shape[1])]
    if regions is not None:
        cells += [("r", r, a) for r in range(regions.shape[0]) for a in range(regions.shape[1])]
    sums, figures = [], []

    def tell(figure, fits):
        if figure is not None:
            sums.append([float(fits(*c)) for c in cells])
            figures.append(figure)

    for kind, shown, row_totals in (("g", found.groups, found.group_totals), ("r", found.regions, found.region_totals)):
        for r, row in enumerate(shown):
            for a, figure in enumerate(row):
                tell(figure, lambda k, i, j, kind=kind, r=r, a=a: (k, i, j) == (kind, r, a))
            tell(row_totals[r], lambda k, i, j, kind=kind, r=r: (k, i) == (kind, r))
        if shown:
            for a, figure in enumerate(found.answer_totals):
                tell(figure, lambda k, i, j, kind=kind, a=a: (k, j) == (kind, a))
            tell(found.total, lambda k, i, j, kind=kind: k == kind)
    if regions is not None:
        # Both tables are of the same people, whether the totals are shown or not.
        for a in range(groups.shape[1]):
            sums.append([(1.0 if k == "g" else -1.0) * (j == a) for k, i, j in cells])
            figures.append(0)
    return cells, np.array(sums), np.array(figures, dtype=float)


def most_it_could_be(weights, sums, figures):
    done = linprog(
        -np.asarray(weights), A_eq=sums if len(sums) else None, b_eq=figures if len(sums) else None, bounds=(0, None)
    )
    return np.inf if done.status == 3 else -done.fun


@settings(max_examples=40, deadline=None)
@given(tables())
def test_from_all_that_is_published_every_small_count_might_be_five(both):
    groups, regions = both
    found = protect_counts(groups=groups, regions=regions)
    cells, sums, figures = published_equations(groups, regions, found)
    for table, kind in ((groups, "g"), (regions, "r")):
        for r, row in enumerate([] if table is None else table):
            for a, count in enumerate(row):
                if count < LEAST:
                    assert most_it_could_be([float(c == (kind, r, a)) for c in cells], sums, figures) >= LEAST - 1e-6
            if row.sum() < LEAST:
                assert most_it_could_be([float(c[:2] == (kind, r)) for c in cells], sums, figures) >= LEAST - 1e-6
    for a, count in enumerate(groups.sum(axis=0)):
        if count < LEAST:
            assert most_it_could_be([float(c[0] == "g" and c[2] == a) for c in cells], sums, figures) >= LEAST - 1e-6


@settings(max_examples=60)
@given(tables())
def test_what_is_published_is_true_and_never_small(both):
    groups, regions = both
    found = protect_counts(groups=groups, regions=regions)
    pairs = list(zip(groups.ravel().tolist(), [c for row in found.groups for c in row], strict=True))
    pairs += zip(groups.sum(axis=1).tolist(), found.group_totals, strict=True)
    pairs += zip(groups.sum(axis=0).tolist(), found.answer_totals, strict=True)
    pairs.append((int(groups.sum()), found.total))
    if regions is not None:
        pairs += zip(regions.ravel().tolist(), [c for row in found.regions for c in row], strict=True)
        pairs += zip(regions.sum(axis=1).tolist(), found.region_totals, strict=True)
    for true, shown in pairs:
        assert shown is None or (shown == true and shown >= LEAST)


@given(st.lists(st.lists(st.integers(LEAST, 99), min_size=3, max_size=3), min_size=1, max_size=5))
def test_where_no_count_is_small_all_is_published(groups):
    found = protect_counts(groups=groups)
    assert found.groups == tuple(tuple(row) for row in groups)
    assert found.total == sum(map(sum, groups))


def test_a_small_count_in_a_large_table_hides_three_more_and_no_total():
    found = protect_counts(groups=[[40, 2, 30], [30, 20, 50], [25, 35, 60]])
    assert found.groups == ((None, None, 30), (None, None, 50), (25, 35, 60))
    assert found.group_totals == (72, 100, 120)
    assert found.answer_totals == (95, 57, 140)


def test_one_dissenter_in_one_region_does_not_follow_from_the_groups():
    found = protect_counts(groups=[[50, 1], [49, 10]], regions=[[60, 11], [39, 0]])
    assert found.groups[0][1] is None
    assert found.regions[1][1] is None
    assert found.total == 110


def test_two_tables_of_different_people_are_refused():
    with pytest.raises(BadParameter):
        protect_counts(groups=[[5, 6]], regions=[[5, 7]])


@pytest.mark.parametrize("groups", [[[5, -1]], [], [[]], [5, 6]])
def test_tables_that_are_none_are_refused(groups):
    with pytest.raises(BadParameter):
        protect_counts(groups=groups)
