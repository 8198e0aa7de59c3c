"""What every room's pages show of what members asked: the questions about what a page shows, as far as the reader sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.platform.commons.asking import ASK_FOR_BODY
from comity.platform.commons.question_views import questions_about
from comity.platform.parties.preparing import PREPARE
from comity.platform.parties.rules import may
from comity.web.context import interface_language

if TYPE_CHECKING:
    from django.http import HttpRequest


def questions_here(request: HttpRequest, *references: str) -> dict[str, Any]:
    """Return questions about any of some references, which the reader sees, for ``_questions.html``; one asked there is about the first."""
    found = questions_about(references=references, user=request.user, language=interface_language())
    return {"asked_here": found, "asked_about": references[0], "may_ask_here": may_ask(request)}


def may_ask(request: HttpRequest) -> bool:
    """Tell whether a reader may ask members somewhere: for its own, or in the name of the body."""
    return may(user=request.user, action=PREPARE) or may(user=request.user, action=ASK_FOR_BODY)
