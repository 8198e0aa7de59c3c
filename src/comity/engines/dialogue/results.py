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
    """A share with its n and the bounds of its 95% interval; all three are shares from 0 to 1.

    ``n`` counts everybody who answered, those who passed among them. Where nobody answered there is no interval but None.
    """

    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Groups:
    """Opinion groups and the map on which they were found.

    ``labels`` one per participant (-1: not grouped); ``k`` the number of groups, 0 where there are too few to tell, 1 where
    nothing parts them; ``sizes`` of length k, largest first. ``places`` has shape (participants, 2), NaN where not placed; ``axes``
    shape (2, statements); ``criterion`` the value of the criterion for each number of groups tried. ``spare`` are further axes
    (some, statements), chance most of them, from which the groups of almost the same votes are found sooner; None where unknown.
    """

    labels: Labels
    k: int
    sizes: tuple[int, ...]
    places: NDArray[np.float64]
    axes: NDArray[np.float64]
    criterion: tuple[tuple[int, float], ...]
    spare: NDArray[np.float64] | None = None


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

    ``lower`` is the rank: the least lower bound over everybody, the groups and the regions. ``product`` is group-informed
    consensus as Polis defines it, the product over groups of the smoothed shares. All intervals are of the share that gave the
    answer ``direction``. ``by_group`` and ``by_region`` stand in order of group and name.
    """

    statement: str
    direction: Direction
    lower: float
    product: float
    overall: Interval
    by_group: tuple[Interval, ...]
    by_region: tuple[tuple[str, Interval], ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """How some participants answered one statement: counts, and the intervals of the shares that agree and disagree.

    The intervals are None where nobody answered. These are raw counts: before they are published, ``small_cells`` protects them.
    """

    agree: int
    disagree: int
    passed: int
    agreeing: Interval | None
    disagreeing: Interval | None


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement with the answers of everybody, of each opinion group in order, and of each region by name."""

    statement: str
    overall: Answers
    by_group: tuple[Answers, ...]
    by_region: tuple[tuple[str, Answers], ...]


@dataclass(frozen=True, slots=True)
class NotYetHeard:
    """A statement most of those heard support (or reject), that is no common ground because too few were heard.

    ``groups`` and ``regions`` name those of which fewer than the least number answered it; every other one supports it.
    """

    statement: str
    direction: Direction
    groups: tuple[int, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two statements that say nearly the same. ``similarity`` is 1 for equal ones; ``kept`` has more answers."""

    kept: str
    other: str
    similarity: float


@dataclass(frozen=True, slots=True)
class CoordinatedVotes:
    """Accounts of one opinion group that gave the same answers to the same statements, more often than chance explains.

    ``p_answers`` is the chance of so many equal rows if those of the group answered independently, ``p_times`` that of their
    coming so close after one another (None without times), ``q`` both together after false-discovery control.
    """

    participants: tuple[str, ...]
    group: int
    answered: int
    p_answers: float
    p_times: float | None
    q: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What the common ground would be without the near-duplicates and the coordinated accounts: published, never applied.

    ``gained`` and ``lost`` are statements with their direction, by id; ``moved`` those whose lower bound changes, with the bound
    as it stands and as it would be.
    """

    gained: tuple[tuple[str, Direction], ...]
    lost: tuple[tuple[str, Direction], ...]
    moved: tuple[tuple[str, Direction, float, float], ...]


@dataclass(frozen=True, slots=True)
class Honesty:
    """What may have bent the result, and by how much. Nothing of it was removed."""

    duplicates: tuple[NearDuplicate, ...]
    coordinated: tuple[CoordinatedVotes, ...]
    effect: Effect


@dataclass(frozen=True, slots=True)
class DialogueAnalysis:
    """Everything found about one dialogue.

    ``participants`` and ``statements`` are sorted ids, ``votes`` the number of answers that count. ``statements_table`` has one
    row per statement shown. ``unheard_regions`` have too few participants to be judged; they are named, and are not counted as
    supporting anything. ``parameters`` are names and values as text. ``digest`` is the SHA-256, in hexadecimal, of the inputs and
    of all results with real numbers at nine decimals, but for the map's coordinates and the criterion: those are sums in an order
    that the machine chooses, and would differ in a last digit where every group, count and share is the same.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    votes: int
    groups: Groups
    stability: Stability | None
    common_ground: tuple[CommonGround, ...]
    not_yet_heard: tuple[NotYetHeard, ...]
    unheard_regions: tuple[str, ...]
    representative: tuple[Representative, ...]
    statements_table: tuple[StatementRow, ...]
    honesty: Honesty
    version: str
    parameters: tuple[tuple[str, str], ...]
    digest: str
