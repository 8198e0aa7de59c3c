"""The page of a ballot: its outcome first, the rule in force, the tiles, the reasoning, the roll call, explanations, motions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.engines.decisions.rules import PARTS
from comity.errors import NotFound
from comity.platform.decisions.document_views import version_view
from comity.web.context import interface_language
from comity.web.decisions.frames import PositionRow, draw_tiles, head_of, needed_of, position_rows, said_in_words
from comity.web.decisions.saying import figure, say_asked, say_rule_in_short, say_steps

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.decisions.selectors import BallotView

MOST_SHOWN = 4000
"""Characters of a text up to which the page of its ballot shows it; a longer one is a link."""


@require_safe
def ballot(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a ballot with all that this reader may see of it."""
    context = head_of(request, slug=slug)
    view: BallotView = context["view"]
    rows = position_rows(view)
    context |= {
        **rule_context(view),
        "rows": rows,
        "tiles": draw_tiles(view, rows=rows),
        "said": said_in_words(rows),
        "steps": steps_of(view),
        "reasoned": [e for e in context["counting"] if e.seen and e.reasons],
        "not_counted": [e for e in view.electors if not e.counts],
        "by_others": [e for e in context["counting"] if e.cast_by != e.member],
        **_text_context(request, view),
        **_line(view, rows=rows),
        "own": [e for e in view.electors if e.member in view.own],
        "may_explain": _may_explain(view),
        "history": view.rule.conduct.history and view.card.state == "stated",
    }
    return render(request, "comity/decisions/ballot.html", context)


def rule_context(view: BallotView, /) -> dict[str, Any]:
    """Return what a page says of the rule: in one line, and each test of when it is valid, adopted, and may open."""
    return {
        "short": say_rule_in_short(view.rule),
        "asked": [(part, say_asked(rule=view.rule, part=part)) for part in PARTS],
    }


def steps_of(view: BallotView, /) -> list[str]:
    """Return the reasoning as sentences: of the stated outcome, else of what follows once no vote is taken any more."""
    carried = view.result or view.pending_result
    return say_steps(rule=view.rule, carried=carried) if carried else []


def _text_context(request: HttpRequest, view: BallotView, /) -> dict[str, Any]:
    version = _version(request, view)
    if version is None:
        return {"version": None}
    return {
        "version": version,
        "sponsors": [name for _slug, name in version.document.sponsors],
        "shows_text": sum(map(len, version.paragraphs)) <= MOST_SHOWN,
        "has_translations": any(not held.is_authentic for held in version.row.languages),
    }


def _line(view: BallotView, /, *, rows: list[PositionRow]) -> dict[str, Any]:
    needed = needed_of(view)
    if needed is None or not rows:
        return {"needed": ""}
    return {"needed": figure(needed), "reached": needed <= rows[0].number}


def _may_explain(view: BallotView, /) -> list[tuple[str, str, str]]:
    names = {e.member: e.name for e in view.electors}
    return [(member, names.get(member, member), when) for member, when in view.explains.items()]


def _version(request: HttpRequest, view: BallotView, /) -> Any:
    """Return the version that is voted on, with its text and languages; None where there is none, or the reader sees none."""
    slug, number = view.card.document_slug, view.card.document_number
    if not slug:
        return None
    try:
        return version_view(slug=slug, number=number, user=request.user, language=interface_language())
    except NotFound:
        return None
