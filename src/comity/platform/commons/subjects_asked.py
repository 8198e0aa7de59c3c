"""Check what a question is about: references of notes, topics, resources, releases and needs; the question is seen by no more than they are.

What stands in this room is looked up here. A reference of another room is checked and shown by the doors, which know all rooms.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from comity.errors import BadParameter, NotFound
from comity.platform.commons.notes_seen import notes_told, reaches_no_further
from comity.platform.commons.releases_seen import release_seen

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from comity.platform.record.visibility import Kept

MOST_SUBJECTS = 5
KINDS = (
    "alignment/instruments",
    "alignment/topics",
    "capacity/commitments",
    "capacity/needs",
    "capacity/offers",
    "capacity/resources",
    "commons/notes",
    "commons/releases",
)
NEVER_PUBLISHED = ("alignment/instruments", "capacity/commitments", "capacity/needs", "capacity/offers")
"""Kinds of which neither payload nor link of an act tells: who sees them can become fewer at any time."""
REFERENCE = re.compile(r"([a-z]+/[a-z]+)/([A-Za-z0-9][A-Za-z0-9_.~-]{0,99}(?:/[A-Za-z0-9][A-Za-z0-9_.~-]{0,79})?)")
SHOWN_KINDS = "the address of something here that you may see"
NOT_WIDER = "a circle no wider than what it is about"


def _note(slug: str, user: Any, /) -> Kept:
    found = notes_told(user=user).filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"commons/notes/{slug[:60]}")
    return found


OWN_ROOM: dict[str, Callable[[str, Any], Kept]] = {
    "commons/notes": _note,
    "commons/releases": lambda slug, user: release_seen(slug=slug, user=user),
}
"""How each kind of this room is found as a reader sees it; raises NotFound."""


def checked_subjects(references: Collection[str], /) -> list[str]:
    """Return references in order, each once. Raises BadParameter for another kind of thing, and for more than five."""
    found = sorted({reference.strip().strip("/") for reference in references} - {""})
    for reference in found:
        fits = REFERENCE.fullmatch(reference)
        if fits is None or fits[1] not in KINDS:
            raise BadParameter(name="about", found=reference[:60], allowed=SHOWN_KINDS)
    if len(found) > MOST_SUBJECTS:
        raise BadParameter(name="about", found=str(len(found)), allowed=f"at most {MOST_SUBJECTS}")
    return found


def demand_no_wider(references: Collection[str], /, *, visibility: str, audience: str, by: Any) -> None:
    """Raise BadParameter where a thing of this room that a question is about is not seen by who asks, or by all that see the question."""
    for reference in references:
        kind, slug = _parts(reference)
        if kind not in OWN_ROOM:
            continue
        try:
            row = OWN_ROOM[kind](slug, by)
        except NotFound:
            raise BadParameter(name="about", found=reference[:60], allowed=SHOWN_KINDS) from None
        if not reaches_no_further((visibility, audience), than=(row.visibility, row.audience)):
            raise BadParameter(name="visibility", found=visibility, allowed=NOT_WIDER)


def is_seen_here(reference: str, /, *, user: Any) -> bool:
    """Tell whether a thing of this room is seen by an account; what stands in another room is not known here."""
    kind, slug = _parts(reference)
    try:
        return kind in OWN_ROOM and bool(OWN_ROOM[kind](slug, user))
    except NotFound:
        return False


def published(references: Collection[str], /) -> list[str]:
    """Return those references that an act in the circle of the question may name."""
    return [reference for reference in references if _parts(reference)[0] not in NEVER_PUBLISHED]


def _parts(reference: str, /) -> tuple[str, str]:
    room, _bar, rest = reference.partition("/")
    kind, _stroke, slug = rest.partition("/")
    return f"{room}/{kind}", slug
