"""A person's own account: name, language and zone, the ways in, all that is kept, and closing it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from comity.errors import NotPermitted
from comity.platform.alignment.answers import reviews_of
from comity.platform.alignment.exports import decisions_of
from comity.platform.alignment.reviewing import erase_reviews_of
from comity.platform.capacity.personal import contributions_of, erase_contributions_of
from comity.platform.commons.personal import erase_publishing_of, publishing_of
from comity.platform.decisions.personal import ballots_of, erase_ballots_of
from comity.platform.dialogue.personal import dialogues_of, erase_dialogues_of
from comity.platform.parties import second_step
from comity.platform.parties.personal import erase_account, export_account
from comity.platform.parties.rules import may
from comity.platform.parties.services import change_profile
from comity.web.delegation.pages import DIGEST_LANGUAGES
from comity.web.parameters import free_text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.parties.models import User

ZONES = tuple(
    sorted(z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "posix", "right", "SystemV")))
)


def signed_in(request: HttpRequest) -> User:
    """Return who is signed in. Raises NotPermitted for anyone else."""
    if not request.user.is_authenticated:
        raise NotPermitted(action="open the page of an account", needed="account")
    return request.user


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show the account."""
    user = signed_in(request)
    context = {
        "places": sorted(user.standing.places),
        "languages_of_account": DIGEST_LANGUAGES,
        "zones": ("UTC", *ZONES),
        "has_second_step": second_step.is_set_up(user=user),
        "may_invite": may(user=user, action="invite a person") or may(user=user, action="give an office"),
        "may_publish": may(user=user, action="release a version"),
        "may_recover": may(user=user, action="allow a recovery"),
        "marks": ("v-del",),
    }
    return render(request, "accounts/account.html", context)


@require_POST
def profile(request: HttpRequest) -> HttpResponse:
    """Keep name, language and zone."""
    change_profile(
        user=signed_in(request),
        name=free_text(request.POST, "name"),
        language=free_text(request.POST, "language"),
        time_zone=free_text(request.POST, "time_zone"),
    )
    messages.success(request, _("Kept."))
    return redirect("account")


@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Answer all that is kept of the person, as a file."""
    user = signed_in(request)
    data = {
        **export_account(email=user.email),
        "decisions": decisions_of(email=user.email),
        **reviews_of(email=user.email),
        **dialogues_of(email=user.email),
        **ballots_of(email=user.email),
        **contributions_of(email=user.email),
        **publishing_of(email=user.email),
    }
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="comity-account.json"'
    return response


@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def close(request: HttpRequest) -> HttpResponse:
    """Ask whether to close the account, and erase it."""
    user = signed_in(request)
    if request.method == "POST":
        email = user.email
        erase_reviews_of(user=user)
        erase_dialogues_of(user=user)
        erase_ballots_of(user=user)
        erase_contributions_of(user=user)
        erase_publishing_of(user=user)
        logout(request)
        erase_account(email=email)
        messages.success(
            request, _("Your account is erased. What you did for an office or a member stays, without your name.")
        )
        return redirect("home")
    return render(request, "accounts/close.html", {"marks": ("v-del",)})
