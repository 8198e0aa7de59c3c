"""Rounds drawn from a seed, for tests that hold for any round, and what several tests ask of a result."""

from __future__ import annotations

import dataclasses
import math
import random
from fractions import Fraction

from comity.engines.capacity.checking import Claim
from comity.engines.capacity.terms import Need, Offer, set_terms


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


def totals_of(terms, units):
    """Return the units by group: a need, or a member's needs of a resource at a priority."""
    group = group_of(terms)
    found = dict.fromkeys(group.values(), Fraction(0))
    for (need, _), amount in units.items():
        found[group[need]] += amount
    return found


def group_of(terms):
    return {n.id: (n.id if terms.by == "need" else n.member, n.resource, n.priority) for n in terms.needs}


def in_whole_units(terms):
    """Return the same round with every amount rounded up."""

    def up(amount):
        return None if amount is None else Fraction(math.ceil(amount))

    return set_terms(
        needs=[dataclasses.replace(n, units=up(n.units)) for n in terms.needs],
        offers=[dataclasses.replace(o, units=up(o.units), per_member=up(o.per_member)) for o in terms.offers],
        pairs=terms.pairs,
        by=terms.by,
        weights=terms.weights,
        caps={k: up(c) for k, c in terms.caps.items()},
    )


def with_lots(terms, *, seed):
    """Return the same round without caps, in which all or some offers are lots, smaller than they were."""
    dice = random.Random(seed)
    chance = dice.choice([0.3, 1, 1])
    offers = []
    for offer in terms.offers:
        if dice.random() < chance:
            units = offer.units / dice.choice([1, 2, 5])
            offers.append(dataclasses.replace(offer, units=units, per_member=None, indivisible=True))
        else:
            offers.append(offer)
    return set_terms(needs=terms.needs, offers=offers, pairs=terms.pairs, by=terms.by, weights=terms.weights)


def levels_in(terms, rows):
    """Return the level of each group from the rows of shares.csv."""
    member = {n.id: n.member for n in terms.needs}
    found = {}
    for row in rows:
        who = row["need"] if terms.by == "need" else row["member"]
        weight = terms.weights.get(member[who] if terms.by == "need" else who, Fraction(1))
        found[who, row["resource"], int(row["priority"])] = float(Fraction(row["share"]) / weight)
    return found
