"""A result that was altered, or was unfair from the start, is refused whatever reasons it gives."""

from __future__ import annotations

import dataclasses
import itertools
import random
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.engines.capacity.allocating import allocate
from comity.engines.capacity.checking import Claim, check_allocation
from comity.engines.capacity.terms import Need, Offer, expand_pairs, set_terms
from comity.errors import AllocationDoesNotHold
from engines.capacity.drawn_rounds import claims_of, group_of, make_terms, totals_of, with_lots

F = Fraction
SEEDS = st.integers(0, 10**9)


def refused(terms, units, claims, lots=None):
    with pytest.raises(AllocationDoesNotHold) as found:
        check_allocation(terms=terms, units=units, claims=claims, lots=lots)
    return str(found.value)


def altered(claims, at, **changes):
    claims = list(claims)
    claims[at] = dataclasses.replace(claims[at], **changes)
    return claims


# Amounts.


@settings(deadline=None, max_examples=80)
@given(seed=SEEDS, dice=st.randoms(use_true_random=False), change=st.sampled_from(["less", "more", "gone", "moved"]))
def test_no_amount_can_be_changed(seed, dice, change):
    terms = make_terms(seed=seed, most_needs=25)
    found = allocate(terms=terms)
    assume(found.units)
    units = dict(found.units)
    (need, offer), amount = dice.choice(sorted(units.items()))
    part = amount * F(dice.randint(1, 4), 5)
    if change == "less":
        units[need, offer] = part
    elif change == "more":
        units[need, offer] += part
    elif change == "gone":
        del units[need, offer]
    else:
        group = group_of(terms)
        others = [n for n, o in expand_pairs(terms=terms) if o == offer and group[n] != group[need]]
        assume(others)
        to = dice.choice(sorted(others))
        units[need, offer] -= part
        units[to, offer] = units.get((to, offer), F(0)) + part
    refused(terms, units, claims_of(found))


TWO = set_terms(
    needs=[Need("a", "FJI", "days", F(300)), Need("b", "TON", "days", F(200)), Need("c", "TON", "seats", F(9))],
    offers=[Offer("o", "days", F(250)), Offer("p", "days", F(50), F(10)), Offer("s", "seats", F(20))],
    pairs=[("a", "o"), ("b", "o"), ("b", "p"), ("c", "s")],
)
FOUND = allocate(terms=TWO)


@pytest.mark.parametrize(
    "change, words",
    [
        ({("a", "o"): F(160)}, "more than it holds"),
        ({("c", "s"): F(10)}, "more than it asks"),
        ({("b", "p"): F(11)}, "more than one member may"),
        ({("a", "p"): F(1)}, "which it cannot"),
        ({("c", "o"): F(1)}, "which it cannot"),
        ({("x", "o"): F(1)}, "one of them is not there"),
        ({("a", "x"): F(1)}, "one of them is not there"),
        ({("a", "o"): F(0)}, "which it cannot"),
        ({("a", "o"): F(-1)}, "which it cannot"),
    ],
)
def test_an_amount_that_cannot_be_is_named(change, words):
    assert words in refused(TWO, {**FOUND.units, **change}, claims_of(FOUND))


def test_more_than_a_cap_is_named():
    needs = [Need("a", "FJI", "days", F(6)), Need("b", "TON", "days", F(6))]
    terms = set_terms(needs=needs, offers=[Offer("o", "days", F(9))], by="member", caps={("FJI", "days"): F(2)})
    found = allocate(terms=terms)
    assert "more than its cap" in refused(terms, {**found.units, ("a", "o"): F(3)}, claims_of(found))


# Claims.


@settings(deadline=None, max_examples=120)
@given(seed=SEEDS, dice=st.randoms(use_true_random=False), change=st.sampled_from(
    ["level", "priority", "asked", "received", "total", "binding", "dropped", "twice", "swapped", "merged", "parted", "without", "with", "out", "in", "nobody"]
))  # fmt: skip
def test_no_claim_can_be_changed(seed, dice, change):
    terms = make_terms(seed=seed, most_needs=25)
    # where an offer sets what one member may receive, another cut can prove the same
    if change in {"without", "with", "out", "in"}:
        terms = dataclasses.replace(terms, offers=tuple(dataclasses.replace(o, per_member=None) for o in terms.offers))
    found = allocate(terms=terms)
    claims = claims_of(found)
    at = dice.randrange(len(claims))
    claim = claims[at]
    offers = {o.id: o.units for o in terms.offers}
    step = F(1, dice.randint(1, 9))
    if change in {"level", "asked", "received", "total"}:
        claims = altered(claims, at, **{change: getattr(claim, change) + step})
    elif change == "priority":
        claims = altered(claims, at, priority=claim.priority + 1)
    elif change == "binding":
        claims = altered(claims, at, binding=not claim.binding)
    elif change == "dropped":
        del claims[at]
    elif change == "twice":
        claims.insert(at, claim)
    elif change == "swapped":
        assume(at > 0 and (claims[at - 1].priority, claims[at - 1].level) != (claim.priority, claim.level))
        claims[at - 1], claims[at] = claim, claims[at - 1]
    elif change == "merged":
        assume(at > 0 and (claims[at - 1].priority, claims[at - 1].level) != (claim.priority, claim.level))
        claims[at - 1 : at + 1] = [_merge(claims[at - 1], claim)]
    elif change == "parted":
        assume(len(claim.needs) > 1)
        claims = altered(claims, at, needs=claim.needs[1:])
    elif change == "without":
        assume(any(offers[o] for o in claim.offers))
        gone = dice.choice([o for o in claim.offers if offers[o]])
        left = tuple(o for o in claim.offers if o != gone)
        claims = altered(claims, at, offers=left, total=claim.total - offers[gone])
    elif change == "with":
        others = [o for o in offers if o not in claim.offers and offers[o]]
        assume(others)
        more = dice.choice(others)
        claims = altered(claims, at, offers=(*claim.offers, more), total=claim.total + offers[more])
    elif change == "out":
        inside = "inside_needs" if terms.by == "need" else "inside_members"
        assume(getattr(claim, inside))
        claims = altered(claims, at, **{inside: getattr(claim, inside)[1:]})
    elif change == "in":
        outside = [n.id for n in terms.needs if n.id not in claim.inside_needs]
        assume(outside and terms.by == "need" and claim.binding)
        more = dice.choice(outside)
        claims = altered(claims, at, inside_needs=(*claim.inside_needs, more))
        assume(not _full(terms, found, more))
    else:
        claims.insert(at, dataclasses.replace(claim, needs=(), asked=F(0), received=F(0)))
    refused(terms, found.units, claims)


def _full(terms, found, need):
    """A need that has all it asks can stand in a cut that it does not need to stand in."""
    return sum(a for (n, _), a in found.units.items() if n == need) == next(
        n.units for n in terms.needs if n.id == need
    )


def _merge(first, second):
    sums = {k: getattr(first, k) + getattr(second, k) for k in ("needs", "offers", "total", "asked", "received")}
    inside = {k: getattr(first, k) + getattr(second, k) for k in ("inside_needs", "inside_members")}
    return dataclasses.replace(first, binding=first.binding or second.binding, **sums, **inside)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"needs": ("a", "x")}, "is not there"),
        ({"needs": ("a", "a", "b")}, "stands in two blocks"),
        ({"offers": ("x",)}, "not there"),
        ({"inside_needs": ("a", "b", "x")}, "names what is not there"),
        ({"inside_needs": ()}, "shows what does"),
    ],
)
def test_a_name_that_is_not_there_is_refused(changes, words):
    claims = claims_of(FOUND)
    at = next(i for i, c in enumerate(claims) if "a" in c.needs)
    assert words in refused(TWO, FOUND.units, altered(claims, at, **changes))


def test_a_member_cannot_have_needs_in_two_blocks():
    needs = [Need("a", "FJI", "days", F(6)), Need("b", "FJI", "days", F(4)), Need("c", "TON", "days", F(10))]
    terms = set_terms(needs=needs, offers=[Offer("o", "days", F(10))], by="member")
    found = allocate(terms=terms)
    (claim,) = claims_of(found)
    parted = dataclasses.replace(claim, needs=("a", "c"), asked=F(16))
    assert "needs in two blocks" in refused(terms, found.units, [parted])


# Unfair from the start.


def test_a_cut_may_not_hold_whom_only_a_later_block_speaks_of():
    """Both cuts are full, and one need has four times the share of the other."""
    terms = set_terms(
        needs=[Need("a", "FJI", "days", F(10)), Need("b", "TON", "days", F(10))], offers=[Offer("o", "days", F(10))]
    )
    cut = {"offers": ("o",), "total": F(10), "binding": True, "inside_needs": ("a", "b"), "inside_members": ()}
    none = {"offers": (), "total": F(0), "binding": False, "inside_needs": (), "inside_members": ()}
    claims = [
        Claim(priority=1, level=F(1, 5), needs=("a",), asked=F(10), received=F(2), **cut),
        Claim(priority=1, level=F(4, 5), needs=("b",), asked=F(10), received=F(8), **none),
    ]
    assert "only a later block" in refused(terms, {("a", "o"): F(2), ("b", "o"): F(8)}, claims)


def _greedy(terms, dice):
    """Give each pair all that is left, in some order: possible, and seldom fair."""
    needs, offers = {n.id: n.units for n in terms.needs}, {o.id: o.units for o in terms.offers}
    units = {}
    for need, offer in dice.sample(expand_pairs(terms=terms), len(expand_pairs(terms=terms))):
        amount = min(needs[need], offers[offer])
        if amount:
            units[need, offer] = amount
            needs[need] -= amount
            offers[offer] -= amount
    return units


def _claims_for(terms, units, cuts):
    """Return claims that say what the amounts say, with a set of offers and needs as the cut of each block."""
    total = totals_of(terms, units)
    group = group_of(terms)
    blocks = {}
    for need in terms.needs:
        blocks.setdefault(total[group[need.id]] / need.units, []).append(need)
    of_offer = {o.id: o.units for o in terms.offers}
    for (level, needs), (offers, inside) in zip(sorted(blocks.items()), cuts, strict=False):
        yield Claim(
            priority=1,
            level=level,
            needs=tuple(n.id for n in needs),
            offers=offers,
            total=sum((of_offer[o] for o in offers), F(0)),
            asked=sum((n.units for n in needs), F(0)),
            received=sum((total[group[n.id]] for n in needs), F(0)),
            binding=bool(inside),
            inside_needs=inside,
            inside_members=(),
        )


def _subsets(names):
    return [c for size in range(len(names) + 1) for c in itertools.combinations(names, size)]


@pytest.mark.parametrize("seed", range(12))
def test_no_cut_at_all_proves_an_unfair_allocation(seed):
    """Two needs, two offers: every choice of cuts for every block is tried."""
    dice = random.Random(seed)
    while True:
        terms = set_terms(
            needs=[Need(i, i, "days", F(dice.randint(1, 9))) for i in "ab"],
            offers=[Offer(i, "days", F(dice.randint(1, 9))) for i in "op"],
            pairs=[(n, o) for n in "ab" for o in "op" if dice.random() < 0.8],
        )
        units = _greedy(terms, dice)
        fair = allocate(terms=terms)
        if totals_of(terms, units) != totals_of(terms, fair.units):
            break
    cuts = list(itertools.product(_subsets("op"), _subsets("ab")))
    for chosen in itertools.product(cuts, repeat=2):
        refused(terms, units, list(_claims_for(terms, units, chosen)))
    accepted = 0
    for chosen in itertools.product(cuts, repeat=len(fair.reasons)):
        try:
            check_allocation(terms=terms, units=fair.units, claims=list(_claims_for(terms, fair.units, chosen)))
            accepted += 1
        except AllocationDoesNotHold:
            continue
    assert accepted or len(fair.reasons) != len(list(_claims_for(terms, fair.units, chosen)))


def _unfair_round(dice):
    while True:
        needs = [
            Need(f"n{i}", "FJI", "days", F(dice.randint(1, 9), dice.randint(1, 3))) for i in range(dice.randint(2, 8))
        ]
        offers = [Offer(f"o{i}", "days", F(dice.randint(0, 9))) for i in range(dice.randint(1, 4))]
        pairs = [(n.id, o.id) for n in needs for o in offers if dice.random() < 0.6]
        terms = set_terms(needs=needs, offers=offers, pairs=pairs)
        units, fair = _greedy(terms, dice), allocate(terms=terms)
        if totals_of(terms, units) != totals_of(terms, fair.units):
            return terms, units, fair


@settings(deadline=None, max_examples=120)
@given(seed=SEEDS)
def test_an_unfair_allocation_with_claims_of_its_own_is_refused(seed):
    dice = random.Random(seed)
    terms, units, fair = _unfair_round(dice)
    offers, needs = [o.id for o in terms.offers], [n.id for n in terms.needs]
    cuts = [
        (tuple(o for o in offers if dice.random() < 0.5), tuple(n for n in needs if dice.random() < 0.5)) for _ in needs
    ]
    refused(terms, units, list(_claims_for(terms, units, cuts)))
    refused(terms, units, claims_of(fair))
    everything = [(tuple(offers), tuple(needs)), *[((), ())] * len(needs)]
    refused(terms, units, list(_claims_for(terms, units, everything)))


# Lots.


@settings(deadline=None, max_examples=40)
@given(seed=SEEDS, dice=st.randoms(use_true_random=False))
def test_a_lot_goes_to_one_need_as_a_whole(seed, dice):
    terms = with_lots(make_terms(seed=seed, most_needs=25), seed=seed)
    found = allocate(terms=terms)
    claims = claims_of(found)
    assume(any(o.units for o in terms.offers if o.id in found.lots))
    check_allocation(terms=terms, units=found.units, claims=claims, lots=found.lots)
    lot = dice.choice([o.id for o in terms.offers if o.id in found.lots and o.units])
    refused(terms, found.units, claims, {k: v for k, v in found.lots.items() if k != lot})
    others = [n.id for n in terms.needs if n.id != found.lots[lot]]
    if others:
        refused(terms, found.units, claims, {**found.lots, lot: dice.choice(others)})
    less = {**found.units, (found.lots[lot], lot): found.units[found.lots[lot], lot] / 2}
    refused(terms, less, claims, found.lots)
    refused(terms, found.units, claims, {**found.lots, "x": terms.needs[0].id})
