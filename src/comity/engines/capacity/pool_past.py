"""Past use of a pool, halved with time, as what a member has already received; and Slurm's fair-share factor of it.

A use of ``u`` units counts ``u * 2**(-age / half_life)``: after one half-life half, after two a quarter. Slurm takes the same from
its ``PriorityDecayHalfLife``, in small steps; here it is one formula, by whole days. Ages and half-lives give irrational factors,
so each factor is rounded once, to 20 decimal places, and all that follows is exact: every machine gets the same result.

Its limits: use counts against the pool of now, whatever its size was then; use of what the pool no longer has cannot be compared
and does not count; what was given and left unused counts only if the table says that it was used.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PLACES = 20
MOST_DAYS = 100_000
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999)


def measure_decay(*, age: int, half_life: int) -> Fraction:
    """Return ``2**(-age / half_life)`` to 20 places, for an age and a half-life in days. Raises BadParameter.

    >>> measure_decay(age=30, half_life=30), measure_decay(age=0, half_life=7), measure_decay(age=14, half_life=7)
    (Fraction(1, 2), Fraction(1, 1), Fraction(1, 4))
    """
    if not 1 <= half_life <= MOST_DAYS:
        raise BadParameter(name="half-life", found=half_life, allowed=f"1 to {MOST_DAYS:,} days")
    if age < 0:
        raise BadParameter(name="age", found=age, allowed="0 days or more: what is used later is not past use")
    whole, rest = divmod(age, half_life)
    if whole > 3 * PLACES + 10:  # under half of the last place
        return Fraction(0)
    power = _EXACT.power(Decimal(2), _EXACT.divide(Decimal(-rest), Decimal(half_life)))
    factor = Fraction(power) / 2**whole
    return Fraction(round(factor * 10**PLACES), 10**PLACES)


def decay_use(*, uses: Iterable[tuple[str, str, Fraction, int]], half_life: int) -> dict[tuple[str, str], Fraction]:
    """Return what is left of all uses by member and resource. ``uses`` are member, resource, units of 0 or more, and age in days."""
    factors: dict[int, Fraction] = {}
    left: dict[tuple[str, str], Fraction] = {}
    for member, resource, units, age in uses:
        if age not in factors:
            factors[age] = measure_decay(age=age, half_life=half_life)
        left[member, resource] = left.get((member, resource), Fraction(0)) + units * factors[age]
    return dict(sorted(left.items()))


def measure_past(*, left: Mapping[tuple[str, str], Fraction], pool: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return the dominant share of past use by member: the largest part of any resource of the pool that it makes up."""
    past: dict[str, Fraction] = {}
    for (member, resource), units in left.items():
        if pool.get(resource):
            past[member] = max(past.get(member, Fraction(0)), units / pool[resource])
    return dict(sorted(past.items()))


def measure_factors(*, past: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> dict[str, float | None]:
    """Return Slurm's classic fair-share factor ``2**(-U / S)`` of each member that has a weight.

    ``U`` is the member's part of all past use and ``S`` its part of all weights (Slurm, *Classic Fairshare Algorithm*): 1 for a
    member that used nothing, 0.5 for one that used just its part. None where nobody used anything.

    >>> measure_factors(past={"A": Fraction(1, 2), "B": Fraction(1, 2)}, weights={"A": Fraction(1), "B": Fraction(3)})
    {'A': 0.25, 'B': 0.6299605249474366}
    """
    used = sum((past.get(m, Fraction(0)) for m in weights), Fraction(0))
    shares = sum(weights.values(), Fraction(0))
    if not used:
        return dict.fromkeys(sorted(weights))
    return {
        m: float(2.0 ** -float(past.get(m, Fraction(0)) / used / (weight / shares)))
        for m, weight in sorted(weights.items())
    }
