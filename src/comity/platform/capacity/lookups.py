"""Find needs and offers for a service, locked where something is done to them, and who of a delegation may do it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from comity.errors import BadParameter, NotFound
from comity.platform.capacity.models import Need, Offer, Resource
from comity.platform.parties.models import Credential
from comity.platform.parties.rules import Installation, authorise, standing_now
from comity.platform.parties.standing import in_force

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet

    from comity.platform.parties.models import Body

DEFINE = "define a resource"
PREPARE = "prepare a contribution"
CLEAR = "clear a contribution"
SEND = "send a contribution"
ASK = "ask about a need"
DRAWN_FROM = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for one another."""


def open_needs(*, body: str, resources: Collection[str] = ()) -> QuerySet[Need]:
    """Return every open need in a body, however it is shown, by its slug; ``resources`` are slugs, none for all.

    For services alone: what a reader may see of them comes from ``needs_seen``.
    """
    rows = Need.objects.filter(body__slug=body, state=Need.State.OPEN)
    if resources:
        rows = rows.filter(resource__slug__in=list(resources))
    return rows.select_related("body", "member", "resource").order_by("slug")


def open_offers(*, body: str, resources: Collection[str] = (), on: dt.date) -> QuerySet[Offer]:
    """Return every offer in a body that is open and has not ended on a day, by its slug; its last day is included."""
    rows = Offer.objects.filter(offers_open(on=on), body__slug=body)
    if resources:
        rows = rows.filter(resource__slug__in=list(resources))
    return rows.select_related("body", "member", "resource").order_by("slug")


def offers_open(*, on: dt.date, prefix: str = "") -> Q:
    """Return the condition that an offer was made, is not withdrawn, and has not ended on a day."""
    return Q(**{f"{prefix}state": Offer.State.OPEN}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": on})
    )


def resource_of(*, slug: str) -> Resource:
    """Return a resource with its body. Raises NotFound."""
    found = Resource.objects.select_related("body").filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"capacity/resources/{slug[:60]}")
    return found


def resource_in(*, body: Body, slug: str) -> Resource:
    """Return a resource that a body counts. Raises BadParameter, naming those that it does."""
    found = Resource.objects.select_related("body").filter(body=body, slug=slug).first()
    if found is None:
        counted = Resource.objects.filter(body=body).order_by("slug").values_list("slug", flat=True)[:12]
        raise BadParameter(
            name="resource", found=slug[:60] or "nothing", allowed=", ".join(counted) or "nothing here yet"
        )
    return found


def locked_need(*, slug: str) -> Need:
    """Return a need, locked until the transaction ends. Raises NotFound."""
    rows = Need.objects.select_for_update(of=("self",)).select_related("body", "member", "resource")
    found = rows.filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"capacity/needs/{slug[:60]}")
    return found


def locked_offer(*, slug: str) -> Offer:
    """Return an offer, locked until the transaction ends. Raises NotFound."""
    rows = Offer.objects.select_for_update(of=("self",)).select_related("body", "member", "resource")
    found = rows.filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"capacity/offers/{slug[:60]}")
    return found


def is_of_delegation(*, user: Any, member: str) -> bool:
    """Tell whether an account belongs to a delegation, and so sees what it prepares."""
    return f"delegation:{member}" in standing_now(user=user).audiences


def own_members(*, user: Any) -> tuple[str, ...]:
    """Return the slugs of the members whose delegations an account belongs to, in order."""
    found = (audience.partition(":") for audience in standing_now(user=user).audiences)
    return tuple(sorted(member for circle, _, member in found if circle == "delegation"))


def clears_contributions(*, body: Body, member: str) -> bool:
    """Tell whether somebody of a delegation clears what it asks for or offers in a body today."""
    now = timezone.now()
    # A body stands at most two floors below its assembly.
    here = Q(body=body) | Q(covers_parts=True) & (Q(body__parts=body) | Q(body__parts__parts=body))
    rows = Credential.objects.filter(here, in_force(on=now.date()), member__slug=member, may_clear=True)
    return rows.exclude(revoked_at__lte=now).exists()


def authorise_own(*, row: Need | Offer, by: Any, action: str) -> str:
    """Return the office in which somebody acts for the member of a need or an offer.

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
