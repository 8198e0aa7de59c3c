"""What every room's pages show of what members learnt: the experience notes about what a page shows, as far as the reader sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.platform.commons.note_cards import find_notes, note_cards_of, notes_about
from comity.platform.parties.preparing import PREPARE
from comity.platform.parties.rules import may
from comity.web.context import interface_language

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_SHOWN, MOST_FOUND = 10, 5
LISTED_BY = {"topic": "alignment/topics/", "resource": "capacity/resources/"}
"""By what the list of notes is filtered, and what such references begin with."""


def notes_here(request: HttpRequest, *references: str, parts: bool = False) -> dict[str, Any]:
    """Return notes about any of some references, which the reader sees, for ``_learnt.html``; a note that starts there is about the first.

    ``parts``: notes about a part of one are among them.
    """
    found = notes_about(
        references=references, user=request.user, language=interface_language(), parts=parts, most=MOST_SHOWN + 1
    )
    filters = [name for name, room in LISTED_BY.items() if references[0].startswith(room)]
    return {
        "learnt": found[:MOST_SHOWN],
        "learnt_about": references[0],
        "learnt_further": len(found) > MOST_SHOWN,
        "learnt_filter": f"?{filters[0]}={references[0]}" if filters else "",
        "may_tell": may(user=request.user, action=PREPARE),
    }


def notes_holding(request: HttpRequest, words: str, /) -> dict[str, Any]:
    """Return the first notes by title that hold all of some words and that the reader sees, and how many there are, for a page of a search."""
    language = interface_language()
    keys = find_notes(user=request.user, language=language, words=words)
    return {
        "learnt": note_cards_of(keys=keys[:MOST_FOUND], user=request.user, language=language),
        "learnt_total": len(keys),
    }
