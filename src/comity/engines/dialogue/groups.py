"""Groups: participants who answer alike, found on the opinion map, in whatever order they came.

As in Polis (Small et al., 2021): the map, base clusters, k-means on them for 2 to 5 groups, the number with the best silhouette.
Unlike it, nothing is drawn at random or carried over, so that the same votes give the same groups. Three further differences:

- One group is a possible outcome: where the answers have no more in common than independent answers would (see shared_signal).
- The number is chosen where chance moves everybody equally far, and on as many axes as rise above chance, up to four: five groups
  need four axes to lie apart, and on two a group can hide behind another.
- Who belongs where is decided on the map that is shown; with more than three groups, on one axis less than there are groups. Between
  two groups those who answered little are drawn to the middle: their few answers would else count as strong opinions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from comity.engines.dialogue.axes import Axes, fit_axes
from comity.engines.dialogue.base_clusters import BaseClusters, gather_base_clusters, gather_centres
from comity.engines.dialogue.group_number import MOST, choose_number, try_numbers
from comity.engines.dialogue.k_means import add_centres, move_centres
from comity.engines.dialogue.opinion_map import (
    place_carefully,
    place_evenly,
    project,
    select_statements,
)
from comity.engines.dialogue.results import Groups
from comity.engines.dialogue.shared_signal import count_signals

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from comity.engines.dialogue.votes import Labels, VoteMatrix

LEAST = 7
"""Answers someone must have given to be grouped, as in Polis; all, where there are fewer statements."""
FEWEST = 8
"""Participants there must be to speak of groups at all."""
SPARE = 4
"""Axes looked at beside those that groups can use, for the sake of counting which rise above chance."""
DIGITS = 10
"""Places are rounded to so many digits of the widest, so that the order in which numbers were added up cannot show."""


def find_groups(
    *, votes: VoteMatrix, shown: Collection[str] | None = None, least: int = LEAST, near: Groups | None = None
) -> Groups:
    """Return the opinion groups of ``votes``, counting only answers to the ``shown`` statements (None: to all).

    Whoever answered fewer than ``least`` of them (or than all, where they are fewer) is placed but not grouped. ``near`` are the
    groups found before some votes came in: a start for the axes, which does not change what is found. ``axes`` of the outcome
    has a column for each statement of ``votes``, zero where it is not shown. Labels do not depend on the order of votes, and
    groups not on ids: ties in size are broken by place on the map.
    """
    # The matrices solved here are small: threads would wait for each other longer than they work.
    with threadpool_limits(limits=1, user_api="blas"):
        return _find(votes, select_statements(votes=votes, shown=shown), least, near)


def _find(votes: VoteMatrix, used: VoteMatrix, least: int, near: Groups | None) -> Groups:
    wide = len(used.statements)
    n = len(used.participants)
    grouped = np.diff(used.starts) >= max(1, min(least, wide)) if wide else np.zeros(n, dtype=bool)
    if not wide or not n:
        return _without_groups(votes, np.full((n, 2), np.nan), np.zeros((2, len(votes.statements))))
    axes = fit_axes(votes=used, most=MOST - 1 + SPARE, near=_axes_near(near, votes, used))
    spread = _spread_axes(axes.vectors, used, votes)
    if int(grouped.sum()) < FEWEST:
        return _without_groups(votes, _round(place_carefully(votes=used, axes=axes)), spread)
    signals = count_signals(votes=used, axes=axes, grouped=grouped, most=MOST - 1)
    if not signals:
        labels = np.where(grouped, 0, -1).astype(np.int8)
        careful = _round(place_carefully(votes=used, axes=axes))
        return Groups(labels, 1, (int(grouped.sum()),), careful, spread[:2], ((1, 0.0),), spread[2:])
    evenly = _place_evenly_on(used, axes, max(2, signals))
    even = _round(evenly[grouped])
    base = gather_bases(points=even)
    criterion = try_numbers(centres=base.centres, sizes=base.sizes, people=len(even))
    k = choose_number(criterion=criterion)
    # Between two groups the middle is a border; of three or more it would become one by itself, made of those who answered little.
    if k == 2:  # noqa: PLR2004  (two groups)
        places = _round(place_carefully(votes=used, axes=axes))
    elif k - 1 > evenly.shape[1]:
        places = _place_evenly_on(used, axes, k - 1)
    else:
        places = evenly[:, : max(2, k - 1)]
    found = _part(_round(places[grouped]), base.of, k)
    labels = np.full(n, -1, dtype=np.int8)
    labels[grouped], sizes = _number_groups(found, places[grouped][:, :2])
    places = places[:, :2].copy()
    places[np.diff(used.starts) == 0] = np.nan
    return Groups(labels, len(sizes), sizes, places, spread[:2], criterion, spread[2:])


def _place_evenly_on(used: VoteMatrix, axes: Axes, number: int) -> NDArray[np.float64]:
    """Return places on the first axes alone: each further one would cost a reading of all answers."""
    return place_evenly(projection=project(votes=used, axes=axes.first(number)), statements=len(used.statements))


def gather_bases(*, points: NDArray[np.float64]) -> BaseClusters:
    """Return base clusters of ``points`` (n, d), in whatever order they stand."""
    order = _order_points(points)
    base = gather_base_clusters(points=points[order])
    of = np.empty(len(points), dtype=np.int64)
    of[order] = base.of
    return BaseClusters(centres=base.centres, sizes=base.sizes, of=of)


def _order_points(points: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the order of ``points`` (n, d) by their coordinates, the first first; of equal points any may come first."""
    first = np.ascontiguousarray(points[:, 0])
    order = np.argsort(first)
    # Few share the first coordinate, and only those are compared by the others.
    equal = np.diff(first[order]) == 0
    tied = np.flatnonzero(np.r_[equal, False] | np.r_[False, equal]) if len(points) else order
    among = order[tied]
    order[tied] = among[np.lexsort(points[among].T[::-1])]
    return order


def _part(points: NDArray[np.float64], base: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Return ``k`` groups of ``points``: k-means on the base clusters, then on the people themselves."""
    order = _order_points(points)
    held = points[order]
    sizes, centres = gather_centres(points=held, of=base[order])
    start = add_centres(points=centres, weights=sizes, most=k)[-1]
    labels = np.empty(len(points), dtype=np.int64)
    labels[order], _ = move_centres(points=held, centres=start)
    return labels


def _number_groups(found: NDArray[np.int64], points: NDArray[np.float64]) -> tuple[Labels, tuple[int, ...]]:
    """Return labels from 0, the largest group first; of equal ones the one further along the first axis, then the second."""
    kept, labels = np.unique(found, return_inverse=True)
    sizes, centres = gather_centres(points=points, of=labels.reshape(-1))
    order = sorted(range(len(kept)), key=lambda g: (-sizes[g], *(-np.round(centres[g], 7)).tolist()))
    place = np.empty(len(kept), dtype=np.int8)
    place[order] = np.arange(len(kept), dtype=np.int8)
    return place[labels.reshape(-1)], tuple(int(sizes[g]) for g in order)


def _round(places: NDArray[np.float64]) -> NDArray[np.float64]:
    widest = float(np.nanmax(np.abs(places), initial=0.0))
    if not widest:
        return places
    # A power of two for the step keeps the rounding itself exact.
    step = 2.0 ** (np.ceil(np.log2(widest)) - DIGITS * np.log2(10))
    rounded: NDArray[np.float64] = np.round(places / step) * step
    return rounded


def _spread_axes(vectors: NDArray[np.float64], used: VoteMatrix, votes: VoteMatrix) -> NDArray[np.float64]:
    """Return the axes as rows (axes, statements) over all statements of ``votes``, two at least."""
    axes = np.zeros((max(2, vectors.shape[1]), len(votes.statements)))
    axes[: vectors.shape[1], _among(used, votes)] = vectors.T
    return axes


def _axes_near(near: Groups | None, votes: VoteMatrix, used: VoteMatrix) -> NDArray[np.float64] | None:
    if near is None or near.axes.shape[1] != len(votes.statements) or not np.any(near.axes):
        return None
    spare = np.zeros((0, near.axes.shape[1])) if near.spare is None else near.spare
    return np.vstack([near.axes, spare])[:, _among(used, votes)]


def _among(used: VoteMatrix, votes: VoteMatrix) -> NDArray[np.bool_]:
    """Return which of the statements of ``votes`` (statements,) are ``used``."""
    if len(used.statements) == len(votes.statements):
        return np.ones(len(votes.statements), dtype=bool)
    kept = set(used.statements)
    return np.asarray([name in kept for name in votes.statements], dtype=bool)


def _without_groups(votes: VoteMatrix, places: NDArray[np.float64], axes: NDArray[np.float64]) -> Groups:
    """Return what is known where there are too few to be grouped."""
    nobody = np.full(len(votes.participants), -1, dtype=np.int8)
    return Groups(nobody, 0, (), places, axes[:2], (), axes[2:])
