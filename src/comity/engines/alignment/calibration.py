"""Turn scores into probabilities, and show how far they can be believed.

Isotonic regression by pooling adjacent violators (Ayer et al., 1955; Zadrozny and Elkan, 2002). A probability is that of what
the judgments say, on texts like those that were judged, and of nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST = 50
"""Pairs that a step stands on at least (a tenth of all where there are fewer than 500): a handful says nothing certain."""
EDGES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A step function that never falls: ``probabilities`` (k,) from each of ``scores`` (k,) on, both ascending."""

    scores: tuple[float, ...]
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Pairs whose probability lies in [low, high): how many, the mean said, and the share that was right."""

    low: float
    high: float
    pairs: int
    said: float
    right: float


def fit_probabilities(*, scores: np.ndarray, hits: np.ndarray) -> Calibration:
    """Return the calibration of ``scores`` (n,) by ``hits`` (n,), 1 where the pair is right. Raises ValueError for none.

    A step's probability is (hits + 1/2) / (pairs + 1), so that no step says never or always.

    >>> fit_probabilities(scores=np.array([1.0, 2.0]), hits=np.array([0, 1])).probabilities
    (0.25, 0.75)
    """
    if not len(scores):
        message = "no scores; at least one judged pair is needed"
        raise ValueError(message)
    order = np.lexsort((hits, scores))
    least = max(1, min(LEAST, len(scores) // 10))
    last = -np.inf
    steps: list[list[float]] = []  # first score, hits, pairs
    for score, hit in zip(scores[order].tolist(), hits[order].tolist(), strict=True):
        if steps and (last == score or steps[-1][2] < least):
            steps[-1][1] += hit
            steps[-1][2] += 1
        else:
            steps.append([score, float(hit), 1.0])
        last = score
    pooled: list[list[float]] = []
    for step in steps:
        pooled.append(list(step))
        while len(pooled) > 1 and pooled[-2][1] * pooled[-1][2] >= pooled[-1][1] * pooled[-2][2]:
            _, hit, pairs = pooled.pop()
            pooled[-1][1] += hit
            pooled[-1][2] += pairs
    said = np.maximum.accumulate([(hit + 0.5) / (pairs + 1.0) for _, hit, pairs in pooled])
    return Calibration(scores=tuple(s[0] for s in pooled), probabilities=tuple(float(p) for p in said))


def probabilities_of(*, scores: np.ndarray, calibration: Calibration) -> np.ndarray:
    """Return the probability of each score, of its shape. What is under every score that was seen gets the lowest step."""
    steps = np.searchsorted(np.asarray(calibration.scores), scores, side="right") - 1
    found: np.ndarray = np.asarray(calibration.probabilities)[np.maximum(steps, 0)]
    return found


def hold_out_probabilities(*, scores: np.ndarray, hits: np.ndarray, groups: Sequence[str]) -> np.ndarray:
    """Return the probability of each score (queries, texts) by a calibration that was fitted without the query's group."""
    found = np.zeros(scores.shape)
    names = np.asarray(groups, dtype=object)
    for name in sorted(set(groups)):
        mine = names == name
        rest = ~mine if (~mine).any() else mine
        fitted = fit_probabilities(scores=scores[rest].ravel(), hits=hits[rest].ravel())
        found[mine] = probabilities_of(scores=scores[mine], calibration=fitted)
    return found


def tabulate_reliability(
    *, probabilities: np.ndarray, hits: np.ndarray, edges: Sequence[float] = EDGES
) -> tuple[Band, ...]:
    """Return the bands that hold any pair: what was said beside what was right. 1 belongs to the last band."""
    said, right = probabilities.ravel(), hits.ravel()
    found = []
    for low, high in pairwise(edges):
        inside = (said >= low) & ((said < high) | (high >= 1.0))
        if inside.any():
            found.append(Band(low, high, int(inside.sum()), float(said[inside].mean()), float(right[inside].mean())))
    return tuple(found)
