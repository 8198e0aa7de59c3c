"""Find a round, locked where something is done to it, say who sees it and who sees all that is in it, and what its state forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.errors import Conflict, NotFound, NotPermitted
from comity.platform.capacity.models import Round
from comity.platform.parties.rules import Installation, authorise, standing_now
from comity.platform.parties.texts import checked_text
from comity.platform.record.services import withhold_payloads
from comity.platform.record.visibility import narrowest, seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet

    from comity.platform.capacity.models import Need, Offer

HOLD = "hold a round"
CONFIRM = "confirm a round"
CHALLENGE = "challenge a round"
AGREE = "agree to a commitment"
MOST_AUTHORITY = 200
RULE = "The rules of the round, as they were published when it was opened"
STATES_IN_WORDS = {
    "open": "is open: needs and offers are still taken",
    "closed": "has closed, and is not frozen yet",
    "frozen": "is frozen, and no allocation is published yet",
    "challenge": "is in the time in which members may challenge it",
    "deciding": "awaits its confirmation",
    "confirmed": "is confirmed",
    "cancelled": "is cancelled",
}
BEING_DECIDED = frozenset({Round.State.FROZEN, Round.State.CHALLENGE, Round.State.DECIDING})


def locked_round(*, slug: str) -> Round:
    """Return a round, locked until the transaction ends. Raises NotFound."""
    # The lock comes first and by itself: PostgreSQL reads a row again once it is locked, and not those that are joined to it.
    number = Round.objects.select_for_update().filter(slug=slug).values_list("pk", flat=True).first()
    if number is None:
        raise NotFound(reference=f"capacity/rounds/{slug[:60]}")
    return Round.objects.select_related("body").get(pk=number)


def rounds_seen(*, user: Any, now: dt.datetime | None = None) -> QuerySet[Round]:
    """Return the rounds that an account sees, with their body."""
    return Round.objects.filter(seen_by(user=user, now=now)).select_related("body")


def round_seen(*, slug: str, user: Any, now: dt.datetime | None = None) -> Round:
    """Return one round. Raises NotFound for who does not see it, whether there is one or not."""
    found = rounds_seen(user=user, now=now).filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"capacity/rounds/{slug[:60]}")
    return found


def authorise_on(*, round: Round, by: Any, action: str) -> str:  # noqa: A002  (the thing's own name)
    """Return the office in which somebody acts on a round. Raises NotPermitted, or NotFound where it does not see the round."""
    try:
        return authorise(by=by, action=action, body=round.body.slug)
    except NotPermitted:
        if not Round.objects.filter(seen_by(user=by), pk=round.pk).exists():
            raise NotFound(reference=round.reference) from None
        raise


def demand_state(*, round: Round, moment: dt.datetime, allowed: Collection[str]) -> str:  # noqa: A002  (the thing's own name)
    """Return the state of a round at a moment. Raises Conflict, saying what it is, where it is none of those allowed."""
    state = str(round.state_at(moment))
    if state not in allowed:
        raise Conflict(problem=f"This round {STATES_IN_WORDS[state]}; nothing was changed.")
    return state


def sees_all(*, round: Round, user: Any, now: dt.datetime) -> bool:  # noqa: A002  (the thing's own name)
    """Tell whether an account sees every need of a round: the secretariat always, the chair of its body while it is being decided."""
    if isinstance(user, Installation):
        return True
    deciding = round.state_at(now) in BEING_DECIDED
    for place in standing_now(user=user).places:
        here = not place.body or place.body == round.body.slug
        if here and (place.role == "secretariat" or (place.role == "chair" and deciding)):
            return True
    return False


def checked_authority(authority: str, /) -> str:
    """Return what an act rests on: what its office names, else the rules of the round. Raises BadParameter."""
    return checked_text("authority", authority, most=MOST_AUTHORITY) or RULE


def circle_of_round(round: Round, /) -> dict[str, Any]:  # noqa: A002  (the thing's own name)
    """Return the circle of the acts on a round, which is the round's own."""
    return {"visibility": round.visibility, "audience": round.audience, "released_at": round.released_at}


def circle_of_tables(round: Round, /) -> dict[str, Any]:  # noqa: A002  (the thing's own name)
    """Return the circle of those who may see the frozen tables: of a round, and of every offer in it."""
    kept = round.tables.get("circle")
    if not kept or tuple(kept) == (round.visibility, round.audience):
        return circle_of_round(round)
    # What rests on an offer for members alone is not released with the round.
    return {"visibility": kept[0], "audience": kept[1], "released_at": None}


def close_tables_of(need: Need, /) -> None:
    """Close the tables of the undecided rounds that hold a need which fewer may see from now on, and publish them no longer.

    For the transaction that changes who sees it: what the round publishes afterwards shows the need to nobody else.
    """
    undecided = Round.objects.filter(confirmed_at__isnull=True, cancelled_at__isnull=True, frozen_at__isnull=False)
    held = undecided.filter(needs__need=need).values_list("pk", flat=True)
    for row in Round.objects.select_for_update().filter(pk__in=list(held)):
        if not row.tables.get("closed"):
            row.tables = {**row.tables, "closed": True}
            row.save(update_fields=["tables"])
            withhold_payloads(subject=row.reference, withheld=True)


def circle_together(round: Round, offers: Collection[Offer], /) -> tuple[str, str]:  # noqa: A002  (the thing's own name)
    """Return the narrowest circle of a round and some offers, as (visibility, audience). Raises Conflict where nobody sees all."""
    return narrowest((round.visibility, round.audience), *sorted({(o.visibility, o.audience) for o in offers}))
