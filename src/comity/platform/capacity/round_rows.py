"""What a reader sees of the needs and offers of a round, and of why each need receives what it does.

Whose a need is, and what it is about, comes from ``needs_seen`` at the moment of reading. A need that the reader does not see stands
under its code alone where the tables are open, and is left out where they are closed: then nothing that counts it is shown.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from comity.platform.capacity.models import Need, Offer, Round
from comity.platform.capacity.needs_seen import need_cards, needs_seen_by
from comity.platform.capacity.offers_seen import offer_cards, offers_seen_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.platform.capacity.models import Allocation

NOTHING = Decimal(0)
Units = dict[tuple[str, str], Decimal]


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer of a round; title, member and reference are empty where the reader does not see it.

    ``used`` is None where the reader may not know what was drawn on it in all.
    """

    code: str
    reference: str
    title: str
    title_language: str
    member_name: str
    resource: str
    units: Decimal
    used: Decimal | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """What a need draws on an offer."""

    offer: OfferRow
    units: Decimal


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need of a round; title, member, reference and circle are empty where the reader does not see it, the member also where it is
    not to be known. ``received`` is what is confirmed, before that what is ``suggested``; both are None while nothing is told, and of
    closed tables where the reader may not know whose the need is: whom nobody gave anything could tell it.
    """

    code: str
    slug: str
    reference: str
    title: str
    title_language: str
    member: str
    member_name: str
    shown_to: str
    resource: str
    asked: Decimal
    suggested: Decimal | None
    received: Decimal | None
    draws: tuple[Draw, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Amended:
    """What was suggested for a need from an offer and what was confirmed instead, with the reason."""

    need: NeedRow
    offer: OfferRow
    suggested: Decimal
    confirmed: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class BlockView:
    """Why some needs receive what is suggested: what they can draw on, what that holds, what they ask and receive together.

    Where not ``binding``, nothing holds them back. ``percent`` is what each receives of what it asked, None where that differs.
    ``amended``: what one of them receives was amended when the round was confirmed. ``by_member``: what is alike are the shares of members.
    """

    number: int
    resource: str
    needs: tuple[NeedRow, ...]
    offers: tuple[OfferRow, ...]
    total: Decimal
    asked: Decimal
    received: Decimal
    binding: bool
    percent: int | None
    amended: bool
    by_member: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a round for one reader: in the order of codes, and the blocks where the reader sees the tables."""

    needs: tuple[NeedRow, ...]
    offers: tuple[OfferRow, ...]
    blocks: tuple[BlockView, ...]
    amended: tuple[Amended, ...]


def rows_of_round(
    *,
    round: Round,  # noqa: A002  (the thing's own name)
    allocation: Allocation | None,
    user: Any,
    language: str,
    open_tables: bool,
) -> Rows:
    """Return the needs and offers of a frozen round as a reader sees them. ``allocation`` is None where nothing is told of it yet.

    ``open_tables``: the reader sees the tables, and so every row of them under its code.
    """
    units = None if allocation is None else confirmed_units(allocation=allocation)
    suggested: dict[str, Decimal] = defaultdict(Decimal)
    for need, _offer, amount in allocation.units if allocation is not None else ():
        suggested[need] += Decimal(amount)
    offers = _offers(round, units=units, user=user, language=language, open_tables=open_tables)
    needs = _needs(round, units=units, offers=offers, user=user, language=language, open_tables=open_tables)
    if units is not None:
        needs = {
            code: row if row.received is None else replace(row, suggested=suggested[code])
            for code, row in needs.items()
        }
    blocks: tuple[BlockView, ...] = ()
    amended: tuple[Amended, ...] = ()
    if allocation is not None:
        amended = tuple(
            Amended(needs[n], offers[o], Decimal(was), Decimal(now), reason)
            for n, o, was, now, reason in allocation.amendments
            if n in needs and o in offers and needs[n].received is not None
        )
        if open_tables:
            told = allocation.explanation["told"]["blocks"]
            changed = {row[0] for row in allocation.amendments}
            alike = round.by == Round.By.MEMBER
            blocks = tuple(
                _block(i, b, needs=needs, offers=offers, changed=changed, by_member=alike)
                for i, b in enumerate(told, 1)
            )
    return Rows(tuple(needs.values()), tuple(offers.values()), blocks, amended)


def confirmed_units(*, allocation: Allocation) -> Units:
    """Return the units of an allocation by code of need and offer: as amended where it was, else as suggested."""
    units = {(n, o): Decimal(u) for n, o, u in allocation.units}
    for need, offer, _was, now, _reason in allocation.amendments:
        units[need, offer] = Decimal(now)
    return {pair: amount for pair, amount in units.items() if amount}


def _offers(held: Round, /, *, units: Units | None, user: Any, language: str, open_tables: bool) -> dict[str, OfferRow]:
    rows = list(held.offers.select_related("offer__resource", "offer__member", "offer__body"))
    seen = Offer.objects.filter(offers_seen_by(user=user), pk__in=[r.offer_id for r in rows])
    keys = set(seen.values_list("pk", flat=True))
    cards = offer_cards(offers=[r.offer for r in rows if r.offer_id in keys], user=user, language=language)
    by_slug = {c.slug: c for c in cards}
    used: dict[str, Decimal] = defaultdict(Decimal)
    for (_, offer), amount in (units or {}).items():
        used[offer] += amount
    found: dict[str, OfferRow] = {}
    for row in rows:
        card = by_slug.get(row.offer.slug)
        if card is None and not open_tables:
            continue
        found[row.code] = OfferRow(
            code=row.code,
            reference=card.reference if card else "",
            title=card.title if card else "",
            title_language=card.title_language if card else "",
            member_name=card.member_name if card else "",
            resource=row.offer.resource.slug,
            units=row.units,
            used=used[row.code] if units is not None and open_tables else None,
            is_own=card.is_own if card else False,
        )
    return found


def _needs(
    held: Round, /, *, units: Units | None, offers: Mapping[str, OfferRow], user: Any, language: str, open_tables: bool
) -> dict[str, NeedRow]:
    rows = list(held.needs.select_related("need__resource", "need__member", "need__body"))
    seen = Need.objects.filter(needs_seen_by(user=user), pk__in=[r.need_id for r in rows])
    keys = set(seen.values_list("pk", flat=True))
    cards = need_cards(needs=[r.need for r in rows if r.need_id in keys], user=user, language=language)
    by_slug = {c.slug: c for c in cards}
    draws: dict[str, list[Draw]] = defaultdict(list)
    received: dict[str, Decimal] = defaultdict(Decimal)
    for (need, offer), amount in sorted((units or {}).items()):
        received[need] += amount
        if offer in offers:
            draws[need].append(Draw(offers[offer], amount))
    found: dict[str, NeedRow] = {}
    for row in rows:
        card = by_slug.get(row.need.slug)
        if card is None and not open_tables:
            continue
        # A provider that works not with one member would know its need by what it received of others.
        tells = open_tables or (card is not None and card.member != "")
        found[row.code] = NeedRow(
            code=row.code,
            slug=card.slug if card else "",
            reference=card.reference if card else "",
            title=card.title if card else "",
            title_language=card.title_language if card else "",
            member=card.member if card else "",
            member_name=card.member_name if card else "",
            shown_to=card.shown_to if card else "",
            resource=row.need.resource.slug,
            asked=row.units,
            suggested=None,
            received=None if units is None or not tells else received[row.code],
            draws=tuple(d for d in draws[row.code] if tells or d.offer.is_own),
            is_own=card.is_own if card else False,
        )
    return found


def _block(
    number: int,
    told: Mapping[str, Any],
    /,
    *,
    needs: Mapping[str, NeedRow],
    offers: Mapping[str, OfferRow],
    changed: set[str],
    by_member: bool,
) -> BlockView:
    rows = tuple(needs[n] for n in told["needs"])
    percents = {round_percent(r.suggested or NOTHING, r.asked) for r in rows}
    received = sum((r.suggested or NOTHING for r in rows), NOTHING)
    asked = sum((r.asked for r in rows), NOTHING)
    drawn_on = tuple(offers[o] for o in told["offers"])
    block = BlockView(
        number=number,
        resource=told["resource"],
        needs=rows,
        offers=drawn_on,
        total=sum((o.units for o in drawn_on), NOTHING),
        asked=asked,
        received=received,
        binding=told["binding"],
        percent=None,
        amended=not changed.isdisjoint(told["needs"]),
        by_member=by_member,
    )
    # Whole units differ by one at most from the exact share: within two hundredths it is said as one share.
    alike = max(percents) - min(percents) <= 2  # noqa: PLR2004  (as the comment says)
    return replace(block, percent=round_percent(received, asked)) if alike else block


def round_percent(part: Decimal, whole: Decimal, /) -> int:
    """Return a part in whole percent; 100 only where it is all, 0 only where it is nothing."""
    if part >= whole:
        return 100
    return min(max(round(part * 100 / whole), 1), 99) if part else 0
