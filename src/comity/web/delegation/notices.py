"""The digest and the calendar: how a person is told, and two addresses that work without a sign-in."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.errors import NotFound, NotPermitted
from comity.platform.parties.notices import choose_digest, owner_of_feed, renew_feed, stop_digest
from comity.web.delegation.calendar import calendar_of
from comity.web.delegation.digest import SALT
from comity.web.parameters import chosen, time_given

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_POST
def digest(request: HttpRequest) -> HttpResponse:
    """Keep when and in which language a person wants the digest."""
    if not request.user.is_authenticated:
        raise NotPermitted(action="choose a digest", needed="head or delegate or alternate or adviser")
    choose_digest(
        user=request.user,
        when=chosen(request.POST, "when", allowed=("day", "due", "never")),
        at=time_given(request.POST, name="at", default=dt.time(7, 30)),
        language=chosen(request.POST, "lang", allowed=("ar", "zh", "en", "fr", "ru", "es"), default="en"),
    )
    messages.success(request, _("Kept."))
    return redirect(chosen(request.POST, "then", allowed=("review", "delegation"), default="delegation"))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """Ask whether to stop the digest, and stop it: by the page's button, or a mail program's one click (RFC 8058).

    It needs no sign-in and no token of a form: the address itself, which only the message holds, is the proof.
    """
    try:
        user_id = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        raise NotFound(reference="delegation/digest/stop") from None
    if request.method == "POST":
        stop_digest(user_id=int(user_id))
        return render(request, "delegation/stopped.html", {"is_done": True})
    return render(request, "delegation/stopped.html", {"is_done": False})


@require_POST
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """Draw a new calendar address and show it, this once."""
    if not request.user.is_authenticated:
        raise NotPermitted(action="renew a calendar address", needed="head or delegate or alternate or adviser")
    token = renew_feed(user=request.user)
    address = request.build_absolute_uri(f"/delegation/calendar/{token}.ics")
    response = render(request, "delegation/calendar.html", {"address": address, "marks": ("v-del",)})
    patch_cache_control(response, no_store=True)
    return response


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the deadlines of a person's delegation as iCalendar, to whoever has the address."""
    content = calendar_of(user=owner_of_feed(token=token), now=timezone.now(), base=request.build_absolute_uri("/"))
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = tag
    patch_cache_control(response, private=True, max_age=900)
    return response
