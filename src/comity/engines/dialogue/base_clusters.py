"""Base clusters: some hundred small clusters that stand for all participants where each pair would be too many to compare.

Polis does the same (Small et al., 2021), there from random centres; here they depend on the places alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from comity.engines.dialogue.blocks import THREADS
from comity.engines.dialogue.k_means import split_widest

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 100
STEPS = 3


@dataclass(frozen=True, slots=True)
class BaseClusters:
    """``centres`` (clusters, d), their ``sizes`` (clusters,), and for each of the points its cluster, ``of`` (points,)."""

    centres: NDArray[np.float64]
    sizes: NDArray[np.float64]
    of: NDArray[np.int64]


def gather_base_clusters(*, points: NDArray[np.float64], most: int = MOST) -> BaseClusters:
    """Return at most ``most`` base clusters of ``points`` (n, d): the widest is split till there are enough, then some steps of k-means."""
    of = split_widest(points=points, parts=most)
    sizes, centres = gather_centres(points=points, of=of)
    for _ in range(STEPS if len(points) > most else 0):
        of = np.asarray(cKDTree(centres).query(points, workers=THREADS)[1], dtype=np.int64)
        # Clusters that lost all their points close up.
        of = (np.cumsum(np.bincount(of) > 0) - 1)[of]
        sizes, centres = gather_centres(points=points, of=of)
    return BaseClusters(centres=centres, sizes=sizes, of=of)


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
