"""A pool, what members ask of it and what they had before, as whoever shares out and whoever checks both read them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational
from types import MappingProxyType
from typing import TYPE_CHECKING

from comity.errors import BadInput, BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOTHING: Mapping[str, Fraction] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Demand:
    """What a member asks for: ``task`` is what one task takes, above 0, by resource; ``tasks`` how many at most, None for any number."""

    member: str
    task: Mapping[str, Fraction]
    tasks: Fraction | None


@dataclass(frozen=True, slots=True)
class PoolTerms:
    """All that a result follows from, sorted; each stands once: make it by ``set_pool``.

    ``pool`` is how much there is of each resource. ``weights`` are by member, 1 where none is named. ``past`` is the dominant share
    that a member had before, decayed, 0 where none is named.
    """

    pool: Mapping[str, Fraction]
    demands: tuple[Demand, ...]
    weights: Mapping[str, Fraction]
    past: Mapping[str, Fraction]


def set_pool(
    *,
    pool: Mapping[str, Rational],
    demands: Iterable[tuple[str, Mapping[str, Rational], Rational | None]],
    weights: Mapping[str, Rational] = NOTHING,
    past: Mapping[str, Rational] = NOTHING,
) -> PoolTerms:
    """Return the terms of a pool in one order. ``demands`` are member, units of one task by resource, and tasks at most or None.

    A resource of which a task needs 0 is left out of it. Raises BadInput where a member stands twice, has no name, asks for nothing
    or for what is no resource of the pool; BadParameter where an amount is not possible or not exact.

    >>> set_pool(pool={"gpu": 1}, demands=[("FJI", {"cpu": 1}, None)])
    Traceback (most recent call last):
    comity.errors.BadInput: FJI asks for cpu, which is no resource of the pool. Add it to the pool, or take it out of what is asked.
    """
    held = {r: _exact(units, f"units of {r} in the pool") for r, units in sorted(pool.items())}
    if not all(r.strip() for r in held):
        raise BadInput(problem="A resource of the pool has no name: give each a name.")
    asked: dict[str, Demand] = {}
    for member, task, tasks in sorted(demands, key=lambda d: d[0]):
        if not member.strip():
            raise BadInput(problem="A member that asks has no name: give each a name.")
        if member in asked:
            raise BadInput(
                problem=f'The member "{member}" asks twice. Give each member one task, with all that it takes.'
            )
        asked[member] = Demand(
            member=member,
            task=MappingProxyType(_read_task(member, task, held)),
            tasks=None if tasks is None else _exact(tasks, f"tasks of {member}", above=True),
        )
    return PoolTerms(
        pool=MappingProxyType(held),
        demands=tuple(asked.values()),
        weights=MappingProxyType({m: _exact(w, f"weight of {m}", above=True) for m, w in sorted(weights.items())}),
        past=MappingProxyType({m: _exact(p, f"past share of {m}") for m, p in sorted(past.items())}),
    )


def _read_task(member: str, task: Mapping[str, Rational], pool: Mapping[str, Fraction]) -> dict[str, Fraction]:
    found = {}
    for resource, units in sorted(task.items()):
        if resource not in pool:
            raise BadInput(
                problem=f"{member} asks for {resource}, which is no resource of the pool. "
                "Add it to the pool, or take it out of what is asked."
            )
        amount = _exact(units, f"{resource} that a task of {member} takes")
        if amount:
            found[resource] = amount
    if not found:
        raise BadInput(problem=f"{member} asks for nothing. Leave it out, or say what one of its tasks takes.")
    return found


def _exact(amount: object, name: str, *, above: bool = False) -> Fraction:
    """Return an amount as a fraction; what is not exact, like a binary floating-point number, is refused."""
    allowed = "a number above 0" if above else "0 or a greater number"
    if not isinstance(amount, Rational) or isinstance(amount, bool):
        raise BadParameter(name=name, found=amount, allowed=f"{allowed}, given exactly as a fraction")
    found = Fraction(amount)
    if found < 0 or (above and not found):
        raise BadParameter(name=name, found=amount, allowed=allowed)
    return found
