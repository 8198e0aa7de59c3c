"""Enter acts on agreements so that nobody outside learns of them: before all have signed they are for the delegation that acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.platform.commons.models import SharingAgreement
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.platform.record.models import Act


def enter_for_sides(
    agreement: SharingAgreement,
    /,
    *,
    type: str,  # noqa: A002  (the field's name in the schema)
    office: str,
    member: str,
    authority: str,
    subject: str,
    payload: Mapping[str, Any],
    links: Sequence[tuple[str, str, str]] = (),
    for_all: bool = False,
) -> Act:
    """Enter an act of a party, and return it.

    Where an agreement is shown to members or to everyone once all have signed, an act ``for_all`` is entered once, in that circle.
    Else an act is entered for the delegation that acts; one of the body itself, or one for all parties, once for each of their
    delegations, so that each holds a receipt that it can open. A commitment in the log tells nothing of any of them.
    """
    wide = {SharingAgreement.Shown.PUBLIC: Visibility.PUBLIC, SharingAgreement.Shown.MEMBERS: Visibility.MEMBERS}
    circles: list[tuple[str, str]]
    if for_all and agreement.shown_to in wide:
        circles = [(wide[SharingAgreement.Shown(agreement.shown_to)], "")]
    elif member and not for_all:
        circles = [_delegation(member)]
    else:
        slugs = agreement.parties.filter(member__isnull=False).values_list("member__slug", flat=True)
        circles = [_delegation(slug) for slug in sorted(slugs)]
    acts = [
        enter_act(
            type=type,
            office=office,
            member=member,
            authority=authority,
            subject=subject,
            payload=payload,
            links=links,
            visibility=visibility,
            audience=audience,
        )
        for visibility, audience in circles
    ]
    return next((act for act in acts if act.audience == f"delegation:{member}"), acts[0])


def _delegation(member: str, /) -> tuple[str, str]:
    return Visibility.DELEGATION, f"delegation:{member}"
