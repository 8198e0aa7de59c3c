"""Equal voices: one for each person, one for each member, regions in balance, and two tracks that are never added together.

A person has one voice by having one vote on a statement. A member has one, whatever the size of its delegation (Article 18 of the
Charter of the United Nations). Where regions are balanced, a part of the weight goes to each region alike and the rest by the
number of voices: the base with a proportional part of the Cambridge Compromise (Grimmett, Mathematical Social Sciences 63, 2012), which is
how the membership factor works in the Organisation's geographical distribution of posts (General Assembly resolution 42/220 A).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.engines.dialogue.census import CensusBounds, census_bounds
from comity.engines.dialogue.intervals import bound_shares, estimate_share
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.engines.dialogue.results import Interval

FLOOR = 0.5
"""The part of all weight that regions share alike; the rest follows the number of voices."""
DRAWN = 4


@dataclass(frozen=True, slots=True)
class BalancedShare:
    """A share in which each region has its balanced weight, with its 95% interval.

    ``n`` counts everybody heard; ``weights`` are those of the regions heard, by name, and sum to one; ``unheard`` names the regions
    from which nobody answered: their weight is spread over the others, and they may think otherwise.
    """

    share: float
    low: float
    high: float
    n: int
    weights: tuple[tuple[str, float], ...]
    unheard: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tracks:
    """One statement in both tracks, side by side: a census of member states, and people and organisations.

    The two are ranges of different kinds, of voices of different kinds. There is no sum of them, here or anywhere.
    """

    statement: str
    states: CensusBounds
    people: Interval | None


def settle_members(*, answers: Mapping[str, int], members: Mapping[str, str]) -> dict[str, int]:
    """Return the one answer of each member, by name, from its delegates' answers to one statement.

    ``answers`` maps delegates to 1, 0 or -1, ``members`` delegates to their member. Delegates of one member that answer
    differently have not settled: their member is not yet heard. Who speaks for no member is left out.

    >>> settle_members(answers={"a": 1, "b": 1, "c": 1, "d": -1}, members={"a": "X", "b": "X", "c": "Y", "d": "Y"})
    {'X': 1}
    """
    given: dict[str, set[int]] = defaultdict(set)
    for delegate, answer in answers.items():
        if delegate in members:
            given[members[delegate]].add(answer)
    return {member: min(given[member]) for member in sorted(given) if len(given[member]) == 1}


def share_voices(*, members: Mapping[str, str]) -> dict[str, float]:
    """Return the part of its member's one voice that each delegate has, by delegate; those of a member sum to one.

    >>> share_voices(members={"a": "X", "b": "X", "c": "Y"})
    {'a': 0.5, 'b': 0.5, 'c': 1.0}
    """
    size: dict[str, int] = defaultdict(int)
    for member in members.values():
        size[member] += 1
    return {delegate: 1 / size[members[delegate]] for delegate in sorted(members)}


def weigh_regions(*, voices: Mapping[str, int], floor: float = FLOOR) -> dict[str, float]:
    """Return the weight of each region, by name: ``floor`` over their number, and the rest by voices; they sum to one.

    So no region, however few of it take part, weighs less than floor / regions, and more voices never weigh less. A region
    without a voice has no weight. Raises BadParameter for a floor outside 0 to 1, or a number of voices below 0.

    >>> weigh_regions(voices={"isles": 2, "mainland": 98})
    {'isles': 0.26, 'mainland': 0.74}
    """
    if not 0 <= floor <= 1:
        raise BadParameter(name="floor", found=str(floor), allowed="0 to 1")
    if min(voices.values(), default=0) < 0:
        raise BadParameter(name="voices", found=str(min(voices.values())), allowed="0 or more")
    present = {region: number for region, number in sorted(voices.items()) if number}
    total = sum(present.values())
    return {region: floor / len(present) + (1 - floor) * number / total for region, number in present.items()}


def balance_share(
    *, agree: Mapping[str, int], heard: Mapping[str, int], voices: Mapping[str, int], floor: float = FLOOR
) -> BalancedShare | None:
    """Return the share that agrees with the regions in balance; None where nobody was heard.

    ``agree`` and ``heard`` map regions to those who agreed with and answered one statement, ``voices`` to all who take part. The
    interval is Wilson's with the effective number that the variance of the weighted sum gives. In that variance a region's
    share is drawn to the whole by four answers: one voice alone would else vouch for its region without a doubt.
    Raises BadParameter where a region was heard that has fewer voices.
    """
    strange = sorted(r for r, n in heard.items() if n > voices.get(r, 0))
    if strange:
        raise BadParameter(
            name="heard", found=f"{heard[strange[0]]} from {strange[0]}", allowed="no more than its voices"
        )
    known = {r: (agree.get(r, 0), n) for r, n in sorted(heard.items()) if n}
    if not known:
        return None
    weights = weigh_regions(voices={r: n for r, n in voices.items() if r in known}, floor=floor)
    share = sum(weights[r] * a / n for r, (a, n) in known.items())
    drawn = {r: (a + DRAWN * share) / (n + DRAWN) for r, (a, n) in known.items()}
    spread = sum(weights[r] ** 2 * drawn[r] * (1 - drawn[r]) / n for r, (_, n) in known.items())
    kish = 1 / sum(weights[r] ** 2 / n for r, (_, n) in known.items())
    # Where all or none agree nothing varies, and only the weights tell how much was heard.
    alike = all(a == 0 for a, _ in known.values()) or all(a == n for a, n in known.values())
    effective = kish if alike else share * (1 - share) / spread
    low, high = bound_shares(given=share * effective, n=effective)
    return BalancedShare(
        share=share,
        low=float(low),
        high=float(high),
        n=sum(n for _, n in known.values()),
        weights=tuple(weights.items()),
        unheard=tuple(sorted(r for r, n in voices.items() if n and r not in known)),
    )


def lay_side_by_side(
    *, states: Mapping[str, tuple[int, int]], members: int, people: Mapping[str, tuple[int, int]]
) -> tuple[Tracks, ...]:
    """Return both tracks of each statement, by id, from (who agreed, who was heard) in either; members is the number of all.

    A statement that one track did not answer has nobody heard in it.

    >>> both, = lay_side_by_side(states={"s": (104, 112)}, members=193, people={"s": (550, 600)})
    >>> round(both.states.low, 2), round(both.people.low, 2)
    (0.54, 0.89)
    """
    none = (0, 0)
    found = []
    for statement in sorted(states.keys() | people.keys()):
        agree, heard = states.get(statement, none)
        given, n = people.get(statement, none)
        bounds = census_bounds(agree=agree, heard=heard, members=members)
        found.append(Tracks(statement=statement, states=bounds, people=estimate_share(given=given, n=n)))
    return tuple(found)
