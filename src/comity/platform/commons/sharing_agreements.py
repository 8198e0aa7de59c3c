"""Make agreements on sharing from a template: a party or the secretariat drafts, its capital clears, and it is proposed to all parties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict
from comity.platform.commons.agreement_acts import enter_for_sides
from comity.platform.commons.agreement_sides import (
    CHANGED,
    FOR_BODY,
    authorise_side,
    demand_running,
    demand_text,
    locked_agreement,
    sides_of,
    step_of,
)
from comity.platform.commons.agreement_wording import Sides, compose_text
from comity.platform.commons.models import AgreementParty, AgreementText, SharingAgreement
from comity.platform.commons.templates import template_version
from comity.platform.parties.bodies import member_of
from comity.platform.parties.preparing import (
    CLEAR,
    NOT_CLEARED,
    NOTHING_WAITS,
    PREPARE,
    SEND,
    clears_contributions,
    demand_seat,
    draw_slug,
    person,
)
from comity.platform.parties.rules import Installation, authorise
from comity.platform.parties.texts import MOST_NOTE, checked_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.platform.commons.agreement_wording import Wording
    from comity.platform.parties.models import Body

LEAST_SIDES, MOST_SIDES = 2, 30
MOST_DRAFTS = 100
RULE = "Members agree on what they share; nothing holds before all of them have signed the same text"


def draft_agreement(
    *,
    wording: Wording,
    parties: Sequence[str],
    shown_to: str,
    by: Any,
    member: str = "",
    with_body: bool = False,
    slug: str = "",
) -> SharingAgreement:
    """Keep a draft of an agreement, seen by the delegation of ``member`` alone; without a member, by the secretariat alone.

    ``parties`` are slugs of members with a seat in the template's body; ``with_body``: the body itself is one, and then members see
    what it binds itself to. Parties and ``shown_to`` stay as they are for good. Raises NotFound, NotPermitted, BadParameter or Conflict.
    """
    here = template_version(slug=wording.template, number=wording.number).template.body
    if member:
        authorise(by=by, action=PREPARE, member=member, body=here.slug)
    else:
        authorise(by=by, action=FOR_BODY)
    sides = checked_sides(body=here, parties=parties, with_body=with_body, shown_to=shown_to, member=member)
    with transaction.atomic():
        agreement = SharingAgreement(
            body=here,
            slug=slug or draw_slug("sa"),
            made_for=member_of(slug=member) if member else None,
            shown_to=shown_to,
            made_at=timezone.now(),
        )
        _demand_room(agreement)
        text, releases = compose_text(wording, agreement=agreement, sides=sides, replaces="", by=by)
        agreement.save()
        AgreementParty.objects.bulk_create(AgreementParty(agreement=agreement, member=m) for m in sides.members)
        if with_body:
            AgreementParty.objects.create(agreement=agreement)
        _keep(text, releases, author=agreement.made_for, by=person(by))
    return agreement


def draft_text(*, slug: str, wording: Wording, by: Any, member: str = "", on: str | None = None) -> AgreementText:
    """Keep a party's draft of another text: in place of its own draft, of what is proposed, or of what holds.

    Only who drafts sees it. ``on`` is the digest of the draft that was on the page, empty where there was none. Raises NotFound,
    NotPermitted, BadParameter or Conflict.
    """
    with transaction.atomic():
        agreement = locked_agreement(slug=slug, by=by)
        authorise_side(agreement=agreement, member=member, by=by, action=PREPARE)
        demand_running(agreement)
        held = agreement.texts.filter(state=AgreementText.State.CONCLUDED).select_related("template__template").first()
        used = agreement.texts.select_related("template__template").order_by("pk").first()
        if used is not None and used.template.template.slug != wording.template:
            raise BadParameter(name="template", found=wording.template[:60], allowed=used.template.template.slug)
        if held is not None and wording.begins_on is not None and wording.begins_on > timezone.now().date():
            raise BadParameter(
                name="begins_on",
                found=wording.begins_on.isoformat(),
                allowed="nothing: the change holds once all have signed it",
            )
        text, releases = compose_text(
            wording, agreement=agreement, sides=sides_of(agreement), replaces=held.sha256 if held else "", by=by
        )
        author = member_of(slug=member) if member else None
        draft = agreement.texts.filter(state=AgreementText.State.DRAFT, author=author).first()
        if on is not None and on != (draft.sha256 if draft else ""):
            raise Conflict(problem=CHANGED)
        present = agreement.texts.filter(state__in=[AgreementText.State.PROPOSED, AgreementText.State.CONCLUDED])
        if present.filter(sha256=text.sha256).exists():
            raise Conflict(problem="This is the text that is there already, word by word; nothing was kept.")
        if draft is not None:
            draft.delete()
        _keep(text, releases, author=author, by=person(by))
    return text


def drop_draft(*, slug: str, on: str, by: Any, member: str = "") -> None:
    """Put one's own draft away for good; an agreement of which nothing was proposed goes with it. Raises NotFound, NotPermitted or Conflict."""
    with transaction.atomic():
        agreement = locked_agreement(slug=slug, by=by)
        authorise_side(agreement=agreement, member=member, by=by, action=PREPARE)
        draft = _own_draft(agreement, member=member, on=on)
        if agreement.proposed_at is None:
            agreement.delete()
        else:
            draft.delete()


def clear_text(*, slug: str, on: str, member: str, by: Any) -> None:
    """Let the head of a delegation propose or sign a text; ``on`` is the digest of what the capital read.

    Raises NotFound for everyone outside the delegation, NotPermitted, or Conflict where the text has changed or nothing waits.
    """
    with transaction.atomic():
        agreement = locked_agreement(slug=slug, by=by)
        party, _ = authorise_side(agreement=agreement, member=member, by=by, action=CLEAR)
        demand_running(agreement)
        step = step_of(demand_text(agreement, member=member, on=on), party=party)
        if step.signed_at is not None:
            raise Conflict(problem=NOTHING_WAITS)
        if step.cleared_at is None:
            step.cleared_by, step.cleared_at, step.note = person(by), timezone.now(), ""
            step.save()


def send_text_back(*, slug: str, on: str, member: str, note: str, by: Any) -> None:
    """Take a clearance back, or refuse it, with a remark that the delegation alone reads. Raises as for clearing, or BadParameter."""
    remark = checked_text("note", note, most=MOST_NOTE, least=3)
    with transaction.atomic():
        agreement = locked_agreement(slug=slug, by=by)
        party, _ = authorise_side(agreement=agreement, member=member, by=by, action=CLEAR)
        demand_running(agreement)
        step = step_of(demand_text(agreement, member=member, on=on), party=party)
        if step.signed_at is not None:
            raise Conflict(problem=NOTHING_WAITS)
        step.cleared_by, step.cleared_at, step.note = None, None, remark
        step.save()


def propose_text(*, slug: str, on: str, by: Any, member: str = "") -> AgreementText:
    """Propose one's own draft to all parties, as an act: it takes the place of what was proposed before, and of its signatures.

    Raises NotFound, NotPermitted, or Conflict where it changed, is not cleared, a party has lost its seat, or what it would replace is
    no longer what holds.
    """
    with transaction.atomic():
        agreement = locked_agreement(slug=slug, by=by)
        party, office = authorise_side(agreement=agreement, member=member, by=by, action=SEND)
        demand_running(agreement)
        draft = _own_draft(agreement, member=member, on=on)
        demand_cleared(draft, party=party, by=by)
        held = agreement.texts.filter(state=AgreementText.State.CONCLUDED).first()
        if f'"replaces":"{held.sha256 if held else ""}"' not in draft.document:
            raise Conflict(problem="All have signed another text meanwhile. Draft yours anew; nothing was proposed.")
        sides = sides_of(agreement)
        for seated in sides.members:
            demand_seat(member=seated, body=agreement.body)
        agreement.texts.filter(state=AgreementText.State.PROPOSED).update(state=AgreementText.State.REPLACED)
        numbers = agreement.texts.filter(number__isnull=False).order_by("-number").values_list("number", flat=True)
        draft.number = (numbers.first() or 0) + 1
        draft.state, draft.proposed_at = AgreementText.State.PROPOSED, timezone.now()
        draft.save(update_fields=["number", "state", "proposed_at"])
        agreement.proposed_at = agreement.proposed_at or draft.proposed_at
        agreement.save(update_fields=["proposed_at"])
        enter_for_sides(
            agreement,
            type="propose-agreement",
            office=office,
            member=member,
            authority=RULE,
            subject=draft.reference,
            payload={
                "agreement": agreement.reference,
                "number": draft.number,
                "text_sha256": draft.sha256,
                "template": draft.template.reference,
                "parties": sides.references,
            },
            links=[(draft.reference, "wasDerivedFrom", draft.template.reference)],
        )
    return draft


def demand_cleared(text: AgreementText, /, *, party: AgreementParty | None, by: Any) -> None:
    """Raise Conflict where the capital of a party clears, and has not cleared this very text."""
    if isinstance(by, Installation) or party is None or party.member is None:
        return
    if not clears_contributions(body=text.agreement.body, member=party.member.slug):
        return
    if not text.steps.filter(party=party, cleared_at__isnull=False).exists():
        raise Conflict(problem=NOT_CLEARED)


def checked_sides(*, body: Body, parties: Sequence[str], with_body: bool, shown_to: str, member: str = "") -> Sides:
    """Return the parties of an agreement, in the order of their slugs. Raises NotFound, BadParameter, or Conflict for one without a seat."""
    if shown_to not in SharingAgreement.Shown.values:
        raise BadParameter(
            name="shown_to", found=shown_to[:20] or "nothing", allowed=", ".join(SharingAgreement.Shown.values)
        )
    if with_body and shown_to == SharingAgreement.Shown.PARTIES:
        raise BadParameter(
            name="shown_to", found=shown_to, allowed="members or public: members see what the body binds itself to"
        )
    named = sorted(set(parties))
    if not LEAST_SIDES <= len(named) + with_body <= MOST_SIDES:
        raise BadParameter(
            name="parties", found=str(len(named) + with_body), allowed=f"from {LEAST_SIDES} to {MOST_SIDES}"
        )
    if member and member not in named:
        raise BadParameter(name="parties", found="others alone", allowed="your own member among them")
    held = tuple(member_of(slug=slug) for slug in named)
    for party in held:
        demand_seat(member=party, body=body)
    return Sides(body=body, members=held, with_body=with_body, shown_to=shown_to)


def _demand_room(agreement: SharingAgreement, /) -> None:
    rows = SharingAgreement.objects.filter(made_for=agreement.made_for, body=agreement.body, proposed_at__isnull=True)
    if rows.count() >= MOST_DRAFTS:
        raise Conflict(problem="There are 100 drafts of agreements already. Put some away first; nothing was kept.")


def _keep(text: AgreementText, releases: Sequence[Any], /, *, author: Any, by: Any) -> None:
    text.author, text.prepared_by, text.prepared_at = author, by, timezone.now()
    text.save()
    text.releases.set(releases)


def _own_draft(agreement: SharingAgreement, /, *, member: str, on: str) -> AgreementText:
    rows = agreement.texts.filter(state=AgreementText.State.DRAFT).select_related("template__template")
    draft = (rows.filter(author__slug=member) if member else rows.filter(author__isnull=True)).first()
    if draft is None:
        raise Conflict(problem=NOTHING_WAITS)
    if draft.sha256 != on:
        raise Conflict(problem=CHANGED)
    return draft
