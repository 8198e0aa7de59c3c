"""What secretariats, chairs and delegations send from the pages of the parties. Each form is one service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comity.errors import BadParameter, NotPermitted
from comity.platform.parties import credentials, memberships, voices, votes
from comity.web.parameters import day_given, free_text, optional_day

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def admit(request: HttpRequest, slug: str) -> HttpResponse:
    """Admit a member or observer."""
    memberships.admit_member(
        body=slug,
        member=free_text(request.POST, "member"),
        status=free_text(request.POST, "status"),
        starts_on=day_given(request.POST, name="starts_on"),
        rule=free_text(request.POST, "rule"),
        by=request.user,
    )
    messages.success(request, _("Entered on the record."))
    return redirect("body", slug)


@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the status of a member, or end its membership."""
    member, rule = free_text(request.POST, "member"), free_text(request.POST, "rule")
    day = day_given(request.POST, name="starts_on")
    status = free_text(request.POST, "status")
    if status == "withdrawn":
        memberships.withdraw_member(body=slug, member=member, ends_on=day, rule=rule, by=request.user)
    else:
        memberships.change_status(body=slug, member=member, status=status, starts_on=day, rule=rule, by=request.user)
    messages.success(request, _("Entered on the record."))
    return redirect("body", slug)


@require_POST
def suspend(request: HttpRequest, slug: str) -> HttpResponse:
    """Suspend a right of a member, or give it back."""
    member, right = free_text(request.POST, "member"), free_text(request.POST, "right")
    rule, day = free_text(request.POST, "rule"), day_given(request.POST, name="starts_on")
    if request.POST.get("do") == "restore":
        memberships.restore_right(body=slug, member=member, right=right, ends_on=day, rule=rule, by=request.user)
    else:
        memberships.suspend_right(
            body=slug,
            member=member,
            right=right,
            rule=rule,
            starts_on=day,
            ends_on=optional_day(request.POST, name="ends_on"),
            meeting=free_text(request.POST, "meeting"),
            by=request.user,
        )
    messages.success(request, _("Entered on the record."))
    return redirect("body", slug)


@require_POST
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """Issue or register a credential."""
    credentials.issue_credential(
        member=slug,
        body=free_text(request.POST, "body"),
        role=free_text(request.POST, "role"),
        holder=free_text(request.POST, "holder"),
        starts_on=day_given(request.POST, name="starts_on"),
        ends_on=optional_day(request.POST, name="ends_on"),
        may_clear=request.POST.get("may_clear") == "yes",
        covers_parts=request.POST.get("covers_parts") == "yes",
        awaited=free_text(request.POST, "awaited"),
        awaited_by=optional_day(request.POST, name="awaited_by"),
        by=request.user,
    )
    messages.success(request, _("The credential is entered on the record, by role and dates, without the name."))
    return redirect("member", slug)


@require_POST
def credential(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Confirm, renew or end a credential."""
    done = request.POST.get("do", "")
    if done == "confirm":
        credentials.confirm_original(credential=number, by=request.user)
    elif done == "renew":
        credentials.renew_credential(
            credential=number, ends_on=optional_day(request.POST, name="ends_on"), by=request.user
        )
    elif done == "end":
        credentials.end_credential(credential=number, by=request.user)
    else:
        raise BadParameter(name="do", found=done[:20], allowed="confirm, renew, end")
    messages.success(request, _("Entered on the record."))
    return redirect("member", slug)


@require_POST
def voice(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the voice of a member in a body."""
    if not request.user.is_authenticated:
        raise NotPermitted(action="take the voice", needed="head or delegate or alternate")
    voices.take_voice(member=slug, body=free_text(request.POST, "body"), by=request.user)
    messages.success(request, _("You speak for your member from now on."))
    return redirect("member", slug)


@require_POST
def proxy(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a proxy, or take it back."""
    body, matter = free_text(request.POST, "body"), free_text(request.POST, "matter")
    if request.POST.get("do") == "end":
        votes.end_proxy(giver=slug, body=body, matter=matter, by=request.user)
    else:
        votes.give_proxy(
            giver=slug, holder=free_text(request.POST, "holder"), body=body, matter=matter, by=request.user
        )
    messages.success(request, _("Entered on the record."))
    return redirect("member", slug)
