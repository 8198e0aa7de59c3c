"""What each own side of a reader sees of a text of an agreement, and may do with it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.platform.commons.agreement_sides import FOR_BODY, SIGN
from comity.platform.commons.agreements_seen import ASIDE, ENDED, is_secretariat
from comity.platform.commons.models import AgreementStep, AgreementText
from comity.platform.parties.preparing import CLEAR, PREPARE, SEND, clears_contributions, is_of_delegation
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import may

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from comity.platform.commons.models import AgreementParty, SharingAgreement


@dataclass(frozen=True, slots=True)
class Desk:
    """What one of the reader's own sides sees and may do with the text that is shown. ``member`` is empty for the body.

    Names are of the delegation's own people, and empty where the person has gone.
    """

    member: str
    name: str
    is_party: bool
    prepared_by: str
    prepared_at: dt.datetime | None
    cleared_by: str
    cleared_at: dt.datetime | None
    note: str
    needs_clearance: bool
    has_signed: bool
    has_draft: bool
    may_prepare: bool
    may_drop: bool
    may_clear: bool
    may_send_back: bool
    may_propose: bool
    may_sign: bool
    may_set_aside: bool
    may_give_notice: bool
    may_agree_to_end: bool


def desks_of(
    agreement: SharingAgreement,
    text: AgreementText,
    /,
    *,
    texts: list[AgreementText],
    user: Any,
    language: str,
    stands: str,
) -> Iterable[Desk]:
    """Yield what each of a reader's own sides sees of a text, and may do with it; nothing for who is of no party."""
    parties = list(agreement.parties.all())
    for party in parties:
        slug = party.member.slug if party.member else ""
        if is_of_delegation(user=user, member=slug) if slug else is_secretariat(user=user):
            yield _desk(agreement, text, party=party, texts=texts, user=user, language=language, stands=stands)
    if agreement.made_for_id is None and is_secretariat(user=user) and all(p.member is not None for p in parties):
        yield _desk(agreement, text, party=None, texts=texts, user=user, language=language, stands=stands)


def _desk(
    agreement: SharingAgreement,
    text: AgreementText,
    /,
    *,
    party: AgreementParty | None,
    texts: list[AgreementText],
    user: Any,
    language: str,
    stands: str,
) -> Desk:
    member = party.member.slug if party and party.member else ""
    body = agreement.body.slug

    def allowed(action: str) -> bool:
        asked = action if member else FOR_BODY
        return may(user=user, action=asked, member=member, body=body)

    step = next((s for s in text.steps.all() if party and s.party_id == party.pk), AgreementStep())
    is_own = (text.author.slug if text.author else "") == member
    own_draft = text.state == AgreementText.State.DRAFT and is_own
    proposed = text.state == AgreementText.State.PROPOSED
    clears = bool(member) and clears_contributions(body=agreement.body, member=member)
    ready = step.cleared_at is not None or not clears
    runs = stands not in {ENDED, ASIDE}
    signed = step.signed_at is not None
    held = next((t for t in texts if t.state == AgreementText.State.CONCLUDED), None)
    holds = runs and held is not None and agreement.concluded_at is not None and party is not None
    waits = runs and (own_draft or proposed) and not signed
    return Desk(
        member=member,
        name=name_of_side(party, agreement=agreement, language=language)
        if party
        else name_in(agreement.body.names, language),
        is_party=party is not None,
        prepared_by=text.prepared_by.name if text.prepared_by and is_own and member else "",
        prepared_at=text.prepared_at if is_own else None,
        cleared_by=step.cleared_by.name if step.cleared_by else "",
        cleared_at=step.cleared_at,
        note=step.note,
        needs_clearance=clears,
        has_signed=signed,
        has_draft=any(
            t.state == AgreementText.State.DRAFT and (t.author.slug if t.author else "") == member for t in texts
        ),
        may_prepare=runs and allowed(PREPARE),
        may_drop=runs and own_draft and allowed(PREPARE),
        may_clear=bool(member) and waits and step.cleared_at is None and allowed(CLEAR),
        may_send_back=bool(member) and waits and allowed(CLEAR),
        may_propose=runs and own_draft and ready and allowed(SEND),
        may_sign=runs and proposed and not signed and ready and party is not None and allowed(SIGN),
        may_set_aside=runs and proposed and allowed(SIGN) and (party is not None or text.author_id is None),
        may_give_notice=holds
        and held is not None
        and held.template.notice_days is not None
        and party is not None
        and party.notice_at is None
        and allowed(SIGN),
        may_agree_to_end=holds and party is not None and party.end_agreed_at is None and allowed(SIGN),
    )


def name_of_side(party: AgreementParty, /, *, agreement: SharingAgreement, language: str) -> str:
    """Return the name of a party in a language: the member's, or the body's."""
    return name_in(party.member.names if party.member else agreement.body.names, language)
