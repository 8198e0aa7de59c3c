"""What every room's pages show of what members learnt: the experience notes about what a page shows, as far as the reader sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.platform.commons.note_cards import notes_about
from comity.platform.parties.preparing import PREPARE
from comity.platform.parties.rules import may
from comity.web.asked import questions_here
from comity.web.context import interface_language

if TYPE_CHECKING:
    from django.http import HttpRequest


def notes_here(request: HttpRequest, *references: str, parts: bool = False) -> dict[str, Any]:
    """Return notes about any of some references, which the reader sees, for ``_learnt.html``; a note that starts there is about the first.

    ``parts``: notes about a part of one are among them.
    """
    return {
        "learnt": notes_about(references=references, user=request.user, language=interface_language(), parts=parts),
        "learnt_about": references[0],
        "may_tell": may(user=request.user, action=PREPARE),
        **questions_here(request, *references),
    }
