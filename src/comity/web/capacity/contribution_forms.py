"""What the forms of needs and offers bring: first as it was typed, so that a refused form comes back filled in; then as services take it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from comity.errors import BadParameter
from comity.platform.capacity.groups import group_names
from comity.platform.capacity.need_views import places_to_prepare
from comity.platform.capacity.resources import list_resources
from comity.platform.parties.bodies import LANGUAGES
from comity.web.context import interface_language
from comity.web.parameters import EARLIEST, LATEST
from comity.web.preparing import place_chosen
from comity.web.words_of_needs import SHOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, QueryDict

MOST_TYPED = 20_000
LAST_HOUR = dt.time(18)
CRITERION_PARTS = 3
CRITERIA_FORM = "one line a criterion: code | most points | name"
BLANK_NEED: dict[str, Any] = {"titles": {}, "purposes": {}, "languages": [], "shown_to": ""}
BLANK_OFFER: dict[str, Any] = {"titles": {}, "conditions": {}, "languages": [], "to_groups": [], "visibility": ""}
CIRCLES = ("public", "members")


def place_to_prepare(request: HttpRequest, /) -> tuple[list[tuple[str, str, str, str]], tuple[str, str] | None]:
    """Return where an account may prepare, and the (body, member) that it chose or that there is alone; None where it has to choose."""
    places = places_to_prepare(user=request.user, language=interface_language())
    return places, place_chosen(request, places=places)


def choices_of(*, body: str) -> dict[str, Any]:
    """Return what every form of a need or an offer in a body lets one choose from."""
    language = interface_language()
    return {
        "resources": list_resources(body=body, language=language),
        "tongues": LANGUAGES,
        "tongue": language,
        "groups": group_names(language=language).items(),
        "shown_words": SHOWN.items(),
        "circles": CIRCLES,
        "others": [code for code in LANGUAGES if code != language],
        "today": dt.datetime.now(tz=dt.UTC).date().isoformat(),
    }


def need_typed(values: QueryDict, /) -> dict[str, Any]:
    """Return a need as it was typed."""
    return {
        "titles": _texts(values, "title"),
        "purposes": _texts(values, "purpose"),
        "languages": values.getlist("languages")[:20],
        **{name: _line(values, name) for name in ("resource", "units", "wanted_by", "shown_to", "note")},
    }


def need_given(typed: Mapping[str, Any], /) -> dict[str, Any]:
    """Return what was typed as the services take it. Raises BadParameter."""
    return {**typed, "wanted_by": _day(typed, "wanted_by")}


def offer_typed(values: QueryDict, /) -> dict[str, Any]:
    """Return an offer as it was typed."""
    lines = ("resource", "units", "per_member", "begins_on", "ends_on", "licence", "apply_until", "visibility", "note")
    return {
        "titles": _texts(values, "title"),
        "conditions": _texts(values, "conditions"),
        "languages": values.getlist("languages")[:20],
        "to_groups": values.getlist("to_groups")[:60],
        "indivisible": values.get("indivisible") == "yes",
        "criteria_lines": values.get("criteria", "")[:MOST_TYPED],
        **{name: _line(values, name) for name in lines},
    }


def offer_given(typed: Mapping[str, Any], /, *, tongue: str, before: Any = ()) -> dict[str, Any]:
    """Return what was typed as the services take it; criteria are written in one language, ``before`` those that stand. Raises BadParameter."""
    given = {name: value for name, value in typed.items() if name != "criteria_lines"}
    until = _day(typed, "apply_until")
    return {
        **given,
        "per_member": typed["per_member"] or None,
        "begins_on": _day(typed, "begins_on"),
        "ends_on": _day(typed, "ends_on"),
        "apply_until": dt.datetime.combine(until, LAST_HOUR, tzinfo=dt.UTC) if until else None,
        "criteria": criteria_given(typed["criteria_lines"], tongue=tongue, before=before),
    }


def criteria_given(text: str, /, *, tongue: str, before: Any = ()) -> list[dict[str, Any]]:
    """Return the criteria of lines such as ``post | 10 | Holds a public post``; names in other languages stay with their code.

    Raises BadParameter, saying what a line is.
    """
    held = {c["code"]: c["names"] for c in before}
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split("|", CRITERION_PARTS - 1)]
        if len(parts) != CRITERION_PARTS or not parts[1].isdecimal() or len(parts[1]) > CRITERION_PARTS:
            raise BadParameter(name="criteria", found=line.strip()[:60], allowed=CRITERIA_FORM)
        code, most, name = parts
        found.append({"code": code, "most": int(most), "names": {**held.get(code, {}), tongue: name}})
    return found


def criteria_lines(criteria: Any, /, *, tongue: str) -> str:
    """Return criteria as a form shows them, in a language or the first that they have."""
    rows = []
    for c in criteria:
        names = c["names"]
        rows.append(f"{c['code']} | {c['most']} | {names.get(tongue) or names.get('en') or next(iter(names.values()))}")
    return "\n".join(rows)


def _texts(values: QueryDict, name: str, /) -> dict[str, str]:
    found = {code: values.get(f"{name}_{code}", "")[:MOST_TYPED].strip() for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}


def _line(values: QueryDict, name: str, /) -> str:
    return values.get(name, "")[:MOST_TYPED].strip()


def _day(typed: Mapping[str, Any], name: str, /) -> dt.date | None:
    found = typed[name]
    if not found:
        return None
    try:
        day = dt.date.fromisoformat(found)
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        raise BadParameter(name=name, found=found[:20], allowed="a day such as 2027-06-30")
    return day
