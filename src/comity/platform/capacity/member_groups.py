"""Groups that a member is in on a day: those of the country data, and its regional group in the body's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.adapters.country_data import read_atlas
from comity.engines.parties.countries import groups_of, name_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from comity.platform.parties.models import Member


def groups_of_member(*, member: Member, on: dt.date) -> frozenset[str]:
    """Return the codes of the groups of a member on a day; none for an organisation and for who is in no group."""
    found = {member.region} if member.region else set()
    atlas = read_atlas()
    if member.country in atlas.states:
        found.update(groups_of(atlas=atlas, state=member.country, on=on))
    return frozenset(found)


def known_groups(*, members: Iterable[Member]) -> frozenset[str]:
    """Return the codes that a rule may name: every grouping of the country data, and the regional groups of these members."""
    return frozenset(read_atlas().groupings) | {m.region for m in members if m.region}


def name_of_group(*, code: str, language: str) -> str:
    """Return the name of a group in a language; a group in the body's own words is its own name."""
    return name_of(atlas=read_atlas(), code=code, language=language)
