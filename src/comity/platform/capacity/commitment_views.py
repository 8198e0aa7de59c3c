"""One commitment with its whole chain: the need, the round, the word of both sides, its parts, and what it led to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.platform.capacity.agreements import agreements_seen_by
from comity.platform.capacity.commitments_seen import PROVIDER, RECIPIENT, commitment_seen, sides_of
from comity.platform.capacity.deliveries import is_proposed
from comity.platform.capacity.delivery_views import PartView, TrackRow, parts_of, track_rows
from comity.platform.capacity.models import Agreement, Commitment, Milestone, Promise
from comity.platform.capacity.needs_seen import AGREED
from comity.platform.parties.texts import language_in, text_in
from comity.platform.record.models import Act
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the chain: ``name`` is a word, ``on`` the day it was reached, None while it was not."""

    name: str
    on: dt.date | None


@dataclass(frozen=True, slots=True)
class ResultView:
    """A measured result. ``baseline`` and ``target`` are None where nobody has stated one."""

    indicator: str
    indicator_language: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    value: Decimal
    measured_on: dt.date
    evidence: str
    act: str


@dataclass(frozen=True, slots=True)
class ServedPromise:
    """A promise of an agreement that the need or the offer of a commitment serves."""

    agreement: str
    title: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """A commitment as its page shows it, with what this reader may do.

    ``proposed_by`` is the side whose plan waits for the other, empty where none does. ``acts_for`` are the sides for which the reader
    may act. ``may_…`` hold for at least one of them.
    """

    row: TrackRow
    made_at: dt.datetime
    round_title: str
    parts: tuple[PartView, ...]
    results: tuple[ResultView, ...]
    promises: tuple[ServedPromise, ...]
    stages: tuple[Stage, ...]
    proposed_by: str
    provider_said_at: dt.datetime | None
    recipient_said_at: dt.datetime | None
    provider_receipt: str
    recipient_receipt: str
    acts_for: tuple[str, ...]
    may_plan: bool
    may_agree_to_plan: bool
    may_report: bool
    may_confirm: bool
    may_measure: bool
    may_end: bool


def commitment_view(*, slug: str, user: Any, language: str, now: dt.datetime | None = None) -> CommitmentView:
    """Return a commitment with all that this reader may see of it. Raises NotFound."""
    moment = now or timezone.now()
    held = commitment_seen(slug=slug, user=user, now=moment)
    milestones = list(held.milestones.all())
    results = list(held.results.all())
    receipts = _receipts(held, milestones=milestones, results=results, user=user)
    row = track_rows(commitments=[held], user=user, language=language, now=moment)[0]
    parts = parts_of(milestones=milestones, language=language, today=moment.date(), receipts=receipts)
    sides = sides_of(commitment=held, user=user)
    under_way = held.state == Commitment.State.AGREED
    proposed_by = milestones[0].asked_by if is_proposed(milestones=milestones) else ""
    nothing_reported = all(m.reported is None for m in milestones)
    return CommitmentView(
        row=row,
        made_at=held.made_at,
        round_title=text_in(held.round.titles, language),
        parts=parts,
        results=tuple(
            ResultView(
                indicator=text_in(r.indicators, language),
                indicator_language=language_in(r.indicators, language),
                unit=r.unit,
                baseline=r.baseline,
                target=r.target,
                value=r.value,
                measured_on=r.measured_on,
                evidence=r.evidence,
                act=str(r.act_id) if str(r.act_id) in receipts else "",
            )
            for r in results
        ),
        promises=_promises(held, row=row, user=user, language=language),
        stages=_stages(held, row=row, parts=parts, results=[r.measured_on for r in results]),
        proposed_by=proposed_by,
        provider_said_at=held.provider_said_at,
        recipient_said_at=held.recipient_said_at,
        provider_receipt=_shown(held.provider_act_id, receipts),
        recipient_receipt=_shown(held.recipient_act_id, receipts),
        acts_for=sides,
        may_plan=under_way and bool(sides) and nothing_reported,
        may_agree_to_plan=under_way and proposed_by != "" and any(s != proposed_by for s in sides),
        may_report=under_way and PROVIDER in sides,
        may_confirm=under_way and RECIPIENT in sides and any(p.waits for p in parts),
        may_measure=RECIPIENT in sides and held.state in AGREED,
        may_end=under_way and bool(sides),
    )


def _receipts(
    held: Commitment, /, *, milestones: Sequence[Milestone], results: Sequence[Any], user: Any
) -> frozenset[str]:
    """Return the ids of the acts on a commitment that the reader sees."""
    wanted = {held.provider_act_id, held.recipient_act_id, *(r.act_id for r in results)}
    for row in milestones:
        wanted |= {row.reporting_id, row.confirming_id}
    found = Act.objects.filter(seen_by(user=user), pk__in=wanted - {None})
    return frozenset(str(key) for key in found.values_list("pk", flat=True))


def _shown(act: Any, receipts: frozenset[str], /) -> str:
    return str(act) if act is not None and str(act) in receipts else ""


def _stages(
    held: Commitment, /, *, row: TrackRow, parts: Sequence[PartView], results: Sequence[dt.date]
) -> tuple[Stage, ...]:
    said = [m for m in (held.provider_said_at, held.recipient_said_at) if m is not None]
    agreed = max(said).date() if len(said) == 2 and held.state in AGREED else None  # noqa: PLR2004  (both sides)
    begun = [p.reported_at.date() for p in parts if p.reported_at]
    confirmed = [p.confirmed_at.date() for p in parts if p.confirmed_at]
    complete = max(confirmed) if confirmed and row.state == Commitment.State.COMPLETE else None
    sent = held.need.sent_at
    stages = [
        Stage("need", sent.date() if sent else None),
        Stage("match", held.made_at.date()),
        Stage("commitment", agreed),
        Stage("delivery", min(begun) if begun else None),
        Stage("confirmation", complete),
        Stage("result", min(results) if results else None),
    ]
    return tuple(stages)


def _promises(held: Commitment, /, *, row: TrackRow, user: Any, language: str) -> tuple[ServedPromise, ...]:
    """Return the promises that it serves, of agreements that the reader sees; by its need only where the reader sees that."""
    rows = Promise.objects.filter(offers=held.offer)
    if row.need is not None:
        rows = rows | Promise.objects.filter(needs=held.need)
    seen = Agreement.objects.filter(agreements_seen_by(user=user))
    found = rows.filter(agreement__in=seen).select_related("agreement").distinct().order_by("agreement__slug", "number")
    return tuple(
        ServedPromise(
            agreement=p.agreement.slug,
            title=text_in(p.agreement.titles, language),
            number=p.number,
            text=text_in(p.texts, language),
        )
        for p in found
    )
