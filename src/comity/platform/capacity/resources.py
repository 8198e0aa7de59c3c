"""Say what can be needed and offered in a body: kinds of resources, each counted in one unit and given in multiples of a smallest amount."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from comity.errors import BadParameter, Conflict
from comity.platform.capacity.lookups import DEFINE, resource_of
from comity.platform.capacity.models import Resource
from comity.platform.parties.bodies import body_of, demand_slug
from comity.platform.parties.rules import authorise
from comity.platform.parties.texts import checked_rule, checked_texts, text_in
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_NAME = 120
MOST_UNIT = 60
PLACES = 6
SMALLEST, LEAST_UNITS = Decimal("0.000001"), Decimal("0.01")
MOST_UNITS = Decimal(10) ** 12
TAKEN = "This name is taken already; choose another. Nothing was kept."
RULE = "What is counted in this body, as its secretariat sets it"


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A kind of resource in the reader's language."""

    slug: str
    reference: str
    body: str
    name: str
    unit_name: str
    grain: Decimal


def define_resource(
    *,
    slug: str,
    body: str,
    names: Mapping[str, str],
    unit_names: Mapping[str, str],
    by: Any,
    grain: Decimal = Decimal(1),
    authority: str = RULE,
) -> Resource:
    """Define what is counted in a body, and enter it on the record. ``grain`` is the smallest amount that is given.

    Raises NotPermitted, NotFound, BadParameter, or Conflict where the name is taken.
    """
    office = authorise(by=by, action=DEFINE, body=body)
    here = body_of(slug=body)
    demand_slug(slug)
    given = checked_texts("names", names, most=MOST_NAME)
    units = checked_texts("unit_names", unit_names, most=MOST_UNIT)
    for name, texts in (("names", given), ("unit_names", units)):
        if "en" not in texts:
            raise BadParameter(
                name=name, found="no English", allowed="a name in English, and in other languages if you have them"
            )
    smallest = checked_amount("grain", grain, least=SMALLEST)
    rule = checked_rule(authority)
    try:
        with transaction.atomic():
            reference = f"capacity/resources/{slug}"
            act = enter_act(
                type="define-resource",
                office=office,
                authority=rule,
                subject=reference,
                payload={
                    "resource": slug,
                    "body": body,
                    "names": given,
                    "unit_names": units,
                    "grain": in_figures(smallest),
                },
            )
            return Resource.objects.create(body=here, slug=slug, names=given, unit_names=units, grain=smallest, act=act)
    except IntegrityError:
        raise Conflict(problem=TAKEN) from None


def list_resources(*, body: str = "", language: str = "en") -> list[ResourceView]:
    """Return the kinds of resources, of one body or of all, by their name in a language."""
    rows = Resource.objects.select_related("body")
    if body:
        rows = rows.filter(body__slug=body)
    views = [
        ResourceView(
            slug=r.slug,
            reference=r.reference,
            body=r.body.slug,
            name=text_in(r.names, language),
            unit_name=text_in(r.unit_names, language),
            grain=r.grain,
        )
        for r in rows
    ]
    return sorted(views, key=lambda v: (v.name.casefold(), v.slug))


def resource_view(*, slug: str, language: str = "en") -> ResourceView:
    """Return one kind of resource. Raises NotFound."""
    held = resource_of(slug=slug)
    return next(r for r in list_resources(body=held.body.slug, language=language) if r.slug == slug)


def checked_amount(
    name: str, found: Decimal | int | str, *, least: Decimal = LEAST_UNITS, most: Decimal = MOST_UNITS
) -> Decimal:
    """Return an amount with six places at most. Raises BadParameter."""
    allowed = f"a number from {in_figures(least)} to {in_figures(most)}, with {PLACES} decimal places at most"
    try:
        amount = Decimal(str(found).strip())
    except InvalidOperation:
        raise BadParameter(name=name, found=str(found)[:30] or "nothing", allowed=allowed) from None
    if not amount.is_finite() or not least <= amount <= most or amount != round(amount, PLACES):
        raise BadParameter(name=name, found=str(found)[:30], allowed=allowed)
    return amount


def in_figures(amount: Decimal) -> str:
    """Return an amount in figures without an exponent or needless zeros.

    >>> in_figures(Decimal("120.500000")), in_figures(Decimal("1E+3"))
    ('120.5', '1000')
    """
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
