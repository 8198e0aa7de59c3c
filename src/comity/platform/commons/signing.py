"""Sign an agreement: each party the very same text. It holds once all have signed; it ends by its day, by notice, or when all say so."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import Conflict
from comity.platform.commons.agreement_acts import enter_for_sides
from comity.platform.commons.agreement_sides import (
    CHANGED,
    SIGN,
    authorise_side,
    demand_running,
    locked_agreement,
    sides_of,
    step_of,
)
from comity.platform.commons.agreements_seen import AWAITED, IN_FORCE, last_day, stands_of
from comity.platform.commons.models import AgreementText
from comity.platform.commons.sharing_agreements import RULE, demand_cleared
from comity.platform.parties.bodies import reference_of_body, reference_of_member
from comity.platform.parties.preparing import demand_seat

if TYPE_CHECKING:
    from comity.platform.commons.models import AgreementParty, SharingAgreement

NOT_A_PARTY = "The body is no party to this agreement, so that nobody signs it for the body."
NOT_IN_FORCE = "Not all have signed this agreement yet, so that it cannot be ended; nothing was changed."


def sign_agreement(*, slug: str, on: str, by: Any, member: str = "") -> AgreementText:
    """Sign what is proposed, for a member by its head; ``on`` is the digest of the text that was read.

    With the last signature all acts are done: the text holds from its first day, or from today, and takes the place of the one before.
    Raises NotFound, NotPermitted, or Conflict where another text is proposed by now, the capital has not cleared this one, the party
    has signed or has no seat, or the last day has passed.
    """
    with transaction.atomic():
        agreement = locked_agreement(slug=slug, by=by)
        party, office = authorise_side(agreement=agreement, member=member, by=by, action=SIGN)
        if party is None:
            raise Conflict(problem=NOT_A_PARTY)
        demand_running(agreement)
        text = _proposed(agreement, on=on)
        step = step_of(text, party=party)
        if step.signed_at is not None:
            raise Conflict(problem="Your side has signed this text already; nothing was changed.")
        demand_cleared(text, party=party, by=by)
        if party.member is not None:
            demand_seat(member=party.member, body=agreement.body)
        if text.ends_on is not None and text.ends_on < timezone.now().date():
            raise Conflict(problem="The last day of this text has passed. Propose another; nothing was signed.")
        step.act = enter_for_sides(
            agreement,
            type="sign-agreement",
            office=office,
            member=member,
            authority=RULE,
            subject=text.reference,
            payload={
                "agreement": agreement.reference,
                "number": text.number,
                "text_sha256": text.sha256,
                "party": reference_of_party(party, agreement=agreement),
            },
        )
        step.signed_at = timezone.now()
        step.save()
        signed = text.steps.filter(signed_at__isnull=False).count()
        if signed == agreement.parties.count():
            _conclude(text, agreement=agreement, office=office, member=member)
    return text


def set_aside(*, slug: str, on: str, by: Any, member: str = "") -> None:
    """Take what is proposed off the table, as any party may; where nothing holds yet, the agreement ends with it.

    No reason is asked or kept. Raises NotFound, NotPermitted or Conflict.
    """
    with transaction.atomic():
        agreement = locked_agreement(slug=slug, by=by)
        party, office = authorise_side(agreement=agreement, member=member, by=by, action=SIGN)
        demand_running(agreement)
        text = _proposed(agreement, on=on)
        if party is None and text.author_id is not None:
            raise Conflict(problem=NOT_A_PARTY)
        text.state = AgreementText.State.ASIDE
        text.save(update_fields=["state"])
        if agreement.concluded_at is None:
            agreement.ended_at = timezone.now()
            agreement.save(update_fields=["ended_at"])
        enter_for_sides(
            agreement,
            type="set-agreement-aside",
            office=office,
            member=member,
            authority=RULE,
            subject=text.reference,
            payload={"agreement": agreement.reference, "number": text.number, "text_sha256": text.sha256},
        )


def give_notice(*, slug: str, by: Any, member: str = "") -> SharingAgreement:
    """Say for one party that an agreement ends after the days of notice that its template states, as an act.

    Raises NotFound, NotPermitted, or Conflict where the template knows no notice, or the party has given it.
    """
    with transaction.atomic():
        agreement, party, office = _party_in_force(slug=slug, member=member, by=by)
        text = agreement.texts.select_related("template").get(state=AgreementText.State.CONCLUDED)
        days = text.template.notice_days
        if days is None:
            raise Conflict(
                problem="The text of this agreement lets no party end it alone; all can end it together. Nothing was changed."
            )
        if party.notice_at is not None:
            raise Conflict(problem="Your side has given notice already; nothing was changed.")
        now = timezone.now()
        until = now.date() + dt.timedelta(days=days)
        last = last_day(agreement, text)
        party.notice_at = now
        party.save(update_fields=["notice_at"])
        if last is None or until < last:
            agreement.ends_early_on = until
            agreement.save(update_fields=["ends_early_on"])
        _enter_end(agreement, party=party, office=office, step="notice", last_day=last_day(agreement, text))
    return agreement


def agree_to_end(*, slug: str, by: Any, member: str = "") -> SharingAgreement:
    """Say for one party that it would end an agreement; it ends with the word of the last, as an act for all.

    Raises NotFound, NotPermitted, or Conflict where it is not in force or the party has said so.
    """
    with transaction.atomic():
        agreement, party, office = _party_in_force(slug=slug, member=member, by=by)
        if party.end_agreed_at is not None:
            raise Conflict(problem="Your side has agreed to end it already; nothing was changed.")
        party.end_agreed_at = timezone.now()
        party.save(update_fields=["end_agreed_at"])
        if agreement.parties.filter(end_agreed_at__isnull=True).exists():
            _enter_end(agreement, party=party, office=office, step="agreed", last_day=None)
            return agreement
        agreement.ended_at = timezone.now()
        agreement.save(update_fields=["ended_at"])
        agreement.texts.filter(state=AgreementText.State.PROPOSED).update(state=AgreementText.State.ASIDE)
        _enter_end(agreement, party=party, office=office, step="ended", last_day=agreement.ended_at.date())
    return agreement


def reference_of_party(party: AgreementParty, /, *, agreement: SharingAgreement) -> str:
    """Return the permanent name of a party: of a member, or of the body itself."""
    return reference_of_member(party.member.slug) if party.member else reference_of_body(agreement.body.slug)


def _proposed(agreement: SharingAgreement, /, *, on: str) -> AgreementText:
    text = agreement.texts.filter(state=AgreementText.State.PROPOSED).select_related("template__template").first()
    if text is None or text.sha256 != on:
        raise Conflict(problem=CHANGED)
    return text


def _conclude(text: AgreementText, /, *, agreement: SharingAgreement, office: str, member: str) -> None:
    now = timezone.now()
    held = agreement.texts.filter(state=AgreementText.State.CONCLUDED).first()
    if held is not None:
        held.state = AgreementText.State.REPLACED
        held.save(update_fields=["state"])
    text.state, text.concluded_at = AgreementText.State.CONCLUDED, now
    text.save(update_fields=["state", "concluded_at"])
    agreement.concluded_at = agreement.concluded_at or now
    # All have agreed anew: what one or the other said about its end before no longer counts.
    agreement.ends_early_on = None
    agreement.save(update_fields=["concluded_at", "ends_early_on"])
    agreement.parties.update(notice_at=None, end_agreed_at=None)
    steps = text.steps.filter(signed_at__isnull=False).select_related("act", "party__member")
    signatures = [
        {"party": reference_of_party(s.party, agreement=agreement), "act_sha256": s.act.body_sha256}
        for s in steps
        if s.act is not None
    ]
    links = [(text.reference, "wasDerivedFrom", text.template.reference)]
    links += [(text.reference, "used", release.reference) for release in text.releases.order_by("slug")]
    if held is not None:
        links.append((text.reference, "wasRevisionOf", held.reference))
    enter_for_sides(
        agreement,
        type="conclude-agreement",
        office=office,
        member=member,
        authority=RULE,
        subject=text.reference,
        payload={
            "agreement": agreement.reference,
            "number": text.number,
            "text_sha256": text.sha256,
            "template": text.template.reference,
            "parties": sides_of(agreement).references,
            "begins_on": (text.begins_on or now.date()).isoformat(),
            "ends_on": text.ends_on.isoformat() if text.ends_on else None,
            "signatures": sorted(signatures, key=lambda signature: signature["party"]),
        },
        links=links,
        for_all=True,
    )


def _party_in_force(*, slug: str, member: str, by: Any) -> tuple[SharingAgreement, AgreementParty, str]:
    agreement = locked_agreement(slug=slug, by=by)
    party, office = authorise_side(agreement=agreement, member=member, by=by, action=SIGN)
    if party is None:
        raise Conflict(problem=NOT_A_PARTY)
    demand_running(agreement)
    held = agreement.texts.filter(state=AgreementText.State.CONCLUDED).first()
    if stands_of(agreement, held) not in {IN_FORCE, AWAITED}:
        raise Conflict(problem=NOT_IN_FORCE)
    return agreement, party, office


def _enter_end(
    agreement: SharingAgreement, /, *, party: AgreementParty, office: str, step: str, last_day: dt.date | None
) -> None:
    enter_for_sides(
        agreement,
        type="end-sharing-agreement",
        office=office,
        member=party.member.slug if party.member else "",
        authority=RULE,
        subject=agreement.reference,
        payload={
            "agreement": agreement.reference,
            "step": step,
            "party": reference_of_party(party, agreement=agreement),
            "last_day": last_day.isoformat() if last_day else None,
        },
        for_all=step != "agreed",
    )
