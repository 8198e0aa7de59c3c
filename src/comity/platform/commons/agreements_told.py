"""Tell people what waits of agreements on sharing: to clear, to propose, to sign, and which end within thirty days."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from comity.platform.commons.agreement_sides import SIGN
from comity.platform.commons.agreements_seen import ASIDE, ENDED, last_day, stands_of
from comity.platform.commons.models import AgreementParty, AgreementText, SharingAgreement
from comity.platform.parties.preparing import CLEAR, SEND, clears_contributions, own_members
from comity.platform.parties.rules import may
from comity.platform.parties.today import PROVIDERS
from comity.platform.parties.today import Need as ToDo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.platform.parties.models import User

SOON = dt.timedelta(days=30)
ONE_DAY = dt.timedelta(days=1)
MOST_TOLD = 20


def agreements_that_wait(*, user: User, now: dt.datetime) -> Iterable[ToDo]:
    """Yield what waits for a person of each party: a text to clear, to propose or to sign, and an agreement that ends soon."""
    own = own_members(user=user)
    if not own:
        return
    parties = AgreementParty.objects.filter(member__slug__in=own, agreement__ended_at__isnull=True)
    found = parties.select_related("member", "agreement__body").prefetch_related(
        "agreement__texts__author", "agreement__texts__steps"
    )
    told = 0
    for party in found.order_by("agreement__made_at", "pk"):
        for need in _of_party(party, user=user, now=now):
            told += 1
            if told <= MOST_TOLD:
                yield need


def _of_party(party: AgreementParty, /, *, user: User, now: dt.datetime) -> Iterable[ToDo]:
    agreement = party.agreement
    texts = list(agreement.texts.all())
    held = next((t for t in texts if t.state == AgreementText.State.CONCLUDED), None)
    if stands_of(agreement, held, now=now) in {ENDED, ASIDE}:
        return
    for text in texts:
        kind = _next_step(text, party=party, user=user)
        if kind:
            yield _need(kind, agreement, text, party=party)
    last = last_day(agreement, held)
    if held is not None and last is not None and last - now.date() <= SOON and _may(user, SIGN, party):
        yield _need("agreement-ends", agreement, held, party=party, due_at=_end_of(last))


def _next_step(text: AgreementText, /, *, party: AgreementParty, user: User) -> str:
    """Return what waits for a person; what is not cleared waits for nobody but who clears it."""
    own_draft = text.state == AgreementText.State.DRAFT and text.author_id == party.member_id
    if not own_draft and text.state != AgreementText.State.PROPOSED:
        return ""
    step = next((s for s in text.steps.all() if s.party_id == party.pk), None)
    if step is not None and step.signed_at is not None:
        return ""
    member = party.member.slug if party.member else ""
    if clears_contributions(body=party.agreement.body, member=member) and (step is None or step.cleared_at is None):
        return "clear-sharing" if _may(user, CLEAR, party) else ""
    if own_draft:
        return "propose-sharing" if _may(user, SEND, party) else ""
    return "sign-sharing" if _may(user, SIGN, party) else ""


def _may(user: User, action: str, party: AgreementParty, /) -> bool:
    member = party.member.slug if party.member else ""
    return may(user=user, action=action, member=member, body=party.agreement.body.slug)


def _need(
    kind: str,
    agreement: SharingAgreement,
    text: AgreementText,
    /,
    *,
    party: AgreementParty,
    due_at: dt.datetime | None = None,
) -> ToDo:
    draft = "?draft=1" if text.state == AgreementText.State.DRAFT else ""
    return ToDo(
        kind=kind,
        key=f"{kind}-{agreement.slug}-{text.pk}",
        member=party.member.slug if party.member else "",
        address=f"/{agreement.reference}{draft}",
        title=text.title,
        due_at=due_at,
    )


def _end_of(day: dt.date, /) -> dt.datetime:
    return dt.datetime.combine(day + ONE_DAY, dt.time(), tzinfo=dt.UTC)


if agreements_that_wait not in PROVIDERS:
    PROVIDERS.append(agreements_that_wait)
