"""Record what a commitment led to, as its recipient measured it: an indicator with its baseline, and where the evidence is."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict
from comity.platform.capacity.commitments_seen import RECIPIENT, authorise_side, circle_of, locked_commitment
from comity.platform.capacity.models import Commitment, MeasuredResult
from comity.platform.capacity.needs_seen import AGREED
from comity.platform.capacity.resources import in_figures
from comity.platform.parties.texts import checked_text, checked_texts
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    from collections.abc import Mapping

RULE = "The recipient measures what a delivery led to"
MOST_INDICATOR = 300
MOST_UNIT = 60
MOST_EVIDENCE = 500
MOST_FIGURE = Decimal(10) ** 13
EARLIEST = dt.date(1990, 1, 1)
ADDRESS = re.compile(r"https?://[^\s<>\"]{3,}")


def record_result(
    *,
    slug: str,
    indicators: Mapping[str, str],
    unit: str,
    value: Decimal | str,
    measured_on: dt.date,
    by: Any,
    baseline: Decimal | str | None = None,
    target: Decimal | str | None = None,
    evidence: str = "",
) -> MeasuredResult:
    """Record for the recipient what was measured. ``indicators`` maps a language to what was measured; a baseline or target that
    nobody has is left out, which is not the same as 0. ``evidence`` says where it is, by an address or in words.

    Raises NotFound, NotPermitted, BadParameter, or Conflict where the commitment was never agreed.
    """
    names = checked_texts("indicator", indicators, most=MOST_INDICATOR)
    counted = checked_text("unit", unit, most=MOST_UNIT, least=1)
    figures = {
        "value": _figure("value", value),
        "baseline": None if baseline in {None, ""} else _figure("baseline", str(baseline)),
        "target": None if target in {None, ""} else _figure("target", str(target)),
    }
    found = checked_evidence(evidence)
    with transaction.atomic():
        held = locked_commitment(slug=slug, by=by)
        office = authorise_side(commitment=held, by=by, side=RECIPIENT)
        today = timezone.now().date()
        if held.state not in AGREED:
            raise Conflict(problem="A result is recorded once both sides have agreed to the commitment.")
        if not EARLIEST <= measured_on <= today:
            raise BadParameter(name="measured_on", found=measured_on.isoformat(), allowed="a day up to today")
        act = enter_act(
            type="record-result",
            office=office,
            member=held.need.member.slug,
            authority=RULE,
            subject=held.reference,
            payload={
                "commitment": held.reference,
                "indicator": names,
                "unit": counted,
                **{name: None if f is None else in_figures(f) for name, f in figures.items()},
                "measured_on": measured_on.isoformat(),
                "evidence": found,
            },
            **circle_of(commitment=held),
        )
        return MeasuredResult.objects.create(
            commitment=Commitment(pk=held.pk),
            indicators=names,
            unit=counted,
            measured_on=measured_on,
            evidence=found,
            act=act,
            **figures,
        )


def checked_evidence(found: str, /) -> str:
    """Return where evidence is: an address of the web, or words. Raises BadParameter."""
    said = checked_text("evidence", found, most=MOST_EVIDENCE)
    if re.match(r"[a-z][a-z0-9+.-]*:\S", said, flags=re.IGNORECASE) and not ADDRESS.fullmatch(said):
        raise BadParameter(name="evidence", found=said[:60], allowed="an address that begins with https://, or words")
    return said


def _figure(name: str, found: Decimal | str, /) -> Decimal:
    allowed = "a number such as 12.5, with six decimal places at most"
    try:
        figure = Decimal(str(found).strip())
    except InvalidOperation:
        raise BadParameter(name=name, found=str(found)[:30] or "nothing", allowed=allowed) from None
    if not figure.is_finite() or abs(figure) > MOST_FIGURE or figure != round(figure, 6):
        raise BadParameter(name=name, found=str(found)[:30], allowed=allowed)
    return figure
