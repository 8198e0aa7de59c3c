"""Documents: all that a reader sees, one with its versions and languages, the text, and forms to table, issue and translate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.errors import BadInput, ComityError, Conflict, NotFound, NotPermitted
from comity.platform.decisions import document_views
from comity.platform.decisions import documents as services
from comity.platform.decisions.citing import MOST_CITED
from comity.platform.decisions.document_text import MOST_TEXT, MOST_TITLE
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.roster import body_names, members_on
from comity.platform.parties.rules import may, require
from comity.web import words_of_rules as words
from comity.web.context import interface_language
from comity.web.parameters import chosen, free_text, long_text, page_number
from comity.web.refusals import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, QueryDict

    from comity.platform.decisions.document_views import DocumentView

MARKS = ("v-pub", "v-mem", "v-com", "v-del")
PER_PAGE = 50
MOST_LINES = 20_000
# A form brings the texts as they stand where they are short, so that a revision can be written over them.
MOST_BROUGHT = 20_000


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """List the documents that a reader sees, in the order of their symbols."""
    names = body_names(language=interface_language())
    body = chosen(request.GET, "body", allowed=names)
    found = document_views.list_documents(user=request.user, language=interface_language(), body=body)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(page_number(request.GET)),
        "body": body,
        "bodies": sorted(names.items(), key=lambda pair: pair[1].casefold()),
        "may_table": may(user=request.user, action=services.ISSUE),
        "marks": MARKS,
    }
    return render(request, "comity/decisions/documents.html", context)


@require_safe
def document(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a document: the text as it stands, its versions and languages, who tables it, and what it rests on."""
    found = document_views.document_view(slug=slug, user=request.user, language=interface_language())
    return _version(request, slug=slug, number=found.present.number, of="document")


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one version of a document."""
    return _version(request, slug=slug, number=number, of="version")


@require_safe
def text(request: HttpRequest, slug: str, number: int, language: str) -> HttpResponse:
    """Give the text of a version in a language, whose SHA-256 the act states."""
    words_of_it = document_views.version_text(slug=slug, number=number, language=language, user=request.user)
    return HttpResponse(words_of_it, content_type="text/plain; charset=utf-8", headers={"Content-Language": language})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form in which a document is tabled, or table it."""
    require(user=request.user, action=services.ISSUE)
    names = body_names(language=interface_language())
    values = request.POST if request.method == "POST" else request.GET
    body = chosen(values, "body", allowed=names)
    problem: ComityError | None = None
    if request.method == "POST":
        try:
            made = services.table_document(
                slug=free_text(values, "slug"),
                body=body,
                symbol=free_text(values, "symbol"),
                sponsors=values.getlist("sponsors"),
                cites=_cites(values),
                visibility=chosen(values, "visibility", allowed=services.CIRCLES, default="public"),
                by=request.user,
                **_texts(values),
            )
        except (BadInput, Conflict, NotFound) as error:
            problem = error
        else:
            messages.success(request, _("The document is issued. The act is on the record."))
            return redirect("document", made.slug)
    seats = members_on(body=body, on=timezone.now().date(), language=interface_language()) if body else ()
    context = {
        "body": body,
        "bodies": sorted(names.items(), key=lambda pair: pair[1].casefold()),
        "seats": [(seat.slug, seat.name, seat.slug in values.getlist("sponsors")) for seat in seats],
        "circles": services.CIRCLES,
        "visibility": values.get("visibility", "public"),
        **_typed(values, brought={}, is_sent=request.method == "POST"),
        "problem": words_of(problem) if problem else "",
    }
    return render(request, "comity/decisions/new_document.html", context, status=400 if problem else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """Issue the next version of a document, or one of its versions in one more language."""
    found = document_views.document_view(slug=slug, user=request.user, language=interface_language())
    if not (found.may_issue or found.may_translate):
        raise NotPermitted(action=services.TRANSLATE, needed="secretariat or translator")
    problem: ComityError | None = None
    values = request.POST
    if request.method == "POST":
        step = chosen(values, "do", allowed=("version", "text"), default="version")
        try:
            number = _issue_version(request, slug=slug) if step == "version" else _issue_text(request, found)
        except (BadInput, Conflict, NotFound) as error:
            problem = error
        else:
            messages.success(request, _("It is issued. The act is on the record."))
            return redirect("document-version", slug, number)
    brought = {} if request.method == "POST" else _brought(found, request=request)
    context = {
        "found": found,
        "card": found.card,
        # The last of those that may come next is the next revision: the likeliest.
        "symbol": values.get("symbol") or found.next_symbols[-1],
        "standings": words.STANDINGS.items(),
        **_typed(values, brought=brought, is_sent=request.method == "POST"),
        "problem": words_of(problem) if problem else "",
    }
    return render(request, "comity/decisions/issue_version.html", context, status=400 if problem else 200)


def _version(request: HttpRequest, /, *, slug: str, number: int, of: str) -> HttpResponse:
    wanted = free_text(request.GET, "language") or interface_language()
    view = document_views.version_view(slug=slug, number=number, user=request.user, language=wanted)
    context = {
        "found": view.document,
        "card": view.document.card,
        "row": view.row,
        "shown": view.shown,
        "paragraphs": view.paragraphs,
        "authentic": [held for held in view.row.languages if held.is_authentic],
        "translations": [held for held in view.row.languages if not held.is_authentic],
        "cites": [(words.CITED_AS[relation], reference) for relation, reference in view.document.cites],
        "is_document": of == "document",
        "marks": (*MARKS, "t-full", "t-open"),
    }
    return render(request, "comity/decisions/document.html", context)


def _issue_version(request: HttpRequest, /, *, slug: str) -> int:
    values = request.POST
    note = long_text(values, "note", most=services.MOST_NOTE)
    made = services.issue_version(
        slug=slug,
        symbol=free_text(values, "symbol"),
        note={interface_language(): note} if note else {},
        cites=_cites(values),
        by=request.user,
        **_texts(values),
    )
    return int(made.number)


def _issue_text(request: HttpRequest, found: DocumentView, /) -> int:
    values = request.POST
    known = {row.symbol: row.number for row in found.versions}
    symbol = chosen(values, "of", allowed=known, default=found.present.symbol)
    services.issue_text(
        symbol=symbol,
        language=free_text(values, "language"),
        title=free_text(values, "one_title"),
        text=long_text(values, "one_text", most=MOST_TEXT + 1),
        standing=chosen(values, "standing", allowed=services.STANDINGS, default="for-information"),
        by=request.user,
    )
    return known[symbol]


def _texts(values: QueryDict, /) -> dict[str, Any]:
    """Return the texts of a form with which of them are authentic and required, as the services take them."""
    given = {
        tongue: (
            long_text(values, f"title_{tongue}", most=MOST_TITLE + 1),
            long_text(values, f"text_{tongue}", most=MOST_TEXT + 1),
        )
        for tongue in LANGUAGES
    }
    return {
        "texts": {tongue: pair for tongue, pair in given.items() if any(pair)},
        "authentic": [t for t in LANGUAGES if t in values.getlist("authentic")],
        "required": [t for t in LANGUAGES if t in values.getlist("required")],
    }


def _cites(values: QueryDict, /) -> list[tuple[str, str]]:
    """Return what a form cites: one reference a line, by relation; the address of this site before it does not matter."""
    found = []
    for relation in words.CITED_AS:
        lines = long_text(values, f"cites_{relation}", most=MOST_LINES).split()
        found += [(relation, line.partition("://")[2].partition("/")[2] if "://" in line else line) for line in lines]
    return found


def _typed(values: QueryDict, /, *, brought: Mapping[str, tuple[str, str]], is_sent: bool) -> dict[str, Any]:
    """Return the context of the fields of texts: as they were sent, or as they are brought to be written over."""

    def held(tongue: str) -> tuple[str, str]:
        if is_sent:
            return values.get(f"title_{tongue}", ""), values.get(f"text_{tongue}", "")
        return brought.get(tongue, ("", ""))

    wanted = {name: values.getlist(name) if is_sent else None for name in ("authentic", "required")}
    return {
        "typed": values,
        "tongues": [
            {
                "code": tongue,
                "title": held(tongue)[0],
                "text": held(tongue)[1],
                "authentic": wanted["authentic"] is None or tongue in wanted["authentic"],
                "required": wanted["required"] is None or tongue in wanted["required"],
            }
            for tongue in sorted(LANGUAGES, key=lambda t: t != interface_language())
        ],
        "cited": [(r, words.CITED_AS[r], values.get(f"cites_{r}", "") if is_sent else "") for r in words.CITED_AS],
        "most_title": MOST_TITLE,
        "most_text": MOST_TEXT,
        "most_cited": MOST_CITED,
        "marks": MARKS,
    }


def _brought(found: DocumentView, /, *, request: HttpRequest) -> dict[str, tuple[str, str]]:
    """Return the authentic texts of the present version, where they are short enough to stand in a form."""
    row = found.present
    texts = {
        held.language: (
            held.title,
            document_views.version_text(
                slug=found.card.slug, number=row.number, language=held.language, user=request.user
            ),
        )
        for held in row.languages
        if held.is_authentic and held.language in LANGUAGES
    }
    return texts if sum(len(text) for _, text in texts.values()) <= MOST_BROUGHT else {}
