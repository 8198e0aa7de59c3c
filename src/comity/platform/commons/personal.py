"""What the commons keeps of a person: tokens, gone with the account and thirty days after their end, and who prepared notes and agreements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.platform.commons.agreement_persons import agreements_of_person, erase_from_agreements
from comity.platform.commons.contribution_persons import erase_who_shared, shared_by
from comity.platform.commons.models import PublishingToken

if TYPE_CHECKING:
    from comity.platform.parties.models import User


def publishing_of(*, email: str) -> dict[str, list[dict[str, Any]]]:
    """Return the tokens of an account and what it prepared, for the export of its personal data; never what opens anything."""
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
        **shared_by(email=email),
        "sharing_agreements": agreements_of_person(email=email),
    }


def erase_publishing_of(*, user: User) -> None:
    """Delete the tokens of an account and cut it from what it prepared; what it released or told stays with its member."""
    PublishingToken.objects.filter(user=user).delete()
    erase_who_shared(user=user)
    erase_from_agreements(user=user)
