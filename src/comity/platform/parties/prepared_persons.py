"""What things that a delegation prepares keep of a person: who prepared and who cleared them. The same for every room."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from comity.platform.parties.models import User

KEPT = dt.timedelta(days=365)
"""How long persons stay beside what ended, or was left as a draft."""


def prepared_by_account(rows: QuerySet[Any], /, *, email: str) -> list[dict[str, Any]]:
    """Return what some rows keep of an account, for the export of its personal data; nothing where there is no account."""
    theirs = Q(prepared_by__email__iexact=email) | Q(cleared_by__email__iexact=email)
    return [
        {
            "reference": row.reference,
            "prepared": _is(row.prepared_by, email),
            "prepared_at": row.prepared_at.isoformat(),
            "cleared": _is(row.cleared_by, email),
            "cleared_at": row.cleared_at.isoformat() if row.cleared_at else None,
            "note": row.note,
        }
        for row in rows.filter(theirs).select_related("prepared_by", "cleared_by").order_by("pk")
    ]


def cut_account(*tables: QuerySet[Any], user: User) -> None:
    """Cut an account from what it prepared and cleared; that stays with its member, without the person."""
    with transaction.atomic():
        for rows in tables:
            rows.filter(prepared_by=user).update(prepared_by=None)
            rows.filter(cleared_by=user).update(cleared_by=None)


def forget_persons(rows: QuerySet[Any], /, *, over: Q, before: dt.datetime) -> int:
    """Cut persons and their remarks from what is over, or was left as a draft before a moment. Returns how many rows it was."""
    named = Q(prepared_by__isnull=False) | Q(cleared_by__isnull=False) | ~Q(note="")
    left = Q(state="draft", prepared_at__lte=before)
    return int(rows.filter(named, left | over).update(prepared_by=None, cleared_by=None, note=""))


def _is(user: User | None, email: str, /) -> bool:
    return user is not None and user.email.casefold() == email.casefold()
