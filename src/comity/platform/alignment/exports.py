"""Read the collection and its links row by row, for downloads and the programming door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.platform.alignment.models import CrosswalkLink, LinkReview, Provision
from comity.platform.alignment.selectors import instruments_seen
from comity.platform.alignment.services import reference_of_link, reference_of_provision
from comity.platform.alignment.stale import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 500


def crosswalk_rows(*, user: Any) -> Iterator[tuple[Any, ...]]:
    """Yield every link that is not rejected, confirmed ones first, then the likeliest."""
    seen = instruments_seen(user=user)
    links = (
        CrosswalkLink.objects.filter(a__instrument__in=seen, b__instrument__in=seen)
        .exclude(HIDDEN)
        .select_related("a__instrument", "b__instrument")
        .order_by("state", "-score", "name")
    )
    for link in links.iterator(CHUNK):
        yield (
            reference_of_link(link.name),
            reference_of_provision(link.a),
            reference_of_provision(link.b),
            link.state,
            link.relation,
            link.suggested,
            round(link.score, 6),
            "" if link.cosine is None else round(link.cosine, 6),
            link.a.modality,
            link.b.modality,
            link.a.label,
            link.a.text,
            link.b.label,
            link.b.text,
            link.maker,
        )


def provision_records(*, user: Any) -> Iterator[dict[str, Any]]:
    """Yield every provision by instrument and order."""
    rows = (
        Provision.objects.filter(instrument__in=instruments_seen(user=user))
        .select_related("instrument")
        .prefetch_related("topic_marks")
        .order_by("instrument__slug", "position")
    )
    for row in rows.iterator(CHUNK):
        yield record_of_provision(row)


def decisions_of(*, email: str) -> list[dict[str, str]]:
    """Return the decisions on links that an account took, for the export of its personal data."""
    reviews = LinkReview.objects.filter(reviewer__email__iexact=email).select_related("link").order_by("decided_at")
    return [
        {
            "link": reference_of_link(r.link.name),
            "decision": r.decision,
            "relation": r.relation,
            "at": r.decided_at.isoformat(),
        }
        for r in reviews
    ]


def record_of_provision(row: Provision) -> dict[str, Any]:
    """Return a provision as a record; its instrument and topic marks must be loaded."""
    return {
        "reference": reference_of_provision(row),
        "instrument": row.instrument.slug,
        "ref": row.ref,
        "label": row.label,
        "heading": row.heading,
        "text": row.text,
        "is_summary": row.instrument.is_summary,
        "language": row.language,
        "modality": row.modality or None,
        "addressees": row.addressees,
        "topics": [mark.topic_id for mark in row.topic_marks.all()],
        "topics_by": row.topics_by,
    }


def record_of_instrument(row: Any) -> dict[str, Any]:
    """Return an instrument as a record; it must carry its ``provision_count``."""
    return {
        "reference": f"alignment/instruments/{row.slug}",
        "slug": row.slug,
        "title": row.title,
        "short_title": row.short_title,
        "party": row.party,
        "signatories": row.signatories,
        "subdivision": row.subdivision,
        "kind": row.kind,
        "status": row.status,
        "binding": row.binding,
        "date": row.date,
        "language": row.language,
        "basis": row.basis,
        "is_summary": row.is_summary,
        "official_url": row.official_url,
        "provisions": row.provision_count,
    }


def record_of_link(row: CrosswalkLink) -> dict[str, Any]:
    """Return a link as a record; both provisions and their instruments must be loaded."""
    return {
        "reference": reference_of_link(row.name),
        "a": reference_of_provision(row.a),
        "b": reference_of_provision(row.b),
        "state": row.state,
        "suggested": row.suggested,
        "relation": row.relation or None,
        "maker": row.maker,
        "score": row.score,
        "cosine": row.cosine,
    }
