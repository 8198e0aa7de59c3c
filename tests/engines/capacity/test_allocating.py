"""Fair shares: equal to a linear-programming leximin, the same whatever the order, and proved by their cuts."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.engines.capacity.allocating import allocate
from comity.engines.capacity.checking import check_allocation
from comity.engines.capacity.terms import Need, Offer, set_terms
from engines.capacity.drawn_rounds import claims_of, make_terms
from engines.capacity.leximin_by_programmes import leximin_levels


def levels_of(allocation):
    who = {True: lambda s: s.needs[0], False: lambda s: s.member}[allocation.terms.by == "need"]
    return {(who(s), s.resource, s.priority): float(s.level) for s in allocation.shares}


@pytest.mark.parametrize("seed", range(240))
def test_shares_equal_a_leximin_by_linear_programmes(seed):
    terms = make_terms(seed=seed, most_needs=60 if seed % 10 == 0 else 18)
    found = levels_of(allocate(terms=terms))
    assert found == pytest.approx(leximin_levels(terms=terms), abs=1e-6)


@settings(deadline=None, max_examples=120)
@given(seed=st.integers(0, 10**9))
def test_every_block_is_proved_by_its_cut(seed):
    terms = make_terms(seed=seed)
    found = allocate(terms=terms)
    checked = check_allocation(terms=terms, units=found.units, claims=claims_of(found))
    assert checked.blocks == len(found.reasons)
    assert checked.allocated == sum(s.received for s in found.shares)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**9), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(seed, order):
    terms = make_terms(seed=seed)
    needs, offers, pairs = list(terms.needs), list(terms.offers), terms.pairs and list(terms.pairs)
    for rows in (needs, offers, pairs or []):
        order.shuffle(rows)
    again = set_terms(needs=needs, offers=offers, pairs=pairs, by=terms.by, weights=terms.weights, caps=terms.caps)
    assert allocate(terms=again) == allocate(terms=terms)


F = Fraction


def share_of(terms):
    return {s.needs[0] if terms.by == "need" else s.member: s.share for s in allocate(terms=terms).shares}


def test_nobody_asks_or_nobody_offers():
    nothing = allocate(terms=set_terms(needs=[], offers=[]))
    assert (nothing.units, nothing.shares, nothing.reasons) == ({}, (), ())
    offered = allocate(terms=set_terms(needs=[], offers=[Offer("o", "days", F(3))]))
    assert (offered.units, offered.shares, offered.reasons) == ({}, (), ())
    terms = set_terms(needs=[Need("n", "FJI", "days", F(3))], offers=[], pairs=[])
    asked = allocate(terms=terms)
    assert (asked.units, [s.share for s in asked.shares]) == ({}, [0])
    assert check_allocation(terms=terms, units=asked.units, claims=claims_of(asked)).blocks == 1


@pytest.mark.parametrize("size", [F(10**15), F(10**18), F(10**30), F(10**15) + F(1, 10**9)])
def test_amounts_of_any_size_stay_exact(size):
    terms = set_terms(
        needs=[
            Need("a", "FJI", "gpu-hours", 3 * size),
            Need("b", "TON", "gpu-hours", size),
            Need("c", "TON", "gpu-hours", F(1)),
        ],
        offers=[Offer("o", "gpu-hours", size), Offer("p", "gpu-hours", F(1, 3))],
        pairs=[("a", "o"), ("b", "o"), ("c", "p")],
    )
    found = allocate(terms=terms)
    assert {s.needs[0]: s.share for s in found.shares} == {"a": F(1, 4), "b": F(1, 4), "c": F(1, 3)}
    assert sum(found.units.values()) == size + F(1, 3)
    check_allocation(terms=terms, units=found.units, claims=claims_of(found))


def test_a_share_with_many_digits_is_no_nearest_number():
    terms = set_terms(
        needs=[Need("a", "FJI", "days", F("123456789.123456789")), Need("b", "TON", "days", F("987654321.987654321"))],
        offers=[Offer("o", "days", F("0.000000001"))],
    )
    assert set(share_of(terms).values()) == {F("0.000000001") / F("1111111111.111111110")}


def test_an_earlier_priority_takes_all_it_asks_and_the_next_shares_what_is_left():
    terms = set_terms(
        needs=[Need("a", "FJI", "days", F(6)), Need("b", "TON", "days", F(6), 2), Need("c", "WSM", "days", F(2), 2)],
        offers=[Offer("o", "days", F(8))],
    )
    assert share_of(terms) == {"a": 1, "b": F(1, 4), "c": F(1, 4)}


def test_a_weight_of_two_makes_a_share_twice_as_large_until_all_is_received():
    needs = [Need("a", "FJI", "days", F(6)), Need("b", "TON", "days", F(6))]
    for units, shares in ((9, (F(1), F(1, 2))), (6, (F(2, 3), F(1, 3))), (11, (F(1), F(5, 6)))):
        terms = set_terms(needs=needs, offers=[Offer("o", "days", F(units))], weights={"FJI": F(2)})
        assert tuple(share_of(terms).values()) == shares


def test_a_cap_and_what_an_offer_gives_one_member_leave_the_rest_to_others():
    needs = [Need("a", "FJI", "days", F(6)), Need("b", "FJI", "days", F(4)), Need("c", "TON", "days", F(10))]
    capped = set_terms(needs=needs, offers=[Offer("o", "days", F(10))], by="member", caps={("FJI", "days"): F(3)})
    assert share_of(capped) == {"FJI": F(3, 10), "TON": F(7, 10)}
    gated = set_terms(needs=needs, offers=[Offer("o", "days", F(10), F(4))], by="member")
    assert share_of(gated) == {"FJI": F(2, 5), "TON": F(2, 5)}
    each = set_terms(needs=needs, offers=[Offer("o", "days", F(10), F(4))], by="need")
    assert {s.needs[0]: s.share for s in allocate(terms=each).shares} == {"a": F(2, 5), "b": F(2, 5), "c": F(2, 5)}


def test_a_member_has_one_share_for_each_resource():
    terms = set_terms(
        needs=[Need("a", "FJI", "days", F(2)), Need("b", "FJI", "seats", F(8)), Need("c", "FJI", "days", F(2))],
        offers=[Offer("o", "days", F(1)), Offer("p", "seats", F(6))],
        by="member",
    )
    assert [(s.resource, s.needs, s.share) for s in allocate(terms=terms).shares] == [
        ("days", ("a", "c"), F(1, 4)),
        ("seats", ("b",), F(3, 4)),
    ]
