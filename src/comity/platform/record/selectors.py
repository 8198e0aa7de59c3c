"""Read acts, never more than an account may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from comity.errors import NotFound
from comity.platform.record.models import Act
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True, slots=True)
class ActView:
    """An act as a page shows it. ``sequence`` is None while it is not yet sequenced."""

    id: str
    type: str
    office: str
    member: str
    authority: str
    subject: str
    entered_at: dt.datetime
    visibility: str
    sequence: int | None
    body: str
    body_sha256: str
    links: tuple[tuple[str, str, str], ...] = ()


def latest_acts(*, user: Any, most: int = 10, after: int = 0) -> tuple[ActView, ...]:
    """Return the newest acts that this account may see, newest first."""
    acts = Act.objects.filter(seen_by(user=user)).order_by("-entered_at", "-id")[after : after + most]
    return tuple(view_of(act) for act in acts)


def count_acts(*, user: Any) -> int:
    """Return how many acts this account may see."""
    return Act.objects.filter(seen_by(user=user)).count()


def act_of(*, act_id: str, user: Any) -> ActView:
    """Return one act with its links. Raises NotFound where there is none, or none that this account may see."""
    return view_of(visible_act(act_id=act_id, user=user), with_links=True)


def visible_act(*, act_id: str, user: Any) -> Act:
    """Return the row of one act. Raises NotFound where there is none, or none that this account may see."""
    try:
        return Act.objects.filter(seen_by(user=user)).get(pk=UUID(act_id))
    except (Act.DoesNotExist, ValueError):
        raise NotFound(reference=f"record/acts/{act_id[:40]}") from None


def view_of(act: Act, *, with_links: bool = False) -> ActView:
    """Return an act as a page shows it; the caller has asked whether the reader may see it."""
    links = tuple(sorted((link.subject, link.relation, link.object) for link in act.links.all())) if with_links else ()
    return ActView(
        id=str(act.pk),
        type=act.type,
        office=act.office,
        member=act.member,
        authority=act.authority,
        subject=act.subject,
        entered_at=act.entered_at,
        visibility=act.visibility,
        sequence=act.sequence,
        body=bytes(act.body).decode(),
        body_sha256=act.body_sha256,
        links=links,
    )
