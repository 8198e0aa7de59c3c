"""Group actions of different states' own strategies that speak of the same matter: possible joint actions.

The pairs are those of the crosswalk (``crosswalk.py``: closest to each other by words and by meaning, centred by language). Groups are joined
from the closest pair on, after average linkage (Sokal and Michener, 1958): one action of a party, one topic that all share, and at least half of
all pairs between the two groups suggested, so that a chain of likenesses makes no group. A group is a suggestion; it has no rank and no score.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from comity.engines.alignment.commitments import Commitment, is_strategy
from comity.engines.alignment.convergence import reason_not_counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.texts import Collection, Instrument, Provision

MAKER = "joint-actions/1"
SHARE = 0.5
"""Share of the pairs between two groups that must be suggested for them to be one."""


class Likeness(Protocol):
    """Two provisions that the crosswalk suggests reading together; ``score`` only puts the likelier first."""

    @property
    def a(self) -> str:
        """The id of one."""

    @property
    def b(self) -> str:
        """The id of the other."""

    @property
    def score(self) -> float:
        """The maker's own figure."""


@dataclass(frozen=True, slots=True)
class JointAction:
    """Actions of at least two parties that could be one, in the order of their ids. ``topics`` are those that all share, at least one.

    ``name`` is made of the ids and stays the same while they do.
    """

    name: str
    topics: tuple[str, ...]
    actions: tuple[Commitment, ...]


def propose_joint_actions(
    *,
    collection: Collection,
    commitments: Sequence[Commitment],
    likenesses: Sequence[Likeness],
    states: frozenset[str],
    topics: Sequence[str],
) -> tuple[JointAction, ...]:
    """Return the groups, by the place of their chief topic in ``topics`` (the scheme's order), then by their ids.

    ``states`` are the codes of parties that are states. Strategies of organisations, of several parties or of a part of a state, and
    those proposed or lapsed, are left out. The order of the arguments' members does not matter.
    """
    own = {i.id: i for i in collection.instruments if _is_counted(i, states)}
    said = {c.provision: c for c in commitments if c.kind == "action"}
    actions = {p.id: p for p in collection.provisions if p.instrument in own and p.id in said}
    edges = {
        (min(x.a, x.b), max(x.a, x.b)): x.score
        for x in likenesses
        if x.a in actions
        and x.b in actions
        and own[actions[x.a].instrument].party != own[actions[x.b].instrument].party
        and not set(actions[x.a].topics).isdisjoint(actions[x.b].topics)
    }
    parties = {name: str(own[p.instrument].party) for name, p in actions.items()}
    groups = _join(edges, parties, actions)
    place = {t: k for k, t in enumerate(topics)}
    found = [_group(names, actions, said, place) for names in groups]
    return tuple(sorted(found, key=lambda g: (place.get(g.topics[0], len(place)), [c.provision for c in g.actions])))


def _is_counted(instrument: Instrument, states: frozenset[str]) -> bool:
    return (
        is_strategy(instrument)
        and instrument.party in states
        and instrument.subdivision is None
        and not reason_not_counted(instrument)
    )


def _join(
    edges: Mapping[tuple[str, str], float], parties: Mapping[str, str], actions: Mapping[str, Provision]
) -> list[tuple[str, ...]]:
    group_of: dict[str, frozenset[str]] = {}
    for a, b in sorted(edges, key=lambda e: (-round(edges[e], 6), e)):
        left, right = group_of.get(a, frozenset({a})), group_of.get(b, frozenset({b}))
        if left == right or not {parties[x] for x in left}.isdisjoint(parties[y] for y in right):
            continue
        linked = sum((min(x, y), max(x, y)) in edges for x in left for y in right)
        together = left | right
        if linked >= SHARE * len(left) * len(right) and _shared(sorted(together), actions):
            group_of.update(dict.fromkeys(together, together))
    return sorted({tuple(sorted(g)) for g in group_of.values()})


def _shared(names: Sequence[str], actions: Mapping[str, Provision]) -> set[str]:
    return set.intersection(*(set(actions[n].topics) for n in names))


def _group(
    names: Sequence[str],
    actions: Mapping[str, Provision],
    said: Mapping[str, Commitment],
    place: Mapping[str, int],
) -> JointAction:
    digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]
    # The chief topic is the one that most of them name first; of equals the one that stands first in the scheme.
    chief = [actions[n].topics[0] for n in names]
    shared = sorted(_shared(names, actions), key=lambda t: (-chief.count(t), place.get(t, len(place)), t))
    return JointAction(name=digest, topics=tuple(shared), actions=tuple(said[n] for n in names))
