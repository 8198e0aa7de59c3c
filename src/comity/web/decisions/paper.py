"""The ballot paper: what a member says, in one touch, with who will see it; and what is recorded, until the close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadParameter, NotPermitted
from comity.platform.decisions.delegations import vote_desk
from comity.platform.decisions.lookups import CAST, MOST_REASONS
from comity.platform.decisions.voting import cast_vote
from comity.platform.parties.roster import name_in
from comity.web.context import interface_language
from comity.web.decisions.ballot import rule_context
from comity.web.decisions.frames import head_of
from comity.web.decisions.saying import mark_of, position_word
from comity.web.parameters import chosen, free_text, long_text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.decisions.selectors import BallotView, ElectorView

MOST_SENT = 2 * MOST_REASONS


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper of one member: what is recorded, in words, and whether it can be marked now, or is cleared first."""

    elector: ElectorView
    recorded: str
    mark: str
    can_be_marked: bool
    clears_first: bool
    is_latest: bool


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the paper of each member that the reader may cast for; cast one vote by POST."""
    if request.method == "POST":
        member = _cast(request, slug=slug)
        return redirect(f"{reverse('ballot-paper', args=[slug])}?{urlencode({'member': member})}#m-{member}")
    context = head_of(request, slug=slug)
    view: BallotView = context["view"]
    mine = _own_electors(view)
    member = chosen(
        request.GET, "member", allowed=[e.member for e in mine], default=mine[0].member if len(mine) == 1 else ""
    )
    context |= {
        **rule_context(view),
        "papers": [_paper(request, view=view, elector=e, latest=member) for e in mine],
        "choices": [(p, position_word(p, way=view.card.way), mark_of(p, rule=view.rule)) for p in view.offered],
        "needs_reasons": [position_word(p.name) for p in view.rule.positions if p.unless_reasoned],
        "most_reasons": MOST_REASONS,
    }
    return render(request, "comity/decisions/paper.html", context)


def _paper(request: HttpRequest, *, view: BallotView, elector: ElectorView, latest: str) -> Paper:
    said = elector.position if elector.voted else None
    can_be_marked = elector.member in view.own and (view.may_change or not elector.voted)
    return Paper(
        elector=elector,
        recorded=position_word(said, way=view.card.way) if said else "",
        mark=mark_of(said, rule=view.rule) if said else "",
        can_be_marked=can_be_marked,
        clears_first=can_be_marked
        and elector.own
        and vote_desk(slug=view.card.slug, member=elector.member, user=request.user).needs_clearance,
        is_latest=elector.member == latest,
    )


def _own_electors(view: BallotView) -> list[ElectorView]:
    mine = [e for e in view.electors if e.member in view.own or e.own]
    if not mine:
        raise NotPermitted(action=CAST, needed="head or delegate or alternate")
    return mine


def _cast(request: HttpRequest, *, slug: str) -> str:
    """Cast one vote and return whose it is. The service alone judges what was sent: a whole page is not made to cast one vote."""
    member = free_text(request.POST, "member")
    if not member:
        mine = _own_electors(head_of(request, slug=slug)["view"])
        if len(mine) > 1:
            raise BadParameter(name="member", found="nothing", allowed=", ".join(e.member for e in mine))
        member = mine[0].member
    position = free_text(request.POST, "position")
    reasons = long_text(request.POST, "reasons", most=MOST_SENT)
    vote = cast_vote(slug=slug, member=member, position=position, reasons=reasons, by=request.user)
    elector = vote.elector
    words = {
        "member": name_in(elector.member.names, interface_language()),
        "position": position_word(position, way=elector.ballot.way),
    }
    messages.success(request, _("Recorded for %(member)s: %(position)s.") % words)
    return member
