"""The parties and the state of the record in the programming door: bodies, members on a day, statements, the log."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (ninja reads annotations at run time)
from typing import Annotated, Any

from django.http import HttpRequest  # noqa: TC002  (ninja reads annotations at run time)
from django.utils import timezone
from ninja import Path, Query, Router

from comity.api import schemas
from comity.api.problems import DESCRIBED
from comity.platform.parties.models import Membership
from comity.platform.parties.roster import every_body, member_view, members_on
from comity.platform.parties.statements import statements_of
from comity.platform.record.log import find_log
from comity.platform.record.states import log_in_figures

router = Router()
Slug = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9-]+$")]
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("/bodies", response=list[schemas.BodyOut], operation_id="list_bodies", openapi_extra=DESCRIBED)
def list_bodies(request: HttpRequest) -> Any:
    """Return every assembly, committee and group, by name in English."""
    del request
    return every_body()


@router.get(
    "/bodies/{slug}/members", response=schemas.SeatPage, operation_id="list_members_of_body", openapi_extra=DESCRIBED
)
def list_members_of_body(
    request: HttpRequest, slug: Slug, on: dt.date | None = None, limit: Limit = 200, offset: Offset = 0
) -> dict[str, Any]:
    """Return who has a seat in a body on a day (default: today), members and observers, by name in English."""
    del request
    found = members_on(body=slug, on=on or timezone.now().date(), statuses=Membership.Status.values)
    rows = [
        {
            **{name: getattr(seat, name) for name in ("slug", "name", "region", "kind", "status", "since", "until")},
            "suspended": [{"right": right, "rule": rule} for right, rule in seat.suspended],
        }
        for seat in found
    ]
    return {"count": len(rows), "items": rows[offset : offset + limit]}


@router.get("/members/{slug}", response=schemas.MemberOut, operation_id="read_member", openapi_extra=DESCRIBED)
def read_member(request: HttpRequest, slug: Slug) -> Any:
    """Return one member with its history and its delegation; names of persons only for those who see them."""
    return member_view(slug=slug, user=request.user)


@router.get(
    "/bodies/{slug}/statements",
    response=list[schemas.StatementOut],
    operation_id="list_statements",
    openapi_extra=DESCRIBED,
)
def list_statements(request: HttpRequest, slug: Slug) -> Any:
    """Return the latest fifty statements to a body, newest first."""
    return statements_of(body=slug, user=request.user)


@router.get("/log", response=schemas.LogOut, operation_id="read_log", openapi_extra=DESCRIBED)
def read_log(request: HttpRequest) -> dict[str, Any]:
    """Return how the log stands: its key, its size, when it was signed and witnessed, and how much waits."""
    del request
    log = find_log()
    view = log_in_figures(origin=log.origin if log else "")
    return {
        "origin": log.origin if log else "",
        "key": log.vkey if log else "",
        "size": view.size,
        "waiting": view.waiting,
        "stopped": bool(view.stopped),
        "signed_at": view.signed_at,
        "witnessed_at": view.witnessed_at,
    }
