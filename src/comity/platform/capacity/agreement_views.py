"""Agreements as a reader sees them: what was promised, what arrived, what is late, and what the owner of each promise says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.platform.capacity.agreements import (
    ENTER,
    OF_THE_HOUSE,
    REPORT,
    agreement_seen,
    agreements_seen_by,
)
from comity.platform.capacity.commitments_seen import commitments_seen
from comity.platform.capacity.delivery_views import TrackRow, track_rows
from comity.platform.capacity.models import Agreement, Need, Offer, Promise
from comity.platform.capacity.needs_seen import needs_seen_by
from comity.platform.capacity.offers_seen import offers_seen_by
from comity.platform.parties.preparing import own_members
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import may
from comity.platform.parties.texts import language_in, text_in
from comity.platform.record.models import Act
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

STANDS = ("late", "running", "kept", "dropped")
"""Where a promise stands: what its owner says, and late where it still runs after its day."""


@dataclass(frozen=True, slots=True)
class ReportView:
    """What the owner of a promise said, in its language. ``act`` is empty where the reader does not see it."""

    state: str
    value: str
    evidence: str
    language: str
    explanation: str
    reported_at: dt.datetime
    act: str


@dataclass(frozen=True, slots=True)
class LinkedView:
    """A need or offer that serves a promise."""

    slug: str
    reference: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A promise with what became of it. ``stands`` is of STANDS; ``reports`` are the latest first.

    ``promised`` and ``confirmed`` by the name of a unit are what commitments from its needs and offers amount to, of those that
    the reader sees.
    """

    number: int
    reference: str
    text: str
    language: str
    owner: str
    owner_name: str
    due_on: dt.date | None
    indicator: str
    target: str
    stands: str
    reports: tuple[ReportView, ...]
    needs: tuple[LinkedView, ...]
    offers: tuple[LinkedView, ...]
    commitments: tuple[TrackRow, ...]
    arrived: tuple[tuple[str, Decimal, Decimal], ...]
    may_report: bool


@dataclass(frozen=True, slots=True)
class AgreementCard:
    """An agreement in a list, with how many of its promises stand where."""

    slug: str
    reference: str
    body: str
    body_name: str
    kind: str
    title: str
    language: str
    parties: tuple[tuple[str, str], ...]
    signed_on: dt.date | None
    begins_on: dt.date | None
    ends_on: dt.date | None
    ended_at: dt.datetime | None
    visibility: str
    counts: Mapping[str, int]
    total: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement as its page shows it. ``source`` is a reference of this house where ``source_is_ours``, else an address."""

    card: AgreementCard
    source: str
    source_is_ours: bool
    promises: tuple[PromiseView, ...]
    act: str
    may_end: bool


def list_agreements(*, user: Any, language: str, now: dt.datetime | None = None) -> list[AgreementCard]:
    """Return the agreements that a reader sees: the reader's own first, then those that run, then by title."""
    moment = now or timezone.now()
    rows = Agreement.objects.filter(agreements_seen_by(user=user, now=moment)).select_related("body")
    cards = [
        _card(a, user=user, language=language, today=moment.date())
        for a in rows.prefetch_related("parties", "promises")
    ]
    return sorted(cards, key=lambda c: (not c.is_own, c.ended_at is not None, c.title.casefold(), c.slug))


def agreement_view(*, slug: str, user: Any, language: str, now: dt.datetime | None = None) -> AgreementView:
    """Return an agreement with all that a reader may see of it. Raises NotFound."""
    moment = now or timezone.now()
    held = agreement_seen(slug=slug, user=user, now=moment)
    promises = list(
        held.promises.select_related("owner").prefetch_related("needs", "offers", "reports").order_by("number")
    )
    ids = {held.act_id, *(r.act_id for p in promises for r in p.reports.all())}
    receipts = {str(k) for k in Act.objects.filter(seen_by(user=user), pk__in=ids).values_list("pk", flat=True)}
    needs = set(
        Need.objects.filter(needs_seen_by(user=user, now=moment))
        .filter(promises__in=promises)
        .values_list("pk", flat=True)
    )
    offers = set(
        Offer.objects.filter(offers_seen_by(user=user, now=moment))
        .filter(promises__in=promises)
        .values_list("pk", flat=True)
    )
    rows = _commitments(needs=needs, offers=offers, user=user, language=language, moment=moment)
    body = held.body.slug
    return AgreementView(
        card=_card(held, user=user, language=language, today=moment.date()),
        source=held.source,
        source_is_ours=bool(OF_THE_HOUSE.fullmatch(held.source)),
        promises=tuple(
            _promise(
                p,
                held=held,
                needs=needs,
                offers=offers,
                rows=rows,
                receipts=receipts,
                language=language,
                today=moment.date(),
                may_report=held.ended_at is None and may(user=user, action=REPORT, member=p.owner.slug, body=body),
            )
            for p in promises
        ),
        act=str(held.act_id) if str(held.act_id) in receipts else "",
        may_end=held.ended_at is None and may(user=user, action=ENTER, body=body),
    )


def stands_on(*, promise: Promise, today: dt.date, ended: bool) -> str:
    """Return where a promise stands on a day, as one of STANDS; of an agreement that has ended nothing is late any more."""
    late = promise.state == Promise.State.RUNNING and promise.due_on is not None and promise.due_on < today
    return "late" if late and not ended else str(promise.state)


def _card(held: Agreement, /, *, user: Any, language: str, today: dt.date) -> AgreementCard:
    promises = list(held.promises.all())
    stand = [stands_on(promise=p, today=today, ended=held.ended_at is not None) for p in promises]
    parties = [(p.slug, name_in(p.names, language)) for p in held.parties.all()]
    own = own_members(user=user)
    return AgreementCard(
        slug=held.slug,
        reference=held.reference,
        body=held.body.slug,
        body_name=name_in(held.body.names, language),
        kind=held.kind,
        title=text_in(held.titles, language),
        language=language_in(held.titles, language),
        parties=tuple(sorted(parties, key=lambda p: (p[1].casefold(), p[0]))),
        signed_on=held.signed_on,
        begins_on=held.begins_on,
        ends_on=held.ends_on,
        ended_at=held.ended_at,
        visibility=held.visibility,
        counts={name: stand.count(name) for name in STANDS},
        total=len(promises),
        is_own=any(slug in own for slug, _name in parties),
    )


def _commitments(
    *, needs: set[int], offers: set[int], user: Any, language: str, moment: dt.datetime
) -> list[tuple[int, int, TrackRow]]:
    """Return (need, offer, row) for each commitment, seen by the reader, of the needs and offers that serve any promise."""
    found = commitments_seen(user=user, now=moment)
    found = (found.filter(need__in=needs) | found.filter(offer__in=offers)).distinct().prefetch_related("milestones")
    held = list(found)
    rows = track_rows(commitments=held, user=user, language=language, now=moment)
    return [(c.need_id, c.offer_id, r) for c, r in zip(held, rows, strict=True)]


def _promise(
    row: Promise,
    /,
    *,
    held: Agreement,
    needs: set[int],
    offers: set[int],
    rows: Sequence[tuple[int, int, TrackRow]],
    receipts: set[str],
    language: str,
    today: dt.date,
    may_report: bool,
) -> PromiseView:
    mine_needs = [n for n in row.needs.all() if n.pk in needs]
    mine_offers = [o for o in row.offers.all() if o.pk in offers]
    need_keys, offer_keys = {n.pk for n in mine_needs}, {o.pk for o in mine_offers}
    served = tuple(r for need, offer, r in rows if need in need_keys or offer in offer_keys)
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for commitment in served:
        if commitment.state in {"agreed", "complete", "ended"}:
            unit = f"{commitment.unit_name}"
            promised, confirmed = sums.get(unit, (Decimal(0), Decimal(0)))
            sums[unit] = (promised + commitment.promised, confirmed + commitment.confirmed)
    return PromiseView(
        number=row.number,
        reference=f"{held.reference}/{row.number}",
        text=text_in(row.texts, language),
        language=language_in(row.texts, language),
        owner=row.owner.slug,
        owner_name=name_in(row.owner.names, language),
        due_on=row.due_on,
        indicator=row.indicator,
        target=row.target,
        stands=stands_on(promise=row, today=today, ended=held.ended_at is not None),
        reports=tuple(
            ReportView(
                state=r.state,
                value=r.value,
                evidence=r.evidence,
                language=r.language,
                explanation=r.explanation,
                reported_at=r.reported_at,
                act=str(r.act_id) if str(r.act_id) in receipts else "",
            )
            for r in sorted(row.reports.all(), key=lambda r: (-r.reported_at.timestamp(), -r.pk))
        ),
        needs=tuple(_linked(n, language=language) for n in sorted(mine_needs, key=lambda n: n.slug)),
        offers=tuple(_linked(o, language=language) for o in sorted(mine_offers, key=lambda o: o.slug)),
        commitments=served,
        arrived=tuple((unit, *sums[unit]) for unit in sorted(sums)),
        may_report=may_report,
    )


def _linked(thing: Need | Offer, /, *, language: str) -> LinkedView:
    return LinkedView(
        slug=thing.slug,
        reference=thing.reference,
        title=text_in(thing.titles, language),
        language=language_in(thing.titles, language),
    )
