"""Fair shares: equal to a linear-programming leximin, the same whatever the order, and proved by their cuts."""

from __future__ import annotations

import dataclasses
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.engines.capacity.allocating import allocate
from comity.engines.capacity.checking import Claim, check_allocation
from comity.engines.capacity.terms import Need, Offer, set_terms
from engines.capacity.leximin_by_programmes import leximin_levels


def make_terms(*, seed, most_needs=60, by=None):
    dice = random.Random(seed)
    resources = ["gpu-hours", "expert-days", "seats"][: dice.randint(1, 3)]
    members = [f"M{i:02}" for i in range(dice.randint(1, 12))]
    count = dice.randint(1, most_needs)
    by = by or dice.choice(["need", "member"])
    priorities = dice.choice([1, 1, 2, 3])
    per_member = dice.random() < 0.3
    weights = (
        {m: Fraction(dice.choice([1, 1, 2, 3]), dice.choice([1, 2])) for m in members} if dice.random() < 0.3 else {}
    )
    of_priority = {m: dice.randint(1, priorities) for m in members}
    capped = by == "member" and dice.random() < 0.4
    needs = [
        Need(
            f"n{i:02}",
            member := dice.choice(members),
            dice.choice(resources),
            Fraction(dice.randint(1, 40), dice.choice([1, 1, 2, 5])),
            of_priority[member] if capped else dice.randint(1, priorities),
        )
        for i in range(count)
    ]
    offers = [
        Offer(
            f"o{i:02}",
            dice.choice(resources),
            Fraction(dice.randint(0, 60), dice.choice([1, 1, 4])),
            Fraction(dice.randint(0, 12)) if per_member and dice.random() < 0.5 else None,
        )
        for i in range(dice.randint(0, 25))
    ]
    pairs = None
    if dice.random() < 0.8:
        chance = dice.choice([0.05, 0.15, 0.4])
        pairs = [(n.id, o.id) for n in needs for o in offers if n.resource == o.resource and dice.random() < chance]
    caps = (
        {(m, r): Fraction(dice.randint(0, 30)) for m in members for r in resources if dice.random() < 0.3}
        if capped
        else {}
    )
    return set_terms(needs=needs, offers=offers, pairs=pairs, by=by, weights=weights, caps=caps)


def claims_of(allocation):
    return [
        Claim(**{f.name: getattr(reason, f.name) for f in dataclasses.fields(Claim)}) for reason in allocation.reasons
    ]


def levels_of(allocation):
    who = {True: lambda s: s.needs[0], False: lambda s: s.member}[allocation.terms.by == "need"]
    return {(who(s), s.resource, s.priority): float(s.level) for s in allocation.shares}


@pytest.mark.parametrize("seed", range(240))
def test_shares_equal_a_leximin_by_linear_programmes(seed):
    terms = make_terms(seed=seed, most_needs=60 if seed % 8 == 0 else 18)
    found = levels_of(allocate(terms=terms))
    assert found == pytest.approx(leximin_levels(terms=terms), abs=1e-6)


@settings(deadline=None, max_examples=300)
@given(seed=st.integers(0, 10**9))
def test_every_block_is_proved_by_its_cut(seed):
    terms = make_terms(seed=seed)
    found = allocate(terms=terms)
    checked = check_allocation(terms=terms, units=found.units, claims=claims_of(found))
    assert checked.blocks == len(found.reasons)
    assert checked.allocated == sum(s.received for s in found.shares)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**9), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(seed, order):
    terms = make_terms(seed=seed)
    needs, offers, pairs = list(terms.needs), list(terms.offers), terms.pairs and list(terms.pairs)
    for rows in (needs, offers, pairs or []):
        order.shuffle(rows)
    again = set_terms(needs=needs, offers=offers, pairs=pairs, by=terms.by, weights=terms.weights, caps=terms.caps)
    assert allocate(terms=again) == allocate(terms=terms)
