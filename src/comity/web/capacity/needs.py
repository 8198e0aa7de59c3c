"""Needs: the list, one need with its questions and files, and the forms by which a delegation states, changes and ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.errors import BadInput, BadParameter, Conflict, NotPermitted
from comity.platform.capacity import attachments, needs, prepared, questions
from comity.platform.capacity.need_views import need_page, need_to_change, others_needs, own_needs
from comity.platform.capacity.needs_seen import need_cards
from comity.platform.capacity.resources import list_resources
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.preparing import PREPARE, own_members
from comity.platform.parties.rules import MAY, may
from comity.platform.parties.texts import MOST_NOTE, MOST_PURPOSE, MOST_TITLE
from comity.web.capacity import contribution_forms as forms
from comity.web.context import interface_language
from comity.web.learnt import notes_here
from comity.web.parameters import chosen, page_number, whole_number
from comity.web.preparing import Step, desk_steps, take_step, what_was_seen
from comity.web.refusing import shown_again

if TYPE_CHECKING:
    from django.http import HttpRequest

    from comity.platform.capacity.need_views import NeedPage

MARKS = ("v-pub", "v-mem", "v-del", "t-full", "t-open")
PER_PAGE = 50
OWN_FIRST = 20
SAYING = ("ask", "answer", "attach", "take-away")
WAYS = {
    **desk_steps(
        clear=prepared.clear_need, send_back=prepared.send_back_need, send=needs.send_need, drop=prepared.drop_need
    ),
    "show": Step(
        needs.show_need,
        _("It is changed who sees this need."),
        given=lambda values: {
            **what_was_seen(values),
            "shown_to": chosen(values, "shown_to", allowed=needs.Shown.values),
        },
    ),
    "close": Step(needs.close_need, _("The need is closed.")),
    "withdraw": Step(needs.withdraw_need, _("The need is withdrawn. No reason is asked or kept."), must_be_sure=True),
}
MOST_QUESTIONS = 100_000


@require_safe
def list_all(request: HttpRequest) -> HttpResponse:
    """List one's own needs, what waits first, and what others ask for and this reader sees."""
    language = interface_language()
    kinds = list_resources(language=language)
    asked: dict[str, Any] = {
        "resource": chosen(request.GET, "resource", allowed=[r.slug for r in kinds]),
        "tongue": chosen(request.GET, "tongue", allowed=LANGUAGES),
        "state": chosen(request.GET, "state", allowed=("open", "ended"), default="open"),
    }
    mine = chosen(request.GET, "of", allowed=("mine",)) == "mine"
    own = own_needs(user=request.user, language=language)
    rows: Any = own if mine else others_needs(user=request.user, **asked)
    page = Paginator(rows, PER_PAGE).get_page(page_number(request.GET))
    context = {
        "mine": mine,
        "own": list(page) if mine else own[:OWN_FIRST],
        "own_total": len(own),
        "has_delegation_here": bool(own_members(user=request.user)),
        "cards": [] if mine else need_cards(needs=list(page), user=request.user, language=language),
        "page": page,
        "kinds": kinds,
        "tongues": LANGUAGES,
        "chosen": asked,
        "is_filtered": any((asked["resource"], asked["tongue"])),
        "may_prepare": may(user=request.user, action=PREPARE),
        "marks": MARKS,
    }
    return render(request, "comity/capacity/needs.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new need, or keep it as a draft of the delegation."""
    places, place = forms.place_to_prepare(request)
    if not places:
        raise NotPermitted(action=PREPARE, needed=" or ".join(sorted(MAY[PREPARE])))
    context: dict[str, Any] = {"places": places, "place": place, "typed": forms.BLANK_NEED, **_limits()}
    if place is None:
        return render(request, "comity/capacity/need_form.html", context)
    body, member = place
    context |= forms.choices_of(body=body) | {"body": body, "member": member, "for": f"{body}/{member}"}
    if request.method == "POST":
        typed = forms.need_typed(request.POST)
        try:
            made = needs.prepare_need(body=body, member=member, by=request.user, **forms.need_given(typed))
        except (BadInput, Conflict) as error:
            return shown_again(request, "comity/capacity/need_form.html", context | {"typed": typed}, error=error)
        messages.success(request, _("The draft is kept. Your delegation alone sees it until it is sent."))
        return redirect("need", made.slug)
    return render(request, "comity/capacity/need_form.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a delegation the form of its need, or keep the change: of a draft at once, of what was sent until it is sent too."""
    held = need_to_change(slug=slug, user=request.user)
    context = {"slug": slug, "typed": held, "seen_as": held["seen"], "body": held["body"], **_limits()}
    context |= forms.choices_of(body=held["body"])
    if request.method == "POST":
        typed = forms.need_typed(request.POST)
        try:
            given = forms.need_given(typed)
            needs.change_need(slug=slug, by=request.user, on=request.POST.get("on", "")[:80], **given)
        except (BadInput, Conflict) as error:
            context |= {"typed": typed | {"state": held["state"]}}
            return shown_again(request, "comity/capacity/need_form.html", context, error=error)
        messages.success(request, _("The change is kept. Your delegation alone sees it until it is sent."))
        return redirect("need", slug)
    return render(request, "comity/capacity/need_form.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def need(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a need as this reader sees it; do one thing with it by POST."""
    view = need_page(slug=slug, user=request.user, language=interface_language())
    # Who tells about its own need is known: such notes are shown to those alone who know whose the need is.
    about = [view.card.reference] if view.card.member else []
    context = _context(view) | notes_here(request, *about, f"capacity/resources/{view.card.resource}")
    if request.method == "POST":
        step = chosen(request.POST, "do", allowed=(*WAYS, *SAYING))
        try:
            gone = _do(request, step=step, slug=slug)
        except (BadInput, Conflict) as error:
            said = {name: request.POST.get(name, "")[: forms.MOST_TYPED] for name in ("text", "note", "number")}
            return shown_again(
                request, "comity/capacity/need.html", context | {"said": said, "step": step}, error=error
            )
        return redirect("needs") if gone else redirect("need", slug)
    return render(request, "comity/capacity/need.html", context)


@require_safe
def need_file(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Give a file beside a need out as a download: never shown by the browser as a page of this site."""
    found = attachments.download(slug=slug, name=name, user=request.user)
    response = HttpResponse(found.content, content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _limits() -> dict[str, Any]:
    return {"most_title": MOST_TITLE, "most_text": MOST_PURPOSE, "most_note": MOST_NOTE, "marks": MARKS}


def _context(view: NeedPage, /) -> dict[str, Any]:
    language = interface_language()
    return {
        "view": view,
        "card": view.card,
        "desk": view.desk,
        "slug": view.card.slug,
        "others": [t for t in view.texts if t[0] != view.card.title_language],
        "circles": [shown for shown in needs.Shown.values if shown != view.card.shown_to],
        "askers": [a for a in view.asks_as if a],
        "asks_for_office": "" in view.asks_as,
        "tongues": LANGUAGES,
        "tongue": language,
        "most_question": questions.MOST_QUESTION,
        "most_answer": questions.MOST_ANSWER,
        "most_files": attachments.MOST_FILES,
        "most_megabytes": attachments.MOST_BYTES // 1_000_000,
        "file_kinds": attachments.SHOWN_TYPES,
        "accepted": ",".join(f".{ending}" for ending in attachments.KINDS),
        "share_templates": ["comity/capacity/_share_of_need.html", "comity/capacity/_no_share.html"],
        **_limits(),
    }


def _do(request: HttpRequest, *, step: str, slug: str) -> bool:
    """Do one thing with a need; tell whether it is gone afterwards."""
    if step in SAYING:
        _say(request, step=step, slug=slug)
        return False
    return take_step(request, step=step, slug=slug, steps=WAYS, is_draft=lambda: _is_draft(request, slug))


def _is_draft(request: HttpRequest, slug: str, /) -> bool:
    return bool(need_to_change(slug=slug, user=request.user)["state"] == "draft")


def _say(request: HttpRequest, *, step: str, slug: str) -> None:
    """Ask, answer, or put a file beside a need or take one away."""
    values = request.POST
    given: dict[str, Any] = {"slug": slug, "by": request.user}
    said = {
        "text": values.get("text", "")[: forms.MOST_TYPED],
        "language": chosen(values, "language", allowed=LANGUAGES, default=interface_language()),
    }
    if step == "ask":
        questions.ask_about(**given, **said, member=values.get("member", "")[:60])
        messages.success(request, _("Your question is sent. You find the answer here."))
    elif step == "answer":
        number = whole_number(values, name="number", low=1, high=MOST_QUESTIONS, default=1)
        questions.answer_about(**given, **said, number=number)
        messages.success(request, _("Your answer is sent. Whoever sees the need reads it."))
    elif step == "attach":
        sent = request.FILES.get("file")
        if sent is None:
            raise BadParameter(name="file", found="nothing", allowed=attachments.SHOWN_TYPES)
        if (sent.size or 0) > attachments.MOST_BYTES:
            raise BadParameter(name="file", found=f"{sent.size} bytes", allowed=f"1 to {attachments.MOST_BYTES} bytes")
        attachments.attach_file(**given, name=sent.name or "", content=sent.read(), on=values.get("on", "")[:80])
        messages.success(request, _("The file is kept beside the need."))
    else:
        attachments.take_file_away(**given, name=values.get("name", "")[:200], on=values.get("on", "")[:80])
        messages.success(request, _("The file is taken away."))
