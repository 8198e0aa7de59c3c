"""What needs and offers keep of a person: who prepared and who cleared them. Given out whole, cut with the account, gone a year later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from comity.platform.capacity.models import Need, Offer
from comity.platform.parties.prepared_persons import KEPT, cut_account, forget_persons, prepared_by_account

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.parties.models import User


def contributions_of(*, email: str) -> dict[str, list[dict[str, Any]]]:
    """Return all that needs and offers keep of an account, for the export of its personal data; empty lists where there is no account."""
    return {
        "needs": prepared_by_account(Need.objects.all(), email=email),
        "offers": prepared_by_account(Offer.objects.all(), email=email),
    }


def erase_contributions_of(*, user: User) -> None:
    """Cut an account from the needs and offers that it prepared and cleared; they stay with their member, without the person."""
    cut_account(Need.objects.all(), Offer.objects.all(), user=user)


def forget_who_contributed(*, now: dt.datetime | None = None) -> int:
    """Cut persons and their remarks from what ended, or was left as a draft, more than a year ago. Returns how many rows it was."""
    before = (now or timezone.now()) - KEPT
    ended = Q(ended_at__lte=before)
    needs = forget_persons(Need.objects.all(), over=ended, before=before)
    return needs + forget_persons(Offer.objects.all(), over=ended | Q(ends_on__lte=before.date()), before=before)
