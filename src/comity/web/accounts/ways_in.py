"""Invitations and recoveries: the pages behind their links, and those of the people who send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.errors import BadParameter, NotPermitted
from comity.platform.parties import invitations as inviting
from comity.platform.parties import recovery as recovering
from comity.platform.parties.models import Role
from comity.platform.parties.roster import assemblies, body_view, member_names
from comity.platform.parties.rules import may
from comity.web.accounts.pages import signed_in
from comity.web.context import interface_language
from comity.web.delegation.pages import DIGEST_LANGUAGES
from comity.web.parameters import free_text, whole_number
from comity.web.places import places_to_choose

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def _secret(request: HttpRequest, name: str = "password") -> str:
    found = request.POST.get(name, "")
    if len(found) > 256:  # noqa: PLR2004  (a longer one only costs time)
        raise BadParameter(name="password", found="(not shown)", allowed="at most 256 characters")
    return found


def composed(
    *, language: str, path: str, subject: str, sentences: Callable[[], tuple[str, ...]]
) -> Callable[[str], tuple[str, str]]:
    """Return what writes a message with one link, in a language: subject and text from the secret of the link."""

    def compose(token: str) -> tuple[str, str]:
        with translation.override("zh-hans" if language == "zh" else language):
            link = f"{settings.BASE_URL}/account/{path}/{token}"
            text = "\n\n".join((*sentences(), link, _("Nobody of this body will ever ask you for your password.")))
            return f"{settings.BODY_NAME}: {translation.gettext(subject)}", f"{text}\n"

    return compose


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    """List the invitations that wait, and send one."""
    user = signed_in(request)
    if not (may(user=user, action="invite a person") or may(user=user, action="give an office")):
        raise NotPermitted(action="invite a person", needed="secretariat or head or focal-point")
    link = ""
    if request.method == "POST":
        language = free_text(request.POST, "language")
        token = inviting.invite_person(
            email=free_text(request.POST, "email"),
            name=free_text(request.POST, "name"),
            language=language,
            credential=whole_number(request.POST, name="credential", low=1, high=2**62, default=0) or None,
            role=free_text(request.POST, "role"),
            body=free_text(request.POST, "body"),
            member=free_text(request.POST, "member"),
            origin=free_text(request.POST, "origin"),
            by=user,
            compose=composed(
                language=language,
                path="invitation",
                subject=gettext_noop("An account for you"),
                sentences=lambda: (_("You are invited to open an account. The link works once, for seven days."),),
            ),
        )
        messages.success(request, _("The invitation is on its way."))
        # Without a mail server nothing would reach the person: whoever invites hands the link over.
        link = "" if settings.SMTP else f"{settings.BASE_URL}/account/invitation/{token}"
    context: dict[str, Any] = {
        "waiting": inviting.open_invitations(user=user),
        "may_give_office": may(user=user, action="give an office"),
        "roles": Role.values,
        "bodies": _bodies(),
        "origins": places_to_choose(),
        "all_members": sorted(member_names(language=interface_language()).items(), key=lambda pair: pair[1].casefold()),
        "languages_of_account": DIGEST_LANGUAGES,
        "credential": request.GET.get("credential", "")[:20],
        "link": link,
        "marks": ("v-del",),
    }
    response = render(request, "accounts/invitations.html", context)
    patch_cache_control(response, no_store=True)
    return response


def _bodies() -> list[tuple[str, str]]:
    language = interface_language()
    found: list[tuple[str, str]] = []
    for slug, name in assemblies(language=language):
        found += [(slug, name), *body_view(slug=slug, language=language).parts]
    return found


@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take an invitation back."""
    inviting.withdraw_invitation(invitation=number, by=signed_in(request))
    messages.success(request, _("The invitation is taken back; its link opens nothing any more."))
    return redirect("invitations")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link invites to, and take it up: with a new account, or with the one of the same address."""
    view = inviting.invitation_of(token=token)
    if request.method == "POST":
        if request.user.is_authenticated:
            inviting.take_up_signed_in(token=token, user=request.user)
        else:
            if _secret(request) != _secret(request, "again"):
                raise BadParameter(name="password", found="(not shown)", allowed="the same word twice")
            inviting.take_up(token=token, name=free_text(request.POST, "name"), password=_secret(request))
            messages.success(request, _("Your account is open. Sign in, then set up the second step."))
            return redirect("sign-in")
        messages.success(request, _("The invitation is taken up."))
        return redirect("account")
    return render(request, "accounts/invitation.html", {"invitation": view, "token": token, "marks": ("v-del",)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a recovery; the answer is the same whether or not the address has an account."""
    if request.method == "POST":
        recovering.ask_recovery(email=free_text(request.POST, "email"), tell=_told_of_recovery)
        return render(request, "accounts/asked.html", {})
    return render(request, "accounts/ask.html", {"marks": ("v-del",)})


def _told_of_recovery(language: str) -> tuple[str, str]:
    with translation.override("zh-hans" if language == "zh" else language):
        sentences = (
            _("Somebody asked for a new start for your account. It takes two officers, who call you first."),
            _("If it was not you, tell the secretariat at once. Nothing has changed yet."),
        )
        subject = _("A new start was asked for")
        return f"{settings.BODY_NAME}: {subject}", "\n\n".join(sentences) + "\n"


@never_cache
@require_safe
def recoveries(request: HttpRequest) -> HttpResponse:
    """List the recoveries that wait for officers."""
    context = {"waiting": recovering.open_recoveries(by=signed_in(request)), "marks": ("v-del",)}
    return render(request, "accounts/recoveries.html", context)


@require_POST
def allow(request: HttpRequest, number: int) -> HttpResponse:
    """Allow a recovery as one of two officers."""
    officer = signed_in(request)
    granted = recovering.allow_recovery(
        recovery=number,
        by=officer,
        compose=composed(
            language=recovering.language_of_person(recovery=number, by=officer),
            path="recovery",
            subject=gettext_noop("A new start for your account"),
            sentences=lambda: (
                _("Two officers have allowed you a new start. The link works once, for one day."),
                _("If you did not ask for this, tell the secretariat at once and do not use the link."),
            ),
        ),
    )
    messages.success(
        request,
        _("Granted: the person has been sent a link.") if granted else _("Kept. A second officer must allow it too."),
    )
    return redirect("recoveries")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password with the link of a recovery; second steps and sessions end."""
    recovering.demand_recovery(token=token)
    if request.method == "POST":
        if _secret(request) != _secret(request, "again"):
            raise BadParameter(name="password", found="(not shown)", allowed="the same word twice")
        recovering.recover(token=token, password=_secret(request))
        messages.success(request, _("Your password is set. Sign in, then set up the second step."))
        return redirect("sign-in")
    return render(request, "accounts/recover.html", {"marks": ("v-del",)})
