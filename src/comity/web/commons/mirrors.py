"""Mirrors: the list, one with its history, the form that offers one, and what the page of a release shows of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.errors import BadInput, BadParameter, Conflict, NotPermitted
from comity.platform.commons import mirrors as services
from comity.platform.commons.mirror_views import (
    mirror_page,
    mirrors_seen,
    mirrors_to_fetch_from,
    places_to_offer,
    regions_of_reader,
    releases_to_serve,
)
from comity.platform.commons.mirror_views import mirrors_of_release as cards_of_release
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.rules import MAY
from comity.platform.record.log import find_log
from comity.web.context import interface_language
from comity.web.parameters import chosen, demand_sure, page_number
from comity.web.places import place_name, places_to_choose
from comity.web.refusing import shown_again
from comity.web.templatetags.comity import data_size

if TYPE_CHECKING:
    from django.http import HttpRequest

    from comity.errors import ComityError
    from comity.platform.commons.mirror_views import ComparisonView
    from comity.platform.commons.release_views import ReleaseView

FORM = 1
ON_RELEASE = 5
PER_PAGE = 50
MOST_TYPED = 4000
MARKS = ("v-pub", "v-mem")
BLANK: dict[str, Any] = {"names": {}, "address": "", "place": "", "serves": ""}


@require_safe
def list_all(request: HttpRequest) -> HttpResponse:
    """List the mirrors that are named, and to members those that are offered."""
    language = interface_language()
    cards = mirrors_seen(user=request.user, language=language)
    page = Paginator(cards, PER_PAGE).get_page(page_number(request.GET))
    context = {
        "page": page,
        "rows": [(card, place_name(card.place)) for card in page],
        "offered": [
            (card, place_name(card.place))
            for card in mirrors_seen(user=request.user, language=language, state=services.State.OFFERED)
        ],
        "may_offer": bool(places_to_offer(user=request.user, language=language)),
        **_set_up(request),
    }
    return render(request, "comity/commons/mirrors.html", context)


@require_safe
def list_for_commands(request: HttpRequest) -> HttpResponse:
    """Answer the mirrors to which a fetch is sent, for commands; names are in English where there are such."""
    del request
    rows = [
        {
            "name": card.name,
            "address": card.address,
            "member": card.member,
            "region": card.region,
            "place": card.place,
            "serves": list(card.serves),
            "last_compared": card.last_at.isoformat(timespec="seconds").replace("+00:00", "Z")
            if card.last_at
            else None,
            "result": card.result or "not-compared",
        }
        for card in mirrors_to_fetch_from(language="en")
    ]
    content = json.dumps({"comity_mirrors": FORM, "mirrors": rows}, ensure_ascii=False, indent=1)
    answer = HttpResponse(content, content_type="application/json")
    answer["Cache-Control"] = "no-cache"
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """Show the form of an offer, or enter the offer."""
    language = interface_language()
    places = places_to_offer(user=request.user, language=language)
    if not places:
        raise NotPermitted(action=services.OFFER, needed=" or ".join(sorted(MAY[services.OFFER])))
    context: dict[str, Any] = {
        "places": places,
        "typed": BLANK,
        "wheres": places_to_choose(),
        "releases": releases_to_serve(language=language),
        "tongue": language,
        "others": [code for code in LANGUAGES if code != language],
        "most_name": services.MOST_NAME,
        "marks": MARKS,
    }
    if request.method != "POST":
        return render(request, "comity/commons/mirror_form.html", context)
    typed = _typed(request)
    try:
        pairs = [f"{body}/{member}" for body, _b, member, _m in places]
        body, _bar, member = chosen(request.POST, "for", allowed=pairs, default=pairs[0]).partition("/")
        made = services.offer_mirror(
            body=body,
            member=member,
            names=typed["names"],
            address=typed["address"],
            place=typed["place"],
            serves=[slug for slug in typed["serves"].replace(",", " ").split() if slug],
            by=request.user,
        )
    except (BadInput, Conflict) as error:
        return shown_again(request, "comity/commons/mirror_form.html", context | {"typed": typed}, error=error)
    messages.success(request, _("The mirror is offered. Members see it; once the secretariat names it, it is public."))
    return redirect("mirror", made.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mirror(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a mirror with its history; name it, end it or have it compared by POST."""
    language = interface_language()
    problem: ComityError | None = None
    if request.method == "POST":
        mirror_page(slug=slug, user=request.user)
        try:
            _do(request, slug=slug)
        except (BadInput, Conflict) as error:
            problem = error
        else:
            return redirect("mirror", slug)
    view = mirror_page(slug=slug, user=request.user, language=language)
    titles = {name: (title, tongue) for name, title, tongue in releases_to_serve(language=language)}
    context = {
        "view": view,
        "card": view.card,
        "where": place_name(view.card.place),
        "served": [(name, *titles.get(name, (name, "en"))) for name in view.card.serves],
        "history": [_row(comparison) for comparison in view.history],
        **_set_up(request),
    }
    if problem is not None:
        return shown_again(request, "comity/commons/mirror.html", context, error=problem)
    return render(request, "comity/commons/mirror.html", context)


def mirrors_of_release(view: ReleaseView, request: HttpRequest) -> dict[str, Any]:
    """Return what ``_mirrors.html`` shows on the page of a release."""
    language, slug = interface_language(), view.card.slug
    cards = cards_of_release(slug=slug, user=request.user, language=language)
    return {
        "mirrors": [(card, place_name(card.place), slug in card.lacks) for card in cards[:ON_RELEASE]],
        "mirrors_in_all": len(cards),
        "mirrors_are_near": bool(regions_of_reader(user=request.user) & {card.region for card in cards}),
        "mirrors_may_be": view.card.visibility == "public" and view.taken_down is None,
        "may_offer_mirror": bool(places_to_offer(user=request.user, language=language)),
    }


def _do(request: HttpRequest, *, slug: str) -> None:
    match chosen(request.POST, "do", allowed=("name", "end", "compare")):
        case "name":
            services.name_mirror(slug=slug, by=request.user)
            messages.success(request, _("The mirror is named. It is public now, and compared every day."))
        case "end":
            demand_sure(request.POST)
            services.end_mirror(slug=slug, by=request.user)
            messages.success(request, _("The mirror has ended. Nobody is sent to it any more."))
        case "compare":
            services.ask_comparison(slug=slug, by=request.user)
            messages.success(
                request, _("It is compared as soon as the worker comes to it. Look again in some minutes.")
            )
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")


def _typed(request: HttpRequest, /) -> dict[str, Any]:
    values = request.POST
    return {
        "names": {code: values.get(f"name_{code}", "")[:MOST_TYPED] for code in LANGUAGES},
        "for": values.get("for", "")[:130],
        **{name: values.get(name, "")[:MOST_TYPED] for name in ("address", "place", "serves")},
    }


def _set_up(request: HttpRequest, /) -> dict[str, Any]:
    """Return what a page needs to tell how to set one up."""
    log = find_log()
    home = request.build_absolute_uri("/").rstrip("/")
    return {"home_address": home, "log_key": log.vkey if log else "", "marks": MARKS}


def _row(comparison: ComparisonView, /) -> tuple[ComparisonView, str, int]:
    return comparison, data_size(comparison.looked_at), comparison.total - len(comparison.differences)
