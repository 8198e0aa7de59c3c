"""Learn how much each signal counts, from judgments, and say what it is worth on queries that were not learned from.

The weights minimise the listwise loss of ListNet (Cao et al., 2007), drawn towards equal weights by a ridge. Nested
cross-validation: the inner folds choose the strength of the ridge, the outer ones report. Folds leave out whole groups of
queries. The difference to another method gets an interval by the paired bootstrap (Efron and Tibshirani, 1993).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RIDGES = (0.01, 0.1, 0.3, 1.0, 3.0)
EQUAL = 0.5
OUTER, INNER = 6, 4
DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class Learned:
    """``weights`` from all queries, in the order of the signals, with the ``ridge`` that all of them choose.

    ``held_out`` (queries, texts) are scores of each query under weights that were learned without its group; ``chosen`` are
    the ridges that the outer folds chose.
    """

    weights: tuple[float, ...]
    ridge: float
    held_out: np.ndarray
    chosen: tuple[float, ...]


def group_of(name: str, /) -> str:
    """Return the group of a query by its id: what stands before its last number or part.

    >>> group_of("GOVERN 1.2"), group_of("fr-12"), group_of("7")
    ('GOVERN 1', 'fr', '7')
    """
    return re.sub(r"[.\-_/ ][^.\-_/ ]*$", "", name) or name


def fit_weights(
    *, signals: np.ndarray, hits: np.ndarray, ridge: float, towards: np.ndarray | None = None
) -> np.ndarray:
    """Return one weight a signal, 0 or more, that puts ``hits`` (queries, texts) first by ``signals`` (queries, texts, k).

    ``hits`` holds 1 for a counterpart. Queries without any teach nothing. The ridge draws ``towards`` (k), or equal weights.
    """
    some = hits.any(axis=1)
    x, y = signals[some], hits[some].astype(np.float64)
    wanted = y / y.sum(axis=1, keepdims=True)
    start = np.full(signals.shape[2], EQUAL) if towards is None else np.asarray(towards, dtype=np.float64)
    if not len(x):
        return start

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = x @ weights
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        value = -(wanted * np.log(shares + 1e-12)).sum() / len(x) + ridge * ((weights - start) ** 2).sum()
        slope = -np.einsum("nm,nmk->k", wanted - shares, x) / len(x) + 2 * ridge * (weights - start)
        return float(value), slope

    found: Any = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(start))
    return np.asarray(found.x)


def learn_nested(
    *,
    signals: np.ndarray,
    hits: np.ndarray,
    groups: Sequence[str],
    judge: Callable[[np.ndarray], np.ndarray],
    seed: int,
) -> Learned:
    """Return the weights and the scores of every query by weights that were learned without its group.

    ``judge`` gives each query's figure, float (queries,), from scores (queries, texts); the higher the better. With one group
    alone nothing can be held out: every query is then scored under equal weights.
    """
    everyone = np.ones(len(hits), dtype=bool)
    held_out = np.asarray(signals @ np.full(signals.shape[2], EQUAL), dtype=np.float64)
    chosen = []
    for fold in part_groups(groups, parts=OUTER, seed=seed):
        ridge = _choose_ridge(signals, hits, groups, judge, among=~fold, seed=seed)
        held_out[fold] = signals[fold] @ fit_weights(signals=signals[~fold], hits=hits[~fold], ridge=ridge)
        chosen.append(ridge)
    ridge = _choose_ridge(signals, hits, groups, judge, among=everyone, seed=seed)
    weights = fit_weights(signals=signals, hits=hits, ridge=ridge)
    return Learned(tuple(float(w) for w in weights), ridge, held_out, tuple(chosen))


def compare_paired(*, a: np.ndarray, b: np.ndarray, seed: int, draws: int = DRAWS) -> tuple[float, float, float]:
    """Return the mean of a - b over the same queries (n,), and its 95% interval by the paired bootstrap."""
    difference = np.asarray(a - b, dtype=np.float64)
    chance = np.random.default_rng(seed)
    means = difference[chance.integers(0, len(difference), (draws, len(difference)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(difference.mean()), float(low), float(high)


def _choose_ridge(
    signals: np.ndarray,
    hits: np.ndarray,
    groups: Sequence[str],
    judge: Callable[[np.ndarray], np.ndarray],
    *,
    among: np.ndarray,
    seed: int,
) -> float:
    figures = np.zeros(len(RIDGES))
    for fold in part_groups(groups, parts=INNER, seed=seed + 1):
        rest, asked = among & ~fold, among & fold
        if not rest.any() or not asked.any():
            continue
        for place, ridge in enumerate(RIDGES):
            weights = fit_weights(signals=signals[rest], hits=hits[rest], ridge=ridge)
            figures[place] += float(judge(signals @ weights)[asked].sum())
    # Ties go to the strongest ridge, the one that claims least.
    return RIDGES[len(RIDGES) - 1 - int(np.argmax(np.round(figures[::-1], 9)))]


def part_groups(groups: Sequence[str], /, *, parts: int, seed: int) -> list[np.ndarray]:
    """Return at most ``parts`` masks, bool (n,), that part n things by whole groups; none where there is one group alone."""
    names = sorted(set(groups))
    if len(names) < 2:  # noqa: PLR2004  (nothing can be held out)
        return []
    order = np.random.default_rng(seed).permutation(len(names))
    fold_of = {names[name]: place % parts for place, name in enumerate(order)}
    mine = np.asarray([fold_of[g] for g in groups])
    return [mine == part for part in range(min(parts, len(names)))]
