"""The list of dialogues that a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.platform.dialogue.consultations import CONVENE
from comity.platform.dialogue.selectors import cards_of, dialogues_in_order
from comity.platform.parties.rules import may
from comity.web import words
from comity.web.context import interface_language
from comity.web.parameters import chosen, page_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 20


@require_safe
def dialogues(request: HttpRequest) -> HttpResponse:
    """List dialogues: open ones by their deadline, then closed ones."""
    state = chosen(request.GET, "state", allowed=words.DIALOGUE_STATES)
    found = dialogues_in_order(user=request.user, state=state)
    page = Paginator(found, PER_PAGE).get_page(page_number(request.GET))
    context = {
        "page": page,
        "cards": cards_of(dialogues=page, language=interface_language()),
        "state": state,
        "states": words.DIALOGUE_STATES.items(),
        "may_convene": may(user=request.user, action=CONVENE),
        "marks": ("v-pub", "v-mem", "v-com", "v-del"),
    }
    return render(request, "dialogue/list.html", context)
