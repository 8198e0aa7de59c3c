"""How members came to stand on each topic, year by year: by the date of each text, under the status that it has today.

What a text's status was in an earlier year is not known, and neither is what was searched then: so only what speaks is counted, and
no kind of none. Nothing here ranks a member.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from comity.engines.alignment.convergence import SPOKEN, converge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from comity.engines.alignment.texts import Collection, Scheme


@dataclass(frozen=True, slots=True)
class YearOfTopic:
    """How many members stood at each spoken level of a topic on ``day``, the last of ``year`` or the day of the figures."""

    topic: str
    year: int
    day: dt.date
    levels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class History:
    """The years of every topic, topics in the scheme's order and years upwards; ``undated`` are the ids of instruments without
    a date, which are in no year.
    """

    years: tuple[YearOfTopic, ...]
    undated: tuple[str, ...]


def converge_by_year(
    *,
    collection: Collection,
    scheme: Scheme,
    members: Sequence[str],
    memberships: Callable[[dt.date], Mapping[str, frozenset[str]]],
    today: dt.date,
) -> History:
    """Return how many members stood at each level at the end of every year from the first dated text to ``today``.

    ``memberships`` returns the members of each organisation on a day: a text of an organisation counts for those who sat in it
    then. A text dated after ``today`` counts in no year.
    """
    dated = [i for i in collection.instruments if i.date is not None and i.date <= today]
    undated = tuple(sorted(i.id for i in collection.instruments if i.date is None))
    if not dated:
        return History(years=(), undated=undated)
    first = min(i.date.year for i in dated if i.date is not None)
    found: dict[tuple[str, int], YearOfTopic] = {}
    for year in range(first, today.year + 1):
        day = min(dt.date(year, 12, 31), today)
        held = tuple(i for i in dated if i.date is not None and i.date <= day)
        names = frozenset(i.id for i in held)
        then = replace(
            collection,
            instruments=held,
            provisions=tuple(p for p in collection.provisions if p.instrument in names),
            stated_none=frozenset(),
        )
        result = converge(collection=then, scheme=scheme, members=members, memberships=memberships(day))
        levels: dict[str, Counter[str]] = {t.id: Counter() for t in scheme.topics}
        for cell in result.cells:
            if cell.level in SPOKEN:
                levels[cell.topic][cell.level] += 1
        for topic, counts in levels.items():
            found[topic, year] = YearOfTopic(
                topic=topic, year=year, day=day, levels={level: counts[level] for level in SPOKEN if counts[level]}
            )
    return History(
        years=tuple(found[t.id, year] for t in scheme.topics for year in range(first, today.year + 1)), undated=undated
    )
