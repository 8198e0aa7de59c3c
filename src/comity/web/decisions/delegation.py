"""Votes of a delegation: prepared, cleared, sent back, and cast in the member's name. Seen by that delegation alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadParameter, NotFound
from comity.platform.decisions import delegations
from comity.platform.decisions.explanations import draft_explanation
from comity.platform.decisions.lookups import MOST_REASONS
from comity.platform.decisions.selectors import ballot_seen
from comity.platform.parties.submissions import LANGUAGES
from comity.web.context import interface_language
from comity.web.decisions.ballot import rule_context
from comity.web.decisions.frames import head_of
from comity.web.decisions.saying import mark_of, position_word
from comity.web.parameters import chosen, free_text, long_text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.decisions.selectors import BallotView

STEPS = ("prepare", "drop", "clear", "back", "cast")
MOST_NOTE_SENT = 2000
MOST_TITLE = 200
MOST_EXPLANATION = 20_000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a delegation the votes that it casts and prepares in a ballot; do one thing by POST."""
    own = delegations.members_with_desk(ballot=ballot_seen(slug=slug, user=request.user), user=request.user)
    if not own:
        raise NotFound(reference=f"decisions/ballots/{slug[:60]}/delegation")
    if request.method == "POST":
        member = chosen(request.POST, "member", allowed=own)
        _take(request, slug=slug, member=member or own[0])
        query = urlencode({"member": member})
        return redirect(f"{reverse('ballot-delegation', args=[slug])}?{query}")
    asked = chosen(request.GET, "member", allowed=own)
    context = head_of(request, slug=slug)
    view: BallotView = context["view"]
    language = interface_language()
    desks = [
        delegations.vote_desk(slug=slug, member=m, user=request.user, language=language)
        for m in ((asked,) if asked else own)
    ]
    context |= {
        **rule_context(view),
        "rows": [_row(view, desk) for desk in desks],
        "others": [m for m in own if asked and m != asked],
        "choices": [(p, position_word(p, way=view.card.way)) for p in view.offered],
        "most_reasons": MOST_REASONS,
        "most_note": delegations.MOST_NOTE,
    }
    return render(request, "comity/decisions/delegation.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def explain(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form of an explanation of vote, or draft it: the capital clears it like any text."""
    context = head_of(request, slug=slug)
    view: BallotView = context["view"]
    names = {e.member: e.name for e in view.electors}
    if not view.explains:
        raise NotFound(reference=f"{view.card.reference}/explain")
    source = request.POST if request.method == "POST" else request.GET
    member = chosen(source, "member", allowed=view.explains, default=next(iter(view.explains)))
    if request.method == "POST":
        made = draft_explanation(
            slug=slug,
            member=member,
            title=free_text(request.POST, "title"),
            text=long_text(request.POST, "text", most=2 * MOST_EXPLANATION),
            language=chosen(request.POST, "language", allowed=LANGUAGES, default=interface_language()),
            by=request.user,
        )
        messages.success(request, _("The draft is kept. Your delegation alone sees it until it is cleared and sent."))
        return redirect("text", made.pk)
    context |= {
        "member": member,
        "member_own": names[member],
        "when": view.explains[member],
        "tongues": LANGUAGES,
        "tongue": interface_language(),
        "most_title": MOST_TITLE,
        "most_text": MOST_EXPLANATION,
    }
    return render(request, "comity/decisions/explain.html", context)


def _row(view: BallotView, desk: delegations.VoteDesk, /) -> dict[str, Any]:
    way = view.card.way
    return {
        "d": desk,
        "given": position_word(desk.given, way=way) if desk.given else "",
        "given_mark": mark_of(desk.given, rule=view.rule) if desk.given else "",
        "prepared": position_word(desk.position, way=way) if desk.position else "",
        "prepared_mark": mark_of(desk.position, rule=view.rule) if desk.position else "",
        "waits": desk.position != "" and desk.cast_at is None,
    }


def _take(request: HttpRequest, *, slug: str, member: str) -> None:
    values = request.POST
    given: dict[str, Any] = {"slug": slug, "member": member, "by": request.user}
    match chosen(values, "do", allowed=STEPS):
        case "prepare":
            delegations.prepare_vote(
                **given,
                position=free_text(values, "position"),
                reasons=long_text(values, "reasons", most=2 * MOST_REASONS),
                note=long_text(values, "note", most=MOST_NOTE_SENT),
                on=free_text(values, "on"),
            )
            messages.success(request, _("The vote is prepared. Only your delegation sees it."))
        case "drop":
            delegations.drop_prepared(**given)
            messages.success(request, _("What was prepared is put away."))
        case "clear":
            delegations.clear_vote(**given, on=free_text(values, "on"))
            messages.success(request, _("Cleared. Who holds the voice can cast it now."))
        case "back":
            delegations.send_back(**given, note=long_text(values, "note", most=MOST_NOTE_SENT))
            messages.success(request, _("Sent back with your remark."))
        case "cast":
            delegations.cast_prepared(**given, on=free_text(values, "on"))
            messages.success(request, _("The vote is cast. Its receipt stands on the ballot paper."))
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")
