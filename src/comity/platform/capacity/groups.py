"""Groups of countries for which offers are made: development groups and regions of the country data, and the members that are in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.adapters.country_data import read_atlas
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Collection

KINDS = ("development-group", "m49-region")
MOST_GROUPS = 40


def group_names(*, language: str = "en") -> dict[str, str]:
    """Return the groups that an offer may be for, by code: development groups first, then regions, each by its name in a language."""
    held = [g for g in read_atlas().groupings.values() if g.kind in KINDS]
    held.sort(key=lambda g: (KINDS.index(g.kind), g.names[language].casefold(), g.code))
    return {g.code: g.names[language] for g in held}


def checked_groups(name: str, codes: Collection[str]) -> list[str]:
    """Return codes of groups, in order, each once; none stands for all members. Raises BadParameter for an unknown one."""
    found, known = sorted(set(codes)), group_names()
    unknown = [code for code in found if code not in known]
    if unknown:
        raise BadParameter(name=name, found=unknown[0][:20], allowed=f"codes such as {', '.join(list(known)[:4])}")
    if len(found) > MOST_GROUPS:
        raise BadParameter(name=name, found=str(len(found)), allowed=f"at most {MOST_GROUPS}")
    return found
