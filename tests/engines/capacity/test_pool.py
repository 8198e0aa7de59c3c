"""Dominant resource fairness: the paper's own figures, its laws, and the same levels as by linear programmes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.engines.capacity.pool import share_pool
from comity.engines.capacity.pool_terms import set_pool
from comity.errors import BadInput, BadParameter
from support.pools import (
    RESOURCES,
    above_zero,
    change_pool,
    levels_by_programmes,
    pools,
    tasks_of,
    tasks_with,
)


def tasks(terms):
    return {s.member: s.tasks for s in share_pool(terms=terms).shares}


def test_the_example_of_the_paper_gives_three_and_two_tasks():
    terms = set_pool(
        pool={"cpu": 9, "memory": 18},
        demands=[("A", {"cpu": 1, "memory": 4}, None), ("B", {"cpu": 3, "memory": 1}, None)],
    )
    a, b = share_pool(terms=terms).shares
    assert (a.tasks, dict(a.received), a.dominant, a.share) == (
        3,
        {"cpu": 3, "memory": 12},
        ("memory",),
        Fraction(2, 3),
    )
    assert (b.tasks, dict(b.received), b.dominant, b.share) == (2, {"cpu": 6, "memory": 2}, ("cpu",), Fraction(2, 3))
    assert a.held_by == b.held_by == ("cpu",)


def test_a_member_that_needs_nothing_of_what_is_used_up_goes_on():
    terms = set_pool(
        pool={"cpu": 10, "gpu": 10},
        demands=[("A", {"cpu": 1}, None), ("B", {"cpu": 1, "gpu": Fraction(1, 10)}, None), ("C", {"gpu": 1}, None)],
    )
    assert tasks(terms) == {"A": 5, "B": 5, "C": Fraction(19, 2)}


def test_a_member_stops_at_all_it_asks_and_the_rest_is_shared():
    terms = set_pool(pool={"gpu": 10}, demands=[("A", {"gpu": 1}, 2), ("B", {"gpu": 1}, None), ("C", {"gpu": 1}, None)])
    shares = share_pool(terms=terms).shares
    assert [(s.tasks, s.held_by) for s in shares] == [(2, ()), (4, ("gpu",)), (4, ("gpu",))]


def test_who_has_all_at_the_moment_a_resource_is_used_up_is_not_held_back():
    terms = set_pool(pool={"gpu": 4}, demands=[("A", {"gpu": 1}, 2), ("B", {"gpu": 1}, 3)])
    assert [(s.tasks, s.held_by) for s in share_pool(terms=terms).shares] == [(2, ()), (2, ("gpu",))]


def test_a_weight_of_two_gives_twice_the_dominant_share():
    terms = set_pool(
        pool={"gpu": 9}, demands=[("A", {"gpu": 1}, None), ("B", {"gpu": 1}, None)], weights={"B": Fraction(2)}
    )
    assert tasks(terms) == {"A": 3, "B": 6}


def test_past_use_counts_as_already_received():
    terms = set_pool(
        pool={"gpu": 9}, demands=[("A", {"gpu": 1}, None), ("B", {"gpu": 1}, None)], past={"B": Fraction(1, 3)}
    )
    assert tasks(terms) == {"A": 6, "B": 3}


def test_who_had_more_before_than_others_can_reach_receives_nothing_and_sees_why():
    terms = set_pool(pool={"gpu": 9}, demands=[("A", {"gpu": 1}, None), ("B", {"gpu": 1}, 1)], past={"B": Fraction(2)})
    a, b = share_pool(terms=terms).shares
    assert (a.tasks, b.tasks, b.held_by, b.level) == (9, 0, ("gpu",), 2)


def test_where_the_pool_has_none_no_task_is_possible_and_the_resource_says_so():
    terms = set_pool(pool={"gpu": 0, "cpu": 8}, demands=[("A", {"gpu": 1, "cpu": 1}, 1), ("B", {"cpu": 1}, 4)])
    a, b = share_pool(terms=terms).shares
    assert (a.tasks, a.share, a.dominant, a.held_by) == (0, 0, ("gpu",), ("gpu",))
    assert (b.tasks, b.held_by) == (4, ())


def test_more_of_a_resource_may_leave_a_member_with_less():
    """Ghodsi et al., section 6: no rule has all laws, and this one gives up that one."""
    demands = [("A", {"cpu": 2, "gpu": 1}, None), ("B", {"cpu": 1, "gpu": 2}, None)]
    assert tasks(set_pool(pool={"cpu": 12, "gpu": 12}, demands=demands)) == {"A": 4, "B": 4}
    assert tasks(set_pool(pool={"cpu": 12, "gpu": 24}, demands=demands)) == {"A": 3, "B": 6}


def test_who_stays_may_have_less_after_another_leaves_where_not_all_need_all():
    """A leaves, B rises with what A had of cpu, and takes more of the gpu that C had."""
    a, b, c = ("A", {"cpu": 1}, None), ("B", {"cpu": 1, "gpu": 1}, None), ("C", {"gpu": 1}, None)
    pool = {"cpu": 6, "gpu": 10}
    assert tasks(set_pool(pool=pool, demands=[a, b, c]))["C"] == 7
    assert tasks(set_pool(pool=pool, demands=[b, c]))["C"] == Fraction(25, 4)


@settings(max_examples=60, deadline=None)
@given(terms=pools())
def test_levels_equal_those_of_linear_programmes(terms):
    found = {s.member: float(s.level) for s in share_pool(terms=terms).shares}
    assert found == pytest.approx(levels_by_programmes(terms), abs=1e-6)


@given(terms=pools())
def test_nothing_is_left_that_someone_who_asks_could_use(terms):
    result = share_pool(terms=terms)
    left = {r: held - result.used[r] for r, held in terms.pool.items()}
    assert min(left.values()) >= 0
    for share, demand in zip(result.shares, terms.demands, strict=True):
        has_all = demand.tasks is not None and share.tasks == demand.tasks
        assert has_all or not all(left[r] for r in demand.task)
        assert bool(share.held_by) != has_all


@given(terms=pools(plain=True))
def test_nobody_has_less_than_with_one_nth_of_each_resource(terms):
    part = {r: held / len(terms.demands) for r, held in terms.pool.items()}
    for share, demand in zip(share_pool(terms=terms).shares, terms.demands, strict=True):
        assert share.tasks >= tasks_with(demand=demand, amounts=part)


@given(terms=pools(plain=True))
def test_nobody_would_rather_have_the_amounts_of_another(terms):
    shares = share_pool(terms=terms).shares
    for share, demand in zip(shares, terms.demands, strict=True):
        for other in shares:
            assert tasks_with(demand=demand, amounts=other.received) <= share.tasks


@settings(max_examples=200)
@given(terms=pools(), data=st.data())
def test_nobody_gains_by_asking_for_something_else_than_it_needs(terms, data):
    true = data.draw(st.sampled_from(terms.demands))
    claimed = data.draw(tasks_of(tuple(terms.pool)))
    most = data.draw(st.none() | above_zero)
    honest = tasks(terms)[true.member]
    demands = [(d.member, d.task, d.tasks) for d in terms.demands if d is not true]
    lied = share_pool(terms=change_pool(terms, demands=[*demands, (true.member, claimed, most)])).shares
    amounts = next(s.received for s in lied if s.member == true.member)
    assert tasks_with(demand=true, amounts=amounts) <= honest


@given(terms=pools(positive=True, plain=True), data=st.data())
def test_nobody_has_less_after_another_leaves_where_all_need_all(terms, data):
    assume(len(terms.demands) > 1)
    leaving = data.draw(st.sampled_from(terms.demands))
    before = tasks(terms)
    after = tasks(change_pool(terms, demands=[(d.member, d.task, d.tasks) for d in terms.demands if d is not leaving]))
    assert all(after[m] >= before[m] for m in after)


@given(terms=pools(), factor=above_zero)
def test_the_unit_in_which_a_resource_is_counted_changes_nothing(terms, factor):
    changed = change_pool(
        terms,
        pool={r: units * (factor if r == "cpu" else 1) for r, units in terms.pool.items()},
        demands=[
            (d.member, {r: u * (factor if r == "cpu" else 1) for r, u in d.task.items()}, d.tasks)
            for d in terms.demands
        ],
    )
    assert tasks(changed) == tasks(terms)


@given(terms=pools(), data=st.data())
def test_the_order_of_members_and_resources_never_matters(terms, data):
    mixed = data.draw(st.permutations(terms.demands))
    pool = dict(data.draw(st.permutations(list(terms.pool.items()))))
    again = set_pool(
        pool=pool,
        demands=[(d.member, dict(reversed(d.task.items())), d.tasks) for d in mixed],
        weights=terms.weights,
        past=terms.past,
    )
    assert share_pool(terms=again).shares == share_pool(terms=terms).shares


@pytest.mark.parametrize(
    "change,says",
    [
        ({"demands": [("A", {"cpu": 1}, None), ("A", {"cpu": 2}, None)]}, 'The member "A" asks twice'),
        ({"demands": [(" ", {"cpu": 1}, None)]}, "A member that asks has no name"),
        ({"demands": [("A", {"tpu": 1}, None)]}, "A asks for tpu, which is no resource of the pool"),
        ({"demands": [("A", {"cpu": 0}, None)]}, "A asks for nothing"),
        ({"demands": [("A", {}, None)]}, "A asks for nothing"),
        ({"pool": {"": 1}, "demands": []}, "A resource of the pool has no name"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_what_to_do(change, says):
    with pytest.raises(BadInput, match=says):
        set_pool(**{"pool": {"cpu": 1}, "demands": [], **change})


@pytest.mark.parametrize(
    "change,name",
    [
        ({"pool": {"cpu": -1}}, "units of cpu in the pool"),
        ({"pool": {"cpu": 0.5}}, "units of cpu in the pool"),
        ({"demands": [("A", {"cpu": -1}, None)]}, "cpu that a task of A takes"),
        ({"demands": [("A", {"cpu": 1}, 0)]}, "tasks of A"),
        ({"weights": {"A": 0}}, "weight of A"),
        ({"past": {"A": -1}}, "past share of A"),
        ({"past": {"A": True}}, "past share of A"),
    ],
)
def test_amounts_that_cannot_be_or_are_not_exact_are_refused(change, name):
    with pytest.raises(BadParameter) as refused:
        set_pool(**{"pool": {"cpu": 1}, "demands": [], **change})
    assert refused.value.data["name"] == name


def test_nobody_asks_and_nothing_is_given():
    result = share_pool(terms=set_pool(pool=dict.fromkeys(RESOURCES, 1), demands=[]))
    assert (result.shares, dict(result.used)) == ((), dict.fromkeys(RESOURCES, 0))
