"""Everything that is kept of a person: given out whole, and erased whole. What stays names offices and members alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.platform.parties.models import (
    Credential,
    Invitation,
    OutgoingMail,
    Recovery,
    Submission,
    SubmissionComment,
    User,
    Voice,
)
from comity.platform.parties.recovery import end_sessions
from comity.platform.parties.services import account_of

KEPT_AFTER_USE = dt.timedelta(days=30)
KEPT_FOR_REVIEW = dt.timedelta(days=365)
KEPT_OF_CREDENTIALS = dt.timedelta(days=3653)
ONE_DAY = dt.timedelta(days=1)


def export_account(*, email: str) -> dict[str, Any]:
    """Return all personal data that is kept of an account, secrets left out. Raises NotFound."""
    user = account_of(email=email)
    choice, feed = getattr(user, "digest", None), getattr(user, "calendar_feed", None)
    drafted = Submission.objects.filter(Q(drafted_by=user) | Q(cleared_by=user)).order_by("pk")
    return {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "time_zone": user.time_zone,
        "created_at": user.created_at.isoformat(),
        "last_login": _moment(user.last_login),
        "roles": sorted(user.roles),
        "offices": [
            {
                "role": g.role,
                "body": str(g.body or ""),
                "member": str(g.member or ""),
                "origin": g.origin,
                "from": g.starts_on.isoformat(),
            }
            for g in user.grants.select_related("body", "member").order_by("pk")
        ],
        "credentials": [
            {
                "member": c.member.slug,
                "body": c.body.slug,
                "role": c.role,
                "holder": c.holder,
                "from": c.starts_on.isoformat(),
                "until": c.ends_on.isoformat() if c.ends_on else None,
            }
            for c in user.credentials.select_related("member", "body").order_by("pk")
        ],
        "addresses": [
            {"email": a.email, "verified": a.verified} for a in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
        "second_steps": [
            {"type": a.type, "since": a.created_at.isoformat()}
            for a in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "sessions": [
            {"ip": s.ip, "program": s.user_agent, "since": s.created_at.isoformat()}
            for s in UserSession.objects.filter(user=user).order_by("pk")
        ],
        "other_sign_ins": [
            {"provider": s.provider, "uid": s.uid, "data": s.extra_data}
            for s in SocialAccount.objects.filter(user=user).order_by("pk")
        ],
        "texts": [
            {"title": s.title, "drafted": s.drafted_by_id == user.pk, "cleared": s.cleared_by_id == user.pk}
            for s in drafted
        ],
        "remarks": [
            {"text": c.text, "written_at": c.written_at.isoformat()}
            for c in SubmissionComment.objects.filter(by=user).order_by("pk")
        ],
        "digest": {"when": choice.when, "at": choice.at.isoformat()} if choice else None,
        "calendar_since": feed.renewed_at.isoformat() if feed else None,
        "mail": [
            {"kind": m.kind, "address": m.address, "queued_at": m.queued_at.isoformat(), "state": m.state}
            for m in _mail_of(user).order_by("pk")
        ],
        "invitations": [
            {"email": i.email, "name": i.name, "invited_at": i.invited_at.isoformat()}
            for i in Invitation.objects.filter(email__iexact=user.email).order_by("pk")
        ],
        "recoveries": [{"asked_at": r.asked_at.isoformat()} for r in user.recoveries.order_by("pk")],
        "voices": [
            {
                "member": v.member.slug,
                "body": v.body.slug,
                "from": v.starts_at.isoformat(),
                "until": _moment(v.ends_at),
            }
            for v in Voice.objects.filter(credential__user=user).select_related("member", "body").order_by("pk")
        ],
        "failed_sign_ins": [
            {
                "ip": a.ip_address,
                "program": a.user_agent,
                "at": a.attempt_time.isoformat(),
                "times": a.failures_since_start,
            }
            for a in AccessAttempt.objects.filter(username__in=_addresses_of(user)).order_by("pk")
        ],
    }


def erase_account(*, email: str) -> None:
    """Empty an account for good: no name, no address, no way to sign in. Rows that others rest on stay, without it.

    Raises NotFound.
    """
    with transaction.atomic():
        user = account_of(email=email)
        end_sessions(user=user)
        for address in _addresses_of(user):
            AccessAttempt.objects.filter(username=address).delete()
            Invitation.objects.filter(email__iexact=address).delete()
            OutgoingMail.objects.filter(address__iexact=address).delete()
        for rows in (
            user.grants,
            user.recoveries,
            EmailAddress.objects.filter(user=user),
            Authenticator.objects.filter(user=user),
            SocialAccount.objects.filter(user=user),
            UserSession.objects.filter(user=user),
            OutgoingMail.objects.filter(user=user),
        ):
            rows.all().delete()
        for one in ("digest", "calendar_feed"):
            kept = getattr(user, one, None)
            if kept is not None:
                kept.delete()
        Credential.objects.filter(user=user).update(user=None, holder="")
        SubmissionComment.objects.filter(by=user).update(by=None, text="")
        Submission.objects.filter(drafted_by=user).update(drafted_by=None)
        Submission.objects.filter(cleared_by=user).update(cleared_by=None)
        Recovery.objects.filter(first=user).update(first=None)
        Recovery.objects.filter(second=user).update(second=None)
        User.objects.filter(pk=user.pk).update(
            email=f"erased-{user.pk}@invalid.invalid",
            name="",
            password="!",  # noqa: S106  (Django's own mark of an account that cannot sign in)
            language="en",
            time_zone="UTC",
            is_active=False,
            last_login=None,
        )


def erase_what_is_past_its_retention() -> int:
    """Remove what is past its time, as the tables state: invitations, recoveries, old drafts, sessions, failed attempts.

    Names on credentials that ended ten years ago are emptied. Returns how many rows were removed or emptied.
    """
    now = timezone.now()
    over = now - KEPT_AFTER_USE
    gone = Invitation.objects.filter(Q(used_at__lt=over) | Q(expires_at__lt=over)).delete()[0]
    gone += Recovery.objects.filter(asked_at__lt=now - KEPT_FOR_REVIEW).delete()[0]
    never_sent = Submission.objects.exclude(state=Submission.State.SENT).filter(drafted_at__lt=now - KEPT_FOR_REVIEW)
    gone += never_sent.delete()[0]
    settled = SubmissionComment.objects.filter(submission__sent_at__lt=now - KEPT_FOR_REVIEW)
    gone += settled.delete()[0]
    gone += AccessAttempt.objects.filter(attempt_time__lt=over).delete()[0]
    gone += Session.objects.filter(expire_date__lt=now).delete()[0]
    live = Session.objects.values_list("session_key", flat=True)
    gone += UserSession.objects.exclude(session_key__in=live).filter(last_seen_at__lt=now - ONE_DAY).delete()[0]
    long_ago = now - KEPT_OF_CREDENTIALS
    ended = Credential.objects.filter(Q(ends_on__lt=long_ago.date()) | Q(revoked_at__lt=long_ago))
    return int(gone + ended.exclude(user=None, holder="").update(user=None, holder=""))


def _addresses_of(user: User) -> list[str]:
    held = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return sorted({address.casefold() for address in (user.email, *held)})


def _mail_of(user: User) -> Any:
    return OutgoingMail.objects.filter(Q(user=user) | Q(address__iexact=user.email))


def _moment(value: dt.datetime | None) -> str | None:
    return value.isoformat() if value else None
