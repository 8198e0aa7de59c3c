"""The live board of a vote: members from the first that is called, what each said, renewed by the browser without a script."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.http import HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from comity.web.decisions.frames import MARKS, counted_as, counting, head_of, position_rows
from comity.web.decisions.saying import mark_of, position_word
from comity.web.parameters import chosen

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.decisions.selectors import BallotView, ElectorView

EVERY = 10
"""Seconds after which the page is asked again."""


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the board. It asks for itself again while the ballot is open, unless the reader stops it."""
    context = head_of(request, slug=slug)
    view: BallotView = context["view"]
    stays = chosen(request.GET, "renew", allowed=("no",)) == "no"
    renews = view.card.state == "open" and not stays
    tag = _tag(request, view)
    if request.headers.get("If-None-Match") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        called = sorted(counting(view), key=lambda e: (e.call_order is None, e.call_order or 0))
        context |= {
            "rows": position_rows(view),
            "called": [_row(view, e) for e in called],
            "renews": renews,
            "stays": stays,
            "every": EVERY,
            "marks": MARKS,
        }
        answer = render(request, "comity/decisions/board.html", context)
    answer["ETag"] = tag
    patch_cache_control(answer, private=True, no_cache=True)
    if renews:
        answer["Refresh"] = str(EVERY)
    return answer


def _row(view: BallotView, e: ElectorView, /) -> dict[str, Any]:
    """Return a member with what it said, where the reader sees it and it has spoken; a sealed one of others has no mark."""
    if not e.seen:
        return {"name": e.name, "mark": "", "word": ""}
    if e.position is None and view.card.state == "open":
        return {"name": e.name, "mark": "t-open", "word": ""}
    position = counted_as(view, e)
    word = position_word(position, way=view.card.way)
    return {"name": e.name, "mark": mark_of(position, rule=view.rule), "word": word}


def _tag(request: HttpRequest, view: BallotView, /) -> str:
    """Return a tag of what this reader sees: of nothing that it does not see, so that the tag of a sealed ballot tells nothing."""
    seen = [(e.member, e.name, e.call_order, e.present, e.voted, e.position if e.seen else None) for e in view.electors]
    session = request.session.session_key or ""
    parts = (view.card, seen, request.LANGUAGE_CODE, session, request.GET.urlencode())
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
