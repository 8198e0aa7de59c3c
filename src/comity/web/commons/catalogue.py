"""The catalogue of the commons, in alphabetical order and never by use, and the page of a release, which answers first what decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.platform.commons.catalogues import catalogue_size
from comity.platform.commons.notices import notices_on
from comity.platform.commons.release_views import release_cards, release_view
from comity.platform.commons.senders import may_release_more, places_to_release
from comity.platform.commons.taking_down import TAKE_DOWN
from comity.platform.parties.rules import may
from comity.platform.record.log import find_log
from comity.web.commons.agreements import agreements_of_release
from comity.web.commons.evaluations import evaluations_of_release
from comity.web.commons.facets import FACETS, is_found, options_of
from comity.web.commons.mirrors import mirrors_of_release
from comity.web.commons.notes import notes_of_release
from comity.web.commons.readme import plain_blocks
from comity.web.commons.telling import tell_files, tell_openness, tell_use
from comity.web.context import interface_language
from comity.web.parameters import chosen, free_text, page_number
from comity.web.words_of_commons import LICENCE_CLASSES, RELEASE_KINDS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 50
FILES_SHOWN = 50
MARKS = ("v-pub", "v-mem", "v-com", "v-del")


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """List releases by title, with the filters of what somebody comes for and how many each would leave."""
    language, words = interface_language(), free_text(request.GET, "q")
    held = release_cards(user=request.user, language=language, words=words)
    every = held if not words else release_cards(user=request.user, language=language)
    values = {name: facet.values(every) for name, facet in FACETS.items()}
    picked = {name: chosen(request.GET, name, allowed=values[name]) for name in FACETS}
    page = Paginator([card for card in held if is_found(card, picked)], PER_PAGE).get_page(page_number(request.GET))
    context = {
        "page": page,
        "rows": [(card, LICENCE_CLASSES[card.licence_class], RELEASE_KINDS[card.kind]) for card in page],
        "all": len(every),
        "found": page.paginator.count,
        "is_filtered": bool(words) or any(picked.values()),
        "words": words,
        "facets": options_of(cards=held, values=values, picked=picked),
        "silent": sum(card.memory_gb is None for card in every) if picked["runs"] else 0,
        "size": catalogue_size(user=request.user, releases=len(every)),
        "may_release": bool(places_to_release(user=request.user, language=language)),
        "marks": MARKS,
    }
    return render(request, "comity/commons/catalogue.html", context)


@require_safe
def release(request: HttpRequest, slug: str, label: str = "") -> HttpResponse:
    """Show a release: does it work offline, how big is it, what does it need, does it speak my language; then how open, and its files."""
    language = interface_language()
    view = release_view(slug=slug, user=request.user, language=language, name=label)
    log = find_log()
    files = Paginator(view.version.files, FILES_SHOWN).get_page(page_number(request.GET))
    context: dict[str, Any] = {
        "view": view,
        "card": view.card,
        "kind": RELEASE_KINDS[view.card.kind],
        "latest": view.versions[0] if view.versions[0].label != view.card.label else None,
        "use": tell_use(view),
        "open": tell_openness(view.version.openness),
        "page": files,
        "files": tell_files(files),
        "readme": plain_blocks(view.version.readme),
        "notices": notices_on(kind=view.card.kind, licence_class=view.card.licence_class, language=language),
        "address": request.build_absolute_uri("/").rstrip("/"),
        "log_key": log.vkey if log else "",
        "may_take_down": may(user=request.user, action=TAKE_DOWN),
        "may_go_on": view.taken_down is None and may_release_more(slug=slug, user=request.user),
        "marks": MARKS,
        **notes_of_release(view, request),
        **evaluations_of_release(view.card, request),
        **mirrors_of_release(view, request),
        **agreements_of_release(view, request),
    }
    return render(request, "comity/commons/release.html", context)
