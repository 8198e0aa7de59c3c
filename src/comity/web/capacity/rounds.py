"""Rounds for everyone: the room's front page, the list, a round with its reasons, and its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comity.platform.capacity.delivery_views import track_commitments
from comity.platform.capacity.round_lookups import HOLD
from comity.platform.capacity.round_summary import open_contributions
from comity.platform.capacity.round_views import list_rounds, round_file, round_view
from comity.platform.parties.preparing import own_members
from comity.platform.parties.rules import may
from comity.platform.parties.today import needs_of
from comity.web.capacity.round_saying import say_rules, set_out_blocks
from comity.web.context import interface_language
from comity.web.delegation.needs import in_words
from comity.web.parameters import page_number

if TYPE_CHECKING:
    from django.http import HttpRequest

    from comity.platform.capacity.round_views import RoundView

MARKS = ("v-pub", "v-mem", "v-com", "v-del")
PER_PAGE = 50
MOST_COLUMNS = 12
MOST_LISTED = 5
MOST_TO_DO = 8
MOST_TRACKED = 25
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "txt": "text/plain; charset=utf-8"}


@require_safe
def capacity(request: HttpRequest) -> HttpResponse:
    """Show the room: what waits for the reader, the latest round with its reasons, open needs and offers."""
    language = interface_language()
    cards = list_rounds(user=request.user, language=language)
    frozen = [c for c in cards if c.frozen_at is not None and c.state != "cancelled"]
    latest = next(iter(sorted(frozen, key=lambda c: -c.opened_at.timestamp())), None)
    context: dict[str, Any] = {
        "running": [c for c in cards if c.state not in {"confirmed", "cancelled"}][:MOST_LISTED],
        "latest": latest,
        "to_do": [in_words(n) for n in needs_of(user=request.user) if n.address.startswith("/capacity/")][:MOST_TO_DO],
        "found": open_contributions(user=request.user, language=language, most=MOST_LISTED),
        "is_of_member": bool(own_members(user=request.user)),
        "may_hold": may(user=request.user, action=HOLD),
        "marks": MARKS,
    }
    if latest is not None:
        view = round_view(slug=latest.slug, user=request.user, language=language)
        context |= round_context(request, view)
    return render(request, "comity/capacity/front.html", context)


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """List rounds: those that are running, then those that are over."""
    cards = list_rounds(user=request.user, language=interface_language())
    over = [c for c in cards if c.state in {"confirmed", "cancelled"}]
    context = {
        "running": [c for c in cards if c.state not in {"confirmed", "cancelled"}],
        "page": Paginator(over, PER_PAGE).get_page(page_number(request.GET)),
        "may_hold": may(user=request.user, action=HOLD),
        "marks": MARKS,
    }
    return render(request, "comity/capacity/rounds.html", context)


@require_safe
def one_round(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a round: its rules, how it was shared and why, who drew on what, what was challenged, and its files."""
    view = round_view(slug=slug, user=request.user, language=interface_language())
    return render(request, "comity/capacity/round.html", round_context(request, view) | {"marks": MARKS})


@require_safe
def file_of_round(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Give out one file of a round, as the command reads and writes it."""
    text = round_file(slug=slug, name=name, user=request.user)
    found = HttpResponse(text, content_type=TYPES[name.rpartition(".")[2]])
    found["Content-Disposition"] = f'attachment; filename="{name}"'
    found["X-Content-Type-Options"] = "nosniff"
    return found


def round_context(request: HttpRequest, view: RoundView, /) -> dict[str, Any]:
    """Return what the pages of a round show: its sentences, the needs of this page in their blocks, and the table of who drew on what."""
    language = interface_language()
    units = {r.slug: r.unit for r in view.card.resources}
    context: dict[str, Any] = {
        "view": view,
        "card": view.card,
        "units": units,
        "now": timezone.now(),
        "rules": say_rules(view.rules, resources=view.card.resources, language=language),
        "weighted": bool(view.rules.weights),
    }
    if view.rows is None:
        return context
    in_order = [n for b in view.rows.blocks for n in b.needs] or list(view.rows.needs)
    page = Paginator(in_order, PER_PAGE).get_page(page_number(request.GET))
    codes = [n.code for n in page]
    context |= {
        "page": page,
        "blocks": set_out_blocks(view.rows.blocks, codes=codes, units=units, weighted=bool(view.rules.weights)),
        "drawn": _drawn(view, rows=list(page)),
        "track": _track(request, view),
    }
    return context


def _track(request: HttpRequest, view: RoundView, /) -> list[Any]:
    """Return what has been delivered of a confirmed round, as far as the reader sees it; the tracker shows the rest."""
    if view.card.state != "confirmed":
        return []
    rows = track_commitments(user=request.user, language=interface_language(), round=view.card.slug)
    return rows[:MOST_TRACKED]


def _drawn(view: RoundView, /, *, rows: list[Any]) -> dict[str, Any] | None:
    """Return the table of who drew on what: columns, and for each need its cells; None where it is not told, or too wide to read."""
    if view.rows is None or not view.told or not view.sees_tables:
        return None
    resources = {r.resource for r in rows}
    columns = [o for o in view.rows.offers if o.resource in resources]
    if not columns or len(columns) > MOST_COLUMNS:
        return None
    table = []
    for row in rows:
        drawn = {d.offer.code: d.units for d in row.draws}
        cells = [(drawn.get(o.code), (row.code, o.code) in view.fits) for o in columns]
        table.append((row, cells))
    return {"columns": columns, "rows": table}
