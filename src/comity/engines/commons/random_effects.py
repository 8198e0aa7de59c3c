"""Random effects: what results of several sets of samples say together where the sets themselves differ.

Norms: DerSimonian and Laird (1986) and restricted maximum likelihood (Viechtbauer 2005) for the variance between sets; Hartung and
Knapp (2001) for the interval, never narrower than the classic one (the change of Röver, Knapp and Friede 2015, for few sets);
IntHout et al. (2016) for the interval in which another set is expected. Figures agree with metafor to four decimals.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import chdtrc, stdtrit

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Vector = npt.NDArray[np.float64]

LEAST_TO_PREDICT = 3
MOST_STEPS = 200
NEAR = 1e-10
LARGEST = 1e60
"""Values reach from minus this to this, variances from one over this to this: their powers stay numbers."""


@dataclass(frozen=True, slots=True)
class RandomEffects:
    """The mean over sets with its interval, and how far sets differ, on the scale that the values came in.

    ``tau2`` is the variance between sets and ``i2`` the part (0 to 1) of all variance that lies between them; ``q`` is Cochran's, with
    ``q_p`` its chance were all sets alike. ``expected_low`` and ``expected_high`` bound where another set is expected; None with fewer
    than three.
    """

    sets: int
    mean: float
    error: float
    low: float
    high: float
    tau2: float
    i2: float
    q: float
    q_p: float
    expected_low: float | None
    expected_high: float | None


def combine_sets(
    *,
    values: Sequence[float],
    variances: Sequence[float],
    method: Literal["reml", "dl"] = "reml",
    never_narrower: bool = True,
    level: float = 0.95,
) -> RandomEffects:
    """Return the mean of two sets or more under random effects; the variances are those of sampling, each above 0 (1e-60 to 1e60).

    ``never_narrower`` holds the error at the classic one where Hartung and Knapp's is smaller. Raises BadParameter.

    >>> found = combine_sets(values=[0.0, 1.0], variances=[0.1, 0.1], method="dl")
    >>> round(found.mean, 3), round(found.tau2, 3)
    (0.5, 0.4)
    """
    y, v = np.asarray(values, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if y.ndim != 1 or y.shape != v.shape or len(y) < 2:  # noqa: PLR2004  (two sets differ, one does not)
        raise BadParameter(name="values", found=len(y), allowed="two values or more, each with its variance")
    if not ((np.abs(y) <= LARGEST).all() and (v >= 1 / LARGEST).all() and (v <= LARGEST).all()):
        allowed = f"numbers above 0, from {1 / LARGEST:g} to {LARGEST:g}"
        raise BadParameter(name="variances", found="none that is usable", allowed=allowed)
    order = np.lexsort((v, y))
    y, v = y[order], v[order]
    freedom = len(y) - 1
    q = _cochran(y, v)
    tau2 = _dersimonian_laird(y, v, q) if method == "dl" else _restricted(y, v, q)
    w = 1 / (v + tau2)
    mean = float((w * y).sum() / w.sum())
    adjusted = float((w * (y - mean) ** 2).sum() / freedom)
    factor = max(1.0, adjusted) if never_narrower else adjusted
    error = math.sqrt(factor / float(w.sum()))
    reach = float(stdtrit(freedom, 0.5 + level / 2))
    spread = reach * math.sqrt(tau2 + error**2)
    enough = len(y) >= LEAST_TO_PREDICT
    return RandomEffects(
        sets=len(y),
        mean=mean,
        error=error,
        low=mean - reach * error,
        high=mean + reach * error,
        tau2=tau2,
        i2=tau2 / (tau2 + _typical(v)),
        q=q,
        q_p=float(chdtrc(freedom, q)),
        expected_low=mean - spread if enough else None,
        expected_high=mean + spread if enough else None,
    )


def _cochran(y: Vector, v: Vector, /) -> float:
    w = 1 / v
    return float((w * (y - (w * y).sum() / w.sum()) ** 2).sum())


def _others(w: Vector, /) -> Vector:
    """Return for each number the sum of all the others, in which nothing is taken away again: one may outweigh the rest by far."""
    before, after = np.cumsum(w), np.cumsum(w[::-1])[::-1]
    return np.concatenate(([0.0], before[:-1])) + np.concatenate((after[1:], [0.0]))


def _trace(w: Vector, /) -> float:
    """Return the trace of P = W - W 1 1' W / sum(W), which is above 0 however unlike the weights are."""
    return float((w * _others(w)).sum() / w.sum())


def _information(w: Vector, /) -> float:
    """Return the trace of P P."""
    own, total = w * _others(w) / w.sum(), w.sum()
    return float((own**2).sum() + (w**2 * _others(w**2)).sum() / total**2)


def _scale(v: Vector, /) -> float:
    return _trace(1 / v)


def _typical(v: Vector, /) -> float:
    """Return the variance of a typical set (Higgins and Thompson 2002)."""
    return (len(v) - 1) / _scale(v)


def _dersimonian_laird(y: Vector, v: Vector, q: float, /) -> float:
    return max(0.0, (q - (len(y) - 1)) / _scale(v))


def _restricted(y: Vector, v: Vector, q: float, /) -> float:
    """Return the variance between sets of restricted maximum likelihood, by Fisher's scoring with steps halved below 0."""
    tau2 = _dersimonian_laird(y, v, q)
    for _ in range(MOST_STEPS):
        w = 1 / (v + tau2)
        total = w.sum()
        mean = (w * y).sum() / total
        # Score and information of the restricted likelihood.
        residual = w * (y - mean)
        step = (float((residual**2).sum()) - _trace(w)) / _information(w)
        while tau2 + step < 0 and abs(step) > NEAR * max(1.0, tau2):
            step /= 2
        tau2 = max(0.0, tau2 + step)
        if abs(step) <= NEAR * max(tau2, float(v.min())):
            break
    return 0.0 if tau2 <= NEAR * float(v.min()) else tau2
