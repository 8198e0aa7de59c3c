"""The moderation desk: statements that wait, the oldest first, each shown or refused under a published rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadParameter
from comity.platform.dialogue import moderated, moderation
from comity.platform.dialogue.selectors import dialogue_seen
from comity.platform.parties.rules import require
from comity.web import words
from comity.web.dialogue.frames import head_of
from comity.web.parameters import chosen, free_text, long_text, page_number, whole_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

PER_PAGE = 10
MOST_NUMBER = 1_000_000
MOST_SENT = 2000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """List what waits for a moderator; decide on one statement by POST."""
    require(user=request.user, action=moderation.MODERATE)
    held = dialogue_seen(slug=slug, user=request.user)
    if request.method == "POST":
        _decide(request, slug=slug)
        if chosen(request.POST, "then", allowed=("desk", "decisions"), default="desk") == "decisions":
            return redirect("dialogue-decisions", slug)
        return redirect("dialogue-desk", slug)
    waiting = moderated.statements_waiting(dialogue=held)
    page = Paginator(waiting, PER_PAGE).get_page(page_number(request.GET))
    context = head_of(request, held) | {
        "page": page,
        "rows": moderated.waiting_views(dialogue=held, statements=page),
        "appeals": moderated.appeals_waiting(dialogue=held).count(),
        **reasons(),
    }
    return render(request, "dialogue/desk.html", context)


def reasons() -> dict[str, Any]:
    """Return what a form of a decision needs: each rule with its short name."""
    return {
        "reasons": words.MODERATION_REASONS.items(),
        "rules": words.MODERATION_RULES.items(),
        "most_note": moderation.MOST_NOTE,
    }


def number_of(values: QueryDict, name: str = "number") -> int:
    """Return the number of a statement that a form gives; 0 where it gives none."""
    return whole_number(values, name=name, low=0, high=MOST_NUMBER, default=0)


def _decide(request: HttpRequest, *, slug: str) -> None:
    values = request.POST
    decision = chosen(values, "do", allowed=moderation.Decision.values)
    if not decision:
        raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")
    shows = decision == moderation.Decision.SHOW
    # The form has one list of reasons for both buttons: who shows a statement chooses none of them.
    made = moderation.decide_statement(
        slug=slug,
        number=number_of(values),
        decision=decision,
        reason=moderation.Reason.FITS if shows else free_text(values, "reason"),
        note=long_text(values, "note", most=MOST_SENT),
        duplicates=number_of(values, "duplicates") or None,
        hides_text=not shows and chosen(values, "hide", allowed=("yes",)) == "yes",
        on=chosen(values, "on", allowed=moderation.FROM, default="waiting"),
        by=request.user,
    )
    number = {"number": made.statement.number}
    if shows:
        messages.success(request, _("Statement %(number)s is shown.") % number)
    else:
        messages.success(request, _("Statement %(number)s is refused. The reason is published.") % number)
