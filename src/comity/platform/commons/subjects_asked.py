"""Check what a question is about: references of notes, topics, resources, releases and needs; the question is seen by no more than they are.

What stands in this room is looked up here. A reference of another room is checked and shown by the doors, which know all rooms.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from comity.errors import BadParameter, NotFound
from comity.platform.commons.releases_seen import release_seen
from comity.platform.record.visibility import Kept, Visibility

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

MOST_SUBJECTS = 5
KINDS = ("alignment/topics", "capacity/needs", "capacity/resources", "commons/notes", "commons/releases")
NEVER_PUBLISHED = ("capacity/needs",)
"""Kinds of which neither payload nor link of an act tells: who sees a need can become fewer at any time."""
REFERENCE = re.compile(r"([a-z]+/[a-z]+)/([A-Za-z0-9][A-Za-z0-9_.-]{0,99})")
OWN_ROOM: dict[str, Callable[[str, Any], Kept]] = {
    "commons/releases": lambda slug, user: release_seen(slug=slug, user=user),
}
"""How each kind of this room is found as a reader sees it; raises NotFound."""
SHOWN_KINDS = "a note, topic, resource, release or need that you see"
NOT_WIDER = "a circle no wider than what it is about"


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
    order = list(Visibility.values)
    for reference in references:
        kind, slug = _parts(reference)
        if kind not in OWN_ROOM and not kind.startswith("commons/"):
            continue
        try:
            row = OWN_ROOM[kind](slug, by)
        except (KeyError, NotFound):
            raise BadParameter(name="about", found=reference[:60], allowed=SHOWN_KINDS) from None
        wider = order.index(visibility) < order.index(row.visibility)
        if wider or (row.audience and audience != row.audience):
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
