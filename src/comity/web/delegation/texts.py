"""One text of a delegation: drafted, changed, remarked on, cleared, sent."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.errors import BadParameter, NotFound, NotPermitted
from comity.platform.parties import submissions
from comity.platform.parties.roster import body_view, member_names, member_view
from comity.platform.parties.rules import may, standing_now
from comity.platform.parties.submission_text import MOST_COMMENT, MOST_TEXT
from comity.web.context import interface_language
from comity.web.delegation.pages import MARKS
from comity.web.parameters import chosen, day_given, free_text, long_text, time_given, whole_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new text, or write the draft."""
    members = standing_now(user=request.user).members
    if not request.user.is_authenticated or not any(
        may(user=request.user, action="draft a text", member=slug) for slug in members
    ):
        raise NotPermitted(action="draft a text", needed="head or delegate or alternate or adviser")
    if request.method == "POST":
        member, body = _place(request.POST)
        circle = free_text(request.POST, "visibility")
        draft = submissions.draft_text(
            member=member,
            body=body,
            title=free_text(request.POST, "title"),
            text=long_text(request.POST, "text", most=MOST_TEXT),
            language=free_text(request.POST, "language"),
            matter=free_text(request.POST, "matter"),
            visibility=circle,
            audience={"committee": f"committee:{body}", "delegation": f"delegation:{member}"}.get(circle, ""),
            released_at=_moment(request.POST, "released"),
            due_at=_moment(request.POST, "due"),
            by=request.user,
        )
        messages.success(request, _("The draft is kept. Only your delegation sees it."))
        return redirect("text", draft.pk)
    return render(
        request,
        "delegation/new.html",
        {"places": _places(request), "languages_of_texts": submissions.LANGUAGES, "marks": MARKS},
    )


@never_cache
@require_safe
def text(request: HttpRequest, number: int) -> HttpResponse:
    """Show one text to its delegation."""
    view = submissions.submission_view(submission=number, user=request.user)
    names = member_names(language=interface_language())
    context: dict[str, Any] = {
        "text": view,
        "member_name": names[view.member],
        "body": body_view(slug=view.body, language=interface_language()),
        "languages_of_texts": submissions.LANGUAGES,
        "marks": MARKS,
    }
    return render(request, "delegation/text.html", context)


@require_POST
def act_on(request: HttpRequest, number: int) -> HttpResponse:
    """Do one thing with a text; the form carries the version that its reader saw."""
    if not request.user.is_authenticated:
        raise NotFound(reference=f"delegation/texts/{number}")
    version = whole_number(request.POST, name="version", low=1, high=1_000_000, default=0)
    done = chosen(request.POST, "do", allowed=("change", "comment", "settle", "clear", "back", "send", "withdraw"))
    given: dict[str, Any] = {"submission": number, "version": version, "by": request.user}
    match done:
        case "change":
            submissions.change_text(
                **given,
                title=free_text(request.POST, "title"),
                text=long_text(request.POST, "text", most=MOST_TEXT),
                language=free_text(request.POST, "language"),
            )
            messages.success(request, _("The new version is kept. It must be cleared before it can be sent."))
        case "comment":
            remark = long_text(request.POST, "comment", most=MOST_COMMENT)
            submissions.comment_on(submission=number, text=remark, by=request.user)
        case "settle":
            comment = whole_number(request.POST, name="comment", low=1, high=2**62, default=0)
            submissions.settle_comment(comment=comment, by=request.user)
        case "clear":
            submissions.clear_text(**given)
            messages.success(request, _("Cleared. Your delegation can send it now."))
        case "back":
            remark = long_text(request.POST, "comment", most=MOST_COMMENT)
            submissions.send_back(**given, comment=remark)
        case "send":
            submissions.send_text(**given)
            messages.success(request, _("Sent, and entered on the record."))
        case "withdraw":
            submissions.withdraw_text(**given)
            messages.success(request, _("The draft is put away."))
            return redirect("delegation")
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")
    return redirect("text", number)


def _places(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (member:body, name) of every place in which the reader may draft."""
    found: list[tuple[str, str]] = []
    today = dt.datetime.now(tz=dt.UTC).date()
    for slug in standing_now(user=request.user).members:
        view = member_view(slug=slug, user=request.user, language=interface_language())
        found += [
            (f"{slug}:{seat.body}", f"{view.name}, {seat.body_name}")
            for seat in view.memberships
            if seat.starts_on <= today and (seat.ends_on is None or today < seat.ends_on)
        ]
    return found


def _place(values: QueryDict) -> tuple[str, str]:
    member, colon, body = free_text(values, "place").partition(":")
    if not colon:
        raise BadParameter(name="place", found=member[:60] or "nothing", allowed="one of the places of the form")
    return member, body


def _moment(values: QueryDict, name: str) -> dt.datetime | None:
    """Return a day and time in UTC that two fields give, or None where both are empty."""
    if not values.get(f"{name}_on", "").strip():
        return None
    at = time_given(values, name=f"{name}_at", default=dt.time(12))
    return dt.datetime.combine(day_given(values, name=f"{name}_on"), at, tzinfo=dt.UTC)
