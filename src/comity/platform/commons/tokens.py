"""Tokens with which a command publishes and reads for one member: made on a page, shown once, kept as a digest, until a day."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.commons.models import PublishingToken
from comity.platform.commons.senders import authorise_sending
from comity.platform.parties.texts import checked_text

if TYPE_CHECKING:
    from comity.platform.parties.models import User

BEGINS = "comity_"
MOST_DAYS = 366
MOST_TOKENS = 20
MOST_NAME = 60
NOTED_EVERY = dt.timedelta(hours=1)
KEPT_AFTER = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token of an account, without what opens anything."""

    id: int
    name: str
    member: str
    made_at: dt.datetime
    ends_at: dt.datetime
    used_at: dt.datetime | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class TokenReader:
    """Who reads by a token: the account in the circles of the token's member alone. ``user`` publishes."""

    user: User
    member: str
    name: str
    audiences: frozenset[str]
    is_authenticated: bool = True


def make_token(*, name: str, member: str, days: int, by: Any) -> tuple[PublishingToken, str]:
    """Make a token for a member, or for the body where none is named; return it and its text, which is kept nowhere.

    Raises NotPermitted, BadParameter, or Conflict where the account has too many.
    """
    party = authorise_sending(member=member, by=by)
    called = checked_text("name", name, most=MOST_NAME, least=1)
    if not 1 <= days <= MOST_DAYS:
        raise BadParameter(name="days", found=days, allowed=f"1 to {MOST_DAYS}")
    now = timezone.now()
    if PublishingToken.objects.filter(user=by, ends_at__gt=now).count() >= MOST_TOKENS:
        raise Conflict(problem=f"You have {MOST_TOKENS} tokens. End one first; nothing was made.")
    text = BEGINS + secrets.token_urlsafe(32)
    token = PublishingToken.objects.create(
        user=by, member=party, name=called, digest=_digest(text), made_at=now, ends_at=now + dt.timedelta(days=days)
    )
    return token, text


def end_token(*, id: int, by: Any) -> None:  # noqa: A002  (the key of its row, as its page names it)
    """Take a token of one's own back, for good. Raises NotFound."""
    deleted, _ = PublishingToken.objects.filter(pk=id, user=by).delete()
    if not deleted:
        raise NotFound(reference="account/tokens")


def tokens_of(*, user: Any) -> tuple[TokenView, ...]:
    """Return the tokens of an account, the newest first."""
    now = timezone.now()
    rows = PublishingToken.objects.filter(user=user).select_related("member").order_by("-made_at")
    return tuple(
        TokenView(
            id=t.pk,
            name=t.name,
            member=t.member.slug if t.member else "",
            made_at=t.made_at,
            ends_at=t.ends_at,
            used_at=t.used_at,
            is_over=t.ends_at <= now,
        )
        for t in rows
    )


def reader_of_token(*, text: str) -> TokenReader | None:
    """Return who reads and publishes by a token; None where it opens nothing, was ended, or is over."""
    now = timezone.now()
    row = (
        PublishingToken.objects.filter(digest=_digest(text), ends_at__gt=now, user__is_active=True)
        .select_related("user", "member")
        .first()
    )
    if row is None:
        return None
    if row.used_at is None or row.used_at < now - NOTED_EVERY:
        PublishingToken.objects.filter(pk=row.pk).update(used_at=now)
    member = row.member.slug if row.member else ""
    # An account may serve several members; a token of one opens nothing of another.
    circles = {"members", f"delegation:{member}"} if member else row.user.audiences
    return TokenReader(user=row.user, member=member, name=row.name, audiences=row.user.audiences & circles)


def forget_old_tokens(*, now: dt.datetime | None = None) -> int:
    """Delete tokens thirty days after their last day; return how many."""
    deleted, _ = PublishingToken.objects.filter(ends_at__lt=(now or timezone.now()) - KEPT_AFTER).delete()
    return deleted


def _digest(text: str, /) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
