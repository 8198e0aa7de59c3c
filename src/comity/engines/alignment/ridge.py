"""Learn from provisions that people have coded, by kernel ridge regression.

Saunders, Gammerman and Vovk, "Ridge regression learning algorithm in dual variables" (1998): one linear system, so the same
data give the same answer on every machine. Scores become probabilities (``calibration.py``) by the scores that each provision got
while its whole instrument was left out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from scipy import linalg, sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDS = 8


def weigh_words(*, texts: Sequence[Sequence[str]], least: int = 2) -> sparse.csr_matrix:
    """Return texts as rows of length 1 over the words that at least ``least`` texts hold, tf-idf with the logarithm of tf.

    Columns stand in the order of the words. A text without such a word is a row of zeros.
    """
    counts = [Counter(tokens) for tokens in texts]
    holders = Counter(word for held in counts for word in held)
    columns = {word: place for place, word in enumerate(sorted(w for w, n in holders.items() if n >= least))}
    rarity = np.log((1 + len(texts)) / (1 + np.asarray([holders[w] for w in columns], dtype=np.float64))) + 1
    starts, places, times = [0], [], []
    for held in counts:
        for place, n in sorted((columns[w], n) for w, n in held.items() if w in columns):
            places.append(place)
            times.append(n)
        starts.append(len(places))
    values = (1 + np.log(np.asarray(times, dtype=np.float64))) * rarity[np.asarray(places, dtype=np.int64)]
    found = sparse.csr_matrix((values, places, starts), shape=(len(texts), len(columns)), dtype=np.float64)
    lengths = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    found.data /= np.repeat(lengths, np.diff(found.indptr))
    return found


def likeness(*, rows: sparse.csr_matrix | np.ndarray, width: float) -> np.ndarray:
    """Return the Gaussian kernel exp(-width x (1 - cosine)) of rows of length 1 with each other, shape (n, n)."""
    product = rows @ rows.T
    cosine = product.toarray() if sparse.issparse(product) else np.asarray(product, dtype=np.float64)
    found: np.ndarray = np.exp(-width * (1.0 - cosine))
    return found


def centred(vectors: np.ndarray) -> np.ndarray:
    """Return vectors about their mean, each of length 1 again: what all texts share says nothing of any."""
    moved = vectors.astype(np.float64) - vectors.astype(np.float64).mean(axis=0)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(lengths, 1e-12))


def solve_ridge(*, kernel: np.ndarray, targets: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what (n, outputs) to multiply a row of the kernel with, and the mean of the targets to add.

    ``kernel`` (n, n) is symmetric and positive semidefinite, ``targets`` (n, outputs), ``penalty`` above 0.
    """
    mean = targets.mean(axis=0)
    system = kernel + penalty * np.eye(len(kernel))
    weights: np.ndarray = linalg.solve(system, targets - mean, assume_a="pos")
    return weights, mean


def scores_left_out(
    *, kernel: np.ndarray, targets: np.ndarray, penalty: float, folds: np.ndarray, always: np.ndarray
) -> np.ndarray:
    """Return the score (n, outputs) of each text from the others alone, a whole fold left out at a time.

    ``folds`` (n,) names the fold of each text; ``always`` (n,) marks those that are never left out, whose rows are 0.
    """
    found = np.zeros_like(targets)
    for fold in np.unique(folds[~always]):
        out = np.flatnonzero((folds == fold) & ~always)
        rest = np.flatnonzero((folds != fold) | always)
        weights, mean = solve_ridge(kernel=kernel[np.ix_(rest, rest)], targets=targets[rest], penalty=penalty)
        found[out] = kernel[np.ix_(out, rest)] @ weights + mean
    return found


def folds_of(groups: Sequence[str], *, folds: int = FOLDS) -> np.ndarray:
    """Return the fold of each text: whole groups stay together, and folds are of about one size.

    The largest groups are placed first, each in the smallest fold, ties by name, so the order of texts does not matter.

    >>> folds_of(["a", "a", "b", "c"], folds=2).tolist()
    [0, 0, 1, 1]
    """
    sizes = Counter(groups)
    held = [0] * min(folds, max(len(sizes), 1))
    place: dict[str, int] = {}
    for group in sorted(sizes, key=lambda g: (-sizes[g], g)):
        place[group] = held.index(min(held))
        held[place[group]] += sizes[group]
    return np.asarray([place[g] for g in groups], dtype=np.int64)
