"""What is public of this instance as a file of IATI, and the activities of others, taken in as context."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from comity.adapters.iati_writing import MEDIA_TYPE
from comity.errors import BadParameter
from comity.platform.capacity.context import TAKE_IN, list_activities, take_activities_in
from comity.platform.capacity.iati import write_public_activities
from comity.platform.parties.rules import may, require
from comity.web.context import interface_language
from comity.web.parameters import free_text, page_number
from comity.web.refusals import words_of
from comity.web.refusing import refusal_of, told

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

PER_PAGE = 50
MOST_BYTES = 20_000_000
MOST_TOLD = 20


@require_safe
def iati_file(request: HttpRequest) -> HttpResponseBase:
    """Answer with all public activities as IATI 2.03, or with 304 where the reader has them already. Raises Conflict where there are none."""
    content = write_public_activities(reporter=settings.IATI_REPORTER, name=settings.BODY_NAME)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    answer = HttpResponse(content, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    answer["ETag"] = etag
    answer["Content-Disposition"] = 'attachment; filename="iati.xml"'
    return get_conditional_response(request, etag=etag, response=answer) or answer


@require_http_methods(["GET", "HEAD", "POST"])
def activities(request: HttpRequest) -> HttpResponse:
    """List activities that others report, and take a file of them in by POST."""
    problem = None
    if request.method == "POST":
        require(user=request.user, action=TAKE_IN)
        problem = refusal_of(lambda: _take_in(request))
        if problem is None:
            return redirect("context-activities")
    country = free_text(request.GET, "country").upper()[:2]
    rows = list_activities(language=interface_language(), country=country)
    said, status = told(problem)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(page_number(request.GET)),
        "country": country,
        "found": len(rows),
        "publishes": bool(settings.IATI_REPORTER),
        "may_take_in": may(user=request.user, action=TAKE_IN),
        "most_megabytes": MOST_BYTES // 1_000_000,
        "problem": said,
        "marks": ("v-pub",),
    }
    return render(request, "comity/capacity/activities.html", context, status=status)


def _take_in(request: HttpRequest, /) -> None:
    sent = request.FILES.get("file")
    if sent is None or (sent.size or 0) > MOST_BYTES:
        found = "nothing" if sent is None else f"{(sent.size or 0) / 1_000_000:.0f} MB"
        raise BadParameter(name="file", found=found, allowed=f"a file of at most {MOST_BYTES // 1_000_000} MB")
    taken = take_activities_in(content=sent.read(), name=sent.name or "activities.xml", by=request.user)
    number = taken.new + taken.replaced
    said = ngettext(
        "%(n)s activity was taken in, of which %(new)s new.",
        "%(n)s activities were taken in, of which %(new)s new.",
        number,
    )
    messages.success(request, said % {"n": number, "new": taken.new})
    if taken.refused:
        left = ngettext(
            "%(n)s activity could not be read and was left out:",
            "%(n)s activities could not be read and were left out:",
            taken.refused,
        ) % {"n": taken.refused}
        messages.warning(request, left)
        for refusal in taken.refusals[:MOST_TOLD]:
            messages.warning(request, words_of(refusal))
