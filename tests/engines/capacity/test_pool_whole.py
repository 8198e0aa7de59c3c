"""Whole tasks: nothing that fits is left out, and the guarantees of Parkes, Procaccia and Shah hold."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from comity.engines.capacity.pool_terms import set_pool
from comity.engines.capacity.pool_whole import MOST_TASKS, count_most_tasks, share_whole_tasks
from comity.errors import BadInput
from support.pools import pools, tasks_with


def test_a_task_goes_to_who_would_then_have_the_least():
    terms = set_pool(
        pool={"cpu": 9, "memory": 18},
        demands=[("A", {"cpu": 1, "memory": 4}, None), ("B", {"cpu": 3, "memory": 1}, None)],
    )
    assert [s.tasks for s in share_whole_tasks(terms=terms).shares] == [3, 2]


def test_between_two_that_would_have_the_same_the_name_decides():
    terms = set_pool(pool={"seat": 3}, demands=[("B", {"seat": 1}, None), ("A", {"seat": 1}, None)])
    assert [(s.member, s.tasks) for s in share_whole_tasks(terms=terms).shares] == [("A", 2), ("B", 1)]


def test_a_part_of_a_task_that_was_asked_for_is_not_given():
    terms = set_pool(pool={"gpu": 9}, demands=[("A", {"gpu": 1}, Fraction(5, 2))])
    (share,) = share_whole_tasks(terms=terms).shares
    assert (share.tasks, share.held_by) == (2, ())


def test_a_task_that_never_fits_names_what_lacks():
    terms = set_pool(pool={"gpu": 1, "cpu": 5}, demands=[("A", {"gpu": 2, "cpu": 1}, 1)])
    (share,) = share_whole_tasks(terms=terms).shares
    assert (share.tasks, share.held_by) == (0, ("gpu",))


def test_more_tasks_than_can_be_given_one_by_one_are_refused():
    terms = set_pool(pool={"gpu": MOST_TASKS + 1}, demands=[("A", {"gpu": 1}, None)])
    with pytest.raises(BadInput, match="Make tasks larger, or share out in fractions"):
        share_whole_tasks(terms=terms)


@given(terms=pools())
def test_all_tasks_together_never_pass_the_number_that_is_counted_before(terms):
    assert sum(s.tasks for s in share_whole_tasks(terms=terms).shares) <= count_most_tasks(terms=terms)


@given(terms=pools())
def test_no_task_that_still_fits_is_left_out(terms):
    result = share_whole_tasks(terms=terms)
    for share, demand in zip(result.shares, terms.demands, strict=True):
        fits = all(result.used[r] + units <= terms.pool[r] for r, units in demand.task.items())
        asked = demand.tasks is None or share.tasks + 1 <= demand.tasks
        assert share.tasks.denominator == 1
        assert not (fits and asked)


@given(terms=pools(plain=True))
def test_nobody_has_fewer_tasks_than_fit_in_one_nth_of_each_resource(terms):
    part = {r: held / len(terms.demands) for r, held in terms.pool.items()}
    for share, demand in zip(share_whole_tasks(terms=terms).shares, terms.demands, strict=True):
        assert share.tasks >= tasks_with(demand=demand, amounts=part).__floor__()


@given(terms=pools(plain=True))
def test_nobody_could_do_more_than_one_task_more_with_the_amounts_of_another(terms):
    shares = share_whole_tasks(terms=terms).shares
    for share, demand in zip(shares, terms.demands, strict=True):
        for other in shares:
            assert tasks_with(demand=demand, amounts=other.received).__floor__() <= share.tasks + 1


def test_who_asks_in_small_tasks_receives_what_is_too_little_for_others():
    """So that nothing is wasted, one member may have more than another could do one task with, and not more than that."""
    terms = set_pool(
        pool={"gpu": 5},
        demands=[("A", {"gpu": Fraction(1, 3)}, None), ("B", {"gpu": 2}, None), ("C", {"gpu": 2}, None)],
    )
    assert [(s.member, s.tasks) for s in share_whole_tasks(terms=terms).shares] == [("A", 9), ("B", 1), ("C", 0)]
