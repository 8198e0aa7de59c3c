"""When a person wants the digest, the secret address of their calendar, and which digests are due."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from comity.errors import BadParameter, NotFound
from comity.platform.parties.models import CalendarFeed, DigestChoice, User

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN_BYTES = 24
FRIDAY = 4
USUAL = dt.time(7, 30)


def choose_digest(*, user: User, when: str, at: dt.time, language: str) -> DigestChoice:
    """Keep when, and in which language, a person wants the digest. Raises BadParameter."""
    if when not in DigestChoice.When.values:
        raise BadParameter(name="when", found=when[:20], allowed=", ".join(DigestChoice.When.values))
    if language not in {"ar", "zh", "en", "fr", "ru", "es"}:
        raise BadParameter(name="language", found=language[:20], allowed="ar, zh, en, fr, ru, es")
    User.objects.filter(pk=user.pk).update(language=language)
    choice, _ = DigestChoice.objects.update_or_create(user=user, defaults={"when": when, "at": at})
    return choice


def digest_choice(*, user: User) -> tuple[str, dt.time]:
    """Return when a person wants the digest: only when something is due, at half past seven, where nothing was chosen."""
    found = DigestChoice.objects.filter(user=user).first()
    return (found.when, found.at) if found else (DigestChoice.When.DUE, USUAL)


def is_written_to(*, user: Any) -> bool:
    """Tell whether a person has asked for the digest, every day or when something is due."""
    return DigestChoice.objects.filter(user=user).exclude(when=DigestChoice.When.NEVER).exists()


def stop_digest(*, user_id: int) -> None:
    """Send a person no digest any more, as one click in a message asks. Unknown persons are passed over in silence."""
    found = User.objects.filter(pk=user_id, is_active=True).first()
    if found is not None:
        DigestChoice.objects.update_or_create(
            user=found,
            defaults={"when": DigestChoice.When.NEVER},
            create_defaults={"when": DigestChoice.When.NEVER, "at": USUAL},
        )


def due_digests(*, now: dt.datetime) -> Iterator[tuple[User, dt.date]]:
    """Yield every person whose hour has come and who was not written to today, with the day in their own zone."""
    chosen = DigestChoice.objects.exclude(when=DigestChoice.When.NEVER).select_related("user")
    for choice in chosen.filter(user__is_active=True).order_by("pk"):
        here = now.astimezone(zone_of(choice.user))
        if here.weekday() <= FRIDAY and here.time() >= choice.at and choice.last_for != here.date():
            yield choice.user, here.date()


def note_digest(*, user: User, day: dt.date) -> None:
    """Keep that a person's digest of a day is done, whether or not there was anything to say."""
    DigestChoice.objects.filter(user=user).update(last_for=day)


def zone_of(user: User) -> ZoneInfo:
    """Return the time zone of an account; UTC where it names none that exists.

    >>> from types import SimpleNamespace
    >>> str(zone_of(SimpleNamespace(time_zone="Nowhere/Land")))
    'UTC'
    """
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def renew_feed(*, user: User) -> str:
    """Draw a new secret for a person's calendar and return it; the address before is dead. Only its digest is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarFeed.objects.update_or_create(
        user=user, defaults={"token_sha256": _digest(token), "renewed_at": timezone.now()}
    )
    return token


def feed_since(*, user: User) -> dt.datetime | None:
    """Return since when a person has a calendar address, or None."""
    return CalendarFeed.objects.filter(user=user).values_list("renewed_at", flat=True).first()


def owner_of_feed(*, token: str) -> User:
    """Return whose calendar a secret opens. Raises NotFound for any other."""
    found = (
        CalendarFeed.objects.filter(token_sha256=_digest(token), user__is_active=True).select_related("user").first()
    )
    if found is None:
        raise NotFound(reference="delegation/calendar")
    return found.user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
