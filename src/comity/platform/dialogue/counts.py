"""How often each statement of a consultation was answered, kept in the memory of a process and brought up to date as answers come.

What is shown next rests on these counts. They may lag by seconds, and by minutes for answers that were changed: the
probability that is recorded of a draw is the one that was used, so that estimates stay right all the same.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q

from comity.platform.dialogue.models import Answer

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.dialogue.models import Dialogue

FRESH_SECONDS = 2.0
WHOLE_SECONDS = 600.0
MOST_HELD = 50


@dataclass(slots=True)
class Counted:
    """Agreements, passes and disagreements by the key of a statement."""

    votes: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    last: int = 0
    counted_at: float = 0.0
    read_at: float = 0.0


_held: dict[tuple[int, dt.datetime], Counted] = {}
_lock = threading.Lock()


def counts_of(*, dialogue: Dialogue) -> dict[int, tuple[int, int, int]]:
    """Return (agree, pass, disagree) by the key of each statement that was answered in a consultation, both tracks together."""
    key = (dialogue.pk, dialogue.drafted_at)
    now = time.monotonic()
    with _lock:
        held = _held.get(key)
        if held is not None and now - held.read_at < FRESH_SECONDS:
            return held.votes
        if held is not None:
            held.read_at = now  # one thread brings it up to date, others take what is there
    if held is None or now - held.counted_at > WHOLE_SECONDS:
        held = _count(dialogue, after=0, base=Counted(counted_at=now, read_at=now))
    else:
        held = _count(dialogue, after=held.last, base=held)
    with _lock:
        while len(_held) >= MOST_HELD and key not in _held:
            del _held[next(iter(_held))]
        _held[key] = held
    return held.votes


def _count(dialogue: Dialogue, *, after: int, base: Counted) -> Counted:
    rows = Answer.objects.filter(statement__dialogue=dialogue, value__isnull=False, pk__gt=after)
    last = Answer.objects.aggregate(last=Max("pk"))["last"] or 0 if after else None
    if last is not None and last <= after:
        return Counted(base.votes, base.last, base.counted_at, time.monotonic())
    found = rows.values("statement").annotate(
        yes=Count("pk", filter=Q(value=1)),
        passed=Count("pk", filter=Q(value=0)),
        no=Count("pk", filter=Q(value=-1)),
        last=Max("pk"),
    )
    votes, latest = dict(base.votes), base.last
    for row in found.order_by():
        yes, passed, no = votes.get(row["statement"], (0, 0, 0))
        votes[row["statement"]] = (yes + row["yes"], passed + row["passed"], no + row["no"])
        latest = max(latest, row["last"])
    return Counted(votes, latest, base.counted_at, time.monotonic())
