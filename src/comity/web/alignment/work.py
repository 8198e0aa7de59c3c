"""The progress of an alignment, and who may start or cancel one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comity.platform.alignment import selectors
from comity.platform.alignment.tasks import ALIGN, cancel_alignment, start_alignment
from comity.platform.parties.rules import may
from comity.platform.work.selectors import latest_job
from comity.web.parameters import chosen

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest) -> HttpResponse:
    """Show the latest alignment; start or cancel one."""
    if request.method == "POST":
        wish = chosen(request.POST, "do", allowed=("start", "cancel"))
        if wish == "start":
            start_alignment(by=request.user)
        elif wish == "cancel":
            cancel_alignment(by=request.user)
        return redirect("work")
    run = selectors.latest_run()
    context = {
        "job": latest_job(kind=ALIGN),
        "run": run,
        "learned": selectors.learned_by(run=run),
        "may_start": may(user=request.user, action="start an alignment"),
        "marks": ("v-pub",),
    }
    return render(request, "alignment/work.html", context)
