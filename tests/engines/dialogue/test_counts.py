"""Counting: the same as by hand, in blocks of any size, and regions too small to be spoken of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.dialogue import counts as counting
from comity.engines.dialogue.counts import count_answers, label_regions
from comity.errors import BadParameter
from support.dialogues import votes_of, votes_of_table

TABLES = st.lists(
    st.lists(st.sampled_from([1.0, 0.0, -1.0, float("nan")]), min_size=4, max_size=4), min_size=1, max_size=12
)


@given(TABLES, st.integers(1, 9), st.data())
def test_counts_are_those_made_by_hand_in_blocks_of_any_size(table, block, data):
    table = np.array(table)
    labels = np.array(data.draw(st.lists(st.integers(-1, 2), min_size=len(table), max_size=len(table))), dtype=np.int8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "BLOCK", block)
        found = count_answers(votes=votes_of_table(table), labels=labels, parts=3)
    for part, label in enumerate([0, 1, 2, -1]):
        for answer, counted in ((1, found.agree), (-1, found.disagree), (0, found.passed)):
            assert counted[part].tolist() == (table[labels == label] == answer).sum(axis=0).tolist()
    assert found.together().heard[0].tolist() == (~np.isnan(table)).sum(axis=0).tolist()


def test_labels_that_name_no_part_are_refused():
    votes = votes_of({"a": {"s": 1}, "b": {"s": 0}})
    for labels in ([0, 3], [-2, 0], [0]):
        with pytest.raises(BadParameter):
            count_answers(votes=votes, labels=np.array(labels, dtype=np.int8), parts=3)


def test_a_region_with_too_few_is_named_and_not_counted():
    votes = votes_of({f"p{i}": {"s": 1} for i in range(6)})
    regions = dict(zip([f"p{i}" for i in range(6)], ["north", "north", "north", "south", "south", ""], strict=True))
    labels, present, small = label_regions(votes=votes, regions=regions, least=3)
    assert (labels.tolist(), present, small) == ([0, 0, 0, -1, -1, -1], ("north",), ("south",))


def test_without_regions_nobody_is_in_one():
    labels, present, small = label_regions(votes=votes_of({"a": {"s": 1}}), regions={}, least=1)
    assert (labels.tolist(), present, small) == ([-1], (), ())


def test_who_answered_nothing_makes_no_region_present():
    votes = votes_of({"a": {"s": 1}, "b": {}}, ("s",))
    assert label_regions(votes=votes, regions={"a": "north", "b": "north"}, least=2)[1:] == ((), ("north",))
