"""What every request passes: an id, the proxy's word, the reader's language, and refusals turned into pages."""

from __future__ import annotations

import ipaddress
import re
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from comity.errors import BadInput, ComityError, Conflict, LinkExpired, NotFound, NotPermitted, StaleForm, TooManyAtOnce
from comity.web.files import FilesRefused
from comity.web.refusals import refusal_page
from comity.web.request_id import request_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    Answer = Callable[[HttpRequest], HttpResponse]

_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

UNREADABLE = "400 Bad Request: this form cannot be read. Send it as a browser does; nothing was changed.\n"
STATUS: tuple[tuple[type[ComityError], int], ...] = (
    (NotFound, 404),
    (LinkExpired, 404),
    (NotPermitted, 403),
    (StaleForm, 403),
    (TooManyAtOnce, 429),
    (Conflict, 409),
    (BadInput, 400),
)


class RequestIdMiddleware:
    """Give each request an id, taken from X-Request-ID where that is well formed, and say it in the answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer under an id."""
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
        finally:
            request_id.reset(token)
        return response


class TrustedProxyMiddleware:
    """Believe X-Forwarded-For and X-Forwarded-Proto from the networks that COMITY_TRUSTED_PROXIES names, from no other."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.networks = [ipaddress.ip_network(n) for n in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the address and the scheme that the proxy saw, where it is trusted."""
        if self.networks and self._is_trusted(request.META.get("REMOTE_ADDR", "")):
            hops = [h.strip() for h in request.headers.get("X-Forwarded-For", "").split(",") if h.strip()]
            for hop in reversed(hops):
                if not self._is_address(hop):
                    break
                request.META["REMOTE_ADDR"] = hop
                if not self._is_trusted(hop):
                    break
            if request.headers.get("X-Forwarded-Proto") == "https":
                request.META["wsgi.url_scheme"] = "https"
        return self.get_response(request)

    def _is_trusted(self, address: str) -> bool:
        return self._is_address(address) and any(ipaddress.ip_address(address) in n for n in self.networks)

    @staticmethod
    def _is_address(text: str) -> bool:
        try:
            ipaddress.ip_address(text)
        except ValueError:
            return False
        return True


class PackingMiddleware(GZipMiddleware):
    """Pack answers with gzip, except files that are given by ranges: their bytes, length and tag stay as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Pack, or leave as it is."""
        if response.has_header("Accept-Ranges"):
            return response
        return super().process_response(request, response)


class LanguageMiddleware:
    """Choose the language: ``?lang=``, then the cookie that it left, then what the browser asks for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in one of the six languages, and remember a choice."""
        chosen = self._supported(request.GET.get("lang", ""))
        language = chosen or self._supported(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
        language = language or translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response["Content-Language"] = language
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if chosen:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                httponly=True,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response

    @staticmethod
    def _supported(text: str) -> str:
        try:
            return translation.get_supported_language_variant(text) if text else ""
        except LookupError:
            return ""


class FormMiddleware:
    """Refuse a form that cannot be read (a hostile charset, too many fields) before anything else looks at it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the form once; go on where that works."""
        if request.method == "POST":
            try:
                request.POST  # noqa: B018  (reading it is the check)
            except FilesRefused as refused:
                words = f"413 Content Too Large: {refused}; nothing was kept.\n"
                return HttpResponse(words, status=413, content_type="text/plain")
            except (SuspiciousOperation, BadRequest, LookupError, ValueError, OSError):
                return HttpResponse(UNREADABLE, status=400, content_type="text/plain")
        return self.get_response(request)


class RefusalMiddleware:
    """Turn a refusal into a page that says what was found, what is allowed, and what to do."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; refusals are caught below."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a ComityError with its page; send someone not signed in to the sign-in first."""
        if not isinstance(exception, ComityError):
            return None
        if isinstance(exception, NotPermitted) and not request.user.is_authenticated and request.method == "GET":
            return redirect_to_login(request.get_full_path())
        if isinstance(exception, NotPermitted) and getattr(request, "second_step_missing", False):
            messages.info(request, gettext("Your role asks for a second step of signing in. Set one up first."))
            return redirect("mfa_index")
        status = next((code for kind, code in STATUS if isinstance(exception, kind)), 500)
        return refusal_page(request, exception, status=status)
