"""Common ground: provisions of several parties gathered around the one that most of them meet in.

A cluster is a star, not a chain: every provision in it is linked with the central one itself, so that nobody is put beside a text
that nothing compares with its own. Stars are taken greedily, the one that reaches most parties first (Aslam, Pelekhov and Rus,
The star clustering algorithm, JGAA 2004), and no provision stands in two of them. How many parties a star reaches decides only
where it is gathered; nothing here ranks a party.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

LEAST_PARTIES = 3
"""Parties, the central one's among them, under which two texts are a pair and no cluster."""


@dataclass(frozen=True, slots=True)
class Bond:
    """A link of two provisions, by their ids, with its score; which of the two comes first does not matter."""

    a: str
    b: str
    score: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """A central provision and those linked with it, at most one of each other instrument, by id."""

    central: str
    holders: tuple[str, ...]


def gather_clusters(
    *, bonds: Iterable[Bond], parties: Mapping[str, str], least: int = LEAST_PARTIES
) -> tuple[Cluster, ...]:
    """Return the clusters that reach at least ``least`` parties, by the id of their central provision.

    ``parties`` maps a provision's id (``instrument/ref``) to its party; a provision without one is left out. The order of the
    bonds does not matter. Time grows with the bonds, times the logarithm of their number.
    """
    near: dict[str, dict[str, float]] = defaultdict(dict)
    for bond in bonds:
        if bond.a in parties and bond.b in parties and parties[bond.a] != parties[bond.b]:
            for one, other in ((bond.a, bond.b), (bond.b, bond.a)):
                near[one][other] = max(bond.score, near[one].get(other, bond.score))
    taken: set[str] = set()
    waiting = [(*_rank(p, near[p], parties), p) for p in near]
    heapq.heapify(waiting)
    found: list[Cluster] = []
    while waiting:
        reach, score, provision = heapq.heappop(waiting)
        if provision in taken:
            continue
        left = {p: s for p, s in near[provision].items() if p not in taken}
        now = _rank(provision, left, parties)
        if now != (reach, score):
            heapq.heappush(waiting, (*now, provision))
            continue
        if -reach < least:
            break
        holders = _one_of_each_instrument(left)
        found.append(Cluster(central=provision, holders=holders))
        taken.update(holders, (provision,))
    return tuple(sorted(found, key=lambda c: c.central))


def _rank(provision: str, near: Mapping[str, float], parties: Mapping[str, str]) -> tuple[int, float]:
    """Return what a heap puts first: most parties, then the highest sum of scores."""
    best: dict[str, float] = {}
    for p, score in near.items():
        best[parties[p]] = max(score, best.get(parties[p], score))
    return -len({parties[provision], *best}), -round(sum(best.values()), 9)


def _one_of_each_instrument(near: Mapping[str, float]) -> tuple[str, ...]:
    best: dict[str, str] = {}
    for p in sorted(near, key=lambda p: (-near[p], p)):
        best.setdefault(p.partition("/")[0], p)
    return tuple(sorted(best.values()))


def regions_reached(
    *, parties: Collection[str], regions: Mapping[str, Sequence[str]], present: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the regions that these parties are in and those of ``present`` that none of them is in, both sorted.

    ``regions`` maps a member to its regions; a party that is no member is in none.
    """
    reached = {r for p in parties for r in regions.get(p, ())}
    return tuple(sorted(reached & set(present))), tuple(sorted(set(present) - reached))
