"""A delegation's page of a round: the shares of its needs, its challenge, its commitments; and with whom it cannot work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadInput, BadParameter, Conflict, NotFound
from comity.platform.capacity import challenges, commitments, exclusions
from comity.platform.capacity.round_desk_views import member_desks
from comity.platform.capacity.round_lookups import AGREE
from comity.platform.capacity.round_views import round_view
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.preparing import own_members
from comity.platform.parties.roster import assemblies, body_view, member_names, members_on
from comity.platform.parties.rules import may
from comity.web.capacity.round_saying import bar_of, say_block
from comity.web.capacity.rounds import MARKS
from comity.web.context import interface_language
from comity.web.parameters import chosen, free_text, long_text
from comity.web.refusing import told

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.capacity.round_views import RoundView

STEPS = ("challenge", "agree", "decline")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a delegation what a round gives its member and why; challenge it, agree or decline by POST."""
    language = interface_language()
    view = round_view(slug=slug, user=request.user, language=language)
    desks = member_desks(slug=slug, user=request.user, language=language)
    if not desks:
        raise NotFound(reference=f"{view.card.reference}/member")
    problem, status = "", 200
    if request.method == "POST":
        try:
            _do(request, slug=slug)
        except (BadInput, Conflict) as error:
            problem, status = told(error)
        else:
            return redirect("round-member", slug)
    names = member_names(language=language)
    context = {
        "view": view,
        "card": view.card,
        "desks": [
            {
                "desk": desk,
                "name": names.get(desk.member, desk.member),
                "rows": _rows(view, member=desk.member),
                "challenge": next((c for c in view.challenges if c.member == desk.member), None),
            }
            for desk in sorted(desks, key=lambda d: (names.get(d.member, d.member).casefold(), d.member))
        ],
        "units": {r.slug: r.unit for r in view.card.resources},
        "tongues": LANGUAGES,
        "tongue": language,
        "sent": request.POST,
        "problem": problem,
        "most_text": challenges.MOST_TEXT,
        "marks": MARKS,
    }
    return render(request, "comity/capacity/round_member.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apart(request: HttpRequest) -> HttpResponse:
    """Show a delegation with whom its member cannot work in a body, and set it by POST."""
    language = interface_language()
    names, own = member_names(language=language), own_members(user=request.user)
    if not own:
        raise NotFound(reference="capacity/apart")
    bodies: list[tuple[str, str]] = []
    for slug, name in assemblies(language=language):
        bodies += [(slug, name), *body_view(slug=slug, language=language).parts]
    today = timezone.now().date()
    held = {slug: members_on(body=slug, on=today, language=language) for slug, _name in bodies}
    source = request.POST if request.method == "POST" else request.GET
    whose = chosen(source, "member", allowed=own, default=own[0])
    mine = [(slug, name) for slug, name in bodies if whose in {s.slug for s in held[slug]}]
    if not mine:
        raise NotFound(reference="capacity/apart")
    body = chosen(source, "body", allowed=[s for s, _n in mine], default=mine[0][0])
    if request.method == "POST":
        others = [slug[:60] for slug in request.POST.getlist("others")]
        exclusions.exclude_members(member=whose, body=body, others=others, by=request.user)
        messages.success(request, _("It is kept. Your delegation alone sees it."))
        return redirect(f"{request.path}?member={whose}&body={body}")
    apart_now = set(exclusions.excluded_members(member=whose, body=body, user=request.user))
    context = {
        "whose": whose,
        "name": names.get(whose, whose),
        "own": [(slug, names.get(slug, slug)) for slug in own],
        "bodies": mine,
        "body": body,
        "others": [(s.slug, s.name, s.slug in apart_now) for s in held[body] if s.slug != whose],
        "may_set": may(user=request.user, action=AGREE, member=whose, body=body),
        "marks": MARKS,
    }
    return render(request, "comity/capacity/apart.html", context)


def _do(request: HttpRequest, *, slug: str) -> None:
    values = request.POST
    match chosen(values, "do", allowed=STEPS):
        case "challenge":
            challenges.challenge_allocation(
                slug=slug,
                member=free_text(values, "member"),
                text=long_text(values, "text", most=2 * challenges.MOST_TEXT),
                language=free_text(values, "language"),
                by=request.user,
            )
            messages.success(request, _("The challenge is made. It must be answered before the round is confirmed."))
        case "agree":
            commitments.agree_to_commitment(**_side(request))
            messages.success(request, _("Your member has agreed. The act stands on the record."))
        case "decline":
            commitments.decline_commitment(**_side(request))
            messages.success(request, _("It is declined. What it held is free for others."))
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")


def _side(request: HttpRequest, /) -> dict[str, Any]:
    return {
        "slug": free_text(request.POST, "commitment"),
        "side": free_text(request.POST, "side"),
        "by": request.user,
    }


def _rows(view: RoundView, /, *, member: str) -> list[dict[str, Any]]:
    """Return the needs of a member in a round, each with why it receives what it does where the tables are open."""
    if view.rows is None:
        return []
    units = {r.slug: r.unit for r in view.card.resources}
    weighted = bool(view.rules.weights)
    why = {n.code: say_block(b, unit=units[b.resource], weighted=weighted) for b in view.rows.blocks for n in b.needs}
    own = [n for n in view.rows.needs if n.is_own and n.member == member]
    largest = max((n.asked for n in own), default=None)
    return [{"row": n, "why": why.get(n.code, ""), "bar": bar_of(n, largest=largest)} for n in own]
