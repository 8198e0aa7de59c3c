"""Find needs and offers for a service, locked where something is done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from comity.errors import BadParameter, NotFound
from comity.platform.capacity.models import Need, Offer, Resource

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet

    from comity.platform.parties.models import Body

DEFINE = "define a resource"
ASK = "ask about a need"


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
