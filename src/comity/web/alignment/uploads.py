"""Files that are sent to be read: the list with its progress, and one file with what was found in it."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from comity.adapters.readers.document import DEFAULT_LIMITS, MB
from comity.engines.alignment import texts
from comity.engines.parties.countries import name_of
from comity.errors import BadParameter, ComityError, NotPermitted
from comity.platform.alignment import selectors
from comity.platform.alignment import uploads as service
from comity.platform.alignment.facts import demand_language
from comity.web import words
from comity.web.alignment import board
from comity.web.context import interface_language
from comity.web.parameters import chosen, free_text, long_text, optional_day, page_number
from comity.web.refusals import words_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from comity.adapters.reading_apart import Found

PER_PAGE = 20
SHOWN = 30
MOST_TITLE, MOST_URL = 1000, 600
WISHES = ("take-in", "again", "cancel", "throw-away")
BINDING = {"yes": True, "no": False, "": None}


@require_http_methods(["GET", "HEAD", "POST"])
def uploads(request: HttpRequest) -> HttpResponse:
    """List the files that were sent; take more."""
    if request.method == "POST":
        files = request.FILES.getlist("files")
        if not files:
            raise BadParameter(name="files", found=_("nothing"), allowed=_("one or more files"))
        kept = 0
        refused: list[ComityError] = []
        language = free_text(request.POST, "language")
        demand_language(language)
        for file in files:
            try:
                service.receive_upload(
                    file_name=file.name or "document", chunks=file.chunks(), language=language, by=request.user
                )
            except NotPermitted:
                raise
            except ComityError as error:
                refused.append(error)
            else:
                kept += 1
        if kept:
            said = ngettext(
                "%(n)s file was received and is being read.", "%(n)s files were received and are being read.", kept
            )
            messages.success(request, said % {"n": kept})
        for one in refused:
            messages.error(request, words_of(one))
        return redirect("uploads")
    views = service.list_uploads(by=request.user)
    context = {
        "page": Paginator(views, PER_PAGE).get_page(page_number(request.GET)),
        "most_files": service.MOST_FILES,
        "most_size": round(DEFAULT_LIMITS.file_bytes / MB),
        "kept_days": service.KEPT_DAYS,
        "is_reading": any(v.state in {"waiting", "running"} for v in views),
        "marks": ("v-del",),
    }
    return render(request, "alignment/uploads.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, name: str) -> HttpResponse:
    """Show one file with what was found in it; take it in, read it again, stop reading it, or throw it away."""
    if request.method == "POST":
        return _act(request, name)
    view, found = service.upload_of(name=name, by=request.user)
    context: dict[str, Any] = {"view": view, "marks": ("v-pub", "v-mem", "v-del")}
    if found is not None and found.instrument is not None:
        context |= _found_context(found) | {"texts_held": selectors.list_instruments(user=request.user)}
    return render(request, "alignment/upload.html", context)


def _act(request: HttpRequest, name: str) -> HttpResponse:
    wish = chosen(request.POST, "do", allowed=WISHES)
    if wish == "take-in":
        _view, found = service.upload_of(name=name, by=request.user)
        plain = found.instrument if found is not None else None
        held = chosen(request.POST, "version_of", allowed=_held(request))
        facts = _facts(request.POST, plain)
        taken = service.take_in(
            name=name,
            facts=dataclasses.replace(facts, id=held) if held else facts,
            is_version=bool(held),
            visibility=chosen(request.POST, "visibility", allowed=("public", "members"), default="members"),
            by=request.user,
        )
        messages.success(request, _("Taken into the collection, and entered on the record. It is being aligned now."))
        return redirect("instrument", slug=taken.slug)
    if wish == "again":
        service.read_again(name=name, language=free_text(request.POST, "language"), by=request.user)
    elif wish == "cancel":
        service.cancel_reading(name=name, by=request.user)
    elif wish == "throw-away":
        service.throw_away(name=name, by=request.user)
        messages.success(request, _("The file was thrown away. Nothing of it was kept."))
        return redirect("uploads")
    return redirect("upload", name=name)


def _held(request: HttpRequest) -> list[str]:
    return [i.slug for i in selectors.list_instruments(user=request.user)]


def _facts(values: QueryDict, found: texts.Instrument | None) -> texts.Instrument:
    """Return the facts that the form states; what it does not ask for stays as the file says."""
    plain = found or texts.Instrument(id="", title="", short_title="", party=None)
    return dataclasses.replace(
        plain,
        id=free_text(values, "name"),
        title=long_text(values, "title", most=MOST_TITLE).replace("\n", " "),
        short_title=free_text(values, "short_title"),
        party=free_text(values, "party") or None,
        signatories=tuple(re.findall(r"[^\s,;]+", free_text(values, "signatories").upper())),
        subdivision=free_text(values, "subdivision") or None,
        kind=chosen(values, "kind", allowed=texts.KINDS) or None,
        status=chosen(values, "status", allowed=texts.STATUSES) or None,
        binding=BINDING[chosen(values, "binding", allowed=("yes", "no"))],
        date=optional_day(values, name="date"),
        language=free_text(values, "language"),
        official_url=long_text(values, "official_url", most=MOST_URL),
        basis=chosen(values, "basis", allowed=("full-text", "partial-text", "unknown"), default="unknown"),  # type: ignore[arg-type]  # just chosen from the engine's words
        summary=values.get("summary", "") == "yes",
        stated_by="collection",
    )


def _found_context(found: Found) -> dict[str, Any]:
    atlas, language = board.atlas(), interface_language()
    parties = [(c, name_of(atlas=atlas, code=c, language=language)) for c in (*atlas.states, *atlas.groupings)]
    return {
        "found": found.instrument,
        "provisions": found.provisions[:SHOWN],
        "count": len(found.provisions),
        "more": max(0, len(found.provisions) - SHOWN),
        "parties": sorted(parties, key=lambda pair: pair[1]),
        "kinds": words.KINDS.items(),
        "statuses": words.STATUSES.items(),
        "bases": words.BASES.items(),
    }
