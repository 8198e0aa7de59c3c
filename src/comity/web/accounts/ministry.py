"""The way to a ministry's own sign-in and back.

A form of ours may send to ourselves alone (form-action 'self'), and browsers hold the redirect that follows to the same. So
the form is answered by a page that goes on by itself, and holds the link for a browser that does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.socialaccount.providers.openid_connect import views
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from requests import RequestException

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# What a provider that is down, or does not speak OpenID Connect, leads to in allauth.
BROKEN = (RequestException, AttributeError, KeyError, ValueError, TypeError)
AWAY = frozenset({301, 302, 303})


@never_cache
def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider; back to sign-in where it does not answer."""
    try:
        answer: HttpResponse = views.login(request, provider_id)
    except BROKEN:
        return _unreachable(request)
    if answer.status_code not in AWAY:
        return answer
    address = answer.headers["Location"]
    page = render(request, "accounts/to_ministry.html", {"address": address})
    page.headers["Refresh"] = f"0;url={address}"
    return page


@never_cache
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sign in with what the provider answered."""
    try:
        answer: HttpResponse = views.callback(request, provider_id)
    except BROKEN:
        return _unreachable(request)
    return answer


def _unreachable(request: HttpRequest) -> HttpResponse:
    messages.error(
        request, _("The ministry's sign-in does not answer as it should. Try again later, or use your password.")
    )
    return redirect("sign-in")
