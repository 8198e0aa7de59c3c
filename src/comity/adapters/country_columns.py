"""Tell which states the names and codes of a table mean, and in which groups of the country data they are.

A cell is an ISO 3166-1 code of three or two letters, an M49 code, or a name: the whole short name in one of the six languages, or one
that is also used. What is not one of them exactly is not guessed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.engines.parties.atlas import split_words
from comity.engines.parties.countries import members_of
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.parties.atlas import Atlas

KINDS: Mapping[str, str] = {"m49": "m49-region", "m49-sub": "m49-sub-region"}
DEVELOPMENT: Mapping[str, str] = {"ldc": "LDC", "lldc": "LLDC", "sids": "SIDS"}
CHOICES = (*KINDS, *DEVELOPMENT)
OTHERS = "Other member states"
M49_DIGITS = 3
_ARTICLES = frozenset({"el", "l", "la", "las", "le", "les", "los", "the"})


@dataclass(frozen=True, slots=True)
class StateGroups:
    """Groups of states by English name: ``members`` maps each to codes (iso3), ``as_of`` and ``source`` tell where they come from."""

    title: str
    members: Mapping[str, tuple[str, ...]]
    as_of: str
    source: str


def find_states(*, atlas: Atlas, cells: Sequence[str]) -> dict[str, str | None]:
    """Return for each cell the code (iso3) of the state that it means, or None where it means none that is known here.

    >>> from comity.adapters.country_data import read_atlas
    >>> find_states(atlas=read_atlas(), cells=["KEN", "fj", "36", "Viet Nam", "the moon", "Philippines (the)"])
    {'KEN': 'KEN', 'fj': 'FJI', '36': 'AUS', 'Viet Nam': 'VNM', 'the moon': None, 'Philippines (the)': 'PHL'}
    """
    codes = {c: s.iso3 for s in atlas.states.values() for c in (s.iso3, s.iso2, s.m49)}
    names: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for state in atlas.states.values():
        for name in state.names.values():
            names[split_words(name)].add(state.iso3)

    def find(cell: str) -> str | None:
        code = cell.strip().upper()
        code = code.zfill(M49_DIGITS) if code.isascii() and code.isdecimal() else code
        if code in codes:
            return codes[code]
        words = _without_article(cell)
        if words in names:
            return next(iter(names[words])) if len(names[words]) == 1 else None
        spoken = atlas.spoken.get(words)
        return spoken if spoken in atlas.states else None

    return {cell: find(cell) for cell in cells}


def group_states(*, atlas: Atlas, by: str) -> StateGroups:
    """Return the member states of the United Nations in groups: ``by`` is one of CHOICES.

    The groups of development part all members in two: those in it and those not. Raises BadParameter for another ``by``.
    """
    if by not in CHOICES:
        raise BadParameter(name="--by", found=by, allowed=f"one of {', '.join(CHOICES)}")
    everyone = {s.iso3 for s in atlas.states.values() if s.status == "member"}
    if by in KINDS:
        held = [g for g in atlas.groupings.values() if g.kind == KINDS[by]]
        return StateGroups(
            title="M49 region" if by == "m49" else "M49 sub-region",
            members={g.names["en"]: _of_members(members_of(atlas=atlas, group=g.code), everyone) for g in held},
            as_of=held[0].as_of.isoformat(),
            source=held[0].source,
        )
    group = atlas.groupings[DEVELOPMENT[by]]
    name = group.names["en"]
    inside = _of_members(members_of(atlas=atlas, group=group.code), everyone)
    outside = tuple(sorted(everyone - set(inside)))
    return StateGroups(
        title=name,
        members={name: inside, OTHERS: outside},
        as_of=group.as_of.isoformat(),
        source=group.source,
    )


def _of_members(codes: Sequence[str], everyone: set[str], /) -> tuple[str, ...]:
    return tuple(c for c in codes if c in everyone)


def _without_article(name: str, /) -> tuple[str, ...]:
    """Return the words of a name without an article in brackets behind it, as in "Philippines (the)"."""
    before, bracket, inside = name.partition("(")
    return split_words(before if bracket and set(split_words(inside)) <= _ARTICLES else name)
