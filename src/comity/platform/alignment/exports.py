"""Read the collection and its links row by row, for downloads and the programming door."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from comity.platform.alignment.answers import answers_on
from comity.platform.alignment.models import CrosswalkLink, LinkReview, Provision
from comity.platform.alignment.readings import readings_of
from comity.platform.alignment.selectors import instruments_seen
from comity.platform.alignment.services import reference_of_link, reference_of_provision

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity.platform.alignment.answers import LinkAnswers
    from comity.platform.alignment.readings import ReadingView

CHUNK = 500


def crosswalk_rows(*, user: Any) -> Iterator[tuple[Any, ...]]:
    """Yield every link that is not rejected, confirmed ones first, then the likeliest, with answers and members' readings.

    ``readings`` are such as "KEN confirms; KOR differs"; a member that was not asked is left out.
    """
    seen = instruments_seen(user=user)
    links = (
        CrosswalkLink.objects.filter(a__instrument__in=seen, b__instrument__in=seen)
        .exclude(state=CrosswalkLink.State.REJECTED)
        .select_related("a__instrument", "b__instrument")
        .order_by("state", "-score", "name")
    )
    rows = links.iterator(CHUNK)
    while some := tuple(islice(rows, CHUNK)):
        answers, readings = answers_on(links=some, user=None), readings_of(links=some)
        for link in some:
            given = answers[link.pk]
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
                given.given,
                "; ".join(f"{answer} {n}" for answer, n in sorted(given.counts.items())),
                "; ".join(f"{r.party} {r.reading}" for r in _spoken(readings[link.pk])),
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
        "modality_by": row.modality_by or ("coder" if row.modality else ""),
        "addressees": row.addressees,
        "addressees_by": row.addressees_by or ("coder" if row.addressees else ""),
        "topics": [mark.topic_id for mark in row.topic_marks.all()],
        "topics_by": row.topics_by,
        "topic_chances": [mark.chance for mark in row.topic_marks.all()] if row.topics_are_proposed else [],
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


def records_of_links(rows: Iterable[CrosswalkLink]) -> list[dict[str, Any]]:
    """Return links as records, with how reviewers answered and how members read them; both instruments must be loaded."""
    held = list(rows)
    answers, readings = answers_on(links=held, user=None), readings_of(links=held)
    return [_record_of_link(row, answers[row.pk], readings[row.pk]) for row in held]


def _spoken(readings: Iterable[ReadingView]) -> list[ReadingView]:
    return list({r.party: r for r in readings if r.reading != "not-asked"}.values())


def _record_of_link(row: CrosswalkLink, answers: LinkAnswers, readings: Iterable[ReadingView]) -> dict[str, Any]:
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
        "answers": answers.given,
        "answers_by_kind": dict(answers.counts),
        "readings": [
            {
                "member": r.party,
                "reading": r.reading,
                "text": r.text,
                "language": r.language,
                "given_at": r.given_at,
                "act": str(r.act.pk) if r.act else None,
            }
            for r in _spoken(readings)
        ],
    }
