"""Count how each group answered each statement, by blocks, so that fifty million votes need little memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from comity.engines.dialogue.votes import VoteMatrix

BLOCK = 2_000_000
"""Votes counted at a time: about 50 MB of working memory."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each answer was given: three arrays of shape (parts, statements), int64.

    A part is an opinion group or a region; statements stand as in the votes.
    """

    agree: NDArray[np.int64]
    disagree: NDArray[np.int64]
    passed: NDArray[np.int64]

    @property
    def heard(self) -> NDArray[np.int64]:
        """Everybody who answered, those who passed among them, shape (parts, statements)."""
        return self.agree + self.disagree + self.passed

    def together(self) -> Counts:
        """Return the counts of all parts as one part, shape (1, statements)."""
        return Counts(*(a.sum(axis=0, keepdims=True) for a in (self.agree, self.disagree, self.passed)))

    def first(self, number: int) -> Counts:
        """Return the counts of the first parts alone."""
        return Counts(self.agree[:number], self.disagree[:number], self.passed[:number])

    def at(self, places: NDArray[np.intp]) -> Counts:
        """Return the counts of the statements at these places alone."""
        return Counts(self.agree[:, places], self.disagree[:, places], self.passed[:, places])


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts from which everything is found, and the names of what they are of.

    ``everybody`` has one part, ``by_group`` one for each opinion group, ``by_region`` one for each of ``regions``; groups and
    regions may be none.
    """

    everybody: Counts
    by_group: Counts
    by_region: Counts
    statements: tuple[str, ...]
    regions: tuple[str, ...]


def count_answers(*, votes: VoteMatrix, labels: NDArray[np.signedinteger], parts: int) -> Counts:
    """Return the counts of ``parts`` parts and, as one more, of those in none of them (label -1), who stand last.

    ``labels`` has shape (participants,), from -1 to ``parts`` - 1. Raises BadParameter otherwise. Time and memory grow with the
    votes and with parts times statements.
    """
    if labels.shape != (len(votes.participants),):
        raise BadParameter(name="labels", found=str(labels.size), allowed=f"{len(votes.participants)} labels")
    if labels.size and not -1 <= int(labels.min()) <= int(labels.max()) < parts:
        raise BadParameter(name="labels", found=f"{labels.min()} to {labels.max()}", allowed=f"-1 to {parts - 1}")
    statements = len(votes.statements)
    size = (parts + 1) * statements * 3
    found = np.zeros(size, dtype=np.int64)
    # Those in no part come last: -1 wraps around to the part after all others.
    first_cell = np.where(labels < 0, parts, labels).astype(np.int64) * (statements * 3)
    row = 0
    while row < len(labels):
        # Whole rows until the block is full; one row is never longer than the statements.
        end = int(np.searchsorted(votes.starts, votes.starts[row] + BLOCK, side="right")) - 1
        end = min(max(end, row + 1), len(labels))
        low, high = int(votes.starts[row]), int(votes.starts[end])
        cells = np.repeat(first_cell[row:end], np.diff(votes.starts[row : end + 1]))
        cells += votes.columns[low:high].astype(np.int64) * 3
        cells += votes.values[low:high]
        cells += 1
        found += np.bincount(cells, minlength=size)
        row = end
    table = found.reshape(parts + 1, statements, 3)
    return Counts(agree=table[:, :, 2], disagree=table[:, :, 0], passed=table[:, :, 1])


def label_regions(
    *, votes: VoteMatrix, regions: Mapping[str, str], least: int
) -> tuple[NDArray[np.int32], tuple[str, ...], tuple[str, ...]]:
    """Return the region of each participant as a number, the regions present in order, and those with too few participants.

    ``regions`` maps a participant to its region; who is in none is in no part. A region is present when at least ``least`` of
    its participants answered anything: with fewer, nothing could be said of it without saying who said it. Such a region is
    named among the second, and its participants are labelled -1.
    """
    names = sorted({r for r in regions.values() if r})
    number = {name: index for index, name in enumerate(names)}
    found = (number.get(regions.get(p, ""), -1) for p in votes.participants)
    labels = np.fromiter(found, dtype=np.int32, count=len(votes.participants))
    answered = np.diff(votes.starts) > 0
    heard = np.bincount(labels[answered & (labels >= 0)], minlength=len(names))
    large = heard >= least
    new = np.where(large, np.cumsum(large) - 1, -1).astype(np.int32)
    present = tuple(name for name, enough in zip(names, large, strict=True) if enough)
    small = tuple(name for name, enough in zip(names, large, strict=True) if not enough)
    return np.where(labels >= 0, new[labels] if names else -1, -1).astype(np.int32), present, small
