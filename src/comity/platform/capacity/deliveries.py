"""The life of a commitment once both sides agreed: it is planned in parts, reported by its provider, confirmed by its recipient.

Only what the recipient confirms counts as delivered. A plan, or another date, that one side proposes holds once the other agrees.
Where nobody made a plan, the first report makes one part of the whole.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.capacity.commitments_seen import (
    PROVIDER,
    RECIPIENT,
    authorise_side,
    circle_of,
    locked_commitment,
    side_taken,
)
from comity.platform.capacity.models import Commitment, Milestone
from comity.platform.capacity.resources import checked_amount, in_figures
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.texts import MOST_TITLE, checked_text, checked_texts
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.platform.record.models import Act

RULE = "The provider reports what it gave; the recipient confirms what it received"
MOST_PARTS = 24
MOST_EXPLANATION = 500
LAST_DAY = dt.date(2199, 12, 31)
CHANGED = "This delivery was changed since you opened the page. Read it again; nothing was done."


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A part of a plan: its title by language, how much of the commitment it is, and its date."""

    titles: Mapping[str, str]
    units: Decimal | str
    due_on: dt.date


def plan_delivery(*, slug: str, parts: Sequence[PlannedPart], by: Any, side: str = "") -> tuple[Milestone, ...]:
    """Propose in which parts a commitment is delivered, in place of the plan before; it holds once the other side agrees.

    The units of the parts sum to those of the commitment. Raises NotFound, NotPermitted, BadParameter, or Conflict where it is not
    agreed, is over, or where something of it is reported already.
    """
    with transaction.atomic():
        held = locked_commitment(slug=slug, by=by)
        taken, office = side_taken(commitment=held, by=by, side=side)
        moment = timezone.now()
        _demand_under_way(held)
        if held.milestones.filter(reported__isnull=False).exists():
            raise Conflict(problem="Something of it is reported already. Ask for another date of a part instead.")
        rows = _checked_parts(held, parts=parts, today=moment.date())
        held.milestones.all().delete()
        for row in rows:
            row.asked_by, row.new_date = taken, row.due_on
        made = tuple(Milestone.objects.bulk_create(rows))
        _enter(held, "plan-delivery", office=office, side=taken, payload={"step": "proposed", "parts": _as_data(rows)})
    return made


def agree_to_plan(*, slug: str, by: Any, side: str = "") -> None:
    """Agree to the plan that the other side proposed. Raises NotFound, NotPermitted, or Conflict where none waits for this side."""
    with transaction.atomic():
        held = locked_commitment(slug=slug, by=by)
        taken, office = side_taken(commitment=held, by=by, side=side)
        _demand_under_way(held)
        rows = list(held.milestones.all())
        if not is_proposed(milestones=rows) or rows[0].asked_by == taken:
            raise Conflict(problem="No plan of the other side waits for your word.")
        held.milestones.update(asked_by="", new_date=None)
        _enter(held, "plan-delivery", office=office, side=taken, payload={"step": "agreed", "parts": _as_data(rows)})


def report_delivery(*, slug: str, units: Decimal | str, by: Any, number: int = 1, on: str | None = None) -> Milestone:
    """Say for the provider how much of a part was given so far, in all. It counts once the recipient confirms it.

    A later report takes the place of the one before; none may be below what is confirmed. ``on`` is what the reporter saw
    (``seen`` of the part); None does not ask. Raises NotFound, NotPermitted, BadParameter or Conflict.
    """
    with transaction.atomic():
        held = locked_commitment(slug=slug, by=by)
        office = authorise_side(commitment=held, by=by, side=PROVIDER)
        moment = timezone.now()
        _demand_under_way(held)
        row = _part(held, number=number, today=moment.date(), begin=True)
        _demand_seen(row, on=on)
        given = _checked_share("units", units, least=row.confirmed or Decimal(0), most=row.units)
        if given == row.reported:
            raise Conflict(problem="This much is reported already. Report what was given so far, in all.")
        row.reported, row.reported_at = given, moment
        row.reporting = _enter(
            held,
            "report-delivery",
            office=office,
            side=PROVIDER,
            payload={"part": row.number, "of": in_figures(row.units), "reported": in_figures(given)},
        )
        row.save()
        _take_up_plan(held, side=RECIPIENT)
    return row


def confirm_delivery(*, slug: str, units: Decimal | str, by: Any, number: int = 1, on: str | None = None) -> Milestone:
    """Say for the recipient how much of a part was received so far, in all: what was reported, or less, or nothing.

    What was confirmed stands: a later word may only raise it. Once all of it is confirmed, the commitment is complete. ``on`` is what
    the reader saw; None does not ask. Raises NotFound, NotPermitted, BadParameter, or Conflict where nothing is reported.
    """
    with transaction.atomic():
        held = locked_commitment(slug=slug, by=by)
        office = authorise_side(commitment=held, by=by, side=RECIPIENT)
        moment = timezone.now()
        _demand_under_way(held)
        row = _part(held, number=number, today=moment.date())
        if row.reported is None:
            raise Conflict(
                problem="The provider has reported nothing of this part yet, so that there is nothing to confirm."
            )
        _demand_seen(row, on=on)
        received = _checked_share("units", units, least=row.confirmed or Decimal(0), most=row.reported)
        if received == row.confirmed and row.confirmed_at and row.reported_at and row.confirmed_at > row.reported_at:
            raise Conflict(problem="This much is confirmed already.")
        row.confirmed, row.confirmed_at = received, moment
        row.confirming = _enter(
            held,
            "confirm-delivery",
            office=office,
            side=RECIPIENT,
            payload={
                "part": row.number,
                "of": in_figures(row.units),
                "reported": in_figures(row.reported),
                "confirmed": in_figures(received),
            },
        )
        row.save()
        _take_up_plan(held, side=PROVIDER)
        if sum((m.confirmed or Decimal(0) for m in held.milestones.all()), Decimal(0)) == held.units:
            Commitment.objects.filter(pk=held.pk).update(state=Commitment.State.COMPLETE)
    return row


def ask_new_date(
    *,
    slug: str,
    new_date: dt.date,
    by: Any,
    number: int = 1,
    explanation: str = "",
    language: str = "",
    side: str = "",
) -> Milestone:
    """Ask for another date of a part, with one's own explanation in a language; it holds once the other side agrees.

    Raises NotFound, NotPermitted, BadParameter, or Conflict where all of the part is confirmed, or another date is asked for already.
    """
    with transaction.atomic():
        held = locked_commitment(slug=slug, by=by)
        taken, office = side_taken(commitment=held, by=by, side=side)
        today = timezone.now().date()
        _demand_under_way(held)
        row = _part(held, number=number, today=today, begin=True)
        said = checked_text("explanation", explanation, most=MOST_EXPLANATION)
        if said and language not in LANGUAGES:
            raise BadParameter(name="language", found=language[:20] or "nothing", allowed=", ".join(LANGUAGES))
        if not today <= new_date <= LAST_DAY or new_date == row.due_on:
            raise BadParameter(
                name="new_date", found=new_date.isoformat(), allowed="a day from today on, other than the one agreed"
            )
        if is_proposed(milestones=list(held.milestones.all())):
            raise Conflict(problem="The plan itself is not agreed yet. Agree to it, or propose another.")
        if row.confirmed == row.units:
            raise Conflict(problem="All of this part is confirmed: it needs no other date.")
        if row.new_date is not None and row.asked_by != taken:
            raise Conflict(problem="The other side has asked for a date. Agree to it, or speak with them first.")
        row.new_date, row.asked_by = new_date, taken
        row.explanation, row.explanation_language = said, language if said else ""
        row.save()
        _enter(
            held,
            "move-delivery",
            office=office,
            side=taken,
            payload={
                "step": "asked",
                "part": row.number,
                "from": row.due_on.isoformat(),
                "to": new_date.isoformat(),
                "explanation": said,
                "language": row.explanation_language,
            },
        )
    return row


def agree_to_new_date(*, slug: str, by: Any, number: int = 1, on: str | None = None, side: str = "") -> Milestone:
    """Agree to the date that the other side asked for; ``on`` is what the reader saw. Raises as for asking for one."""
    with transaction.atomic():
        held = locked_commitment(slug=slug, by=by)
        taken, office = side_taken(commitment=held, by=by, side=side)
        _demand_under_way(held)
        row = _part(held, number=number, today=timezone.now().date())
        _demand_seen(row, on=on)
        if row.new_date is None or row.asked_by == taken or row.new_date == row.due_on:
            raise Conflict(problem="The other side asks for no other date of this part.")
        before, row.due_on = row.due_on, row.new_date
        row.new_date, row.asked_by = None, ""
        row.save()
        _enter(
            held,
            "move-delivery",
            office=office,
            side=taken,
            payload={"step": "agreed", "part": row.number, "from": before.isoformat(), "to": row.due_on.isoformat()},
        )
    return row


def end_commitment(*, slug: str, by: Any, explanation: str = "", side: str = "") -> Commitment:
    """End a commitment of which no more will be delivered. What is confirmed stays; an explanation is asked from nobody.

    Raises NotFound, NotPermitted, BadParameter, or Conflict where it is not under way.
    """
    said = checked_text("explanation", explanation, most=MOST_EXPLANATION)
    with transaction.atomic():
        held = locked_commitment(slug=slug, by=by)
        taken, office = side_taken(commitment=held, by=by, side=side)
        _demand_under_way(held)
        got = sum((m.confirmed or Decimal(0) for m in held.milestones.all()), Decimal(0))
        payload = {"of": in_figures(held.units), "confirmed": in_figures(got), "explanation": said}
        _enter(held, "end-commitment", office=office, side=taken, payload=payload)
        held.state = Commitment.State.ENDED
        held.save(update_fields=["state"])
    return held


def is_proposed(*, milestones: Sequence[Milestone]) -> bool:
    """Tell whether a plan waits for the other side: each of its parts asks for the very date that it has."""
    return bool(milestones) and all(m.new_date == m.due_on for m in milestones)


def day_without_plan(*, commitment: Commitment) -> dt.date | None:
    """Return by when a commitment without a plan is due: when the need wants it, else when the offer ends, else None."""
    return commitment.need.wanted_by or commitment.offer.ends_on


def seen_of(row: Milestone, /) -> str:
    """Return what tells a part from what it was before: a form sends it back."""
    return f"{row.reported_at or ''}|{row.confirmed_at or ''}|{row.due_on}|{row.new_date or ''}"


def _demand_under_way(held: Commitment, /) -> None:
    if held.state != Commitment.State.AGREED:
        problem = {
            Commitment.State.PROPOSED: "Both sides have to agree to this commitment before anything of it is delivered.",
            Commitment.State.DECLINED: "This commitment was declined. Nothing of it is delivered.",
            Commitment.State.COMPLETE: "All of this commitment is confirmed. Nothing was changed.",
            Commitment.State.ENDED: "This commitment has ended. Nothing was changed.",
        }[Commitment.State(held.state)]
        raise Conflict(problem=problem)


def _demand_seen(row: Milestone, /, *, on: str | None) -> None:
    if on is not None and on != seen_of(row):
        raise Conflict(problem=CHANGED)


def _take_up_plan(held: Commitment, /, *, side: str) -> None:
    """Take a plan that one side proposed as agreed, since the other side has acted under it."""
    rows = list(held.milestones.all())
    if is_proposed(milestones=rows) and rows[0].asked_by == side:
        held.milestones.update(asked_by="", new_date=None)


def _part(held: Commitment, /, *, number: int, today: dt.date, begin: bool = False) -> Milestone:
    """Return a part by its number; where there is no plan and one is to begin, the one part that is the whole."""
    row = held.milestones.filter(number=number).first()
    if row is None and begin and number == 1 and not held.milestones.exists():
        due = day_without_plan(commitment=held) or today
        row = Milestone.objects.create(commitment=held, number=1, titles={}, units=held.units, due_on=due)
    if row is None:
        raise NotFound(reference=f"{held.reference}/{number}")
    row.commitment = held
    return row


def _checked_share(name: str, found: Decimal | str, /, *, least: Decimal, most: Decimal) -> Decimal:
    """Return an amount between what is confirmed and what there is of it."""
    nothing = str(found).strip() in {"0", "0.0", "0.00"} or found == Decimal(0)
    amount = Decimal(0) if nothing else checked_amount(name, found)
    if not least <= amount <= most:
        raise BadParameter(
            name=name, found=in_figures(amount), allowed=f"from {in_figures(least)} to {in_figures(most)}"
        )
    return amount


def _checked_parts(held: Commitment, /, *, parts: Sequence[PlannedPart], today: dt.date) -> list[Milestone]:
    if not 1 <= len(parts) <= MOST_PARTS:
        raise BadParameter(name="parts", found=str(len(parts)), allowed=f"from 1 to {MOST_PARTS} parts")
    rows = []
    for number, part in enumerate(parts, 1):
        if not today <= part.due_on <= LAST_DAY:
            raise BadParameter(name="due_on", found=part.due_on.isoformat(), allowed="a day from today on")
        rows.append(
            Milestone(
                commitment=held,
                number=number,
                titles=checked_texts("titles", part.titles, most=MOST_TITLE, needed=False),
                units=checked_amount("units", part.units),
                due_on=part.due_on,
            )
        )
    total = sum((row.units for row in rows), Decimal(0))
    if total != held.units:
        raise BadParameter(
            name="units", found=f"{in_figures(total)} in all", allowed=f"{in_figures(held.units)} in all, as agreed"
        )
    return rows


def _as_data(rows: Sequence[Milestone], /) -> list[dict[str, Any]]:
    return [
        {"part": r.number, "titles": r.titles, "units": in_figures(r.units), "due_on": r.due_on.isoformat()}
        for r in rows
    ]


def _enter(held: Commitment, kind: str, /, *, office: str, side: str, payload: Mapping[str, Any]) -> Act:
    member = held.offer.member.slug if side == PROVIDER else held.need.member.slug
    return enter_act(
        type=kind,
        office=office,
        member=member,
        authority=RULE,
        subject=held.reference,
        payload={"commitment": held.reference, "resource": held.need.resource.slug, **payload},
        **circle_of(commitment=held),
    )
