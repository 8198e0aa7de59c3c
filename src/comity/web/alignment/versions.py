"""Versions of an instrument: one of them whole, and what became of each provision from one to another."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.engines.alignment.changes import KINDS
from comity.platform.alignment import histories
from comity.web import words
from comity.web.parameters import chosen, page_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 100
CHANGES_PER_PAGE = 30


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one version whole, as it stood, with the dates between which it was the present one."""
    held = histories.version_of(slug=slug, number=number, user=request.user)
    refs = [row.ref for row in held.provisions]
    at = chosen(request.GET, "at", allowed=refs)
    asked = refs.index(at) // PER_PAGE + 1 if at else page_number(request.GET)
    context = {
        "instrument": held.instrument,
        "version": held.version,
        "page": Paginator(held.provisions, PER_PAGE).get_page(asked),
        "versions": histories.versions_of(instrument=held.instrument),
    }
    return render(request, "alignment/version.html", context)


@require_safe
def changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show what became of each provision in a version, against the one before or an earlier one that is named."""
    earlier = chosen(request.GET, "since", allowed=[str(n) for n in range(1, number)], default=str(number - 1))
    before, after, found = histories.compare_versions_of(slug=slug, old=int(earlier), new=number, user=request.user)
    counts = Counter(view.change.kind for view in found)
    kind = chosen(request.GET, "kind", allowed=KINDS)
    shown = [view for view in found if view.change.kind == kind or (not kind and view.change.kind != "unchanged")]
    page = Paginator(shown, CHANGES_PER_PAGE).get_page(page_number(request.GET))
    context = {
        "instrument": after.instrument,
        "before": before.version,
        "after": after.version,
        "earlier": [v for v in histories.versions_of(instrument=after.instrument) if v.number < number],
        "counts": [(k, words.CHANGES[k], counts[k]) for k in KINDS if counts[k]],
        "kind": kind,
        "page": page,
        "rows": [(view, view.differences()) for view in page],
    }
    return render(request, "alignment/changes.html", context)
