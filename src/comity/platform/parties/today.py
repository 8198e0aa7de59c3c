"""What needs action from a person today and soon: gathered from every room, in the order of deadlines.

A room adds a provider; this room adds texts and credentials. A need names what it is by a word and data, never by a sentence:
the doors know the reader's language, and what may leave the delegation.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django.utils import timezone

from comity.platform.parties.models import Credential, Submission
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import may, standing_now
from comity.platform.parties.standing import in_force
from comity.platform.parties.submissions import waiting_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.platform.parties.models import User

SOON = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do. ``kind`` is a word such as clear, send or credential-ends; ``member`` whose it is.

    ``title`` is the thing's own title, which may be of a draft: it is shown on the delegation's page and nowhere else.
    ``due_at`` is empty where nothing presses. ``address`` is a path of this site.
    """

    kind: str
    key: str
    member: str
    address: str
    title: str = ""
    due_at: dt.datetime | None = None
    facts: dict[str, str] = field(default_factory=dict)


class Provider(Protocol):
    """Tells what a person needs to do, for a room."""

    def __call__(self, *, user: User, now: dt.datetime) -> Iterable[Need]:
        """Return the needs of one room."""
        ...


PROVIDERS: list[Provider] = []


def needs_of(*, user: Any, now: dt.datetime | None = None) -> tuple[Need, ...]:
    """Return everything that an account needs to do, what is due first; nothing for who serves no member."""
    if not standing_now(user=user).places:
        return ()
    moment = now or timezone.now()
    found = [need for provider in PROVIDERS for need in provider(user=user, now=moment)]
    return tuple(sorted(found, key=lambda n: (n.due_at is None, n.due_at, n.kind, n.key)))


def is_due_within(need: Need, *, now: dt.datetime, days: int) -> bool:
    """Tell whether a need falls due within some days of a moment, or is late."""
    return need.due_at is not None and need.due_at <= now + dt.timedelta(days=days)


def texts_that_wait(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Texts to clear for the capital, cleared ones to send, and drafts with remarks that are not settled."""
    del now
    found = waiting_for(user=user).select_related("member", "body").prefetch_related("comments")
    for text in found.order_by("pk"):
        kind = _next_step(text, user=user)
        if kind:
            yield Need(
                kind=kind,
                key=f"text-{text.pk}",
                member=text.member.slug,
                address=f"/delegation/texts/{text.pk}",
                title=text.title,
                due_at=text.due_at,
                facts={"body": name_in(text.body.names, "en")},
            )


def credentials_that_end(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Credentials of the delegation that end within fourteen days, and originals that are awaited."""
    today = now.date()
    for slug in standing_now(user=user).members:
        found = Credential.objects.filter(in_force(on=today), member__slug=slug, revoked_at__isnull=True)
        is_issuer = may(user=user, action="issue credentials", member=slug)
        for credential in found.order_by("pk"):
            if not is_issuer and credential.user_id != user.pk:
                continue
            address = f"/parties/members/{slug}"
            facts = {"role": str(credential.role)}
            if credential.ends_on is not None and credential.ends_on <= today + SOON:
                yield Need(
                    kind="credential-ends",
                    key=f"credential-{credential.pk}",
                    member=slug,
                    address=address,
                    due_at=_midnight(credential.ends_on),
                    facts=facts,
                )
            if credential.state == Credential.State.PROVISIONAL:
                yield Need(
                    kind="original-awaited",
                    key=f"original-{credential.pk}",
                    member=slug,
                    address=address,
                    due_at=_midnight(credential.awaited_by) if credential.awaited_by else None,
                    facts=facts,
                )


PROVIDERS += [texts_that_wait, credentials_that_end]


def _next_step(text: Submission, *, user: User) -> str:
    slug = text.member.slug
    if text.state == Submission.State.CLEARED:
        return "send" if may(user=user, action="send a text", member=slug, body=text.body.slug) else ""
    if any(not comment.is_settled for comment in text.comments.all()):
        return "settle" if may(user=user, action="draft a text", member=slug) else ""
    return "clear" if may(user=user, action="clear a text", member=slug) else ""


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
