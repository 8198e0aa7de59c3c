"""What a delegation prepares, its capital clears, and it sends: the steps that needs, offers and notes on experience share.

Nothing of it is seen by anyone else before it is sent, and it is no act and no line of a log. What was sent is changed in the same
way: the change waits beside it until it is cleared and sent. Where somebody of the delegation may clear in the body, nothing is
sent that was not cleared.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.errors import Conflict, NotFound
from comity.platform.parties.models import Credential, Membership
from comity.platform.parties.roster import MEMBERS, name_in
from comity.platform.parties.rules import MAY, Installation, authorise, may, standing_now
from comity.platform.parties.standing import in_force
from comity.platform.parties.texts import MOST_NOTE, checked_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

    from comity.platform.parties.models import Body, Member

PREPARE = "prepare a contribution"
CLEAR = "clear a contribution"
SEND = "send a contribution"
DRAWN_FROM = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for one another."""
CHANGED = "This was changed since you opened the page. Read it again; nothing was done."
NOT_CLEARED = "The capital has not cleared this yet; nothing was sent."
NO_SEAT = "The member has no seat in this body today; nothing was written."
NOTHING_NEW = "Nothing in it is different from what was sent; nothing was changed."
NOTHING_WAITS = "Nothing waits here to be cleared or sent; nothing was changed."
DRAFT, OPEN = "draft", "open"


class PreparedRow(Protocol):
    """A row of a table that a delegation prepares: it belongs to a member in a body, and has the fields of ``Prepared``.

    ``state`` is draft until it is sent, open while it stands, and another word once it has ended.
    """

    pk: Any
    member: Any
    state: Any
    version: Any
    pending: Any
    note: Any
    prepared_by: Any
    prepared_at: Any
    cleared_by: Any
    cleared_at: Any

    @property
    def body(self) -> Any:
        """The body in which it is."""
        ...

    @property
    def reference(self) -> str:
        """The permanent name."""
        ...

    def save(self, *args: Any, **options: Any) -> None:
        """Write the row."""

    def delete(self) -> Any:
        """Take the row away."""


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


def prepared_desk(*, row: PreparedRow, user: Any, frozen: bool = False) -> PreparedDesk | None:
    """Return what a delegation sees of what it prepared; None for everyone outside it. What is frozen cannot be changed or sent."""
    member, body = row.member.slug, row.body.slug
    if not is_of_delegation(user=user, member=member):
        return None
    rights = {action: may(user=user, action=action, member=member, body=body) for action in (PREPARE, CLEAR, SEND)}
    clears, waits = clears_contributions(body=row.body, member=member), is_waiting(row)
    cleared, is_open = row.cleared_at is not None, row.state == OPEN
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


def clear_prepared(locked: Callable[..., PreparedRow], /, *, slug: str, by: Any, on: str) -> None:
    """Let what was prepared be sent as it was prepared; ``on`` is what the capital saw, ``locked`` returns the row, locked.

    Raises NotFound for everyone outside the delegation, NotPermitted, or Conflict where it was changed meanwhile or nothing waits.
    """
    with transaction.atomic():
        row = _waiting(locked, slug=slug, by=by, action=CLEAR)
        demand_seen(row, on=on)
        if row.cleared_at is None:
            row.cleared_by, row.cleared_at = person(by), timezone.now()
            row.save(update_fields=["cleared_by", "cleared_at"])


def send_prepared_back(locked: Callable[..., PreparedRow], /, *, slug: str, note: str, by: Any) -> None:
    """Take a clearance back, or refuse it, with a remark. Raises as for clearing it, or BadParameter."""
    remark = checked_text("note", note, most=MOST_NOTE, least=3)
    with transaction.atomic():
        row = _waiting(locked, slug=slug, by=by, action=CLEAR)
        # What goes back is another thing than was seen: a clearance of it that is on its way must fail.
        row.cleared_by, row.cleared_at, row.note, row.prepared_at = None, None, remark, timezone.now()
        row.save(update_fields=["cleared_by", "cleared_at", "note", "prepared_at"])


def drop_prepared(locked: Callable[..., PreparedRow], /, *, slug: str, by: Any, on: str | None) -> None:
    """Put a draft away for good, or a change that was not sent. Raises as for preparing it, or Conflict."""
    with transaction.atomic():
        row = _waiting(locked, slug=slug, by=by, action=PREPARE)
        demand_seen(row, on=on)
        if row.state == DRAFT:
            row.delete()
            return
        row.pending, row.note, row.cleared_by, row.cleared_at, row.prepared_at = {}, "", None, None, timezone.now()
        row.save(update_fields=["pending", "note", "cleared_by", "cleared_at", "prepared_at"])


def is_waiting(row: PreparedRow, /) -> bool:
    """Tell whether something prepared waits to be cleared or sent."""
    return bool(row.state == DRAFT or (row.state == OPEN and row.pending))


def token_of(row: PreparedRow, /) -> str:
    """Return what changes with everything that is prepared, cleared back or sent."""
    return f"{row.version}/{row.prepared_at.isoformat()}"


def demand_seen(row: PreparedRow, /, *, on: str | None) -> None:
    """Raise Conflict where somebody acts on what is there no more; None does not ask."""
    if on is not None and token_of(row) != on:
        raise Conflict(problem=CHANGED)


def demand_state(row: PreparedRow, /, *allowed: str) -> None:
    """Raise Conflict where the state of a row is none of those allowed."""
    if row.state not in allowed:
        state = "a draft" if row.state == DRAFT else row.state
        raise Conflict(problem=f"This is {state}, so that this cannot be done with it; nothing was changed.")


def demand_waiting(row: PreparedRow, /) -> None:
    """Raise Conflict where nothing waits to be cleared or sent."""
    if not is_waiting(row):
        raise Conflict(problem=NOTHING_WAITS)


def demand_cleared(row: PreparedRow, /, *, by: Any) -> None:
    """Raise Conflict where the capital of a delegation clears and has not; the installation asks nobody."""
    if isinstance(by, Installation) or row.cleared_at is not None:
        return
    if clears_contributions(body=row.body, member=row.member.slug):
        raise Conflict(problem=NOT_CLEARED)


def demand_seat(*, member: Member, body: Body) -> None:
    """Raise Conflict where a member has no seat in a body today."""
    if not member.memberships.filter(in_force(on=timezone.now().date()), body=body, status__in=MEMBERS).exists():
        raise Conflict(problem=NO_SEAT)


def mark_prepared(row: PreparedRow, /, *, by: Any, note: str) -> None:
    """Write who prepared something now, in place of what was prepared before; a clearance of that is gone."""
    row.note = checked_text("note", note, most=MOST_NOTE)
    row.prepared_by, row.prepared_at = person(by), timezone.now()
    row.cleared_by, row.cleared_at = None, None


def changed_fields(row: PreparedRow, /, *, given: Mapping[str, Any]) -> list[str]:
    """Return the names of the fields in which what is given differs from a row, in order."""
    return sorted(name for name, value in given.items() if getattr(row, name) != value)


def is_of_delegation(*, user: Any, member: str) -> bool:
    """Tell whether an account belongs to a delegation, and so sees what it prepares."""
    return f"delegation:{member}" in standing_now(user=user).audiences


def own_members(*, user: Any) -> tuple[str, ...]:
    """Return the slugs of the members whose delegations an account belongs to, in order."""
    found = (audience.partition(":") for audience in standing_now(user=user).audiences)
    return tuple(sorted(member for circle, _, member in found if circle == "delegation"))


def clears_contributions(*, body: Body, member: str) -> bool:
    """Tell whether somebody of a delegation clears what it contributes in a body today."""
    now = timezone.now()
    # A body stands at most two floors below its assembly.
    here = Q(body=body) | Q(covers_parts=True) & (Q(body__parts=body) | Q(body__parts__parts=body))
    rows = Credential.objects.filter(here, in_force(on=now.date()), member__slug=member, may_clear=True)
    return rows.exclude(revoked_at__lte=now).exists()


def authorise_own(*, row: PreparedRow, by: Any, action: str) -> str:
    """Return the office in which somebody acts for the member whose row it is.

    Raises NotFound for everyone outside its delegation, who learn nothing, and NotPermitted for who is in it and may not.
    """
    member = row.member.slug
    if not isinstance(by, Installation) and not is_of_delegation(user=by, member=member):
        raise NotFound(reference=row.reference)
    return authorise(by=by, action=action, member=member, body=row.body.slug)


def person(by: Any) -> Any:
    """Return an account to keep beside what it prepared; None for the installation."""
    return None if isinstance(by, Installation) else by


def draw_slug(prefix: str) -> str:
    """Return a name that says nothing of whose it is, nor of how many there are: a prefix, then five letters and digits by chance."""
    return f"{prefix}-{''.join(secrets.choice(DRAWN_FROM) for _ in range(5))}"


def places_to_act(
    *, user: Any, action: str, language: str, bodies: QuerySet[Body] | None = None
) -> list[tuple[str, str, str, str]]:
    """Return where an account may do something for a member: (body, its name, member, its name), by name.

    The member has a seat there today, as more than an observer; ``bodies`` are those that count, None for all.
    """
    found: set[tuple[str, str, str, str]] = set()
    for place in standing_now(user=user).places:
        if place.role not in MAY[action] or not place.member:
            continue
        here = Q(body__slug=place.body) if place.body else Q()
        if bodies is not None:
            here &= Q(body__in=bodies)
        today = in_force(on=timezone.now().date())
        seats = Membership.objects.filter(here, today, member__slug=place.member, status__in=MEMBERS)
        found |= {
            (s.body.slug, name_in(s.body.names, language), s.member.slug, name_in(s.member.names, language))
            for s in seats.select_related("body", "member")
        }
    return sorted(found, key=lambda f: (f[1].casefold(), f[3].casefold(), f[2]))


def _waiting(locked: Callable[..., PreparedRow], /, *, slug: str, by: Any, action: str) -> PreparedRow:
    row = locked(slug=slug)
    authorise_own(row=row, by=by, action=action)
    demand_waiting(row)
    return row
