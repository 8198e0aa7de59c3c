"""What a delegation prepares, its capital clears, and it sends: the steps that needs and offers share.

Nothing of it is seen by anyone else before it is sent, and it is no act and no line of a log. What was sent is changed in the same
way: the change waits beside it until it is cleared and sent. Where somebody of the delegation may clear in the body, nothing is
sent that was not cleared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import Conflict
from comity.platform.capacity.lookups import (
    CLEAR,
    PREPARE,
    SEND,
    authorise_own,
    clears_contributions,
    is_of_delegation,
    locked_need,
    locked_offer,
    person,
)
from comity.platform.parties.roster import MEMBERS
from comity.platform.parties.rules import Installation, may
from comity.platform.parties.standing import in_force
from comity.platform.parties.texts import MOST_NOTE, checked_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from comity.platform.capacity.models import Need, Offer
    from comity.platform.parties.models import Body, Member

CHANGED = "This was changed since you opened the page. Read it again; nothing was done."
NOT_CLEARED = "The capital has not cleared this yet; nothing was sent."
FROZEN = "This stands frozen in a round that is not decided yet, so that it cannot be changed. What the round gives can be declined."
NO_SEAT = "The member has no seat in this body today; nothing was written."
DRAFT, OPEN = "draft", "open"


@dataclass(frozen=True, slots=True)
class PreparedDesk:
    """What a delegation sees of what it prepared: by whom, whether it is cleared, and what this reader may do now.

    ``seen`` is what a form sends back, so that nobody clears or sends what they did not see. Names are empty where the person has
    gone. ``waits``: a draft, or a change of what was sent, waits to be cleared or sent. ``is_frozen``: an undecided round holds it.
    """

    seen: str
    note: str
    prepared_by: str
    prepared_at: dt.datetime
    cleared_by: str
    cleared_at: dt.datetime | None
    waits: bool
    is_frozen: bool
    needs_clearance: bool
    awaits_clearance: bool
    may_prepare: bool
    may_clear: bool
    may_send_back: bool
    may_send: bool
    may_end: bool
    pending: dict[str, Any]


def clear_need(*, slug: str, by: Any, on: str) -> None:
    """Let a need, or a change of it, be sent as it was prepared; ``on`` is what the capital saw.

    Raises NotFound for everyone outside the delegation, NotPermitted, or Conflict where it was changed meanwhile or nothing waits.
    """
    _clear(locked_need, slug=slug, by=by, on=on)


def clear_offer(*, slug: str, by: Any, on: str) -> None:
    """Let an offer, or a change of it, be made as it was prepared. Raises as for a need."""
    _clear(locked_offer, slug=slug, by=by, on=on)


def send_back_need(*, slug: str, note: str, by: Any) -> None:
    """Take the clearance of a need back, or refuse it, with a remark. Raises as for clearing it, or BadParameter."""
    _send_back(locked_need, slug=slug, note=note, by=by)


def send_back_offer(*, slug: str, note: str, by: Any) -> None:
    """Take the clearance of an offer back, or refuse it, with a remark. Raises as for clearing it, or BadParameter."""
    _send_back(locked_offer, slug=slug, note=note, by=by)


def drop_need(*, slug: str, by: Any, on: str | None = None) -> None:
    """Put a draft of a need away for good, or a change of it that was not sent. Raises as for preparing it, or Conflict."""
    _drop(locked_need, slug=slug, by=by, on=on)


def drop_offer(*, slug: str, by: Any, on: str | None = None) -> None:
    """Put a draft of an offer away for good, or a change of it that was not sent. Raises as for a need."""
    _drop(locked_offer, slug=slug, by=by, on=on)


def desk_of(*, row: Need | Offer, user: Any) -> PreparedDesk | None:
    """Return what a delegation sees of what it prepared; None for everyone outside it."""
    member, body = row.member.slug, row.body.slug
    if not is_of_delegation(user=user, member=member):
        return None
    rights = {action: may(user=user, action=action, member=member, body=body) for action in (PREPARE, CLEAR, SEND)}
    clears, waits = clears_contributions(body=row.body, member=member), is_waiting(row)
    cleared, frozen, is_open = row.cleared_at is not None, is_frozen(row), row.state == OPEN
    return PreparedDesk(
        seen=token_of(row),
        note=row.note,
        prepared_by=row.prepared_by.name if row.prepared_by else "",
        prepared_at=row.prepared_at,
        cleared_by=row.cleared_by.name if row.cleared_by else "",
        cleared_at=row.cleared_at,
        waits=waits,
        is_frozen=frozen,
        needs_clearance=clears,
        awaits_clearance=waits and clears and not cleared,
        may_prepare=rights[PREPARE] and row.state in {DRAFT, OPEN} and not frozen,
        may_clear=rights[CLEAR] and waits and not cleared,
        may_send_back=rights[CLEAR] and waits,
        may_send=rights[SEND] and waits and not frozen and (cleared or not clears),
        may_end=rights[SEND] and is_open and not frozen,
        pending=dict(row.pending),
    )


def is_waiting(row: Need | Offer, /) -> bool:
    """Tell whether something prepared waits to be cleared or sent."""
    return row.state == DRAFT or (row.state == OPEN and bool(row.pending))


def is_frozen(row: Need | Offer, /) -> bool:
    """Tell whether a round that is frozen and neither confirmed nor cancelled holds a need or an offer."""
    undecided = {"round__confirmed_at__isnull": True, "round__cancelled_at__isnull": True}
    return bool(row.pk) and row.in_rounds.filter(round__frozen_at__isnull=False, **undecided).exists()


def token_of(row: Need | Offer, /) -> str:
    """Return what changes with everything that is prepared, cleared back or sent."""
    return f"{row.version}/{row.prepared_at.isoformat()}"


def demand_seen(row: Need | Offer, /, *, on: str | None) -> None:
    """Raise Conflict where somebody acts on what is there no more; None does not ask."""
    if on is not None and token_of(row) != on:
        raise Conflict(problem=CHANGED)


def demand_state(row: Need | Offer, /, *allowed: str) -> None:
    """Raise Conflict where the state of a need or an offer is none of those allowed."""
    if row.state not in allowed:
        state = "a draft" if row.state == DRAFT else row.state
        raise Conflict(problem=f"This is {state}, so that this cannot be done with it; nothing was changed.")


def demand_not_frozen(row: Need | Offer, /) -> None:
    """Raise Conflict while an undecided round holds a need or an offer."""
    if is_frozen(row):
        raise Conflict(problem=FROZEN)


def demand_cleared(row: Need | Offer, /, *, by: Any) -> None:
    """Raise Conflict where the capital of a delegation clears and has not; the installation asks nobody."""
    if isinstance(by, Installation) or row.cleared_at is not None:
        return
    if clears_contributions(body=row.body, member=row.member.slug):
        raise Conflict(problem=NOT_CLEARED)


def demand_seat(*, member: Member, body: Body) -> None:
    """Raise Conflict where a member has no seat in a body today."""
    if not member.memberships.filter(in_force(on=timezone.now().date()), body=body, status__in=MEMBERS).exists():
        raise Conflict(problem=NO_SEAT)


def mark_prepared(row: Need | Offer, /, *, by: Any, note: str) -> None:
    """Write who prepared something now, in place of what was prepared before; a clearance of that is gone."""
    row.note = checked_text("note", note, most=MOST_NOTE)
    row.prepared_by, row.prepared_at = person(by), timezone.now()
    row.cleared_by, row.cleared_at = None, None


def _clear(locked: Callable[..., Need | Offer], /, *, slug: str, by: Any, on: str) -> None:
    with transaction.atomic():
        row = _waiting(locked, slug=slug, by=by, action=CLEAR)
        demand_seen(row, on=on)
        if row.cleared_at is None:
            row.cleared_by, row.cleared_at = person(by), timezone.now()
            row.save(update_fields=["cleared_by", "cleared_at"])


def _send_back(locked: Callable[..., Need | Offer], /, *, slug: str, note: str, by: Any) -> None:
    remark = checked_text("note", note, most=MOST_NOTE, least=3)
    with transaction.atomic():
        row = _waiting(locked, slug=slug, by=by, action=CLEAR)
        # What goes back is another thing than was seen: a clearance of it that is on its way must fail.
        row.cleared_by, row.cleared_at, row.note, row.prepared_at = None, None, remark, timezone.now()
        row.save(update_fields=["cleared_by", "cleared_at", "note", "prepared_at"])


def _drop(locked: Callable[..., Need | Offer], /, *, slug: str, by: Any, on: str | None) -> None:
    with transaction.atomic():
        row = _waiting(locked, slug=slug, by=by, action=PREPARE)
        demand_seen(row, on=on)
        if row.state == DRAFT:
            row.delete()
            return
        row.pending, row.note, row.cleared_by, row.cleared_at, row.prepared_at = {}, "", None, None, timezone.now()
        row.save(update_fields=["pending", "note", "cleared_by", "cleared_at", "prepared_at"])


def _waiting(locked: Callable[..., Need | Offer], /, *, slug: str, by: Any, action: str) -> Need | Offer:
    row = locked(slug=slug)
    authorise_own(row=row, by=by, action=action)
    if not is_waiting(row):
        raise Conflict(problem="Nothing waits here to be cleared or sent; nothing was changed.")
    return row


def changed_fields(row: Need | Offer, /, *, given: Mapping[str, Any]) -> list[str]:
    """Return the names of the fields in which what is given differs from a row, in order."""
    return sorted(name for name, value in given.items() if getattr(row, name) != value)
