"""Hand the collection to the engine: rows become the engine's frozen data, and keys find their way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.engines.alignment import texts
from comity.engines.alignment.texts import CODER
from comity.platform.alignment.models import Instrument, Provision, StatedNone, Topic
from comity.platform.alignment.selectors import instruments_seen

if TYPE_CHECKING:
    from django.db.models import QuerySet


def public_instruments() -> QuerySet[Instrument]:
    """Return what anyone may see. What is not public stays out of every run: results are shown to everyone, and a model
    may stand on another machine.
    """
    return instruments_seen(user=None)


def load_collection() -> tuple[texts.Collection, dict[str, int]]:
    """Return the public collection as people left it, without what machines proposed, and each provision's key by its id."""
    instruments = list(public_instruments().order_by("slug"))
    rows = (
        Provision.objects.filter(instrument__in=instruments)
        .select_related("instrument")
        .prefetch_related("topic_marks")
        .order_by("instrument__slug", "position")
    )
    provisions, keys = [], {}
    for row in rows:
        provision = provision_for_engine(row, slug=row.instrument.slug)
        provisions.append(provision)
        keys[provision.id] = row.pk
    stated = frozenset(StatedNone.objects.values_list("member", "topic_id"))
    return (
        texts.Collection(
            instruments=tuple(instrument_for_engine(i) for i in instruments),
            provisions=tuple(provisions),
            stated_none=stated,
        ),
        keys,
    )


def provision_for_engine(row: Provision, /, *, slug: str) -> texts.Provision:
    """Return a provision as the engine takes it, with what people said of it alone; its topic marks must be loaded."""
    return texts.Provision(
        instrument=slug,
        ref=row.ref,
        label=row.label,
        heading=row.heading,
        text=row.text,
        language=row.language,
        modality=(None if row.modality_by else row.modality) or None,  # type: ignore[arg-type]  # the table's choices are the engine's
        addressees=() if row.addressees_by else tuple(row.addressees),
        topics=tuple(mark.topic_id for mark in row.topic_marks.all()) if row.topics_by == CODER else (),
        topics_by=CODER if row.topics_by == CODER else "",
    )


def instrument_for_engine(row: Instrument) -> texts.Instrument:
    """Return an instrument as the engine takes it."""
    return texts.Instrument(
        id=row.slug,
        title=row.title,
        short_title=row.short_title,
        party=row.party or None,
        kind=row.kind or None,
        status=row.status or None,
        binding=row.binding,
        date=row.date,
        language=row.language,
        official_url=row.official_url,
        basis=row.basis,  # type: ignore[arg-type]  # the table's choices are the engine's
        subdivision=row.subdivision or None,
        signatories=tuple(row.signatories),
        summary=row.is_summary,
    )


def load_scheme() -> texts.Scheme:
    """Return the concept scheme as the engine takes it, in English."""
    rows = list(Topic.objects.order_by("position"))
    facets = dict.fromkeys(t.facet for t in sorted(rows, key=lambda t: t.facet_position))
    return texts.Scheme(
        facets=tuple((f, f) for f in facets),
        topics=tuple(
            texts.Topic(id=t.pk, facet=t.facet, label=t.labels["en"], definition=t.definitions["en"]) for t in rows
        ),
    )
