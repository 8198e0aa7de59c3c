"""Translate statements: type a text, correct one, or check what a model made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadParameter
from comity.platform.dialogue import translations as translating
from comity.platform.dialogue.selectors import TONGUES, dialogue_seen
from comity.platform.parties.rules import require
from comity.platform.parties.submissions import LANGUAGES
from comity.web import words
from comity.web.context import interface_language
from comity.web.dialogue.desk import number_of
from comity.web.dialogue.frames import head_of
from comity.web.parameters import chosen, free_text, long_text, page_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

PER_PAGE = 10
MOST_SENT = 4000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def translations(request: HttpRequest, slug: str) -> HttpResponse:
    """List statements by how far they are translated into a language; keep or check one translation by POST."""
    require(user=request.user, action=translating.TRANSLATE)
    held = dialogue_seen(slug=slug, user=request.user)
    counts = translating.progress_of(dialogue=held, languages=TONGUES)
    to = chosen(request.GET, "to", allowed=LANGUAGES, default=_wanted(counts))
    stage = chosen(request.GET, "stage", allowed=translating.STAGES, default="missing")
    if request.method == "POST":
        _take(request, slug=slug)
        query = urlencode({"to": chosen(request.POST, "language", allowed=LANGUAGES, default=to), "stage": stage})
        return redirect(f"{reverse('dialogue-translations', args=[slug])}?{query}")
    rows = translating.statements_to_translate(dialogue=held, to=to, stage=stage)
    page = Paginator(rows, PER_PAGE).get_page(page_number(request.GET))
    context = head_of(request, held) | {
        "page": page,
        "rows": translating.translation_views(statements=page, to=to),
        "to": to,
        "stage": stage,
        "stages": words.STAGES_OF_TRANSLATION.items(),
        "counts": counts,
        "most": translating.MOST_TRANSLATED,
    }
    return render(request, "dialogue/translations.html", context)


def _wanted(counts: Mapping[str, Mapping[str, int]]) -> str:
    """Return the language that a translator is shown first: the reader's where it lacks words, else the first that does."""
    own = interface_language()
    return next((code for code in (own, *counts) if counts[code]["missing"]), own)


def _take(request: HttpRequest, *, slug: str) -> None:
    values = request.POST
    given: dict[str, Any] = {
        "slug": slug,
        "number": number_of(values),
        "language": free_text(values, "language"),
        "on": free_text(values, "on"),
        "by": request.user,
    }
    match chosen(values, "do", allowed=("keep", "check")):
        case "keep":
            translating.write_translation(**given, text=long_text(values, "text", most=MOST_SENT))
            messages.success(request, _("The translation is kept."))
        case "check":
            translating.check_translation(**given)
            messages.success(request, _("The translation is checked."))
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")
