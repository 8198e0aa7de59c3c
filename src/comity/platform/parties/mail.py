"""Mail that waits in a table and is sent over SMTP: queued in the transaction of what it tells, delivered at least once.

A worker that is killed between sending and noting it sends again; the message keeps its Message-ID, so a mail program shows
it once. Addresses and subjects come from tables: what could begin a new header is refused when it is queued.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import smtplib
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.db.models import F, Q
from django.utils import timezone

from comity.errors import BadParameter
from comity.platform.parties.models import OutgoingMail

if TYPE_CHECKING:
    from comity.platform.parties.models import User

log = logging.getLogger("comity.mail")
MOST_ATTEMPTS = 8
FIRST_PAUSE = dt.timedelta(minutes=1)
AT_ONCE = 50
MOST_BYTES = 20_000
KEPT = dt.timedelta(days=30)
_BREAK = re.compile(r"[\r\n\x00]")


def queue_mail(
    *,
    user: User | None,
    kind: str,
    once: str,
    address: str,
    subject: str,
    text: str,
    html: str = "",
    headers: dict[str, str] | None = None,
) -> bool:
    """Queue a message, unless one of the same ``once`` was queued before; return whether it was.

    Raises BadParameter for an address that is none, a subject or header of several lines, or more than 20 kB.
    """
    try:
        validate_email(address)
    except ValidationError:
        raise BadParameter(
            name="address", found=address[:80], allowed="a mail address such as name@example.org"
        ) from None
    for value in (subject, *(headers or {}).values()):
        if _BREAK.search(value):
            raise BadParameter(name="subject", found="several lines", allowed="one line")
    size = len(text.encode()) + len(html.encode())
    if size > MOST_BYTES:
        raise BadParameter(name="message", found=f"{size} bytes", allowed=f"at most {MOST_BYTES} bytes")
    _, created = OutgoingMail.objects.get_or_create(
        once=once[:120],
        defaults={
            "user": user,
            "kind": kind,
            "address": address,
            "subject": subject[:200],
            "text": text,
            "html": html,
            "headers": headers or {},
            "queued_at": timezone.now(),
        },
    )
    return created


def deliver_mail() -> int:
    """Send what waits and is due, oldest first, and return how many messages went out. Does nothing without a mail server.

    A message that a server refuses for good, or that failed eight times over about four hours, is given up and stays in the
    table as failed, without its text.
    """
    if not settings.SMTP:
        return 0
    now = timezone.now()
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING).order_by("queued_at", "pk")
    due = [mail for mail in waiting[: AT_ONCE * 4] if _is_due(mail, now=now)][:AT_ONCE]
    sent = 0
    for mail in due:
        claimed = OutgoingMail.objects.filter(pk=mail.pk, attempts=mail.attempts, state=OutgoingMail.State.WAITING)
        if claimed.update(attempts=F("attempts") + 1, tried_at=now):
            sent += _send(mail)
    return sent


def forget_old_mail() -> int:
    """Remove messages that were sent or given up more than thirty days ago; return how many."""
    old = timezone.now() - KEPT
    gone, _ = OutgoingMail.objects.filter(Q(queued_at__lt=old), ~Q(state=OutgoingMail.State.WAITING)).delete()
    return gone


def _is_due(mail: OutgoingMail, *, now: dt.datetime) -> bool:
    return mail.tried_at is None or mail.tried_at + FIRST_PAUSE * 2 ** (mail.attempts - 1) <= now


def _send(mail: OutgoingMail) -> int:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.address],
        headers={"Message-ID": f"<{mail.pk}.{mail.queued_at:%Y%m%d%H%M%S}@{settings.MAIL_DOMAIN}>", **mail.headers},
        connection=get_connection(),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    try:
        message.send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        _note_failure(mail, error)
        return 0
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=OutgoingMail.State.SENT, sent_at=timezone.now(), text="", html=""
    )
    return 1


def _note_failure(mail: OutgoingMail, error: Exception) -> None:
    # The address and what the server says of it are personal data; the log learns the kind alone.
    permanent = range(500, 600)
    for_good = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code in permanent for code, _ in error.recipients.values()
    )
    given_up = for_good or mail.attempts + 1 >= MOST_ATTEMPTS
    log.warning(
        "message %d of kind %s was not sent (%s)%s",
        mail.pk,
        mail.kind,
        type(error).__name__,
        "; given up" if given_up else "; tried again later",
    )
    if given_up:
        OutgoingMail.objects.filter(pk=mail.pk).update(state=OutgoingMail.State.FAILED, text="", html="")
