"""Work a rule through with round numbers: how many yes it takes when some abstain or stay away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.engines.decisions.rules import STANDARD
from comity.engines.decisions.tally import conclude

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.engines.decisions.rules import Rule


@dataclass(frozen=True, slots=True)
class Worked:
    """Of so many voting (the rest of them no), abstaining and away, the least number of yes that adopts; None: no number does."""

    voting: int
    abstaining: int
    away: int
    least: int | None


def work_through(*, rule: Rule, members: int) -> tuple[Worked, ...]:
    """Return worked numbers for a body of ``members``: all vote; a quarter abstain; a third away; two thirds away.

    Empty where the rule counts groups or weights, whose numbers depend on who says what, or has positions of its own.
    """
    if rule.groups or rule.weights or rule.positions != STANDARD:
        return ()
    cases = ((0, 0), (members // 4, 0), (0, members // 3), (members // 4, members // 4), (0, 2 * members // 3))
    return tuple(
        Worked(
            voting=members - abstaining - away,
            abstaining=abstaining,
            away=away,
            least=find_least(rule=rule, voting=members - abstaining - away, abstaining=abstaining, away=away),
        )
        for abstaining, away in dict.fromkeys(cases)
    )


def find_least(*, rule: Rule, voting: int, abstaining: int, away: int) -> int | None:
    """Return the least number of yes among ``voting`` that adopts, the others voting no; None where none does.

    Every number is tried, since a rule need not promise that more is never worse.
    """
    return next((yes for yes in range(voting + 1) if _adopts(rule, yes=yes, counts=(voting, abstaining, away))), None)


def _adopts(rule: Rule, /, *, yes: int, counts: Sequence[int]) -> bool:
    voting, abstaining, away = counts
    totals = {"yes": yes, "no": voting - yes, "abstain": abstaining, "present": 0, "absent": away}
    return conclude(rule=rule, totals={("", ""): totals}).outcome == "adopted"
