"""Write the documents, conditions and results of an activity as IATI 2.03."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.adapters.iati_elements import flag, plain

if TYPE_CHECKING:
    from comity.adapters.iati_activities import Activity, Baseline, DocumentLink, Figure, Indicator
    from comity.adapters.iati_elements import Under


def write_document(*, under: Under, document: DocumentLink) -> None:
    """Add a link to a document."""
    held = under.add("document-link", url=document.url, format=document.format)
    held.add_told("title", document.titles)
    held.add_told("description", document.descriptions)
    for category in document.categories:
        held.add("category", code=category)
    for language in document.languages:
        held.add("language", code=language)
    if document.day is not None:
        held.add("document-date", iso_date=document.day.isoformat())


def write_conditions(*, under: Under, activity: Activity) -> None:
    """Add the conditions; nothing where nothing is said of them."""
    if activity.conditions_attached is None:
        return
    held = under.add("conditions", attached="1" if activity.conditions_attached else "0")
    for condition in activity.conditions:
        held.add_told("condition", condition.texts, type=condition.type)


def write_results(*, under: Under, activity: Activity) -> None:
    """Add the results with their indicators."""
    for result in activity.results:
        held = under.add("result", type=result.type, aggregation_status=flag(result.aggregates))
        held.add_told("title", result.titles)
        held.add_told("description", result.descriptions)
        for document in result.documents:
            write_document(under=held, document=document)
        for indicator in result.indicators:
            _write_indicator(held, indicator)


def _write_indicator(under: Under, indicator: Indicator) -> None:
    held = under.add(
        "indicator",
        measure=indicator.measure,
        ascending=flag(indicator.ascending),
        aggregation_status=flag(indicator.aggregates),
    )
    held.add_told("title", indicator.titles)
    held.add_told("description", indicator.descriptions)
    for baseline in indicator.baselines:
        said = _write_figure(held, "baseline", baseline)
        said.element.set("year", str(baseline.year))
        if baseline.day is not None:
            said.element.set("iso-date", baseline.day.isoformat())
    for period in indicator.periods:
        within = held.add("period")
        within.add("period-start", iso_date=period.start.isoformat())
        within.add("period-end", iso_date=period.end.isoformat())
        for target in period.targets:
            _write_figure(within, "target", target)
        for actual in period.actuals:
            _write_figure(within, "actual", actual)


def _write_figure(under: Under, tag: str, figure: Figure | Baseline) -> Under:
    held = under.add(tag, value=None if figure.value is None else plain(figure.value))
    for name, value in figure.dimensions:
        held.add("dimension", name=name, value=value)
    held.add_told("comment", figure.comments)
    return held
