"""Say what a member needs: prepared by its delegation, cleared by its capital, sent, changed, and ended.

Whoever sees a need is chosen by its member and can be changed at any time; what was public once stays known. Acts on a need that is not
public are for its own delegation: nothing of them can be read in the log.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict
from comity.platform.capacity.lookups import locked_need, resource_in, resource_of
from comity.platform.capacity.models import Need
from comity.platform.capacity.needs_seen import circle_of
from comity.platform.capacity.prepared import demand_not_frozen
from comity.platform.capacity.resources import checked_amount, in_figures
from comity.platform.capacity.round_lookups import close_tables_of
from comity.platform.parties.bodies import body_of, member_of
from comity.platform.parties.preparing import (
    CHANGED,
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
    checked_texts,
)
from comity.platform.record.services import enter_act, withhold_payloads

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from comity.platform.parties.models import Body
    from comity.platform.record.models import Act

Shown, State = Need.Shown, Need.State
RULE = "The right of a member to state its needs"
MOST_OPEN = 500
"""Needs of one member in a body that are prepared or open at a time."""
TOO_MANY = f"Your member has {MOST_OPEN} needs in this body already. Close some before you write another."
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2199, 12, 31)


def prepare_need(
    *,
    body: str,
    member: str,
    resource: str,
    titles: Mapping[str, str],
    purposes: Mapping[str, str],
    units: Decimal | int | str,
    shown_to: str,
    by: Any,
    languages: Collection[str] = (),
    wanted_by: dt.date | None = None,
    note: str = "",
) -> Need:
    """Write what a member needs as a draft that its delegation alone sees. ``shown_to`` says who will see it once it is sent.

    Raises NotPermitted, NotFound, BadParameter, or Conflict where the member has no seat in the body.
    """
    authorise(by=by, action=PREPARE, member=member, body=body)
    here, party = body_of(slug=body), member_of(slug=member)
    given = _checked(
        here,
        resource=resource,
        titles=titles,
        purposes=purposes,
        units=units,
        languages=languages,
        wanted_by=wanted_by,
        shown_to=shown_to,
    )
    demand_seat(member=party, body=here)
    with transaction.atomic():
        running = Need.objects.filter(body=here, member=party, state__in=[State.DRAFT, State.OPEN]).count()
        if running >= MOST_OPEN:
            raise Conflict(problem=TOO_MANY)
        need = Need(body=here, member=party, slug=_free_slug(), **given)
        mark_prepared(need, by=by, note=note)
        need.save()
        return need


def change_need(
    *,
    slug: str,
    resource: str,
    titles: Mapping[str, str],
    purposes: Mapping[str, str],
    units: Decimal | int | str,
    shown_to: str,
    by: Any,
    languages: Collection[str] = (),
    wanted_by: dt.date | None = None,
    note: str = "",
    on: str | None = None,
) -> Need:
    """Put something else in the place of a draft; or prepare a change of a need that was sent, which waits until it is sent too.

    ``on`` is what the writer saw (``seen`` of the desk); None does not ask. Raises NotFound, NotPermitted, BadParameter, or Conflict
    where another changed it meanwhile, it has ended, or an undecided round holds it.
    """
    with transaction.atomic():
        need = locked_need(slug=slug)
        authorise_own(row=need, by=by, action=PREPARE)
        demand_seen(need, on=on)
        demand_state(need, State.DRAFT, State.OPEN)
        demand_not_frozen(need)
        given = _checked(
            need.body,
            resource=resource,
            titles=titles,
            purposes=purposes,
            units=units,
            languages=languages,
            wanted_by=wanted_by,
            shown_to=shown_to,
        )
        if need.state == State.DRAFT:
            for name, value in given.items():
                setattr(need, name, value)
        elif not changed_fields(need, given=given):
            raise Conflict(problem=NOTHING_NEW)
        else:
            need.pending = _as_json(given)
        mark_prepared(need, by=by, note=note)
        need.save()
        return need


def send_need(*, slug: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Send a need, or the change of it that waits, in the member's name. Whom it names sees it from now on.

    Raises NotFound for everyone outside the delegation, NotPermitted, or Conflict where it is not cleared, was changed meanwhile, is
    frozen, or nothing waits.
    """
    rule = checked_rule(authority)
    with transaction.atomic():
        need = locked_need(slug=slug)
        office = authorise_own(row=need, by=by, action=SEND)
        demand_seen(need, on=on)
        demand_waiting(need)
        demand_not_frozen(need)
        demand_cleared(need, by=by)
        demand_seat(member=need.member, body=need.body)
        now, first, before = timezone.now(), need.state == State.DRAFT, need.shown_to
        if not first:
            take_pending(need)
        need.version, need.state = need.version + 1, State.OPEN
        need.sent_at = need.sent_at or now
        need.prepared_at = now
        need.act = enter_need_act(need, type="send-need" if first else "change-need", office=office, authority=rule)
        need.save()
        _follow_circle(need, before=before if not first else need.shown_to)
        return need.act


def show_need(*, slug: str, shown_to: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Change at once who sees a need that was sent. To fewer it needs no clearance; to more it does where the capital clears.

    What was public stays known to who saw it; its text is published no longer, nor are the tables of an undecided round that holds it. Raises NotFound, NotPermitted, BadParameter or Conflict.
    """
    rule = checked_rule(authority)
    _demand_shown(shown_to)
    with transaction.atomic():
        need = locked_need(slug=slug)
        office = authorise_own(row=need, by=by, action=SEND)
        demand_seen(need, on=on)
        demand_state(need, State.OPEN, State.CLOSED, State.WITHDRAWN)
        before = need.shown_to
        if shown_to == before:
            raise Conflict(problem="It is shown to them already; nothing was changed.")
        if is_wider(shown_to, than=before):
            need.cleared_at = None  # what was cleared was the circle before
            demand_cleared(need, by=by)
        now = timezone.now()
        need.shown_to, need.version, need.prepared_at = shown_to, need.version + 1, now
        if need.pending:
            need.pending["shown_to"], need.cleared_by, need.cleared_at = shown_to, None, None
        need.act = enter_need_act(need, type="change-need", office=office, authority=rule)
        need.save()
        _follow_circle(need, before=before)
        if not is_wider(shown_to, than=before):
            close_tables_of(need)
        return need.act


def close_need(*, slug: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Close a need that is met, or that its member pursues no longer in this way. Raises as for sending it."""
    return _end(slug=slug, state=State.CLOSED, type_of_act="close-need", by=by, on=on, authority=authority)


def withdraw_need(*, slug: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Withdraw a need; no reason is asked or kept. Possible providers see it no longer. Raises as for sending it."""
    return _end(slug=slug, state=State.WITHDRAWN, type_of_act="withdraw-need", by=by, on=on, authority=authority)


def is_wider(shown_to: str, /, *, than: str) -> bool:
    """Tell whether a need is shown to more with one circle than with another.

    >>> is_wider("public", than="providers"), is_wider("secretariat", than="providers")
    (True, False)
    """
    order = list(Shown.values)
    return order.index(shown_to) > order.index(than)


def enter_need_act(need: Need, /, *, type: str, office: str, authority: str) -> Act:  # noqa: A002  (the act's field)
    """Enter an act on a need as it stands now, in its circle. For the transaction that writes the row."""
    files = need.attachments.order_by("name").values("name", "media_type", "sha256")
    return enter_act(
        type=type,
        office=office,
        member=need.member.slug,
        authority=authority,
        subject=need.reference,
        payload={
            "need": need.reference,
            "body": need.body.slug,
            "member": need.member.slug,
            "resource": need.resource.reference,
            "units": in_figures(need.units),
            "titles": need.titles,
            "purposes": need.purposes,
            "languages": need.languages,
            "wanted_by": need.wanted_by.isoformat() if need.wanted_by else None,
            "shown_to": need.shown_to,
            "state": need.state,
            "version": need.version,
            "attachments": list(files),
        },
        **circle_of(need=need),
    )


def _end(*, slug: str, state: str, type_of_act: str, by: Any, on: str | None, authority: str) -> Act:
    rule = checked_rule(authority)
    with transaction.atomic():
        need = locked_need(slug=slug)
        office = authorise_own(row=need, by=by, action=SEND)
        demand_seen(need, on=on)
        demand_state(need, State.OPEN)
        demand_not_frozen(need)
        now = timezone.now()
        need.state, need.ended_at, need.pending, need.prepared_at = state, now, {}, now
        need.act = enter_need_act(need, type=type_of_act, office=office, authority=rule)
        need.save()
        return need.act


def _follow_circle(need: Need, /, *, before: str) -> None:
    """Publish what was said publicly of a need no longer once it is public no more, and again once it is."""
    if Shown.PUBLIC in {before, need.shown_to} and before != need.shown_to:
        withhold_payloads(subject=need.reference, withheld=need.shown_to != Shown.PUBLIC)


def _checked(body: Body, /, **given: Any) -> dict[str, Any]:
    """Return the fields of a need, checked. Raises BadParameter."""
    _demand_shown(given["shown_to"])
    resource = resource_in(body=body, slug=given["resource"])
    wanted = given["wanted_by"]
    if wanted is not None and not EARLIEST <= wanted <= LATEST:
        raise BadParameter(name="wanted_by", found=wanted.isoformat(), allowed="a day such as 2027-06-30")
    return {
        "resource": resource,
        "titles": checked_texts("titles", given["titles"], most=MOST_TITLE),
        "purposes": checked_texts("purposes", given["purposes"], most=MOST_PURPOSE, lines=True),
        "units": checked_amount("units", given["units"]),
        "languages": checked_languages("languages", given["languages"]),
        "wanted_by": wanted,
        "shown_to": str(given["shown_to"]),
    }


def _demand_shown(shown_to: str) -> None:
    if shown_to not in Shown.values:
        raise BadParameter(name="shown_to", found=shown_to[:40] or "nothing", allowed=", ".join(Shown.values))


def _as_json(given: dict[str, Any], /) -> dict[str, Any]:
    return given | {
        "resource": given["resource"].slug,
        "units": in_figures(given["units"]),
        "wanted_by": given["wanted_by"].isoformat() if given["wanted_by"] else None,
    }


def take_pending(need: Need, /) -> None:
    """Put what waits in the place of what was sent, without keeping it. It was checked when it was prepared."""
    given = dict(need.pending)
    need.resource = resource_of(slug=given["resource"])
    need.units = Decimal(given["units"])
    need.wanted_by = dt.date.fromisoformat(given["wanted_by"]) if given["wanted_by"] else None
    for name in ("titles", "purposes", "languages", "shown_to"):
        setattr(need, name, given[name])
    need.pending = {}


def _free_slug() -> str:
    """Return a drawn name that no need has. Raises Conflict where chance gives none, which it does not."""
    for _turn in range(20):
        slug = draw_slug("n")
        if not Need.objects.filter(slug=slug).exists():
            return slug
    raise Conflict(problem=CHANGED)
