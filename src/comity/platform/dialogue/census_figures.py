"""The figures of the states' track: a census with bounds, attributed as the body decided, so that no member's answer follows.

Under the Chatham House rule there are totals alone; by group, those of regional groups; attributed, each member's answer. Where answers are
not attributed no number from nought to four is shown of those who agree or of those who do not: that all agreed would say how each of them
answered. Only a member can be silent: who is not yet heard is in the bounds, and "awaiting instructions" is not yet heard.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.platform.dialogue.figures import LEAST_SHOWN, SCHEMA
from comity.platform.dialogue.models import Dialogue
from comity.platform.dialogue.models.consultations import Track

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MAKER = "census 1"
EXACT, NEARLY_ALL, FEW, HIDDEN = "exact", "nearly-all", "few", "hidden"
"""What is said of those who agree: their number; all but fewer than five; fewer than five; nothing."""
LEAST_HEARD = 2 * LEAST_SHOWN - 1
"""Members heard under which nothing is said of a statement: with fewer, what is said would leave less than five numbers open."""
ATTRIBUTED, BY_GROUP = Dialogue.Attribution.ATTRIBUTED, Dialogue.Attribution.BY_GROUP


@dataclass(frozen=True, slots=True)
class MemberAnswer:
    """What one member answered to one statement: 1, 0 or -1; never an answer that is still awaited."""

    member: str
    statement: int
    value: int
    is_provisional: bool


def census_figures(
    *,
    answers: Iterable[MemberAnswer],
    regions: Mapping[str, str],
    statements: Sequence[int],
    attribution: str,
    opinion_map: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the figures: ``regions`` maps every member of the body to its regional group (empty: none).

    Answers of those who are not members are left out. ``opinion_map`` is shown where the body asked for one.
    """
    by_statement: dict[int, list[MemberAnswer]] = defaultdict(list)
    heard: set[str] = set()
    for answer in answers:
        if answer.member in regions:
            by_statement[answer.statement].append(answer)
            heard.add(answer.member)
    is_open = attribution == ATTRIBUTED
    return {
        "schema": SCHEMA,
        "track": str(Track.STATES),
        "engine": MAKER,
        "attribution": attribution,
        "members": len(regions),
        "heard": len(heard) if is_open or len(heard) >= LEAST_SHOWN or not heard else None,
        "regions": heard_by_region(heard=heard, regions=regions, is_open=is_open),
        "statements": [
            _statement(number, by_statement[number], regions, attribution) for number in sorted(set(statements))
        ],
        "map": opinion_map,
    }


def heard_by_region(*, heard: set[str], regions: Mapping[str, str], is_open: bool) -> list[dict[str, Any]]:
    """Return each regional group with its members, those heard and those not yet; the two are None where either is one to four.

    Where any group is hidden, the smallest other one is too: the total is shown, and small numbers could be worked out of it.
    """
    members = Counter(regions.values())
    spoke = Counter(regions[m] for m in heard)
    shown = {r: is_open or not (_is_small(spoke[r]) or _is_small(members[r] - spoke[r])) for r in members}
    if not all(shown.values()) and (rest := [r for r in members if shown[r]]):
        shown[min(rest, key=lambda r: (members[r], r))] = False
    return [
        {
            "region": region,
            "members": members[region],
            "heard": spoke[region] if shown[region] else None,
            "not_yet": members[region] - spoke[region] if shown[region] else None,
        }
        for region in sorted(members)
    ]


def say_agreement(*, agree: int, heard: int, members: int, is_open: bool = False) -> dict[str, Any]:
    """Return what is shown of a statement: how it is said, and the least and the most that agree with the bounds that follow.

    >>> found = say_agreement(agree=104, heard=112, members=193)
    >>> found["said"], f"{found['share']:.0%} {found['if_all']:.0%} {found['if_none']:.0%}"
    ('exact', '93% 96% 54%')
    >>> say_agreement(agree=112, heard=112, members=193)["said"], say_agreement(agree=3, heard=6, members=9)["said"]
    ('nearly-all', 'hidden')
    """
    from comity.engines.dialogue.census import census_bounds  # noqa: PLC0415  (engines come late)

    rest = heard - agree
    said = HIDDEN
    least, most = 0, heard
    if is_open or (agree >= LEAST_SHOWN and rest >= LEAST_SHOWN):
        said, least, most = EXACT, agree, agree
    elif heard < LEAST_HEARD:
        pass  # of five heard, "all but fewer than five, and five at least" would be all of them
    elif agree >= LEAST_SHOWN:
        said, least = NEARLY_ALL, heard - LEAST_SHOWN + 1
    elif rest >= LEAST_SHOWN:
        said, most = FEW, LEAST_SHOWN - 1
    if not is_open and heard < LEAST_SHOWN:
        return {"said": HIDDEN, "heard": None}
    if said == HIDDEN:
        return {"said": HIDDEN, "heard": heard}
    low = census_bounds(agree=least, heard=heard, members=members)
    high = census_bounds(agree=most, heard=heard, members=members)
    return {
        "said": said,
        "heard": heard,
        "agree": agree if said == EXACT else None,
        "agree_least": least,
        "agree_most": most,
        "share": _short(low.share if said == EXACT else None),
        "share_least": _short(low.share),
        "share_most": _short(high.share),
        "if_all": _short(high.high),
        "if_none": _short(low.low),
    }


def _statement(
    number: int, answers: Sequence[MemberAnswer], regions: Mapping[str, str], attribution: str
) -> dict[str, Any]:
    is_open = attribution == ATTRIBUTED
    values = Counter(a.value for a in answers)
    heard = len(answers)
    found: dict[str, Any] = {
        "statement": number,
        **say_agreement(agree=values[1], heard=heard, members=len(regions), is_open=is_open),
    }
    provisional = sum(a.is_provisional for a in answers)
    if is_open:
        found["disagree"], found["passed"], found["provisional"] = values[-1], values[0], provisional
        found["answers"] = {a.member: [a.value, a.is_provisional] for a in sorted(answers, key=lambda a: a.member)}
        return found
    # Of those who do not agree the parts are told only where each of the three is large enough.
    whole = found["said"] == EXACT and min(values[-1], values[0]) >= LEAST_SHOWN
    found["disagree"], found["passed"] = (values[-1], values[0]) if whole else (None, None)
    told = provisional >= LEAST_SHOWN and heard - provisional >= LEAST_SHOWN
    found["provisional"] = provisional if told else None
    if attribution == BY_GROUP:
        found["by_region"] = _by_region(answers, regions)
    return found


def _by_region(answers: Sequence[MemberAnswer], regions: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return for each regional group who was heard, and how many agree where no small number follows from all that is shown."""
    from comity.engines.dialogue.small_cells import protect_counts  # noqa: PLC0415  (engines come late)

    heard = Counter(regions[a.member] for a in answers)
    agree = Counter(regions[a.member] for a in answers if a.value == 1)
    every, spoke = sorted(set(regions.values())), sorted(heard)
    cells: dict[str, tuple[int | None, int | None]] = {}
    if spoke:
        table = protect_counts(groups=[[agree[r], heard[r] - agree[r]] for r in spoke])
        for region, (yes, rest), number in zip(spoke, table.groups, table.group_totals, strict=True):
            cells[region] = (number, None if number is None or rest is None else yes)
    return [
        {
            "region": region,
            "heard": number,
            "agree": yes,
            "share": None if yes is None or not number else _short(yes / number),
        }
        for region in every
        for number, yes in (cells.get(region, (0, None)),)
    ]


def _is_small(number: int) -> bool:
    return 0 < number < LEAST_SHOWN


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
