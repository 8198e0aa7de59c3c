"""How sure a share is: 95% score intervals for plain, weighted and finite samples.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (JASA 22, 1927), which keeps its promise for
small numbers and for shares near 0 and 1 where the textbook interval does not (Brown, Cai and DasGupta, Statistical Science 16,
2001). Weighted samples put the effective in the place of the plain number (Kish, Survey Sampling, 1965; Franco, Little, Louis and
Slud, Journal of Survey Statistics and Methodology 7, 2019). The interval of a difference is Newcombe's tenth method
(Statistics in Medicine 17, 1998, page 873).

Limit: the interval of a group's share takes the group as given. Where it was found from the same votes this is sound while groups
are clear, and was so in real dialogues; faint groups are partly made of the very answers that are counted, and their
intervals are then too narrow (benchmarks/dialogue_intervals.py measures both). The stability of the groups tells which it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comity.engines.dialogue.results import Interval
from comity.errors import BadParameter

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Z = 1.959963984540054
"""What a standard normal number exceeds, in size, in one of twenty draws."""
FEWEST_DEGREES = 3.0
"""A variance seen through less than this tells nothing of its own error; the correction below would run away."""


def bound_shares(*, given: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and the upper bound of each share ``given / n``, by Wilson; 0 and 1 where ``n`` is 0.

    ``n`` may be an effective number and need not be whole. Shapes are broadcast.

    >>> low, high = bound_shares(given=[81, 0], n=[263, 20])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.2553, 0.0], [0.3662, 0.1611])
    """
    number = np.asarray(n, dtype=np.float64)
    count = np.asarray(given, dtype=np.float64)
    return _score_bounds(count / np.where(number > 0, number, 1.0), number, Z)


def _score_bounds(
    share: NDArray[np.float64], n: NDArray[np.float64], z: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    square = z * z
    middle = share * n + square / 2
    half = z * np.sqrt(np.maximum(share * (1 - share), 0.0) * n + square / 4)
    # Rounding must not put a bound on the wrong side of a share that is exactly 0 or 1.
    low = np.where(share <= 0, 0.0, np.maximum(middle - half, 0.0) / (n + square))
    high = np.where(share >= 1, 1.0, np.minimum((middle + half) / (n + square), 1.0))
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


def estimate_share(*, given: int, n: int, members: int | None = None) -> Interval | None:
    """Return the share ``given / n`` with its 95% interval; None where ``n`` is 0.

    ``members`` is the number of all who could have answered, where it is known and those who did are like a random draw of
    them: the interval then narrows with the part heard, and is the share itself once all are heard (Wilson's bounds with n
    times (members - 1) / (members - n), Cochran, Sampling Techniques, 1977, section 3.6). Raises BadParameter where the
    numbers contradict one another.

    >>> found = estimate_share(given=15, n=148)
    >>> round(found.low, 4), round(found.high, 4)
    (0.0624, 0.1605)
    >>> estimate_share(given=15, n=148, members=148).low == 15 / 148
    True
    """
    if not 0 <= given <= n:
        raise BadParameter(name="given", found=str(given), allowed=f"0 to {n}")
    if members is not None and members < n:
        raise BadParameter(name="members", found=str(members), allowed=f"{n} or more")
    if n == 0:
        return None
    share = given / n
    if members == n:
        return Interval(share=share, low=share, high=share, n=n)
    effective = float(n) if members is None else n * (members - 1) / (members - n)
    low, high = bound_shares(given=share * effective, n=effective)
    if members is not None:
        # Those heard have answered: the share of all cannot lie outside what the others could make of it.
        low, high = np.maximum(low, given / members), np.minimum(high, (given + members - n) / members)
    return Interval(share=share, low=float(low), high=float(high), n=n)


def estimate_weighted_share(*, given: ArrayLike, weights: ArrayLike) -> Interval | None:
    """Return the share that gave an answer where some were more likely to be asked than others; None where nobody was asked.

    ``given`` has shape (n,), true where the answer was given; ``weights`` shape (n,), positive, one over the probability of being
    asked, up to a factor. The share is the ratio of weighted sums (Hajek), its effective number follows from the linearised
    variance of that ratio (Kish's number where all or none gave the answer) and is never more than n. The interval is
    Wilson's with Student's quantile at Kish's number less one, since that variance is itself estimated: with equal weights
    it is a little wider than the plain one.
    Raises BadParameter where a weight is not positive or the lengths differ.

    >>> plain = estimate_weighted_share(given=[True] * 15 + [False] * 133, weights=[2.0] * 148)
    >>> round(plain.share, 4), plain.n
    (0.1014, 148)
    """
    y = np.asarray(given, dtype=np.float64)
    w = np.asarray(weights, dtype=np.float64)
    if y.shape != w.shape:
        raise BadParameter(name="weights", found=str(w.size), allowed=f"one for each of {y.size} answers")
    if not y.size:
        return None
    if not (np.isfinite(w).all() and (w > 0).all()):
        raise BadParameter(name="weights", found=str(w.min()), allowed="positive numbers")
    w = w / w.sum()
    # Weights that sum to one but for the last digit must not leave a share just off 0 or 1.
    share = float(y[0]) if (y == y[0]).all() else float(w @ y)
    size = effective_size(weights=w)
    spread = float(((w * (y - share)) ** 2).sum())
    effective = share * (1 - share) / spread if 0 < share < 1 and spread > 0 else size
    number = np.array([min(effective, float(y.size))])
    low, high = _score_bounds(np.array([share]), number, _quantile(size - 1))
    return Interval(share=share, low=float(low[0]), high=float(high[0]), n=int(y.size))


def _quantile(degrees: float) -> float:
    """Return Student's 97.5% quantile by Cornish and Fisher's expansion, within 0.2% from five degrees of freedom on."""
    d = max(degrees, FEWEST_DEGREES)
    cube = (Z**3 + Z) / 4
    fifth = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    seventh = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384
    return float(Z + cube / d + fifth / d**2 + seventh / d**3)


def effective_size(*, weights: ArrayLike) -> float:
    """Return Kish's effective number: how many equal weights would leave a mean as uncertain as these do; 0 for none.

    >>> effective_size(weights=[1, 1, 1, 1]), effective_size(weights=[3, 1])
    (4.0, 1.6)
    """
    w = np.asarray(weights, dtype=np.float64)
    return float(w.sum() ** 2 / (w @ w)) if w.size else 0.0


def bound_differences(
    *, given: ArrayLike, n: ArrayLike, other: ArrayLike, other_n: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the 95% bounds of each difference ``given / n - other / other_n``; -1 and 1 where either was asked of nobody.

    >>> low, high = bound_differences(given=56, n=70, other=48, other_n=80)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    count, number = np.asarray(given, dtype=np.float64), np.asarray(n, dtype=np.float64)
    count2, number2 = np.asarray(other, dtype=np.float64), np.asarray(other_n, dtype=np.float64)
    low, high = bound_shares(given=count, n=number)
    low2, high2 = bound_shares(given=count2, n=number2)
    share = count / np.where(number > 0, number, 1.0)
    share2 = count2 / np.where(number2 > 0, number2, 1.0)
    difference = share - share2
    asked = (number > 0) & (number2 > 0)
    least = difference - np.sqrt((share - low) ** 2 + (high2 - share2) ** 2)
    most = difference + np.sqrt((high - share) ** 2 + (share2 - low2) ** 2)
    return np.where(asked, least, -1.0), np.where(asked, most, 1.0)
