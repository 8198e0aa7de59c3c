"""Suggest an allocation from the frozen tables, and publish it for challenge. It decides nothing: that is for the committee."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.adapters.round_results import RESULTS, share_out_tables
from comity.errors import BadParameter, Conflict
from comity.platform.capacity.freezing import digest_with_salt
from comity.platform.capacity.models import Allocation, Round
from comity.platform.capacity.resources import in_figures
from comity.platform.capacity.round_lookups import (
    HOLD,
    authorise_on,
    checked_authority,
    circle_of_tables,
    demand_state,
    locked_round,
)
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    from decimal import Decimal

LONGEST = dt.timedelta(days=366)


def compute_allocation(*, slug: str) -> Allocation:
    """Compute and keep what the frozen tables of a round come to, once: who comes second finds what the first has kept.

    For ``suggest_allocation`` and the worker. It holds no lock while it computes. Raises Conflict where the round is not frozen.
    """
    row = Round.objects.get(slug=slug)
    if row.frozen_at is None:
        raise Conflict(problem="This round is not frozen; nothing was computed.")
    shared = share_out_tables(files=row.tables["files"], unit=Fraction(grain_of(round=row)))
    results = {name: shared.files[name] for name in RESULTS}
    with transaction.atomic():
        held = locked_round(slug=slug)
        found = Allocation.objects.filter(round=held).first()
        if found is not None:
            return found
        demand_state(round=held, moment=timezone.now(), allowed=(Round.State.FROZEN,))
        try:
            return Allocation.objects.create(
                round=held,
                computed_at=timezone.now(),
                maker=shared.maker,
                solver=shared.solver,
                units=[[n, o, str(u)] for n, o, u in shared.units],
                explanation={"told": shared.explanation, "files": dict(shared.files)},
                result_sha256=digest_with_salt(files=results, salt=held.tables["salt"]),
            )
        except IntegrityError:
            raise Conflict(problem="This was computed meanwhile. Look at it; nothing was changed.") from None


def publish_allocation(*, slug: str, challenge_until: dt.datetime, by: Any) -> Round:
    """Publish a suggested allocation, as an act; members may challenge it until a moment, and nothing is given before that.

    Raises NotPermitted, NotFound, BadParameter for the moment, or Conflict where none is suggested or one is published.
    """
    with transaction.atomic():
        held = locked_round(slug=slug)
        office = authorise_on(round=held, by=by, action=HOLD)
        now = timezone.now()
        demand_state(round=held, moment=now, allowed=(Round.State.FROZEN,))
        found = Allocation.objects.filter(round=held).first()
        if found is None:
            raise Conflict(problem="No allocation is suggested yet. Ask for one first; nothing was changed.")
        if timezone.is_naive(challenge_until) or not now < challenge_until <= now + LONGEST:
            raise BadParameter(
                name="challenge_until",
                found=challenge_until.isoformat(timespec="minutes"),
                allowed="a moment to come, in a zone, within a year",
            )
        payload: dict[str, Any] = {
            "round": held.reference,
            "closed": held.tables["closed"],
            "input_sha256": held.input_sha256,
            "result_sha256": found.result_sha256,
            "maker": found.maker,
            "solver": found.solver,
            "unit": in_figures(grain_of(round=held)),
            "challenge_until": challenge_until.isoformat(),
        }
        if not held.tables["closed"]:
            payload["files"] = {**held.tables["files"], **found.explanation["files"]}
        enter_act(
            type="publish-allocation",
            office=office,
            authority=checked_authority(""),
            subject=held.reference,
            payload=payload,
            **circle_of_tables(held),
        )
        held.challenge_until = challenge_until
        held.save(update_fields=["challenge_until"])
    return held


def grain_of(*, round: Round) -> Decimal:  # noqa: A002  (the thing's own name)
    """Return the smallest amount that is given of the resources of a round: they all have the same."""
    grain: Decimal = round.resources.order_by("slug")[0].grain
    return grain
