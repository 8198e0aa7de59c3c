"""k-means without chance: centres that depend on where the points lie and never on their order.

Start by splitting the widest part at its mean (Su and Dy, 2007), or by adding to the best centres for one group fewer the
point that serves best (global k-means, Likas, Vlassis and Verbeek, 2003); then Lloyd's steps (Lloyd, 1982).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = 100
SETTLED = 100_000
"""Lloyd's steps end when fewer than one in so many points changes its group: with fewer points, when none does."""
ROWS = 1 << 14


def split_widest(*, points: NDArray[np.float64], parts: int) -> NDArray[np.int64]:
    """Return the part, int (n,), of each of ``points`` (n, d) after splitting the part of most spread until there are ``parts``.

    A part is split at its mean on the coordinate on which it spreads most. Points in one place stay together, so there may be
    fewer parts.
    """
    members = [np.arange(len(points))]
    spreads = [_spread(points)]
    while len(members) < parts:
        widest = int(np.argmax([spread.max() for spread in spreads]))
        inside, axis = members[widest], int(np.argmax(spreads[widest]))
        if spreads[widest][axis] <= 1e-12 * max(float(spreads[widest].max()), 1e-12):
            break
        along = points[inside, axis]
        upper = along > along.mean()
        if not upper.any() or upper.all():
            spreads[widest] = np.zeros_like(spreads[widest])
            continue
        for place, part in ((widest, inside[~upper]), (len(members), inside[upper])):
            spread = _spread(points[part])
            if place < len(members):
                members[place], spreads[place] = part, spread
            else:
                members.append(part)
                spreads.append(spread)
    labels = np.zeros(len(points), dtype=np.int64)
    for place, part in enumerate(members):
        labels[part] = place
    return labels


def add_centres(*, points: NDArray[np.float64], weights: NDArray[np.float64], most: int) -> list[NDArray[np.float64]]:
    """Return for each number of groups from 1 to ``most`` the centres (k, d) of ``points`` (n, d), each counted ``weights`` times.

    Each point in turn is tried as the further centre. Meant for some hundred points. Fewer lists where points coincide.
    """
    found = [np.average(points, axis=0, weights=weights)[None]]
    while len(found) < min(most, len(points)):
        k = len(found) + 1
        tried = np.empty((len(points), k, points.shape[1]))
        tried[:, :-1] = found[-1]
        tried[:, -1] = points
        nearest = _nearest(points, tried)
        for _ in range(STEPS):
            mine = (nearest[:, None, :] == np.arange(k)[:, None]) * weights
            mass = mine.sum(axis=2)
            moved = (mine @ points) / np.maximum(mass, 1e-300)[:, :, None]
            tried = np.where(mass[:, :, None] > 0, moved, tried)
            before, nearest = nearest, _nearest(points, tried)
            if np.array_equal(before, nearest):
                break
        cost = (_distances(points, tried).min(axis=1) * weights).sum(axis=1)
        best = tried[_least(cost, tried)]
        found.append(best[np.lexsort(np.round(best.T[::-1], 9))])
    return found


def move_centres(
    *,
    points: NDArray[np.float64],
    centres: NDArray[np.float64],
    weights: NDArray[np.float64] | None = None,
    steps: int = STEPS,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the nearest centre of each of ``points`` (n, d), int (n,), and the centres (k, d), after Lloyd's steps.

    A point counts ``weights`` (n,) times, or once.
    """
    held = np.asarray(centres, dtype=np.float64)
    labels = find_nearest_centre(points=points, centres=held)
    for _ in range(steps):
        counts = np.bincount(labels, weights=weights, minlength=len(held))
        columns = points.T if weights is None else points.T * weights
        sums = np.stack([np.bincount(labels, weights=column, minlength=len(held)) for column in columns], axis=1)
        held = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], held)
        moved = find_nearest_centre(points=points, centres=held)
        changed = int(np.count_nonzero(moved != labels))
        labels = moved
        if changed * SETTLED <= len(points):
            break
    return labels, held


def find_nearest_centre(*, points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the place of the nearest of ``centres`` (k, d) for each of ``points`` (n, d); of equal ones the first."""
    best = np.empty(len(points), dtype=np.int64)
    half = (centres**2).sum(axis=1)[:, None] / 2
    for start in range(0, len(points), ROWS):
        rows = slice(start, start + ROWS)
        # Of |p - c|^2 only what differs between centres: the greatest p.c - |c|^2 / 2 is the nearest.
        close = centres @ points[rows].T - half
        mine = np.zeros(close.shape[1], dtype=np.int64)
        most = close[0].copy()
        for place in range(1, len(centres)):
            closer = close[place] > most
            mine[closer] = place
            np.maximum(most, close[place], out=most)
        best[rows] = mine
    return best


def _spread(points: NDArray[np.float64]) -> NDArray[np.float64]:
    apart = points - points.mean(axis=0)
    spread: NDArray[np.float64] = np.einsum("ij,ij->j", apart, apart)
    return spread


def _distances(points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return squared distances (trials, k, n) of ``points`` (n, d) from the ``centres`` (trials, k, d) of each trial."""
    apart = np.zeros((*centres.shape[:2], len(points)))
    for axis in range(points.shape[1]):
        apart += (centres[:, :, axis, None] - points[:, axis]) ** 2
    return apart


def _nearest(points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.int8]:
    apart = _distances(points, centres)
    best, least = np.zeros((len(apart), len(points)), dtype=np.int8), apart[:, 0].copy()
    for place in range(1, apart.shape[1]):
        closer = apart[:, place] < least
        best[closer] = place
        np.minimum(least, apart[:, place], out=least)
    return best


def _least(cost: NDArray[np.float64], tried: NDArray[np.float64]) -> int:
    """Return the trial of least cost; of equal ones, up to rounding, the one whose centres come first by their coordinates."""
    equal = np.flatnonzero(cost <= cost.min() * (1 + 1e-9) + 1e-300)
    keys = [sorted(tuple(np.round(centre, 7).tolist()) for centre in tried[place]) for place in equal]
    return int(equal[min(range(len(equal)), key=keys.__getitem__)])
