"""Agree to a commitment, or decline it: both sides say so for themselves, and no reason is asked or kept.

What is declined is free, and a later round shares it out. The provider of a need that is shown to the secretariat alone is asked once
its member has agreed: until then it does not learn that there is one.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.capacity.commitments_seen import NEEDED, commitments_seen_by
from comity.platform.capacity.models import Commitment, Need
from comity.platform.capacity.resources import in_figures
from comity.platform.capacity.round_lookups import AGREE, checked_authority, circle_of_tables
from comity.platform.parties.preparing import is_of_delegation
from comity.platform.parties.rules import Installation, authorise
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility, narrowest

PROVIDER, RECIPIENT = "provider", "recipient"
SIDES = (PROVIDER, RECIPIENT)


def agree_to_commitment(*, slug: str, side: str, by: Any) -> Commitment:
    """Agree to a commitment as its provider or its recipient, as an act; once both have, it is agreed.

    Raises NotFound for everyone outside that delegation, NotPermitted, BadParameter, or Conflict where it is not proposed any more or
    this side has agreed already.
    """
    return _say(slug=slug, side=side, by=by, agrees=True)


def decline_commitment(*, slug: str, side: str, by: Any) -> Commitment:
    """Decline a commitment as its provider or its recipient, as an act without a reason; what it held is free.

    Raises as ``agree_to_commitment`` does. A side that has agreed may still decline until the other has.
    """
    return _say(slug=slug, side=side, by=by, agrees=False)


def circle_of_commitment(commitment: Commitment, /, *, member: str) -> dict[str, Any]:
    """Return the circle of what a member does on a commitment: that of its round and offer, or of its delegation alone where the
    need is not public.
    """
    if commitment.need.shown_to != Need.Shown.PUBLIC:
        return {"visibility": Visibility.DELEGATION, "audience": f"delegation:{member}"}
    held = circle_of_tables(commitment.round)
    offer = (commitment.offer.visibility, commitment.offer.audience)
    visibility, audience = narrowest((held["visibility"], held["audience"]), offer)
    return {"visibility": visibility, "audience": audience}


def links_of(commitment: Commitment, /) -> list[tuple[str, str, str]]:
    """Return what a commitment came from: its need, its offer and its round."""
    own = commitment.reference
    return [
        (own, "wasDerivedFrom", commitment.need.reference),
        (own, "used", commitment.offer.reference),
        (own, "wasGeneratedBy", commitment.round.reference),
    ]


def _say(*, slug: str, side: str, by: Any, agrees: bool) -> Commitment:
    if side not in SIDES:
        raise BadParameter(name="side", found=side[:20] or "nothing", allowed=", ".join(SIDES))
    with transaction.atomic():
        number = Commitment.objects.select_for_update().filter(slug=slug).values_list("pk", flat=True).first()
        if number is None:
            raise NotFound(reference=f"capacity/commitments/{slug[:60]}")
        held = Commitment.objects.select_related(*NEEDED).get(pk=number)
        member = (held.offer if side == PROVIDER else held.need).member
        office = _authorise(held, member=member.slug, side=side, by=by)
        if held.state != Commitment.State.PROPOSED:
            raise Conflict(problem="This commitment is not waiting for an answer any more; nothing was changed.")
        said = held.provider_said_at if side == PROVIDER else held.recipient_said_at
        if agrees and said is not None:
            raise Conflict(problem="You have agreed to this already; nothing was changed.")
        now = timezone.now()
        act = enter_act(
            type="agree-to-commitment" if agrees else "decline-commitment",
            office=office,
            member=member.slug,
            authority=checked_authority(""),
            subject=held.reference,
            payload={
                "commitment": held.reference,
                "side": side,
                "member": member.slug,
                "need": held.need.reference,
                "offer": held.offer.reference,
                "units": in_figures(held.units),
                "at": now.isoformat(),
            },
            links=links_of(held) if agrees else (),
            **circle_of_commitment(held, member=member.slug),
        )
        if side == PROVIDER:
            held.provider_said_at, held.provider_act = now, act
        else:
            held.recipient_said_at, held.recipient_act = now, act
        if not agrees:
            held.state = Commitment.State.DECLINED
        elif held.provider_act is not None and held.recipient_act is not None:
            held.state = Commitment.State.AGREED
        held.save()
    return held


def _authorise(held: Commitment, /, *, member: str, side: str, by: Any) -> str:
    """Return the office of who speaks for a side. Outsiders, and a provider who may not know of the need yet, learn nothing."""
    if not isinstance(by, Installation):
        seen = Commitment.objects.filter(commitments_seen_by(user=by), pk=held.pk).exists()
        if not seen or not is_of_delegation(user=by, member=member):
            raise NotFound(reference=held.reference)
    elif side == PROVIDER and held.need.shown_to == Need.Shown.SECRETARIAT and held.recipient_said_at is None:
        raise NotFound(reference=held.reference)
    return authorise(by=by, action=AGREE, member=member, body=held.round.body.slug)
