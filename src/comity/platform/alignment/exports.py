"""Read the collection and its links row by row, for downloads and the programming door."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from comity.platform.alignment.answers import answers_on
from comity.platform.alignment.histories import versions_of
from comity.platform.alignment.models import CrosswalkLink, LinkReview, Provision
from comity.platform.alignment.readings import readings_of
from comity.platform.alignment.selectors import instruments_seen, latest_run
from comity.platform.alignment.services import reference_of_link, reference_of_provision, reference_of_version
from comity.platform.alignment.stale import HIDDEN, open_marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity.platform.alignment.answers import LinkAnswers
    from comity.platform.alignment.histories import VersionText
    from comity.platform.alignment.models import Instrument
    from comity.platform.alignment.readings import ReadingView

CHUNK = 500


def as_of() -> str:
    """Return when the figures that are shown were drawn up, in ISO 8601, or nothing before the first run."""
    run = latest_run()
    return run.finished_at.isoformat(timespec="seconds") if run is not None and run.finished_at else ""


def crosswalk_rows(*, user: Any) -> Iterator[tuple[Any, ...]]:
    """Yield every link that is not rejected, confirmed ones first, with answers and members' readings.

    ``readings`` are such as "KEN confirms; KOR differs"; a member that was not asked is left out. The last columns are the
    versions and dates of both texts, what changed in them since a stale link was decided, and as of when suggestions are.
    """
    moment = as_of()
    seen = instruments_seen(user=user)
    links = (
        CrosswalkLink.objects.filter(a__instrument__in=seen, b__instrument__in=seen)
        .exclude(HIDDEN)
        .select_related("a__instrument", "b__instrument")
        .order_by("state", "-score", "name")
    )
    rows = links.iterator(CHUNK)
    while some := tuple(islice(rows, CHUNK)):
        answers, readings = answers_on(links=some, user=None), readings_of(links=some)
        changes = changes_of(links=[link for link in some if link.state == CrosswalkLink.State.STALE])
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
                link.a.instrument.version,
                link.a.instrument.date or "",
                link.b.instrument.version,
                link.b.instrument.date or "",
                "; ".join(f"{c['provision']} {c['kind']} in version {c['version']}" for c in changes.get(link.pk, ())),
                moment,
            )


def changes_of(*, links: Iterable[CrosswalkLink]) -> dict[int, list[dict[str, Any]]]:
    """Return what changed in the texts of stale links since they were decided, by the link's key."""
    held = {link.pk: link for link in links}
    return {
        key: [
            {
                "provision": reference_of_provision(held[key].a if m.provision_id == held[key].a_id else held[key].b),
                "kind": m.kind,
                "version": m.version,
            }
            for m in marks
        ]
        for key, marks in open_marks(links=held.values()).items()
    }


def provision_records(*, user: Any) -> Iterator[dict[str, Any]]:
    """Yield every provision by instrument and order, with version and date of its text, and as of when figures are."""
    moment = as_of()
    rows = (
        Provision.objects.filter(instrument__in=instruments_seen(user=user))
        .select_related("instrument")
        .prefetch_related("topic_marks")
        .order_by("instrument__slug", "position")
    )
    for row in rows.iterator(CHUNK):
        text = row.instrument
        yield record_of_provision(row) | {
            "version": text.version,
            "date": text.date.isoformat() if text.date else None,
            "as_of": moment,
        }


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
        "version": row.version,
        "version_since": row.version_since or row.added_at,
        "provisions": row.provision_count,
    }


def records_of_links(rows: Iterable[CrosswalkLink]) -> list[dict[str, Any]]:
    """Return links as records, with how reviewers answered, how members read them, and what changed under stale ones.

    Both provisions and their instruments must be loaded.
    """
    held = list(rows)
    answers, readings = answers_on(links=held, user=None), readings_of(links=held)
    changes = changes_of(links=held)
    return [
        _record_of_link(row, answers[row.pk], readings[row.pk]) | {"changes": changes.get(row.pk, [])} for row in held
    ]


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


def records_of_versions(*, instrument: Instrument) -> list[dict[str, Any]]:
    """Return the versions of an instrument as records, the first one first. It must have been read for its reader."""
    return [
        {
            "reference": reference_of_version(instrument.slug, view.number),
            "number": view.number,
            "title": view.title,
            "status": view.status,
            "date": view.date or None,
            "is_summary": view.is_summary,
            "began_at": view.began_at,
            "ended_at": view.ended_at,
            "sha256": view.source_sha256,
        }
        for view in versions_of(instrument=instrument)
    ]


def record_of_version(*, held: VersionText) -> dict[str, Any]:
    """Return one version with its provisions as a record."""
    about = next(r for r in records_of_versions(instrument=held.instrument) if r["number"] == held.version.number)
    rows = [
        {
            "ref": row.ref,
            "label": row.label,
            "heading": row.heading,
            "text": row.text,
            "language": row.language,
            "became": getattr(row, "became", ""),
            "went_to": getattr(row, "went_to", []),
        }
        for row in held.provisions
    ]
    return about | {"provisions": rows}
