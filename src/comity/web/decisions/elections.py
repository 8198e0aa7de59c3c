"""Elections: results of secret ballots that were held elsewhere, and the form in which the tellers' result is recorded."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.errors import BadInput, BadParameter, ComityError, Conflict
from comity.platform.decisions import elections as services
from comity.platform.decisions.document_text import MOST_TEXT
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.roster import body_names, members_on
from comity.platform.parties.rules import require
from comity.web.context import interface_language
from comity.web.parameters import chosen, day_given, free_text, long_text, time_given, whole_number
from comity.web.refusals import words_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

MARKS = ("v-pub", "v-mem", "v-com")
MOST_LINES = 20_000


@require_safe
def elections(request: HttpRequest) -> HttpResponse:
    """List the elections that a reader sees, the latest first."""
    context = {
        "found": services.list_elections(user=request.user, language=interface_language()),
        "may_record": services.may_record(user=request.user),
        "belenios": services.BELENIOS,
        "marks": MARKS,
    }
    return render(request, "comity/decisions/elections.html", context)


@require_safe
def election(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the result of one election."""
    view = services.election_view(slug=slug, user=request.user, language=interface_language())
    context = {"view": view, "belenios": services.BELENIOS, "marks": MARKS}
    return render(request, "comity/decisions/election.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of an election's result, or record it."""
    require(user=request.user, action=services.RECORD)
    names = body_names(language=interface_language())
    values = request.POST if request.method == "POST" else request.GET
    body = chosen(values, "body", allowed=names)
    problem: ComityError | None = None
    if request.method == "POST":
        try:
            made = services.record_election(body=body, by=request.user, **_given(values))
        except (BadInput, Conflict) as error:
            problem = error
        else:
            messages.success(request, _("The result is recorded. The act is on the record."))
            return redirect("election", made.slug)
    seats = members_on(body=body, on=timezone.now().date(), language=interface_language()) if body else ()
    context = {
        "body": body,
        "bodies": sorted(names.items(), key=lambda pair: pair[1].casefold()),
        "seats": [(seat.slug, seat.name, seat.slug in values.getlist("tellers")) for seat in seats],
        "circles": services.CIRCLES,
        "visibility": values.get("visibility", "public"),
        "typed": values,
        "offices": [
            (tongue, values.get(f"office_{tongue}", ""))
            for tongue in sorted(LANGUAGES, key=lambda t: t != interface_language())
        ],
        "problem": words_of(problem) if problem else "",
        "most_number": services.MOST_NUMBER,
        "belenios": services.BELENIOS,
        "marks": MARKS,
    }
    return render(request, "comity/decisions/new_election.html", context, status=400 if problem else 200)


def _given(values: QueryDict, /) -> dict[str, Any]:
    """Return what a form says of an election, as the service takes it. Raises BadParameter."""
    at = time_given(values, name="held_at", default=dt.time(12))
    most = services.MOST_NUMBER
    return {
        "slug": free_text(values, "slug"),
        "office": {tongue: free_text(values, f"office_{tongue}") for tongue in LANGUAGES},
        "held_at": dt.datetime.combine(day_given(values, name="held_on"), at, tzinfo=dt.UTC),
        "system": free_text(values, "system"),
        "counts": [_count(line) for line in _lines(values, "counts")],
        "cast": whole_number(values, name="cast", low=0, high=most, default=0),
        "invalid": whole_number(values, name="invalid", low=0, high=most, default=0),
        "seats": whole_number(values, name="seats", low=1, high=services.MOST_CANDIDATES, default=1),
        "elected": _lines(values, "elected"),
        "tellers": values.getlist("tellers"),
        "statement": long_text(values, "statement", most=MOST_TEXT),
        "statement_sha256": free_text(values, "statement_sha256"),
        "authority": free_text(values, "authority"),
        "visibility": chosen(values, "visibility", allowed=services.CIRCLES, default="public"),
    }


def _count(line: str, /) -> tuple[str, int]:
    """Return the candidate and the votes of a line such as "Member 3: 96". Raises BadParameter."""
    name, _colon, number = line.rpartition(":")
    if not name.strip() or not (number.strip().isascii() and number.strip().isdigit()) or len(number.strip()) > 6:  # noqa: PLR2004  (more digits than members)
        raise BadParameter(name="counts", found=line[:60], allowed="a candidate, a colon and the votes, one a line")
    return name.strip(), int(number)


def _lines(values: QueryDict, name: str, /) -> list[str]:
    return [line.strip() for line in long_text(values, name, most=MOST_LINES).splitlines() if line.strip()]
