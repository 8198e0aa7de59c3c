"""Check what a person states of a text before it is taken in: who it is of, what it is, and how it is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from comity.adapters.country_data import read_atlas
from comity.adapters.language import UNKNOWN, tag_language
from comity.engines.alignment.texts import KINDS, STATUSES
from comity.errors import BadParameter

if TYPE_CHECKING:
    from comity.engines.alignment.texts import Instrument

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,78}[a-z0-9]")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]{4,580}")
_SUBDIVISION = re.compile(r"[A-Za-z0-9-]{1,10}")
_A_TAG = "a language tag such as fr or zh-Hans"


def demand_language(text: str, /) -> str:
    """Return a language tag in its usual case, or nothing where nothing was given. Raises BadParameter."""
    if not text:
        return ""
    found = tag_language(text=text)
    if found == UNKNOWN:
        raise BadParameter(name="language", found=text[:20], allowed=_A_TAG)
    return found


def demand_facts(facts: Instrument, /) -> None:
    """Raise BadParameter, naming the first fact that cannot be used and what is allowed."""
    _demand("name", facts.id, "small letters, digits and hyphens, 2 to 80", is_good=bool(_NAME.fullmatch(facts.id)))
    for field, most in (("title", 1000), ("short_title", 200)):
        value = getattr(facts, field)
        _demand(field, f"{len(value)} characters", f"1 to {most} characters", is_good=0 < len(value) <= most)
    _demand_party(facts)
    _demand("kind", facts.kind, ", ".join(KINDS), is_good=facts.kind in {None, *KINDS})
    _demand("status", facts.status, ", ".join(STATUSES), is_good=facts.status in {None, *STATUSES})
    _demand(
        "subdivision",
        facts.subdivision,
        "a code such as US-CO, at most 10 characters",
        is_good=facts.subdivision is None or bool(_SUBDIVISION.fullmatch(facts.subdivision)),
    )
    _demand(
        "official_url",
        facts.official_url,
        "an address that begins with https://",
        is_good=not facts.official_url or bool(_ADDRESS.fullmatch(facts.official_url)),
    )
    _demand("language", facts.language, _A_TAG, is_good=bool(demand_language(facts.language)))


def _demand_party(facts: Instrument) -> None:
    atlas = read_atlas()
    if facts.party == "MULTI":
        unknown = [s for s in facts.signatories if s not in atlas.states]
        good = bool(facts.signatories) and not unknown
        _demand("signatories", ", ".join(unknown), "three-letter codes of states", is_good=good)
        return
    known = facts.party is None or facts.party in atlas.states or facts.party in atlas.groupings
    _demand("party", facts.party, "a state or an organisation of the list", is_good=known)
    _demand("signatories", ", ".join(facts.signatories), "none beside one party", is_good=not facts.signatories)


def _demand(name: str, found: str | None, allowed: str, *, is_good: bool) -> None:
    if not is_good:
        raise BadParameter(name=name, found=(found or "nothing")[:60], allowed=allowed)
