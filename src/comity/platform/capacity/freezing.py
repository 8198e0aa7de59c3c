"""Freeze a round: copy its needs and offers as they stand, under codes drawn by lot, write its tables, and publish their digest.

Needs that are not public stand in the tables under their code, without member and subject. Tables that would tell more are *closed*:
the secretariat and the chair alone see them, and everyone else the digest. They are closed where a need is shown to the secretariat
alone; where members are treated alike, or an offer limits what one member may receive, beside a need that is not public; where
the terms of such a need fit so few members that they point to it; and where it does not meet an offer that fits it, since who knows
whom a member works with would know whose it is. The digest of closed tables is salted, so that nobody can try out
what they might hold.
"""

from __future__ import annotations

import secrets
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.adapters.allocation_files import digest_files, terms_tables
from comity.adapters.capacity_tables import Rules
from comity.engines.capacity.terms import Need as NeedTerms
from comity.engines.capacity.terms import Offer as OfferTerms
from comity.engines.capacity.terms import set_terms
from comity.errors import Conflict
from comity.platform.capacity.gathering import Gathered, gather_round, may_draw
from comity.platform.capacity.member_groups import groups_of_member
from comity.platform.capacity.models import Need, Round, RoundNeed, RoundOffer
from comity.platform.capacity.round_lookups import (
    HOLD,
    authorise_on,
    checked_authority,
    circle_of_tables,
    circle_together,
    demand_state,
    locked_round,
)
from comity.platform.capacity.round_rules import RoundRules, rules_kept
from comity.platform.parties.models import Member, Membership
from comity.platform.parties.standing import in_force
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from comity.engines.capacity.terms import Terms
    from comity.platform.capacity.gathering import Asked

LEAST_ALIKE = 3
"""Terms that fit fewer members than these point to whose need it is."""
SALT = "salt.txt"
MOST_PAIRS = 500_000
"""Pairs of a need and an offer in one round: its act holds them all."""


def freeze_round(*, slug: str, by: Any) -> Round:
    """Freeze a round that has closed, as an act that publishes the digest of its tables, and the tables where they are open.

    Raises NotPermitted, NotFound, or Conflict where it is still open or frozen already, or where no need may draw on any offer, or
    too many may.
    """
    with transaction.atomic():
        held = locked_round(slug=slug)
        office = authorise_on(round=held, by=by, action=HOLD)
        now = timezone.now()
        demand_state(round=held, moment=now, allowed=(Round.State.CLOSED,))
        found = gather_round(round=held, now=now, lock=True)
        if not found.pairs:
            raise Conflict(
                problem="No need may draw on any offer, so there is nothing to share out; nothing was frozen."
            )
        if len(found.pairs) > MOST_PAIRS:
            raise Conflict(
                problem="Too many needs may draw on too many offers. Hold a round for each resource; nothing was frozen."
            )
        needs = dict(zip(_codes("n", len(found.needs)), _shuffled(found.needs), strict=True))
        offers = dict(zip(_codes("o", len(found.offers)), _shuffled(found.offers), strict=True))
        is_closed = _tells_too_much(held, found, on=now.date())
        terms, rules = _terms(held, found, needs=needs, offers=offers, is_closed=is_closed)
        files = terms_tables(terms=terms, rules=rules)
        salt = secrets.token_hex(32) if is_closed else ""
        circle = circle_together(held, [g.offer for g in found.offers])
        held.tables = {"files": files, "salt": salt, "closed": is_closed, "circle": list(circle)}
        held.input_sha256 = digest_with_salt(files=files, salt=salt)
        held.frozen_at = now
        payload: dict[str, Any] = {
            "round": held.reference,
            "input_sha256": held.input_sha256,
            "closed": is_closed,
            "frozen_at": now.isoformat(),
        }
        held.freezing = enter_act(
            type="freeze-round",
            office=office,
            authority=checked_authority(""),
            subject=held.reference,
            payload=payload if is_closed else payload | {"tables": files},
            **circle_of_tables(held),
        )
        held.save()
        RoundNeed.objects.bulk_create(
            RoundNeed(round=held, need=a.need, code=c, units=a.units, priority=a.priority, weight=str(a.weight))
            for c, a in needs.items()
        )
        RoundOffer.objects.bulk_create(
            RoundOffer(round=held, offer=g.offer, code=c, units=g.units) for c, g in offers.items()
        )
    return held


def digest_with_salt(*, files: Mapping[str, str], salt: str) -> str:
    """Return the digest of some files; with a salt, it is one file more, ``salt.txt``."""
    return digest_files({**files, SALT: salt} if salt else files)


def is_hidden(need: Need, /) -> bool:
    """Tell whether a need is not shown to everyone."""
    return need.shown_to != Need.Shown.PUBLIC


def _codes(letter: str, count: int) -> list[str]:
    width = max(2, len(str(count)))
    return [f"{letter}-{number:0{width}}" for number in range(1, count + 1)]


def _shuffled(rows: Sequence[Any]) -> list[Any]:
    """Return rows in an order drawn by lot, so that a code says nothing of when something was sent."""
    drawn = list(rows)
    secrets.SystemRandom().shuffle(drawn)
    return drawn


def _tells_too_much(held: Round, found: Gathered, *, on: dt.date) -> bool:
    hidden = [a for a in found.needs if is_hidden(a.need)]
    if not hidden:
        return False
    return (
        any(a.need.shown_to == Need.Shown.SECRETARIAT for a in hidden)
        or held.by == Round.By.MEMBER
        or any(g.per_member is not None for g in found.offers)
        or any(_fits(held, a, found, on=on) < LEAST_ALIKE for a in hidden)
        or _is_kept_apart(found, on=on)
    )


def _is_kept_apart(found: Gathered, *, on: dt.date) -> bool:
    """Tell whether a need that is not public fits an offer that it does not meet, because one of the members works not with the other."""
    pairs = set(found.pairs)
    for place, asked in enumerate(found.needs):
        if not is_hidden(asked.need):
            continue
        own = groups_of_member(member=asked.need.member, on=on)
        for other, given in enumerate(found.offers):
            if (place, other) not in pairs and may_draw(need=asked.need, offer=given.offer, groups=own):
                return True
    return False


def _fits(held: Round, asked: Asked, found: Gathered, *, on: dt.date) -> int:
    """Return how many members of the body the terms of a need fit: by their groups, and by what they offer themselves."""
    rules = rules_kept(held.rules)
    seated = Membership.objects.filter(in_force(on=on), body=held.body).exclude(status=Membership.Status.OBSERVER)
    members = Member.objects.filter(pk__in=seated.values("member"))
    own = groups_of_member(member=asked.need.member, on=on)
    drawn = {g.offer.pk for g in found.offers if may_draw(need=asked.need, offer=g.offer, groups=own)}
    whose, fitting = asked.need.member, 0
    try:
        for member in members:
            groups = groups_of_member(member=member, on=on)
            asked.need.member = member
            same = (rules.priority_of(groups), rules.weight_of(groups)) == (asked.priority, asked.weight)
            could = {g.offer.pk for g in found.offers if may_draw(need=asked.need, offer=g.offer, groups=groups)}
            fitting += same and could == drawn
    finally:
        asked.need.member = whose
    return fitting


def _terms(
    held: Round,
    found: Gathered,
    *,
    needs: Mapping[str, Asked],
    offers: Mapping[str, Any],
    is_closed: bool,
) -> tuple[Terms, Rules]:
    """Return the terms of a round by code, and the published rule of each weight and cap. Closed tables name every member."""
    code_of_need = {a.need.pk: c for c, a in needs.items()}
    code_of_offer = {g.offer.pk: c for c, g in offers.items()}
    shown = {
        c: a.need.member.slug if is_closed or not is_hidden(a.need) else f"{c} (member not shown)"
        for c, a in needs.items()
    }
    rules, grain = rules_kept(held.rules), found.needs[0].need.resource.grain
    weighed = {shown[c]: a for c, a in needs.items() if a.weight != 1}
    capped = {
        (shown[c], a.need.resource.slug): cap
        for c, a in needs.items()
        for cap in rules.caps
        if cap.resource == a.need.resource.slug
    }
    terms = set_terms(
        needs=[NeedTerms(c, shown[c], a.need.resource.slug, Fraction(a.units), a.priority) for c, a in needs.items()],
        offers=[
            OfferTerms(
                c,
                g.offer.resource.slug,
                Fraction(g.units),
                None if g.per_member is None else Fraction(g.per_member),
                g.offer.indivisible,
            )
            for c, g in offers.items()
        ],
        pairs=[(code_of_need[found.needs[n].need.pk], code_of_offer[found.offers[o].offer.pk]) for n, o in found.pairs],
        by="member" if held.by == Round.By.MEMBER else "need",
        weights={member: a.weight for member, a in weighed.items()},
        caps={key: Fraction(cap.units // grain * grain) for key, cap in capped.items()},
    )
    named = Rules(
        weights={member: _rule_of_weight(rules, a.weight) for member, a in weighed.items()},
        caps={key: cap.rule for key, cap in capped.items()},
    )
    return terms, named


def _rule_of_weight(rules: RoundRules, weight: Fraction) -> str:
    """Return the rules that give a weight, one after the other: the table does not say to which group a member belongs."""
    return "; ".join(dict.fromkeys(w.rule for w in rules.weights if w.weight == weight))
