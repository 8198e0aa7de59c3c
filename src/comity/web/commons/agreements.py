"""Agreements on sharing: the list, one with who has signed and its text, each step of its parties, and its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.errors import BadParameter
from comity.platform.commons import sharing_agreements, signing
from comity.platform.commons.agreement_pages import (
    agreement_view,
    compare_texts,
    document_of,
    list_agreements,
    plain_text,
)
from comity.platform.commons.agreement_sides import FOR_BODY
from comity.platform.commons.release_terms import set_release_terms, terms_of
from comity.platform.commons.templates import ISSUE, template_cards
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.preparing import PREPARE, own_members
from comity.platform.parties.rules import may
from comity.platform.parties.texts import MOST_NOTE
from comity.web import words_of_agreements as words
from comity.web.context import interface_language
from comity.web.parameters import chosen, demand_sure, free_text, long_text, page_number, whole_number
from comity.web.refusing import refusal_of, told
from comity.web.words_of_acts import ACT_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from comity.errors import ComityError
    from comity.platform.commons.agreement_pages import AgreementView
    from comity.platform.commons.release_views import ReleaseView

PER_PAGE = 30
MOST_NUMBER = 100_000
ACTS: dict[str, Callable[..., object]] = {
    "clear": sharing_agreements.clear_text,
    "back": sharing_agreements.send_text_back,
    "propose": sharing_agreements.propose_text,
    "drop": sharing_agreements.drop_draft,
    "sign": signing.sign_agreement,
    "aside": signing.set_aside,
    "notice": signing.give_notice,
    "end": signing.agree_to_end,
}
STEPS = tuple(ACTS)
ON_A_TEXT = frozenset(STEPS) - {"notice", "end"}
SURE = frozenset({"sign", "aside", "notice", "end"})
MARKS = ("v-pub", "v-mem", "v-com", "v-del", "t-full", "t-open")


@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """List templates, and the agreements that the reader sees: its own first."""
    language = interface_language()
    templates = template_cards(language=language)
    template = chosen(request.GET, "template", allowed=[card.slug for card in templates])
    cards = list_agreements(user=request.user, language=language, template=template)
    page = Paginator(cards, PER_PAGE).get_page(page_number(request.GET))
    context = {
        "page": page,
        "rows": [(card, words.STANDS[card.stands], words.KINDS[card.kind]) for card in page],
        "templates": [(card, words.KINDS[card.kind]) for card in templates],
        "picked": template,
        "is_filtered": bool(template),
        "may_make": may(user=request.user, action=PREPARE) or may(user=request.user, action=FOR_BODY),
        "may_issue": may(user=request.user, action=ISSUE),
        "shown": words.SHOWN,
        "shown_marks": words.SHOWN_MARKS,
        "marks": MARKS,
    }
    return render(request, "comity/commons/agreements.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, slug: str, number: int = 0) -> HttpResponse:
    """Show an agreement, with one of its texts; a party clears, proposes, signs or ends it by POST."""
    language = interface_language()
    problem: ComityError | None = None
    if request.method == "POST":
        done: list[str] = []
        problem = refusal_of(lambda: done.append(_do(request, slug=slug)))
        if problem is None:
            messages.success(request, done[0])
            if _is_gone(request, slug=slug):
                return redirect("sharing-agreements")
            return redirect("sharing-agreement", slug)
    draft = chosen(request.GET, "draft", allowed=("1",)) == "1"
    tongue = chosen(request.GET, "tongue", allowed=LANGUAGES)
    view = agreement_view(slug=slug, user=request.user, language=language, number=number, draft=draft, tongue=tongue)
    against = whole_number(request.GET, name="against", low=1, high=MOST_NUMBER, default=0)
    said, status = told(problem)
    context = {
        **_words_of(view),
        "view": view,
        "card": view.card,
        "text": view.text,
        "paragraphs": paragraphs_of(view.text.text),
        "changes": _changes(request, view, against=against, tongue=tongue or language),
        "against": against,
        "problem": said,
        "step": request.POST.get("do", "") if problem else "",
        "typed": request.POST if problem else {},
        "most_note": MOST_NOTE,
        "marks": MARKS,
    }
    return render(request, "comity/commons/agreement.html", context, status=status)


@require_safe
def document(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give the canonical JSON that is signed of a text, whose SHA-256 the signatures state."""
    content, sha256 = document_of(slug=slug, user=request.user, number=number)
    name = f"{slug}-{number or 'draft'}.json"
    headers = {"ETag": f'"{sha256}"', "Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/json", headers=headers)


@require_safe
def text_file(request: HttpRequest, slug: str, number: int, tongue: str) -> HttpResponse:
    """Give a text in one language as a plain file."""
    content = plain_text(slug=slug, user=request.user, number=number, language=tongue)
    name = f"{slug}-{number or 'draft'}-{tongue}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": tongue}
    return HttpResponse(content, content_type="text/plain; charset=utf-8", headers=headers)


@never_cache
@require_POST
def terms(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for an agreement of whoever fetches a release, or for none; by who shares it."""
    template = free_text(request.POST, "template")
    set_release_terms(slug=slug, template=template, by=request.user)
    messages.success(
        request,
        _("It is said on the release's page from now on.") if template else _("Nothing is asked any more."),
    )
    return redirect("release", slug)


def agreements_of_release(view: ReleaseView, request: HttpRequest) -> dict[str, Any]:
    """Return what the page of a release says of agreements: which is asked for, and which cover it."""
    found = terms_of(slug=view.card.slug, user=request.user, language=interface_language())
    return {
        "terms": found,
        "terms_rows": [(card, words.STANDS[card.stands]) for card in found.agreements],
        "may_make_agreement": bool(own_members(user=request.user)) and may(user=request.user, action=PREPARE),
    }


def paragraphs_of(text: str, /) -> list[str]:
    """Return a text in its paragraphs: what an empty line parts."""
    return [paragraph for paragraph in (p.strip() for p in text.split("\n\n")) if paragraph]


def _words_of(view: AgreementView, /) -> dict[str, Any]:
    return {
        "kind": words.KINDS[view.card.kind],
        "stands": words.STANDS[view.card.stands],
        "shown_to": words.SHOWN[view.card.shown_to],
        "shown_mark": words.SHOWN_MARKS[view.card.shown_to],
        "translation": words.TRANSLATIONS[view.text.translation],
        "tongues": [(code, words.TRANSLATIONS[state]) for code, state in view.text.languages],
        "numbers": [(number, words.TEXT_STATES[state]) for number, state in view.numbers],
        "text_state": words.TEXT_STATES[view.text.state],
        "acts": [(act, ACT_TYPES.get(act.type, act.type)) for act in view.acts],
        "signed": sum(1 for side in view.card.sides if side.signed_at),
        "awaited": [side for side in view.card.sides if not side.signed_at],
        "file_number": view.text.number or 0,
        # Of what holds, notice may have moved it; of another text it is what that text says.
        "last_day": view.card.last_day if view.text.state == "concluded" else view.text.ends_on,
        "waits": view.card.stands == "proposed" or view.text.state == "proposed",
    }


def _changes(request: HttpRequest, view: AgreementView, /, *, against: int, tongue: str) -> Any:
    if not against or view.text.number is None or against == view.text.number:
        return None
    return compare_texts(slug=view.card.slug, user=request.user, old=against, new=view.text.number, language=tongue)


def _is_gone(request: HttpRequest, /, *, slug: str) -> bool:
    """Tell whether a draft that was put away took its agreement with it."""
    return request.POST.get("do") == "drop" and all(
        card.slug != slug for card in list_agreements(user=request.user, language=interface_language())
    )


def _do(request: HttpRequest, /, *, slug: str) -> str:
    """Do what a button asks, and return what to say of it."""
    values = request.POST
    step = chosen(values, "do", allowed=STEPS)
    given: dict[str, Any] = {"slug": slug, "member": free_text(values, "member"), "by": request.user}
    if step in SURE:
        demand_sure(values)
    if step in ON_A_TEXT:
        given["on"] = free_text(values, "on")
    if step == "back":
        given["note"] = long_text(values, "note", most=MOST_NOTE)
    if step not in ACTS:
        raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")
    ACTS[step](**given)
    return str(words.DONE[step])
