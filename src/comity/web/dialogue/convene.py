"""Convene a dialogue: draft it, change the draft, open, extend, close and archive it, invite people."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadInput, BadParameter, Conflict, NotPermitted
from comity.platform.dialogue import consultations, participation, selectors
from comity.platform.parties.roster import assemblies, body_view
from comity.platform.parties.rules import may, require
from comity.web import words
from comity.web.context import interface_language
from comity.web.parameters import chosen, day_given, demand_sure, free_text, long_text, time_given, whole_number
from comity.web.refusals import words_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

MARKS = ("v-pub", "v-mem", "v-com", "v-del")
MOST_LINES = 40_000
MOST_NUMBER = 1_000_000
CIRCLES = ("public", "members", "committee")
BLANK: dict[str, Any] = {
    "question": {},
    "introduction": {},
    "people": "public",
    "has_states": True,
    "attribution": "chatham-house",
    "takes_statements": True,
    "visibility": "public",
    "rule": "",
}
STEPS = ("change", "open", "extend", "close", "archive", "seeds", "remove", "invite", "codes")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new dialogue, or draft it."""
    bodies = _bodies(request)
    if not bodies:
        raise NotPermitted(action=consultations.CONVENE, needed="chair or secretariat")
    context: dict[str, Any] = {"bodies": bodies, **_choices(), "draft": BLANK}
    if request.method == "POST":
        given = _settings(request.POST)
        named: dict[str, Any] = {name: free_text(request.POST, name) for name in ("slug", "body")}
        try:
            made = consultations.convene_dialogue(**named, seeds=_seeds(request.POST), by=request.user, **given)
        except (BadInput, Conflict) as error:
            # The form is long: what was written in it comes back with what cannot be.
            context |= {
                "draft": given | named,
                "typed_seeds": long_text(request.POST, "seeds", most=MOST_LINES),
                "problem": words_of(error),
            }
            return render(request, "dialogue/new.html", context, status=400 if isinstance(error, BadInput) else 409)
        messages.success(request, _("The draft is kept. It is seen by those who prepare it until you open it."))
        return redirect("dialogue-settings", made.slug)
    return render(request, "dialogue/new.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how a dialogue is set and what can be done with it; do one thing by POST."""
    held = selectors.dialogue_seen(slug=slug, user=request.user)
    require(user=request.user, action=consultations.CONVENE, body=held.body.slug)
    codes: tuple[str, ...] = ()
    if request.method == "POST":
        step = chosen(request.POST, "do", allowed=STEPS)
        if step == "codes":
            number = whole_number(request.POST, name="number", low=1, high=participation.MOST_CODES, default=0)
            codes = participation.give_out_codes(slug=slug, number=number, by=request.user)
        else:
            _do(request, step=step, slug=slug)
            return redirect("dialogue-settings", slug)
    language = interface_language()
    view = selectors.view_dialogue(dialogue=held, user=request.user, language=language)
    context = {
        "view": view,
        "card": view.card,
        "draft": held,
        "seeds": selectors.statements_shown(dialogue=held, language=language),
        "codes": codes,
        "today": timezone.now().date().isoformat(),
        "invited": selectors.count_invited(dialogue=held),
        "most_codes": participation.MOST_CODES,
        **_choices(),
    }
    return render(request, "dialogue/settings.html", context)


def _do(request: HttpRequest, *, step: str, slug: str) -> None:
    values, by = request.POST, request.user
    match step:
        case "change":
            consultations.change_settings(slug=slug, by=by, **_settings(values))
            messages.success(request, _("Kept."))
        case "open":
            consultations.open_dialogue(slug=slug, closes_at=_moment(values), by=by)
            messages.success(request, _("The dialogue is open. The act stands on the record."))
        case "extend":
            consultations.extend_dialogue(slug=slug, closes_at=_moment(values), by=by)
            messages.success(request, _("The deadline is later now. The act stands on the record."))
        case "close":
            # Past its deadline it is closed already, and only the act is missing.
            if selectors.dialogue_seen(slug=slug, user=by).state_at(timezone.now()) == "open":
                demand_sure(values)
            consultations.close_dialogue(slug=slug, by=by)
            messages.success(request, _("The dialogue is closed. The act stands on the record."))
        case "archive":
            demand_sure(values)
            consultations.archive_dialogue(slug=slug, by=by)
            messages.success(request, _("The dialogue is archived. No account is tied to a voice any more."))
        case "seeds":
            added = consultations.add_seeds(slug=slug, seeds=_seeds(values), by=by)
            messages.success(request, _("Statements added: %(number)s.") % {"number": len(added)})
        case "remove":
            number = whole_number(values, name="number", low=1, high=MOST_NUMBER, default=0)
            consultations.remove_seed(slug=slug, number=number, by=by)
            messages.success(request, _("The statement is taken out of the draft."))
        case "invite":
            addresses = long_text(values, "addresses", most=MOST_LINES).replace(",", "\n").split()
            count = participation.invite_accounts(slug=slug, addresses=addresses, by=by)
            messages.success(request, _("People invited: %(number)s.") % {"number": count})
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")


def _settings(values: QueryDict) -> dict[str, Any]:
    """Return the settings that a form gives, each as the services take it."""
    return {
        "question": _by_language(values, "question", most=consultations.MOST_QUESTION),
        "introduction": _by_language(values, "introduction", most=consultations.MOST_INTRODUCTION),
        "people": chosen(values, "people", allowed=consultations.PEOPLE, default="public"),
        "has_states": _is_yes(values, "has_states"),
        "attribution": chosen(values, "attribution", allowed=words.ATTRIBUTIONS, default="chatham-house"),
        "maps_states": _is_yes(values, "maps_states"),
        "takes_statements": _is_yes(values, "takes_statements"),
        "holds_until_close": _is_yes(values, "holds_until_close"),
        "least_votes": whole_number(values, name="least_votes", low=0, high=consultations.MOST_LEAST_VOTES, default=0),
        "visibility": chosen(values, "visibility", allowed=CIRCLES, default="public"),
        "audience": "",
        "rule": free_text(values, "rule"),
    }


def _by_language(values: QueryDict, name: str, *, most: int) -> dict[str, str]:
    return {tongue: long_text(values, f"{name}_{tongue}", most=most) for tongue in selectors.TONGUES}


def _seeds(values: QueryDict) -> list[dict[str, str]]:
    """Return the statements of a form: one a line, in the language that it names."""
    tongue = chosen(values, "seeds_language", allowed=selectors.TONGUES, default=interface_language())
    lines = long_text(values, "seeds", most=MOST_LINES).splitlines()
    return [{tongue: line} for line in lines if line.strip()]


def _is_yes(values: QueryDict, name: str) -> bool:
    return chosen(values, name, allowed=("yes", "no"), default="no") == "yes"


def _moment(values: QueryDict) -> dt.datetime:
    """Return the deadline that a day and a time in UTC give."""
    at = time_given(values, name="closes_at", default=dt.time(12))
    return dt.datetime.combine(day_given(values, name="closes_on"), at, tzinfo=dt.UTC)


def _bodies(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the bodies, as (slug, name), in which a reader may convene."""
    language = interface_language()
    found: list[tuple[str, str]] = []
    for slug, name in assemblies(language=language):
        found += [(slug, name), *body_view(slug=slug, language=language).parts]
    return [(s, n) for s, n in found if may(user=request.user, action=consultations.CONVENE, body=s)]


def _choices() -> dict[str, Any]:
    return {
        "tongues": selectors.TONGUES,
        "tongue": interface_language(),
        "people_choices": [(key, words.ASKED[key]) for key in consultations.PEOPLE],
        "attributions": words.ATTRIBUTIONS.items(),
        "circles": CIRCLES,
        "most_question": consultations.MOST_QUESTION,
        "most_introduction": consultations.MOST_INTRODUCTION,
        "marks": MARKS,
    }
