"""Lots: settle which need each indivisible offer goes to, as near as possible to the shares if it could be divided.

First all is shared out exactly, as if every lot could be divided, except that a lot larger than a need is not open to it.
What a need receives of lots is then rounded by slots (Shmoys & Tardos, Mathematical Programming 62, 1993; for the lower side
Bezáková & Dani, SIGecom Exchanges 5, 2005): its parts of lots, from the largest lot to the smallest, fill slots that hold one
lot each, and a matching gives every full slot one of the lots that have a part in it. So each need receives of lots

- more than its exact amount less the largest lot that it has a part in, and
- never more than it asks; and less than its exact amount plus the largest lot open to it, unless a lot would go to nobody
  although this need has room for it.

Where members are treated alike this holds for each of their needs. Within these bounds lots then change hands, one for none or
one for another, as long as whoever gives still has a larger share than the receiver had. Lots that are left over go to whoever has the least and
has room, so none stays with nobody while a need that it is open to has room for all of it. The best result for indivisible
offers is a problem for which no fast method is known (Bezáková & Dani: it contains partition into equal sums); so this is a
rounding with a guarantee and not the optimum.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from comity.engines.capacity.layouts import share_out
from comity.engines.capacity.terms import expand_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.capacity.flows import MaximumFlow
    from comity.engines.capacity.results import Allocation
    from comity.engines.capacity.terms import Terms


# how often all needs are looked at for lots that could change hands; each time leaves the shares fairer
_PASSES = 20


@dataclass(frozen=True, slots=True)
class Placement:
    """Which need each lot goes to, beside the exact allocation that it was rounded from; ``exact`` is as if lots were divided."""

    lots: Mapping[str, str]
    exact: Allocation


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place for one lot of a need; ``full`` slots are filled by parts of lots that add up to one."""

    need: str
    lots: tuple[str, ...]
    full: bool


def place_lots(*, terms: Terms, solver: MaximumFlow | None = None) -> Placement:
    """Return where each lot goes, within the bounds that the module states.

    >>> from comity.engines.capacity.terms import Need, Offer, set_terms
    >>> terms = set_terms(
    ...     needs=[Need("a", "FJI", "seats", Fraction(20)), Need("b", "TON", "seats", Fraction(20))],
    ...     offers=[Offer(f"class-{i}", "seats", Fraction(8), indivisible=True) for i in (1, 2)])
    >>> placed = place_lots(terms=terms)
    >>> sorted(placed.lots.values()), [str(share.received) for share in placed.exact.shares]
    (['a', 'b'], ['8', '8'])
    """
    sizes = {o.id: o.units for o in terms.offers if o.indivisible and o.units}
    units = {n.id: n.units for n in terms.needs}
    pairs = tuple((n, o) for n, o in expand_pairs(terms=terms) if o not in sizes or sizes[o] <= units[n])
    exact = share_out(terms=replace(terms, pairs=pairs), solver=solver)
    return Placement(lots=_Rounding(exact, sizes).run(), exact=exact)


class _Rounding:
    def __init__(self, exact: Allocation, sizes: Mapping[str, Fraction]) -> None:
        self.sizes = sizes
        self.needs = {n.id: n for n in exact.terms.needs}
        self.weights = exact.terms.weights
        self.group_of = {need: share for share in exact.shares for need in share.needs}
        self.parts: dict[str, dict[str, Fraction]] = {}
        self.divided = dict.fromkeys(self.needs, Fraction(0))
        for (need, offer), amount in exact.units.items():
            if offer in sizes:
                self.parts.setdefault(need, {})[offer] = amount
            else:
                self.divided[need] += amount
        self.open_to: dict[str, list[str]] = {}
        self.reach: dict[str, list[str]] = {}
        for need, offer in exact.terms.pairs or ():
            if offer in sizes:
                self.open_to.setdefault(offer, []).append(need)
                self.reach.setdefault(need, []).append(offer)
        self.above, self.below = self._bounds()
        self.lots: dict[str, str] = {}
        self.received = dict.fromkeys(self.needs, Fraction(0))

    def _bounds(self) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
        """Return what each need must receive more than, and less than."""
        above, below = {}, {}
        for need in self.needs:
            parts = self.parts.get(need, {})
            exact = sum(parts.values(), Fraction(0))
            above[need] = exact - max((self.sizes[lot] for lot in parts), default=Fraction(1))
            below[need] = exact + max((self.sizes[lot] for lot in self.reach.get(need, ())), default=Fraction(0))
        return above, below

    def run(self) -> dict[str, str]:
        slots = [slot for need in sorted(self.parts) for slot in self._slots(need)]
        slots.sort(key=lambda s: (not s.full, self._rank(s.need, self.divided[s.need])))
        for lot, at in _match(slots).items():
            self._give(lot, slots[at].need)
        self._keep_to_what_is_asked()
        self._give_what_is_left()
        for _ in range(_PASSES):
            if not self._exchange():
                break
        self._give_what_is_left()
        return dict(sorted(self.lots.items()))

    def _slots(self, need: str) -> list[_Slot]:
        slots, inside, filled = [], [], Fraction(0)
        for lot in sorted(self.parts[need], key=lambda o: (-self.sizes[o], o)):
            part = self.parts[need][lot] / self.sizes[lot]
            inside.append(lot)
            if filled + part >= 1:
                slots.append(_Slot(need, tuple(inside), full=True))
                part, filled, inside = filled + part - 1, Fraction(0), [lot]
            filled += part
            if not filled:
                inside = []
        return [*slots, _Slot(need, tuple(inside), full=False)] if inside else slots

    def _rank(self, need: str, received: Fraction) -> tuple[int, Fraction, str]:
        """Order needs: earlier priorities, then those who have least."""
        group = self.group_of[need]
        others = sum((self.received[n] + self.divided[n] for n in group.needs if n != need), Fraction(0))
        return group.priority, (received + others) / group.asked / group.weight, need

    def _give(self, lot: str, need: str) -> None:
        self.lots[lot] = need
        self.received[need] += self.sizes[lot]

    def _keep_to_what_is_asked(self) -> None:
        held: dict[str, list[str]] = {}
        for lot in sorted(self.lots, key=lambda o: (-self.sizes[o], o)):
            held.setdefault(self.lots[lot], []).append(lot)
        for need, lots in held.items():
            while self.received[need] > self.needs[need].units:
                lot = lots.pop()
                del self.lots[lot]
                self.received[need] -= self.sizes[lot]

    def _exchange(self) -> bool:
        """Let needs that have least have lots of others who still have more after that; say whether any changed hands."""
        changed = False
        held: dict[str, set[str]] = {need: set() for need in self.needs}
        for lot, need in self.lots.items():
            held[need].add(lot)
        for need in sorted(self.reach, key=lambda n: self._rank(n, self.received[n] + self.divided[n])):
            for lot in self.reach[need]:
                holder = self.lots.get(lot)
                if holder is None or self.group_of[holder] is self.group_of[need]:
                    continue
                for back in (None, *sorted(b for b in held[need] if holder in self.open_to[b])):
                    if self._is_fairer(need, holder, self.sizes[lot] - (self.sizes[back] if back else 0)):
                        self._move(lot, need, held)
                        if back:
                            self._move(back, holder, held)
                        changed = True
                        break
        return changed

    def _is_fairer(self, need: str, holder: str, more: Fraction) -> bool:
        """Return whether a need may have so much more from another, who then still has more than it had."""
        has, left = self.received[need] + more, self.received[holder] - more
        if more <= 0 or has > self.needs[need].units or has >= self.below[need] or left <= self.above[holder]:
            return False
        had = self._rank(need, self.received[need] + self.divided[need])
        return self._rank(holder, left + self.divided[holder])[:2] > had[:2]

    def _move(self, lot: str, need: str, held: Mapping[str, set[str]]) -> None:
        held[self.lots[lot]].remove(lot)
        self.received[self.lots[lot]] -= self.sizes[lot]
        held[need].add(lot)
        self._give(lot, need)

    def _give_what_is_left(self) -> None:
        for within in (True, False):
            for lot in sorted(self.open_to.keys() - self.lots.keys(), key=lambda o: (-self.sizes[o], o)):
                size = self.sizes[lot]
                have_room = [n for n in self.open_to[lot] if self.received[n] + size <= self.needs[n].units]
                if within:
                    have_room = [n for n in have_room if self.received[n] + size < self.below[n]]
                if have_room:
                    self._give(lot, min(have_room, key=lambda n: self._rank(n, self.received[n] + self.divided[n])))


def _match(slots: Sequence[_Slot]) -> dict[str, int]:
    """Return a slot for each lot, by place: slots that come first are served first, and never lose their lot again.

    Augmenting paths: the sets of slots that lots can fill together are the independent sets of a matroid.
    """
    holder: dict[str, int] = {}
    held: dict[int, str] = {}
    for start in range(len(slots)):
        came_from: dict[str, int] = {}
        waiting = [start]
        free: str | None = None
        while waiting and free is None:
            at = waiting.pop(0)
            for lot in slots[at].lots:
                if lot in came_from:
                    continue
                came_from[lot] = at
                if lot not in holder:
                    free = lot
                    break
                waiting.append(holder[lot])
        taken = free
        while taken is not None:
            at = came_from[taken]
            holder[taken] = at
            # the slot gives up the lot it held, to the slot from which the path came to that lot
            held[at], taken = taken, held.get(at)
    return holder


def use_lots_first(
    *, terms: Terms, lots: Mapping[str, str], units: Mapping[tuple[str, str], Fraction]
) -> dict[tuple[str, str], Fraction]:
    """Return the same shares with each lot given whole: a group draws less on other offers for what a lot now gives it."""
    sizes = {o.id: o.units for o in terms.offers if o.id in lots}
    found = {pair: amount for pair, amount in units.items() if pair[1] not in sizes}
    draws = sorted(found, reverse=True)
    found.update({(need, lot): sizes[lot] for lot, need in lots.items() if sizes[lot]})
    by_need: dict[str, tuple[object, ...]] = {n.id: (n.id,) for n in terms.needs}
    by_member: dict[str, tuple[object, ...]] = {n.id: (n.member, n.resource, n.priority) for n in terms.needs}
    _draw_less(found, draws, group_of=by_need, most={(n.id,): n.units for n in terms.needs})
    group_of = by_need if terms.by == "need" else by_member
    _draw_less(found, draws, group_of=group_of, most=_sum_by(group_of, units))
    return dict(sorted(found.items()))


def _sum_by(
    group_of: Mapping[str, tuple[object, ...]], units: Mapping[tuple[str, str], Fraction]
) -> dict[tuple[object, ...], Fraction]:
    found: dict[tuple[object, ...], Fraction] = {}
    for (need, _), amount in units.items():
        found[group_of[need]] = found.get(group_of[need], Fraction(0)) + amount
    return found


def _draw_less(
    found: dict[tuple[str, str], Fraction],
    draws: Sequence[tuple[str, str]],
    *,
    group_of: Mapping[str, tuple[object, ...]],
    most: Mapping[tuple[object, ...], Fraction],
) -> None:
    """Take from the draws of each group, in order, what it has beyond the most."""
    excess = {g: amount - most.get(g, Fraction(0)) for g, amount in _sum_by(group_of, found).items()}
    for pair in draws:
        less = min(found.get(pair, Fraction(0)), excess.get(group_of[pair[0]], Fraction(0)))
        if less > 0:
            excess[group_of[pair[0]]] -= less
            found[pair] -= less
            if not found[pair]:
                del found[pair]
