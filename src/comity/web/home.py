"""The first page, and the pages about this site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.adapters.country_data import read_atlas
from comity.platform.alignment import convergence, selectors
from comity.platform.commons.release_views import newest_releases
from comity.platform.decisions.selectors import list_ballots
from comity.platform.dialogue.selectors import cards_of, dialogues_in_order
from comity.platform.record.selectors import count_acts, latest_acts
from comity.web.alignment import board
from comity.web.context import interface_language
from comity.web.decisions.frames import SEEN

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TOPICS_SHOWN = 5
ACTS_SHOWN = 6
DIALOGUES_SHOWN = 3
BALLOTS_SHOWN = 3
RELEASES_SHOWN = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is here now: the collection, topics that most members speak to in texts of their own, what waits, the latest acts."""
    members = len(board.members(read_atlas()))
    counts = convergence.levels_by_topic(members=members)
    rows = [board.topic_row(topic=t, counts=counts[t.pk]) for t in selectors.topics()]
    spoken = sorted(rows, key=lambda row: (-row.own, row.position))[:TOPICS_SHOWN]
    context = {
        "totals": selectors.totals(user=request.user),
        "topics": sorted(spoken, key=lambda row: row.position) if any(r.own for r in rows) else [],
        "dialogues": cards_of(
            dialogues=dialogues_in_order(user=request.user, state="open")[:DIALOGUES_SHOWN],
            language=interface_language(),
        ),
        "ballots": list_ballots(user=request.user, language=interface_language(), state="open")[:BALLOTS_SHOWN],
        "releases": newest_releases(user=request.user, most=RELEASES_SHOWN, language=interface_language()),
        "acts": latest_acts(user=request.user, most=ACTS_SHOWN),
        "act_count": count_acts(user=request.user),
        "progress": board.progress(),
        "run": selectors.latest_run(),
        "members": members,
        "marks": (*board.LEVEL_MARKS, *SEEN),
    }
    return render(request, "comity/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say what this site is and how its figures are made."""
    return render(request, "comity/about.html", {"run": selectors.latest_run(), "embedder": settings.EMBEDDER})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how this site can be used, and what is known not to work."""
    return render(request, "comity/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept of a person."""
    return render(request, "comity/privacy.html")
