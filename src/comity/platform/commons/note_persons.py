"""What experience notes keep of a person: who prepared and who cleared them. Given out whole, cut with the account, gone a year later."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from comity.platform.commons.models import ExperienceNote

if TYPE_CHECKING:
    from comity.platform.parties.models import User

KEPT = dt.timedelta(days=365)


def notes_of_person(*, email: str) -> dict[str, list[dict[str, Any]]]:
    """Return all that notes keep of an account, for the export of its personal data; an empty list where there is no account."""
    theirs = Q(prepared_by__email__iexact=email) | Q(cleared_by__email__iexact=email)
    rows = ExperienceNote.objects.filter(theirs).select_related("prepared_by", "cleared_by").order_by("pk")
    return {
        "experience_notes": [
            {
                "reference": n.reference,
                "prepared": _is(n.prepared_by, email),
                "prepared_at": n.prepared_at.isoformat(),
                "cleared": _is(n.cleared_by, email),
                "cleared_at": n.cleared_at.isoformat() if n.cleared_at else None,
                "note": n.note,
            }
            for n in rows
        ]
    }


def erase_from_notes(*, user: User) -> None:
    """Cut an account from the notes that it prepared and cleared; they stay with their member, without the person."""
    ExperienceNote.objects.filter(prepared_by=user).update(prepared_by=None)
    ExperienceNote.objects.filter(cleared_by=user).update(cleared_by=None)


def forget_who_told(*, now: dt.datetime | None = None) -> int:
    """Cut persons and their remarks from notes withdrawn, or left as a draft, more than a year ago. Returns how many rows it was."""
    before = (now or timezone.now()) - KEPT
    named = Q(prepared_by__isnull=False) | Q(cleared_by__isnull=False) | ~Q(note="")
    over = Q(state="draft", prepared_at__lte=before) | Q(ended_at__lte=before)
    return ExperienceNote.objects.filter(named, over).update(prepared_by=None, cleared_by=None, note="")


def _is(user: User | None, email: str, /) -> bool:
    return user is not None and user.email.casefold() == email.casefold()
