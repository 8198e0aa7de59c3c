"""Deadlines as iCalendar (RFC 5545). A calendar is not confidential: it holds neutral titles, and never one of a draft."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from django.utils import translation

from comity.platform.parties.today import needs_of
from comity.web.delegation.needs import in_words

if TYPE_CHECKING:
    from comity.platform.parties.models import User

LENGTH = dt.timedelta(minutes=15)


def calendar_of(*, user: User, now: dt.datetime, base: str) -> bytes:
    """Return the deadlines of a person as one calendar: the same bytes as long as nothing changes."""
    from icalendar import Calendar, Event  # noqa: PLC0415  (takes long to import, and few pages need it)

    calendar = Calendar()
    calendar.add("prodid", "-//Comity//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    with translation.override(user.language if user.language != "zh" else "zh-hans"):
        calendar.add("x-wr-calname", translation.gettext("Deadlines of my delegation"))
        for need in needs_of(user=user, now=now):
            if need.due_at is None:
                continue
            words = in_words(need, outside=True)
            event = Event()
            event.add("uid", f"{hashlib.sha256(f'{user.pk}/{need.key}/{need.kind}'.encode()).hexdigest()[:24]}@comity")
            event.add("dtstamp", need.due_at)
            event.add("dtstart", need.due_at - LENGTH)
            event.add("dtend", need.due_at)
            event.add("summary", words.title)
            event.add("url", base.rstrip("/") + "/delegation/")
            calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
