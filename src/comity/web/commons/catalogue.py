"""The catalogue of the commons, in alphabetical order and never by use, and the page of a release, which answers first what decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.platform.commons.release_views import release_cards, release_view
from comity.platform.record.log import find_log
from comity.web.commons.agreements import agreements_of_release
from comity.web.context import interface_language
from comity.web.parameters import chosen, page_number
from comity.web.templatetags.comity import data_size
from comity.web.words_of_commons import INDICATORS, LICENCE_CLASSES, RELEASE_KINDS, RISKS, SCANS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 50
MARKS = ("v-pub", "v-mem", "v-com", "v-del")


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """List releases by title, with the filters of what somebody comes for."""
    cards = release_cards(user=request.user, language=interface_language())
    tongues = sorted({tongue for card in cards for tongue in card.languages})
    kind = chosen(request.GET, "kind", allowed=RELEASE_KINDS)
    tongue = chosen(request.GET, "tongue", allowed=tongues)
    licence = chosen(request.GET, "licence", allowed=LICENCE_CLASSES)
    offline = chosen(request.GET, "offline", allowed=("yes",))
    found = [
        card
        for card in cards
        if kind in {"", card.kind}
        and (not tongue or tongue in card.languages)
        and licence in {"", card.licence_class}
        and (not offline or card.offline)
    ]
    page = Paginator(found, PER_PAGE).get_page(page_number(request.GET))
    context = {
        "page": page,
        "rows": [(card, LICENCE_CLASSES[card.licence_class], data_size(card.size)) for card in page],
        "all": len(cards),
        "kinds": RELEASE_KINDS.items(),
        "licences": LICENCE_CLASSES.items(),
        "tongues": tongues,
        "picked": {"kind": kind, "tongue": tongue, "licence": licence, "offline": offline},
        "marks": MARKS,
    }
    return render(request, "comity/commons/catalogue.html", context)


@require_safe
def release(request: HttpRequest, slug: str, label: str = "") -> HttpResponse:
    """Show a release: does it work offline, how big is it, what does it need, does it speak my language; then how open, and its files."""
    view = release_view(slug=slug, user=request.user, language=interface_language(), name=label)
    told = view.version.openness
    log = find_log()
    context = {
        "view": view,
        "card": view.card,
        "size": data_size(view.card.size),
        "licence": LICENCE_CLASSES[view.card.licence_class],
        "kind": RELEASE_KINDS[view.card.kind],
        "running": told.get("running", {}),
        "spoken": told.get("languages", []),
        "unmeasured": told.get("languages_not_measured", []),
        "parts": [(c, LICENCE_CLASSES[c["licence"]["class"]]) for c in told.get("components", [])],
        "framework": told.get("model_openness_framework", {}),
        "indicators": [(i, INDICATORS.get(i["met"], i["met"])) for i in told.get("public_good_indicators", [])],
        "files": [(f, data_size(f.size), RISKS[f.risk], SCANS[f.scan]) for f in view.version.files],
        "limits": told.get("known_limits", ""),
        "use": told.get("intended_use", ""),
        "address": request.build_absolute_uri("/").rstrip("/"),
        "log_key": log.vkey if log else "",
        "marks": MARKS,
        **agreements_of_release(view, request),
    }
    return render(request, "comity/commons/release.html", context)
