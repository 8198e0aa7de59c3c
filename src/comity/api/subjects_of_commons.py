"""Tell whether an account sees the thing that a reference names, in any room, before anything is said by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.errors import NotFound
from comity.platform.alignment import selectors
from comity.platform.capacity.commitment_views import commitment_view
from comity.platform.capacity.needs_seen import need_seen
from comity.platform.capacity.offers_seen import offer_seen
from comity.platform.commons.notes_seen import note_seen
from comity.platform.commons.questions_seen import question_seen
from comity.platform.commons.releases_seen import release_seen

if TYPE_CHECKING:
    from collections.abc import Callable

KNOWN_TO_ALL = ("alignment/topics/", "capacity/resources/")


def _text(name: str, user: Any, /) -> object:
    slug, _bar, part = name.partition("/")
    return (
        selectors.provision_of(slug=slug, ref=part, user=user)
        if part
        else selectors.instrument_of(slug=slug, user=user)
    )


FINDERS: dict[str, Callable[[str, Any], object]] = {
    "alignment/instruments/": _text,
    "capacity/needs/": lambda name, user: need_seen(slug=name, user=user),
    "capacity/offers/": lambda name, user: offer_seen(slug=name, user=user),
    "capacity/commitments/": lambda name, user: commitment_view(slug=name, user=user, language="en"),
    "commons/notes/": lambda name, user: note_seen(slug=name, user=user),
    "commons/questions/": lambda name, user: question_seen(slug=name, user=user),
    "commons/releases/": lambda name, user: release_seen(slug=name, user=user),
}
"""What finds the things of each kind; raises NotFound for who does not see one."""


def names_what_is_seen(reference: str, /, *, user: Any) -> bool:
    """Tell whether a reference names something that an account sees; alike for what is hidden and for what is not there."""
    if reference.startswith(KNOWN_TO_ALL):
        return True
    kind = next((kind for kind in FINDERS if reference.startswith(kind)), "")
    try:
        return bool(kind) and bool(FINDERS[kind](reference.removeprefix(kind), user))
    except NotFound:
        return False
