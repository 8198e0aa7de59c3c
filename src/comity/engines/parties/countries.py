"""Countries answers who sits in what on a day, in which order states are listed, and what a party is called.

Order and names are those of the reader's language. No list ranks or scores: a rank is a place in the alphabet. No list
or map implies an opinion on the legal status of any country, territory or boundary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.engines.parties.atlas import UNITED_NATIONS, Atlas, build_atlas, split_words
from comity.engines.parties.facts import (
    COUNTED_ROLES,
    KINDS,
    LANGUAGES,
    ROLES,
    STATUSES,
    Grouping,
    Membership,
    State,
)
from comity.errors import BadParameter

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

__all__ = [
    "COUNTED_ROLES",
    "KINDS",
    "LANGUAGES",
    "ROLES",
    "STATUSES",
    "UNITED_NATIONS",
    "Atlas",
    "Grouping",
    "Membership",
    "State",
    "build_atlas",
    "groups_of",
    "guess_party",
    "listed_in",
    "members_of",
    "name_of",
    "organisations_in",
]

_FALLBACK = "en"
# What people put before the name of a party when they name a file.
_OPENING = frozenset({"annex", "copy", "draft", "final", "ocr", "of", "scan", "scanned", "the"})
_BETWEEN = frozenset({"and", "et", "with", "y"})


def members_of(
    *, atlas: Atlas, group: str, on: dt.date | None = None, roles: Collection[str] = COUNTED_ROLES
) -> tuple[str, ...]:
    """Return the codes (iso3) of the states that sit in a grouping on a day, in the order of the codes.

    ``on`` of None is the day for which the grouping's data were drawn up. ``roles`` are those to count, of ROLES.
    A suspended state is still a member. Raises BadParameter for an unknown grouping.
    """
    return tuple(code for code in _sitting_in(atlas, group, on, roles) if code in atlas.states)


def organisations_in(
    *, atlas: Atlas, group: str, on: dt.date | None = None, roles: Collection[str] = COUNTED_ROLES
) -> tuple[str, ...]:
    """Return the codes of the groupings that themselves sit in a grouping on a day, as the African Union in the G20.

    Arguments and errors are those of members_of.
    """
    return tuple(code for code in _sitting_in(atlas, group, on, roles) if code in atlas.groupings)


def groups_of(
    *,
    atlas: Atlas,
    state: str,
    kind: str | None = None,
    on: dt.date | None = None,
    roles: Collection[str] = COUNTED_ROLES,
) -> tuple[str, ...]:
    """Return the codes of the groupings in which a state sits on a day, in the order of the codes. May be none, or many.

    ``kind`` is one of KINDS; None is every kind. ``on`` of None is, for each grouping, the day for which its data were
    drawn up. Raises BadParameter for an unknown state or kind.
    """
    if state not in atlas.states:
        raise BadParameter(
            name="state", found=state, allowed="the ISO 3166-1 alpha-3 code of a state in the country data"
        )
    if kind is not None and kind not in KINDS:
        raise BadParameter(name="kind", found=kind, allowed=f"one of {', '.join(KINDS)}")
    return tuple(
        m.group
        for m in atlas.by_member.get(state, ())
        if (kind is None or atlas.groupings[m.group].kind == kind)
        and m.role in roles
        and m.holds_on(on or atlas.groupings[m.group].as_of)
    )


def listed_in(*, atlas: Atlas, language: str) -> tuple[State, ...]:
    """Return all states in the alphabetical order of a language; a language without names is listed as English.

    ``language`` is a BCP 47 tag; only its first part counts. Members, observers and others come in one list: pick by
    ``status``.
    """
    held = _held_language(language)
    return tuple(sorted(atlas.states.values(), key=lambda state: state.ranks[held]))


def name_of(*, atlas: Atlas, code: str, language: str) -> str:
    """Return the name of a state or grouping in a language; an unknown code is its own name.

    ``language`` is a BCP 47 tag; only its first part counts. A language without names is answered in English.
    """
    party = atlas.states.get(code) or atlas.groupings.get(code)
    return party.names[_held_language(language)] if party else code


def guess_party(*, atlas: Atlas, words: str) -> str | None:
    """Return the code of the party that the first words of a file's name tell, or None where they do not tell surely.

    The longest name that the words begin with decides. None is returned where that name belongs to more than one
    party (Georgia, Congo), and where a second party follows at once (us-uk-agreement): such a document has two. A guess
    is a suggestion, for a person to confirm. How often it was right, none or wrong is in the country data's README.
    """
    said = split_words(words)
    while said and (said[0] in _OPENING or said[0].isdecimal()):
        said = said[1:]
    code, rest = _begin_of(atlas, said)
    if code is None:
        return None
    if rest and rest[0] in _BETWEEN:
        rest = rest[1:]
    second, _ = _begin_of(atlas, rest)
    return code if second is None or second == code else None


def _sitting_in(atlas: Atlas, group: str, on: dt.date | None, roles: Collection[str]) -> list[str]:
    if group not in atlas.groupings:
        raise BadParameter(name="group", found=group, allowed="the code of a grouping in the country data")
    day = on or atlas.groupings[group].as_of
    return [m.member for m in atlas.by_group.get(group, ()) if m.role in roles and m.holds_on(day)]


def _held_language(tag: str) -> str:
    first = tag.replace("_", "-").split("-")[0].lower()
    return first if first in LANGUAGES else _FALLBACK


def _begin_of(atlas: Atlas, said: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """Return the party of the longest name that ``said`` begins with, and the words after it."""
    longest = max((len(words) for words in atlas.spoken), default=0)
    for length in range(min(longest, len(said)), 0, -1):
        if said[:length] in atlas.spoken:
            return atlas.spoken[said[:length]], said[length:]
    return None, said
