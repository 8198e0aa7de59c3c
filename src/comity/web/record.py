"""The record on the web: the list of acts, and one act with what it will put into the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.platform.record.selectors import act_of, count_acts, latest_acts
from comity.web.parameters import page_number

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

PER_PAGE = 25


@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """List acts, newest first."""
    number = page_number(request.GET)
    total = count_acts(user=request.user)
    found = latest_acts(user=request.user, most=PER_PAGE, after=(number - 1) * PER_PAGE)
    context = {
        "acts": found,
        "total": total,
        "number": number,
        "older": number + 1 if number * PER_PAGE < total else None,
        "newer": number - 1 if number > 1 else None,
    }
    return render(request, "record/acts.html", context)


@require_safe
def act(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """Show one act."""
    return render(
        request,
        "record/act.html",
        {"act": act_of(act_id=str(act_id), user=request.user), "marks": ("v-pub", "v-mem", "v-com", "v-del")},
    )
