"""Who applied for the seats of an offer, for those who may know; and figures of it without persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.errors import NotFound
from comity.platform.capacity.commitments_seen import commitments_seen
from comity.platform.capacity.models import Application
from comity.platform.capacity.offers_seen import OfferCard, offer_card, offer_seen
from comity.platform.capacity.training import (
    A_SEAT,
    CHOOSE,
    PROPOSE,
    TOOK_PART,
    applications_seen,
    seats_of,
    takes_part,
)
from comity.platform.parties.roster import member_names, name_in
from comity.platform.parties.rules import may, standing_now

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """A person whom a member proposes. ``name`` is empty once erased.

    ``points`` are (code, points) in the order of the criteria; none, and no ``total``, where the reader is told of them only later.
    """

    number: int
    member: str
    member_name: str
    name: str
    grounds: str
    points: tuple[tuple[str, int | None], ...]
    total: int | None
    state: str
    did_next: str
    proposed_at: dt.datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class SeatsView:
    """A member of the reader's with its seats: how many were agreed, how many it may still propose for them."""

    member: str
    name: str
    seats: int
    left: int


@dataclass(frozen=True, slots=True)
class TrainingFigures:
    """What became of the seats, without persons: of the commitments that the reader sees."""

    seats: int
    proposed: int
    chosen: int
    completed: int
    told: int


@dataclass(frozen=True, slots=True)
class TrainingView:
    """The seats of an offer as those see them who may. Applications are in the order in which they came, never ranked."""

    offer: OfferCard
    applications: tuple[ApplicationView, ...]
    seats: tuple[SeatsView, ...]
    figures: TrainingFigures
    takes_applications: bool
    may_choose: bool
    choice_waits: bool


def training_view(*, slug: str, user: Any, language: str, now: dt.datetime | None = None) -> TrainingView:
    """Return the seats of an offer with who applied. Raises NotFound for who is neither its provider, nor has a seat, nor the secretariat."""
    moment = now or timezone.now()
    held = offer_seen(slug=slug, user=user, now=moment)
    if not held.criteria or not takes_part(offer=held, user=user):
        raise NotFound(reference=f"{held.reference}/applications")
    rows = held.applications.filter(applications_seen(user=user)).select_related("member").order_by("pk")
    own = set(standing_now(user=user).members)
    chooses = may(user=user, action=CHOOSE, member=held.member.slug, body=held.body.slug)
    # Points are told to the members once the choice is made.
    tells, proposed = chooses or "secretariat" in standing_now(user=user).roles, Application.State.PROPOSED
    codes = [str(c["code"]) for c in held.criteria]
    views = tuple(
        ApplicationView(
            number=a.pk,
            member=a.member.slug,
            member_name=name_in(a.member.names, language),
            name=a.name,
            grounds=a.grounds,
            points=tuple((code, a.points.get(code)) for code in codes) if tells or a.state != proposed else (),
            total=sum(a.points.values()) if a.points and (tells or a.state != proposed) else None,
            state=a.state,
            did_next=a.did_next,
            proposed_at=a.proposed_at,
            is_own=a.member.slug in own,
        )
        for a in rows
    )
    body = held.body.slug
    names = member_names(language=language)
    seats = []
    for member in sorted(own):
        number = seats_of(offer=held, member=member)
        if number and may(user=user, action=PROPOSE, member=member, body=body):
            used = sum(1 for v in views if v.member == member and v.state != Application.State.WITHDRAWN)
            seats.append(SeatsView(member=member, name=names[member], seats=number, left=number * A_SEAT - used))
    is_over = held.apply_until is not None and moment >= held.apply_until
    return TrainingView(
        offer=offer_card(offer=held, user=user, language=language, now=moment),
        applications=views,
        seats=tuple(seats),
        figures=figures_of(slug=slug, user=user, now=moment),
        takes_applications=held.state == "open" and not is_over,
        may_choose=chooses,
        choice_waits=chooses
        and (is_over or held.apply_until is None)
        and any(v.state == Application.State.PROPOSED for v in views),
    )


def sees_applications(*, slug: str, user: Any) -> bool:
    """Tell whether an offer takes applications and an account sees them; False for an offer that it does not see."""
    try:
        held = offer_seen(slug=slug, user=user)
    except NotFound:
        return False
    return bool(held.criteria) and takes_part(offer=held, user=user)


def figures_of(*, slug: str, user: Any, now: dt.datetime | None = None) -> TrainingFigures:
    """Return what became of the seats of an offer, counted over the members whose commitments the reader sees."""
    found = commitments_seen(user=user, now=now).filter(offer__slug=slug, state__in=["agreed", "complete"])
    held = list(found)
    rows = Application.objects.filter(offer__slug=slug, member__in={c.need.member_id for c in held})
    states = list(rows.exclude(state=Application.State.WITHDRAWN).values_list("state", "did_next"))
    return TrainingFigures(
        seats=int(sum(c.units for c in held)),
        proposed=len(states),
        chosen=sum(1 for state, _ in states if state in TOOK_PART),
        completed=sum(1 for state, _ in states if state == Application.State.COMPLETED),
        told=sum(1 for _, did_next in states if did_next),
    )
