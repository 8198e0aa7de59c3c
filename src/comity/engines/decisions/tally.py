"""From ballots to an outcome: count once, then test each threshold exactly, and keep every step.

Counting is apart from concluding: ``count_ballots`` gives totals of positions for every group and weight that the rule knows, and
``conclude`` derives the outcome and its steps from the rule and those totals alone. So whoever holds the totals can recompute it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from comity.engines.decisions.rules import Condition, Either, Outcome, Part
from comity.errors import BadBallot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.engines.decisions.rules import After, Measure, Rule

Number = int | Fraction
Totals = Mapping[tuple[str, str], Mapping[str, Number]]
"""(group, weight) to position to how many members, or how much weight; "" is everybody, and each counting one."""


class Member(NamedTuple):
    """A member that may vote: the groups it is in and what it weighs, by names of the rule."""

    name: str
    groups: frozenset[str] = frozenset()
    weights: Mapping[str, Number] = MappingProxyType({})


class Ballot(NamedTuple):
    """What a member said. ``reasoned`` is None where nobody recorded whether it gave reasons: it is then taken as given."""

    member: str
    position: str
    reasoned: bool | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A step: the totals of one group and weight, in the order of the rule's positions."""

    group: str
    weight: str
    totals: tuple[tuple[str, Number], ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """A step: one test. ``limit`` is share times base; ``needed`` the least (or most) whole number that meets it, if each counts one.

    A share that has to be reached is not reached by nothing of nothing: of a base of 0, 1 is needed.

    ``parts`` are the positions of the base with their totals.
    """

    part: Part
    place: str
    condition: Condition
    counted: Number
    base: Number | None
    parts: tuple[tuple[str, Number], ...]
    limit: Number
    needed: int | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A step: whether one of several tests holds."""

    part: Part
    place: str
    words: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Concluded:
    """The last step: the outcome, the places of what it rests on, whether there was a tie, and what follows under the rule."""

    outcome: Outcome
    because: tuple[str, ...]
    tie: bool
    follows: After


Step = Counted | Tested | Chosen | Concluded


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome with its reasoning.

    ``required`` is what the first test of adoption asks for (None where it asks for nothing that must be reached), ``reached``
    what it counted.
    """

    rule: str
    version: int
    outcome: Outcome
    required: Number | None
    reached: Number
    steps: tuple[Step, ...]

    def total(self, position: str, /) -> int:
        """Return how many members gave a position; a position of which the rule knows nothing was given by nobody."""
        counted = self.steps[0]
        return int(dict(counted.totals).get(position, 0)) if isinstance(counted, Counted) else 0

    @property
    def concluded(self) -> Concluded:
        """The last step."""
        last = self.steps[-1]
        if not isinstance(last, Concluded):
            raise TypeError(type(last).__name__)
        return last


def tally(*, rule: Rule, members: Iterable[Member], ballots: Iterable[Ballot]) -> Result:
    """Return the outcome of ``ballots`` cast by ``members`` under ``rule``; a member without a ballot is away.

    The order of members and ballots does not matter. Raises BadBallot for a member that stands twice, is unknown or voted twice,
    for a position that the rule does not know, and for a weight that is missing or below zero.
    """
    return conclude(rule=rule, totals=count_ballots(rule=rule, members=members, ballots=ballots))


def count_ballots(
    *, rule: Rule, members: Iterable[Member], ballots: Iterable[Ballot]
) -> dict[tuple[str, str], dict[str, Number]]:
    """Return the totals of every group and weight that the rule counts. Raises as ``tally`` does."""
    known = {p.name: p for p in rule.positions}
    away = next(p.name for p in rule.positions if p.counts == "away")
    said: dict[str, str] = {}
    for one in ballots:
        if one.position not in known:
            raise BadBallot(member=one.member, problem=f'"{one.position}" is no position of {rule.name}')
        if one.member in said:
            raise BadBallot(member=one.member, problem="it stands twice among the ballots")
        instead = known[one.position].unless_reasoned
        said[one.member] = instead if instead and one.reasoned is False else one.position
    pairs = rule.measures()
    totals: dict[tuple[str, str], dict[str, Number]] = {pair: dict.fromkeys(known, 0) for pair in pairs}
    seen: set[str] = set()
    plain = pairs == (("", ""),)
    everybody = totals.setdefault(("", ""), dict.fromkeys(known, 0))
    for member in members:
        if member.name in seen:
            raise BadBallot(member=member.name, problem="it stands twice among the members")
        seen.add(member.name)
        position = said.get(member.name, away)
        everybody[position] += 1
        if not plain:
            _add_to_others(totals, member=member, position=position)
    stray = said.keys() - seen
    if stray:
        raise BadBallot(member=min(stray), problem="it voted but is not among the members")
    return totals


def _add_to_others(totals: dict[tuple[str, str], dict[str, Number]], /, *, member: Member, position: str) -> None:
    """Add a member to each total of a group it is in, by the weight that total counts."""
    for (group, weight), held in totals.items():
        if (group, weight) == ("", "") or (group and group not in member.groups):
            continue
        counts: Number = 1
        if weight:
            counts = member.weights.get(weight, -1)
            if counts < 0:
                raise BadBallot(
                    member=member.name, problem=f"it has no {weight}; give one of 0 or more for every member"
                )
        held[position] += counts


def conclude(*, rule: Rule, totals: Totals) -> Result:
    """Return the outcome that follows from totals, with its steps: what was counted, each test, and what was concluded.

    All tests are made and shown, those after one that fails too. Raises KeyError where totals of a group or weight are missing.
    """
    steps: list[Step] = [
        Counted(group=g, weight=w, totals=tuple((p.name, totals[g, w][p.name]) for p in rule.positions))
        for g, w in sorted({("", ""), *rule.measures()})
    ]
    valid = _test_all(rule.valid, part="valid", totals=totals)
    adopted = _test_all(rule.adopted, part="adopted", totals=totals)
    steps += [step for step, _ in (*valid, *adopted)]
    failed = tuple(s.place for s, top in valid if top and not s.holds)
    unmet = tuple(s.place for s, top in adopted if top and not s.holds)
    first = next(s for s, _ in adopted if isinstance(s, Tested))
    tie = not failed and bool(unmet) and _is_tied(first)
    outcome: Outcome = "not valid" if failed else "not adopted" if unmet else "adopted"
    event = "tie" if tie and "tie" in rule.after else outcome
    because = failed or unmet or tuple(s.place for s, top in adopted if top)
    steps.append(Concluded(outcome=outcome, because=because, tie=tie, follows=rule.after.get(event, "nothing")))
    return Result(
        rule=rule.name,
        version=rule.version,
        outcome=outcome,
        required=_required(first),
        reached=first.counted,
        steps=tuple(steps),
    )


def holds_open(*, rule: Rule, totals: Totals) -> tuple[Tested | Chosen, ...]:
    """Return the tests of whether a meeting may open, each with whether it holds."""
    return tuple(s for s, _ in _test_all(rule.opens, part="opens", totals=totals))


def _test_all(
    tests: Sequence[Condition | Either], /, *, part: Part, totals: Totals
) -> list[tuple[Tested | Chosen, bool]]:
    """Return a step for each test, and whether it stands by itself (True) or inside an Either (False), which follows its own."""
    found: list[tuple[Tested | Chosen, bool]] = []
    for number, test in enumerate(tests, 1):
        place = f"{part} {number}"
        if isinstance(test, Condition):
            found.append((_test(test, part=part, place=place, totals=totals), True))
            continue
        inside = [_test(one, part=part, place=f"{place}.{n}", totals=totals) for n, one in enumerate(test.tests, 1)]
        found += [(one, False) for one in inside]
        found.append((Chosen(part=part, place=place, words=test.words, holds=any(s.holds for s in inside)), True))
    return found


def _test(condition: Condition, /, *, part: Part, place: str, totals: Totals) -> Tested:
    counted = measure(condition.count, totals=totals)
    base: Number | None = None
    parts: tuple[tuple[str, Number], ...] = ()
    limit: Number = condition.share
    if condition.base is not None:
        base = measure(condition.base, totals=totals)
        held = totals[condition.base.group, condition.base.weight]
        parts = tuple((p, held[p]) for p in condition.base.positions)
        limit = condition.share * base
    if limit == int(limit):
        limit = int(limit)
    # Nothing of nothing is no two thirds: where a share has to be reached, somebody must have given what is counted.
    empty = base == 0 and condition.relation == "at least"
    holds = {
        "at least": counted >= limit and not (empty and counted == 0),
        "more than": counted > limit,
        "at most": counted <= limit,
        "fewer than": counted < limit,
    }[condition.relation]
    needed = None if condition.count.weight else 1 if empty else whole_number(relation=condition.relation, limit=limit)
    return Tested(
        part=part,
        place=place,
        condition=condition,
        counted=counted,
        base=base,
        parts=parts,
        limit=limit,
        needed=needed,
        holds=holds,
    )


def whole_number(*, relation: str, limit: Number) -> int:
    """Return the least whole number that is at least or more than a limit, or the most that is at most or fewer than it.

    >>> whole_number(relation="at least", limit=Fraction(274, 3)), whole_number(relation="more than", limit=68)
    (92, 69)
    """
    return {
        "at least": math.ceil(limit),
        "more than": math.floor(limit) + 1,
        "at most": math.floor(limit),
        "fewer than": math.ceil(limit) - 1,
    }[relation]


def measure(it: Measure, /, *, totals: Totals) -> Number:
    """Return a measure of totals: the sum over its positions."""
    held = totals[it.group, it.weight]
    return sum(held[p] for p in it.positions)


def _required(first: Tested, /) -> Number | None:
    if first.condition.relation not in {"at least", "more than"} or (first.limit == 0 and not first.needed):
        return None
    return first.limit if first.needed is None else first.needed


def _is_tied(first: Tested, /) -> bool:
    """Say whether the two sides of a first test of half of those voting are as large as each other."""
    if first.base is None or first.base == 0 or first.condition.relation != "more than":
        return False
    return first.condition.share == Fraction(1, 2) and first.counted * 2 == first.base
