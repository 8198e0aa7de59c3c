"""Needs, offers and the terms of a round, as whoever shares out and whoever checks both read them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from numbers import Rational
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
    """What is offered: ``units`` of 0 or more of one resource, and how many of them one member may receive at most.

    An ``indivisible`` offer is a *lot*: it goes to one need as a whole, or to nobody.
    """

    id: str
    resource: str
    units: Fraction
    per_member: Fraction | None = None
    indivisible: bool = False


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

    Raises BadInput where an id is empty or stands twice, a pair names what is not there or joins two resources, a cap is set
    while needs are treated alike, or two rules do not go together; BadParameter where an amount or weight is not possible.

    >>> third = Fraction(1, 3)
    >>> set_terms(needs=[Need("n", "FJI", "days", third)], offers=[], pairs=[("n", "o")])
    Traceback (most recent call last):
    comity.errors.BadInput: A pair names the offer "o", which is not among the offers.
    """
    wanted = _each_once(
        [replace(n, units=_exact(n.units, f"units of need {n.id}", above=True)) for n in needs], what="need"
    )
    given = _each_once([_exact_offer(o) for o in offers], what="offer")
    for need in wanted.values():
        if need.priority < 1:
            raise BadParameter(
                name=f"priority of need {need.id}", found=need.priority, allowed="a whole number from 1 on"
            )
    weighed = {m: _exact(w, f"weight of {m}", above=True) for m, w in sorted(weights.items())}
    capped = {k: _exact(c, f"cap of {k[0]} on {k[1]}") for k, c in sorted((caps or {}).items())}
    if by not in {"need", "member"}:
        raise BadParameter(name="by", found=by, allowed="need or member")
    if capped and by != "member":
        raise BadInput(problem="A cap on a member holds for all its needs together: share out by member, not by need.")
    _refuse_caps_on_lots(capped, given)
    priorities: dict[tuple[str, str], set[int]] = {}
    for need in wanted.values():
        priorities.setdefault((need.member, need.resource), set()).add(need.priority)
    for member, resource in sorted(capped.keys() & priorities.keys()):
        if len(priorities[member, resource]) > 1:
            raise BadInput(
                problem=f"{member} has a cap on {resource} and needs of it at two priorities: give them one priority."
            )
    return Terms(
        needs=tuple(wanted.values()),
        offers=tuple(given.values()),
        pairs=None if pairs is None else _join(pairs, wanted, given),
        by=by,
        weights=MappingProxyType(weighed),
        caps=MappingProxyType(capped),
    )


def expand_pairs(*, terms: Terms) -> tuple[tuple[str, str], ...]:
    """Return every (need, offer) that may be joined, written out where the terms say nothing of pairs."""
    if terms.pairs is not None:
        return terms.pairs
    offers: dict[str, list[str]] = {}
    for offer in terms.offers:
        offers.setdefault(offer.resource, []).append(offer.id)
    return tuple((need.id, offer) for need in terms.needs for offer in offers.get(need.resource, ()))


def settle_lots(*, terms: Terms, lots: Mapping[str, str]) -> Terms:
    """Return the terms of what is left to decide once each lot is open to one need (offer to need), or to nobody."""
    whole = {o.id for o in terms.offers if o.indivisible}
    if not whole:
        return terms
    pairs = expand_pairs(terms=terms)
    return replace(terms, pairs=tuple((n, o) for n, o in pairs if o not in whole or lots.get(o) == n))


def _exact(amount: object, name: str, *, above: bool = False) -> Fraction:
    """Return an amount as a fraction; what is not exact, like a binary floating-point number, is refused."""
    allowed = "a number above 0" if above else "0 or a greater number"
    if not isinstance(amount, Rational):
        raise BadParameter(name=name, found=amount, allowed=f"{allowed}, given exactly as a fraction")
    found = Fraction(amount)
    if found < 0 or (above and not found):
        raise BadParameter(name=name, found=amount, allowed=allowed)
    return found


def _exact_offer(offer: Offer) -> Offer:
    units = _exact(offer.units, f"units of offer {offer.id}")
    if offer.per_member is None:
        return replace(offer, units=units)
    if offer.indivisible:
        raise BadInput(
            problem=f'The offer "{offer.id}" goes to one need as a whole, so it cannot set what one member may receive.'
        )
    return replace(offer, units=units, per_member=_exact(offer.per_member, f"per_member of offer {offer.id}"))


def _refuse_caps_on_lots(caps: Mapping[tuple[str, str], Fraction], offers: Mapping[str, Offer]) -> None:
    whole = {o.resource for o in offers.values() if o.indivisible}
    for member, resource in caps:
        if resource in whole:
            raise BadInput(
                problem=f"{member} has a cap on {resource}, of which an offer goes to one need as a whole: "
                "the two together can leave nothing that holds. Set one of them."
            )


_Thing = TypeVar("_Thing", Need, Offer)


def _each_once(things: Iterable[_Thing], *, what: str) -> dict[str, _Thing]:
    found: dict[str, _Thing] = {}
    for thing in sorted(things, key=lambda t: t.id):
        if not thing.id.strip():
            raise BadInput(problem=f"The {what} without a name cannot be told from others: give each {what} a name.")
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
