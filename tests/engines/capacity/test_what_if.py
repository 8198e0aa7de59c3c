"""What if: whom more units would change, and by how much."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.engines.capacity.allocating import allocate
from comity.engines.capacity.terms import Need, Offer, set_terms
from comity.engines.capacity.what_if import Received, add_units, compare_allocations
from comity.errors import BadInput, BadParameter
from engines.capacity.drawn_rounds import make_terms

F = Fraction
TERMS = set_terms(
    needs=[Need("a", "FJI", "days", F(300)), Need("b", "TON", "days", F(200)), Need("c", "WSM", "seats", F(9))],
    offers=[Offer("o", "days", F(250)), Offer("s", "seats", F(5))],
)


def changes(terms, changed):
    found = compare_allocations(before=allocate(terms=terms), after=allocate(terms=changed))
    return {c.needs: c.gained for c in found.changes}, found


def test_more_of_a_resource_changes_those_who_may_draw_on_it():
    gained, found = changes(TERMS, add_units(terms=TERMS, resource="days", units=F(100)))
    assert gained == {("a",): 60, ("b",): 40}
    assert found.unchanged == 1
    assert found.received == (Received("days", F(250), F(350)), Received("seats", F(5), F(5)))
    first = found.changes[0]
    assert (first.before.share, first.after.share, first.member) == (F(1, 2), F(7, 10), "FJI")


def test_more_for_some_needs_frees_what_they_drew_before():
    only_a = add_units(terms=TERMS, resource="days", units=F(100), needs=["a"])
    assert changes(TERMS, only_a)[0] == {("a",): 60, ("b",): 40}
    paired = set_terms(needs=TERMS.needs, offers=TERMS.offers, pairs=[("a", "o"), ("c", "s")])
    assert changes(paired, add_units(terms=paired, resource="days", units=F(9), needs=["b", "b"]))[0] == {("b",): 9}
    assert changes(paired, add_units(terms=paired, resource="days", units=F(0)))[0] == {}


def test_an_offer_can_hold_more_or_less():
    assert changes(TERMS, add_units(terms=TERMS, offer="o", units=F(-150)))[0] == {("a",): -90, ("b",): -60}
    assert changes(TERMS, add_units(terms=TERMS, offer="s", units=F(100)))[0] == {("c",): 4}


def test_the_new_offer_has_a_name_that_no_other_has():
    again = add_units(terms=add_units(terms=TERMS, resource="days", units=F(1)), resource="days", units=F(1))
    assert [o.id for o in again.offers] == ["o", "s", "what-if", "what-if+"]


def test_a_group_that_comes_or_goes_is_a_change():
    more = set_terms(needs=[*TERMS.needs, Need("d", "TON", "seats", F(1))], offers=TERMS.offers, by="need")
    gained, found = changes(TERMS, more)
    assert gained == {("c",): F(-1, 2), ("d",): F(1, 2)}
    assert (found.changes[1].before, found.changes[1].after.share) == (None, F(1, 2))
    assert changes(more, TERMS)[1].changes[1].after is None


@settings(deadline=None, max_examples=80)
@given(seed=st.integers(0, 10**9), units=st.integers(1, 50))
def test_more_units_never_lower_the_least_share(seed, units):
    terms = make_terms(seed=seed, most_needs=20)
    before = allocate(terms=terms)
    resource = terms.needs[0].resource
    after = allocate(terms=add_units(terms=terms, resource=resource, units=F(units)))
    first = min(n.priority for n in terms.needs)
    least = [min(s.level for s in a.shares if s.priority == first) for a in (before, after)]
    assert least[0] <= least[1]
    found = compare_allocations(before=before, after=after)
    assert found.unchanged + len(found.changes) == len(before.shares)
    assert all(c.resource == resource for c in found.changes)
    assert sum(c.gained for c in found.changes) == sum(r.after - r.before for r in found.received) >= 0
    backwards = compare_allocations(before=after, after=before)
    assert [-c.gained for c in backwards.changes] == [c.gained for c in found.changes]


@pytest.mark.parametrize(
    "given, kind",
    [
        ({}, BadInput),
        ({"offer": "o", "resource": "days"}, BadInput),
        ({"offer": "o", "needs": ["a"]}, BadInput),
        ({"offer": "x"}, BadParameter),
        ({"resource": "ships"}, BadParameter),
        ({"resource": "days", "needs": ["c"]}, BadParameter),
        ({"resource": "days", "needs": ["x"]}, BadParameter),
        ({"offer": "s", "units": F(-6)}, BadParameter),
        ({"resource": "days", "units": F(-1)}, BadParameter),
    ],
)
def test_what_cannot_be_added_is_refused(given, kind):
    with pytest.raises(kind):
        add_units(**{"terms": TERMS, "units": F(1), **given})


def test_results_that_treat_others_alike_are_not_compared():
    by_member = set_terms(needs=TERMS.needs, offers=TERMS.offers, by="member")
    with pytest.raises(BadInput):
        compare_allocations(before=allocate(terms=TERMS), after=allocate(terms=by_member))
