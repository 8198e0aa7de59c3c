"""Results: what an analysis of a dialogue finds, as frozen data that the command, the pages and the open data share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from comity.engines.dialogue.votes import Labels

Direction = Literal["agree", "disagree"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its n and the bounds of its 95% interval; all three are shares from 0 to 1."""

    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Groups:
    """Opinion groups and the map on which they were found.

    ``labels`` one per participant (-1: not grouped); ``k`` the number of groups, 0 where there are too few to tell, 1 where
    nothing parts them; ``sizes`` of length k, largest first. ``places`` has shape (participants, 2), NaN where not placed; ``axes``
    shape (2, statements); ``criterion`` the value of the criterion for each number of groups tried.
    """

    labels: Labels
    k: int
    sizes: tuple[int, ...]
    places: NDArray[np.float64]
    axes: NDArray[np.float64]
    criterion: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Stability:
    """How far groups hold when participants are drawn anew (bootstrap).

    ``k_share`` is the share of draws that found the same number of groups; ``agreement`` the median adjusted Rand index with the
    published groups; ``membership`` of shape (participants,) the share of draws in which a participant stayed with its group
    (NaN where not grouped); ``draws`` their number, ``seed`` what they were drawn with.
    """

    k_share: float
    agreement: float
    membership: NDArray[np.float64]
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class Representative:
    """A statement that tells a group from the others: more of the group gave this answer than of the rest.

    ``direction`` is always the answer that more of the group gave than the opposite one. ``inside`` and ``outside`` are the
    shares that gave it; ``z`` the two-proportion statistic, ``q`` the p-value after false-discovery control over all
    statements, groups and directions.
    """

    statement: str
    group: int
    direction: Direction
    inside: Interval
    outside: Interval
    z: float
    q: float


@dataclass(frozen=True, slots=True)
class CommonGround:
    """A statement that every opinion group and every region present supports (or rejects, where ``direction`` says so).

    ``lower`` is the rank: the least lower bound over groups and regions. ``product`` is group-informed consensus as Polis
    defines it, the product over groups of the smoothed shares. ``by_group`` and ``by_region`` stand in order of group and name.
    """

    statement: str
    direction: Direction
    lower: float
    product: float
    overall: Interval
    by_group: tuple[Interval, ...]
    by_region: tuple[tuple[str, Interval], ...]
