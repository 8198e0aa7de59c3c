"""The documents, conditions and results of an activity as they stand in a file of IATI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.adapters import iati_activities as kinds
from comity.adapters import iati_codes as codes

if TYPE_CHECKING:
    from comity.adapters.iati_parts import Part


def read_document(*, part: Part) -> kinds.DocumentLink:
    """Return a link to a document; categories that are not of the list are refused."""
    found = part.children("title", "description", "category", "language", "document-date")
    return kinds.DocumentLink(
        url=part.get("url"),
        format=part.get("format"),
        titles=_texts(found["title"]),
        categories=tuple(p.code("code", codes.DOCUMENT_CATEGORIES, optional=False) for p in found["category"]),
        descriptions=_texts(found["description"]),
        languages=tuple(p.get("code") for p in found["language"]),
        day=found["document-date"][0].day() if found["document-date"] else None,
    )


def read_conditions(*, part: Part) -> tuple[bool | None, tuple[kinds.Condition, ...]]:
    """Return whether conditions are attached, and those that are named."""
    conditions = part.children("condition")["condition"]
    return part.flag("attached"), tuple(kinds.Condition(type=p.get("type"), texts=p.texts()) for p in conditions)


def read_result(*, part: Part) -> kinds.Result:
    """Return a result with its indicators."""
    found = part.children("title", "description", "document-link", "indicator")
    return kinds.Result(
        type=part.get("type"),
        titles=_texts(found["title"]),
        indicators=tuple(_indicator(p) for p in found["indicator"]),
        descriptions=_texts(found["description"]),
        aggregates=part.flag("aggregation-status"),
        documents=tuple(read_document(part=p) for p in found["document-link"]),
    )


def _texts(parts: list[Part]) -> kinds.Texts:
    return parts[0].texts() if parts else ()


def _indicator(part: Part) -> kinds.Indicator:
    found = part.children("title", "description", "baseline", "period")
    return kinds.Indicator(
        measure=part.get("measure"),
        titles=_texts(found["title"]),
        descriptions=_texts(found["description"]),
        ascending=part.flag("ascending"),
        aggregates=part.flag("aggregation-status"),
        baselines=tuple(_baseline(p) for p in found["baseline"]),
        periods=tuple(_period(p) for p in found["period"]),
    )


def _dimensions(parts: list[Part]) -> tuple[tuple[str, str], ...]:
    return tuple((p.get("name"), p.get("value")) for p in parts)


def _baseline(part: Part) -> kinds.Baseline:
    found = part.children("dimension", "comment")
    return kinds.Baseline(
        year=part.whole("year"),
        day=part.optional_day(),
        value=part.optional_number("value"),
        comments=_texts(found["comment"]),
        dimensions=_dimensions(found["dimension"]),
    )


def _period(part: Part) -> kinds.Period:
    found = part.children("period-start", "period-end", "target", "actual")
    return kinds.Period(
        start=part.only(found["period-start"], "period-start").day(),
        end=part.only(found["period-end"], "period-end").day(),
        targets=tuple(_figure(p) for p in found["target"]),
        actuals=tuple(_figure(p) for p in found["actual"]),
    )


def _figure(part: Part) -> kinds.Figure:
    found = part.children("dimension", "comment")
    return kinds.Figure(
        value=part.optional_number("value"),
        comments=_texts(found["comment"]),
        dimensions=_dimensions(found["dimension"]),
    )
