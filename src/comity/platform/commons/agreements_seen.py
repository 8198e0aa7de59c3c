"""Who sees an agreement on sharing, and which of its texts: the one place that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from comity.errors import NotFound
from comity.platform.commons.models import AgreementParty, AgreementText, SharingAgreement
from comity.platform.parties.models import Role
from comity.platform.parties.preparing import own_members
from comity.platform.parties.rules import Installation, standing_now
from comity.platform.record.visibility import EVERY_MEMBER

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

DRAFT, PROPOSED, AWAITED, IN_FORCE, ENDED, ASIDE = "draft", "proposed", "awaited", "in-force", "ended", "aside"
STANDS = (IN_FORCE, AWAITED, PROPOSED, DRAFT, ENDED, ASIDE)
"""Where an agreement stands: what holds first."""


def agreements_seen_by(*, user: Any) -> Q:
    """Return the condition under which an agreement is seen.

    Who began it sees it from the start; its parties from when a text is proposed; others once all have signed, where it is shown to
    members or to everyone. The secretariat sees what it began itself, and what the body is a party to; nothing else before its time.
    """
    if isinstance(user, Installation):
        return Q()
    concluded = Q(concluded_at__isnull=False)
    condition = concluded & Q(shown_to=SharingAgreement.Shown.PUBLIC)
    if EVERY_MEMBER in standing_now(user=user).audiences:
        condition |= concluded & Q(shown_to=SharingAgreement.Shown.MEMBERS)
    return condition | inside_of(user=user)


def inside_of(*, user: Any) -> Q:
    """Return the condition under which somebody is on the inside of an agreement: of a party's delegation, or of who began it."""
    if isinstance(user, Installation):
        return Q()
    own = own_members(user=user)
    condition = Q(pk__in=[])
    if own:
        # By a subquery: a join over the parties would give an agreement once for each of them.
        parties = AgreementParty.objects.filter(member__slug__in=own).values("agreement")
        condition |= Q(made_for__slug__in=own) | Q(proposed_at__isnull=False, pk__in=parties)
    if is_secretariat(user=user):
        of_the_body = AgreementParty.objects.filter(member__isnull=True).values("agreement")
        condition |= Q(made_for__isnull=True) | Q(proposed_at__isnull=False, pk__in=of_the_body)
    return condition


def agreements_seen(*, user: Any) -> QuerySet[SharingAgreement]:
    """Return the agreements that a reader sees, with their body, newest first."""
    return SharingAgreement.objects.filter(agreements_seen_by(user=user)).select_related("body", "made_for")


def agreement_seen(*, slug: str, user: Any) -> SharingAgreement:
    """Return one agreement. Raises NotFound for who does not see it."""
    found = agreements_seen(user=user).filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"commons/agreements/{slug[:60]}")
    return found


def is_inside(agreement: SharingAgreement, /, *, user: Any) -> bool:
    """Tell whether a reader is on the inside of an agreement, and so sees what is proposed."""
    return SharingAgreement.objects.filter(inside_of(user=user), pk=agreement.pk).exists()


def texts_seen(agreement: SharingAgreement, /, *, user: Any) -> QuerySet[AgreementText]:
    """Return the texts of an agreement that a reader of it sees: what held or holds; on the inside also what was proposed, and one's own draft."""
    rows = AgreementText.objects.filter(agreement=agreement).select_related("template__template", "author")
    if isinstance(user, Installation):
        return rows
    condition = Q(concluded_at__isnull=False)
    if is_inside(agreement, user=user):
        condition |= Q(proposed_at__isnull=False)
    own = own_members(user=user)
    if own:
        condition |= Q(author__slug__in=own)
    if is_secretariat(user=user):
        condition |= Q(author__isnull=True)
    return rows.filter(condition)


def is_secretariat(*, user: Any) -> bool:
    """Tell whether an account belongs to the secretariat now."""
    return isinstance(user, Installation) or Role.SECRETARIAT in standing_now(user=user).roles


def last_day(agreement: SharingAgreement, text: AgreementText | None, /) -> dt.date | None:
    """Return the last day of an agreement: that of its text, or an earlier one by notice; None where it has none."""
    days = [day for day in (text.ends_on if text else None, agreement.ends_early_on) if day is not None]
    return min(days, default=None)


def stands_of(agreement: SharingAgreement, text: AgreementText | None, /, *, now: dt.datetime | None = None) -> str:
    """Return where an agreement stands at a moment; ``text`` is the one that all have signed, where there is one."""
    moment = now or timezone.now()
    if text is None or agreement.concluded_at is None:
        if agreement.ended_at is not None:
            return ASIDE
        return PROPOSED if agreement.proposed_at is not None else DRAFT
    last = last_day(agreement, text)
    if agreement.ended_at is not None or (last is not None and last < moment.date()):
        return ENDED
    return AWAITED if text.begins_on is not None and text.begins_on > moment.date() else IN_FORCE
