"""Whole units: everyone's exact share rounded down or up, and the fairest way to do so, by trying all on small rounds."""

from __future__ import annotations

import dataclasses
import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from comity.engines.capacity.allocating import allocate
from comity.engines.capacity.checking_whole import check_whole
from comity.engines.capacity.terms import Need, Offer, expand_pairs, set_terms
from comity.engines.capacity.whole_units import round_to_whole
from comity.errors import AllocationDoesNotHold, BadInput, BadParameter
from engines.capacity.drawn_rounds import claims_of, group_of, in_whole_units, make_terms, totals_of, with_lots

F = Fraction
SEEDS = st.integers(0, 10**9)


@settings(deadline=None, max_examples=80)
@given(seed=SEEDS, unit=st.sampled_from([F(1), F(1), F(1, 2), F(1, 3)]))
def test_each_receives_its_exact_share_rounded_down_or_up(seed, unit):
    terms = in_whole_units(make_terms(seed=seed))
    exact = allocate(terms=terms)
    found = round_to_whole(allocation=exact, unit=unit)
    checked = check_whole(terms=terms, exact=exact.units, claims=claims_of(exact), units=found.units, unit=unit)
    assert checked.allocated == sum(s.received for s in exact.shares) == sum(s.received for s in found.shares)
    before, after = totals_of(terms, exact.units), totals_of(terms, found.units)
    for share, was in zip(found.shares, exact.shares, strict=True):
        assert math.floor(was.received / unit) <= share.received / unit <= math.ceil(was.received / unit)
        assert dataclasses.replace(share, received=was.received) == was
    assert {g: abs(after[g] - before[g]) < unit for g in before} == dict.fromkeys(before, True)
    assert all(amount % unit == 0 and amount > 0 for amount in found.units.values())


@settings(deadline=None, max_examples=30)
@given(seed=SEEDS, order=st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(seed, order):
    terms = in_whole_units(make_terms(seed=seed))
    needs, offers, pairs = list(terms.needs), list(terms.offers), terms.pairs and list(terms.pairs)
    for rows in (needs, offers, pairs or []):
        order.shuffle(rows)
    again = set_terms(needs=needs, offers=offers, pairs=pairs, by=terms.by, weights=terms.weights, caps=terms.caps)
    first = round_to_whole(allocation=allocate(terms=terms))
    assert round_to_whole(allocation=allocate(terms=again)) == first


def _can_have(terms, wanted):
    """Say whether groups can receive just these whole amounts, by an integer programme over pairs."""
    pairs = expand_pairs(terms=terms)
    if not pairs:
        return not any(wanted.values())
    group = group_of(terms)
    member = {n.id: n.member for n in terms.needs}
    rows, low, high = [], [], []

    def between(which, least, most):
        rows.append([1.0 if which(n, o) else 0.0 for n, o in pairs])
        low.append(float(least))
        high.append(float(most))

    for offer in terms.offers:
        between(lambda n, o, name=offer.id: o == name, 0, offer.units)
        if offer.per_member is not None:
            for who in set(member.values()):
                between(lambda n, o, name=offer.id, who=who: o == name and member[n] == who, 0, offer.per_member)
    for need in terms.needs:
        between(lambda n, o, name=need.id: n == name, 0, need.units)
    for key, amount in wanted.items():
        between(lambda n, o, key=key: group[n] == key, amount, amount)
    count = len(pairs)
    found = milp(np.zeros(count), constraints=LinearConstraint(np.array(rows), low, high), integrality=np.ones(count))
    return found.status == 0


@pytest.mark.parametrize("seed", range(60))
def test_nobody_can_be_rounded_more_fairly(seed):
    """Every way to round down or up that keeps the totals of blocks is tried."""
    terms = in_whole_units(make_terms(seed=seed, most_needs=8))
    exact = allocate(terms=terms)
    found = round_to_whole(allocation=exact)
    total = totals_of(terms, exact.units)
    group = group_of(terms)
    level = {g: next(s for s in exact.shares if group[s.needs[0]] == g) for g in total}
    open_groups = [g for g in total if total[g].denominator > 1]

    def levels(amounts):
        return sorted((g[2], amounts[g] / level[g].asked / level[g].weight) for g in amounts)

    best = None
    for up in itertools.product([0, 1], repeat=len(open_groups)):
        amounts = {g: F(math.floor(t)) for g, t in total.items()}
        amounts |= {g: amounts[g] + more for g, more in zip(open_groups, up, strict=True)}
        kept = all(
            sum(amounts[g] for g in {group[n] for n in reason.needs}) == reason.received for reason in exact.reasons
        )
        if kept and (best is None or levels(amounts) > best) and _can_have(terms, amounts):
            best = levels(amounts)
    assert levels(totals_of(terms, found.units)) == best


def test_the_one_who_would_have_least_is_rounded_up_first():
    terms = set_terms(
        needs=[Need("a", "FJI", "seats", F(2)), Need("b", "TON", "seats", F(3)), Need("c", "WSM", "seats", F(5))],
        offers=[Offer("o", "seats", F(4))],
    )
    exact = allocate(terms=terms)
    assert [s.received for s in exact.shares] == [F(4, 5), F(6, 5), F(2)]
    assert [s.received for s in round_to_whole(allocation=exact).shares] == [1, 1, 2]


@pytest.mark.parametrize("size", [10**9, 10**15, 10**25])
def test_very_large_amounts_are_rounded_exactly(size):
    terms = set_terms(
        needs=[Need(i, i, "gpu-hours", F(size)) for i in "abc"], offers=[Offer("o", "gpu-hours", F(size + 1))]
    )
    found = round_to_whole(allocation=allocate(terms=terms))
    low, more = divmod(size + 1, 3)
    assert [s.received for s in found.shares] == [low + (at < more) for at in range(3)]


def test_units_of_ten_are_kept_whole():
    terms = set_terms(
        needs=[Need("a", "FJI", "seats", F(30)), Need("b", "TON", "seats", F(30))], offers=[Offer("o", "seats", F(30))]
    )
    found = round_to_whole(allocation=allocate(terms=terms), unit=F(10))
    assert [s.received for s in found.shares] == [20, 10]


@pytest.mark.parametrize(
    "given, words",
    [
        ({"needs": [Need("n", "FJI", "seats", F(5, 2))]}, 'The need "n" asks for 5/2'),
        ({"offers": [Offer("o", "seats", F(5, 2))]}, 'The offer "o" holds 5/2'),
        ({"offers": [Offer("o", "seats", F(5), F(1, 2))]}, 'The offer "o" gives each member at most 1/2'),
        ({"by": "member", "caps": {("FJI", "seats"): F(1, 2)}}, "The cap of FJI on seats is 1/2"),
    ],
)
def test_an_amount_that_is_not_whole_is_refused_by_name(given, words):
    plain = {"needs": [Need("n", "FJI", "seats", F(5))], "offers": [Offer("o", "seats", F(5))]}
    with pytest.raises(BadInput) as refused:
        round_to_whole(allocation=allocate(terms=set_terms(**{**plain, **given})))
    assert words in str(refused.value)


@pytest.mark.parametrize("unit", [F(0), F(-1)])
def test_a_unit_is_above_zero(unit):
    with pytest.raises(BadParameter):
        round_to_whole(allocation=allocate(terms=set_terms(needs=[], offers=[])), unit=unit)


def test_a_round_of_nobody_is_whole():
    found = round_to_whole(allocation=allocate(terms=set_terms(needs=[], offers=[])))
    assert (found.units, found.shares) == ({}, ())


@settings(deadline=None, max_examples=80)
@given(seed=SEEDS)
def test_lots_stay_whole_beside_whole_units(seed):
    terms = in_whole_units(with_lots(make_terms(seed=seed), seed=seed))
    exact = allocate(terms=terms)
    found = round_to_whole(allocation=exact)
    check_whole(terms=terms, exact=exact.units, claims=claims_of(exact), units=found.units, lots=exact.lots)


@settings(deadline=None, max_examples=80)
@given(seed=SEEDS, dice=st.randoms(use_true_random=False), change=st.sampled_from(["part", "more", "swap", "shift"]))
def test_a_tampered_rounding_is_refused(seed, dice, change):
    terms = in_whole_units(make_terms(seed=seed, most_needs=20))
    exact = allocate(terms=terms)
    units = dict(round_to_whole(allocation=exact).units)
    assume(units)
    (need, offer), amount = dice.choice(sorted(units.items()))
    if change == "part":
        units[need, offer] = amount - F(1, 2)
    elif change == "more":
        units[need, offer] = amount + 1
    elif change == "swap":
        units[need, offer] = amount - 1 if amount > 1 else amount + 1
    else:
        del units[need, offer]
    with pytest.raises(AllocationDoesNotHold):
        check_whole(terms=terms, exact=exact.units, claims=claims_of(exact), units=units)


def test_two_who_exchange_more_than_a_unit_are_refused():
    terms = set_terms(needs=[Need(i, i, "seats", F(10)) for i in "abc"], offers=[Offer("o", "seats", F(8))])
    exact = allocate(terms=terms)
    units = {("a", "o"): F(4), ("b", "o"): F(2), ("c", "o"): F(2)}
    with pytest.raises(AllocationDoesNotHold) as refused:
        check_whole(terms=terms, exact=exact.units, claims=claims_of(exact), units=units)
    assert "not 8/3 rounded down or up" in str(refused.value)
