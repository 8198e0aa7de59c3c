"""The statements of a dialogue: all that are shown, one by itself, and those that a reader writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from comity.errors import NotFound
from comity.platform.dialogue import selectors, writing
from comity.web.context import interface_language
from comity.web.dialogue import speakers
from comity.web.dialogue.take_part import MOST_NUMBER, OF_VALUE, choices_for, dialogue_context
from comity.web.parameters import free_text, page_number, whole_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 20
MOST_SENT = 2000


@never_cache
@require_safe
def statements(request: HttpRequest, slug: str) -> HttpResponse:
    """List all statements that are shown, in the order of their numbers, with the reader's own answers to change."""
    held = selectors.dialogue_seen(slug=slug, user=request.user)
    speaker = speakers.speaker_of(request, dialogue=held, values=request.GET)
    numbers = selectors.numbers_shown(dialogue=held)
    page = Paginator(numbers, PER_PAGE).get_page(page_number(request.GET))
    language = interface_language()
    rows = selectors.statements_shown(
        dialogue=held, language=language, participant=speaker.participant, numbers=list(page)
    )
    own = selectors.own_statements(participant=speaker.participant, language=language) if speaker.participant else []
    context = dialogue_context(request, held, speaker) | {
        "page": page,
        "rows": [_row(row) for row in rows],
        "own": own,
        "choices": choices_for(speaker),
        "votes_open": speaker.may and held.state_at(timezone.now()) == held.State.OPEN,
    }
    return render(request, "dialogue/statements.html", context)


@never_cache
@require_safe
def statement(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one statement with all its words, and the reader's answer to change."""
    held = selectors.dialogue_seen(slug=slug, user=request.user)
    speaker = speakers.speaker_of(request, dialogue=held, values=request.GET)
    shown = selectors.statement_shown(
        dialogue=held, number=number, language=interface_language(), participant=speaker.participant
    )
    context = dialogue_context(request, held, speaker) | {
        "row": _row(shown),
        "texts": selectors.texts_of(dialogue=held, number=number),
        "choices": choices_for(speaker),
        "votes_open": speaker.may and held.state_at(timezone.now()) == held.State.OPEN,
    }
    return render(request, "dialogue/statement.html", context)


@require_POST
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a statement of one's own; a moderator reads it before others do."""
    said = {"text": request.POST.get("text", "")[:MOST_SENT], "language": free_text(request.POST, "language")}
    voice, key = speakers.voice_for_form(request, slug=slug, values=request.POST), ""
    if voice is not None:
        made = writing.write_statement(slug=slug, participant=voice, **said)
    else:
        speakers.demand_room(request)
        made, key = writing.write_on_coming_in(
            slug=slug,
            user=request.user,
            region=free_text(request.POST, "region"),
            chance=speakers.chance_of_browser(request, slug=slug),
            **said,
        )
    messages.success(
        request, _("Your statement is number %(number)s. A moderator reads it first.") % {"number": made.number}
    )
    return speakers.onwards(reverse("dialogue", args=[slug]), slug=slug, values=request.POST, key=key)


@require_POST
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back a statement of one's own that waits."""
    voice = speakers.voice_for_form(request, slug=slug, values=request.POST)
    number = whole_number(request.POST, name="number", low=1, high=MOST_NUMBER, default=0)
    if voice is None:
        raise NotFound(reference=f"dialogue/{slug}/statements/{number}")
    writing.withdraw_statement(slug=slug, number=number, participant=voice)
    messages.success(request, _("Your statement is taken back."))
    return redirect("dialogue-statements", slug)


def _row(shown: selectors.ShownStatement) -> dict[str, Any]:
    """Return a statement with the word that a form has for the reader's answer."""
    mine = (
        "awaiting"
        if shown.standing == "awaiting"
        else OF_VALUE.get(shown.answer, "")
        if shown.answer is not None
        else ""
    )
    return {"statement": shown, "mine": mine}
