"""Who belongs: bodies with their members on a day, members with their history and delegation, statements that were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comity.platform.parties.models import Credential, Membership, Suspension
from comity.platform.parties.roster import assemblies, body_view, member_names, member_view, members_on
from comity.platform.parties.rules import may
from comity.platform.parties.statements import statement_view, statements_of
from comity.web.context import interface_language
from comity.web.parameters import day_given

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

CIRCLES = ("v-pub", "v-mem", "v-com", "v-del")


@require_safe
def parties(request: HttpRequest) -> HttpResponse:
    """Show the one assembly of the instance, or a list of several."""
    found = assemblies(language=interface_language())
    if len(found) == 1:
        return redirect("body", found[0][0])
    return render(request, "parties/parties.html", {"bodies": found})


@require_safe
def body(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a body with its members and observers on a day, and what may be done there by the reader."""
    language = interface_language()
    on = day_given(request.GET, name="on", default=timezone.now().date())
    view = body_view(slug=slug, language=language)
    everyone = members_on(body=slug, on=on, statuses=Membership.Status.values, language=language)
    members = [seat for seat in everyone if seat.status != Membership.Status.OBSERVER]
    action = "enter or change a membership" if view.kind == "assembly" else "seat a member in a committee"
    context: dict[str, Any] = {
        "body": view,
        "on": on,
        "is_today": on == timezone.now().date(),
        "members": members,
        "observers": [seat for seat in everyone if seat.status == Membership.Status.OBSERVER],
        "may_seat": may(user=request.user, action=action, body=slug),
        "may_suspend": may(user=request.user, action="suspend a right of a member", body=slug),
        "statements": statements_of(body=slug, user=request.user),
        "marks": CIRCLES,
    }
    if context["may_seat"] or context["may_suspend"]:
        context |= {
            "all_members": sorted(member_names(language=language).items(), key=lambda pair: pair[1].casefold()),
            "statuses": Membership.Status.values,
            "rights": Suspension.Right.values,
        }
    return render(request, "parties/body.html", context)


@require_safe
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a member: what it is where, who acts for it, and what may be done there by the reader."""
    view = member_view(slug=slug, user=request.user, language=interface_language())
    now = timezone.now().date()
    seats = [m for m in view.memberships if m.starts_on <= now and (m.ends_on is None or now < m.ends_on)]
    context = {
        "member": view,
        "seats": seats,
        "may_register": may(user=request.user, action="register credentials"),
        "may_issue": may(user=request.user, action="issue credentials", member=slug),
        "may_speak": may(user=request.user, action="take the voice", member=slug),
        "may_give_proxy": may(user=request.user, action="give a proxy", member=slug),
        "roles": Credential.Role.values,
        "others": [(s, n) for s, n in member_names(language=interface_language()).items() if s != slug],
        "marks": CIRCLES,
    }
    return render(request, "parties/member.html", context)


@require_safe
def statement(request: HttpRequest, number: int) -> HttpResponse:
    """Show a statement, to those who may see it."""
    return render(
        request,
        "parties/statement.html",
        {"statement": statement_view(number=number, user=request.user), "marks": CIRCLES},
    )
