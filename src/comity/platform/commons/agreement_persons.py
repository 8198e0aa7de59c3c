"""What agreements keep of a person: who prepared and who cleared a text. Given out whole, cut with the account, gone a year later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.platform.commons.models import AgreementStep, AgreementText
from comity.platform.parties.prepared_persons import KEPT

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.parties.models import User


def agreements_of_person(*, email: str) -> list[dict[str, Any]]:
    """Return the texts of agreements that an account prepared or cleared, for the export of its personal data."""
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


def erase_from_agreements(*, user: User) -> None:
    """Cut an account from agreements; what its member agreed stays."""
    AgreementText.objects.filter(prepared_by=user).update(prepared_by=None)
    AgreementStep.objects.filter(cleared_by=user).update(cleared_by=None)


def forget_who_agreed(*, now: dt.datetime | None = None) -> int:
    """Cut persons and their remarks from texts of agreements that were prepared more than a year ago. Returns how many rows it was."""
    before = (now or timezone.now()) - KEPT
    texts = AgreementText.objects.filter(prepared_at__lte=before, prepared_by__isnull=False).update(prepared_by=None)
    steps = AgreementStep.objects.filter(text__prepared_at__lte=before)
    named = steps.filter(cleared_by__isnull=False) | steps.exclude(note="")
    return texts + AgreementStep.objects.filter(pk__in=named.values("pk")).update(cleared_by=None, note="")
