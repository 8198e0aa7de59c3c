"""Read and check what an address or a form brings, before anything else sees it."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import QueryDict

MOST_TEXT = 200
MOST_PAGES = 10_000
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL_IN_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def chosen(values: QueryDict, name: str, *, allowed: Collection[str], default: str = "") -> str:
    """Return one of the allowed words, or the default where nothing was sent. Raises BadParameter."""
    found = values.get(name, "") or default
    if found != default and found not in allowed:
        shown = ", ".join(sorted(allowed)[:12])
        raise BadParameter(name=name, found=found[:60], allowed=shown or "nothing here")
    return found


def demand_sure(values: QueryDict) -> None:
    """Raise BadParameter unless a form that does what cannot be undone has its box ticked."""
    if chosen(values, "sure", allowed=("yes",)) != "yes":
        raise BadParameter(name="sure", found="nothing", allowed="the tick in the box: this cannot be undone")


def page_number(values: QueryDict, name: str = "page") -> int:
    """Return a page number from 1. Raises BadParameter."""
    found = values.get(name, "") or "1"
    if not re.fullmatch(r"[0-9]{1,5}", found) or not 1 <= int(found) <= MOST_PAGES:
        raise BadParameter(name=name, found=found[:20], allowed=f"a whole number from 1 to {MOST_PAGES}")
    return int(found)


def free_text(values: QueryDict, name: str) -> str:
    """Return trimmed text of at most 200 characters, control and direction-override characters removed."""
    found = _CONTROL.sub(" ", values.get(name, "")).strip()
    if len(found) > MOST_TEXT:
        raise BadParameter(name=name, found=f"{len(found)} characters", allowed=f"at most {MOST_TEXT} characters")
    return found


def whole_number(values: QueryDict, *, name: str, low: int, high: int, default: int) -> int:
    """Return a whole number within bounds, or the default where nothing was sent. Raises BadParameter."""
    found = values.get(name, "")
    if not found:
        return default
    if not re.fullmatch(r"-?[0-9]{1,19}", found) or not low <= int(found) <= high:
        raise BadParameter(name=name, found=found[:24], allowed=f"a whole number from {low} to {high}")
    return int(found)


def day_given(values: QueryDict, *, name: str, default: dt.date | None = None) -> dt.date:
    """Return a day as YYYY-MM-DD, or the default where nothing was sent. Raises BadParameter."""
    found = values.get(name, "").strip()
    if not found and default is not None:
        return default
    try:
        day = dt.date.fromisoformat(found) if _DAY.fullmatch(found) else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        raise BadParameter(name=name, found=found[:20] or "nothing", allowed="a day such as 2026-11-23")
    return day


def optional_day(values: QueryDict, *, name: str) -> dt.date | None:
    """Return a day, or None where nothing was sent. Raises BadParameter."""
    return day_given(values, name=name) if values.get(name, "").strip() else None


def time_given(values: QueryDict, *, name: str, default: dt.time) -> dt.time:
    """Return a time of the day as HH:MM, or the default where nothing was sent. Raises BadParameter."""
    found = values.get(name, "").strip()
    if not found:
        return default
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", found):
        raise BadParameter(name=name, found=found[:12], allowed="a time such as 07:30")
    return dt.time.fromisoformat(found)


def long_text(values: QueryDict, name: str, *, most: int) -> str:
    """Return text of several lines, trimmed, with control and direction-override characters removed. Raises BadParameter."""
    given = values.get(name, "").replace("\r\n", "\n")
    found = _CONTROL_IN_LINES.sub(" ", given).strip()
    if len(found) > most:
        raise BadParameter(name=name, found=f"{len(found)} characters", allowed=f"at most {most} characters")
    return found
