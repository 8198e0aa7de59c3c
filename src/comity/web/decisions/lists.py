"""The list of ballots: what is open, what awaits its outcome, what is decided; and what one member said over many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.errors import NotFound
from comity.platform.decisions.lookups import HOLD
from comity.platform.decisions.selectors import history_of, list_ballots
from comity.platform.parties.roster import member_names
from comity.platform.parties.rules import may
from comity.web.context import interface_language
from comity.web.decisions.frames import MARKS, SEEN
from comity.web.decisions.saying import mark_of_standard, position_word
from comity.web.parameters import page_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 20
SECTIONS = ("open", "closed", "draft")


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """List ballots: open ones by their deadline, those that await their outcome, drafts, then what is decided."""
    cards = list_ballots(user=request.user, language=interface_language())
    decided = [c for c in cards if c.state not in SECTIONS]
    page = Paginator(decided, PER_PAGE).get_page(page_number(request.GET))
    context = {
        "sections": [(state, [c for c in cards if c.state == state]) for state in SECTIONS],
        "page": page,
        "may_hold": may(user=request.user, action=HOLD),
        "marks": SEEN,
    }
    return render(request, "comity/decisions/list.html", context)


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a member said in ballots whose rule lets the answers of a member be shown together."""
    language = interface_language()
    names = member_names(language=language)
    if slug not in names:
        raise NotFound(reference=f"decisions/members/{slug[:60]}")
    rows = history_of(member=slug, user=request.user, language=language)
    page = Paginator(rows, PER_PAGE).get_page(page_number(request.GET))
    context = {
        "member": slug,
        "name": names[slug],
        "page": page,
        "rows": [(r, position_word(r.position, way=r.ballot.way), mark_of_standard(r.position)) for r in page],
        "marks": MARKS,
    }
    return render(request, "comity/decisions/history.html", context)
