"""How allauth is bent to Comity: nobody signs up alone, mail waits in our queue, secrets are kept encrypted."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.platform.parties import second_step
from comity.platform.parties.mail import queue_mail

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MISMATCH = _("Address and password do not belong together. Check both; capitals matter in the password.")
BY_PROVIDER = "second_step_by_provider"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come by invitation; every message goes through our queue."""

    # The answer is the same whether the address has an account, a closed one, or none.
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MISMATCH,
        "account_inactive": MISMATCH,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up alone."""
        del request
        return False

    def format_email_subject(self, subject: str) -> str:
        """Put the name of the body before a subject."""
        return f"{settings.BODY_NAME}: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a message instead of waiting for a mail server: the answer takes the same time whoever asks."""
        message = self.render_mail(template_prefix, email, {"request": self.request, "email": email, **context})
        queue_mail(
            user=context.get("user") if getattr(context.get("user"), "pk", None) else None,
            kind=template_prefix.rpartition("/")[2][:40],
            once=f"{template_prefix}-{secrets.token_hex(12)}",
            address=email,
            subject=message.subject,
            text=str(message.body),
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead a person who must have a second step and has none to setting one up; a delegate to the delegation."""
        user = request.user
        if user.is_authenticated and second_step.is_missing(user=user, passed=passed_by_provider(request)):
            return reverse("mfa_index")
        return reverse("delegation") if user.is_authenticated and user.standing.members else reverse("home")

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Keep what the provider said of the second step, for this session of this account alone, and speak its language."""
        sociallogin = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        request.session.pop(BY_PROVIDER, None)
        if sociallogin is not None and _has_passed_second_step(sociallogin):
            request.session[BY_PROVIDER] = user.pk
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and user.language != "en":
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                "zh-hans" if user.language == "zh" else user.language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                httponly=True,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """A ministry's own sign-in opens an account that exists under the same verified address, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up alone."""
        del request, sociallogin
        return False

    def authenticate_by_email(self, sociallogin: Any) -> tuple[Any, str] | None:
        """Return the account of an address that the provider has verified: true is yes, and nothing else is."""
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True
        found: tuple[Any, str] | None = super().authenticate_by_email(sociallogin)
        return found

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """Let the provider open accounts of its own mail domains alone: it could claim any address."""
        del login
        return email.rpartition("@")[2].casefold() in settings.OIDC_DOMAINS

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect an account to a sign-in of its own person alone: one that states an address which the account has.

        Whoever knows another's password could otherwise connect the sign-in of their own, and pass its second step.
        """
        process = sociallogin.state.get("process")
        if process == AuthProcess.LOGIN:
            return
        stated = {a.email.casefold() for a in sociallogin.email_addresses if a.verified is True}
        if process != AuthProcess.CONNECT or not stated & _addresses_of(request.user):
            messages.error(
                request,
                _("The ministry does not state, as verified, an address of this account. Nothing was connected."),
            )
            raise ImmediateHttpResponse(redirect("socialaccount_connections"))


def passed_by_provider(request: HttpRequest) -> bool:
    """Tell whether the provider that opened this session, for this account, said that it asked for a second step."""
    return request.user.pk is not None and request.session.get(BY_PROVIDER) == request.user.pk


def _has_passed_second_step(sociallogin: Any) -> bool:
    if not settings.OIDC_SECOND_STEP:
        return False
    claims = sociallogin.account.extra_data or {}
    claims = claims.get("id_token") or claims.get("userinfo") or claims
    methods = claims.get("amr")
    by_method = isinstance(methods, list) and "mfa" in methods
    return by_method or claims.get("acr") in settings.OIDC_SECOND_STEP


def _addresses_of(user: Any) -> set[str]:
    if not user.is_authenticated:
        return set()
    held = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {address.casefold() for address in held}


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of the second step are kept encrypted under the instance's key."""

    def encrypt(self, text: str) -> str:
        """Return a secret as it is kept."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret as it is used."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"comity second step\x00" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
