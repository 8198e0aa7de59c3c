"""Say where a link stands by the answers on it: open, disputed, or settled under a rule of so many people and regions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Sequence

CANNOT_SAY = "cannot-say"


@dataclass(frozen=True, slots=True)
class Rule:
    """``reviewers`` must give one and the same answer, and come from ``regions`` M49 regions (0: from anywhere).

    Where ``own_count`` is False, the answer of somebody from the party of one of the two texts does not count.
    """

    reviewers: int = 2
    regions: int = 1
    own_count: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.reviewers <= MOST_REVIEWERS:
            raise BadParameter(name="reviewers", found=str(self.reviewers), allowed=f"from 1 to {MOST_REVIEWERS}")
        if not 0 <= self.regions <= min(self.reviewers, MOST_REGIONS):
            raise BadParameter(
                name="regions",
                found=str(self.regions),
                allowed=f"from 0 to {min(self.reviewers, MOST_REGIONS)}, since each reviewer comes from one",
            )


MOST_REVIEWERS = 20
MOST_REGIONS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's ``value``, the M49 ``region`` that person comes from ("" where unknown), and whether a text is their own."""

    value: str
    region: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where a link stands. ``value`` and ``regions`` are those of the answer that settles it, else empty.

    ``lacking`` is how many regions more the answer of the most people needs, where people enough agree and only regions are
    missing.
    """

    state: Literal["open", "disputed", "settled"]
    value: str = ""
    regions: tuple[str, ...] = ()
    lacking: int = 0


def settle_answers(*, answers: Sequence[Answer], rule: Rule) -> Settlement:
    """Return where a link stands. Whoever cannot say is not counted.

    It is settled by the one answer that people enough from regions enough give, whatever fewer others say; disputed where
    people enough have answered, not all the same, and no one answer settles it; else open.

    >>> settle_answers(answers=[Answer("same", "002"), Answer("same", "150")], rule=Rule(reviewers=2, regions=2)).value
    'same'
    >>> settle_answers(answers=[Answer("same", "002"), Answer("none", "150")], rule=Rule()).state
    'disputed'
    """
    counted = [a for a in answers if a.value != CANNOT_SAY and (rule.own_count or not a.is_own)]
    by_value: dict[str, list[Answer]] = defaultdict(list)
    for answer in counted:
        by_value[answer.value].append(answer)
    enough = {value: _regions(given) for value, given in by_value.items() if len(given) >= rule.reviewers}
    met = sorted(value for value, regions in enough.items() if len(regions) >= rule.regions)
    if len(met) == 1:
        return Settlement("settled", met[0], enough[met[0]])
    if len(counted) >= rule.reviewers and len(by_value) > 1:
        return Settlement("disputed")
    return Settlement("open", lacking=min((rule.regions - len(regions) for regions in enough.values()), default=0))


def _regions(answers: Sequence[Answer]) -> tuple[str, ...]:
    return tuple(sorted({a.region for a in answers if a.region}))
