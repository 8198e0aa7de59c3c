"""Without the second step that a role demands, an account is the public and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from csp.constants import SELF
from django.contrib.auth import SESSION_KEY

from comity.platform.parties import second_step
from comity.web.accounts.adapters import passed_by_provider

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

# Passkeys are the one thing that a browser does by script alone; a code's picture stands in the page itself.
WITH_SCRIPT = frozenset({"mfa_add_webauthn", "mfa_authenticate", "mfa_reauthenticate_webauthn", "mfa_reauthenticate"})
WITH_PICTURE = frozenset({"mfa_activate_totp"})


class SecondStepMiddleware:
    """Lower the standing of an account whose second step is missing, before any page asks what it may do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the standing that the session has earned."""
        request.second_step_missing = False  # type: ignore[attr-defined]  # read by templates
        if SESSION_KEY in request.session:
            user: Any = request.user
            if user.is_authenticated and second_step.is_missing(user=user, passed=passed_by_provider(request)):
                user.lower_standing()
                request.second_step_missing = True  # type: ignore[attr-defined]  # read by templates
        response = self.get_response(request)
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name in WITH_SCRIPT:
            response._csp_update = {"script-src": [SELF]}  # type: ignore[attr-defined]  # noqa: SLF001  (django-csp's own way)
        if name in WITH_PICTURE:
            response._csp_update = {"img-src": ["data:"]}  # type: ignore[attr-defined]  # noqa: SLF001  (django-csp's own way)
        return response
