"""What the commons keeps of a person: tokens to publish, and who prepared and cleared agreements. Given out whole, cut with the account."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.platform.commons.models import AgreementStep, AgreementText, PublishingToken

if TYPE_CHECKING:
    from comity.platform.parties.models import User


KEPT = dt.timedelta(days=365)


def publishing_of(*, email: str) -> dict[str, list[dict[str, Any]]]:
    """Return the tokens of an account and the agreements that it prepared or cleared, for its export; never what opens anything."""
    rows = PublishingToken.objects.filter(user__email__iexact=email).select_related("member").order_by("made_at", "pk")
    return {
        "publishing_tokens": [
            {
                "name": t.name,
                "member": t.member.slug if t.member else "",
                "made_at": t.made_at.isoformat(),
                "ends_at": t.ends_at.isoformat(),
                "used_at": t.used_at.isoformat() if t.used_at else None,
            }
            for t in rows
        ],
        "sharing_agreements": _agreements_of(email=email),
    }


def erase_publishing_of(*, user: User) -> None:
    """Delete the tokens of an account, and cut it from agreements; what it released and agreed stays with its member."""
    with transaction.atomic():
        PublishingToken.objects.filter(user=user).delete()
        AgreementText.objects.filter(prepared_by=user).update(prepared_by=None)
        AgreementStep.objects.filter(cleared_by=user).update(cleared_by=None)


def forget_who_agreed(*, now: dt.datetime | None = None) -> int:
    """Cut persons and their remarks from texts of agreements that were prepared more than a year ago. Returns how many rows it was."""
    before = (now or timezone.now()) - KEPT
    texts = AgreementText.objects.filter(prepared_at__lte=before, prepared_by__isnull=False).update(prepared_by=None)
    steps = AgreementStep.objects.filter(text__prepared_at__lte=before)
    named = steps.filter(cleared_by__isnull=False) | steps.exclude(note="")
    return texts + AgreementStep.objects.filter(pk__in=named.values("pk")).update(cleared_by=None, note="")


def _agreements_of(*, email: str) -> list[dict[str, Any]]:
    texts = AgreementText.objects.filter(prepared_by__email__iexact=email).select_related("agreement").order_by("pk")
    steps = AgreementStep.objects.filter(cleared_by__email__iexact=email).select_related("text__agreement")
    prepared = [
        {"reference": t.agreement.reference, "title": t.title, "prepared_at": t.prepared_at.isoformat()} for t in texts
    ]
    cleared = [
        {
            "reference": s.text.agreement.reference,
            "title": s.text.title,
            "cleared_at": s.cleared_at.isoformat() if s.cleared_at else None,
        }
        for s in steps.order_by("pk")
    ]
    return [*prepared, *cleared]
