"""The page that a delegate opens every morning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comity.errors import NotPermitted
from comity.platform.parties.notices import digest_choice, feed_since, zone_of
from comity.platform.parties.roster import delegation_of, member_names
from comity.platform.parties.rules import may, standing_now
from comity.platform.parties.submissions import submissions_of
from comity.platform.parties.today import is_due_within, needs_of
from comity.web.context import interface_language
from comity.web.delegation.needs import in_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MARKS = ("v-pub", "v-mem", "v-com", "v-del", "t-full", "t-open")
DIGEST_LANGUAGES = (
    ("ar", "العربية"),
    ("zh", "中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
)


@never_cache
@require_safe
def delegation(request: HttpRequest) -> HttpResponse:
    """Show what needs action, texts on their way, deadlines, and how to be told of them."""
    members = standing_now(user=request.user).members
    if not request.user.is_authenticated or not members:
        raise NotPermitted(action="open the page of a delegation", needed="head or delegate or alternate or adviser")
    names = member_names(language=interface_language())
    now = timezone.now()
    needs = needs_of(user=request.user, now=now)
    here = zone_of(request.user)
    today = [
        n for n in needs if n.due_at is not None and n.due_at.astimezone(here).date() <= now.astimezone(here).date()
    ]
    later = [n for n in needs if n not in today and n.due_at is not None]
    texts = [view for slug in members for view in submissions_of(member=slug, user=request.user)]
    when, at = digest_choice(user=request.user)
    context: dict[str, Any] = {
        "members": [(slug, names[slug]) for slug in members],
        "now": now,
        "zone": here,
        "offset": _offset(now.astimezone(here).strftime("%z")),
        "needs": [in_words(n) for n in needs],
        "today": len(today),
        "later": len(later),
        "last_due": later[-1].due_at if later else None,
        "soon": any(is_due_within(n, now=now, days=2) for n in needs),
        "waiting": [view for view in texts if view.state != "sent"],
        "sent": [view for view in texts if view.state == "sent"][:5],
        "people": sum(len(delegation_of(member=slug, on=now.date(), user=request.user)) for slug in members),
        "deadlines": [view for view in texts if view.due_at is not None],
        "when": when,
        "at": at,
        "languages_of_digest": DIGEST_LANGUAGES,
        "feed_since": feed_since(user=request.user),
        "may_draft": any(may(user=request.user, action="draft a text", member=slug) for slug in members),
        "marks": MARKS,
    }
    return render(request, "delegation/delegation.html", context)


def _offset(text: str) -> str:
    """Return +0300 as UTC+3, and +0000 as UTC.

    >>> _offset("+0530"), _offset("-0300"), _offset("+0000")
    ('UTC+5:30', 'UTC-3', 'UTC')
    """
    hours, minutes = int(text[1:3]), text[3:5]
    if not hours and minutes == "00":
        return "UTC"
    return f"UTC{text[0]}{hours}" + (f":{minutes}" if minutes != "00" else "")
