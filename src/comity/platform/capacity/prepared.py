"""Needs and offers on their way through the delegation: the steps that all contributions share, and what a round holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.errors import Conflict
from comity.platform.capacity.lookups import locked_need, locked_offer
from comity.platform.parties.preparing import (
    PreparedDesk,
    clear_prepared,
    drop_prepared,
    prepared_desk,
    send_prepared_back,
)

if TYPE_CHECKING:
    from comity.platform.capacity.models import Need, Offer

FROZEN = "This stands frozen in a round that is not decided yet, so that it cannot be changed. What the round gives can be declined."


def clear_need(*, slug: str, by: Any, on: str) -> None:
    """Let a need, or a change of it, be sent as it was prepared. Raises as ``clear_prepared`` does."""
    clear_prepared(locked_need, slug=slug, by=by, on=on)


def clear_offer(*, slug: str, by: Any, on: str) -> None:
    """Let an offer, or a change of it, be made as it was prepared. Raises as ``clear_prepared`` does."""
    clear_prepared(locked_offer, slug=slug, by=by, on=on)


def send_back_need(*, slug: str, note: str, by: Any) -> None:
    """Take the clearance of a need back, or refuse it, with a remark. Raises as ``send_prepared_back`` does."""
    send_prepared_back(locked_need, slug=slug, note=note, by=by)


def send_back_offer(*, slug: str, note: str, by: Any) -> None:
    """Take the clearance of an offer back, or refuse it, with a remark. Raises as ``send_prepared_back`` does."""
    send_prepared_back(locked_offer, slug=slug, note=note, by=by)


def drop_need(*, slug: str, by: Any, on: str | None = None) -> None:
    """Put a draft of a need away for good, or a change of it that was not sent. Raises as ``drop_prepared`` does."""
    drop_prepared(locked_need, slug=slug, by=by, on=on)


def drop_offer(*, slug: str, by: Any, on: str | None = None) -> None:
    """Put a draft of an offer away for good, or a change of it that was not sent. Raises as ``drop_prepared`` does."""
    drop_prepared(locked_offer, slug=slug, by=by, on=on)


def desk_of(*, row: Need | Offer, user: Any) -> PreparedDesk | None:
    """Return what a delegation sees of what it prepared; None for everyone outside it."""
    return prepared_desk(row=row, user=user, frozen=is_frozen(row))


def is_frozen(row: Need | Offer, /) -> bool:
    """Tell whether a round that is frozen and neither confirmed nor cancelled holds a need or an offer."""
    undecided = {"round__confirmed_at__isnull": True, "round__cancelled_at__isnull": True}
    return bool(row.pk) and row.in_rounds.filter(round__frozen_at__isnull=False, **undecided).exists()


def demand_not_frozen(row: Need | Offer, /) -> None:
    """Raise Conflict while an undecided round holds a need or an offer."""
    if is_frozen(row):
        raise Conflict(problem=FROZEN)
