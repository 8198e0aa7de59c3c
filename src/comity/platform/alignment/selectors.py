"""Read instruments, provisions and links, never more than an account may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q

from comity.errors import NotFound
from comity.platform.alignment.models import (
    OPEN,
    AlignmentRun,
    CrosswalkLink,
    Instrument,
    LearnedWeights,
    LinkAnswer,
    Provision,
    Topic,
)
from comity.platform.alignment.stale import HIDDEN
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet


UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the collection holds, as far as an account may see it."""

    instruments: int
    provisions: int
    parties: int
    waiting: int
    disputed: int
    confirmed: int
    rejected: int
    stale: int

    @property
    def open_links(self) -> int:
        """How many links await people: nobody has decided them, or reviewers do not agree."""
        return self.waiting + self.disputed


def instruments_seen(*, user: Any) -> QuerySet[Instrument]:
    """Return the instruments that this account may see."""
    return Instrument.objects.filter(seen_by(user=user))


def totals(*, user: Any) -> Totals:
    """Count the collection."""
    seen = instruments_seen(user=user)
    links = dict(_links_seen(user=user).order_by().values_list("state").annotate(n=Count("pk")))
    return Totals(
        instruments=seen.count(),
        provisions=Provision.objects.filter(instrument__in=seen).count(),
        parties=seen.exclude(party__in=["", "MULTI"]).order_by().values("party").distinct().count(),
        waiting=links.get(CrosswalkLink.State.WAITING, 0),
        disputed=links.get(CrosswalkLink.State.DISPUTED, 0),
        confirmed=links.get(CrosswalkLink.State.CONFIRMED, 0),
        rejected=links.get(CrosswalkLink.State.REJECTED, 0),
        stale=links.get(CrosswalkLink.State.STALE, 0),
    )


def list_instruments(
    *, user: Any, party: str = "", kind: str = "", status: str = "", topic: str = "", words: str = ""
) -> QuerySet[Instrument]:
    """Return instruments with their number of provisions, by title; every filter is optional."""
    found = instruments_seen(user=user)
    if party:
        found = found.filter(party=party)
    if kind:
        found = found.filter(kind=kind)
    if status:
        found = found.filter(status=status)
    if topic:
        found = found.filter(provisions__topic_marks__topic=topic)
    if words:
        found = found.filter(Q(title__icontains=words) | Q(short_title__icontains=words))
    return found.annotate(
        provision_count=Count("provisions", distinct=True, filter=Q(provisions__repealed_in__isnull=True))
    ).order_by("short_title", "slug")


def parties_present(*, user: Any) -> list[str]:
    """Return the codes of parties that have an instrument here, by code."""
    return sorted(instruments_seen(user=user).exclude(party="").order_by().values_list("party", flat=True).distinct())


def instrument_of(*, slug: str, user: Any) -> Instrument:
    """Return one instrument. Raises NotFound where there is none, or none that this account may see."""
    found = instruments_seen(user=user).filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"alignment/instruments/{slug[:80]}")
    return found


def provisions_of(*, instrument: Instrument, topic: str = "") -> Sequence[Provision]:
    """Return the provisions of an instrument in their order, topics loaded."""
    rows = Provision.objects.filter(instrument=instrument).order_by("position").prefetch_related("topic_marks")
    return list(rows.filter(topic_marks__topic=topic) if topic else rows)


def provision_of(*, slug: str, ref: str, user: Any) -> Provision:
    """Return one provision with its instrument. Raises NotFound."""
    instrument = instrument_of(slug=slug, user=user)
    found = Provision.objects.filter(instrument=instrument, ref=ref).prefetch_related("topic_marks").first()
    if found is None:
        raise NotFound(reference=f"alignment/instruments/{slug}/{ref[:80]}")
    found.instrument = instrument
    return found


def neighbours_of(*, provision: Provision) -> tuple[Provision | None, Provision | None]:
    """Return the provisions before and after, in the instrument's order."""
    near = Provision.objects.filter(
        instrument=provision.instrument, position__in=[provision.position - 1, provision.position + 1]
    )
    by_position = {p.position: p for p in near}
    return by_position.get(provision.position - 1), by_position.get(provision.position + 1)


def provisions_on(*, topic: str, user: Any) -> QuerySet[Provision]:
    """Return the provisions on a topic, by instrument and order."""
    return (
        Provision.objects.filter(topic_marks__topic=topic, instrument__in=instruments_seen(user=user))
        .select_related("instrument")
        .order_by("instrument__short_title", "instrument__slug", "position")
    )


def links_of_provision(*, provision: Provision, user: Any, most: int = 60) -> list[CrosswalkLink]:
    """Return what is linked to a provision: confirmed first, then waiting by score; rejected ones are left out."""
    rows = (
        _links_seen(user=user)
        .filter(Q(a=provision) | Q(b=provision))
        .exclude(HIDDEN)
        .order_by("state", "-score", "name")[:most]
    )
    return list(rows)


def links_between(*, a: Instrument, b: Instrument, user: Any) -> list[CrosswalkLink]:
    """Return the links between two instruments that are not rejected, in no particular order."""
    return list(
        _links_seen(user=user)
        .filter(Q(a__instrument=a, b__instrument=b) | Q(a__instrument=b, b__instrument=a))
        .exclude(HIDDEN)
        .order_by("state", "-score", "name")
        .prefetch_related("reviews__act")
    )


def links_on(*, topic: str, user: Any) -> list[CrosswalkLink]:
    """Return the links of two provisions on a topic that are not rejected: confirmed first, then the likeliest."""
    return list(
        _links_seen(user=user)
        .filter(a__topic_marks__topic=topic)
        .filter(b__topic_marks__topic=topic)
        .exclude(HIDDEN)
        .order_by("state", "-score", "name")
    )


def review_queue(*, user: Any, state: str, instrument: str = "", topic: str = "") -> QuerySet[CrosswalkLink]:
    """Return links in a state, likeliest first.

    The state "unanswered" is what awaits the answer of this account: open, and not answered by it; disputed ones come first.
    """
    rows = _links_seen(user=user)
    if state == UNANSWERED:
        rows = rows.filter(state__in=OPEN).exclude(pk__in=_answered(user=user))
    else:
        rows = rows.filter(state=state)
    if instrument:
        rows = rows.filter(Q(a__instrument__slug=instrument) | Q(b__instrument__slug=instrument))
    if topic:
        rows = rows.filter(a__topic_marks__topic=topic).filter(b__topic_marks__topic=topic)
    return rows.order_by(*(["state"] if state == UNANSWERED else []), "-score", "name")


def _answered(*, user: Any) -> QuerySet[LinkAnswer, dict[str, int]]:
    """Return the links that an account answered on the present versions of both texts, by their keys."""
    present = LinkAnswer.objects.filter(
        reviewer=user, a_version=F("link__a__instrument__version"), b_version=F("link__b__instrument__version")
    )
    return present.values("link")  # type: ignore[return-value]  # django-stubs gives each such query a type of its own


def links_shown(*, user: Any, state: str, instrument: str = "", topic: str = "") -> QuerySet[CrosswalkLink]:
    """Return the links of a state that lists show, likeliest first: the queue without what had been rejected."""
    return review_queue(user=user, state=state, instrument=instrument, topic=topic).exclude(HIDDEN)


def link_of(*, name: str, user: Any) -> CrosswalkLink:
    """Return one link with both provisions. Raises NotFound."""
    seen = instruments_seen(user=user)
    links = CrosswalkLink.objects.filter(name=name, a__instrument__in=seen, b__instrument__in=seen)
    found = links.select_related("a__instrument", "b__instrument").prefetch_related("reviews__act").first()
    if found is None:
        raise NotFound(reference=f"alignment/links/{name[:40]}")
    return found


def topics() -> list[Topic]:
    """Return the concept scheme in its order."""
    return list(Topic.objects.order_by("position"))


def topic_of(*, topic: str) -> Topic:
    """Return one topic. Raises NotFound."""
    found = Topic.objects.filter(pk=topic).first()
    if found is None:
        raise NotFound(reference=f"alignment/topics/{topic[:60]}")
    return found


def latest_run() -> AlignmentRun | None:
    """Return the run whose results the pages show, the latest that has ended, or None before the first."""
    return AlignmentRun.objects.filter(finished_at__isnull=False).order_by("-finished_at", "-pk").first()


def learned_by(*, run: AlignmentRun | None) -> LearnedWeights | None:
    """Return what a run learned from decided links; None for one from before answers taught anything."""
    return LearnedWeights.objects.filter(run=run).first() if run else None


def _links_seen(*, user: Any) -> QuerySet[CrosswalkLink]:
    """Return the links of texts that an account may see; a mere suggestion on text that is gone is none any more."""
    seen = instruments_seen(user=user)
    gone = Q(a__repealed_in__isnull=False) | Q(b__repealed_in__isnull=False)
    links = CrosswalkLink.objects.filter(a__instrument__in=seen, b__instrument__in=seen)
    return links.exclude(gone, state=CrosswalkLink.State.WAITING).select_related("a__instrument", "b__instrument")
