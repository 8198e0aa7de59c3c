"""Groups that rules of rounds may name, and what they are called: those of the country data, and regional groups in the body's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.adapters.country_data import read_atlas
from comity.engines.parties.countries import name_of
from comity.platform.parties import groupings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from comity.platform.parties.models import Member


def groups_of_member(*, member: Member, on: dt.date) -> frozenset[str]:
    """Return the codes of the groups of a member on a day, its region in the body's own words among them; there may be none."""
    own = {member.region} if member.region else set[str]()
    return groupings.groups_of_member(member=member, on=on) | own


def known_groups(*, members: Iterable[Member]) -> frozenset[str]:
    """Return the codes that a rule may name: every grouping of the country data, and the regional groups of these members."""
    return frozenset(read_atlas().groupings) | {m.region for m in members if m.region}


def name_of_group(*, code: str, language: str) -> str:
    """Return the name of a group in a language; a group in the body's own words is its own name."""
    return name_of(atlas=read_atlas(), code=code, language=language)
