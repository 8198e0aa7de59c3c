"""Who sees an offer: its delegation while it is a draft, then whom it was made for, its delegation and the secretariat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from comity.errors import NotFound
from comity.platform.capacity.models import Offer
from comity.platform.parties.preparing import own_members
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import standing_now
from comity.platform.parties.texts import language_in, text_in
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from decimal import Decimal

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A published criterion by which applicants are chosen, with the most points that it gives."""

    code: str
    name: str
    most: int


@dataclass(frozen=True, slots=True)
class OfferCard:
    """An offer in the reader's language. ``state`` is draft, open, ended (its last day has passed) or withdrawn."""

    slug: str
    reference: str
    body: str
    body_name: str
    resource: str
    resource_name: str
    unit_name: str
    title: str
    title_language: str
    conditions: str
    conditions_language: str
    units: Decimal
    per_member: Decimal | None
    indivisible: bool
    to_groups: tuple[str, ...]
    languages: tuple[str, ...]
    begins_on: dt.date | None
    ends_on: dt.date | None
    licence: str
    criteria: tuple[CriterionView, ...]
    apply_until: dt.datetime | None
    visibility: str
    state: str
    version: int
    sent_at: dt.datetime | None
    ended_at: dt.datetime | None
    member: str
    member_name: str
    is_own: bool


def offers_seen_by(*, user: Any, now: dt.datetime | None = None) -> Q:
    """Return the condition under which an offer is seen by an account at a moment (default: now)."""
    office = Q(pk__in=())
    for place in standing_now(user=user).places:
        if place.role == "secretariat":
            office |= Q(body__slug=place.body) if place.body else Q(pk__isnull=False)
    own = Q(member__slug__in=own_members(user=user))
    return own | ~Q(state=Offer.State.DRAFT) & (seen_by(user=user, now=now) | office)


def offers_seen(*, user: Any, now: dt.datetime | None = None) -> QuerySet[Offer]:
    """Return the offers that an account sees, with their body, member and resource."""
    return Offer.objects.filter(offers_seen_by(user=user, now=now)).select_related("body", "member", "resource")


def offer_seen(*, slug: str, user: Any, now: dt.datetime | None = None) -> Offer:
    """Return one offer. Raises NotFound for who does not see it, whether there is one or not."""
    found = offers_seen(user=user, now=now).filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"capacity/offers/{slug[:60]}")
    return found


def offer_card(*, offer: Offer, user: Any, language: str, now: dt.datetime | None = None) -> OfferCard:
    """Return an offer that this account sees, in a language."""
    return offer_cards(offers=[offer], user=user, language=language, now=now)[0]


def offer_cards(
    *, offers: Iterable[Offer], user: Any, language: str, now: dt.datetime | None = None
) -> list[OfferCard]:
    """Return offers that this account sees, in a language, in their order."""
    own, on = set(own_members(user=user)), (now or timezone.now()).date()
    return [
        OfferCard(
            slug=o.slug,
            reference=o.reference,
            body=o.body.slug,
            body_name=name_in(o.body.names, language),
            resource=o.resource.slug,
            resource_name=text_in(o.resource.names, language),
            unit_name=text_in(o.resource.unit_names, language),
            title=text_in(o.titles, language),
            title_language=language_in(o.titles, language),
            conditions=text_in(o.conditions, language),
            conditions_language=language_in(o.conditions, language),
            units=o.units,
            per_member=o.per_member,
            indivisible=o.indivisible,
            to_groups=tuple(o.to_groups),
            languages=tuple(o.languages),
            begins_on=o.begins_on,
            ends_on=o.ends_on,
            licence=o.licence,
            criteria=tuple(
                CriterionView(code=c["code"], name=text_in(c["names"], language), most=int(c["most"]))
                for c in o.criteria
            ),
            apply_until=o.apply_until,
            visibility=o.visibility,
            state=offer_state(offer=o, on=on),
            version=o.version,
            sent_at=o.sent_at,
            ended_at=o.ended_at,
            member=o.member.slug,
            member_name=name_in(o.member.names, language),
            is_own=o.member.slug in own,
        )
        for o in offers
    ]


def offer_state(*, offer: Offer, on: dt.date) -> str:
    """Return the state of an offer on a day: an open one has ended once its last day has passed."""
    has_ended = offer.state == Offer.State.OPEN and offer.ends_on is not None and offer.ends_on < on
    return "ended" if has_ended else str(offer.state)


def circle_of(*, offer: Offer) -> dict[str, Any]:
    """Return the circle of the acts on an offer, which is the offer's own."""
    return {"visibility": offer.visibility, "audience": offer.audience, "released_at": offer.released_at}
