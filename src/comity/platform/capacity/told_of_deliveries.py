"""What commitments, courses and agreements tell people to do: plan, report, confirm, answer for a date, choose, say what became of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q

from comity.platform.capacity.agreements import REPORT as REPORT_PROGRESS
from comity.platform.capacity.agreements import agreements_seen_by
from comity.platform.capacity.commitments_seen import CONFIRM, PROVIDER, RECIPIENT, REPORT, commitments_seen
from comity.platform.capacity.deliveries import is_proposed
from comity.platform.capacity.delivery_views import parts_of
from comity.platform.capacity.models import Agreement, Application, Commitment, Offer, Promise
from comity.platform.capacity.offers_seen import offers_seen_by
from comity.platform.capacity.training import CHOOSE, takes_part
from comity.platform.capacity.training_views import training_view
from comity.platform.parties.preparing import own_members
from comity.platform.parties.rules import may
from comity.platform.parties.texts import text_in
from comity.platform.parties.today import PROVIDERS, SOON, Need

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity.platform.capacity.delivery_views import PartView
    from comity.platform.parties.models import User


def deliveries_that_wait(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield a need for each commitment and side of which something waits for this person."""
    own = own_members(user=user)
    held = commitments_seen(user=user, now=now).filter(
        Q(need__member__slug__in=own) | Q(offer__member__slug__in=own), state=Commitment.State.AGREED
    )
    for commitment in held.prefetch_related("milestones"):
        milestones = list(commitment.milestones.all())
        parts = parts_of(milestones=milestones, language=user.language, today=now.date())
        proposed_by = milestones[0].asked_by if is_proposed(milestones=milestones) else ""
        for side, action in ((PROVIDER, REPORT), (RECIPIENT, CONFIRM)):
            party = commitment.offer.member if side == PROVIDER else commitment.need.member
            if party.slug not in own:
                continue
            if not may(user=user, action=action, member=party.slug, body=commitment.round.body.slug):
                continue
            for kind, due in _steps(side=side, parts=parts, proposed_by=proposed_by, now=now):
                yield Need(
                    kind=kind,
                    key=f"{kind}-{commitment.slug}-{party.slug}",
                    member=party.slug,
                    address=f"/{commitment.reference}",
                    title=text_in(commitment.need.titles, user.language),
                    due_at=due,
                )


def promises_that_fall_due(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield a need for each promise of the reader's members that runs and is due within fourteen days, or late."""
    own = own_members(user=user)
    running = Agreement.objects.filter(agreements_seen_by(user=user, now=now), ended_at__isnull=True)
    rows = Promise.objects.filter(
        agreement__in=running, owner__slug__in=own, state=Promise.State.RUNNING, due_on__lte=(now + SOON).date()
    )
    for promise in rows.select_related("agreement__body", "owner").order_by("agreement__slug", "number"):
        agreement = promise.agreement
        if may(user=user, action=REPORT_PROGRESS, member=promise.owner.slug, body=agreement.body.slug):
            yield Need(
                kind="report-progress",
                key=f"report-progress-{agreement.slug}-{promise.number}",
                member=promise.owner.slug,
                address=f"/{agreement.reference}/{promise.number}",
                title=text_in(promise.texts, user.language),
                due_at=_end_of(promise.due_on) if promise.due_on else None,
            )


def seats_that_wait(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield a need for each course for which this person may still propose somebody, or for which it may now choose."""
    own = own_members(user=user)
    asked = Offer.objects.filter(offers_seen_by(user=user, now=now), state=Offer.State.OPEN).exclude(criteria=[])
    seats = Commitment.objects.filter(need__member__slug__in=own, state="agreed").values("offer")
    offered = Q(member__slug__in=own, applications__state=Application.State.PROPOSED)
    for offer in asked.filter(Q(pk__in=seats) | offered).distinct().select_related("member", "body").order_by("slug"):
        if not takes_part(offer=offer, user=user):
            continue  # what was agreed for its member is less than a seat
        view = training_view(slug=offer.slug, user=user, language=user.language, now=now)
        address, title = f"/{offer.reference}/applications", text_in(offer.titles, user.language)
        for row in view.seats:
            used = {a.member for a in view.applications if a.state != Application.State.WITHDRAWN}
            if view.takes_applications and row.member not in used:
                yield Need(
                    kind="propose-applicants",
                    key=f"propose-applicants-{offer.slug}-{row.member}",
                    member=row.member,
                    address=address,
                    title=title,
                    due_at=offer.apply_until,
                )
        if view.choice_waits and may(user=user, action=CHOOSE, member=offer.member.slug, body=offer.body.slug):
            yield Need(
                kind="choose-applicants",
                key=f"choose-applicants-{offer.slug}",
                member=offer.member.slug,
                address=address,
                title=title,
            )


def _steps(
    *, side: str, parts: tuple[PartView, ...], proposed_by: str, now: dt.datetime
) -> Iterator[tuple[str, dt.datetime | None]]:
    """Yield what waits for a side of a commitment, with when it is due."""
    if proposed_by and proposed_by != side:
        yield "agree-to-plan", None
    if any(p.new_date and p.asked_by != side for p in parts):
        yield "answer-new-date", None
    if side == PROVIDER:
        if not parts:
            yield "plan-delivery", None
        due = [p.due_on for p in parts if (p.reported or 0) < p.units and p.due_on <= (now + SOON).date()]
        if due:
            yield "report-delivery", _end_of(min(due))
    elif any(p.waits for p in parts):
        yield "confirm-delivery", None


def _end_of(day: dt.date, /) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59), tzinfo=dt.UTC)


for _provider in (deliveries_that_wait, promises_that_fall_due, seats_that_wait):
    if _provider not in PROVIDERS:
        PROVIDERS.append(_provider)
