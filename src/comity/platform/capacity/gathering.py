"""Gather what a round would freeze: which needs and offers enter it, how much of each is left, who may draw on what, and who stays out.

A need may draw on an offer of the same resource where the offer's groups include the need's member on the day, their languages meet
or one of them names none, and what is wanted by a day is not offered from a later one. Nobody draws on its own offer.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum

from comity.platform.capacity.exclusions import pairs_apart
from comity.platform.capacity.lookups import open_needs, open_offers
from comity.platform.capacity.member_groups import groups_of_member
from comity.platform.capacity.models import Commitment, RoundNeed, RoundOffer
from comity.platform.capacity.round_rules import rules_kept
from comity.platform.parties.models import Membership
from comity.platform.parties.standing import in_force

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from fractions import Fraction

    from django.db.models import QuerySet

    from comity.platform.capacity.models import Need, Offer, Round

NO_MEMBER = "no-member"
TOO_LATE = "too-late"
ELSEWHERE = "elsewhere"
NOTHING_LEFT = "nothing-left"
NOT_WHOLE = "not-whole"
UNDER_A_CAP = "under-a-cap"


@dataclass(frozen=True, slots=True)
class Asked:
    """A need that enters a round, with what is left to meet, its priority and its weight under the rules of the round."""

    need: Need
    units: Decimal
    priority: int
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Given:
    """An offer that enters a round, with what is left of it and what one member may receive of it at most (None: no limit)."""

    offer: Offer
    units: Decimal
    per_member: Decimal | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a round would freeze; ``pairs`` are places in ``needs`` and ``offers``. What is left out says why in a word."""

    needs: tuple[Asked, ...]
    offers: tuple[Given, ...]
    pairs: tuple[tuple[int, int], ...]
    needs_out: tuple[tuple[Need, str], ...]
    offers_out: tuple[tuple[Offer, str], ...]


def gather_round(*, round: Round, now: dt.datetime, lock: bool = False) -> Gathered:  # noqa: A002  (the thing's own name)
    """Return what a round would freeze at a moment. ``lock`` holds the rows of needs and offers until the transaction ends.

    Exclusions take pairs away, and nothing else shows them.
    """
    day = now.date()
    resources = {r.slug: r for r in round.resources.all()}
    rules = rules_kept(round.rules)
    capped = {c.resource for c in rules.caps}
    asked = _rows(open_needs(body=round.body.slug, resources=resources), lock=lock)
    given = _rows(open_offers(body=round.body.slug, resources=resources, on=day), lock=lock)
    seated = set(
        Membership.objects.filter(in_force(on=day), body=round.body)
        .exclude(status=Membership.Status.OBSERVER)
        .values_list("member_id", flat=True)
    )
    undecided = Q(round__confirmed_at__isnull=True, round__cancelled_at__isnull=True) & ~Q(round=round)
    need_elsewhere = set(RoundNeed.objects.filter(undecided).values_list("need_id", flat=True))
    offer_elsewhere = set(RoundOffer.objects.filter(undecided).values_list("offer_id", flat=True))
    need_taken, offer_taken = _taken("need", asked), _taken("offer", given)
    groups = {n.member_id: groups_of_member(member=n.member, on=day) for n in asked}

    needs, needs_out = [], []
    for need in asked:
        grain = resources[need.resource.slug].grain
        left = _multiple(need.units - need_taken.get(need.pk, Decimal(0)), grain)
        why = _why_out(
            late=need.sent_at is not None and need.sent_at >= round.closes_at,
            seated=need.member_id in seated,
            elsewhere=need.pk in need_elsewhere,
            left=left,
        )
        if why:
            needs_out.append((need, why))
            continue
        own = groups[need.member_id]
        needs.append(Asked(need, left, rules.priority_of(own), rules.weight_of(own)))
    offers, offers_out = [], []
    for offer in given:
        grain = resources[offer.resource.slug].grain
        left = _multiple(offer.units - offer_taken.get(offer.pk, Decimal(0)), grain)
        why = _why_out(
            late=offer.sent_at is not None and offer.sent_at >= round.closes_at,
            seated=offer.member_id in seated,
            elsewhere=offer.pk in offer_elsewhere,
            left=left,
        ) or _why_not_whole(offer, left=left, capped=capped)
        if why:
            offers_out.append((offer, why))
            continue
        each = None if offer.per_member is None or offer.indivisible else _multiple(offer.per_member, grain)
        offers.append(Given(offer, left, each))
    pairs = _pairs(needs, offers, groups=groups, apart=pairs_apart(body=round.body))
    return Gathered(tuple(needs), tuple(offers), pairs, tuple(needs_out), tuple(offers_out))


def may_draw(*, need: Need, offer: Offer, groups: frozenset[str]) -> bool:
    """Tell whether a need of a member of these groups may draw on an offer: by what both say, and nobody on its own."""
    return need.member_id != offer.member_id and fits_terms(need=need, offer=offer, groups=groups)


def fits_terms(*, need: Need, offer: Offer, groups: frozenset[str]) -> bool:
    """Tell whether an offer fits a need of a member of these groups by what both say, whoever makes it."""
    return (
        need.resource_id == offer.resource_id
        and (not offer.to_groups or not groups.isdisjoint(offer.to_groups))
        and (not need.languages or not offer.languages or not set(need.languages).isdisjoint(offer.languages))
        and (need.wanted_by is None or offer.begins_on is None or need.wanted_by >= offer.begins_on)
    )


def _rows(rows: QuerySet[Any], *, lock: bool) -> list[Any]:
    return list(rows.select_for_update(of=("self",)).order_by("pk") if lock else rows.order_by("pk"))


def _taken(side: str, rows: Iterable[Need | Offer]) -> dict[int, Decimal]:
    """Return by key what earlier commitments take of needs or offers: what was declined is free, what ended counts as confirmed."""
    keys = [r.pk for r in rows]
    taken: dict[int, Decimal] = defaultdict(Decimal)
    live = Commitment.objects.filter(**{f"{side}__in": keys})
    ended = (Commitment.State.DECLINED, Commitment.State.ENDED)
    for key, units in live.exclude(state__in=ended).values_list(f"{side}_id").annotate(Sum("units")):
        taken[key] += units
    confirmed = (
        live.filter(state=Commitment.State.ENDED).values_list(f"{side}_id").annotate(Sum("milestones__confirmed"))
    )
    for key, units in confirmed:
        taken[key] += units or Decimal(0)
    return taken


def _multiple(amount: Decimal, grain: Decimal) -> Decimal:
    """Return the largest multiple of the smallest amount that is given which an amount holds."""
    return amount // grain * grain


def _why_out(*, late: bool, seated: bool, elsewhere: bool, left: Decimal) -> str:
    if not seated:
        return NO_MEMBER
    if late:
        return TOO_LATE
    if elsewhere:
        return ELSEWHERE
    return "" if left > 0 else NOTHING_LEFT


def _why_not_whole(offer: Offer, *, left: Decimal, capped: set[str]) -> str:
    """Return why an offer cannot enter as it is: a whole that was partly given, that nobody may have, or that a cap might not hold."""
    if not offer.indivisible:
        return ""
    if left != offer.units or (offer.per_member is not None and offer.per_member < offer.units):
        return NOT_WHOLE
    return UNDER_A_CAP if offer.resource.slug in capped else ""


def _pairs(
    needs: list[Asked],
    offers: list[Given],
    *,
    groups: dict[int, frozenset[str]],
    apart: frozenset[tuple[int, int]],
) -> tuple[tuple[int, int], ...]:
    by_resource: dict[int, list[int]] = defaultdict(list)
    for place, given in enumerate(offers):
        by_resource[given.offer.resource_id].append(place)
    # Needs that say the same fit the same offers, but for those of their own member and of whom it cannot work with.
    fitting: dict[tuple[object, ...], list[int]] = {}
    found = []
    for n, asked in enumerate(needs):
        need, own = asked.need, groups[asked.need.member_id]
        alike = (need.resource_id, own, tuple(need.languages), need.wanted_by)
        if alike not in fitting:
            fitting[alike] = [
                o for o in by_resource[need.resource_id] if fits_terms(need=need, offer=offers[o].offer, groups=own)
            ]
        member = need.member_id
        for o in fitting[alike]:
            other = offers[o].offer.member_id
            if other != member and (member, other) not in apart:
                found.append((n, o))
    return tuple(found)
