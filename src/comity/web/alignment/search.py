"""Search the provisions by their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.platform.alignment import selectors
from comity.web.context import interface_language
from comity.web.parameters import free_text, page_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find provisions that hold the words asked for."""
    query = free_text(request.GET, "q")
    context: dict[str, object] = {"q": query, "marks": ("v-del",)}
    if query:
        found = selectors.search_provisions(query=query, language=interface_language(), user=request.user)
        context["found"] = found
        context["page"] = Paginator(found.provisions, PER_PAGE).get_page(page_number(request.GET))
    return render(request, "alignment/search.html", context)
