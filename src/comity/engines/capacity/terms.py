"""Needs, offers and the terms of a round, as whoever shares out and whoever checks both read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from comity.errors import BadInput, BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

By: TypeAlias = Literal["need", "member"]
"""What is treated alike: every need, or every member with all that it needs of one resource."""

NO_WEIGHTS: Mapping[str, Fraction] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Need:
    """What a member asks for: ``units`` above 0 of one resource. Needs of a smaller ``priority`` are served first."""

    id: str
    member: str
    resource: str
    units: Fraction
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered: ``units`` of 0 or more of one resource, and how many of them one member may receive at most."""

    id: str
    resource: str
    units: Fraction
    per_member: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """All that a result follows from. Needs, offers and pairs are sorted and each stands once: make it by ``set_terms``.

    ``pairs`` are (need, offer); None means that every need may draw on every offer of its resource. ``weights`` are by
    member: shares are made equal after division by them; a member that is not named has 1. ``caps`` are the most that a
    member may receive of a resource, by (member, resource), and are possible only where members are treated alike.
    """

    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    pairs: tuple[tuple[str, str], ...] | None = None
    by: By = "need"
    weights: Mapping[str, Fraction] = field(default_factory=lambda: NO_WEIGHTS)
    caps: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)


def set_terms(
    *,
    needs: Iterable[Need],
    offers: Iterable[Offer],
    pairs: Iterable[tuple[str, str]] | None = None,
    by: By = "need",
    weights: Mapping[str, Fraction] = NO_WEIGHTS,
    caps: Mapping[tuple[str, str], Fraction] | None = None,
) -> Terms:
    """Return the terms of a round in one order, whatever the order they came in.

    Raises BadInput where an id stands twice, a pair names what is not there or joins two resources, or a cap is set while
    needs are treated alike; BadParameter where an amount or weight is not possible.

    >>> third = Fraction(1, 3)
    >>> set_terms(needs=[Need("n", "FJI", "days", third)], offers=[], pairs=[("n", "o")])
    Traceback (most recent call last):
    comity.errors.BadInput: A pair names the offer "o", which is not among the offers.
    """
    wanted = _each_once(needs, what="need")
    given = _each_once(offers, what="offer")
    for need in wanted.values():
        if need.units <= 0:
            raise BadParameter(name=f"units of need {need.id}", found=need.units, allowed="a number above 0")
        if need.priority < 1:
            raise BadParameter(name=f"priority of need {need.id}", found=need.priority, allowed="1 or a greater number")
    for offer in given.values():
        if offer.units < 0 or (offer.per_member is not None and offer.per_member < 0):
            found = offer.units if offer.units < 0 else offer.per_member
            raise BadParameter(name=f"units of offer {offer.id}", found=found, allowed="0 or a greater number")
    for member, weight in weights.items():
        if weight <= 0:
            raise BadParameter(name=f"weight of {member}", found=weight, allowed="a number above 0")
    for (member, resource), cap in (caps or {}).items():
        if cap < 0:
            raise BadParameter(name=f"cap of {member} on {resource}", found=cap, allowed="0 or a greater number")
    if caps and by != "member":
        raise BadInput(problem="A cap on a member holds for all its needs together: share out by member, not by need.")
    priorities: dict[tuple[str, str], set[int]] = {}
    for need in wanted.values():
        priorities.setdefault((need.member, need.resource), set()).add(need.priority)
    for member, resource in (caps or {}).keys() & priorities.keys():
        if len(priorities[member, resource]) > 1:
            raise BadInput(
                problem=f"{member} has a cap on {resource} and needs of it at two priorities: give them one priority."
            )
    return Terms(
        needs=tuple(wanted.values()),
        offers=tuple(given.values()),
        pairs=None if pairs is None else _join(pairs, wanted, given),
        by=by,
        weights=MappingProxyType(dict(sorted(weights.items()))),
        caps=MappingProxyType(dict(sorted((caps or {}).items()))),
    )


_Thing = TypeVar("_Thing", Need, Offer)


def _each_once(things: Iterable[_Thing], *, what: str) -> dict[str, _Thing]:
    found: dict[str, _Thing] = {}
    for thing in sorted(things, key=lambda t: t.id):
        if thing.id in found:
            raise BadInput(problem=f'The {what} "{thing.id}" stands twice. Give each {what} a name of its own.')
        found[thing.id] = thing
    return found


def _join(
    pairs: Iterable[tuple[str, str]], needs: Mapping[str, Need], offers: Mapping[str, Offer]
) -> tuple[tuple[str, str], ...]:
    joined = set(pairs)
    for need, offer in joined:
        if need not in needs:
            raise BadInput(problem=f'A pair names the need "{need}", which is not among the needs.')
        if offer not in offers:
            raise BadInput(problem=f'A pair names the offer "{offer}", which is not among the offers.')
        if needs[need].resource != offers[offer].resource:
            raise BadInput(
                problem=f'The need "{need}" asks for {needs[need].resource} and the offer "{offer}" gives '
                f"{offers[offer].resource}: a pair joins one resource."
            )
    return tuple(sorted(joined))
