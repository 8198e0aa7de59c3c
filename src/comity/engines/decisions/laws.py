"""What a rule promises whatever the ballots: that one more yes never undoes an adoption."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.engines.decisions.rules import Condition, Measure, Rule


def find_broken_promise(*, rule: Rule, position: str = "yes") -> str | None:
    """Return the position whose giver, by saying ``position`` instead, could turn adopted into not adopted; None: there is none.

    Each test moves by what the change adds on its left, less the share of what it adds to its base. Where that cannot go the
    wrong way for a member in any of the groups, all tests together cannot either. None is a proof; a name is only a warning, since
    two tests might still make up for each other.
    """
    for other in rule.positions:
        if other.name == position:
            continue
        for part in ("valid", "adopted"):
            if any(_moves_wrongly(test, to=position, instead=other.name) for test in rule.tests(part)):
                return other.name
    return None


def _moves_wrongly(test: Condition, /, *, to: str, instead: str) -> bool:
    left = _change(test.count, to=to, instead=instead)
    right = Fraction(0) if test.base is None else test.share * _change(test.base, to=to, instead=instead)
    sign = 1 if test.relation in {"at least", "more than"} else -1
    one_group = test.base is None or test.base.group == test.count.group
    everybody_left = one_group or not test.count.group
    everybody_right = one_group or test.base is None or not test.base.group
    moves = [left - right]
    if not everybody_right:
        moves.append(Fraction(left))
    if not everybody_left:
        moves.append(-right)
    return any(sign * move < 0 for move in moves)


def _change(it: Measure, /, *, to: str, instead: str) -> int:
    return (to in it.positions) - (instead in it.positions)
