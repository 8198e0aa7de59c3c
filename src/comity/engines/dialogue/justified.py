"""A short list of statements in which each cohesive group finds itself: justified representation.

The method of equal shares (Peters and Skowron, "Proportionality and the Limits of Welfarism", EC 2020): everybody has the same
budget, a statement costs as much as a part of all has together, and is bought by those who agree with it, at the lowest equal price. What it
buys meets extended justified representation (Aziz and others, Social Choice and Welfare 48, 2017): of any part of all, large enough for
l places, who agree on l statements, somebody agrees with l of the list. Places left over go one by one to the statement that adds most for
those who have least (sequential proportional approval, Thiele 1895); adding never takes representation away.

A statement not seen is not agreed with: the list represents what was answered, and one that few have seen has less chance.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from comity.engines.dialogue.votes import VoteMatrix

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class ShortList:
    """A short list: the statements in the order in which they were taken.

    ``bought`` is how many of them were bought by equal shares; the others fill the places left. ``represented`` is the number
    of participants who agree with at least one of the list, ``participants`` of all who answered anything.
    """

    statements: tuple[str, ...]
    bought: int
    represented: int
    participants: int


def choose_short_list(*, votes: VoteMatrix, size: int, shown: Collection[str] | None = None) -> ShortList:
    """Return at most ``size`` statements of those ``shown`` (by default all) in which each cohesive group is represented.

    Of two statements at one price the one with the lesser id is taken. Fewer are returned only where nobody agrees with any other.
    Raises BadParameter for a size under 1.
    """
    if size < 1:
        raise BadParameter(name="size", found=str(size), allowed="1 or more")
    supporters = _gather_supporters(votes, shown)
    people = int((np.diff(votes.starts) > 0).sum())
    chosen = _buy(supporters, people, len(votes.participants), size)
    bought = len(chosen)
    have = np.zeros(len(votes.participants), dtype=np.int64)
    for statement in chosen:
        have[supporters[statement]] += 1
    while len(chosen) < size:
        gains = {s: float((1 / (1 + have[who])).sum()) for s, who in supporters.items() if s not in chosen}
        best = min(gains, key=lambda s: (-round(gains[s], 9), s), default=None)
        if best is None:
            break
        chosen.append(best)
        have[supporters[best]] += 1
    return ShortList(statements=tuple(chosen), bought=bought, represented=int((have > 0).sum()), participants=people)


def find_unrepresented(*, votes: VoteMatrix, chosen: Collection[str], size: int) -> dict[str, int]:
    """Return each statement with which enough people agree for a place in a list of ``size``, none of whom agrees with any ``chosen``.

    It maps the statement to their number; empty is justified representation (Aziz and others, 2017, definition 1).
    """
    supporters = _gather_supporters(votes, None)
    have = np.zeros(len(votes.participants), dtype=bool)
    for statement in chosen:
        have[supporters.get(statement, np.zeros(0, dtype=np.intp))] = True
    people = int((np.diff(votes.starts) > 0).sum())
    alone = {s: int((~have[who]).sum()) for s, who in supporters.items() if s not in chosen}
    return {s: number for s, number in alone.items() if number * size >= people}


def _gather_supporters(votes: VoteMatrix, shown: Collection[str] | None) -> dict[str, NDArray[np.intp]]:
    """Return who agrees with each statement that anybody agrees with, by id."""
    agreed = votes.values == 1
    who = np.repeat(np.arange(len(votes.participants)), np.diff(votes.starts))[agreed]
    what = votes.columns[agreed]
    order = np.argsort(what, kind="stable")
    ends = np.searchsorted(what[order], np.arange(len(votes.statements) + 1))
    standing = None if shown is None else set(shown)
    return {
        name: who[order[ends[s] : ends[s + 1]]]
        for s, name in enumerate(votes.statements)
        if ends[s] < ends[s + 1] and (standing is None or name in standing)
    }


def _buy(supporters: dict[str, NDArray[np.intp]], people: int, rows: int, size: int) -> list[str]:
    """Return what equal shares buy: everybody has ``size``, a statement costs ``people``."""
    budget = np.full(rows, float(size))
    # Budgets only fall, so that a price never does: a price found earlier is a bound, and few are worked out anew.
    waiting = [(0.0, name) for name in supporters]
    heapq.heapify(waiting)
    chosen: list[str] = []
    while waiting and len(chosen) < size:
        known, name = heapq.heappop(waiting)
        price = _price(budget[supporters[name]], float(people))
        if price is None:
            continue
        # Rounded, so that the order in which budgets were added up decides no tie.
        if round(price, 9) > known:
            heapq.heappush(waiting, (round(price, 9), name))
            continue
        chosen.append(name)
        who = supporters[name]
        budget[who] = np.maximum(budget[who] - price, 0.0)
    return chosen


def _price(budgets: NDArray[np.float64], cost: float) -> float | None:
    """Return the least equal price at which these budgets pay the cost together, who has less paying all; None if they cannot."""
    rising = np.sort(budgets)
    if float(rising.sum()) < cost * (1 - TOLERANCE):
        return None
    paid = np.concatenate([[0.0], np.cumsum(rising)[:-1]])
    prices = (cost - paid) / np.arange(len(rising), 0, -1)
    fits = np.flatnonzero(prices <= rising * (1 + TOLERANCE) + TOLERANCE)
    return float(prices[fits[0]]) if len(fits) else float(rising[-1])
