"""Decisions of moderators: every refusal with its reason, for all who see the dialogue, and the appeal against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadParameter
from comity.platform.dialogue import moderated, moderation, participation
from comity.platform.dialogue.selectors import dialogue_seen
from comity.web.dialogue import speakers
from comity.web.dialogue.desk import MOST_SENT, number_of, reasons
from comity.web.dialogue.frames import head_of
from comity.web.parameters import chosen, long_text, page_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.dialogue.models import Dialogue

PER_PAGE = 20
SHOWN = ("all", "appeals", "mine")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """List refusals with their reasons; by POST appeal against one, or decide an appeal."""
    held = dialogue_seen(slug=slug, user=request.user)
    if request.method == "POST":
        _take(request, slug=slug)
        return redirect("dialogue-decisions", slug)
    voices = _voices(request, held)
    context = head_of(request, held)
    which = chosen(request.GET, "which", allowed=SHOWN, default="all")
    rows = moderated.refusals_of(dialogue=held)
    if which == "appeals":
        rows = moderated.appeals_waiting(dialogue=held)
    elif which == "mine":
        rows = rows.filter(statement__author__in=list(voices))
    page = Paginator(rows, PER_PAGE).get_page(page_number(request.GET))
    views = moderated.refusal_views(
        dialogue=held, refusals=page, user=request.user, voices=voices, is_open=context["can_change"]
    )
    context |= {
        "page": page,
        "rows": [{"d": view, "speaks_as": voices.get(view.voice or 0, "")} for view in views],
        "which": which,
        "has_voice": bool(voices),
        "most_appeal": moderation.MOST_APPEAL,
        **reasons(),
    }
    return render(request, "dialogue/decisions.html", context)


def _voices(request: HttpRequest, held: Dialogue) -> dict[int, str]:
    """Return the voices in whose name a reader speaks: the key of each with what a form sends to say so."""
    found: dict[int, str] = {}
    own = participation.participant_of(dialogue=held, user=request.user, key=speakers.key_of(request, slug=held.slug))
    if own is not None:
        found[own.pk] = speakers.PERSON
    for member in participation.members_for(dialogue=held, user=request.user):
        voice = participation.voice_of_member(dialogue=held, member=member)
        if voice is not None:
            found[voice.pk] = member
    return found


def _take(request: HttpRequest, *, slug: str) -> None:
    values = request.POST
    given: dict[str, Any] = {"slug": slug, "number": number_of(values), "by": request.user}
    match chosen(values, "do", allowed=("appeal", "granted", "upheld")):
        case "appeal":
            moderation.appeal_refusal(
                **given,
                text=long_text(values, "appeal", most=MOST_SENT),
                participant=speakers.voice_for_form(request, slug=slug, values=values),
            )
            messages.success(request, _("Your appeal is kept. Another person than the one who refused decides on it."))
        case ("granted" | "upheld") as outcome:
            moderation.decide_appeal(**given, outcome=outcome, note=long_text(values, "note", most=MOST_SENT))
            messages.success(request, _("The appeal is decided. Your note is published."))
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")
