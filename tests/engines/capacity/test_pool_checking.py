"""Checking a pool: every result is proved, and no other numbers of tasks are, in fractions or whole."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.engines.capacity.pool import share_pool
from comity.engines.capacity.pool_checking import check_pool
from comity.engines.capacity.pool_terms import set_pool
from comity.engines.capacity.pool_whole import share_whole_tasks
from comity.errors import AllocationDoesNotHold
from support.pools import above_zero, pools

TERMS = set_pool(
    pool={"cpu": 9, "memory": 18}, demands=[("A", {"cpu": 1, "memory": 4}, None), ("B", {"cpu": 3, "memory": 1}, 2)]
)


def claims(result):
    return {s.member: s.tasks for s in result.shares}, {s.member: s.held_by for s in result.shares if s.held_by}


@given(terms=pools())
def test_what_was_shared_out_in_fractions_is_proved(terms):
    tasks, held_by = claims(share_pool(terms=terms))
    found = check_pool(terms=terms, tasks=tasks, held_by=held_by)
    assert (found.members, found.with_all) == (len(terms.demands), len(terms.demands) - len(held_by))


@given(terms=pools())
def test_what_was_shared_out_in_whole_tasks_is_proved(terms):
    tasks, held_by = claims(share_whole_tasks(terms=terms))
    check_pool(terms=terms, tasks=tasks, held_by=held_by, whole=True)


@settings(max_examples=150)
@given(terms=pools(), data=st.data())
def test_no_other_number_of_tasks_is_proved_whatever_it_says_holds_back(terms, data):
    right, _ = claims(share_pool(terms=terms))
    tasks = dict(right)
    for member in data.draw(st.sets(st.sampled_from(sorted(right)), min_size=1)):
        tasks[member] = data.draw(st.just(Fraction(0)) | above_zero | st.just(right[member] / 2))
    assume(tasks != right)
    held_by = {
        d.member: tuple(sorted(data.draw(st.sets(st.sampled_from(sorted(d.task)), min_size=1))))
        for d in terms.demands
        if d.tasks is None or tasks[d.member] != d.tasks
    }
    with pytest.raises(AllocationDoesNotHold):
        check_pool(terms=terms, tasks=tasks, held_by=held_by)


@settings(max_examples=150)
@given(terms=pools(), data=st.data())
def test_no_other_number_of_whole_tasks_is_proved_whatever_it_says_holds_back(terms, data):
    right, _ = claims(share_whole_tasks(terms=terms))
    tasks = dict(right)
    for member in data.draw(st.sets(st.sampled_from(sorted(right)), min_size=1)):
        tasks[member] = max(Fraction(0), right[member] + data.draw(st.sampled_from([-1, 1, 2])))
    assume(tasks != right)
    held_by = {
        d.member: tuple(sorted(data.draw(st.sets(st.sampled_from(sorted(d.task)), min_size=1))))
        for d in terms.demands
        if d.tasks is None or tasks[d.member] + 1 <= d.tasks
    }
    with pytest.raises(AllocationDoesNotHold):
        check_pool(terms=terms, tasks=tasks, held_by=held_by, whole=True)


@pytest.mark.parametrize(
    "tasks,held_by,says",
    [
        ({"A": 3}, {"A": ("cpu",)}, "B: it asks and has no result"),
        ({"A": 3, "B": 2, "C": 0}, {"A": ("cpu",)}, "C: it asks and has no result, or has a result and does not ask"),
        ({"A": 3, "B": 3}, {"A": ("cpu",)}, "B: it has 3 tasks, below 0 or more than it asks"),
        ({"A": -1, "B": 2}, {"A": ("cpu",)}, "A: it has -1 tasks"),
        ({"A": 4, "B": 2}, {"A": ("cpu",)}, "cpu: 10 are given, and the pool has 9"),
        ({"A": 3, "B": 2}, {}, "A: it has less than it asks, and nothing is said to hold it back"),
        ({"A": 3, "B": 2}, {"A": ("memory",)}, "A: memory is said to hold it back, and is not used up"),
        ({"A": 3, "B": 2}, {"A": ("gpu",)}, "A: what holds it back is not named once each"),
        ({"A": 3, "B": 2}, {"A": ("cpu", "cpu")}, "A: what holds it back is not named once each"),
        ({"A": 3, "B": 2}, {"A": ("cpu",), "B": ("cpu",)}, "B: it has all that it asks, and is said to be held back"),
        ({"A": 3, "B": 2}, {"A": ("cpu",), "Z": ("cpu",)}, "Z: it is held back, and does not ask"),
    ],
)
def test_each_kind_of_wrong_result_is_refused_with_its_place(tasks, held_by, says):
    with pytest.raises(AllocationDoesNotHold) as refused:
        check_pool(terms=TERMS, tasks={m: Fraction(n) for m, n in tasks.items()}, held_by=held_by)
    assert says in str(refused.value)


def test_who_has_less_cannot_be_held_back_by_what_goes_to_someone_with_more():
    terms = set_pool(pool={"gpu": 4}, demands=[("A", {"gpu": 1}, None), ("B", {"gpu": 1}, None)])
    with pytest.raises(AllocationDoesNotHold, match="gpu is said to hold it back, and B has more than it"):
        check_pool(terms=terms, tasks={"A": Fraction(1), "B": Fraction(3)}, held_by={"A": ("gpu",), "B": ("gpu",)})


def test_tasks_that_are_not_whole_are_refused_where_they_must_be():
    with pytest.raises(AllocationDoesNotHold, match="it has 1/2 tasks, and tasks are whole"):
        check_pool(terms=TERMS, tasks={"A": Fraction(1, 2), "B": Fraction(2)}, held_by={}, whole=True)
