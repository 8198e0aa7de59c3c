"""The officer's desk of a round: open it, freeze it, ask for an allocation and publish it, answer challenges, confirm, amend, cancel."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.errors import BadInput, BadParameter, Conflict, NotPermitted
from comity.platform.capacity import allocating, challenges, confirming, freezing, round_tasks, rounds
from comity.platform.capacity.round_desk_views import preview_round
from comity.platform.capacity.round_explaining import ask_what_if
from comity.platform.capacity.round_lookups import CONFIRM, HOLD
from comity.platform.capacity.round_views import round_view
from comity.platform.parties.rules import require
from comity.web.capacity.round_forms import amendments_of, bodies_of, form_of_new, given_new, moment_given
from comity.web.capacity.rounds import MARKS, round_context
from comity.web.context import interface_language
from comity.web.parameters import chosen, demand_sure, free_text, long_text
from comity.web.refusing import told

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.capacity.round_views import RoundView

STEPS = ("freeze", "suggest", "stop", "publish", "answer", "cancel")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new round for one body, or open it; what will not do comes back filled in."""
    bodies = bodies_of(request)
    if not bodies:
        raise NotPermitted(action=HOLD, needed="chair or secretariat")
    source = request.POST if request.method == "POST" else request.GET
    allowed = [slug for slug, _name in bodies]
    body = chosen(source, "body", allowed=allowed, default=allowed[0] if len(allowed) == 1 else "")
    problem, status = "", 200
    if request.method == "POST":
        try:
            made = rounds.open_round(body=body, by=request.user, **given_new(request))
        except (BadInput, Conflict) as error:
            problem, status = told(error)
        else:
            messages.success(
                request, _("The round is open. Its rules are published, and the act stands on the record.")
            )
            return redirect("round-desk", made.slug)
    context = form_of_new(request, body=body) | {"bodies": bodies, "problem": problem, "marks": MARKS}
    return render(request, "comity/capacity/new_round.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what an officer can do with a round now; do one thing by POST."""
    view = _view(request, slug)
    require(user=request.user, action=HOLD, body=view.card.body)
    problem, status = "", 200
    if request.method == "POST":
        try:
            _do(request, view=view)
        except (BadInput, Conflict) as error:
            problem, status = told(error)
            view = _view(request, slug)
        else:
            return redirect("round-desk", slug)
    language = interface_language()
    context = round_context(request, view) | {
        "problem": problem,
        "sent": request.POST,
        "preview": preview_round(slug=slug, user=request.user, language=language)
        if view.card.state in {"open", "closed"}
        else None,
        "waiting": [c for c in view.challenges if c.answered_at is None],
        "tongue": language,
        "most_text": challenges.MOST_TEXT,
        "most_reason": rounds.MOST_REASON,
        "marks": MARKS,
    }
    return render(request, "comity/capacity/round_desk.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the suggested allocation row by row, and confirm it by POST, as it is or amended with a reason for each row."""
    view = _view(request, slug)
    require(user=request.user, action=CONFIRM, body=view.card.body)
    problem, status = "", 200
    rows = [d for n in view.rows.needs for d in ((n, draw) for draw in n.draws)] if view.rows and view.told else []
    if request.method == "POST":
        try:
            demand_sure(request.POST)
            confirming.confirm_round(
                slug=slug,
                by=request.user,
                amendments=amendments_of(request.POST, rows=[(n.code, d.offer.code, d.units) for n, d in rows]),
                authority=free_text(request.POST, "authority"),
            )
        except (BadInput, Conflict) as error:
            problem, status = told(error)
        else:
            messages.success(request, _("The round is confirmed. Both sides of each commitment are asked to agree."))
            return redirect("round", slug)
    context = round_context(request, view) | {
        "amendable": [
            (
                n,
                d,
                request.POST.get(f"u-{n.code}-{d.offer.code}", ""),
                request.POST.get(f"r-{n.code}-{d.offer.code}", ""),
            )
            for n, d in rows
        ],
        "sent": request.POST,
        "problem": problem,
        "most_reason": confirming.MOST_REASON,
        "marks": MARKS,
    }
    return render(request, "comity/capacity/confirm_round.html", context, status=status)


@never_cache
@require_safe
def what_if(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an officer whom more units of a resource would change. Nothing of it is kept."""
    view = _view(request, slug)
    require(user=request.user, action=HOLD, body=view.card.body)
    resource, units = free_text(request.GET, "resource"), free_text(request.GET, "units")
    found, problem, status = None, "", 200
    if units:
        try:
            found = ask_what_if(
                slug=slug, resource=resource, units=units, user=request.user, language=interface_language()
            )
        except (BadInput, Conflict) as error:
            problem, status = told(error)
    context = {
        "view": view,
        "card": view.card,
        "found": found,
        "resource": resource,
        "unit": next((r.unit for r in view.card.resources if r.slug == resource), ""),
        "units": units,
        "problem": problem,
        "marks": MARKS,
    }
    return render(request, "comity/capacity/what_if.html", context, status=status)


def _view(request: HttpRequest, slug: str, /) -> RoundView:
    return round_view(slug=slug, user=request.user, language=interface_language())


def _do(request: HttpRequest, *, view: RoundView) -> None:
    values = request.POST
    given: dict[str, Any] = {"slug": view.card.slug, "by": request.user}
    match chosen(values, "do", allowed=STEPS):
        case "freeze":
            demand_sure(values)
            freezing.freeze_round(**given)
            messages.success(request, _("The round is frozen. The digest of its tables stands on the record."))
        case "suggest":
            done = round_tasks.suggest_allocation(**given)
            said = _("An allocation is suggested.") if done.job is None else _("The worker computes an allocation.")
            messages.success(request, said)
        case "stop":
            round_tasks.cancel_computing(**given)
            messages.success(request, _("The work will stop."))
        case "publish":
            until = moment_given(values, day="until_on", time="until_at", default=dt.time(18))
            allocating.publish_allocation(**given, challenge_until=until)
            messages.success(
                request, _("The allocation is published. Members may challenge it until its time is over.")
            )
        case "answer":
            challenges.answer_challenge(
                **given,
                member=free_text(values, "member"),
                text=long_text(values, "answer", most=2 * challenges.MOST_TEXT),
                language=free_text(values, "language"),
            )
            messages.success(request, _("The challenge is answered."))
        case "cancel":
            demand_sure(values)
            rounds.cancel_round(**given, reason=long_text(values, "reason", most=2 * rounds.MOST_REASON))
            messages.success(request, _("The round is cancelled. Its needs and offers are free."))
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")
