"""Agreements and plans of action: the list, one with its promises, the form that enters one, and the owner's report on a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.adapters.promise_files import read_promises
from comity.adapters.sheet_columns import Choice
from comity.errors import BadInput, BadParameter, NotPermitted
from comity.platform.capacity import agreements as services
from comity.platform.capacity.agreement_views import STANDS, agreement_view, list_agreements
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.roster import assemblies, body_view, members_on
from comity.platform.parties.rules import may
from comity.web.context import interface_language
from comity.web.parameters import chosen, day_given, demand_sure, free_text, long_text, optional_day, page_number
from comity.web.refusing import refusal_of, told
from comity.web.words_of_delivery import AGREEMENT_KINDS, PROMISE_STANDS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.errors import ComityError

PER_PAGE = 20
TYPED_PROMISES = 5
MOST_BYTES = 2_000_000
CIRCLES = ("public", "members", "committee")
MARKS = ("v-pub", "v-mem", "v-com", "v-del", "t-full", "t-open")


@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """List agreements: the reader's own first, then those that run, by title."""
    cards = list_agreements(user=request.user, language=interface_language())
    context = {
        "page": Paginator(cards, PER_PAGE).get_page(page_number(request.GET)),
        "may_enter": may(user=request.user, action=services.ENTER),
        "marks": MARKS,
    }
    return render(request, "comity/capacity/agreements.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an agreement: what was promised, what arrived, what is late; end it by POST."""
    language = interface_language()
    problem: ComityError | None = None
    if request.method == "POST":
        problem = refusal_of(lambda: _end(request, slug=slug))
        if problem is None:
            messages.success(request, _("The agreement has ended. What was said of it stays."))
            return redirect("agreement", slug)
    view = agreement_view(slug=slug, user=request.user, language=language)
    said, status = told(problem)
    stands = chosen(request.GET, "stands", allowed=STANDS)
    context = {
        "view": view,
        "card": view.card,
        "stands": stands,
        "counts": [(s, view.card.counts[s]) for s in STANDS if view.card.counts[s]],
        "page": Paginator([p for p in view.promises if not stands or p.stands == stands], PER_PAGE).get_page(
            page_number(request.GET)
        ),
        "problem": said,
        "marks": MARKS,
    }
    return render(request, "comity/capacity/agreement.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a promise with all that its owner said, and take another report by POST."""
    language = interface_language()
    problem: ComityError | None = None
    if request.method == "POST":
        problem = refusal_of(lambda: _report(request, slug=slug, number=number))
        if problem is None:
            messages.success(request, _("Your report is sent. The act stands on the record."))
            return redirect("promise", slug, number)
    view = agreement_view(slug=slug, user=request.user, language=language)
    held = next((p for p in view.promises if p.number == number), None)
    if held is None:
        raise Http404
    said, status = told(problem)
    context = {
        "view": view,
        "card": view.card,
        "p": held,
        "track": held.commitments,
        "problem": said,
        "typed": request.POST if problem else {},
        "states": [(s, PROMISE_STANDS[s]) for s in ("running", "kept", "dropped")],
        "tongues": sorted(LANGUAGES, key=lambda t: t != language),
        "most_explanation": services.MOST_EXPLANATION,
        "marks": MARKS,
    }
    return render(request, "comity/capacity/promise.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of an agreement for one body, or enter it; what was typed is kept where it is refused."""
    bodies = _bodies(request)
    if not bodies:
        raise NotPermitted(action=services.ENTER, needed="secretariat")
    allowed = [slug for slug, _name in bodies]
    source = request.POST if request.method == "POST" else request.GET
    body = chosen(source, "body", allowed=allowed, default=allowed[0] if len(allowed) == 1 else "")
    problem: ComityError | None = None
    cells: tuple[str, ...] = ()
    made: list[str] = []
    if request.method == "POST":
        try:
            promises, cells = _promises(request, body=body)
            if not cells:
                problem = refusal_of(lambda: made.append(_enter(request, body=body, promises=promises)))
        except BadInput as error:
            problem = error
        if problem is None and not cells:
            messages.success(request, _("The agreement is entered. The act stands on the record."))
            return redirect("agreement", made[0])
    said, status = told(problem)
    language = interface_language()
    members = _members(body)
    context = {
        "bodies": bodies,
        "body": body,
        "members": members,
        "kinds": AGREEMENT_KINDS.items(),
        "circles": CIRCLES,
        "named": [(t, request.POST.get(f"title_{t}", "")) for t in sorted(LANGUAGES, key=lambda t: t != language)],
        "picked": request.POST.getlist("party"),
        "rows": _typed_rows(request),
        "tongue": language,
        "typed": request.POST,
        "problem": said,
        "cells": cells,
        "most_text": services.MOST_TEXT,
        "marks": MARKS,
    }
    return render(request, "comity/capacity/new_agreement.html", context, status=400 if cells else status)


def _end(request: HttpRequest, *, slug: str) -> None:
    demand_sure(request.POST)
    services.end_agreement(slug=slug, by=request.user)


def _report(request: HttpRequest, *, slug: str, number: int) -> None:
    values = request.POST
    services.report_progress(
        slug=slug,
        number=number,
        state=free_text(values, "state"),
        value=free_text(values, "value"),
        evidence=" ".join(long_text(values, "evidence", most=1000).split()),
        language=free_text(values, "language"),
        explanation=long_text(values, "explanation", most=2 * services.MOST_EXPLANATION),
        needs=_slugs(request, "needs"),
        offers=_slugs(request, "offers"),
        by=request.user,
    )


def _slugs(request: HttpRequest, name: str, /) -> tuple[str, ...]:
    """Return names from addresses, parted by spaces or commas; a whole address of ours does too."""
    words = long_text(request.POST, name, most=2000).replace(",", " ").split()
    return tuple(dict.fromkeys(word.rstrip("/").rpartition("/")[2][:60] for word in words))


def _enter(request: HttpRequest, *, body: str, promises: tuple[services.PromiseGiven, ...]) -> str:
    values = request.POST
    made = services.enter_agreement(
        slug=free_text(values, "slug"),
        body=body,
        kind=free_text(values, "kind"),
        titles={t: free_text(values, f"title_{t}") for t in LANGUAGES},
        parties=[slug[:60] for slug in values.getlist("party")],
        promises=promises,
        signed_on=optional_day(values, name="signed_on"),
        begins_on=optional_day(values, name="begins_on"),
        ends_on=optional_day(values, name="ends_on"),
        source=" ".join(long_text(values, "source", most=1000).split()),
        visibility=chosen(values, "visibility", allowed=CIRCLES, default="public"),
        by=request.user,
    )
    return made.slug


def _promises(request: HttpRequest, /, *, body: str) -> tuple[tuple[services.PromiseGiven, ...], tuple[str, ...]]:
    """Return the promises that were typed, then those of the file; or what is wrong with the file, by cell."""
    values, language = request.POST, interface_language()
    found: list[services.PromiseGiven] = []
    for row in _typed_rows(request):
        if not (row["text"] or row["owner"]):
            continue
        number = row["number"]
        due = day_given(values, name=f"due-{number}") if row["due"] else None
        found.append(
            services.PromiseGiven(
                texts={language: long_text(values, f"text-{number}", most=2 * services.MOST_TEXT)},
                owner=free_text(values, f"owner-{number}"),
                due_on=due,
                indicator=free_text(values, f"indicator-{number}"),
                target=free_text(values, f"target-{number}"),
            )
        )
    sent = request.FILES.get("file")
    if sent is None:
        return tuple(found), ()
    if (sent.size or 0) > MOST_BYTES:
        raise BadParameter(name="file", found=f"{(sent.size or 0) / 1_000_000:.0f} MB", allowed="at most 2 MB")
    members = [Choice(slug, {language: name}) for slug, name in _members(body)]
    read = read_promises(name=sent.name or "promises", content=sent.read(), members=members, language=language)
    found += [
        services.PromiseGiven(
            texts=p.texts,
            owner=p.owner,
            due_on=p.due_on,
            indicator=p.indicator,
            target=p.target,
            needs=p.needs,
            offers=p.offers,
        )
        for p in read.promises
    ]
    return tuple(found), read.problems


def _typed_rows(request: HttpRequest, /) -> list[dict[str, Any]]:
    names = ("text", "owner", "due", "indicator", "target")
    return [
        {"number": n, **{name: request.POST.get(f"{name}-{n}", "")[:2000].strip() for name in names}}
        for n in range(1, TYPED_PROMISES + 1)
    ]


def _members(body: str, /) -> list[tuple[str, str]]:
    if not body:
        return []
    seats = members_on(body=body, on=timezone.now().date(), language=interface_language())
    return [(seat.slug, seat.name) for seat in seats]


def _bodies(request: HttpRequest, /) -> list[tuple[str, str]]:
    """Return the bodies, as (slug, name), in which a reader may enter agreements."""
    language = interface_language()
    found: list[tuple[str, str]] = []
    for slug, name in assemblies(language=language):
        found += [(slug, name), *body_view(slug=slug, language=language).parts]
    return [(s, n) for s, n in found if may(user=request.user, action=services.ENTER, body=s)]
