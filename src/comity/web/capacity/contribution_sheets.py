"""Needs and offers from a ministry's spreadsheet, and as one; what is public as CSV for anyone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.adapters.sheet_words import tell_problem
from comity.adapters.sheet_writing import MEDIA_TYPE
from comity.errors import BadInput, BadParameter, NotPermitted
from comity.platform.capacity import sheets
from comity.platform.capacity.resources import list_resources
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.preparing import PREPARE
from comity.platform.parties.rules import MAY
from comity.web.capacity import contribution_forms as forms
from comity.web.context import interface_language
from comity.web.parameters import chosen
from comity.web.refusals import words_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from comity.platform.capacity.sheets import SheetTaken

MOST_BYTES = 2_000_000
FORMS = ("xlsx", "csv")
MARKS = ("v-pub", "v-mem", "v-del")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the form of a spreadsheet, or take one in: all rows or none, each refusal by its cell."""
    places, place = forms.place_to_prepare(request)
    if not places:
        raise NotPermitted(action=PREPARE, needed=" or ".join(sorted(MAY[PREPARE])))
    context: dict[str, Any] = {
        "kind": kind,
        "places": places,
        "place": place,
        "most_rows": sheets.MOST_ROWS,
        "most_megabytes": MOST_BYTES // 1_000_000,
        "tongues": LANGUAGES,
        "tongue": interface_language(),
        "circles": forms.CIRCLES,
        "marks": MARKS,
    }
    if place is not None:
        context |= {"body": place[0], "member": place[1], "for": "/".join(place)}
    if request.method == "POST" and place is not None:
        return _take(request, kind=kind, place=place, context=context)
    return render(request, "comity/capacity/sheet.html", context)


@never_cache
@require_safe
def own_sheet(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """Give a delegation its needs or offers as a workbook or CSV; without any, the form to fill in."""
    _places, place = forms.place_to_prepare(request)
    if place is None:
        raise NotPermitted(action=PREPARE, needed=" or ".join(sorted(MAY[PREPARE])))
    body, member = place
    given: dict[str, Any] = {"kind": kind, "body": body, "member": member, "user": request.user}
    given["language"] = interface_language()
    if form == "xlsx":
        title = _("Needs") if kind == sheets.NEEDS else _("Offers")
        response = HttpResponse(sheets.sheet_of_own(**given, title=title), content_type=MEDIA_TYPE)
    else:
        response = HttpResponse(sheets.csv_of_own(**given), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}-{member}.{form}"'
    return response


@require_safe
def public_csv(request: HttpRequest, kind: str) -> HttpResponse:
    """Give anyone what is open and public in a body as CSV."""
    bodies = list(dict.fromkeys(r.body for r in list_resources()))
    if not bodies:
        raise Http404
    body = chosen(request.GET, "body", allowed=bodies, default=bodies[0])
    text = sheets.csv_of_public(kind=kind, body=body, language=interface_language())
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}-{body}.csv"'
    return response


def _take(request: HttpRequest, *, kind: str, place: tuple[str, str], context: dict[str, Any]) -> HttpResponse:
    body, member = place
    values = request.POST
    try:
        sent = request.FILES.get("file")
        if sent is None or (sent.size or 0) > MOST_BYTES:
            found = "nothing" if sent is None else f"{sent.size} bytes"
            raise BadParameter(name="file", found=found, allowed=f"one file of at most {MOST_BYTES} bytes")
        taken = sheets.take_sheet_in(
            kind=kind,
            body=body,
            member=member,
            name=(sent.name or "")[:120],
            content=sent.read(),
            language=chosen(values, "language", allowed=LANGUAGES, default=interface_language()),
            visibility=chosen(values, "visibility", allowed=forms.CIRCLES),
            by=request.user,
        )
    except BadInput as error:
        return render(request, "comity/capacity/sheet.html", context | {"problem": words_of(error)}, status=400)
    if taken.found:
        context |= {"lines": _lines(taken, kind=kind, body=body), "found": taken.found}
        return render(request, "comity/capacity/sheet.html", context, status=400)
    said = _("Taken in: %(made)s new drafts, %(changed)s changed, %(same)s as they were.")
    messages.success(request, said % {"made": taken.made, "changed": taken.changed, "same": taken.same})
    return redirect(kind)


def _lines(taken: SheetTaken, /, *, kind: str, body: str) -> list[str]:
    """Return what is wrong, a sentence a cell."""
    language = interface_language()
    columns = sheets.columns_of(kind=kind, body=body)
    lines = [tell_problem(problem=p, columns=columns, language=language) for p in taken.problems]
    return lines + [f"{cell}: {words_of(error)}" for cell, error in taken.errors]
