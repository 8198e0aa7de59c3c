"""Look for a counterpart of a provision in one text, or in all of a party, and write down that there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comity.platform.alignment import selectors
from comity.platform.alignment.fruitless import (
    ACTION,
    MOST_QUERY,
    MOST_REASON,
    MUST_SAY_WHY,
    look_for_counterpart,
    record_nothing_found,
)
from comity.platform.parties.rules import require
from comity.platform.record.visibility import narrowest
from comity.web import words
from comity.web.alignment import board
from comity.web.parameters import chosen, long_text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

WHY = "why:"


@require_http_methods(["GET", "HEAD", "POST"])
def nothing_found(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Show the best candidates and ask why each is none; a POST records that nothing was found."""
    require(user=request.user, action=ACTION)
    found = selectors.provision_of(slug=slug, ref=ref, user=request.user)
    places = places_to_search(request, but=slug)
    given = _given(request.POST if request.method == "POST" else request.GET, places=places)
    if request.method == "POST":
        reasons = {
            name.removeprefix(WHY): long_text(request.POST, name, most=MOST_REASON)
            for name in request.POST
            if name.startswith(WHY)
        }
        record_nothing_found(slug=slug, ref=ref, reasons=reasons, by=request.user, **given)
        messages.success(request, _("Written down: searched, and nothing found. The act stands on the record."))
        return redirect("provision", slug, ref)
    look = (
        look_for_counterpart(slug=slug, ref=ref, user=request.user, **given)
        if given["instrument"] or given["party"]
        else None
    )
    circles = [(t.visibility, t.audience) for t in (found.instrument, *(look.instruments if look else ()))]
    context: dict[str, Any] = {
        "provision": found,
        "instrument": found.instrument,
        "look": look,
        "silence": words.SILENCES.get(look.silence, "") if look else "",
        "place": request.GET.get("in", "")[:100],
        "places": places,
        "topic": given["topic"],
        "topics": [(t.pk, board.label_of(t)) for t in selectors.topics()],
        "most_query": MOST_QUERY,
        "most_reason": MOST_REASON,
        "must_say_why": MUST_SAY_WHY,
        "circle": narrowest(*circles)[0],
        "marks": ("v-pub", "v-mem", "v-del"),
    }
    return render(request, "alignment/nothing_found.html", context)


def places_to_search(request: HttpRequest, *, but: str) -> list[tuple[str, str]]:
    """Return where one can search, by value and name: the other texts, then the parties."""
    texts = [(f"text:{i.slug}", i.short_title) for i in selectors.list_instruments(user=request.user) if i.slug != but]
    parties = [
        (f"party:{code}", _("All texts of %(party)s") % {"party": name})
        for code, name in board.party_choices(user=request.user)
    ]
    return texts + parties


def _given(values: QueryDict, *, places: list[tuple[str, str]]) -> dict[str, str]:
    kind, _, name = chosen(values, "in", allowed=[value for value, _ in places]).partition(":")
    return {
        "instrument": name if kind == "text" else "",
        "party": name if kind == "party" else "",
        "query": long_text(values, "q", most=MOST_QUERY),
        "topic": chosen(values, "topic", allowed=[t.pk for t in selectors.topics()]),
    }
