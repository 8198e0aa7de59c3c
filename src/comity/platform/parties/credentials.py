"""Credentials: a member says who acts for it; the secretariat registers letters, full or provisional."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.parties.bodies import body_of, member_of, reference_of_body, reference_of_member
from comity.platform.parties.models import Credential, Member, User, Voice
from comity.platform.parties.rules import authorise, may
from comity.platform.parties.standing import in_force
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    import datetime as dt

ISSUE_RULE = "A member says who acts for it"
REGISTER_RULE = "The secretariat registers credentials that a member has issued"
MOST_AWAITED = 200


def issue_credential(
    *,
    member: str,
    body: str,
    role: str,
    holder: str,
    starts_on: dt.date,
    by: Any,
    ends_on: dt.date | None = None,
    user: User | None = None,
    may_clear: bool = False,
    covers_parts: bool = True,
    awaited: str = "",
    awaited_by: dt.date | None = None,
    letter: str = "",
) -> Credential:
    """Accredit a person to a body for a member, and enter it on the record by role and dates, never by name.

    A head of delegation or focal point issues for its own member; the secretariat registers a letter it has received.
    ``awaited`` ("scanned letter received; original awaited") makes it provisional. Raises NotPermitted, NotFound,
    BadParameter, or Conflict where the member has no seat on the first day, or a head of delegation already.
    """
    action = "register credentials" if may(user=by, action="register credentials") else "issue credentials"
    office = authorise(by=by, action=action, member=member)
    _demand(role=role, holder=holder, starts_on=starts_on, ends_on=ends_on, awaited=awaited, awaited_by=awaited_by)
    here = body_of(slug=body)
    member_of(slug=member)
    with transaction.atomic():
        party = Member.objects.select_for_update().get(slug=member)
        if not party.memberships.filter(in_force(on=starts_on), body=here).exists():
            raise Conflict(problem=f"{party} has no seat in {here} on {starts_on}; nothing was changed.")
        if role == Credential.Role.HEAD and _valid(party, on=starts_on).filter(body=here, role=role).exists():
            raise Conflict(
                problem=f"{party} has a head of delegation in {here} on {starts_on}. End that credential first."
            )
        act = enter_act(
            type="issue-credential",
            office=office,
            member=party.slug,
            authority=REGISTER_RULE if action == "register credentials" else ISSUE_RULE,
            subject=reference_of_member(party.slug),
            payload={
                "body": here.slug,
                "member": party.slug,
                "role": role,
                "covers_parts": covers_parts,
                "state": "provisional" if awaited else "full",
                "starts_on": starts_on.isoformat(),
                "ends_on": ends_on.isoformat() if ends_on else None,
            },
            links=[(reference_of_member(party.slug), "wasInfluencedBy", reference_of_body(here.slug))],
        )
        return Credential.objects.create(
            member=party,
            body=here,
            covers_parts=covers_parts,
            user=user,
            holder=holder.strip(),
            role=role,
            may_clear=may_clear,
            state=Credential.State.PROVISIONAL if awaited else Credential.State.FULL,
            awaited=awaited.strip(),
            awaited_by=awaited_by if awaited else None,
            letter=letter.strip()[:120],
            starts_on=starts_on,
            ends_on=ends_on,
            act=act,
        )


def confirm_original(*, credential: int, by: Any) -> None:
    """Make a provisional credential full: the original has arrived. Raises NotPermitted, NotFound or Conflict."""
    office = authorise(by=by, action="register credentials")
    with transaction.atomic():
        found = _locked(credential)
        if found.state != Credential.State.PROVISIONAL:
            raise Conflict(problem="This credential is full already; nothing was changed.")
        _enter(found, type="confirm-credential", office=office, rule=REGISTER_RULE)
        found.state, found.awaited, found.awaited_by = Credential.State.FULL, "", None
        found.save(update_fields=["state", "awaited", "awaited_by"])


def renew_credential(*, credential: int, ends_on: dt.date | None, by: Any) -> None:
    """Set another last day. Raises NotPermitted, NotFound, BadParameter, or Conflict where it was ended."""
    found = _visible(credential)
    office = _office(found, by=by, action="issue credentials")
    with transaction.atomic():
        found = _locked(credential)
        if found.revoked_at is not None:
            raise Conflict(problem="This credential was ended. Issue a new one; nothing was changed.")
        if ends_on is not None and ends_on <= max(found.starts_on, timezone.now().date()):
            raise BadParameter(name="ends_on", found=str(ends_on), allowed="a day after today")
        _enter(found, type="renew-credential", office=office, rule=ISSUE_RULE, ends_on=ends_on)
        found.ends_on = ends_on
        found.save(update_fields=["ends_on"])


def end_credential(*, credential: int, by: Any) -> None:
    """End a credential at once; a voice that it holds falls silent. Raises NotPermitted, NotFound or Conflict."""
    found = _visible(credential)
    office = _office(found, by=by, action="end credentials")
    with transaction.atomic():
        found = _locked(credential)
        if found.revoked_at is not None:
            raise Conflict(problem="This credential was ended before; nothing was changed.")
        _enter(found, type="end-credential", office=office, rule=ISSUE_RULE)
        found.revoked_at = timezone.now()
        found.save(update_fields=["revoked_at"])
        Voice.objects.filter(credential=found, ends_at__isnull=True).update(ends_at=found.revoked_at)


def _office(credential: Credential, *, by: Any, action: str) -> str:
    if may(user=by, action="register credentials"):
        return authorise(by=by, action="register credentials")
    return authorise(by=by, action=action, member=credential.member.slug)


def _enter(
    credential: Credential,
    *,
    type: str,  # noqa: A002  (the act's own word)
    office: str,
    rule: str,
    ends_on: dt.date | None = None,
) -> None:
    payload: dict[str, Any] = {
        "body": credential.body.slug,
        "member": credential.member.slug,
        "role": credential.role,
        "issued_by_act": str(credential.act_id),
    }
    if type == "renew-credential":
        payload["ends_on"] = ends_on.isoformat() if ends_on else None
    enter_act(
        type=type,
        office=office,
        member=credential.member.slug,
        authority=rule,
        subject=reference_of_member(credential.member.slug),
        payload=payload,
        links=[
            (reference_of_member(credential.member.slug), "wasInfluencedBy", reference_of_body(credential.body.slug))
        ],
    )


def _visible(number: int) -> Credential:
    found = Credential.objects.select_related("member", "body").filter(pk=number).first()
    if found is None:
        raise NotFound(reference=f"credential {number}")
    return found


def _locked(number: int) -> Credential:
    # Without the joins: PostgreSQL locks each table that a locking query names.
    found = Credential.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise NotFound(reference=f"credential {number}")
    return found


def _valid(party: Member, *, on: dt.date) -> Any:
    return party.credentials.filter(in_force(on=on), revoked_at__isnull=True)


def _demand(
    *, role: str, holder: str, starts_on: dt.date, ends_on: dt.date | None, awaited: str, awaited_by: dt.date | None
) -> None:
    if role not in Credential.Role.values:
        raise BadParameter(name="role", found=role[:40], allowed=", ".join(Credential.Role.values))
    if not holder.strip() or len(holder) > 120:  # noqa: PLR2004  (as long as the column)
        raise BadParameter(name="holder", found=holder[:40] or "nothing", allowed="a name of at most 120 characters")
    if ends_on is not None and ends_on <= starts_on:
        raise BadParameter(name="ends_on", found=str(ends_on), allowed=f"a day after {starts_on}")
    if len(awaited) > MOST_AWAITED:
        raise BadParameter(name="awaited", found=f"{len(awaited)} characters", allowed=f"at most {MOST_AWAITED}")
    if awaited_by is not None and not awaited.strip():
        raise BadParameter(name="awaited_by", found=str(awaited_by), allowed="a day only where something is awaited")
