"""The open data of a consultation, as files, and what is not published with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rfc8785
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.adapters.tables import table_lines
from comity.platform.dialogue import open_data as published
from comity.platform.dialogue.figures import LEAST_VOICES
from comity.platform.dialogue.selectors import text_in
from comity.web.context import interface_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest


@require_safe
def open_data(request: HttpRequest, slug: str) -> HttpResponse:
    """List the files, and say why others are not there."""
    found = published.open_data_of(slug=slug, user=request.user)
    context = {
        "dialogue": found.dialogue,
        "question": text_in(found.dialogue.question, language=interface_language()),
        "data": found,
        "least": LEAST_VOICES,
        "marks": ("v-pub", "v-mem", "v-com"),
    }
    return render(request, "dialogue/data.html", context)


@require_safe
def results_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The published figures as canonical JSON (RFC 8785): their digests stand in the act."""
    document = published.results_document(slug=slug, user=request.user)
    return HttpResponse(
        rfc8785.dumps(document),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}-results.json"'},
    )


@require_safe
def votes_file(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every answer of people, one a row."""
    return _lines(f"{slug}-votes.csv", published.vote_rows(slug=slug, user=request.user))


@require_safe
def comments_file(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every statement of the results."""
    return _lines(f"{slug}-comments.csv", published.comment_rows(slug=slug, user=request.user))


@require_safe
def participants_file(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every voice of people, one a row, with all its answers."""
    return _lines(f"{slug}-participants-votes.csv", published.participant_rows(slug=slug, user=request.user))


@require_safe
def members_file(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """What each member answered, where answers are attributed."""
    rows = published.member_rows(slug=slug, user=request.user)
    return _lines(f"{slug}-members.csv", table_lines(header=published.MEMBERS, rows=rows))


def _lines(name: str, lines: Iterable[str | bytes]) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
