"""Amounts are the values, weights and groups of members, checked, without those that are missing, and in one order.

They stand by value, then by weight, whatever the order in which they came: sums of floating-point numbers are then the same to the last digit.
Values and weights are brought near 1 by powers of two, which loses no digit; so the largest and the smallest that a number can hold
may be added up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

AMOUNT = "a number of 0 or more, or None where there is no figure"


@dataclass(frozen=True)
class Amounts:
    """What members have, from the least to the most.

    ``raw`` are the values of those who have a weight above 0, ``x`` the same and ``w`` their weights scaled: a value is ``x * 2**scale``. ``places`` are their places
    among the values that came. ``n`` have a figure, also those who weigh nothing; ``missing`` do not. ``labels`` are the names of
    groups in their order, None last; ``codes`` the group of each; ``counts`` the n and missing of each group.
    """

    raw: NDArray[np.float64]
    x: NDArray[np.float64]
    w: NDArray[np.float64]
    scale: int
    places: NDArray[np.int64]
    n: int
    missing: int
    zeros: int = 0
    least: float | None = None
    most: float | None = None
    weight_known: float | None = None
    labels: tuple[Any, ...] = ()
    codes: NDArray[np.int64] | None = None
    counts: tuple[tuple[int, int], ...] = ()

    @cached_property
    def weight(self) -> float:
        """All weight, scaled."""
        return float(self.w.sum())

    @cached_property
    def total(self) -> float:
        """All that there is, scaled."""
        return float((self.w * self.x).sum())

    @cached_property
    def mean(self) -> float | None:
        """What a unit of weight has in the middle, in the unit of the values; None where there is nobody."""
        return math.ldexp(self.total / self.weight, self.scale) if self.weight else None

    @cached_property
    def log_mean(self) -> float:
        """The logarithm of the scaled mean."""
        return math.log(self.total / self.weight)

    @cached_property
    def logs(self) -> NDArray[np.float64]:
        """The logarithms of the scaled values; of 0 it is minus infinity, and of 0 alone."""
        with np.errstate(divide="ignore"):
            found = np.log(self.x)
        is_lost = (self.x < np.finfo(np.float64).tiny) & (self.raw > 0)
        if is_lost.any():
            found[is_lost] = np.log(self.raw[is_lost]) - self.scale * math.log(2)
        return found

    def mean_of(self, numbers: NDArray[np.float64], /) -> float:
        """Return the mean of numbers that stand beside the values."""
        return float((self.w * numbers).sum() / self.weight)

    @cached_property
    def by_group(self) -> list[NDArray[np.int64]]:
        """The places here of the members of each group, in the order of the labels."""
        if self.codes is None:
            return []
        order = np.argsort(self.codes, kind="stable")
        return np.split(order, np.searchsorted(self.codes[order], np.arange(1, len(self.labels))))

    def of_group(self, group: int, /) -> Amounts:
        """Return those of one group."""
        n, missing = self.counts[group]
        return self._of(self.by_group[group], n=n, missing=missing)

    def drawn(self, chosen: NDArray[np.int64], /) -> Amounts:
        """Return a sample: the members at places ``chosen`` here, which may name one more than once."""
        return self._of(np.sort(chosen), n=len(chosen), missing=0)

    def _of(self, chosen: NDArray[np.int64], /, *, n: int, missing: int) -> Amounts:
        return Amounts(
            raw=self.raw[chosen],
            x=self.x[chosen],
            w=self.w[chosen],
            scale=self.scale,
            places=self.places[chosen],
            n=n,
            missing=missing,
        )


def gather_amounts(
    *,
    values: Sequence[Any] | NDArray[Any],
    weights: Sequence[Any] | NDArray[Any] | None = None,
    groups: Sequence[Any] | NDArray[Any] | None = None,
) -> Amounts:
    """Return values, weights and groups as amounts. Raises BadParameter as ``inequality.measure_spread`` says."""
    x, is_known = read_amounts(numbers=values, name="values")
    w, is_weighed = np.ones(len(x)), np.ones(len(x), dtype=bool)
    if weights is not None:
        w, is_weighed = read_amounts(numbers=weights, name="weights", like=len(x))
    is_there = is_known & is_weighed
    order = np.flatnonzero(is_there)
    counted = order
    if weights is not None:
        counted = order[w[order] > 0]
        counted = counted[np.lexsort((w[counted], x[counted]))]
    else:
        counted = order[np.argsort(x[order], kind="stable")]
    labels, codes = ((), None) if groups is None else _read_groups(groups, like=len(x))
    scaled, scale = scale_down(x[counted])
    all_weight = float(scale_down(w)[0].sum())
    return Amounts(
        raw=x[counted],
        x=scaled,
        w=scale_down(w[counted])[0] if weights is not None else w[counted],
        scale=scale,
        places=counted,
        n=len(order),
        missing=len(x) - len(order),
        zeros=int((x[order] == 0).sum()),
        least=float(x[order].min()) if len(order) else None,
        most=float(x[order].max()) if len(order) else None,
        weight_known=_share(scale_down(w)[0][order], all_weight) if weights is not None else None,
        labels=labels,
        codes=None if codes is None else codes[counted],
        counts=()
        if codes is None
        else tuple(
            (int(a), int(b))
            for a, b in zip(
                np.bincount(codes[is_there], minlength=len(labels)),
                np.bincount(codes[~is_there], minlength=len(labels)),
                strict=True,
            )
        ),
    )


def read_amounts(
    *, numbers: Sequence[Any] | NDArray[Any], name: str, like: int | None = None, least: float = 0.0
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return numbers, 0 where there is none, and which are there. Raises BadParameter with the place of one that will not do.

    ``like`` is how many there must be, where that is known; ``least`` is what none may be below.
    """
    given = numbers if isinstance(numbers, np.ndarray) else np.array(list(numbers), dtype=object)
    if given.ndim != 1:
        raise BadParameter(
            name=name, found=f"an array of {given.ndim} dimensions", allowed="one number for each member"
        )
    if like is not None and len(given) != like:
        raise BadParameter(name=name, found=f"{len(given)} numbers", allowed=f"{like}, one for each value")
    is_known = np.ones(len(given), dtype=bool)
    if given.dtype == object:
        is_known = np.fromiter((v is not None for v in given), dtype=bool, count=len(given))
        given = np.where(is_known, given, 0.0)
    try:
        found = given.astype(np.float64) + 0.0  # -0 is 0
    except (TypeError, ValueError, OverflowError) as error:
        raise BadParameter(name=name, found=str(error)[:60], allowed=AMOUNT) from None
    wrong = np.flatnonzero(~(np.isfinite(found) & (found >= least)))
    if len(wrong):
        allowed = AMOUNT if least == 0 else "a number, or None where there is none"
        raise BadParameter(name=f"{name}[{wrong[0]}]", found=found[wrong[0]], allowed=allowed)
    return found, is_known


def scale_down(numbers: NDArray[np.float64], /) -> tuple[NDArray[np.float64], int]:
    """Return numbers divided by the power of two that brings the largest between a half and 1, and its exponent."""
    most = float(numbers.max()) if len(numbers) else 0.0
    exponent = math.frexp(most)[1]
    return np.ldexp(numbers, -exponent), exponent


def _read_groups(groups: Sequence[Any] | NDArray[Any], /, *, like: int) -> tuple[tuple[Any, ...], NDArray[np.int64]]:
    names = groups.tolist() if isinstance(groups, np.ndarray) else list(groups)
    if len(names) != like:
        raise BadParameter(name="groups", found=f"{len(names)} names", allowed=f"{like}, one for each value")
    different = set(names)
    labels = (*sorted(different - {None}, key=str), *([None] if None in different else []))
    code = {label: number for number, label in enumerate(labels)}
    return labels, np.fromiter((code[n] for n in names), dtype=np.int64, count=len(names))


def _share(part: NDArray[np.float64], whole: float, /) -> float | None:
    return float(part.sum()) / whole if whole else None
