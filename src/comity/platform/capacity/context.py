"""Activities that others report under IATI, taken in as context: they are nothing of ours, and say whose they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.adapters import iati_codes as codes
from comity.adapters.iati_reading import read_activities
from comity.errors import BadParameter, BadRow
from comity.platform.capacity.models import ContextActivity
from comity.platform.parties.rules import authorise
from comity.platform.parties.submission_text import HIDDEN
from comity.platform.parties.texts import language_in, text_in
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from comity.adapters.iati_activities import Activity

TAKE_IN = "take figures in"
RULE = "The secretariat takes public figures in"
SUBJECT = "capacity/activities"
MOST_IDENTIFIER, MOST_REPORTING, MOST_TITLE, MOST_NAME = 200, 300, 500, 200
MOST_CODES = 60
REPLACED = (
    "reporting",
    "titles",
    "status",
    "begins_on",
    "ends_on",
    "countries",
    "sectors",
    "file_name",
    "file_sha256",
    "imported_at",
)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file: activities that are new or were replaced, and those refused, of which the first hundred are named."""

    new: int
    replaced: int
    refused: int
    refusals: tuple[BadRow, ...]


@dataclass(frozen=True, slots=True)
class ContextView:
    """An activity that somebody else reports. ``countries`` are ISO 3166-1 alpha-2 codes; dates are None where it states none."""

    identifier: str
    reporting: str
    title: str
    language: str
    status: str
    begins_on: dt.date | None
    ends_on: dt.date | None
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    file_name: str
    imported_at: dt.datetime


def take_activities_in(*, content: bytes, name: str, by: Any) -> TakenIn:
    """Take the activities of a file in, in place of those with the same identifiers; what cannot be read is named and left out.

    Raises NotPermitted, what ``read_activities`` raises for a file that is none of IATI, and BadParameter where it holds no activity
    that could be read.
    """
    office = authorise(by=by, action=TAKE_IN)
    read = read_activities(source=content, name=name[:MOST_NAME])
    digest = hashlib.sha256(content).hexdigest()
    refusals = list(read.refusals)
    refused = read.refused
    rows: dict[str, ContextActivity] = {}
    moment = timezone.now()
    for place, activity in enumerate(read.activities, 1):
        problem = _problem(activity, known=rows)
        if problem:
            refused += 1
            refusals.append(BadRow(file=name, row=place, problem=f"{activity.identifier[:60]}: {problem}"))
            continue
        rows[activity.identifier] = _row(activity, name=name, digest=digest, moment=moment)
    if not rows:
        raise BadParameter(
            name="file",
            found=str(refusals[0].data["problem"])[:200] if refusals else "no activity",
            allowed="at least one activity that can be read",
        )
    with transaction.atomic():
        known = set(ContextActivity.objects.filter(identifier__in=rows).values_list("identifier", flat=True))
        ContextActivity.objects.bulk_create(
            rows.values(),
            update_conflicts=True,
            unique_fields=["identifier"],
            update_fields=list(REPLACED),
            batch_size=200,
        )
        enter_act(
            type="take-activities-in",
            office=office,
            authority=RULE,
            subject=SUBJECT,
            payload={"file_sha256": digest, "version": read.version, "activities": len(rows), "refused": refused},
        )
    return TakenIn(new=len(rows) - len(known), replaced=len(known), refused=refused, refusals=tuple(refusals[:100]))


def list_activities(*, language: str, country: str = "") -> list[ContextView]:
    """Return the activities taken in, by who reports them and by identifier; ``country`` is an alpha-2 code, empty for all."""
    rows = ContextActivity.objects.order_by("reporting", "identifier")
    views = [
        ContextView(
            identifier=r.identifier,
            reporting=r.reporting,
            title=text_in(r.titles, language),
            language=language_in(r.titles, language),
            status=r.status,
            begins_on=r.begins_on,
            ends_on=r.ends_on,
            countries=tuple(r.countries),
            sectors=tuple(r.sectors),
            file_name=r.file_name,
            imported_at=r.imported_at,
        )
        for r in rows
    ]
    return [v for v in views if not country or country in v.countries]


def _problem(activity: Activity, /, *, known: Mapping[str, Any]) -> str:
    if activity.identifier in known:
        return "its identifier stands twice in the file; the first was taken"
    if len(activity.identifier) > MOST_IDENTIFIER or HIDDEN.search(activity.identifier):
        return f"its identifier is longer than {MOST_IDENTIFIER} characters, or holds what cannot be seen"
    return ""


def _row(activity: Activity, /, *, name: str, digest: str, moment: dt.datetime) -> ContextActivity:
    days = {d.type: d.day for d in activity.dates}
    default = activity.default_language or "en"
    titles = {(t.language or default): _seen(t.words, MOST_TITLE) for t in activity.titles}
    names = [t.words for t in activity.reporter.names] or [activity.reporter.ref]
    return ContextActivity(
        identifier=activity.identifier,
        reporting=_seen(names[0], MOST_REPORTING),
        titles={k: v for k, v in titles.items() if v},
        status=activity.status,
        begins_on=days.get(codes.ACTUAL_START) or days.get(codes.PLANNED_START),
        ends_on=days.get(codes.ACTUAL_END) or days.get(codes.PLANNED_END),
        countries=sorted({c.code for c in activity.countries})[:MOST_CODES],
        sectors=sorted({s.code for s in activity.sectors})[:MOST_CODES],
        file_name=name[:MOST_NAME],
        file_sha256=digest,
        imported_at=moment,
    )


def _seen(words: str, most: int, /) -> str:
    """Return words of others on one line, without signs that cannot be seen, cut where they run on."""
    return " ".join(HIDDEN.sub(" ", words).split())[:most]
