"""What documents, conditions and results of an activity must be before they are published."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from comity.adapters import iati_codes as codes

if TYPE_CHECKING:
    from decimal import Decimal

    from comity.adapters.iati_activities import Activity, Baseline, DocumentLink, Figure, Indicator
    from comity.adapters.iati_demands import Demands

_MEDIA = re.compile(r"[a-z]+/[A-Za-z0-9.+_-]+")
_MOST_YEAR = 9999


def check_documents(*, document: DocumentLink, field: str, demand: Demands) -> None:
    """Raise BadParameter for a link that breaks the rules."""
    demand.match(f"address of {field}", document.url, demand.ADDRESS, demand.ADDRESS_RULE)
    demand.match(f"format of {field}", document.format, _MEDIA, "a media type such as application/pdf")
    demand.texts(f"title of {field}", document.titles, needed=True)
    demand.texts(f"description of {field}", document.descriptions)
    if not document.categories:
        demand.refuse(f"category of {field}", "", "at least one, such as A08")
    for category in document.categories:
        demand.code(f"category of {field}", category, codes.DOCUMENT_CATEGORIES)
    demand.once(f"category of {field}", document.categories)
    for language in document.languages:
        demand.match(f"language of {field}", language, demand.LANGUAGE, "two letters of ISO 639-1")


def check_conditions(*, activity: Activity, demand: Demands) -> None:
    """Raise BadParameter for conditions that break the rules, or that stand where none are said to be attached."""
    if activity.conditions and not activity.conditions_attached:
        demand.refuse("conditions", "said not to be attached", "conditions only where they are said to be attached")
    for condition in activity.conditions:
        demand.code("type of the condition", condition.type, codes.CONDITION_TYPES)
        demand.texts("condition", condition.texts, needed=True)


def check_results(*, activity: Activity, demand: Demands) -> None:
    """Raise BadParameter for a result that breaks the rules."""
    for place, result in enumerate(activity.results, 1):
        field = f"result {place}"
        demand.code(f"type of {field}", result.type, codes.RESULT_TYPES)
        demand.texts(f"title of {field}", result.titles, needed=True)
        demand.texts(f"description of {field}", result.descriptions)
        for number, document in enumerate(result.documents, 1):
            check_documents(document=document, field=f"document {number} of {field}", demand=demand)
        if not result.indicators:
            demand.refuse(f"indicator of {field}", "", "at least one")
        for number, indicator in enumerate(result.indicators, 1):
            _check_indicator(indicator, f"indicator {number} of {field}", demand)


def _check_indicator(indicator: Indicator, field: str, demand: Demands) -> None:
    demand.code(f"measure of {field}", indicator.measure, codes.MEASURES)
    demand.texts(f"title of {field}", indicator.titles, needed=True)
    demand.texts(f"description of {field}", indicator.descriptions)
    counts = indicator.measure != codes.QUALITATIVE
    for baseline in indicator.baselines:
        if not 1 <= baseline.year <= _MOST_YEAR:
            demand.refuse(f"year of the baseline of {field}", str(baseline.year), f"a year from 1 to {_MOST_YEAR}")
        _check_figure(baseline, f"baseline of {field}", demand, counts=counts)
    for period in indicator.periods:
        demand.order(f"end of a period of {field}", period.start, period.end)
        for target in period.targets:
            _check_figure(target, f"target of {field}", demand, counts=counts)
        for actual in period.actuals:
            _check_figure(actual, f"actual of {field}", demand, counts=counts)


def _check_figure(figure: Figure | Baseline, field: str, demand: Demands, *, counts: bool) -> None:
    value: Decimal | None = figure.value
    if value is not None:
        demand.number(field, value)
    if counts and value is None:
        demand.refuse(field, "", "a number, unless the measure is 5 (Qualitative)")
    if not counts and value is not None:
        demand.refuse(field, str(value), "no number where the measure is 5 (Qualitative): say it in the comment")
    demand.texts(f"comment on the {field}", figure.comments)
    for name, said in figure.dimensions:
        demand.line(f"dimension of the {field}", name, needed=True)
        demand.line(f"dimension of the {field}", said, needed=True)
