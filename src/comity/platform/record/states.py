"""Read the state of the log: how much waits, whether it is stopped, and how old its last checkpoint is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.platform.record.models import Act, Checkpoint, LogState

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True, slots=True)
class LogView:
    """The log in figures. ``oldest_waiting`` is when the oldest act without a number was entered."""

    waiting: int
    oldest_waiting: dt.datetime | None
    stopped: str
    size: int
    signed_at: dt.datetime | None
    witnessed_at: dt.datetime | None


def count_waiting() -> int:
    """Return how many acts wait for their number."""
    return Act.objects.filter(sequence__isnull=True).count()


def why_stopped() -> str:
    """Return why the log signs nothing, or an empty string."""
    return LogState.objects.filter(pk=1).values_list("stopped", flat=True).first() or ""


def log_in_figures(*, origin: str) -> LogView:
    """Return the state of the log under an origin."""
    oldest = Act.objects.filter(sequence__isnull=True).order_by("entered_at").first()
    latest = Checkpoint.objects.filter(origin=origin).order_by("-size").first()
    witnessed = Checkpoint.objects.filter(origin=origin, cosignatures__isnull=False).order_by("-size").first()
    last = witnessed.cosignatures.order_by("-witnessed_at").first() if witnessed else None
    return LogView(
        waiting=count_waiting(),
        oldest_waiting=oldest.entered_at if oldest else None,
        stopped=why_stopped(),
        size=latest.size if latest else 0,
        signed_at=latest.signed_at if latest else None,
        witnessed_at=last.witnessed_at if last else None,
    )
