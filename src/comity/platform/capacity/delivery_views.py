"""What was promised, reported and confirmed of commitments, as far as a reader sees them; where each stands follows from dates."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.platform.capacity.commitments_seen import circle_of, commitments_seen, member_on
from comity.platform.capacity.deliveries import day_without_plan, is_proposed, seen_of
from comity.platform.capacity.models import Commitment, Milestone, Need, Offer
from comity.platform.capacity.needs_seen import need_cards, needs_known_by, needs_seen_by
from comity.platform.capacity.offers_seen import offers_seen_by
from comity.platform.parties.preparing import own_members
from comity.platform.parties.roster import name_in
from comity.platform.parties.texts import language_in, text_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Sequence

    from comity.platform.capacity.needs_seen import NeedCard

STATUSES = (
    "to be agreed",
    "plan to be agreed",
    "to be planned",
    "new date requested",
    "to be confirmed",
    "late",
    "on course",
    "complete",
    "ended",
    "declined",
)
"""Where a commitment stands, in words of this room; several may hold at once."""
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of a commitment. ``waits`` is what is reported and not yet answered; ``new_date`` is None where no other date is asked.

    ``late``: its day has passed and not all of it is confirmed, nor waits for the recipient. ``seen`` goes back with a form.
    """

    number: int
    title: str
    title_language: str
    units: Decimal
    due_on: dt.date
    reported: Decimal | None
    reported_at: dt.datetime | None
    confirmed: Decimal | None
    confirmed_at: dt.datetime | None
    waits: Decimal
    differs: bool
    late: bool
    done: bool
    new_date: dt.date | None
    asked_by: str
    explanation: str
    explanation_language: str
    seen: str
    reporting: str
    confirming: str


@dataclass(frozen=True, slots=True)
class TrackRow:
    """A commitment in the tracker. ``need`` is None where the reader does not see it; ``recipient`` and its name are empty where the
    reader may not know whose need it is. ``statuses`` are of STATUSES. ``own`` are the sides, provider and recipient, whose
    delegation the reader belongs to. ``due_on`` is the next day that something is due, None where none is known or nothing is left.
    """

    slug: str
    reference: str
    state: str
    statuses: tuple[str, ...]
    body: str
    round: str
    resource_name: str
    unit_name: str
    promised: Decimal
    reported: Decimal
    confirmed: Decimal
    waits: Decimal
    provider: str
    provider_name: str
    recipient: str
    recipient_name: str
    need: NeedCard | None
    offer: str
    offer_title: str
    offer_language: str
    offer_seen: bool
    visibility: str
    audience: str
    own: tuple[str, ...]
    due_on: dt.date | None
    moved: PartView | None


def track_commitments(
    *,
    user: Any,
    language: str,
    round: str = "",  # noqa: A002  (the room's word)
    need: str = "",
    offer: str = "",
    now: dt.datetime | None = None,
) -> list[TrackRow]:
    """Return the commitments that a reader sees, the reader's own first, then by the next day that is due, then by slug.

    ``round``, ``need`` and ``offer`` are slugs that narrow the list.
    """
    moment = now or timezone.now()
    rows = commitments_seen(user=user, now=moment)
    for field, slug in (("round__slug", round), ("need__slug", need), ("offer__slug", offer)):
        if slug:
            rows = rows.filter(**{field: slug})
    views = track_rows(commitments=rows.prefetch_related("milestones"), user=user, language=language, now=moment)
    return sorted(views, key=lambda v: (not v.own, v.due_on is None, v.due_on, v.slug))


def track_rows(*, commitments: Iterable[Commitment], user: Any, language: str, now: dt.datetime) -> list[TrackRow]:
    """Return commitments that a reader sees as rows, in their order; what the reader may know of them is asked once for all."""
    held = list(commitments)
    needs = {c.need_id: c.need for c in held}
    seen = set(Need.objects.filter(needs_seen_by(user=user, now=now), pk__in=needs).values_list("pk", flat=True))
    shown = [needs[key] for key in sorted(seen)]
    cards = {card.slug: card for card in need_cards(needs=shown, user=user, language=language)}
    known = set(Need.objects.filter(needs_known_by(user=user), pk__in=needs).values_list("pk", flat=True))
    offers = {c.offer_id for c in held}
    linked = set(Offer.objects.filter(offers_seen_by(user=user, now=now), pk__in=offers).values_list("pk", flat=True))
    own = own_members(user=user)
    return [
        _row(c, cards=cards, known=known, linked=linked, own=own, language=language, today=now.date()) for c in held
    ]


def statuses_of(
    *, commitment: Commitment, parts: Sequence[PartView], proposed: bool, today: dt.date
) -> tuple[str, ...]:
    """Return where a commitment stands on a day: one word of STATUSES, or several while it is under way."""
    over = {"proposed": "to be agreed", "complete": "complete", "ended": "ended", "declined": "declined"}
    if commitment.state in over:
        return (over[commitment.state],)
    if not parts:
        due = day_without_plan(commitment=commitment)
        return ("late", "to be planned") if due is not None and due < today else ("to be planned",)
    found = ["plan to be agreed"] if proposed else []
    found += ["new date requested"] if any(p.new_date for p in parts) else []
    found += ["to be confirmed"] if any(p.waits for p in parts) else []
    found += ["late"] if any(p.late for p in parts) else []
    return tuple(found) or ("on course",)


def parts_of(
    *, milestones: Sequence[Milestone], language: str, today: dt.date, receipts: Collection[str] = ()
) -> tuple[PartView, ...]:
    """Return the parts of a commitment by number; ``receipts`` are the ids of acts that the reader sees."""
    proposed = is_proposed(milestones=milestones)
    return tuple(_part(m, language=language, today=today, proposed=proposed, receipts=receipts) for m in milestones)


def in_all(parts: Iterable[PartView], name: str, /) -> Decimal:
    """Return the sum of what is ``reported``, ``confirmed`` or ``waits`` over parts."""
    return sum((getattr(p, name) or NOTHING for p in parts), NOTHING)


def _row(
    held: Commitment,
    /,
    *,
    cards: dict[str, NeedCard],
    known: Collection[int],
    linked: Collection[int],
    own: Collection[str],
    language: str,
    today: dt.date,
) -> TrackRow:
    need, offer = held.need, held.offer
    milestones = list(held.milestones.all())
    parts = parts_of(milestones=milestones, language=language, today=today)
    left = [p.due_on for p in parts if not p.done]
    under_way = held.state in {Commitment.State.AGREED, Commitment.State.PROPOSED}
    knows = need.pk in known
    circle = circle_of(commitment=held)
    return TrackRow(
        slug=held.slug,
        reference=held.reference,
        state=held.state,
        statuses=statuses_of(commitment=held, parts=parts, proposed=is_proposed(milestones=milestones), today=today),
        body=held.round.body.slug,
        round=held.round.slug,
        resource_name=text_in(need.resource.names, language),
        unit_name=text_in(need.resource.unit_names, language),
        promised=held.units,
        reported=in_all(parts, "reported"),
        confirmed=in_all(parts, "confirmed"),
        waits=in_all(parts, "waits"),
        provider=offer.member.slug,
        provider_name=name_in(offer.member.names, language),
        recipient=need.member.slug if knows else "",
        recipient_name=name_in(need.member.names, language) if knows else "",
        need=cards.get(need.slug),
        offer=offer.slug,
        offer_title=text_in(offer.titles, language),
        offer_language=language_in(offer.titles, language),
        offer_seen=offer.pk in linked,
        visibility=circle["visibility"],
        audience=circle["audience"],
        own=tuple(str(s) for s in Milestone.Side.values if member_on(commitment=held, side=s) in own),
        due_on=(min(left) if left else day_without_plan(commitment=held) if not parts else None) if under_way else None,
        moved=next((p for p in parts if p.new_date), None),
    )


def _part(row: Milestone, /, *, language: str, today: dt.date, proposed: bool, receipts: Collection[str]) -> PartView:
    reported, confirmed = row.reported or NOTHING, row.confirmed or NOTHING
    answered = row.confirmed_at is not None and row.reported_at is not None and row.confirmed_at >= row.reported_at
    waits = NOTHING if answered else reported - confirmed
    done = confirmed == row.units
    asked = None if proposed else row.new_date
    return PartView(
        number=row.number,
        title=text_in(row.titles, language),
        title_language=language_in(row.titles, language),
        units=row.units,
        due_on=row.due_on,
        reported=row.reported,
        reported_at=row.reported_at,
        confirmed=row.confirmed,
        confirmed_at=row.confirmed_at,
        waits=waits,
        differs=answered and confirmed < reported,
        late=row.due_on < today and not done and confirmed + waits < row.units,
        done=done,
        new_date=asked,
        asked_by=row.asked_by,
        explanation=row.explanation if asked else "",
        explanation_language=row.explanation_language,
        seen=seen_of(row),
        reporting=_receipt(row.reporting_id, receipts),
        confirming=_receipt(row.confirming_id, receipts),
    )


def _receipt(act: Any, receipts: Collection[str], /) -> str:
    return str(act) if act is not None and str(act) in receipts else ""
