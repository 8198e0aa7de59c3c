"""The daily digest: titles and deadlines, in plain text and HTML, under 20 kB, in the person's language.

Mail is not confidential, so it never holds the text of a draft, nor its title.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from comity.platform.parties.mail import queue_mail
from comity.platform.parties.models import DigestChoice
from comity.platform.parties.notices import digest_choice, due_digests, note_digest, zone_of
from comity.platform.parties.rules import standing_now
from comity.platform.parties.today import is_due_within, needs_of
from comity.web.delegation.needs import in_words

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.parties.models import User

SALT = "comity.digest.stop"
MOST_LISTED = 25


def write_digests(*, now: dt.datetime) -> int:
    """Queue the digest of everyone whose hour has come; return how many messages were queued. Safe to run again."""
    queued = 0
    for user, day in due_digests(now=now):
        queued += write_digest(user=user, day=day, now=now)
        note_digest(user=user, day=day)
    return queued


def write_digest(*, user: User, day: dt.date, now: dt.datetime) -> bool:
    """Queue one person's digest of a day, unless there is nothing to say or it was queued before."""
    when, _ = digest_choice(user=user)
    needs = needs_of(user=user, now=now)
    if when == DigestChoice.When.DUE:
        needs = tuple(need for need in needs if is_due_within(need, now=now, days=2))
    if not needs:
        return False
    is_of_delegation = bool(standing_now(user=user).members)
    language = "zh-hans" if user.language == "zh" else user.language
    with translation.override(language):
        base = settings.BASE_URL.rstrip("/")
        stop = f"{base}/delegation/digest/stop/{signing.dumps(user.pk, salt=SALT)}"
        here = zone_of(user)
        rows = [
            (words, words.due_at.astimezone(here) if words.due_at else None)
            for words in (in_words(need, outside=True) for need in needs[:MOST_LISTED])
        ]
        context = {
            "body_name": settings.BODY_NAME,
            "name": user.name,
            "rows": rows,
            "more": len(needs) - len(rows),
            "base": base,
            "is_of_delegation": is_of_delegation,
            "page": "/delegation/" if is_of_delegation else "/alignment/review?state=stale",
            "stop": stop,
            "zone": here,
            "language_tag": "zh-Hans" if user.language == "zh" else user.language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
        }
        subject = (
            ngettext("%(n)d thing needs your delegation", "%(n)d things need your delegation", len(needs))
            if is_of_delegation
            else ngettext("%(n)d thing needs you", "%(n)d things need you", len(needs))
        ) % {"n": len(needs)}
        text = render_to_string("mail/digest.txt", context)
        html = render_to_string("mail/digest.html", context)
    return queue_mail(
        user=user,
        kind="digest",
        once=f"digest-{user.pk}-{day.isoformat()}",
        address=user.email,
        subject=f"{subject} ({settings.BODY_NAME})",
        text=text,
        html=html,
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
