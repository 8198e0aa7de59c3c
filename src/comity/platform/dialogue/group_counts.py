"""How the opinion groups of the last analysis answered each statement, as far as it may be told, for what is shown next.

Kept in the memory of a process and looked up again after seconds. What an analysis hides of small groups is not known here either.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from comity.platform.dialogue.models import Analysis
from comity.platform.dialogue.models.consultations import Track

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from comity.platform.dialogue.models import Dialogue

FRESH_SECONDS = 2.0
MOST_HELD = 50
GroupCounts = dict[int, tuple[tuple[int, int], ...]]
_held: dict[tuple[int, dt.datetime], tuple[float, str, GroupCounts]] = {}
_lock = threading.Lock()


def group_counts_of(*, dialogue: Dialogue) -> GroupCounts:
    """Return by the key of a statement, for each opinion group of people, how many agreed and how many answered.

    (0, 0) is a group that did not answer, or of which nothing is told. Empty where there is no analysis, or no two groups.
    """
    key, now = (dialogue.pk, dialogue.drafted_at), time.monotonic()
    with _lock:
        held = _held.get(key)
        if held is not None and now - held[0] < FRESH_SECONDS:
            return held[2]
    latest = Analysis.objects.filter(dialogue=dialogue, track=Track.PEOPLE).order_by("-pk")
    digest = latest.values_list("digest", flat=True).first() or ""
    if held is None or held[1] != digest:
        figures = latest.values_list("figures", flat=True).first() or {}
        found = _counts_in(figures, keys=dict(dialogue.statements.values_list("number", "pk")))
    else:
        found = held[2]
    with _lock:
        while len(_held) >= MOST_HELD and key not in _held:
            del _held[next(iter(_held))]
        _held[key] = (now, digest, found)
    return found


def _counts_in(figures: Mapping[str, Any], *, keys: Mapping[int, int]) -> GroupCounts:
    if figures.get("few", True) or figures["k"] < 2:  # noqa: PLR2004  (one group parts nothing)
        return {}
    return {
        keys[row["statement"]]: tuple(
            (0, 0) if cell is None else (round(cell["agree"][0] * cell["n"]), cell["n"]) for cell in row["by_group"]
        )
        for row in figures["statements"]
        if row["statement"] in keys
    }
