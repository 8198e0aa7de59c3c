"""Publish what is public of offers, commitments and agreements as activities of IATI 2.03, and take in those of others as context.

What is published is what anyone sees: a commitment only where its need, its offer and its round are public. Nothing is given a price: what
is given in kind is a result measured in units. Every activity carries the purpose 22040 of OECD DAC, information and communication
technology; a member that is no country, or a fictional one, is named without a country.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comity.adapters import iati_activities as kinds
from comity.adapters import iati_codes as codes
from comity.adapters.country_data import read_atlas
from comity.adapters.iati_writing import write_activities
from comity.errors import Conflict
from comity.platform.capacity.agreement_views import stands_on
from comity.platform.capacity.agreements import agreements_seen_by
from comity.platform.capacity.commitments_seen import commitments_seen
from comity.platform.capacity.deliveries import day_without_plan
from comity.platform.capacity.models import Agreement, Commitment, MeasuredResult, Offer, Promise
from comity.platform.capacity.needs_seen import AGREED
from comity.platform.capacity.offers_seen import offers_seen_by
from comity.platform.capacity.resources import in_figures
from comity.platform.record.visibility import Visibility

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from comity.platform.parties.models import Member

ICT = kinds.Classification("22040", codes.DAC_PURPOSES)
FUNDING, ACCOUNTABLE, IMPLEMENTING = "1", "2", "4"
GOVERNMENT, MULTILATERAL = "10", "40"
PIPELINE, UNDER_WAY, CLOSED, CANCELLED = "1", "2", "4", "5"
OUTCOME, OTHER_RESULT = "2", "9"
PARENT, CHILD = "1", "2"
NOT_SET = "This instance has no IATI identifier. Its operator sets COMITY_IATI_REPORTER, and the file can be fetched from then on."


def write_public_activities(*, reporter: str, name: str) -> bytes:
    """Return the file of all public activities, the same bytes while nothing public changes.

    ``reporter`` is the IATI identifier of the organisation that publishes and ``name`` what it is called. Raises Conflict where there is no
    identifier, or nothing public yet: a file of IATI cannot be empty.
    """
    if not reporter:
        raise Conflict(problem=NOT_SET)
    publisher = kinds.Reporter(reporter, MULTILATERAL, (kinds.Text("en", name),))
    activities = list(_Publication(publisher).activities())
    if not activities:
        raise Conflict(
            problem="Nothing is public yet that IATI could tell of. Come back once an offer or an agreement is."
        )
    latest = max(a.last_updated for a in activities if a.last_updated is not None)
    return b"".join(write_activities(activities=activities, generated_at=latest))


class _Publication:
    """Turns rows into activities; who the members are is read once."""

    def __init__(self, reporter: kinds.Reporter) -> None:
        self.reporter = reporter
        self.states = read_atlas().states

    def activities(self) -> Iterator[kinds.Activity]:
        """Yield offers, then commitments, then agreements, each by its slug."""
        nobody = AnonymousUser()
        offers = Offer.objects.filter(offers_seen_by(user=nobody)).select_related("member", "resource", "act")
        held = list(
            commitments_seen(user=nobody)
            .filter(state__in=AGREED)
            .select_related("provider_act", "recipient_act")
            .prefetch_related("milestones", "results")
        )
        by_offer: dict[int, list[Commitment]] = {}
        for commitment in held:
            by_offer.setdefault(commitment.offer_id, []).append(commitment)
        for offer in offers.order_by("slug"):
            yield self.offer(offer, by_offer.get(offer.pk, []))
        for commitment in held:
            yield self.commitment(commitment)
        agreements = Agreement.objects.filter(agreements_seen_by(user=nobody)).select_related("act")
        for agreement in agreements.prefetch_related("parties", "promises__owner", "promises__reports").order_by(
            "slug"
        ):
            yield self.agreement(agreement)

    def named(self, kind: str, slug: str) -> str:
        """Return the identifier of an activity."""
        return f"{self.reporter.ref}-{kind}-{slug}"

    def offer(self, row: Offer, held: Sequence[Commitment]) -> kinds.Activity:
        """Return an offer: what is given in all, and what was confirmed of it in public commitments."""
        start = row.begins_on or _day(row.sent_at or row.prepared_at)
        end = row.ends_on
        confirmed = sum((m.confirmed or Decimal(0) for c in held for m in c.milestones.all()), start=Decimal(0))
        over = row.state == Offer.State.WITHDRAWN or (end is not None and end < timezone.now().date())
        status = UNDER_WAY if held else PIPELINE
        return self._activity(
            identifier=self.named("offer", row.slug),
            titles=row.titles,
            descriptions=row.conditions or row.titles,
            participants=(_organisation(row.member, FUNDING), _organisation(row.member, IMPLEMENTING)),
            status=(CLOSED if held else CANCELLED) if over else status,
            dates=_dates(planned_start=start, planned_end=end),
            updated=_latest(row.sent_at, row.ended_at, *_moments(held)),
            hierarchy=1,
            related=tuple(kinds.RelatedActivity(self.named("commitment", c.slug), CHILD) for c in held),
            results=(
                kinds.state_in_kind(
                    titles=_texts(row.resource.names),
                    units=_texts(row.resource.unit_names),
                    start=start,
                    end=max(end or start, start),
                    promised=row.units,
                    delivered=confirmed if held else None,
                ),
            ),
        )

    def commitment(self, row: Commitment) -> kinds.Activity:
        """Return a commitment: what was promised, what the recipient confirmed, and what it measured."""
        need, offer, parts = row.need, row.offer, list(row.milestones.all())
        agreed = _day(max(m for m in (row.provider_said_at, row.recipient_said_at, row.made_at) if m))
        reported = [_day(m.reported_at) for m in parts if m.reported_at]
        confirmed = [m for m in parts if m.confirmed is not None]
        ended = row.state in {Commitment.State.COMPLETE, Commitment.State.ENDED}
        due = max((m.due_on for m in parts), default=day_without_plan(commitment=row))
        last = max((_day(m.confirmed_at) for m in confirmed if m.confirmed_at), default=None)
        delivered = sum((m.confirmed or Decimal(0) for m in confirmed), start=Decimal(0)) if confirmed else None
        status = (CLOSED if confirmed else CANCELLED) if ended else UNDER_WAY
        return self._activity(
            identifier=self.named("commitment", row.slug),
            titles=need.titles,
            descriptions=need.purposes or need.titles,
            participants=(
                _organisation(offer.member, FUNDING),
                _organisation(need.member, ACCOUNTABLE),
                _organisation(offer.member, IMPLEMENTING),
            ),
            status=status,
            dates=_dates(
                planned_start=agreed,
                planned_end=due if due and due >= agreed else None,
                actual_start=min(reported, default=None),
                actual_end=last if row.state == Commitment.State.COMPLETE else None,
            ),
            updated=_latest(*_moments([row])),
            hierarchy=2,
            countries=self._countries(need.member),
            related=(kinds.RelatedActivity(self.named("offer", offer.slug), PARENT),)
            if offer.visibility == Visibility.PUBLIC
            else (),
            results=(
                kinds.state_in_kind(
                    titles=_texts(need.resource.names),
                    units=_texts(need.resource.unit_names),
                    start=agreed,
                    end=max(due or agreed, last or agreed, agreed),
                    promised=row.units,
                    delivered=delivered,
                    comments=(kinds.Text("en", "Confirmed by the recipient"),) if confirmed else (),
                ),
                *(_measured(r, start=agreed) for r in row.results.all()),
            ),
        )

    def agreement(self, row: Agreement) -> kinds.Activity:
        """Return an agreement: each promise as a result in words, with what its owner says of it."""
        promises = list(row.promises.all())
        start = row.begins_on or row.signed_on or _day(row.act.entered_at)
        ended = _day(row.ended_at) if row.ended_at else None
        over = ended is not None
        moments = [r.reported_at for p in promises for r in p.reports.all()]
        return self._activity(
            identifier=self.named("agreement", row.slug),
            titles=row.titles,
            descriptions=row.titles,
            participants=tuple(_organisation(m, ACCOUNTABLE) for m in sorted(row.parties.all(), key=lambda m: m.slug)),
            status=CLOSED if over else UNDER_WAY,
            dates=_dates(planned_start=start, planned_end=row.ends_on, actual_end=ended),
            updated=_latest(row.act.entered_at, row.ended_at, *moments),
            hierarchy=1,
            results=tuple(_kept(p, start=start, ended=over) for p in promises),
        )

    def _countries(self, member: Member) -> tuple[kinds.Classification, ...]:
        state = self.states.get(member.country)
        return kinds.share_evenly(codes=(state.iso2,)) if state is not None else ()

    def _activity(
        self, *, titles: Mapping[str, str], descriptions: Mapping[str, str], updated: dt.datetime, **about: Any
    ) -> kinds.Activity:
        return kinds.Activity(
            reporter=self.reporter,
            titles=_texts(titles),
            descriptions=(kinds.Description(_texts(descriptions), type="1"),),
            default_language="en",
            last_updated=updated,
            sectors=(ICT,),
            **about,
        )


def _texts(texts: Mapping[str, str], /) -> kinds.Texts:
    return tuple(kinds.Text(language, texts[language]) for language in sorted(texts) if texts[language])


def _day(moment: dt.datetime, /) -> dt.date:
    return moment.astimezone(dt.UTC).date()


def _latest(*moments: dt.datetime | None) -> dt.datetime:
    """Return the latest of some moments, to the second as the file states it."""
    return max(m for m in moments if m is not None).astimezone(dt.UTC).replace(microsecond=0)


def _moments(held: Sequence[Commitment], /) -> list[dt.datetime | None]:
    found: list[dt.datetime | None] = []
    for row in held:
        found += [row.made_at, row.provider_said_at, row.recipient_said_at]
        for part in row.milestones.all():
            found += [part.reported_at, part.confirmed_at]
    return found


def _dates(
    *,
    planned_start: dt.date,
    planned_end: dt.date | None = None,
    actual_start: dt.date | None = None,
    actual_end: dt.date | None = None,
) -> tuple[kinds.ActivityDate, ...]:
    given = (
        (codes.PLANNED_START, planned_start),
        (codes.ACTUAL_START, actual_start),
        (codes.PLANNED_END, planned_end),
        (codes.ACTUAL_END, actual_end),
    )
    return tuple(kinds.ActivityDate(kind, day) for kind, day in given if day is not None)


def _organisation(member: Member, role: str, /) -> kinds.Organisation:
    kind = MULTILATERAL if member.kind == "organisation" else GOVERNMENT
    return kinds.Organisation(role=role, type=kind, names=_texts(member.names))


def _measured(row: MeasuredResult, /, *, start: dt.date) -> kinds.Result:
    """Return a measured result. Its baseline is said in words: IATI asks for the year of one, and nobody has stated it."""
    words = f"{row.unit}. Baseline: {in_figures(row.baseline)}" if row.baseline is not None else row.unit
    period = kinds.Period(
        start=min(start, row.measured_on),
        end=row.measured_on,
        targets=() if row.target is None else (kinds.Figure(value=row.target),),
        actuals=(kinds.Figure(value=row.value),),
    )
    indicator = kinds.Indicator(
        measure=codes.UNIT,
        titles=_texts(row.indicators),
        descriptions=(kinds.Text("en", words),),
        periods=(period,),
    )
    return kinds.Result(type=OUTCOME, titles=_texts(row.indicators), indicators=(indicator,))


def _kept(row: Promise, /, *, start: dt.date, ended: bool) -> kinds.Result:
    """Return a promise as a result in words; what its owner says is in the language in which it says it."""
    reports = sorted(row.reports.all(), key=lambda r: (r.reported_at, r.pk))
    latest = reports[-1] if reports else None
    end = max(row.due_on or start, _day(latest.reported_at) if latest else start, start)
    stands = stands_on(promise=row, today=timezone.now().date(), ended=ended)
    said = [kinds.Text("en", f"{stands}{f': {latest.value}' if latest and latest.value else ''}")]
    if latest is not None and latest.explanation:
        own = kinds.Text(latest.language, latest.explanation)
        said = [kinds.Text("en", f"{said[0].words}. {own.words}")] if own.language == "en" else [*said, own]
    target = (kinds.Figure(comments=(kinds.Text("en", row.target),)),) if row.target else ()
    period = kinds.Period(start=start, end=end, targets=target, actuals=(kinds.Figure(comments=tuple(said)),))
    titles = (kinds.Text("en", row.indicator),) if row.indicator else _texts(row.texts)
    indicator = kinds.Indicator(measure=codes.QUALITATIVE, titles=titles, periods=(period,))
    return kinds.Result(type=OTHER_RESULT, titles=_texts(row.texts), indicators=(indicator,))
