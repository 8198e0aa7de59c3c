"""The officer's desk of a ballot: draft it, open it, note who is there, order motions, close or withdraw it, and state its outcome."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadParameter, NotPermitted
from comity.platform.decisions import ballots, presence
from comity.platform.decisions.lookups import HOLD, STATE
from comity.platform.decisions.rule_views import list_rules
from comity.platform.decisions.selectors import list_ballots
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.roster import assemblies, body_view, members_on
from comity.platform.parties.rules import may, require
from comity.web.context import interface_language
from comity.web.decisions.ballot import rule_context, steps_of
from comity.web.decisions.desk_forms import members_table, questions, texts_of
from comity.web.decisions.frames import SEEN, draw_tiles, head_of, position_rows
from comity.web.parameters import chosen, day_given, free_text, long_text, time_given, whole_number
from comity.web.words_of_decisions import BALLOT_KINDS, WAYS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.decisions.selectors import BallotView

CIRCLES = ("public", "members", "committee")
STEPS = ("open", "presence", "order", "close", "withdraw")
LAST_HOUR = dt.time(18)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new ballot for one body, or draft it."""
    bodies = _bodies(request)
    if not bodies:
        raise NotPermitted(action=HOLD, needed="chair or secretariat")
    allowed = [slug for slug, _name in bodies]
    source = request.POST if request.method == "POST" else request.GET
    body = chosen(source, "body", allowed=allowed, default=allowed[0] if len(allowed) == 1 else "")
    if request.method == "POST":
        made = ballots.draft_ballot(body=body, by=request.user, **_drafted(request))
        messages.success(request, _("The draft is kept. Nobody votes until you open it."))
        return redirect("ballot-desk", made.slug)
    language = interface_language()
    parent = free_text(request.GET, "parent")
    context = {
        "bodies": bodies,
        "body": body,
        "parent": parent,
        "rules": [r for r in list_rules() if r.body == body],
        "texts": texts_of(body=body, user=request.user, language=language),
        "parents": [c for c in list_ballots(user=request.user, language=language, body=body) if c.outcome == ""],
        "members": _members(body),
        "kinds": BALLOT_KINDS.items(),
        "ways": [(w, name) for w, name in WAYS.items() if w != "secret"],
        "tongues": LANGUAGES,
        "tongue": language,
        "circles": CIRCLES,
        "most_question": ballots.MOST_QUESTION,
        "most_order": ballots.MOST_ORDER,
        "marks": SEEN,
    }
    return render(request, "comity/decisions/new.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what an officer can do with a ballot now; do one thing by POST."""
    context = head_of(request, slug=slug)
    view: BallotView = context["view"]
    require(user=request.user, action=HOLD, body=view.card.body)
    if request.method == "POST":
        _do(request, view=view)
        return redirect("ballot-desk", slug)
    context |= {
        **rule_context(view),
        "notice_until": view.earliest_statement,
        "takes_table": bool(view.rule.groups or view.rule.weights),
        "columns": ",".join(["member", *(["group"] if view.rule.groups else []), *(w.name for w in view.rule.weights)]),
        "most_reason": ballots.MOST_REASON,
        "in_a_room": view.card.way not in {"silence", "correspondence"},
    }
    return render(request, "comity/decisions/desk.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the steps that lead to an outcome, and state it by POST: once, in one act."""
    context = head_of(request, slug=slug)
    view: BallotView = context["view"]
    require(user=request.user, action=STATE, body=view.card.body)
    if request.method == "POST":
        if chosen(request.POST, "do", allowed=("state",)) != "state":
            raise BadParameter(name="do", found="nothing", allowed="the button of the page")
        ballots.state_outcome(slug=slug, by=request.user, authority=free_text(request.POST, "authority"))
        messages.success(request, _("The outcome is stated. The act stands on the record."))
        return redirect("ballot", slug)
    rows = position_rows(view)
    context |= {
        **rule_context(view),
        "rows": rows,
        "tiles": draw_tiles(view, rows=rows),
        "steps": steps_of(view),
        "pending": view.pending_result,
    }
    return render(request, "comity/decisions/outcome.html", context)


def _do(request: HttpRequest, *, view: BallotView) -> None:
    values = request.POST
    given: dict[str, Any] = {"slug": view.card.slug, "by": request.user}
    match chosen(values, "do", allowed=STEPS):
        case "open":
            groups, weights = members_table(request, rule=view.rule)
            ballots.open_ballot(
                **given,
                closes_at=_moment(request),
                waiver=long_text(values, "waiver", most=2 * ballots.MOST_REASON),
                groups=groups,
                weights=weights,
                authority=free_text(values, "authority"),
            )
            messages.success(request, _("The ballot is open. The act stands on the record."))
        case "presence":
            here = {slug[:60] for slug in values.getlist("present")}
            away = [e.member for e in view.electors if e.member not in here]
            presence.note_presence(**given, present=sorted(here), absent=away)
            messages.success(request, _("Presence is noted."))
        case "order":
            places = {m.slug: _place(request, m.slug) for m in view.motions}
            in_order = sorted((m for m, place in places.items() if place), key=lambda m: (places[m], m))
            ballots.order_motions(**given, order=in_order)
            messages.success(request, _("The order of the motions is set."))
        case "close":
            ballots.close_ballot(**given)
            messages.success(request, _("The ballot is closed. No vote is taken any more."))
        case "withdraw":
            ballots.withdraw_ballot(**given, reason=long_text(values, "reason", most=2 * ballots.MOST_REASON))
            messages.success(request, _("The ballot is withdrawn."))
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")


def _members(body: str, /) -> list[tuple[str, str]]:
    """Return the members of a body today that are no observers, as (slug, name), by name."""
    if not body:
        return []
    seats = members_on(body=body, on=timezone.now().date(), language=interface_language())
    return [(seat.slug, seat.name) for seat in seats]


def _place(request: HttpRequest, slug: str) -> int:
    return whole_number(request.POST, name=f"o-{slug}", low=0, high=ballots.MOST_ORDER, default=0)


def _drafted(request: HttpRequest) -> dict[str, Any]:
    values = request.POST
    kind = chosen(values, "kind", allowed=BALLOT_KINDS, default="text")
    moved = kind in ballots.MOVED
    return {
        "slug": free_text(values, "slug"),
        "kind": kind,
        "question": questions(values),
        "rule": free_text(values, "rule"),
        "way": chosen(values, "way", allowed=WAYS, default="recorded"),
        "version": free_text(values, "version"),
        # One form serves all kinds: what is no motion is moved on nothing.
        "parent": free_text(values, "parent") if moved else "",
        "moved_by": free_text(values, "moved_by") if moved else "",
        "order": whole_number(values, name="order", low=0, high=ballots.MOST_ORDER, default=0),
        "visibility": chosen(values, "visibility", allowed=CIRCLES, default="public"),
    }


def _moment(request: HttpRequest) -> dt.datetime | None:
    """Return the deadline that a day and a time in UTC give; None where no day is given."""
    if not free_text(request.POST, "closes_on"):
        return None
    at = time_given(request.POST, name="closes_at", default=LAST_HOUR)
    return dt.datetime.combine(day_given(request.POST, name="closes_on"), at, tzinfo=dt.UTC)


def _bodies(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the bodies, as (slug, name), in which a reader may hold a ballot."""
    language = interface_language()
    found: list[tuple[str, str]] = []
    for slug, name in assemblies(language=language):
        found += [(slug, name), *body_view(slug=slug, language=language).parts]
    return [(s, n) for s, n in found if may(user=request.user, action=HOLD, body=s)]
