"""The life of a round: it is opened with its rules, and cancelled where it is not confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict
from comity.platform.capacity.member_groups import known_groups
from comity.platform.capacity.models import Resource, Round
from comity.platform.capacity.round_lookups import (
    HOLD,
    authorise_on,
    checked_authority,
    circle_of_round,
    demand_state,
    locked_round,
)
from comity.platform.capacity.round_rules import check_rules
from comity.platform.parties.bodies import body_of, demand_slug, reference_of_body
from comity.platform.parties.models import Member
from comity.platform.parties.rules import authorise
from comity.platform.parties.standing import in_force
from comity.platform.parties.texts import MOST_TITLE, checked_text, checked_texts
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility, demand_circle

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from comity.platform.parties.models import Body

MOST_REASON = 500
MOST_RESOURCES = 20
LAST_YEAR = 2199
RESERVED = frozenset({"new"})
CIRCLES = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.COMMITTEE)
UNDECIDED = (
    Round.State.OPEN,
    Round.State.CLOSED,
    Round.State.FROZEN,
    Round.State.CHALLENGE,
    Round.State.DECIDING,
)


def open_round(
    *,
    slug: str,
    body: str,
    titles: Mapping[str, str],
    resources: Collection[str],
    closes_at: dt.datetime,
    by: Any,
    alike: str = Round.By.NEED,
    rules: Mapping[str, Any] | None = None,
    visibility: str = Visibility.PUBLIC,
    audience: str = "",
    authority: str = "",
) -> Round:
    """Open a round in a body, as an act that publishes its rules; needs and offers of its resources are taken until it closes.

    ``alike`` says what is treated alike: need or member. ``rules`` are as ``round_rules`` has them. Resources of one round are given
    in multiples of one smallest amount. Raises NotPermitted, NotFound, BadParameter, or Conflict where the name is taken.
    """
    office = authorise(by=by, action=HOLD, body=body)
    here = body_of(slug=body)
    demand_slug(slug)
    if slug in RESERVED:
        raise BadParameter(name="slug", found=slug, allowed="another name")
    named = checked_texts("title", titles, most=MOST_TITLE)
    if alike not in Round.By.values:
        raise BadParameter(name="alike", found=alike[:20], allowed=", ".join(Round.By.values))
    shared = _resources(here, resources)
    held = check_rules(
        rules or {}, alike=alike, groups=known_groups(members=_members(here)), resources=[r.slug for r in shared]
    )
    if visibility == Visibility.COMMITTEE and not audience:
        audience = f"committee:{body}"
    demand_circle(visibility=visibility, audience=audience)
    if visibility == Visibility.COMMITTEE and here.kind == "assembly":
        # An assembly is no committee: nobody would see it.
        raise BadParameter(name="visibility", found=visibility, allowed="public, members")
    if visibility not in CIRCLES or audience not in {"", f"committee:{body}"}:
        raise BadParameter(name="visibility", found=f"{visibility} {audience}".strip()[:80], allowed=", ".join(CIRCLES))
    rests_on = checked_authority(authority)
    try:
        with transaction.atomic():
            now = timezone.now()
            _demand_deadline(closes_at, moment=now)
            reference = f"capacity/rounds/{slug}"
            act = enter_act(
                type="open-round",
                office=office,
                authority=rests_on,
                subject=reference,
                payload={
                    "round": reference,
                    "body": body,
                    "titles": named,
                    "resources": [r.reference for r in shared],
                    "alike": alike,
                    "rules": held.as_data(),
                    "closes_at": closes_at.isoformat(),
                },
                links=[(reference, "wasAttributedTo", reference_of_body(body))],
                visibility=visibility,
                audience=audience,
            )
            made = Round.objects.create(
                body=here,
                slug=slug,
                titles=named,
                by=alike,
                rules=held.as_data(),
                opened_at=now,
                closes_at=closes_at,
                opening=act,
                visibility=visibility,
                audience=audience,
            )
            made.resources.set(shared)
            return made
    except IntegrityError:
        raise Conflict(problem=f"There is a round called {slug} already; nothing was changed.") from None


def cancel_round(*, slug: str, reason: str, by: Any) -> Round:
    """Cancel a round that is not confirmed, as an act with the reason; its needs and offers are free for another.

    Raises NotPermitted, NotFound, BadParameter, or Conflict where it is confirmed or cancelled.
    """
    said = checked_text("reason", reason, most=MOST_REASON, least=3, lines=True)
    with transaction.atomic():
        held = locked_round(slug=slug)
        office = authorise_on(round=held, by=by, action=HOLD)
        moment = timezone.now()
        demand_state(round=held, moment=moment, allowed=UNDECIDED)
        enter_act(
            type="cancel-round",
            office=office,
            authority=checked_authority(""),
            subject=held.reference,
            payload={"round": held.reference, "reason": said},
            **circle_of_round(held),
        )
        held.cancelled_at = moment
        held.save(update_fields=["cancelled_at"])
    return held


def _resources(body: Body, slugs: Collection[str], /) -> list[Resource]:
    wanted = sorted({str(s) for s in slugs})
    found = list(Resource.objects.filter(body=body, slug__in=wanted).order_by("slug"))
    missing = sorted(set(wanted) - {r.slug for r in found})
    if missing or not found or len(found) > MOST_RESOURCES:
        raise BadParameter(
            name="resources",
            found=(missing or [f"{len(wanted)} resources"])[0][:60],
            allowed=f"1 to {MOST_RESOURCES} resources that are defined in this body",
        )
    if len({r.grain for r in found}) > 1:
        raise BadParameter(
            name="resources",
            found="resources with different smallest amounts",
            allowed="resources with one smallest amount: share out the others in a round of their own",
        )
    return found


def _members(body: Body, /) -> list[Member]:
    seats = in_force(on=timezone.now().date(), prefix="memberships__")
    return list(Member.objects.filter(seats, memberships__body=body).distinct())


def _demand_deadline(closes_at: dt.datetime, /, *, moment: dt.datetime) -> None:
    if timezone.is_naive(closes_at) or closes_at.year > LAST_YEAR or closes_at <= moment:
        raise BadParameter(
            name="closes_at",
            found=closes_at.isoformat(timespec="minutes"),
            allowed=f"a moment to come, in a zone, by {LAST_YEAR}",
        )
