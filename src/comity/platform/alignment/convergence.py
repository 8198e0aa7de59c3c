"""Read where members converge: counts by topic, a topic's cells, what colours no tile."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from comity.engines.alignment.convergence import NOT_HERE, reason_not_counted
from comity.platform.alignment.collection import instrument_for_engine
from comity.platform.alignment.models import ConvergenceCell, Instrument, Topic
from comity.platform.alignment.selectors import instruments_seen, latest_run

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class CellView:
    """How one member stands on a topic. ``through`` holds (name of instrument or organisation, level)."""

    member: str
    level: str
    own: str
    through: tuple[tuple[str, str], ...]


def levels_by_topic(*, members: int) -> dict[str, dict[str, int]]:
    """Return, for each topic, how many members stand at each level; all levels of a topic add up to ``members``."""
    counts: dict[str, dict[str, int]] = {t: {} for t in Topic.objects.values_list("pk", flat=True)}
    rows = (
        ConvergenceCell.objects.filter(run=latest_run())
        .order_by()
        .values_list("topic_id", "level")
        .annotate(n=Count("pk"))
    )
    for topic, level, n in rows:
        counts[topic][level] = n
    for levels in counts.values():
        levels[NOT_HERE] = levels.get(NOT_HERE, 0) + members - sum(levels.values())
    return counts


def cells_of(*, topic: str) -> Mapping[str, CellView]:
    """Return the cells of a topic by member; a member that is missing is not in this collection."""
    rows = ConvergenceCell.objects.filter(run=latest_run(), topic=topic)
    return {
        c.member: CellView(
            member=c.member, level=c.level, own=c.own, through=tuple((str(t[0]), str(t[1])) for t in c.through)
        )
        for c in rows
    }


def years_of(*, topic: str) -> tuple[tuple[int, dict[str, int]], ...]:
    """Return each year since the earliest dated text with how many members stood at each spoken level of a topic at its end.

    Texts count by their date and under the status of today; the last year is that of the run, as far as it had gone.
    """
    run = latest_run()
    if run is None or run.first_year is None or run.finished_at is None:
        return ()
    counts: dict[int, dict[str, int]] = {year: {} for year in range(run.first_year, run.finished_at.year + 1)}
    for year, level, members in run.years.filter(topic=topic).values_list("year", "level", "members"):
        counts.setdefault(year, {})[level] = members
    return tuple(sorted(counts.items()))


def texts_that_colour_nothing(*, topic: str, user: Any) -> dict[str, list[Instrument]]:
    """Return instruments with a provision on the topic that colour no tile, by reason.

    Reasons: ``subnational``, ``proposed``, ``lapsed``, ``not-yet-in-force``, ``general-assembly``.
    """
    rows = instruments_seen(user=user).filter(provisions__topic_marks__topic=topic).distinct().order_by("short_title")
    found: dict[str, list[Instrument]] = defaultdict(list)
    for instrument in rows:
        reason = reason_for_no_colour(instrument)
        if reason:
            found[reason].append(instrument)
    return dict(found)


def reason_for_no_colour(instrument: Instrument) -> str:
    """Return why an instrument colours no tile, or nothing where it may colour one."""
    return reason_not_counted(instrument_for_engine(instrument))
