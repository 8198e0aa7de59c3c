"""What an account may be and see at a moment: worked out from offices and credentials that are in force on the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from comity.platform.record.visibility import EVERY_MEMBER

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.parties.models import Credential, RoleGrant, User

CAPITAL = "capital"
OBSERVER = "observer"
SEE_WHAT_MEMBERS_SEE = frozenset({"chair", "secretariat", "reviewer", "translator", "focal-point"})


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One role with where it holds: ``body`` and ``member`` are slugs, empty for the whole instance.

    A credential that covers the parts of a body gives one place for each part in which the member sits.
    """

    role: str
    body: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """All places of an account, and the audiences it belongs to."""

    places: frozenset[Place]
    audiences: frozenset[str]

    @property
    def roles(self) -> frozenset[str]:
        """The roles, wherever they hold."""
        return frozenset(place.role for place in self.places)

    @property
    def members(self) -> tuple[str, ...]:
        """The slugs of the members for which this account is accredited or is the focal point, in order."""
        return tuple(sorted({place.member for place in self.places if place.member}))


NOBODY = Standing(places=frozenset(), audiences=frozenset())


def in_force(*, on: dt.date, prefix: str = "") -> Q:
    """Return the condition that a row with ``starts_on`` and ``ends_on`` holds on a day; the last day is not included."""
    return Q(**{f"{prefix}starts_on__lte": on}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": on})
    )


def standing_of(*, user: User, now: dt.datetime | None = None) -> Standing:
    """Return what an account may be and see at a moment (default: now). A closed account is nobody."""
    if not user.is_active:
        return NOBODY
    moment = now or timezone.now()
    places: set[Place] = set()
    audiences: set[str] = set()
    for grant in user.grants.filter(in_force(on=moment.date())).select_related("body", "member"):
        _stand_by_office(grant, places=places, audiences=audiences)
    credentials = user.credentials.filter(in_force(on=moment.date()))
    credentials = credentials.filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment))
    for credential in credentials.select_related("body", "member"):
        _stand_by_credential(credential, on=moment.date(), places=places, audiences=audiences)
    return Standing(places=frozenset(places), audiences=frozenset(audiences))


def _stand_by_office(grant: RoleGrant, *, places: set[Place], audiences: set[str]) -> None:
    body = grant.body.slug if grant.body else ""
    member = grant.member.slug if grant.member else ""
    places.add(Place(role=grant.role, body=body, member=member))
    if grant.role in SEE_WHAT_MEMBERS_SEE:
        audiences.add(EVERY_MEMBER)
    if grant.role == "secretariat":
        committees = _model("Body").objects.exclude(kind="assembly").values_list("slug", flat=True)
        audiences.update(f"committee:{slug}" for slug in committees)
    if body:
        audiences.add(f"committee:{body}")
    if member:
        audiences.add(f"delegation:{member}")


def _stand_by_credential(credential: Credential, *, on: dt.date, places: set[Place], audiences: set[str]) -> None:
    member = credential.member
    reach = Q(body=credential.body)
    if credential.covers_parts:
        reach |= Q(body__parent=credential.body) | Q(body__parent__parent=credential.body)
    seats = member.memberships.filter(reach & in_force(on=on) & in_force(on=on, prefix="body__")).select_related("body")
    for seat in seats:
        observes = seat.status == "observer"
        role = OBSERVER if observes and credential.role != "adviser" else str(credential.role)
        places.add(Place(role=role, body=seat.body.slug, member=member.slug))
        if seat.body.kind != "assembly":
            audiences.add(f"committee:{seat.body.slug}")
        if not observes:
            audiences.add(EVERY_MEMBER)
        audiences.add(f"delegation:{member.slug}")
        if credential.may_clear:
            places.add(Place(role=CAPITAL, body=seat.body.slug, member=member.slug))


def _model(name: str) -> Any:
    # Accounts are read while the tables are still being defined: the class is looked up when it is needed.
    return apps.get_model("parties", name)
