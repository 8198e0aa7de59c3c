"""Who sees a commitment, for whom somebody acts in it, and the circle of its acts: the one place that answers.

- Its recipient and the secretariat see all of it.
- Its provider sees it as it sees the need: where the need is for the secretariat alone, only once the recipient has agreed.
- Others see it where the need is public and they see the offer and the round; one that was declined they do not see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from comity.errors import BadParameter, NotFound, NotPermitted
from comity.platform.capacity.models import Commitment, Milestone, Need, Offer, Round
from comity.platform.capacity.offers_seen import offers_seen_by
from comity.platform.parties.preparing import own_members
from comity.platform.parties.rules import Installation, authorise, may, standing_now
from comity.platform.record.visibility import Visibility, narrowest, seen_by

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

REPORT = "report a delivery"
CONFIRM = "confirm a delivery"
PROVIDER, RECIPIENT = Milestone.Side.PROVIDER, Milestone.Side.RECIPIENT
ACTION = {PROVIDER: REPORT, RECIPIENT: CONFIRM}
NEEDED = (
    "round__body",
    "need__member",
    "need__body",
    "need__resource",
    "offer__member",
    "offer__body",
    "offer__resource",
)


def commitments_seen_by(*, user: Any, now: dt.datetime | None = None) -> Q:
    """Return the condition under which a commitment is seen by an account at a moment (default: now)."""
    if isinstance(user, Installation):
        return Q(pk__isnull=False)
    own = own_members(user=user)
    untold = Q(recipient_said_at__isnull=True) | Q(state=Commitment.State.DECLINED, provider_said_at__isnull=True)
    hidden = Q(need__shown_to=Need.Shown.SECRETARIAT) & untold
    condition = Q(need__member__slug__in=own) | Q(offer__member__slug__in=own) & ~hidden
    for place in standing_now(user=user).places:
        if place.role == "secretariat":
            condition |= Q(round__body__slug=place.body) if place.body else Q(pk__isnull=False)
    public = Q(
        need__shown_to=Need.Shown.PUBLIC,
        offer__in=Offer.objects.filter(offers_seen_by(user=user, now=now)),
        round__in=Round.objects.filter(seen_by(user=user, now=now)),
    )
    return condition | public & ~Q(state=Commitment.State.DECLINED)


def commitments_seen(*, user: Any, now: dt.datetime | None = None) -> QuerySet[Commitment]:
    """Return the commitments that an account sees, with their round, need and offer, by their slugs."""
    rows = Commitment.objects.filter(commitments_seen_by(user=user, now=now))
    return rows.select_related(*NEEDED).order_by("slug")


def commitment_seen(*, slug: str, user: Any, now: dt.datetime | None = None) -> Commitment:
    """Return one commitment. Raises NotFound for who does not see it, whether there is one or not."""
    found = commitments_seen(user=user, now=now).filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"capacity/commitments/{slug[:60]}")
    return found


def locked_commitment(*, slug: str, by: Any) -> Commitment:
    """Return a commitment that an account sees, locked until the transaction ends. Raises NotFound."""
    # The lock comes first and by itself: what is joined to a row that was waited for would be as it was before the wait.
    Commitment.objects.select_for_update().filter(slug=slug).values_list("pk", flat=True).first()
    return commitment_seen(slug=slug, user=by)


def member_on(*, commitment: Commitment, side: str) -> str:
    """Return the slug of the member that provides or receives."""
    return str(commitment.offer.member.slug if side == PROVIDER else commitment.need.member.slug)


def sides_of(*, commitment: Commitment, user: Any) -> tuple[str, ...]:
    """Return the sides, provider and recipient, for which an account may act in a commitment."""
    body = commitment.round.body.slug
    return tuple(
        str(side)
        for side, action in ACTION.items()
        if not isinstance(user, Installation)
        and may(user=user, action=action, member=member_on(commitment=commitment, side=side), body=body)
    )


def authorise_side(*, commitment: Commitment, by: Any, side: str) -> str:
    """Return the office in which somebody acts for a side of a commitment. Raises NotPermitted, or BadParameter for no side."""
    if side not in Milestone.Side.values:
        raise BadParameter(name="side", found=side[:20] or "nothing", allowed=", ".join(Milestone.Side.values))
    member = member_on(commitment=commitment, side=side)
    return authorise(by=by, action=ACTION[Milestone.Side(side)], member=member, body=commitment.round.body.slug)


def side_taken(*, commitment: Commitment, by: Any, side: str = "") -> tuple[str, str]:
    """Return the side for which somebody acts and the office: the one named, else the only one that they may act for.

    Raises NotPermitted, or BadParameter where they may act for both and named none.
    """
    if side or isinstance(by, Installation):
        return side, authorise_side(commitment=commitment, by=by, side=side)
    sides = sides_of(commitment=commitment, user=by)
    if not sides:
        raise NotPermitted(action=REPORT, needed="head or delegate or focal-point")
    if len(sides) > 1:
        raise BadParameter(name="side", found="nothing", allowed=", ".join(sides))
    return sides[0], authorise_side(commitment=commitment, by=by, side=sides[0])


def circle_of(*, commitment: Commitment) -> dict[str, Any]:
    """Return the circle of the acts on a commitment: where the need is public that of its round and offer, else its recipient's own."""
    need, offer, held = commitment.need, commitment.offer, commitment.round
    if need.shown_to != Need.Shown.PUBLIC:
        return {"visibility": str(Visibility.DELEGATION), "audience": f"delegation:{need.member.slug}"}
    visibility, audience = narrowest((held.visibility, held.audience), (offer.visibility, offer.audience))
    return {"visibility": visibility, "audience": audience}
