"""Challenge a published allocation for a member, until its time is over; the office answers each before the round is confirmed.

A challenge is seen in the circle of the round, unless the member has a need in it that is not public: then by its delegation, the
secretariat and the chair, so that nothing tells that it asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.capacity.models import Challenge, Need, Round
from comity.platform.capacity.round_lookups import (
    CHALLENGE,
    HOLD,
    authorise_on,
    checked_authority,
    circle_of_tables,
    demand_state,
    locked_round,
    round_seen,
)
from comity.platform.parties.bodies import LANGUAGES, member_of
from comity.platform.parties.models import Membership
from comity.platform.parties.preparing import is_of_delegation
from comity.platform.parties.rules import Installation, authorise
from comity.platform.parties.standing import in_force
from comity.platform.parties.texts import checked_text
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility

if TYPE_CHECKING:
    import datetime as dt

MOST_TEXT = 4000


def challenge_allocation(*, slug: str, member: str, text: str, language: str, by: Any) -> Challenge:
    """Challenge a published allocation for a member, as an act: once, until its time is over. At the very end it is late.

    Raises NotFound, NotPermitted, BadParameter, or Conflict where it is not the time, where the member has challenged it already, or
    is not in the body.
    """
    if not isinstance(by, Installation):
        round_seen(slug=slug, user=by)
        if not is_of_delegation(user=by, member=member):
            raise NotFound(reference=f"capacity/rounds/{slug[:60]}/members/{member[:60]}")
    said, tongue = checked_text("text", text, most=MOST_TEXT, least=3, lines=True), _language(language)
    with transaction.atomic():
        held = locked_round(slug=slug)
        office = authorise(by=by, action=CHALLENGE, member=member, body=held.body.slug)
        now = timezone.now()
        demand_state(round=held, moment=now, allowed=(Round.State.CHALLENGE,))
        own = member_of(slug=member)
        seats = Membership.objects.filter(in_force(on=now.date()), body=held.body, member=own)
        if not seats.exclude(status=Membership.Status.OBSERVER).exists():
            raise Conflict(problem="Your member has no seat in this body today; nothing was written.")
        act = enter_act(
            type="challenge-allocation",
            office=office,
            member=member,
            authority=checked_authority(""),
            subject=held.reference,
            payload={
                "round": held.reference,
                "member": member,
                "text": said,
                "language": tongue,
                "at": now.isoformat(),
            },
            **circle_of_challenge(round=held, member=member),
        )
        try:
            with transaction.atomic():
                return Challenge.objects.create(
                    round=held, member=own, language=tongue, text=said, made_at=now, making=act
                )
        except IntegrityError:
            raise Conflict(problem="Your member has challenged this allocation already; nothing was written.") from None


def answer_challenge(*, slug: str, member: str, text: str, language: str, by: Any) -> Challenge:
    """Answer the challenge of a member, as an act; before the round is confirmed, and once.

    Raises NotPermitted, NotFound, BadParameter, or Conflict where it is answered, or the round is not being decided.
    """
    said, tongue = checked_text("answer", text, most=MOST_TEXT, least=3, lines=True), _language(language)
    with transaction.atomic():
        held = locked_round(slug=slug)
        office = authorise_on(round=held, by=by, action=HOLD)
        now = timezone.now()
        demand_state(round=held, moment=now, allowed=(Round.State.CHALLENGE, Round.State.DECIDING))
        row = Challenge.objects.select_related("making", "member").filter(round=held, member__slug=member).first()
        if row is None:
            raise NotFound(reference=f"{held.reference}/challenges/{member[:60]}")
        if row.answered_at is not None:
            raise Conflict(problem="This challenge is answered already; nothing was written.")
        row.answer, row.answer_language, row.answered_at = said, tongue, now
        row.answering = enter_act(
            type="answer-challenge",
            office=office,
            authority=checked_authority(""),
            subject=held.reference,
            payload={"round": held.reference, "member": member, "text": said, "language": tongue},
            visibility=row.making.visibility,
            audience=row.making.audience,
            released_at=row.making.released_at,
        )
        row.save()
    return row


def circle_of_challenge(*, round: Round, member: str) -> dict[str, Any]:  # noqa: A002  (the thing's own name)
    """Return who sees a challenge of a member: those who see the tables, or its delegation where it has a need that is not public."""
    hidden = round.needs.filter(need__member__slug=member).exclude(need__shown_to=Need.Shown.PUBLIC)
    if hidden.exists():
        return {"visibility": Visibility.DELEGATION, "audience": f"delegation:{member}"}
    return circle_of_tables(round)


def unanswered(*, round: Round) -> int:  # noqa: A002  (the thing's own name)
    """Return how many challenges of a round still await their answer."""
    return Challenge.objects.filter(round=round, answered_at__isnull=True).count()


def why_no_challenge(*, round: Round, moment: dt.datetime) -> str:  # noqa: A002  (the thing's own name)
    """Return the state of a round that lets nobody challenge it, empty while it may be."""
    state = str(round.state_at(moment))
    return "" if state == Round.State.CHALLENGE else state


def _language(language: str, /) -> str:
    if language not in LANGUAGES:
        raise BadParameter(name="language", found=language[:20], allowed=", ".join(LANGUAGES))
    return language
