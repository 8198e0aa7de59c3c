"""What the pages of officers and delegations show of a round beside what everyone sees: what would be frozen, and what a side may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.platform.capacity.challenges import circle_of_challenge
from comity.platform.capacity.commitments import PROVIDER, RECIPIENT
from comity.platform.capacity.commitments_seen import commitments_seen
from comity.platform.capacity.gathering import gather_round
from comity.platform.capacity.models import Commitment, Need, Offer
from comity.platform.capacity.needs_seen import need_cards, needs_seen_by
from comity.platform.capacity.offers_seen import offer_cards, offers_seen_by
from comity.platform.capacity.round_lookups import AGREE, HOLD, round_seen, sees_all
from comity.platform.capacity.round_views import challenging_members
from comity.platform.parties.preparing import is_of_delegation, own_members
from comity.platform.parties.rules import may, require
from comity.platform.record.visibility import Visibility

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from decimal import Decimal

    from comity.platform.capacity.needs_seen import NeedCard
    from comity.platform.capacity.offers_seen import OfferCard


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be frozen now: needs and offers that enter, and those that stay out, each with why in a word.

    Where ``all_seen`` is False, only what the reader may see stands here.
    """

    needs: tuple[tuple[NeedCard, Decimal], ...]
    offers: tuple[tuple[OfferCard, Decimal], ...]
    needs_out: tuple[tuple[NeedCard, str], ...]
    offers_out: tuple[tuple[OfferCard, str], ...]
    all_seen: bool


@dataclass(frozen=True, slots=True)
class SideOfCommitment:
    """A commitment from the side of a reader's member. ``need`` is None where the reader does not see it.

    ``may_say``: this person may agree or decline now. ``has_said``: this side has agreed; ``other_has_said`` likewise.
    """

    slug: str
    reference: str
    side: str
    state: str
    units: Decimal
    resource: str
    need: NeedCard | None
    offer: OfferCard | None
    has_said: bool
    other_has_said: bool
    may_say: bool


@dataclass(frozen=True, slots=True)
class MemberDesk:
    """What a delegation does on a round for its member. ``is_hidden``: a challenge of it would be seen by itself and the officers alone."""

    member: str
    may_challenge: bool
    is_hidden: bool
    commitments: tuple[SideOfCommitment, ...]


def preview_round(*, slug: str, user: Any, language: str, now: dt.datetime | None = None) -> Preview:
    """Return what would be frozen of a round, for who holds it. Raises NotFound or NotPermitted."""
    moment = now or timezone.now()
    held = round_seen(slug=slug, user=user, now=moment)
    require(user=user, action=HOLD, body=held.body.slug)
    found = gather_round(round=held, now=moment)
    needs = {a.need.pk: (a.need, a.units) for a in found.needs}
    offers = {g.offer.pk: (g.offer, g.units) for g in found.offers}
    all_needs = [*(n for n, _ in needs.values()), *(n for n, _ in found.needs_out)]
    all_offers = [*(o for o, _ in offers.values()), *(o for o, _ in found.offers_out)]
    need_of = _need_cards(all_needs, user=user, language=language)
    offer_of = _offer_cards(all_offers, user=user, language=language)
    return Preview(
        needs=tuple((need_of[k], units) for k, (_, units) in needs.items() if k in need_of),
        offers=tuple((offer_of[k], units) for k, (_, units) in offers.items() if k in offer_of),
        needs_out=tuple((need_of[n.pk], why) for n, why in found.needs_out if n.pk in need_of),
        offers_out=tuple((offer_of[o.pk], why) for o, why in found.offers_out if o.pk in offer_of),
        all_seen=sees_all(round=held, user=user, now=moment),
    )


def member_desks(*, slug: str, user: Any, language: str, now: dt.datetime | None = None) -> tuple[MemberDesk, ...]:
    """Return what each delegation that a reader belongs to does on a round, by member. Raises NotFound."""
    moment = now or timezone.now()
    held = round_seen(slug=slug, user=user, now=moment)
    may_challenge = set(challenging_members(round=held, user=user, now=moment))
    rows = list(commitments_seen(user=user, now=moment).filter(round=held).order_by("slug"))
    needs = _need_cards([r.need for r in rows], user=user, language=language)
    offers = _offer_cards([r.offer for r in rows], user=user, language=language)
    return tuple(
        MemberDesk(
            member=member,
            may_challenge=member in may_challenge,
            is_hidden=circle_of_challenge(round=held, member=member)["visibility"] == Visibility.DELEGATION,
            commitments=tuple(
                _side(row, side=side, need=needs.get(row.need_id), offer=offers.get(row.offer_id), user=user)
                for row in rows
                for side, whose in ((RECIPIENT, row.need.member.slug), (PROVIDER, row.offer.member.slug))
                if whose == member
            ),
        )
        for member in own_members(user=user)
        if is_of_delegation(user=user, member=member)
    )


def _side(
    row: Commitment, /, *, side: str, need: NeedCard | None, offer: OfferCard | None, user: Any
) -> SideOfCommitment:
    member = (row.offer if side == PROVIDER else row.need).member.slug
    own, other = row.provider_said_at, row.recipient_said_at
    if side == RECIPIENT:
        own, other = other, own
    proposed = row.state == Commitment.State.PROPOSED
    return SideOfCommitment(
        slug=row.slug,
        reference=row.reference,
        side=side,
        state=row.state,
        units=row.units,
        resource=row.need.resource.slug,
        need=need,
        offer=offer,
        has_said=own is not None,
        other_has_said=other is not None,
        may_say=proposed and may(user=user, action=AGREE, member=member, body=row.round.body.slug),
    )


def _need_cards(needs: Sequence[Need], /, *, user: Any, language: str) -> dict[int, NeedCard]:
    keys = Need.objects.filter(needs_seen_by(user=user), pk__in=[n.pk for n in needs]).values_list("pk", flat=True)
    seen = [n for n in {n.pk: n for n in needs}.values() if n.pk in set(keys)]
    cards = need_cards(needs=_with_all(Need, seen), user=user, language=language)
    by_slug = {c.slug: c for c in cards}
    return {n.pk: by_slug[n.slug] for n in seen}


def _offer_cards(offers: Sequence[Offer], /, *, user: Any, language: str) -> dict[int, OfferCard]:
    keys = Offer.objects.filter(offers_seen_by(user=user), pk__in=[o.pk for o in offers]).values_list("pk", flat=True)
    seen = [o for o in {o.pk: o for o in offers}.values() if o.pk in set(keys)]
    cards = offer_cards(offers=_with_all(Offer, seen), user=user, language=language)
    by_slug = {c.slug: c for c in cards}
    return {o.pk: by_slug[o.slug] for o in seen}


def _with_all(model: Any, rows: Sequence[Any], /) -> Any:
    """Return rows again with what their cards need, so that none asks the database by itself."""
    return model.objects.filter(pk__in=[r.pk for r in rows]).select_related("body", "member", "resource")
