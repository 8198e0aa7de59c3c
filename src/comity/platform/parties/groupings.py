"""In which groupings a member is on a day: its region, and least developed, landlocked or small island States, from the country data.

A member without a country says its groups itself. Groups are many-valued, and none is possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.adapters.country_data import read_atlas
from comity.engines.parties.countries import groups_of
from comity.errors import BadParameter

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from comity.platform.parties.models import Member

REGIONAL: dict[str, str] = {
    "africa": "AFR",
    "asia-pacific": "AP",
    "eastern-europe": "EEG",
    "latin-america-caribbean": "LAC",
    "western-europe-others": "WEOG",
}
"""The regional groups by the words that bodies use for them."""

DEVELOPMENT: tuple[str, ...] = ("LDC", "LLDC", "SIDS")
"""Least developed, landlocked developing, and small island developing States."""


def groups_of_member(*, member: Member, on: dt.date) -> frozenset[str]:
    """Return the codes of the groupings of a member on a day, its regional group among them."""
    found = {REGIONAL[member.region]} if member.region in REGIONAL else set[str]()
    atlas = read_atlas()
    if member.country in atlas.states:
        return frozenset({*found, *groups_of(atlas=atlas, state=member.country, on=on)})
    return frozenset({*found, *member.groups})


def grouping_names(*, language: str, kinds: Sequence[str] = ("regional-group", "development-group")) -> dict[str, str]:
    """Return the groupings of some kinds by their codes, with their names in a language."""
    return {
        code: grouping.names.get(language) or grouping.names["en"]
        for code, grouping in read_atlas().groupings.items()
        if grouping.kind in kinds
    }


def checked_groups(groups: Sequence[str], /, *, country: str) -> list[str]:
    """Return groups as they are kept. Raises BadParameter for an unknown one, or where the country data say them already."""
    known = grouping_names(language="en")
    if groups and country:
        raise BadParameter(
            name="groups", found=", ".join(map(str, groups))[:60], allowed="nothing, for a country: its data say them"
        )
    for group in groups:
        if group not in known:
            raise BadParameter(name="groups", found=str(group)[:40], allowed=", ".join(sorted(known)))
    return sorted(set(groups))
