"""Pages for what could not be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from comity.errors import ComityError, NotFound, StaleForm
from comity.web import (
    words,
    words_of_agreements,
    words_of_commons,
    words_of_delivery,
    words_of_dialogue,
    words_of_evaluations,
    words_of_mirrors,
    words_of_needs,
    words_of_notes,
    words_of_questions,
    words_of_rounds,
)
from comity.web.request_id import current_request_id

if TYPE_CHECKING:
    from django.http import HttpRequest

# Each room calls its own fields by the labels of its forms, and says what they take; the first that knows a word says it.
ROOMS = (
    words_of_dialogue,
    words_of_needs,
    words_of_rounds,
    words_of_delivery,
    words_of_commons,
    words_of_notes,
    words_of_questions,
    words_of_evaluations,
    words_of_mirrors,
    words_of_agreements,
)
ISOLATE, END = "\u2068", "\u2069"


def words_of(error: ComityError) -> str:
    """Return a refusal's sentence in the reader's language."""
    return _(error.template).format(**{name: _in_words(name, value) for name, value in error.data.items()})


def _in_words(name: str, value: object) -> object:
    """Return a value of a refusal in the reader's language where it comes from one of our vocabularies."""
    text = str(value)
    if name == "needed":
        between = _("or")
        return f" {between} ".join(str(words.OFFICES.get(role, role)) for role in text.split(" or "))
    decided = words.STATEMENT_STATES | words.APPEALS | words.SHEET_ENDS
    held: dict[str, dict[str, Any]] = {
        "name": _of_rooms("FIELDS"),
        "allowed": _of_rooms("ALLOWED"),
        "found": _of_rooms("FOUND"),
        "problem": _of_rooms("PROBLEMS"),
        "action": words.ACTIONS,
        "state": decided | words.STATES | words.DIALOGUE_STATES,
        "asked": words.ASKED,
    }
    said = held.get(name, {}).get(text, value)
    # A name or an address in Latin letters is kept together, so that its dots and strokes stay where they are from right to left.
    return f"{ISOLATE}{said}{END}" if isinstance(said, str) and get_language_bidi() else said


def _of_rooms(table: str) -> dict[str, Any]:
    """Return a vocabulary of every room together."""
    return {key: said for room in reversed(ROOMS) for key, said in getattr(room, table, {}).items()}


def refusal_page(request: HttpRequest, error: ComityError, *, status: int) -> HttpResponse:
    """Render a refusal with its status."""
    titles = {
        400: _("This cannot be used"),
        403: _("You may not do this"),
        404: _("Nothing was found here"),
        409: _("This has changed meanwhile"),
        429: _("Too many at once"),
    }
    title = titles.get(status, _("This could not be done"))
    context = {"title": title, "sentence": words_of(error), "code": error.code, "came_from": _came_from(request)}
    return render(request, "comity/refusal.html", context, status=status)


def _came_from(request: HttpRequest) -> str:
    """Return the page of ours that led here, or nothing: from it a refused form can be sent anew."""
    address = request.META.get("HTTP_REFERER", "")[:2000]
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    again = request.method == "GET" and address == request.build_absolute_uri()
    return address if ours and not again else ""


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old: most often a page that stayed open for long."""
    del reason
    return refusal_page(request, StaleForm(), status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    del exception
    return refusal_page(request, NotFound(reference=request.path[:120]), status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that is malformed, or for a host that is not ours: plainly, and trusting nothing of it."""
    del request, exception
    return HttpResponse("400 Bad Request: this server does not answer that.\n", status=400, content_type="text/plain")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when something broke: plainly, with the request's id and nothing else of the inside."""
    context = {"request_id": current_request_id()}
    return render(request, "comity/server_error.html", context, status=500)
