"""Read offers for pages: one's own first, then those of others that a reader sees, by what they are, in which language and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone

from comity.errors import NotFound
from comity.platform.capacity.lookups import offers_open
from comity.platform.capacity.models import Offer
from comity.platform.capacity.offers import as_json, fields_of, take_pending
from comity.platform.capacity.offers_seen import OfferCard, offer_card, offer_cards, offer_seen, offers_seen
from comity.platform.capacity.prepared import desk_of
from comity.platform.parties.preparing import is_waiting, own_members, token_of

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from comity.platform.parties.preparing import PreparedDesk


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """An offer of the reader's own delegation in a list; ``waits``: it, or a change of it, waits to be cleared or sent."""

    card: OfferCard
    waits: bool
    is_cleared: bool


@dataclass(frozen=True, slots=True)
class OfferPage:
    """An offer with all that this reader may see of it. ``desk`` is for its delegation alone; ``act`` is the latest act on it.

    ``next`` is what the offer will be once the change that waits is sent, for its delegation alone.
    """

    card: OfferCard
    texts: tuple[tuple[str, str, str], ...]
    desk: PreparedDesk | None
    act: str
    next: OfferCard | None
    next_texts: tuple[tuple[str, str, str], ...]


def own_offers(*, user: Any, language: str, now: dt.datetime | None = None) -> list[OwnOffer]:
    """Return the offers of the reader's own delegations: what waits first, then open ones, then what has ended."""
    own = own_members(user=user)
    if not own:
        return []
    rows = list(
        Offer.objects.filter(member__slug__in=own).select_related("body", "member", "resource").order_by("slug")
    )
    cards = offer_cards(offers=rows, user=user, language=language, now=now)
    found = [
        OwnOffer(card=card, waits=is_waiting(offer), is_cleared=offer.cleared_at is not None)
        for offer, card in zip(rows, cards, strict=True)
    ]
    order = {"draft": 0, "open": 1, "ended": 2, "withdrawn": 2}
    return sorted(found, key=lambda o: (not o.waits, order[o.card.state], o.card.title.casefold(), o.card.slug))


def others_offers(
    *,
    user: Any,
    resource: str = "",
    tongue: str = "",
    group: str = "",
    state: str = "open",
    with_own: bool = False,
    now: dt.datetime | None = None,
) -> QuerySet[Offer]:
    """Return what others offer and this account sees: open ones by the day on which they end, others latest first.

    ``tongue`` is a language in which it is given, ``group`` a group that it is for; an offer in any language, or for all members, is among
    them. ``state`` is open or ended; ``with_own`` adds those of the reader's own members. Cards of a page of it come from ``offer_cards``.
    """
    moment = now or timezone.now()
    rows = offers_seen(user=user, now=moment)
    if not with_own:
        rows = rows.exclude(member__slug__in=own_members(user=user))
    is_open = offers_open(on=moment.date())
    rows = rows.filter(~is_open if state == "ended" else is_open).exclude(state=Offer.State.DRAFT)
    if resource:
        rows = rows.filter(resource__slug=resource)
    if tongue or group:
        rows = rows.filter(pk__in=_fitting(rows, tongue=tongue, group=group))
    if state == "ended":
        return rows.order_by("-sent_at", "slug")
    return rows.order_by(F("ends_on").asc(nulls_last=True), "slug")


def offer_page(*, slug: str, user: Any, language: str, now: dt.datetime | None = None) -> OfferPage:
    """Return an offer as this reader sees it. Raises NotFound where it sees none."""
    offer = offer_seen(slug=slug, user=user, now=now)
    card, texts = offer_card(offer=offer, user=user, language=language, now=now), _texts(offer)
    desk, act = desk_of(row=offer, user=user), str(offer.act_id or "")
    waiting: OfferCard | None = None
    next_texts: tuple[tuple[str, str, str], ...] = ()
    if desk is not None and offer.pending:
        take_pending(offer)
        waiting, next_texts = offer_card(offer=offer, user=user, language=language, now=now), _texts(offer)
    return OfferPage(card=card, texts=texts, desk=desk, act=act, next=waiting, next_texts=next_texts)


def _texts(offer: Offer, /) -> tuple[tuple[str, str, str], ...]:
    languages = sorted({*offer.titles, *offer.conditions})
    return tuple((tongue, offer.titles.get(tongue, ""), offer.conditions.get(tongue, "")) for tongue in languages)


def offer_to_change(*, slug: str, user: Any) -> dict[str, Any]:
    """Return the fields of an offer as a form holds them: those of the change that waits, else its own. Texts are by language.

    Raises NotFound for everyone outside its delegation.
    """
    offer = offer_seen(slug=slug, user=user)
    if offer.member.slug not in own_members(user=user):
        raise NotFound(reference=offer.reference)
    held: dict[str, Any] = as_json(fields_of(offer)) | offer.pending
    nothing_as_text = {name: held[name] or "" for name in ("per_member", "begins_on", "ends_on", "apply_until")}
    return (
        held
        | nothing_as_text
        | {
            "note": offer.note,
            "body": offer.body.slug,
            "seen": token_of(offer),
            "state": offer.state,
        }
    )


def _fitting(rows: QuerySet[Offer], /, *, tongue: str, group: str) -> list[int]:
    """Return the keys of offers in a language and for a group. Asked in Python: the two databases search lists differently."""
    return [
        pk
        for pk, tongues, groups in rows.values_list("pk", "languages", "to_groups")
        if (not tongue or not tongues or tongue in tongues) and (not group or not groups or group in groups)
    ]
