"""Sign-in and sign-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class SignInForm(AuthenticationForm):
    """Address and password. The answer is the same whether the address has an account or not."""

    username = forms.EmailField(
        label=_("Mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    error_messages = {
        "invalid_login": _("Address and password do not belong together. Check both; capitals matter in the password."),
        "inactive": _("Address and password do not belong together. Check both; capitals matter in the password."),
    }


class SignIn(LoginView):
    """The sign-in page."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
    extra_context = {"marks": ("v-del",)}


class SignOut(LogoutView):
    """Signing out, by POST."""


def name_for_lockout(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Return the address under which failures are counted, in one case, so that capitals open no second door."""
    given = (credentials or {}).get("username") or (request.POST.get("username", "") if request is not None else "")
    return str(given)[:254].strip().casefold()


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer someone who failed too often; says the same whether the account exists or not."""
    del credentials, args, kwargs
    return render(request, "accounts/locked_out.html", status=429)
