"""Votes: who answered which statement and how, as one sparse matrix with the latest answer in each cell.

Everything the other modules of this engine compute starts from here, so that they all see the same rows in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

AGREE, PASS, DISAGREE = 1, 0, -1
"""What can be answered. Pass is an answer: the statement was seen. What was not seen has no cell."""

Labels: TypeAlias = NDArray[np.int8]
"""Shape (participants,): the group of each participant, from 0, the largest first; -1 where too little was answered."""


@dataclass(frozen=True, slots=True)
class VoteMatrix:
    """Answers, one row per participant in the order of ``participants``, as compressed sparse rows.

    ``starts`` has shape (participants + 1,), int64; ``columns`` shape (votes,), int32, ascending within a row, indices into
    ``statements``; ``values`` shape (votes,), int8: 1 agree, 0 pass, -1 disagree. Ids are sorted, each stands once.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.int8]


def gather_votes(
    *,
    participants: Sequence[str],
    statements: Sequence[str],
    values: Sequence[int],
    times: Sequence[int] | None = None,
) -> VoteMatrix:
    """Return the matrix of votes, given as columns of equal length; the latest of several votes in one cell counts.

    ``values`` are 1, 0 or -1; ``times`` whole numbers, later is greater. Of two different answers in one cell at the same time
    (or without times) pass counts: nobody can tell which was meant. The order of the votes does not matter.
    Raises BadInput where the columns differ in length, and BadParameter where a value is none of the three.

    >>> votes = gather_votes(participants=["b", "a", "b"], statements=["s", "s", "s"], values=[1, -1, 0], times=[1, 1, 2])
    >>> votes.participants, votes.values.tolist()
    (('a', 'b'), [-1, 0])
    """
    raise NotImplementedError
