"""Base clusters: some hundred small clusters that stand for all participants where each pair would be too many to compare.

Polis does the same (Small et al., 2021), there from random centres; here they depend on the places alone.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.dialogue.blocks import THREADS
from comity.engines.dialogue.k_means import split_widest

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 100
STEPS = 3
SPLIT = 1 << 16
"""Points that are split to begin with; of more, every second, third, ... one."""
ROWS = 1 << 11
"""Points compared with all centres at once, so that what is compared stays near the processor."""


@dataclass(frozen=True, slots=True)
class BaseClusters:
    """``centres`` (clusters, d), their ``sizes`` (clusters,), and for each of the points its cluster, ``of`` (points,)."""

    centres: NDArray[np.float64]
    sizes: NDArray[np.float64]
    of: NDArray[np.int64]


def gather_base_clusters(*, points: NDArray[np.float64], most: int = MOST) -> BaseClusters:
    """Return at most ``most`` base clusters of ``points`` (n, d): the widest is split till there are enough, then some steps of k-means.

    Of very many points only some are split and moved among, evenly taken from those that lie next to each other, as ``points`` come
    in order; only at last is each point looked at.
    """
    some = points[:: 1 + len(points) // SPLIT]
    of = split_widest(points=some, parts=most)
    sizes, centres = gather_centres(points=some, of=of)
    for held in (*[some] * (STEPS - 1), points) if len(points) > most else ():
        of = _find_nearest(held, centres)
        # Clusters that lost all their points close up.
        of = (np.cumsum(np.bincount(of) > 0) - 1)[of]
        sizes, centres = gather_centres(points=held, of=of)
    return BaseClusters(centres=centres, sizes=sizes, of=of)


def _find_nearest(points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the place of the nearest of many ``centres`` (clusters, d) for each of ``points`` (n, d); of equal ones the first."""
    best = np.empty(len(points), dtype=np.int64)
    across, half = np.ascontiguousarray(centres.T), (centres**2).sum(axis=1) / 2

    def find(start: int) -> None:
        # Of |p - c|^2 only what differs between centres: the greatest p.c - |c|^2 / 2 is the nearest.
        close = points[start : start + ROWS] @ across
        close -= half
        best[start : start + ROWS] = close.argmax(axis=1)

    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(find, range(0, len(points), ROWS)):
            pass
    return best


def gather_centres(
    *, points: NDArray[np.float64], of: NDArray[np.int64], weights: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return size (clusters,) and mean (clusters, d) of the points of each cluster, each counted ``weights`` (n,) times, or once.

    A cluster of no weight is left out.
    """
    sizes = np.bincount(of, weights=weights).astype(np.float64)
    columns = points.T if weights is None else points.T * weights
    sums = np.stack([np.bincount(of, weights=column, minlength=len(sizes)) for column in columns], axis=1)
    some = sizes > 0
    return sizes[some], sums[some] / sizes[some, None]


def measure_silhouette(*, centres: NDArray[np.float64], sizes: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return the mean silhouette (Rousseeuw, 1987) of ``labels`` (clusters,), each cluster counted by its size: -1 to 1.

    A cluster is as far from its own group as its members are from the group's others; those within it count as in one place.
    """
    groups = int(labels.max()) + 1
    apart = np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(axis=2)) * sizes
    far = np.stack([apart[:, labels == group].sum(axis=1) for group in range(groups)], axis=1)
    mass = np.asarray([sizes[labels == group].sum() for group in range(groups)])
    rows = np.arange(len(labels))
    own = far[rows, labels] / np.maximum(mass[labels] - 1, 1)
    others = far / mass
    others[rows, labels] = np.inf
    nearest = others.min(axis=1)
    value = np.where(mass[labels] > 1, (nearest - own) / np.maximum(np.maximum(nearest, own), 1e-300), 0.0)
    return float((value * sizes).sum() / sizes.sum())
