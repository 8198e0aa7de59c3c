"""Tokens of an account with which a command publishes for a member: make one, see it once, end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from comity.errors import NotPermitted
from comity.platform.commons.senders import RELEASE
from comity.platform.commons.tokens import MOST_DAYS, end_token, make_token, tokens_of
from comity.platform.parties.models import Role
from comity.platform.parties.roster import member_names
from comity.platform.parties.rules import may
from comity.web.accounts.pages import signed_in
from comity.web.context import interface_language
from comity.web.parameters import free_text, whole_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.parties.models import User

USUAL_DAYS = 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens of the account, and make one, whose text is shown on this one answer alone."""
    user = signed_in(request)
    if not may(user=user, action=RELEASE):
        raise NotPermitted(action=RELEASE, needed="head or focal-point or secretariat")
    text = ""
    if request.method == "POST":
        _token, text = make_token(
            name=free_text(request.POST, "name"),
            member=free_text(request.POST, "member"),
            days=whole_number(request.POST, name="days", low=1, high=MOST_DAYS, default=USUAL_DAYS),
            by=user,
        )
    context = {
        "text": text,
        "made": tokens_of(user=user),
        "own_members": _members(user, interface_language()),
        "is_secretariat": Role.SECRETARIAT in user.roles,
        "most_days": MOST_DAYS,
        "usual_days": USUAL_DAYS,
        "marks": ("v-del",),
    }
    return render(request, "accounts/tokens.html", context)


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End a token."""
    end_token(id=number, by=signed_in(request))
    messages.success(request, _("The token opens nothing any more."))
    return redirect("tokens")


def _members(user: User, language: str, /) -> list[tuple[str, str]]:
    """Return slug and name of the members for which an account may release, by name."""
    names = member_names(language=language)
    own = {p.member for p in user.standing.places if p.member and may(user=user, action=RELEASE, member=p.member)}
    return sorted(((slug, names.get(slug, slug)) for slug in own), key=lambda pair: pair[1])
