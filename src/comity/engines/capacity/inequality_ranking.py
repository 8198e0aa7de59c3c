"""The concentration index says whether what members have goes with another thing, such as income: to those with less of it, or more.

It is the Gini of the values in the order of that other thing (Kakwani 1977; Wagstaff, Paci & van Doorslaer, Social Science & Medicine
33, 1991; Kakwani, Wagstaff & van Doorslaer, Journal of Econometrics 77, 1997): twice the covariance of value and fractional rank, over
the mean. Members with the same of it share the middle of their ranks, so that their order cannot matter.

Limits: the order alone counts, not by how much. A percentage has a ceiling, which bounds the index by the mean (Wagstaff 2005). Where
as much goes to the middle as away from both ends, the index is 0 and the curve is not straight. It orders nobody in public: the ranks are
used inside and not returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.engines.capacity.inequality_amounts import read_amounts, scale_down

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Concentration:
    """How values go with the other thing: ``index`` from -1 (all is with those who have least of it) by 0 to 1 (with those who have most).

    ``n`` members have all figures, ``missing`` lack one. ``index`` is None where nobody counts or all have 0; ``undefined`` is then a
    code of ``inequality.REASONS``.
    """

    n: int
    missing: int
    index: float | None
    undefined: str | None = None


def measure_concentration(
    *,
    values: Sequence[Any] | NDArray[Any],
    ranked_by: Sequence[Any] | NDArray[Any],
    weights: Sequence[Any] | NDArray[Any] | None = None,
) -> Concentration:
    """Return the concentration index of ``values`` in the order of ``ranked_by``, of which a member may have less than 0.

    A member that lacks a value, a weight or the other thing (None) is missing. Raises BadParameter as ``inequality.measure_spread``.

    >>> measure_concentration(values=[1, 2, 3], ranked_by=[10, 20, 30]).index
    0.2222222222222222
    >>> measure_concentration(values=[1, 2, 3], ranked_by=[5, 5, 5]).index
    0.0
    """
    x, is_known = read_amounts(numbers=values, name="values")
    rank, is_ranked = read_amounts(numbers=ranked_by, name="ranked_by", like=len(x), least=-np.inf)
    w, is_weighed = np.ones(len(x)), np.ones(len(x), dtype=bool)
    if weights is not None:
        w, is_weighed = read_amounts(numbers=weights, name="weights", like=len(x))
    is_there = is_known & is_ranked & is_weighed
    n, missing = int(is_there.sum()), int((~is_there).sum())
    x, w = scale_down(x[is_there])[0], scale_down(w[is_there])[0]
    # Those of one rank stand by value and weight, so that sums come out the same in any order.
    order = np.lexsort((w, x, rank[is_there]))
    x, w, rank = x[order], w[order], rank[is_there][order]
    weight, total = float(w.sum()), float((w * x).sum())
    if not total:
        return Concentration(
            n=n, missing=missing, index=None, undefined="nobody" if not n else "no-weight" if not weight else "all-zero"
        )
    begins = np.flatnonzero(np.concatenate([[True], rank[1:] != rank[:-1]]))
    weights_of, totals_of = np.add.reduceat(w, begins), np.add.reduceat(w * x, begins)
    middle = np.cumsum(weights_of) - weights_of / 2
    # The covariance, rather than twice the sum less 1: it is exactly 0 where all share one rank.
    apart = middle / weight - 0.5
    return Concentration(n=n, missing=missing, index=float(2 * (totals_of * apart).sum() / total))
