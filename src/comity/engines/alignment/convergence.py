"""Count how members stand on each topic: by texts of their own, and apart from these through organisations.

Nothing here ranks or scores a member. Three kinds of none are kept apart: the member states that it has none; all of its own
texts were read in full and none speaks of the topic; the collection does not hold what would be needed to say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.engines.alignment.texts import Collection, Instrument, Scheme

SPOKEN = (
    "binding-own",
    "binding-through",
    "voluntary-own",
    "voluntary-through",
    "unstated-own",
    "unstated-through",
)
"""Levels of a member that has a provision, the strongest first: binding before voluntary, own before through others."""

STATES_NONE = "states-none"
NOT_FOUND = "searched-not-found"
NOT_HERE = "not-in-collection"
LEVELS = (*SPOKEN, STATES_NONE, NOT_FOUND, NOT_HERE)

MULTI = "MULTI"
SUBNATIONAL = "subnational"
SHARED = "general-assembly"
WAITING = ("proposed", "lapsed", "not-yet-in-force")


@dataclass(frozen=True, slots=True)
class Cell:
    """How one member stands on one topic.

    ``level`` is the strongest of all; ``own`` is the strongest of the member's own texts, or None; ``through`` holds
    (organisation, or instrument that several parties agreed to, level), sorted. ``provisions`` are the ids that it rests
    on, sorted.
    """

    topic: str
    member: str
    level: str
    own: str | None
    through: tuple[tuple[str, str], ...]
    provisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """An instrument that colours nobody, with the reason, for showing beside the figures.

    ``members`` are those that it is of, or would speak for, in the order given; ``topics`` those that it speaks of, in the
    scheme's order.
    """

    instrument: str
    reason: str
    members: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Convergence:
    """Every topic with every member, topics in the scheme's order and members in the order given.

    ``apart`` holds every instrument that counts for no member, by id, with the reason: "subnational", "proposed", "lapsed",
    "not-yet-in-force", "general-assembly", "no-party" or "unknown-party". ``contradicted`` holds (member, topic) pairs
    where a member states that it has none and yet a provision of its own is here.
    """

    cells: tuple[Cell, ...]
    apart: tuple[Apart, ...]
    contradicted: tuple[tuple[str, str], ...]

    @property
    def uncounted(self) -> Mapping[str, str]:
        """Each instrument that counts for no member, with the reason."""
        return {a.instrument: a.reason for a in self.apart}

    @property
    def waiting(self) -> tuple[Apart, ...]:
        """What is proposed, adopted but not yet in force, or lapsed."""
        return tuple(a for a in self.apart if a.reason in WAITING)

    @property
    def subnational(self) -> tuple[Apart, ...]:
        """Law of a state, a province or a city, which never speaks for its country."""
        return tuple(a for a in self.apart if a.reason == SUBNATIONAL)

    @property
    def shared(self) -> tuple[Apart, ...]:
        """Resolutions of the General Assembly, which all members share and none has alone."""
        return tuple(a for a in self.apart if a.reason == SHARED)


def reason_not_counted(instrument: Instrument, /) -> str:
    """Return why an instrument counts for no single member, or nothing where it may count."""
    if instrument.subdivision:
        return SUBNATIONAL
    if instrument.status in {"proposed", "lapsed"}:
        return str(instrument.status)
    if instrument.party == "UN" and instrument.kind == "resolution":
        return SHARED
    if instrument.binding and instrument.status is not None and instrument.status != "in-force":
        return "not-yet-in-force"
    return "" if instrument.party else "no-party"


def force_of(instrument: Instrument, /) -> str:
    """Return "binding", "voluntary", or "unstated" where nobody has said whether it binds, or whether it stands at all."""
    if instrument.binding is None or instrument.status is None:
        return "unstated"
    return "binding" if instrument.binding else "voluntary"


def converge(
    *,
    collection: Collection,
    scheme: Scheme,
    members: Sequence[str],
    memberships: Mapping[str, frozenset[str]],
    searched: frozenset[str] | None = None,
) -> Convergence:
    """Return how each member stands on each topic.

    ``searched`` are the instruments whose texts could be searched for topics; None is all of them. Where a member has
    another one, or one of which only a part was read, nothing is said to have been searched and not found.

    ``memberships`` maps an organisation to its members on the day that the figures are for. An instrument of an
    organisation counts for each of them as through it; one of several parties (``MULTI``) counts so for each signatory.
    """
    known = frozenset(members)
    spoken: dict[tuple[str, str], list[str]] = defaultdict(list)
    for provision in collection.provisions:
        for topic in provision.topics:
            spoken[provision.instrument, topic].append(provision.id)
    own: dict[str, list[Instrument]] = defaultdict(list)
    through: dict[str, list[tuple[str, Instrument]]] = defaultdict(list)
    apart: list[Apart] = []
    for instrument in sorted(collection.instruments, key=lambda i: i.id):
        spoken_for = _speaks_for(instrument, known, memberships)
        reason = reason_not_counted(instrument) or ("unknown-party" if spoken_for is None else "")
        if reason or spoken_for is None:
            apart.append(
                Apart(
                    instrument=instrument.id,
                    reason=reason,
                    members=tuple(m for m in members if m in (spoken_for or ())),
                    topics=tuple(t.id for t in scheme.topics if (instrument.id, t.id) in spoken),
                )
            )
        elif instrument.party in known:
            own[str(instrument.party)].append(instrument)
        else:
            who = instrument.id if instrument.party == MULTI else str(instrument.party)
            for member in spoken_for:
                through[member].append((who, instrument))
    cells = [
        _cell(
            topic.id,
            member,
            own=own[member],
            through=through[member],
            spoken=spoken,
            stated_none=collection.stated_none,
            searched=searched,
        )
        for topic in scheme.topics
        for member in members
    ]
    contradicted = tuple(
        sorted((c.member, c.topic) for c in cells if c.own and (c.member, c.topic) in collection.stated_none)
    )
    return Convergence(cells=tuple(cells), apart=tuple(apart), contradicted=contradicted)


def _speaks_for(
    instrument: Instrument, known: frozenset[str], memberships: Mapping[str, frozenset[str]]
) -> frozenset[str] | None:
    """Return the members that an instrument is of or speaks for, or None where its party is nobody known here."""
    party = instrument.party or ""
    if party in known:
        return frozenset({party})
    if party == MULTI:
        return known.intersection(instrument.signatories)
    return known & memberships[party] if party in memberships else None


def _cell(
    topic: str,
    member: str,
    *,
    own: Sequence[Instrument],
    through: Sequence[tuple[str, Instrument]],
    spoken: Mapping[tuple[str, str], list[str]],
    stated_none: frozenset[tuple[str, str]],
    searched: frozenset[str] | None,
) -> Cell:
    by_own = [i for i in own if (i.id, topic) in spoken]
    by_others = [(who, i) for who, i in through if (i.id, topic) in spoken]
    own_level = _strongest(f"{force_of(i)}-own" for i in by_own)
    others: dict[str, str] = {}
    for who in sorted({who for who, _ in by_others}):
        others[who] = _strongest(f"{force_of(i)}-through" for w, i in by_others if w == who) or ""
    level = _strongest([*([own_level] if own_level else []), *others.values()])
    if level is None:
        if (member, topic) in stated_none:
            level = STATES_NONE
        else:
            in_full = all(i.basis == "full-text" and (searched is None or i.id in searched) for i in own)
            level = NOT_FOUND if own and in_full else NOT_HERE
    rests_on = {p for i in (*by_own, *(i for _, i in by_others)) for p in spoken[i.id, topic]}
    return Cell(
        topic=topic,
        member=member,
        level=level,
        own=own_level,
        through=tuple(others.items()),
        provisions=tuple(sorted(rests_on)),
    )


def _strongest(levels: Iterable[str]) -> str | None:
    found = frozenset(levels)
    return next((level for level in SPOKEN if level in found), None)


def count_levels(*, convergence: Convergence) -> Mapping[str, Mapping[str, int]]:
    """Return, for each topic, how many members stand at each level; levels that no member stands at are left out."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for cell in convergence.cells:
        counts[cell.topic][cell.level] += 1
    return {topic: dict(levels) for topic, levels in counts.items()}


def count_levels_by_region(
    *, levels: Mapping[str, str], regions: Mapping[str, Sequence[str]]
) -> Mapping[str, Mapping[str, int]]:
    """Return, for each region, how many members stand at each level; regions in the order of their codes.

    ``levels`` maps a member to its level, ``regions`` to the regions that it is in: one in two counts in both, one in none
    counts in none.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for member, level in levels.items():
        for region in regions.get(member, ()):
            counts[region][level] += 1
    return {region: dict(counts[region]) for region in sorted(counts)}
