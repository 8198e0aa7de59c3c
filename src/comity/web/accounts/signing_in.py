"""What a failed sign-in is counted under, and what someone sees who failed too often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def name_for_lockout(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Return the address under which failures are counted, in one case, so that capitals open no second door."""
    held = credentials or {}
    given = held.get("email") or held.get("username") or (request.POST.get("login", "") if request is not None else "")
    return str(given)[:254].strip().casefold()


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer someone who failed too often; says the same whether the account exists or not."""
    del credentials, args, kwargs
    return render(request, "accounts/locked_out.html", status=429)
