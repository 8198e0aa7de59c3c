"""Read bodies, members and delegations, on any date. ``members_on`` is the one selector for who was a member when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.platform.parties.bodies import body_of, member_of
from comity.platform.parties.models import Body, Credential, Member, Membership
from comity.platform.parties.rules import standing_now
from comity.platform.parties.standing import in_force
from comity.platform.parties.voices import voice_at
from comity.platform.record.visibility import EVERY_MEMBER

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

MEMBERS = (Membership.Status.PROVISIONAL, Membership.Status.FULL)
ALL = tuple(Membership.Status.values)


@dataclass(frozen=True, slots=True)
class Seat:
    """A member in a body on a day; ``suspended`` are the rights it may not use then, each with its rule."""

    slug: str
    name: str
    region: str
    kind: str
    status: str
    since: dt.date
    until: dt.date | None
    suspended: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BodyView:
    """A body in the reader's language, with its parts as (slug, name)."""

    slug: str
    name: str
    kind: str
    parent: tuple[str, str] | None
    parts: tuple[tuple[str, str], ...]
    starts_on: dt.date
    ends_on: dt.date | None
    proxy_rule: str
    organisation_rule: str


@dataclass(frozen=True, slots=True)
class MembershipView:
    """One stretch of a member's history in a body, with the act that entered it."""

    body: str
    body_name: str
    status: str
    starts_on: dt.date
    ends_on: dt.date | None
    rule: str
    act: str


@dataclass(frozen=True, slots=True)
class CredentialView:
    """A credential; ``holder`` is empty for those who do not see what members see: persons are not public."""

    id: int
    body: str
    body_name: str
    role: str
    holder: str
    state: str
    awaited: str
    awaited_by: dt.date | None
    is_overdue: bool
    starts_on: dt.date
    ends_on: dt.date | None
    may_clear: bool
    has_voice: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member with its history, its delegation now, and what is suspended."""

    slug: str
    name: str
    kind: str
    region: str
    is_fictional: bool
    memberships: tuple[MembershipView, ...]
    credentials: tuple[CredentialView, ...]
    suspensions: tuple[tuple[str, str, str, dt.date, dt.date | None], ...]
    states: tuple[tuple[str, str], ...]
    organisations: tuple[tuple[str, str], ...]


def name_in(names: Mapping[str, str], language: str) -> str:
    """Return a name in a language, else in English."""
    return names.get(language) or names["en"]


def members_on(
    *, body: str, on: dt.date, statuses: Collection[str] = MEMBERS, language: str = "en"
) -> tuple[Seat, ...]:
    """Return who has a seat in a body on a day, in the alphabetical order of the names in a language.

    ``statuses`` are those to count: provisional and full members, where nothing else is said. Raises NotFound.
    """
    here = body_of(slug=body)
    seats = here.memberships.filter(in_force(on=on), status__in=list(statuses)).select_related("member")
    suspended: dict[int, list[tuple[str, str]]] = {}
    for stop in here.suspensions.filter(in_force(on=on)):
        suspended.setdefault(stop.member_id, []).append((stop.right, stop.rule))
    found = [
        Seat(
            slug=seat.member.slug,
            name=name_in(seat.member.names, language),
            region=seat.member.region,
            kind=seat.member.kind,
            status=seat.status,
            since=seat.starts_on,
            until=seat.ends_on,
            suspended=tuple(suspended.get(seat.member_id, ())),
        )
        for seat in seats
    ]
    return tuple(sorted(found, key=lambda seat: (seat.name.casefold(), seat.slug)))


def body_view(*, slug: str, language: str = "en") -> BodyView:
    """Return one body. Raises NotFound."""
    here = body_of(slug=slug)
    parts = sorted((name_in(part.names, language), part.slug) for part in here.parts.all())
    return BodyView(
        slug=here.slug,
        name=name_in(here.names, language),
        kind=here.kind,
        parent=(here.parent.slug, name_in(here.parent.names, language)) if here.parent else None,
        parts=tuple((part, name) for name, part in parts),
        starts_on=here.starts_on,
        ends_on=here.ends_on,
        proxy_rule=here.proxy_rule,
        organisation_rule=here.organisation_rule,
    )


def assemblies(*, language: str = "en") -> tuple[tuple[str, str], ...]:
    """Return (slug, name) of every assembly, in the order of their names."""
    found = Body.objects.filter(kind=Body.Kind.ASSEMBLY)
    return tuple(sorted(((b.slug, name_in(b.names, language)) for b in found), key=lambda pair: pair[1].casefold()))


def member_view(*, slug: str, user: Any, language: str = "en") -> MemberView:
    """Return one member with its history. Raises NotFound."""
    party = member_of(slug=slug)
    history = party.memberships.select_related("body").order_by("body__slug", "starts_on")
    stops = party.suspensions.select_related("body").order_by("-starts_on")
    return MemberView(
        slug=party.slug,
        name=name_in(party.names, language),
        kind=party.kind,
        region=party.region,
        is_fictional=party.is_fictional,
        memberships=tuple(
            MembershipView(
                body=m.body.slug,
                body_name=name_in(m.body.names, language),
                status=m.status,
                starts_on=m.starts_on,
                ends_on=m.ends_on,
                rule=m.rule,
                act=str(m.act_id),
            )
            for m in history
        ),
        credentials=delegation_of(member=slug, on=timezone.now().date(), user=user, language=language),
        suspensions=tuple((name_in(s.body.names, language), s.right, s.rule, s.starts_on, s.ends_on) for s in stops),
        states=_named(
            party.states.filter(in_force(on=timezone.now().date())).select_related("state"), "state", language
        ),
        organisations=_named(
            party.organisations.filter(in_force(on=timezone.now().date())).select_related("organisation"),
            "organisation",
            language,
        ),
    )


def delegation_of(*, member: str, on: dt.date, user: Any, language: str = "en") -> tuple[CredentialView, ...]:
    """Return the credentials of a member that are in force on a day: heads first, then by role and body."""
    party = member_of(slug=member)
    standing = standing_now(user=user)
    shows_names = EVERY_MEMBER in standing.audiences or f"delegation:{member}" in standing.audiences
    order = list(Credential.Role.values)
    found = list(party.credentials.filter(in_force(on=on), revoked_at__isnull=True).select_related("body"))
    speaking = _who_speak(member=member, bodies={c.body.slug for c in found})
    views = [
        CredentialView(
            id=c.pk,
            body=c.body.slug,
            body_name=name_in(c.body.names, language),
            role=c.role,
            holder=c.holder if shows_names else "",
            state=c.state,
            awaited=c.awaited,
            awaited_by=c.awaited_by,
            is_overdue=c.awaited_by is not None and c.awaited_by < on,
            starts_on=c.starts_on,
            ends_on=c.ends_on,
            may_clear=c.may_clear,
            has_voice=c.pk in speaking,
            is_mine=c.user_id is not None and c.user_id == getattr(user, "pk", None),
        )
        for c in found
    ]
    return tuple(sorted(views, key=lambda v: (order.index(v.role), v.body, v.id)))


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body in a list, with its names by language and the slug of the one above it."""

    slug: str
    kind: str
    names: dict[str, str]
    parent: str
    starts_on: dt.date
    ends_on: dt.date | None


def every_body() -> tuple[BodyRow, ...]:
    """Return every body, by its name in English."""
    rows = (
        BodyRow(
            slug=b.slug,
            kind=b.kind,
            names=b.names,
            parent=b.parent.slug if b.parent else "",
            starts_on=b.starts_on,
            ends_on=b.ends_on,
        )
        for b in Body.objects.select_related("parent")
    )
    return tuple(sorted(rows, key=lambda row: (row.names["en"].casefold(), row.slug)))


def member_names(*, language: str = "en") -> dict[str, str]:
    """Return the name of every member by its slug."""
    return {m.slug: name_in(m.names, language) for m in Member.objects.all()}


def body_names(*, language: str = "en") -> dict[str, str]:
    """Return the name of every body by its slug."""
    return {b.slug: name_in(b.names, language) for b in Body.objects.all()}


def _who_speak(*, member: str, bodies: set[str]) -> set[int]:
    """Return the credentials that hold the member's voice now, at most one in each body."""
    now = timezone.now()
    held = (voice_at(member=member, body=body, moment=now) for body in sorted(bodies))
    return {credential.pk for credential in held if credential is not None}


def _named(rows: Any, field: str, language: str) -> tuple[tuple[str, str], ...]:
    pairs = ((getattr(row, field).slug, name_in(getattr(row, field).names, language)) for row in rows)
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))
