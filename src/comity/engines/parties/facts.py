"""Facts are the rows of the country data: states, groupings, and who sits in what and when.

Codes of states follow ISO 3166-1 and the standard country or area codes for statistical use (M49) of the United
Nations. Nothing here expresses an opinion on the legal status of any country, territory, city or area, of its
authorities, or of its boundaries.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (dataclass fields are read at run time by the doors)
from collections.abc import Mapping  # noqa: TC003  (as above)
from dataclasses import dataclass

LANGUAGES: tuple[str, ...] = ("ar", "en", "es", "fr", "ru", "zh")
"""The six official languages of the United Nations (BCP 47), in which every name is held."""

STATUSES: tuple[str, ...] = ("member", "observer", "other")
"""Towards the United Nations: a member state, an observer, or a member of another organisation only."""

KINDS: tuple[str, ...] = (
    "organisation",
    "forum",
    "regional-group",
    "development-group",
    "m49-region",
    "m49-sub-region",
    "m49-intermediate-region",
)
"""What a grouping is. A forum has no founding treaty; a regional group is one of the United Nations."""

COUNTED_ROLES: tuple[str, ...] = ("member", "elector", "participant")
"""The roles that count as sitting in a grouping: a member; a state that attends as an observer and is counted in the
group for elections (elector); one that takes part in full without being counted in the number (participant)."""

ROLES: tuple[str, ...] = (*COUNTED_ROLES, "listed")
"""All roles. ``listed``: the grouping lists it, and the state has not confirmed, takes no part, or says it has left."""


@dataclass(frozen=True, slots=True)
class State:
    """A state that is a member or observer of the United Nations, or a member of another organisation held here.

    ``iso3`` and ``iso2`` are ISO 3166-1 codes, ``m49`` has three digits. ``region``, ``sub_region`` and
    ``intermediate_region`` are M49 codes of three digits; the last is "" where M49 has none. ``names`` maps each of
    LANGUAGES to the short name without an article. ``ranks`` maps each to the place, from 1, in the alphabetical order
    of that language among all states.
    """

    iso3: str
    iso2: str
    m49: str
    status: str
    region: str
    sub_region: str
    intermediate_region: str
    names: Mapping[str, str]
    ranks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Grouping:
    """An organisation, a forum, or any other set of states.

    ``names`` maps each of LANGUAGES to the name. ``as_of`` is the day for which the memberships were drawn up;
    ``source`` says in words where they come from.
    """

    code: str
    kind: str
    names: Mapping[str, str]
    as_of: dt.date
    source: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A party sits in a grouping, from ``since`` to ``until``, both days included.

    ``member`` is the code of a state, or of a grouping that sits in another (the African Union in the G20). A ``since``
    of None is before the data begin or not recorded; an ``until`` of None is no known end. ``role`` is one of ROLES.
    ``note`` says what the dates stand for, or how sure they are.
    """

    member: str
    group: str
    since: dt.date | None = None
    until: dt.date | None = None
    role: str = "member"
    note: str = ""

    def holds_on(self, day: dt.date) -> bool:
        """Return whether the day lies in the period."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
