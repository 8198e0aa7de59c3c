"""The record on the web: the log and its acts, one act with its receipt, and how to check it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.platform.record.log import find_log, witness_policy
from comity.platform.record.publications import latest_checkpoint, payload_digest, receipt_view
from comity.platform.record.selectors import act_of, count_acts, latest_acts
from comity.platform.record.states import count_waiting, why_stopped
from comity.platform.record.witnesses import verdict_of
from comity.web.parameters import page_number

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

PER_PAGE = 25


@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """Show the state of the log, and list acts, newest first."""
    number = page_number(request.GET)
    total = count_acts(user=request.user)
    found = latest_acts(user=request.user, most=PER_PAGE, after=(number - 1) * PER_PAGE)
    context = {
        **_state(),
        "acts": found,
        "total": total,
        "number": number,
        "older": number + 1 if number * PER_PAGE < total else None,
        "newer": number - 1 if number > 1 else None,
        "waiting": count_waiting(),
    }
    return render(request, "record/acts.html", context)


@require_safe
def act(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """Show one act with its receipt."""
    log = find_log()
    shown = act_of(act_id=str(act_id), user=request.user)
    context = {
        "act": shown,
        "receipt": receipt_view(act=shown, log=log, policy=witness_policy()) if log else None,
        "payload": payload_digest(act_id=str(act_id)),
        "vkey": log.vkey if log else "",
        "stopped": bool(why_stopped()),
        "marks": ("v-pub", "v-mem", "v-com", "v-del"),
    }
    return render(request, "record/act.html", context)


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Tell how to check the record without this site."""
    base = request.build_absolute_uri("/record")
    policy, log = witness_policy(), find_log()
    context = {
        **_state(),
        "vkey": log.vkey if log else "",
        "base": base,
        "witnesses": policy.witnesses if policy else (),
    }
    return render(request, "record/check.html", context)


def _state() -> dict[str, Any]:
    log = find_log()
    latest = latest_checkpoint(origin=log.origin) if log else None
    return {
        "latest": latest,
        "verdict": verdict_of(checkpoint=latest, policy=witness_policy()),
        "stopped": bool(why_stopped()),
    }
