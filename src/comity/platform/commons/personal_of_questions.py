"""What questions and replies keep of a person: who prepared and who cleared them. Given out whole, cut with the account, gone a year later."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.platform.commons.models import MemberQuestion, MemberReply

if TYPE_CHECKING:
    from comity.platform.parties.models import User

KEPT = dt.timedelta(days=365)


def questions_of(*, email: str) -> dict[str, list[dict[str, Any]]]:
    """Return what questions and replies keep of an account, for the export of its personal data."""
    theirs = Q(prepared_by__email__iexact=email) | Q(cleared_by__email__iexact=email)
    questions = MemberQuestion.objects.filter(theirs).select_related("prepared_by", "cleared_by").order_by("pk")
    replies = MemberReply.objects.filter(theirs).select_related("prepared_by", "cleared_by", "question").order_by("pk")
    return {
        "member_questions": [_row(q, email) for q in questions],
        "member_replies": [_row(r, email) for r in replies],
    }


def erase_questions_of(*, user: User) -> None:
    """Cut an account from what it prepared and cleared; that stays with its member, without the person."""
    with transaction.atomic():
        for model in (MemberQuestion, MemberReply):
            model.objects.filter(prepared_by=user).update(prepared_by=None)
            model.objects.filter(cleared_by=user).update(cleared_by=None)


def forget_who_asked(*, now: dt.datetime | None = None) -> int:
    """Cut persons and their remarks from what ended, or was left as a draft, more than a year ago. Returns how many rows it was."""
    before = (now or timezone.now()) - KEPT
    named = Q(prepared_by__isnull=False) | Q(cleared_by__isnull=False) | ~Q(note="")
    left = Q(state="draft", prepared_at__lte=before)
    nothing: dict[str, Any] = {"prepared_by": None, "cleared_by": None, "note": ""}
    questions = MemberQuestion.objects.filter(named, left | Q(ended_at__lte=before)).update(**nothing)
    ended = MemberQuestion.objects.filter(ended_at__lte=before).values("pk")
    return questions + MemberReply.objects.filter(named, left | Q(question__in=ended)).update(**nothing)


def _row(row: MemberQuestion | MemberReply, email: str, /) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "prepared": _is(row.prepared_by, email),
        "prepared_at": row.prepared_at.isoformat(),
        "cleared": _is(row.cleared_by, email),
        "cleared_at": row.cleared_at.isoformat() if row.cleared_at else None,
        "note": row.note,
    }


def _is(user: User | None, email: str, /) -> bool:
    return user is not None and user.email.casefold() == email.casefold()
