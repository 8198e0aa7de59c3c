"""Capacity in the programming door: needs and offers as far as they may be seen, rounds, deliveries, agreements and public series."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest  # noqa: TC002  (ninja reads annotations at run time)
from ninja import Path, Query, Router

from comity.api import schemas_of_capacity as schemas
from comity.api.problems import DESCRIBED
from comity.platform.capacity.agreement_views import list_agreements
from comity.platform.capacity.delivery_views import track_commitments
from comity.platform.capacity.need_views import others_needs
from comity.platform.capacity.needs_seen import need_card, need_cards, need_seen
from comity.platform.capacity.offer_views import others_offers
from comity.platform.capacity.offers_seen import offer_card, offer_cards, offer_seen
from comity.platform.capacity.round_views import RoundCard, list_rounds, round_view
from comity.platform.capacity.series import list_series, series_view

router = Router()
Slug = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9-]+$")]
Word = Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9-]*$")]
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
States = Literal["open", "ended"]


@router.get("/capacity/needs", response=schemas.NeedPage, operation_id="list_needs", openapi_extra=DESCRIBED)
def show_needs(
    request: HttpRequest, state: States = "open", resource: Word = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Return needs as far as the account that asks may see them: open ones by the day on which they are wanted, or ended ones."""
    found = others_needs(user=request.user, resource=resource, state=state, with_own=True)
    cards = need_cards(needs=found[offset : offset + limit], user=request.user, language="en")
    return {"count": found.count(), "items": [_told(card, schemas.NeedOut) for card in cards]}


@router.get("/capacity/needs/{slug}", response=schemas.NeedOut, operation_id="read_need", openapi_extra=DESCRIBED)
def read_need(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """Return one need."""
    held = need_seen(slug=slug, user=request.user)
    return _told(need_card(need=held, user=request.user, language="en"), schemas.NeedOut)


@router.get("/capacity/offers", response=schemas.OfferPage, operation_id="list_offers", openapi_extra=DESCRIBED)
def show_offers(
    request: HttpRequest, state: States = "open", resource: Word = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Return offers: open ones by the day on which they end, or ended ones."""
    found = others_offers(user=request.user, resource=resource, state=state, with_own=True)
    cards = offer_cards(offers=found[offset : offset + limit], user=request.user, language="en")
    return {"count": found.count(), "items": [_told(card, schemas.OfferOut) for card in cards]}


@router.get("/capacity/offers/{slug}", response=schemas.OfferOut, operation_id="read_offer", openapi_extra=DESCRIBED)
def read_offer(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """Return one offer."""
    held = offer_seen(slug=slug, user=request.user)
    return _told(offer_card(offer=held, user=request.user, language="en"), schemas.OfferOut)


@router.get("/capacity/rounds", response=schemas.RoundPage, operation_id="list_rounds", openapi_extra=DESCRIBED)
def show_rounds(request: HttpRequest, body: Word = "", limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    """Return rounds, the latest first."""
    cards = list_rounds(user=request.user, language="en", body=body)
    return {"count": len(cards), "items": [_round(card) for card in cards[offset : offset + limit]]}


@router.get(
    "/capacity/rounds/{slug}", response=schemas.RoundWholeOut, operation_id="read_round", openapi_extra=DESCRIBED
)
def read_round(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """Return one round with its sums, digests and files. The files stand under the round's own page, in the forms of the command."""
    found = round_view(slug=slug, user=request.user, language="en")
    return {
        **_round(found.card),
        **{name: getattr(found, name) for name in ("closed", "digest", "result_digest", "maker", "solver")},
        "files": list(found.files),
        "totals": [
            {**_told(total, schemas.TotalsOut, but=("resource",)), "resource": total.resource.slug}
            for total in found.totals
        ],
    }


@router.get(
    "/capacity/deliveries", response=schemas.DeliveryPage, operation_id="list_deliveries", openapi_extra=DESCRIBED
)
def show_deliveries(request: HttpRequest, round: Word = "", limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:  # noqa: A002  (the word of the address)
    """Return commitments and how far they have come, of one round or of all."""
    rows = track_commitments(user=request.user, language="en", round=round)
    return {
        "count": len(rows),
        "items": [_told(row, schemas.DeliveryOut) for row in rows[offset : offset + limit]],
    }


@router.get(
    "/capacity/agreements", response=schemas.AgreementPage, operation_id="list_agreements", openapi_extra=DESCRIBED
)
def show_agreements(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    """Return agreements and plans of action, and how many of their promises are kept."""
    cards = list_agreements(user=request.user, language="en")
    items = [
        {
            **_told(card, schemas.AgreementOut, but=("parties", "counts")),
            "parties": [slug for slug, _name in card.parties],
            "counts": dict(card.counts),
        }
        for card in cards[offset : offset + limit]
    ]
    return {"count": len(cards), "items": items}


@router.get("/capacity/series", response=list[schemas.SeriesOut], operation_id="list_series", openapi_extra=DESCRIBED)
def show_series(request: HttpRequest) -> Any:
    """Return the public series that were taken in, by name."""
    del request
    return list_series()


@router.get(
    "/capacity/series/{slug}", response=schemas.SeriesWholeOut, operation_id="read_series", openapi_extra=DESCRIBED
)
def read_series(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """Return one series: every member State with its figure, and how unevenly it is spread."""
    del request
    found = series_view(slug=slug)
    figures = sorted((code, value) for region in found.regions for code, _name, value in region.figures)
    return {
        **_told(found.card, schemas.SeriesOut),
        **{name: getattr(found.spread, name) for name in ("gini", "theil", "between", "within")},
        "members": found.members,
        "figures": [{"country": code, "value": value} for code, value in figures],
    }


def _round(card: RoundCard, /) -> dict[str, Any]:
    return {**_told(card, schemas.RoundOut, but=("resources",)), "resources": [r.slug for r in card.resources]}


def _told(card: Any, shape: Any, /, *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what a shape tells of a card: amounts as text without noughts that say nothing."""
    return {name: _plain(getattr(card, name)) for name in shape.model_fields if name not in but}


def _plain(value: Any, /) -> Any:
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return list(value) if isinstance(value, tuple) else value
