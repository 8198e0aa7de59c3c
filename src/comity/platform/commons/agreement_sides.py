"""Who acts for which party of an agreement, and on which of its texts; the row is locked first, and what is acted on was seen."""

from __future__ import annotations

from typing import Any

from comity.errors import Conflict, NotFound
from comity.platform.commons.agreement_wording import Sides
from comity.platform.commons.agreements_seen import ENDED, agreement_seen, is_secretariat, stands_of
from comity.platform.commons.models import AgreementParty, AgreementStep, AgreementText, SharingAgreement
from comity.platform.parties.preparing import CHANGED, NOTHING_WAITS, is_of_delegation
from comity.platform.parties.rules import Installation, authorise

__all__ = [
    "CHANGED",
    "FOR_BODY",
    "SIGN",
    "authorise_side",
    "demand_running",
    "demand_text",
    "locked_agreement",
    "sides_of",
    "step_of",
]
SIGN = "sign a sharing agreement"
FOR_BODY = "agree for the body"


def locked_agreement(*, slug: str, by: Any) -> SharingAgreement:
    """Return an agreement that somebody sees, locked until the transaction ends. Raises NotFound."""
    SharingAgreement.objects.select_for_update().filter(slug=slug).values_list("pk", flat=True).first()
    return agreement_seen(slug=slug, user=by)


def authorise_side(
    *, agreement: SharingAgreement, member: str, by: Any, action: str
) -> tuple[AgreementParty | None, str]:
    """Return the party for which somebody acts, and in which office; no party where the secretariat drafts for others.

    Without a ``member`` it is the secretariat, for the body. Raises NotFound for who belongs to no such party, and NotPermitted.
    """
    rows = agreement.parties.select_related("member")
    if not member:
        party = rows.filter(member__isnull=True).first()
        if not is_secretariat(user=by) or (party is None and agreement.made_for_id is not None):
            raise NotFound(reference=agreement.reference)
        return party, authorise(by=by, action=FOR_BODY)
    party = rows.filter(member__slug=member).first()
    if party is None or not (isinstance(by, Installation) or is_of_delegation(user=by, member=member)):
        raise NotFound(reference=agreement.reference)
    return party, authorise(by=by, action=action, member=member, body=agreement.body.slug)


def sides_of(agreement: SharingAgreement, /) -> Sides:
    """Return the parties of an agreement."""
    rows = list(agreement.parties.select_related("member"))
    members = sorted((row.member for row in rows if row.member is not None), key=lambda member: member.slug)
    with_body = any(row.member is None for row in rows)
    return Sides(body=agreement.body, members=tuple(members), with_body=with_body, shown_to=agreement.shown_to)


def demand_text(agreement: SharingAgreement, /, *, member: str, on: str) -> AgreementText:
    """Return the text of a digest that waits: what is proposed, or a party's own draft. Raises Conflict where that is another by now."""
    rows = agreement.texts.select_related("template__template")
    proposed = rows.filter(state=AgreementText.State.PROPOSED)
    own = rows.filter(state=AgreementText.State.DRAFT, author__slug=member)
    waiting = [*proposed, *own]
    if not waiting:
        raise Conflict(problem=NOTHING_WAITS)
    found = next((text for text in waiting if text.sha256 == on), None)
    if found is None:
        raise Conflict(problem=CHANGED)
    return found


def demand_running(agreement: SharingAgreement, /) -> None:
    """Raise Conflict where an agreement has ended, or was set aside."""
    held = agreement.texts.filter(state=AgreementText.State.CONCLUDED).first()
    if agreement.ended_at is not None or stands_of(agreement, held) == ENDED:
        raise Conflict(problem="This agreement has ended; nothing was changed.")


def step_of(text: AgreementText, /, *, party: AgreementParty | None) -> AgreementStep:
    """Return what a party did with a text so far, not yet written where that is nothing."""
    found = AgreementStep.objects.filter(text=text, party=party).first()
    return found or AgreementStep(text=text, party=party)
