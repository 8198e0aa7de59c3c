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


def split_widest(*, points: NDArray[np.float64], weights: NDArray[np.float64], parts: int) -> NDArray[np.int64]:
    """Return the part, int (n,), of each of ``points`` (n, d) after splitting the part of most spread until there are ``parts``.

    A part is split at its mean on the coordinate on which it spreads most. Points in one place stay together, so there may be
    fewer parts.
    """
    members = [np.arange(len(points))]
    spreads = [_spread(points, weights)]
    while len(members) < parts:
        widest = int(np.argmax([spread.max() for spread in spreads]))
        inside, axis = members[widest], int(np.argmax(spreads[widest]))
        if spreads[widest][axis] <= 1e-12 * max(float(spreads[widest].max()), 1e-12):
            break
        along = points[inside, axis]
        upper = along > np.average(along, weights=weights[inside])
        if not upper.any() or upper.all():
            spreads[widest] = np.zeros_like(spreads[widest])
            continue
        for place, part in ((widest, inside[~upper]), (len(members), inside[upper])):
            spread = _spread(points[part], weights[part])
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
    while len(found) < most:
        k = len(found) + 1
        tried = np.empty((len(points), k, points.shape[1]))
        tried[:, :-1] = found[-1]
        tried[:, -1] = points
        for _ in range(STEPS):
            nearest = _distances(points, tried).argmin(axis=2)
            mine = (nearest[:, :, None] == np.arange(k)) * weights[None, :, None]
            mass = mine.sum(axis=1)
            moved = np.einsum("tnk,nd->tkd", mine, points) / np.maximum(mass, 1e-300)[:, :, None]
            moved = np.where(mass[:, :, None] > 0, moved, tried)
            if np.allclose(moved, tried, rtol=0, atol=1e-13):
                break
            tried = moved
        cost = (_distances(points, tried).min(axis=2) * weights).sum(axis=1)
        best = tried[_least(cost, tried)]
        found.append(best[np.lexsort(np.round(best.T[::-1], 9))])
    return found


def move_centres(
    *, points: NDArray[np.float64], centres: NDArray[np.float64], steps: int = STEPS
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the nearest centre of each of ``points`` (n, d), int (n,), and the centres (k, d), after Lloyd's steps."""
    held = np.asarray(centres, dtype=np.float64)
    labels = find_nearest_centre(points=points, centres=held)
    for _ in range(steps):
        counts = np.bincount(labels, minlength=len(held))
        sums = np.stack([np.bincount(labels, weights=column, minlength=len(held)) for column in points.T], axis=1)
        held = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], held)
        moved = find_nearest_centre(points=points, centres=held)
        if np.array_equal(moved, labels):
            break
        labels = moved
    return labels, held


def find_nearest_centre(*, points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the place of the nearest of ``centres`` (k, d) for each of ``points`` (n, d); of equal ones the first."""
    best, least = np.zeros(len(points), dtype=np.int64), np.full(len(points), np.inf)
    for place, centre in enumerate(centres):
        apart = ((points - centre) ** 2).sum(axis=1)
        closer = apart < least
        best[closer], least[closer] = place, apart[closer]
    return best


def _spread(points: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    mean = np.average(points, axis=0, weights=weights)
    spread: NDArray[np.float64] = weights @ (points - mean) ** 2
    return spread


def _distances(points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    apart: NDArray[np.float64] = ((points[None, :, None, :] - centres[:, None, :, :]) ** 2).sum(axis=3)
    return apart


def _least(cost: NDArray[np.float64], tried: NDArray[np.float64]) -> int:
    """Return the trial of least cost; of equal ones, up to rounding, the one whose centres come first by their coordinates."""
    equal = np.flatnonzero(cost <= cost.min() * (1 + 1e-9) + 1e-300)
    keys = [sorted(tuple(np.round(centre, 7).tolist()) for centre in tried[place]) for place in equal]
    return int(equal[min(range(len(equal)), key=keys.__getitem__)])
