"""What the forms of a round bring, and how they come back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from comity.platform.capacity.confirming import Amendment
from comity.platform.capacity.groups import group_names
from comity.platform.capacity.resources import in_figures, list_resources
from comity.platform.capacity.round_lookups import HOLD
from comity.platform.capacity.round_rules import LAST_PRIORITY, MOST_RULE
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.roster import assemblies, body_view
from comity.platform.parties.rules import may
from comity.platform.parties.texts import MOST_TITLE
from comity.web.context import interface_language
from comity.web.parameters import chosen, day_given, free_text, time_given

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from django.http import HttpRequest, QueryDict

CIRCLES = ("public", "members", "committee")
ALIKE = ("need", "member")
RULE_ROWS = range(1, 5)


def bodies_of(request: HttpRequest, /) -> list[tuple[str, str]]:
    """Return the bodies, as (slug, name), in which a reader may hold a round."""
    language = interface_language()
    found: list[tuple[str, str]] = []
    for slug, name in assemblies(language=language):
        found += [(slug, name), *body_view(slug=slug, language=language).parts]
    return [(s, n) for s, n in found if may(user=request.user, action=HOLD, body=s)]


def moment_given(values: QueryDict, *, day: str, time: str, default: dt.time) -> dt.datetime:
    """Return the moment that a day and a time in UTC give. Raises BadParameter."""
    at = time_given(values, name=time, default=default)
    return dt.datetime.combine(day_given(values, name=day), at, tzinfo=dt.UTC)


def given_new(request: HttpRequest, /) -> dict[str, Any]:
    """Return what the form of a new round brings. Raises BadParameter."""
    values = request.POST
    rules: dict[str, list[dict[str, str]]] = {
        "priority": _rows(values, "p", ("group", "priority", "rule")),
        "weights": _rows(values, "w", ("group", "weight", "rule")),
        "caps": _rows(values, "c", ("resource", "units", "rule")),
    }
    return {
        "slug": free_text(values, "slug"),
        "titles": {tongue: free_text(values, f"title_{tongue}") for tongue in LANGUAGES},
        "resources": [r[:60] for r in values.getlist("resources")],
        "alike": chosen(values, "alike", allowed=ALIKE, default="need"),
        "closes_at": moment_given(values, day="closes_on", time="closes_at", default=dt.time(18)),
        "rules": rules,
        "visibility": chosen(values, "visibility", allowed=CIRCLES, default="public"),
        "authority": free_text(values, "authority"),
    }


def form_of_new(request: HttpRequest, /, *, body: str) -> dict[str, Any]:
    """Return what the form of a new round shows, filled in with what was sent."""
    values, language = request.POST, interface_language()
    resources = list_resources(body=body, language=language) if body else []
    return {
        "body": body,
        "resources": [(r, r.slug in values.getlist("resources") or len(resources) == 1) for r in resources],
        "groups": group_names(language=language).items(),
        "priorities": _shown(values, "p", ("group", "priority", "rule")),
        "weights": _shown(values, "w", ("group", "weight", "rule")),
        "caps": _shown(values, "c", ("resource", "units", "rule")),
        "titles": [(tongue, values.get(f"title_{tongue}", "")) for tongue in sorted(LANGUAGES, key=_first(language))],
        "sent": values,
        "alike": values.get("alike", "need"),
        "visibility": values.get("visibility", "public"),
        "circles": CIRCLES if body not in dict(assemblies(language=language)) else CIRCLES[:2],
        "most_title": MOST_TITLE,
        "most_rule": MOST_RULE,
        "last_priority": LAST_PRIORITY,
    }


def amendments_of(values: QueryDict, /, *, rows: Sequence[tuple[str, str, Decimal]]) -> list[Amendment]:
    """Return the rows that a form amends: those with other units than suggested, and one that is added by its codes."""
    found = []
    for need, offer, units in rows:
        wanted = free_text(values, f"u-{need}-{offer}").replace("\u00a0", "").replace(" ", "")
        if wanted and wanted != in_figures(units):
            found.append(Amendment(need, offer, wanted, _reason(values, f"r-{need}-{offer}")))
    need, offer, units_added = (free_text(values, f"add_{name}") for name in ("need", "offer", "units"))
    if need or offer or units_added:
        found.append(Amendment(need, offer, units_added, _reason(values, "add_reason")))
    return found


def _reason(values: QueryDict, name: str) -> str:
    # The whole of it goes on: a reason that is too long is refused, not cut.
    return str(values.get(name, ""))[:2000]


def _rows(values: QueryDict, letter: str, names: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a rule that are filled in at least in part; each lacking part is refused by the service."""
    found = []
    for number in RULE_ROWS:
        row = {name: str(values.get(f"{letter}{number}-{name}", "")).strip()[:1000] for name in names}
        if any(row.values()):
            found.append(row)
    return found


def _shown(values: QueryDict, letter: str, names: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    return [
        (f"{letter}{number}", {name: values.get(f"{letter}{number}-{name}", "") for name in names})
        for number in RULE_ROWS
    ]


def _first(language: str) -> Any:
    """Order languages with the reader's own before the others."""
    return lambda tongue: (tongue != language, tongue)
