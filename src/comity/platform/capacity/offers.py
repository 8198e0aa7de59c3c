"""Say what a member offers, to whom and on what conditions: prepared by its delegation, cleared by its capital, made, changed, withdrawn."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict
from comity.platform.capacity.groups import checked_groups
from comity.platform.capacity.lookups import locked_offer, resource_in, resource_of
from comity.platform.capacity.models import Offer
from comity.platform.capacity.offers_seen import circle_of
from comity.platform.capacity.prepared import demand_not_frozen
from comity.platform.capacity.resources import TAKEN as NAME_TAKEN
from comity.platform.capacity.resources import checked_amount, in_figures
from comity.platform.parties.bodies import SLUG, body_of, demand_slug, member_of
from comity.platform.parties.preparing import (
    NOTHING_NEW,
    PREPARE,
    SEND,
    authorise_own,
    changed_fields,
    demand_cleared,
    demand_seat,
    demand_seen,
    demand_state,
    demand_waiting,
    draw_slug,
    mark_prepared,
)
from comity.platform.parties.rules import authorise
from comity.platform.parties.texts import (
    MOST_PURPOSE,
    MOST_TITLE,
    checked_languages,
    checked_rule,
    checked_text,
    checked_texts,
)
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from comity.platform.parties.models import Body
    from comity.platform.record.models import Act

State = Offer.State
RULE = "The right of a member to offer what it has"
CIRCLES = (Visibility.PUBLIC.value, Visibility.MEMBERS.value)
RESERVED = ("new", "sheet")
"""Names that pages have."""
MOST_OPEN = 500
TOO_MANY = f"Your member has {MOST_OPEN} offers in this body already. Withdraw some before you write another."
MOST_LICENCE = 100
MOST_CRITERIA = 20
MOST_POINTS = 100
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2199, 12, 31)


def prepare_offer(
    *,
    body: str,
    member: str,
    resource: str,
    titles: Mapping[str, str],
    units: Decimal | int | str,
    visibility: str,
    by: Any,
    slug: str = "",
    note: str = "",
    **terms: Any,
) -> Offer:
    """Write what a member offers as a draft that its delegation alone sees. ``visibility``, public or members, is whom it is made to.

    ``terms`` are, each optional: ``conditions`` (texts by language), ``per_member`` (the most that one member gets), ``indivisible``
    (given whole or not at all), ``to_groups`` (codes, none for all members), ``languages``, ``begins_on``, ``ends_on``, ``licence``,
    ``criteria`` ({"code", "names", "most"} by which applicants are chosen) and ``apply_until``. A name is drawn where no ``slug`` is given.
    Raises NotPermitted, NotFound, BadParameter, or Conflict where the member has no seat in the body or the name is taken.
    """
    authorise(by=by, action=PREPARE, member=member, body=body)
    here, party = body_of(slug=body), member_of(slug=member)
    given = _checked(here, resource=resource, titles=titles, units=units, visibility=visibility, **terms)
    if slug:
        demand_slug(slug)
    if slug in RESERVED:
        raise BadParameter(name="slug", found=slug, allowed=f"another name than {' or '.join(RESERVED)}")
    demand_seat(member=party, body=here)
    try:
        with transaction.atomic():
            running = Offer.objects.filter(body=here, member=party, state__in=[State.DRAFT, State.OPEN]).count()
            if running >= MOST_OPEN:
                raise Conflict(problem=TOO_MANY)
            offer = Offer(body=here, member=party, slug=slug or draw_slug("o"), **given)
            mark_prepared(offer, by=by, note=note)
            offer.save()
            return offer
    except IntegrityError:
        raise Conflict(problem=NAME_TAKEN) from None


def change_offer(
    *,
    slug: str,
    resource: str,
    titles: Mapping[str, str],
    units: Decimal | int | str,
    visibility: str,
    by: Any,
    note: str = "",
    on: str | None = None,
    **terms: Any,
) -> Offer:
    """Put something else in the place of a draft; or prepare a change of an offer that was made, which waits until it is sent too.

    Raises NotFound, NotPermitted, BadParameter, or Conflict where another changed it meanwhile, it is withdrawn, or a round holds it.
    """
    with transaction.atomic():
        offer = locked_offer(slug=slug)
        authorise_own(row=offer, by=by, action=PREPARE)
        demand_seen(offer, on=on)
        demand_state(offer, State.DRAFT, State.OPEN)
        demand_not_frozen(offer)
        given = _checked(offer.body, resource=resource, titles=titles, units=units, visibility=visibility, **terms)
        if offer.state == State.DRAFT:
            for name, value in given.items():
                setattr(offer, name, value)
        elif not changed_fields(offer, given=given):
            raise Conflict(problem=NOTHING_NEW)
        else:
            offer.pending = as_json(given)
        mark_prepared(offer, by=by, note=note)
        offer.save()
        return offer


def make_offer(*, slug: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Make an offer, or the change of it that waits, in the member's name.

    Raises NotFound for everyone outside the delegation, NotPermitted, or Conflict where it is not cleared, was changed meanwhile, is
    frozen, or nothing waits.
    """
    rule = checked_rule(authority)
    with transaction.atomic():
        offer = locked_offer(slug=slug)
        office = authorise_own(row=offer, by=by, action=SEND)
        demand_seen(offer, on=on)
        demand_waiting(offer)
        demand_not_frozen(offer)
        demand_cleared(offer, by=by)
        demand_seat(member=offer.member, body=offer.body)
        now, first = timezone.now(), offer.state == State.DRAFT
        if not first:
            take_pending(offer)
        offer.version, offer.state, offer.prepared_at = offer.version + 1, State.OPEN, now
        offer.sent_at = offer.sent_at or now
        offer.act = _enter(offer, type_of_act="make-offer" if first else "change-offer", office=office, rule=rule)
        offer.save()
        return offer.act


def withdraw_offer(*, slug: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Withdraw an offer. What is agreed from it stays agreed. Raises as for making it."""
    rule = checked_rule(authority)
    with transaction.atomic():
        offer = locked_offer(slug=slug)
        office = authorise_own(row=offer, by=by, action=SEND)
        demand_seen(offer, on=on)
        demand_state(offer, State.OPEN)
        demand_not_frozen(offer)
        now = timezone.now()
        offer.state, offer.ended_at, offer.prepared_at, offer.pending = State.WITHDRAWN, now, now, {}
        offer.act = _enter(offer, type_of_act="withdraw-offer", office=office, rule=rule)
        offer.save()
        return offer.act


def _enter(offer: Offer, /, *, type_of_act: str, office: str, rule: str) -> Act:
    return enter_act(
        type=type_of_act,
        office=office,
        member=offer.member.slug,
        authority=rule,
        subject=offer.reference,
        payload={
            "offer": offer.reference,
            "body": offer.body.slug,
            "member": offer.member.slug,
            "state": offer.state,
            "version": offer.version,
            **as_json(fields_of(offer)),
        },
        **circle_of(offer=offer),
    )


FIELDS = (
    "resource",
    "titles",
    "conditions",
    "units",
    "per_member",
    "indivisible",
    "to_groups",
    "languages",
    "begins_on",
    "ends_on",
    "licence",
    "criteria",
    "apply_until",
    "visibility",
)


def _checked(
    body: Body,
    /,
    *,
    resource: str,
    titles: Mapping[str, str],
    units: Decimal | int | str,
    visibility: str,
    conditions: Mapping[str, str] | None = None,
    per_member: Decimal | int | str | None = None,
    indivisible: bool = False,
    to_groups: Collection[str] = (),
    languages: Collection[str] = (),
    begins_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    licence: str = "",
    criteria: Sequence[Mapping[str, Any]] = (),
    apply_until: dt.datetime | None = None,
) -> dict[str, Any]:
    """Return the fields of an offer, checked. Raises BadParameter."""
    if visibility not in CIRCLES:
        raise BadParameter(name="visibility", found=visibility[:40] or "nothing", allowed=", ".join(CIRCLES))
    kind = resource_in(body=body, slug=resource)
    amount = checked_amount("units", units)
    each = checked_amount("per_member", per_member, most=amount) if per_member not in {None, ""} else None
    for name, day in (("begins_on", begins_on), ("ends_on", ends_on)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise BadParameter(name=name, found=day.isoformat(), allowed="a day such as 2027-06-30")
    if begins_on and ends_on and ends_on < begins_on:
        raise BadParameter(name="ends_on", found=ends_on.isoformat(), allowed=f"{begins_on.isoformat()} or a later day")
    return {
        "resource": kind,
        "titles": checked_texts("titles", titles, most=MOST_TITLE),
        "conditions": checked_texts("conditions", conditions or {}, most=MOST_PURPOSE, needed=False, lines=True),
        "units": amount,
        "per_member": each,
        "indivisible": bool(indivisible),
        "to_groups": checked_groups("to_groups", to_groups),
        "languages": checked_languages("languages", languages),
        "begins_on": begins_on,
        "ends_on": ends_on,
        "licence": checked_text("licence", licence, most=MOST_LICENCE),
        "criteria": _checked_criteria(criteria),
        "apply_until": apply_until,
        "visibility": str(visibility),
    }


def _checked_criteria(criteria: Sequence[Mapping[str, Any]], /) -> list[dict[str, Any]]:
    if len(criteria) > MOST_CRITERIA:
        raise BadParameter(name="criteria", found=str(len(criteria)), allowed=f"at most {MOST_CRITERIA}")
    found: list[dict[str, Any]] = []
    for one in criteria:
        code, most = str(one.get("code", "")), one.get("most")
        if not SLUG.fullmatch(code) or code in {c["code"] for c in found}:
            raise BadParameter(
                name="criteria",
                found=code[:30] or "no code",
                allowed="a code of small letters, digits and hyphens, each once",
            )
        if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= MOST_POINTS:
            raise BadParameter(name="criteria", found=str(most)[:20], allowed=f"1 to {MOST_POINTS} points each")
        names = checked_texts("criteria", one.get("names", {}), most=MOST_TITLE)
        found.append({"code": code, "names": names, "most": most})
    return found


def fields_of(offer: Offer, /) -> dict[str, Any]:
    """Return the fields of an offer that its member sets."""
    return {name: getattr(offer, name) for name in FIELDS}


def as_json(given: Mapping[str, Any], /) -> dict[str, Any]:
    """Return the fields of an offer as JSON keeps them: amounts in figures, days as text, the resource by its slug."""

    def plain(value: Any) -> Any:
        if isinstance(value, Decimal):
            return in_figures(value)
        return value.isoformat() if isinstance(value, dt.date) else value

    return {name: plain(value) for name, value in given.items()} | {"resource": given["resource"].slug}


def take_pending(offer: Offer, /) -> None:
    """Put what waits in the place of what was offered, without keeping it. It was checked when it was prepared."""
    given = dict(offer.pending)
    given["resource"] = resource_of(slug=given["resource"])
    given["units"] = Decimal(given["units"])
    given["per_member"] = Decimal(given["per_member"]) if given["per_member"] else None
    for name in ("begins_on", "ends_on"):
        given[name] = dt.date.fromisoformat(given[name]) if given[name] else None
    given["apply_until"] = dt.datetime.fromisoformat(given["apply_until"]) if given["apply_until"] else None
    for name, value in given.items():
        setattr(offer, name, value)
    offer.pending = {}
