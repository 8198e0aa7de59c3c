"""Who may send files and release versions: a delegation for its member, the secretariat for the body; by page or by token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.errors import Conflict, NotPermitted
from comity.platform.commons.releases_seen import releases_seen
from comity.platform.parties.bodies import member_of
from comity.platform.parties.models import Body, Member, Membership, Role
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import MAY, ROLES, Installation, authorise, standing_now
from comity.platform.parties.standing import in_force

if TYPE_CHECKING:
    import datetime as dt

RELEASE = "release a version"


def authorise_sender(*, body: Body, member: str, by: Any) -> tuple[Member | None, str]:
    """Return in whose name somebody releases in a body, and in which office. Without a member it is the body's, by its secretariat.

    Raises NotPermitted, NotFound, or Conflict where the member has no seat in the body today.
    """
    if not member:
        return None, _authorise_for_body(by)
    party = member_of(slug=member)
    office = authorise_for_member(action=RELEASE, member=member, body=body.slug, by=by)
    if not has_seat(party, body=body, on=timezone.now().date()):
        raise Conflict(problem=f"{party} has no seat in {body} today; nothing was kept.")
    return party, office


def places_to_release(*, user: Any, language: str) -> list[tuple[str, str, str, str]]:
    """Return where an account may release: (body, its name, member, its name), by name; without a member it is the body's own release."""
    today = timezone.now().date()
    found: set[tuple[str, str, str, str]] = set()
    for place in standing_now(user=user).places:
        if place.role not in MAY[RELEASE]:
            continue
        bodies = Body.objects.filter(slug=place.body) if place.body else Body.objects.all()
        if place.role == Role.SECRETARIAT:
            found |= {(b.slug, name_in(b.names, language), "", "") for b in bodies}
        elif place.member:
            seats = Membership.objects.filter(in_force(on=today), body__in=bodies, member__slug=place.member)
            found |= {
                (s.body.slug, name_in(s.body.names, language), s.member.slug, name_in(s.member.names, language))
                for s in seats.select_related("body", "member")
            }
    return sorted(found, key=lambda f: (f[3].casefold(), f[1].casefold(), f[0]))


def may_release_more(*, slug: str, user: Any) -> bool:
    """Tell whether somebody may release a further version of a release that it sees."""
    release = releases_seen(user=user).filter(slug=slug).first()
    if release is None:
        return False
    if release.member is None:
        return Role.SECRETARIAT in {place.role for place in standing_now(user=user).places}
    return may_for_member(user=user, action=RELEASE, member=release.member.slug, body=release.body.slug)


def authorise_sending(*, member: str, by: Any) -> Member | None:
    """Return in whose name somebody sends files. Raises NotPermitted or NotFound."""
    if not member:
        _authorise_for_body(by)
        return None
    party = member_of(slug=member)
    authorise_for_member(action=RELEASE, member=member, by=by)
    return party


def authorise_for_member(*, action: str, member: str, by: Any, body: str = "") -> str:
    """Return the office in which somebody of a delegation acts for its member. Raises NotPermitted.

    The secretariat has these actions for the body's own releases: it speaks in no member's name.
    """
    if isinstance(by, Installation):
        return authorise(by=by, action=action, member=member, body=body)
    if not may_for_member(user=by, action=action, member=member, body=body):
        raise NotPermitted(action=action, needed=" or ".join(sorted(MAY[action] - {Role.SECRETARIAT})))
    return next(role for role in ROLES if role in _roles_in(by, action=action, member=member, body=body))


def may_for_member(*, user: Any, action: str, member: str, body: str = "") -> bool:
    """Tell whether somebody of a delegation may act for its member, in a body where one is named."""
    return bool(_roles_in(user, action=action, member=member, body=body))


def _roles_in(user: Any, /, *, action: str, member: str, body: str) -> set[str]:
    places = standing_now(user=user).places
    here = [p for p in places if p.member == member and (not body or not p.body or p.body == body)]
    return {p.role for p in here if p.role in MAY[action]}


def has_seat(party: Member, /, *, body: Body, on: dt.date) -> bool:
    """Tell whether a party has a seat in a body on a day."""
    return party.memberships.filter(in_force(on=on), body=body).exists()


def _authorise_for_body(by: Any, /) -> str:
    if isinstance(by, Installation):
        return Installation.office
    if Role.SECRETARIAT not in {place.role for place in standing_now(user=by).places}:
        raise NotPermitted(action=f"{RELEASE} of the body", needed=Role.SECRETARIAT)
    return str(Role.SECRETARIAT)
