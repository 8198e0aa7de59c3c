"""The atlas is the country facts checked against each other, immutable and ready to be asked."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping  # noqa: TC003  (dataclass fields are read at run time by the doors)
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from comity.engines.parties.facts import KINDS, LANGUAGES, ROLES, STATUSES, Grouping, Membership, State
from comity.errors import BadRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

UNITED_NATIONS = "UN"
"""The code of the organisation whose members are the states of status "member"."""

_NAMED_AFTER = ("organisation", "forum")
_ALPHA_2, _ALPHA_3, _M49 = re.compile(r"[A-Z]{2}"), re.compile(r"[A-Z]{3}"), re.compile(r"[0-9]{3}")
# Apostrophes, and the marks that NFKD sets apart from Latin, Cyrillic and Arabic letters.
_MARKS = {ord(c): None for c in "'’ʼ`"} | dict.fromkeys([*range(0x300, 0x370), *range(0x64B, 0x660), 0x670])
_BRACKETED = re.compile(r"\([^)]*\)")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Atlas:
    """All country facts. Made by build_atlas only.

    ``states`` and ``groupings`` map codes, in their order, to facts. ``tiles`` maps iso3 to (column, row) in the grid
    of equal tiles, both from 0. ``by_member`` and ``by_group`` hold the memberships of each code, in the order of the
    other code and of time. ``spoken`` maps the words of a name to a code, or to None where they name more than one
    party.
    """

    states: Mapping[str, State]
    groupings: Mapping[str, Grouping]
    tiles: Mapping[str, tuple[int, int]]
    by_member: Mapping[str, tuple[Membership, ...]] = field(repr=False)
    by_group: Mapping[str, tuple[Membership, ...]] = field(repr=False)
    spoken: Mapping[tuple[str, ...], str | None] = field(repr=False)


def build_atlas(
    *,
    states: Sequence[State],
    groupings: Sequence[Grouping],
    memberships: Sequence[Membership],
    tiles: Sequence[tuple[str, int, int]] = (),
    spoken: Sequence[tuple[str, str]] = (),
) -> Atlas:
    """Check the facts against each other and return them as one atlas. The order of the rows does not matter.

    Memberships of the United Nations and of the M49 regions need no rows: they follow from the states. ``tiles`` are
    (iso3, column, row). ``spoken`` are (words, code): what a party is also called; a code of "" marks words that name
    more than one party. Nothing given is changed.

    Raises BadRow, with the table and the row (from 1, headings not counted), for a code that is malformed, unknown or
    there twice; a name that is missing; an unknown status, kind or role; periods of one membership that overlap or end
    before they begin; ranks of a language that are not 1 to the number of states; two states on one tile.
    """
    codes = {s.iso3 for s in states}
    _check_groupings(groupings, states=codes)
    regions = {g.code for g in groupings}
    _check_states(states, regions=regions)
    _check_memberships(memberships, parties=codes | regions, groupings=regions)
    every = sorted([*memberships, *_implied_by(states, groupings=regions)], key=_code_and_time)
    by_member: dict[str, list[Membership]] = defaultdict(list)
    by_group: dict[str, list[Membership]] = defaultdict(list)
    for membership in every:
        by_member[membership.member].append(membership)
        by_group[membership.group].append(membership)
    return Atlas(
        states=MappingProxyType({s.iso3: _seal_state(s) for s in sorted(states, key=lambda s: s.iso3)}),
        groupings=MappingProxyType({g.code: _seal_grouping(g) for g in sorted(groupings, key=lambda g: g.code)}),
        tiles=MappingProxyType(_place_tiles(tiles, states=codes)),
        by_member=MappingProxyType({c: tuple(m) for c, m in by_member.items()}),
        by_group=MappingProxyType({c: tuple(m) for c, m in by_group.items()}),
        spoken=MappingProxyType(_gather_names(states, groupings, spoken)),
    )


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a name: lower case, without accents, apostrophes and punctuation.

    >>> split_words("Côte d’Ivoire"), split_words("us-colorado_SB24")
    (('cote', 'divoire'), ('us', 'colorado', 'sb24'))
    """
    return tuple(_WORD.findall(unicodedata.normalize("NFKD", text.casefold()).translate(_MARKS)))


def _check_states(states: Sequence[State], *, regions: set[str]) -> None:
    _refuse_twice(table="states", codes=[s.iso3 for s in states])
    _refuse_twice(table="states", codes=[s.iso2 for s in states])
    _refuse_twice(table="states", codes=[s.m49 for s in states])
    for row, state in enumerate(states, 1):
        formed = _ALPHA_3.fullmatch(state.iso3) and _ALPHA_2.fullmatch(state.iso2) and _M49.fullmatch(state.m49)
        if not formed:
            found = f"{state.iso3}, {state.iso2}, {state.m49}"
            _refuse("states", row, f"the codes are {found}; give three capitals, two capitals and three digits")
        if state.status not in STATUSES:
            _refuse("states", row, f'the status is "{state.status}"; allowed are {", ".join(STATUSES)}')
        _check_names("states", row, state.names)
        for region in _regions_of(state):
            if region not in regions:
                _refuse("states", row, f"the region {region} is not among the groupings; add it, or correct the code")
    for language in LANGUAGES:
        _check_ranks(states, language=language)


def _check_ranks(states: Sequence[State], *, language: str) -> None:
    taken: dict[int, str] = {}
    for row, state in enumerate(states, 1):
        rank = state.ranks.get(language, 0)
        if rank in taken or not 1 <= rank <= len(states):
            held = f", which {taken[rank]} has" if rank in taken else ""
            wanted = f"give each of 1 to {len(states)} to one state"
            _refuse("states", row, f'the rank of {state.iso3} in "{language}" is {rank}{held}; {wanted}')
        taken[rank] = state.iso3


def _check_groupings(groupings: Sequence[Grouping], *, states: set[str]) -> None:
    _refuse_twice(table="groupings", codes=[g.code for g in groupings])
    for row, grouping in enumerate(groupings, 1):
        if not grouping.code or grouping.code in states:
            _refuse("groupings", row, f'the code "{grouping.code}" is empty or that of a state; choose another')
        if grouping.kind not in KINDS:
            _refuse("groupings", row, f'the kind is "{grouping.kind}"; allowed are {", ".join(KINDS)}')
        _check_names("groupings", row, grouping.names)


def _check_names(table: str, row: int, names: Mapping[str, str]) -> None:
    missing = [language for language in LANGUAGES if not names.get(language, "").strip()]
    if missing:
        _refuse(table, row, f"there is no name in {', '.join(missing)}; give one in each of {', '.join(LANGUAGES)}")


def _check_memberships(memberships: Sequence[Membership], *, parties: set[str], groupings: set[str]) -> None:
    periods: dict[tuple[str, str], list[tuple[dt.date, dt.date, int]]] = defaultdict(list)
    for row, m in enumerate(memberships, 1):
        if m.member not in parties or m.group not in groupings or m.member == m.group:
            _refuse("memberships", row, f"{m.member} in {m.group}: a code is unknown, or sits in itself; correct it")
        if m.role not in ROLES:
            _refuse("memberships", row, f'the role is "{m.role}"; allowed are {", ".join(ROLES)}')
        since, until = m.since or dt.date.min, m.until or dt.date.max
        if until < since:
            _refuse("memberships", row, f"{m.member} in {m.group} ends on {until}, before it begins on {since}")
        periods[m.member, m.group].append((since, until, row))
    for (member, group), held in periods.items():
        for before, after in pairwise(sorted(held)):
            if after[0] <= before[1]:
                problem = f"{member} in {group} overlaps with row {min(before[2], after[2])}; end one period first"
                _refuse("memberships", max(before[2], after[2]), problem)


def _implied_by(states: Sequence[State], *, groupings: set[str]) -> Iterator[Membership]:
    for state in states:
        if state.status == "member" and UNITED_NATIONS in groupings:
            yield Membership(member=state.iso3, group=UNITED_NATIONS)
        for region in _regions_of(state):
            yield Membership(member=state.iso3, group=region)


def _regions_of(state: State) -> tuple[str, ...]:
    codes = (state.region, state.sub_region, state.intermediate_region)
    return tuple(f"M49-{code}" for code in codes if code)


def _code_and_time(membership: Membership) -> tuple[str, str, dt.date]:
    return membership.group, membership.member, membership.since or dt.date.min


def _place_tiles(tiles: Sequence[tuple[str, int, int]], *, states: set[str]) -> dict[str, tuple[int, int]]:
    _refuse_twice(table="tiles", codes=[code for code, _, _ in tiles])
    holders: dict[tuple[int, int], str] = {}
    for row, (code, *_) in enumerate(tiles, 1):
        place = (tiles[row - 1][1], tiles[row - 1][2])
        if code not in states:
            _refuse("tiles", row, f"{code} is not among the states; correct the code")
        if min(place) < 0 or place in holders:
            held = f" is held by {holders[place]}" if place in holders else " has a negative number"
            _refuse("tiles", row, f"the tile {place} of {code}{held}; give every state a tile of its own, from 0")
        holders[place] = code
    return {code: place for place, code in sorted(holders.items(), key=lambda held: held[1])}


def _gather_names(
    states: Sequence[State], groupings: Sequence[Grouping], spoken: Iterable[tuple[str, str]]
) -> dict[tuple[str, ...], str | None]:
    gathered: dict[tuple[str, ...], str | None] = {}
    named = [(s.iso3, s.names) for s in states]
    named += [(g.code, g.names) for g in groupings if g.kind in _NAMED_AFTER]
    codes = {code for code, _ in named}
    for code, names in sorted(named, key=lambda pair: pair[0]):
        for name in set(names.values()):
            words = split_words(_BRACKETED.sub(" ", name) if "(" in name else name)
            # Two parties that share a name in some language are never guessed from it.
            gathered[words] = code if gathered.get(words, code) == code else None
    said: dict[tuple[str, ...], str] = {}
    for row, (text, code) in enumerate(spoken, 1):
        words = split_words(text)
        if not words or said.get(words, code) != code or (code and code not in codes):
            _refuse("spoken names", row, f'"{text}" for "{code}": empty, said of two parties, or an unknown code')
        said[words] = code
        gathered[words] = code or None
    return gathered


def _seal_state(state: State) -> State:
    return replace(state, names=MappingProxyType(dict(state.names)), ranks=MappingProxyType(dict(state.ranks)))


def _seal_grouping(grouping: Grouping) -> Grouping:
    return replace(grouping, names=MappingProxyType(dict(grouping.names)))


def _refuse_twice(*, table: str, codes: Sequence[str]) -> None:
    seen: set[str] = set()
    for row, code in enumerate(codes, 1):
        if code in seen:
            _refuse(table, row, f"{code} is there twice; keep one row")
        seen.add(code)


def _refuse(table: str, row: int, problem: str) -> None:
    raise BadRow(file=f"the table of {table}", row=row, problem=problem)
