"""Rules and ballots for tests: counts written as "96 yes, 41 no" become members and what they said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.engines.decisions.composing import compose_rule
from comity.engines.decisions.tally import Ballot, Member, tally

if TYPE_CHECKING:
    from comity.engines.decisions.rules import Rule
    from comity.engines.decisions.tally import Result

PLAIN: dict[str, Any] = {
    "name": "plain",
    "title": "A majority",
    "source": "Rule 1",
    "words": "More yes than no.",
    "adopted_when": [{"count": "yes", "relation": "more than", "share": "1/2", "of": "voting"}],
}


def rule_of(**changes: Any) -> Rule:
    """Compose the plain rule with some of its keys set otherwise."""
    return compose_rule(data=PLAIN | changes, file="rule.toml")


def count(rule: Rule, *said: tuple[int, str], groups: tuple[str, ...] = (), weight: int | None = None) -> Result:
    """Tally so many members for each position; all are in ``groups`` and weigh the same."""
    positions = [position for number, position in said for _ in range(number)]
    names = [f"M{n:04d}" for n in range(len(positions))]
    weights = {} if weight is None else {w.name: weight for w in rule.weights}
    members = [Member(name=n, groups=frozenset(groups), weights=weights) for n in names]
    return tally(
        rule=rule,
        members=members,
        ballots=[Ballot(member=n, position=p) for n, p in zip(names, positions, strict=True)],
    )
