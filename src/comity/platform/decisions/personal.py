"""What decisions keep of a person: who prepared and who cleared a vote. Given out whole, cut with the account, and gone a year later."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.platform.decisions.models import PreparedVote

if TYPE_CHECKING:
    from comity.platform.parties.models import User

KEPT = dt.timedelta(days=365)


def ballots_of(*, email: str) -> dict[str, list[dict[str, Any]]]:
    """Return all that decisions keep of an account, for the export of its personal data; empty lists where there is no account."""
    rows = PreparedVote.objects.filter(Q(prepared_by__email__iexact=email) | Q(cleared_by__email__iexact=email))
    return {
        "prepared_votes": [
            {
                "ballot": row.ballot.slug,
                "member": row.member.slug,
                "position": row.position,
                "reasons": row.reasons,
                "note": row.note,
                "prepared": _is(row.prepared_by, email),
                "prepared_at": row.prepared_at.isoformat(),
                "cleared": _is(row.cleared_by, email),
                "cast_at": row.cast_at.isoformat() if row.cast_at else None,
            }
            for row in rows.select_related("ballot", "member", "prepared_by", "cleared_by").order_by("pk")
        ]
    }


def erase_ballots_of(*, user: User) -> None:
    """Cut an account from the votes that it prepared and cleared; what was prepared stays with its delegation, without the person."""
    with transaction.atomic():
        PreparedVote.objects.filter(prepared_by=user).update(prepared_by=None)
        PreparedVote.objects.filter(cleared_by=user).update(cleared_by=None)


def forget_prepared_votes(*, now: dt.datetime | None = None) -> int:
    """Remove what was prepared for ballots that closed or were withdrawn more than a year ago. Returns how many rows went."""
    before = (now or timezone.now()) - KEPT
    over = (
        Q(ballot__closed_at__lte=before)
        | Q(ballot__closed_at__isnull=True, ballot__closes_at__lte=before)
        | Q(ballot__withdrawn_at__lte=before)
    )
    return PreparedVote.objects.filter(over).delete()[0]


def _is(user: User | None, email: str) -> bool:
    return user is not None and user.email.casefold() == email.casefold()
