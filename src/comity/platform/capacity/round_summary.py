"""Open needs and offers for the room's front page: how many a reader sees, and the latest of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.platform.capacity.lookups import offers_open
from comity.platform.capacity.models import Need
from comity.platform.capacity.needs_seen import need_cards, needs_seen
from comity.platform.capacity.offers_seen import offer_cards, offers_seen

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.capacity.needs_seen import NeedCard
    from comity.platform.capacity.offers_seen import OfferCard


@dataclass(frozen=True, slots=True)
class OpenContributions:
    """How many open needs and offers a reader sees, and the latest of each."""

    needs: int
    offers: int
    latest_needs: tuple[NeedCard, ...]
    latest_offers: tuple[OfferCard, ...]


def open_contributions(*, user: Any, language: str, most: int, now: dt.datetime | None = None) -> OpenContributions:
    """Return the open needs and offers that a reader sees; no other is counted."""
    moment = now or timezone.now()
    needs = needs_seen(user=user, now=moment).filter(state=Need.State.OPEN)
    offers = offers_seen(user=user, now=moment).filter(offers_open(on=moment.date()))
    return OpenContributions(
        needs=needs.count(),
        offers=offers.count(),
        latest_needs=tuple(need_cards(needs=needs.order_by("-sent_at", "slug")[:most], user=user, language=language)),
        latest_offers=tuple(
            offer_cards(offers=offers.order_by("-sent_at", "slug")[:most], user=user, language=language, now=moment)
        ),
    )
