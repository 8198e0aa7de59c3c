"""Accession, changes of status, withdrawal, observers, seats in committees, and rights suspended under a rule.

A member's row is locked while its memberships change, so that two never overlap, whoever writes at the same time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from comity.errors import BadParameter, Conflict
from comity.platform.parties.bodies import body_of, demand_rule, member_of, reference_of_body, reference_of_member
from comity.platform.parties.models import Body, Member, Membership, Suspension
from comity.platform.parties.rules import authorise
from comity.platform.parties.standing import in_force
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    import datetime as dt

Status = Membership.Status
WORDS = {Status.PROVISIONAL: "admit-member", Status.FULL: "admit-member", Status.OBSERVER: "accredit-observer"}


def admit_member(*, body: str, member: str, status: str, starts_on: dt.date, rule: str, by: Any) -> Membership:
    """Make a party a provisional or full member, or an observer, of a body from a day on.

    A seat in a committee or group needs a seat in the body above it on that day. Raises NotPermitted, NotFound,
    BadParameter, or Conflict where it has a seat on that day or later.
    """
    if status not in Status.values:
        raise BadParameter(name="status", found=status[:40], allowed=", ".join(Status.values))
    demand_rule(rule)
    with transaction.atomic():
        here, party, office = _open(body=body, member=member, by=by)
        taken = party.memberships.filter(body=here).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on)).first()
        if taken is not None:
            raise Conflict(
                problem=f"{party} is {taken.status} in {here} since {taken.starts_on}. Change its status instead; nothing was "
                "changed."
            )
        if here.starts_on > starts_on:
            raise BadParameter(name="starts_on", found=str(starts_on), allowed=f"{here.starts_on} or later")
        if here.parent is not None and not _sits(party, body=here.parent, on=starts_on):
            raise Conflict(problem=f"{party} has no seat in {here.parent} on {starts_on}; admit it there first.")
        return _seat(
            party, body=here, status=status, starts_on=starts_on, rule=rule, office=office, type=WORDS[Status(status)]
        )


def change_status(*, body: str, member: str, status: str, starts_on: dt.date, rule: str, by: Any) -> Membership:
    """End what a member is in a body on a day, and begin what it is from then on.

    Raises NotPermitted, NotFound, BadParameter, or Conflict where it has no seat, the same status, or one that began later.
    """
    if status not in Status.values:
        raise BadParameter(name="status", found=status[:40], allowed=", ".join(Status.values))
    demand_rule(rule)
    with transaction.atomic():
        here, party, office = _open(body=body, member=member, by=by)
        present = _present(party, body=here)
        if present.status == status:
            raise Conflict(problem=f"{party} is {status} in {here} already; nothing was changed.")
        if present.starts_on >= starts_on:
            raise BadParameter(name="starts_on", found=str(starts_on), allowed=f"a day after {present.starts_on}")
        present.ends_on = starts_on
        present.save(update_fields=["ends_on"])
        return _seat(
            party, body=here, status=status, starts_on=starts_on, rule=rule, office=office, type="change-membership"
        )


def withdraw_member(*, body: str, member: str, ends_on: dt.date, rule: str, by: Any) -> None:
    """End what a member is in a body, and its seats in the body's parts: ``ends_on`` is the first day without.

    Raises NotPermitted, NotFound, BadParameter, or Conflict where it has no seat.
    """
    demand_rule(rule)
    with transaction.atomic():
        here, party, office = _open(body=body, member=member, by=by)
        present = _present(party, body=here)
        if present.starts_on >= ends_on:
            raise BadParameter(name="ends_on", found=str(ends_on), allowed=f"a day after {present.starts_on}")
        parts = party.memberships.filter(Q(body__parent=here) | Q(body__parent__parent=here))
        parts.filter(starts_on__gte=ends_on).delete()
        parts.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=ends_on)).update(ends_on=ends_on)
        enter_act(
            type="withdraw-member",
            office=office,
            member=party.slug,
            authority=rule,
            subject=reference_of_member(party.slug),
            payload={"body": here.slug, "member": party.slug, "ends_on": ends_on.isoformat()},
            links=[_link(party, here)],
        )
        present.ends_on = ends_on
        present.save(update_fields=["ends_on"])


def suspend_right(
    *,
    body: str,
    member: str,
    right: str,
    rule: str,
    starts_on: dt.date,
    by: Any,
    ends_on: dt.date | None = None,
    meeting: str = "",
) -> Suspension:
    """Take a right from a member for a time, under a rule that is named: "not entitled to vote at this meeting".

    Raises NotPermitted, NotFound, BadParameter, or Conflict where it is no member, or the right is suspended already.
    """
    if right not in Suspension.Right.values:
        raise BadParameter(name="right", found=right[:40], allowed=", ".join(Suspension.Right.values))
    demand_rule(rule)
    if ends_on is not None and ends_on <= starts_on:
        raise BadParameter(name="ends_on", found=str(ends_on), allowed=f"a day after {starts_on}")
    with transaction.atomic():
        here, party, office = _open(body=body, member=member, by=by, action="suspend a right of a member")
        if not _sits(party, body=here, on=starts_on):
            raise Conflict(problem=f"{party} has no seat in {here} on {starts_on}; nothing was changed.")
        if party.suspensions.filter(in_force(on=starts_on), body=here, right=right).exists():
            raise Conflict(problem=f"This right of {party} is suspended in {here} already; nothing was changed.")
        act = enter_act(
            type="suspend-right",
            office=office,
            member=party.slug,
            authority=rule,
            subject=reference_of_member(party.slug),
            payload={
                "body": here.slug,
                "member": party.slug,
                "right": right,
                "meeting": meeting.strip(),
                "starts_on": starts_on.isoformat(),
                "ends_on": ends_on.isoformat() if ends_on else None,
            },
            links=[_link(party, here)],
        )
        return Suspension.objects.create(
            body=here,
            member=party,
            right=right,
            rule=rule,
            meeting=meeting.strip()[:200],
            starts_on=starts_on,
            ends_on=ends_on,
            act=act,
        )


def restore_right(*, body: str, member: str, right: str, ends_on: dt.date, rule: str, by: Any) -> None:
    """Give a suspended right back from a day on. Raises Conflict where it is not suspended then."""
    demand_rule(rule)
    with transaction.atomic():
        here, party, office = _open(body=body, member=member, by=by, action="suspend a right of a member")
        found = party.suspensions.filter(in_force(on=ends_on), body=here, right=right, starts_on__lt=ends_on).first()
        if found is None:
            raise Conflict(
                problem=f"This right of {party} is not suspended in {here} before {ends_on}; nothing was changed."
            )
        enter_act(
            type="restore-right",
            office=office,
            member=party.slug,
            authority=rule,
            subject=reference_of_member(party.slug),
            payload={"body": here.slug, "member": party.slug, "right": right, "ends_on": ends_on.isoformat()},
            links=[_link(party, here)],
        )
        found.ends_on = ends_on
        found.save(update_fields=["ends_on"])


def _open(*, body: str, member: str, by: Any, action: str = "") -> tuple[Body, Member, str]:
    """Return body and member, the member's row locked, and the office that acts."""
    here = body_of(slug=body)
    is_part = here.kind != Body.Kind.ASSEMBLY
    named = action or ("seat a member in a committee" if is_part else "enter or change a membership")
    office = authorise(by=by, action=named, body=here.slug)
    member_of(slug=member)
    return here, Member.objects.select_for_update().get(slug=member), office


def _sits(party: Member, *, body: Body, on: dt.date) -> bool:
    return party.memberships.filter(in_force(on=on), body=body).exists()


def _present(party: Member, *, body: Body) -> Membership:
    present = party.memberships.filter(body=body, ends_on__isnull=True).first()
    if present is None:
        raise Conflict(problem=f"{party} has no seat in {body} that is still open; nothing was changed.")
    return present


def _link(party: Member, body: Body) -> tuple[str, str, str]:
    return (reference_of_member(party.slug), "wasInfluencedBy", reference_of_body(body.slug))


def _seat(
    party: Member,
    *,
    body: Body,
    status: str,
    starts_on: dt.date,
    rule: str,
    office: str,
    type: str,  # noqa: A002  (the act's own word)
) -> Membership:
    act = enter_act(
        type=type,
        office=office,
        member=party.slug,
        authority=rule,
        subject=reference_of_member(party.slug),
        payload={"body": body.slug, "member": party.slug, "status": status, "starts_on": starts_on.isoformat()},
        links=[_link(party, body)],
    )
    return Membership.objects.create(body=body, member=party, status=status, starts_on=starts_on, rule=rule, act=act)
