"""Recovery: who has lost every second step gets a new start when two different officers allow it."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.errors import BadParameter, Conflict, LinkExpired, NotFound
from comity.platform.parties.mail import queue_mail
from comity.platform.parties.models import Invitation, Recovery, User
from comity.platform.parties.rules import require
from comity.platform.parties.second_step import remove_second_steps

if TYPE_CHECKING:
    from collections.abc import Callable

ASKED_LASTS = dt.timedelta(days=7)
GRANTED_LASTS = dt.timedelta(days=1)
APART = dt.timedelta(days=30)
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """A request as officers see it: whose it is, when it was made, and how many have allowed it."""

    id: int
    name: str
    email: str
    asked_at: dt.datetime
    allowed: int
    is_mine: bool


def ask_recovery(*, email: str, tell: Callable[[str], tuple[str, str]]) -> None:
    """Ask for a new start, and tell the person by mail; ``tell`` returns subject and text in a language.

    The caller says the same whether or not the address has an account.
    """
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        return
    now = timezone.now()
    waiting = Recovery.objects.filter(user=user, used_at__isnull=True, expires_at__gt=now)
    with transaction.atomic():
        if waiting.select_for_update().exists():
            return
        made = Recovery.objects.create(user=user, asked_at=now, expires_at=now + ASKED_LASTS)
        subject, text = tell(user.language)
        queue_mail(user=user, kind="recovery", once=f"asked-{made.pk}", address=user.email, subject=subject, text=text)


def language_of_person(*, recovery: int, by: Any) -> str:
    """Return the language of the person who asked, in which the link is sent. Raises NotPermitted or NotFound."""
    require(user=by, action="allow a recovery")
    found = Recovery.objects.filter(pk=recovery).select_related("user").first()
    if found is None:
        raise NotFound(reference=f"recovery {recovery}")
    return found.user.language


def open_recoveries(*, by: Any) -> tuple[RecoveryView, ...]:
    """Return the requests that wait for officers. Raises NotPermitted."""
    require(user=by, action="allow a recovery")
    now = timezone.now()
    waiting = Recovery.objects.filter(granted_at__isnull=True, expires_at__gt=now).select_related("user")
    return tuple(
        RecoveryView(
            id=r.pk,
            name=r.user.name,
            email=r.user.email,
            asked_at=r.asked_at,
            allowed=int(r.first_id is not None) + int(r.second_id is not None),
            is_mine=by.pk in {r.user_id, r.first_id, r.second_id},
        )
        for r in waiting.order_by("asked_at")
    )


def allow_recovery(*, recovery: int, by: User, compose: Callable[[str], tuple[str, str]]) -> bool:
    """Allow a request as one of two officers; return whether it is granted now. The link goes to the person by mail.

    Raises NotPermitted, NotFound, or Conflict for one's own request, a second time, or where one of the two officers brought
    the other in lately: one person could be both.
    """
    require(user=by, action="allow a recovery")
    now = timezone.now()
    with transaction.atomic():
        found = (
            Recovery.objects.select_for_update()
            .filter(pk=recovery, granted_at__isnull=True, expires_at__gt=now)
            .first()
        )
        if found is None:
            raise NotFound(reference=f"recovery {recovery}")
        if found.user_id == by.pk:
            raise Conflict(problem="Nobody allows their own recovery. Two other officers must; nothing was changed.")
        if by.pk in {found.first_id, found.second_id}:
            raise Conflict(
                problem="You have allowed this already. A second, different officer must; nothing was changed."
            )
        if found.first_id is None:
            found.first = by
            found.save(update_fields=["first"])
            return False
        first = User.objects.get(pk=found.first_id)
        if _brought_in(first, by=by, since=now) or _brought_in(by, by=first, since=now):
            raise Conflict(
                problem=f"One of the two officers invited the other within {APART.days} days. A third officer must allow it; "
                "nothing was changed."
            )
        token = secrets.token_urlsafe(TOKEN_BYTES)
        found.second, found.granted_at = by, now
        found.token_sha256, found.expires_at = _digest(token), now + GRANTED_LASTS
        found.save(update_fields=["second", "granted_at", "token_sha256", "expires_at"])
        subject, text = compose(token)
        person = User.objects.get(pk=found.user_id)
        queue_mail(
            user=person,
            kind="recovery",
            once=f"recovery-{found.pk}",
            address=person.email,
            subject=subject,
            text=text,
        )
    return True


def _brought_in(user: User, *, by: User, since: dt.datetime) -> bool:
    """Tell whether an account got its seat or office by an invitation of another within the last thirty days."""
    addresses = [user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)]
    lately = Invitation.objects.filter(invited_by=by, used_at__gte=since - APART)
    return lately.filter(email__in=[address.lower() for address in addresses]).exists()


def grant_from_the_machine(*, email: str) -> str:
    """Grant a recovery from the command line of the server, where no two officers exist, and return the link's secret."""
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        raise NotFound(reference=email[:80])
    token, now = secrets.token_urlsafe(TOKEN_BYTES), timezone.now()
    Recovery.objects.filter(user=user, used_at__isnull=True).delete()
    Recovery.objects.create(
        user=user, asked_at=now, granted_at=now, expires_at=now + GRANTED_LASTS, token_sha256=_digest(token)
    )
    return token


def demand_recovery(*, token: str) -> None:
    """Raise LinkExpired where a secret opens no recovery: used, over, or never granted."""
    _open(token)


def recover(*, token: str, password: str) -> User:
    """Set a new password, remove every second step, end every session. Raises LinkExpired or BadParameter."""
    with transaction.atomic():
        found = _open(token, lock=True)
        user = User.objects.get(pk=found.user_id)
        try:
            validate_password(password, user=user)
        except ValidationError as weak:
            raise BadParameter(name="password", found="(not shown)", allowed="; ".join(weak.messages)) from None
        user.set_password(password)
        user.save(update_fields=["password"])
        remove_second_steps(user=user)
        end_sessions(user=user)
        found.used_at = timezone.now()
        found.save(update_fields=["used_at"])
    return user


def end_sessions(*, user: User) -> None:
    """End every session of an account."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def _open(token: str, *, lock: bool = False) -> Recovery:
    rows = Recovery.objects.select_for_update() if lock else Recovery.objects.all()
    found = rows.filter(
        ~Q(token_sha256=""),
        token_sha256=_digest(token),
        granted_at__isnull=False,
        used_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).first()
    if found is None:
        raise LinkExpired
    return found


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
