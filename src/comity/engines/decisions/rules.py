"""A rule of procedure as data: who counts, what each answer counts as, and what must hold for a text to be adopted.

A rule is written in the body's own words and, beside them, as tests in whole numbers and fractions. Every test compares a measure
(how many members, or how much weight, gave some of the positions) with a share of another measure, or with a number. No test
knows floating-point numbers, so that each is exact at its threshold.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  (the types of fields are read by those who build a rule from a form)
from dataclasses import dataclass, field
from fractions import Fraction  # noqa: TC003  (as above)
from typing import Literal

Relation = Literal["at least", "more than", "at most", "fewer than"]
Counts = Literal["voting", "present", "away"]
Part = Literal["opens", "valid", "adopted"]
Outcome = Literal["adopted", "not adopted", "not valid"]
Way = Literal["recorded", "roll call", "correspondence", "silence", "no objection", "secret"]
After = Literal["nothing", "second vote", "postponed", "further discussion", "casting vote", "no decision", "a vote"]

RELATIONS: tuple[Relation, ...] = ("at least", "more than", "at most", "fewer than")
COUNTS: tuple[Counts, ...] = ("voting", "present", "away")
PARTS: tuple[Part, ...] = ("opens", "valid", "adopted")
WAYS: tuple[Way, ...] = ("recorded", "roll call", "correspondence", "silence", "no objection", "secret")
AFTERS: tuple[After, ...] = (
    "nothing",
    "second vote",
    "postponed",
    "further discussion",
    "casting vote",
    "no decision",
    "a vote",
)
SETS = ("members", "present", "voting")
"""Names of measures that follow from what the positions count as: everybody; all but those away; those voting."""


@dataclass(frozen=True, slots=True)
class Position:
    """One thing a member may say.

    ``counts`` is "voting" (it is a vote), "present" (there, but not voting) or "away". ``also`` are other spellings that a file
    may use. A position with ``unless_reasoned`` counts as the position named there where the member gives no reason.
    """

    name: str
    counts: Counts
    also: tuple[str, ...] = ()
    unless_reasoned: str = ""


STANDARD = (
    Position(name="yes", counts="voting", also=("y", "for", "in favour", "approve")),
    Position(name="no", counts="voting", also=("n", "against", "disapprove")),
    Position(name="abstain", counts="present", also=("abstention", "a")),
    Position(name="present", counts="present", also=("present, not voting", "not voting")),
    Position(name="absent", counts="away", also=("not present", "away")),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Members that a rule counts apart: named in the column ``group``, listed, or everyone who is not in another group.

    ``everyone`` says that all belong to it where nobody is given a group at all.
    """

    name: str
    title: str
    also: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    everyone_but: str = ""
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Weight:
    """What members weigh: votes, population, contributions. ``also`` are other names that its column may have."""

    name: str
    title: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """How many members of ``group`` (or how much of their ``weight``) gave one of ``positions``; empty: all, and each counts one."""

    positions: tuple[str, ...]
    name: str = ""
    group: str = ""
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """``count`` is ``relation`` the ``share`` of ``base``; where there is no base, ``share`` is the number itself.

    ``words`` says it in the body's own words where it has any.
    """

    count: Measure
    relation: Relation
    share: Fraction
    base: Measure | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Either:
    """Holds where at least one of its tests holds."""

    tests: tuple[Condition, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a ballot under the rule is held.

    ``notice_hours`` is how long it is open at least; ``proxies`` how many other members one may vote for (0: none);
    ``explanation_days`` how long after the close a member may explain its position (0: not at all); ``history`` says whether
    the answers of one member over many ballots are shown together.
    """

    ways: tuple[Way, ...] = ("recorded",)
    sealed: bool = False
    may_change: bool = True
    proxies: int = 0
    notice_hours: int = 0
    explanation_days: int = 10
    history: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of procedure. ``source`` names where it stands, ``words`` says it as its body does.

    Outcome: "not valid" where one of ``valid`` fails; else "adopted" where all of ``adopted`` hold; else "not adopted".
    ``opens`` is what a meeting needs to begin. ``after`` says what follows: by "tie", "not adopted", or "not valid". A
    ``tie`` is as many yes as no, in the measure of the first test of adoption.
    """

    name: str
    version: int
    title: str
    source: str
    words: str
    adopted: tuple[Condition | Either, ...]
    valid: tuple[Condition | Either, ...] = ()
    opens: tuple[Condition | Either, ...] = ()
    positions: tuple[Position, ...] = STANDARD
    groups: tuple[Group, ...] = ()
    weights: tuple[Weight, ...] = ()
    after: Mapping[str, After] = field(default_factory=dict)
    within_hours: int = 0
    conduct: Conduct = field(default_factory=Conduct)

    def tests(self, part: Part, /) -> tuple[Condition, ...]:
        """Return every test of one part, those inside an Either too, in the order in which they stand."""
        held: tuple[Condition | Either, ...] = getattr(self, part)
        return tuple(t for one in held for t in (one.tests if isinstance(one, Either) else (one,)))

    def measures(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of group and weight that the tests count, each once and in order, everybody counted alike first."""
        found = {("", "")}
        for part in PARTS:
            for test in self.tests(part):
                found.update((m.group, m.weight) for m in (test.count, test.base) if m is not None)
        return tuple(sorted(found))
