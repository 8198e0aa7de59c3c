"""What members ask one another: the list, a question with its replies, a reply, and the forms by which delegations write both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.errors import BadInput, Conflict, NotPermitted
from comity.platform.commons import answering, asking, question_views
from comity.platform.parties.preparing import PREPARE, own_members
from comity.platform.parties.rules import MAY, may
from comity.web.asked import may_ask
from comity.web.commons import question_forms as forms
from comity.web.commons.subjects import demand_subjects_seen, subjects_named
from comity.web.context import interface_language
from comity.web.parameters import chosen, page_number
from comity.web.preparing import Step, desk_steps, take_step
from comity.web.refusing import shown_again

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MARKS = ("v-pub", "v-mem", "v-com", "v-del", "rec")
PER_PAGE = 50
WAYS = {
    **desk_steps(
        clear=asking.clear_question,
        send_back=asking.send_back_question,
        send=asking.send_question,
        drop=asking.drop_question,
    ),
    "close": Step(asking.close_question, _("The question is closed. The answers are kept.")),
    "withdraw": Step(
        asking.withdraw_question,
        _("The question is withdrawn. Beside you, those that answered see it still."),
        must_be_sure=True,
    ),
    "decline": Step(
        lambda *, slug, by, member: answering.decline_to_reply(question=slug, member=member, by=by),
        _("It is noted for your delegation alone. You can think it over while it is open."),
        given=lambda values: {"member": values.get("member", "")[:60]},
    ),
}
WAYS_OF_REPLIES = {
    **desk_steps(
        clear=answering.clear_reply,
        send_back=answering.send_back_reply,
        send=answering.send_reply,
        drop=answering.drop_reply,
    ),
    "withdraw": Step(
        answering.withdraw_reply, _("The answer is withdrawn. Your delegation alone sees it."), must_be_sure=True
    ),
}
SHOWS = (question_views.UNANSWERED, question_views.MINE)
FORM, PAGE, REPLY, REPLY_FORM = (
    f"comity/commons/{n}.html" for n in ("question_form", "question", "reply", "reply_form")
)


@require_safe
def list_all(request: HttpRequest) -> HttpResponse:
    """List what waits in one's own delegation, then questions: open ones by their day, then those that ended."""
    language, user = interface_language(), request.user
    show = chosen(request.GET, "show", allowed=SHOWS)
    page = Paginator(question_views.questions_listed(user=user, show=show), PER_PAGE).get_page(page_number(request.GET))
    prepared = question_views.questions_prepared(user=user)
    context = {
        "page": page,
        "cards": question_views.question_cards(questions=list(page), user=user, language=language),
        "prepared": question_views.question_cards(questions=prepared, user=user, language=language),
        "show": show,
        "has_delegation_here": bool(own_members(user=user)),
        "may_ask": may_ask(request),
        "marks": MARKS,
    }
    return render(request, "comity/commons/questions.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new question, or keep it as a draft of the delegation; the secretariat asks at once."""
    places, place = forms.place_to_ask(request)
    if not places:
        raise NotPermitted(action=PREPARE, needed=" or ".join(sorted(MAY[PREPARE])))
    typed = forms.blank_question(request.GET, user=request.user)
    context: dict[str, Any] = {"places": places, "place": place, "typed": typed, "marks": MARKS}
    if place is None:
        return render(request, FORM, context)
    body, member = place
    context |= forms.choices_of(body=body, member=member)
    context |= {"body": body, "member": member, "for": f"{body}/{member}"}
    context |= {"subjects": subjects_named(typed["about"], user=request.user)}
    if request.method == "POST":
        typed = forms.question_typed(request.POST)
        try:
            demand_subjects_seen(typed["about"], user=request.user)
            given = forms.question_given(typed)
            made = asking.prepare_question(body=body, member=member, by=request.user, **given)
        except (BadInput, Conflict) as error:
            return shown_again(request, FORM, context | {"typed": typed}, error=error)
        if member:
            messages.success(request, _("The draft is kept. Your delegation alone sees it until it is sent."))
        else:
            messages.success(request, _("The question is asked in the name of the body."))
        return redirect("question", made.slug)
    return render(request, FORM, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who asks the form of the question, or keep the change: of a draft at once, of what was sent until it is sent too."""
    held = question_views.question_to_change(slug=slug, user=request.user)
    shown = held["now_shown_to"] if held["state"] == "open" else ""
    held |= {"is_named": bool(held["to"])}
    context = {"slug": slug, "typed": held, "seen_as": held["seen"], "state": held["state"], "marks": MARKS}
    context |= forms.choices_of(body=held["body"], member=held["member"], now_shown_to=shown)
    context |= {"body": held["body"], "member": held["member"]}
    context |= {"subjects": subjects_named(held["about"], user=request.user)}
    if request.method == "POST":
        typed = forms.question_typed(request.POST)
        try:
            demand_subjects_seen(typed["about"], user=request.user, held=held["about"])
            given = forms.question_given(typed)
            asking.change_question(slug=slug, by=request.user, on=request.POST.get("on", "")[:80], **given)
        except (BadInput, Conflict) as error:
            return shown_again(request, FORM, context | {"typed": typed}, error=error)
        if held["member"]:
            messages.success(request, _("The change is kept. Your delegation alone sees it until it is sent."))
        else:
            messages.success(request, _("The question is changed. Whom you chose sees it from now on."))
        return redirect("question", slug)
    return render(request, FORM, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a question with the replies that this reader sees; do one thing with it by POST."""
    view = question_views.question_page(slug=slug, user=request.user, language=interface_language())
    about = [*view.about, *view.about_elsewhere]
    context = {
        "view": view,
        "card": view.card,
        "desk": view.desk,
        "slug": slug,
        "subjects": subjects_named(about, user=request.user),
        "next_subjects": subjects_named(view.next.get("about", ()), user=request.user),
        "other_texts": [t for t in view.texts if t[0] != view.card.title_language],
        "is_draft": view.card.state == "draft",
        "drops": view.desk is not None and view.desk.waits and view.desk.may_prepare,
        "may_write_note": may(user=request.user, action=PREPARE),
        **forms.tongues(),
        "marks": MARKS,
    }
    if request.method == "POST":
        step = chosen(request.POST, "do", allowed=WAYS)
        try:
            gone = take_step(request, step=step, slug=slug, steps=WAYS, is_draft=lambda: view.card.state == "draft")
        except (BadInput, Conflict) as error:
            return shown_again(request, PAGE, context | {"step": step, "said": _said(request)}, error=error)
        return redirect("questions") if gone else redirect("question", slug)
    return render(request, PAGE, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a delegation that is asked the form of its reply, or keep what it wrote until that is sent."""
    view = question_views.question_page(slug=slug, user=request.user, language=interface_language())
    asked = [own.member for own in view.own if own.may_prepare]
    if not asked:
        if view.own and view.card.state != "open":
            raise Conflict(
                problem=f"This is {view.card.state}, so that this cannot be done with it; nothing was changed."
            )
        raise NotPermitted(action=PREPARE, needed=" or ".join(sorted(MAY[PREPARE])))
    source = request.POST if request.method == "POST" else request.GET
    member = chosen(source, "for", allowed=asked, default=asked[0])
    held = question_views.reply_to_change(question=slug, member=member, user=request.user)
    context = {"card": view.card, "slug": slug, "member": member, "typed": held, "seen_as": held["seen"]}
    context |= {"state": held["state"], **forms.tongues(), "marks": MARKS}
    if request.method == "POST":
        typed = forms.reply_typed(request.POST)
        try:
            on = request.POST.get("on", "")[:80]
            made = answering.prepare_reply(question=slug, member=member, by=request.user, on=on, **typed)
        except (BadInput, Conflict) as error:
            return shown_again(request, REPLY_FORM, context | {"typed": typed}, error=error)
        messages.success(request, _("It is kept. Your delegation alone sees it until it is sent."))
        return redirect("question-reply", slug, made.slug)
    return render(request, REPLY_FORM, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, slug: str, reply: str) -> HttpResponse:
    """Show a reply to who sees it; its delegation clears, sends, changes and withdraws it here."""
    view = question_views.reply_page(question=slug, slug=reply, user=request.user, language=interface_language())
    context = {
        "view": view,
        "card": view.card,
        "question": view.question,
        "desk": view.desk,
        "other_texts": [t for t in view.card.texts if t[0] != view.card.text_language],
        "is_draft": view.card.state == "draft",
        "is_shut": view.is_shut,
        "drops": view.may_drop,
        "may_write_note": may(user=request.user, action=PREPARE),
        **forms.tongues(),
        "marks": MARKS,
    }
    if request.method == "POST":
        step = chosen(request.POST, "do", allowed=WAYS_OF_REPLIES)
        try:
            gone = take_step(
                request, step=step, slug=reply, steps=WAYS_OF_REPLIES, is_draft=lambda: view.card.state == "draft"
            )
        except (BadInput, Conflict) as error:
            return shown_again(request, REPLY, context | {"step": step, "said": _said(request)}, error=error)
        return redirect("question", slug) if gone else redirect("question-reply", slug, reply)
    return render(request, REPLY, context)


def _said(request: HttpRequest) -> dict[str, str]:
    return {"note": request.POST.get("note", "")[: forms.MOST_TYPED]}
