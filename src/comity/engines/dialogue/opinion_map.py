"""Opinion map: where each participant stands on the axes on which answers differ most.

As in Polis (Small et al., 2021), with two ways of placing someone who answered little: one under which chance moves all alike,
for comparing distances, and one that expects little of few answers, for saying where someone belongs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.dialogue.blocks import THREADS, map_blocks
from comity.engines.dialogue.products import choose_for, multiply, weigh_answers
from comity.engines.dialogue.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from comity.engines.dialogue.axes import Axes
    from comity.engines.dialogue.blocks import Block

PRIOR = 1.5
"""How strongly a place is drawn to the middle, in whole questionnaires answered with the mean."""


@dataclass(frozen=True, slots=True)
class Projection:
    """``sums`` (participants, axes): centred answers on the axes; ``answered`` (participants,): how many answers those are."""

    sums: NDArray[np.float64]
    answered: NDArray[np.int64]


def select_statements(*, votes: VoteMatrix, shown: Collection[str] | None) -> VoteMatrix:
    """Return ``votes`` on the ``shown`` statements alone; all participants stay, the statements keep their order.

    Ids in ``shown`` that nobody answered are passed over. With None, ``votes`` itself is returned.
    """
    if shown is None:
        return votes
    wanted = set(shown)
    kept = np.asarray([name in wanted for name in votes.statements], dtype=bool)
    if kept.all():
        return votes
    inside = kept[votes.columns] if len(votes.columns) else np.zeros(0, dtype=bool)
    before = np.zeros(len(inside) + 1, dtype=np.int64)
    np.cumsum(inside, out=before[1:])
    place = (np.cumsum(kept) - 1).astype(np.int32)
    return VoteMatrix(
        participants=votes.participants,
        statements=tuple(name for name, keep in zip(votes.statements, kept, strict=True) if keep),
        starts=before[votes.starts],
        columns=place[votes.columns[inside]],
        values=votes.values[inside],
    )


def select_participants(*, votes: VoteMatrix, kept: NDArray[np.int64]) -> VoteMatrix:
    """Return ``votes`` of the participants at the places ``kept``, ascending, alone; all statements stay."""
    counts = votes.starts[kept + 1] - votes.starts[kept]
    ends = np.cumsum(counts)
    inside = np.arange(int(counts.sum())) + np.repeat(votes.starts[kept] - (ends - counts), counts)
    return VoteMatrix(
        participants=tuple(votes.participants[place] for place in kept.tolist()),
        statements=votes.statements,
        starts=np.r_[0, ends].astype(np.int64),
        columns=votes.columns[inside],
        values=votes.values[inside],
    )


def project(*, votes: VoteMatrix, axes: Axes, threads: int = THREADS) -> Projection:
    """Return where the answers of each participant lie on ``axes``, before any scaling."""
    weights = weigh_answers(mean=axes.mean, vectors=axes.vectors)
    sums = np.zeros((len(votes.participants), weights.shape[1]))

    def place(block: Block) -> None:
        sums[block.rows] = multiply(chosen=choose_for(block=block, columns=weights.shape[1]), by=weights)

    for _ in map_blocks(votes=votes, work=place, threads=threads):
        pass
    return Projection(sums=sums, answered=np.diff(votes.starts))


def measure_heard(*, votes: VoteMatrix, axes: Axes, threads: int = THREADS) -> NDArray[np.float64]:
    """Return the part of ``axes`` that the statements answered hold (participants, axes, axes): the unit matrix where all are."""
    held = axes.vectors.shape[1]
    one, other = np.triu_indices(held)
    pairs = axes.vectors[:, one] * axes.vectors[:, other]
    heard = np.zeros((len(votes.participants), held, held))

    def place(block: Block) -> None:
        found = multiply(chosen=block.mark(), by=pairs)
        heard[block.rows, one, other] = found
        heard[block.rows, other, one] = found

    for _ in map_blocks(votes=votes, work=place, threads=threads):
        pass
    return heard


def place_evenly(*, projection: Projection, statements: int) -> NDArray[np.float64]:
    """Return places (participants, axes) scaled by sqrt(statements / answered), as in Polis.

    Chance then moves everybody about equally far, however few answers someone gave; that is what distances between people are
    to be compared with. Zero where nothing was answered.
    """
    scale = np.sqrt(statements / np.maximum(projection.answered, 1))
    places: NDArray[np.float64] = projection.sums * scale[:, None]
    return places


def place_carefully(
    *, votes: VoteMatrix, axes: Axes, prior: float = PRIOR, threads: int = THREADS
) -> NDArray[np.float64]:
    """Return places (participants, 2) on the first two axes, as expected from the answers given, drawn to the middle where few.

    The least squares solution over the answered statements with a ridge: each participant counts as having answered all
    statements ``prior`` times with the mean answer, beside the own answers. NaN where nothing was answered.
    """
    axes = axes.first(2)
    projection = project(votes=votes, axes=axes, threads=threads)
    held = axes.vectors.shape[1]
    places = np.zeros((len(votes.participants), 2))
    ridged = measure_heard(votes=votes, axes=axes, threads=threads) + prior * np.eye(held)
    sums = projection.sums * (1 + prior)
    if held == 2:  # noqa: PLR2004  (the inverse of two by two, written out)
        one, other, both = ridged[:, 0, 0], ridged[:, 1, 1], ridged[:, 0, 1]
        whole = one * other - both**2
        places[:, 0] = (other * sums[:, 0] - both * sums[:, 1]) / whole
        places[:, 1] = (one * sums[:, 1] - both * sums[:, 0]) / whole
    elif held:
        places[:, :held] = sums / ridged[:, 0]
    places[projection.answered == 0] = np.nan
    return places
