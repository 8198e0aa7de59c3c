"""Tell whether an account sees what a reference names, in whichever room: who does not learns nothing of it, nor that something is about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.errors import NotFound
from comity.platform.alignment.selectors import instrument_of, provision_of, topic_of
from comity.platform.capacity.needs_seen import knows_member, need_seen
from comity.platform.capacity.offers_seen import offer_seen
from comity.platform.capacity.resources import resource_view
from comity.platform.commons.subjects_asked import is_seen_here

if TYPE_CHECKING:
    from collections.abc import Callable

OWN_ROOM = "commons/"


def is_seen(reference: str, /, *, user: Any) -> bool:
    """Tell whether an account sees what a reference names; what is not there is not seen."""
    if reference.startswith(OWN_ROOM):
        return is_seen_here(reference, user=user)
    room, _, rest = reference.partition("/")
    kind, _, name = rest.partition("/")
    find = FINDERS.get(f"{room}/{kind}")
    if find is None or not name:
        return False
    try:
        find(name, user)
    except NotFound:
        return False
    return True


def _text(name: str, user: Any, /) -> object:
    slug, _, ref = name.partition("/")
    return provision_of(slug=slug, ref=ref, user=user) if ref else instrument_of(slug=slug, user=user)


def _need(name: str, user: Any, /) -> object:
    """Return a need for who knows whose it is: what others say about it could tell."""
    found = need_seen(slug=name, user=user)
    if not knows_member(need=found, user=user):
        raise NotFound(reference=found.reference)
    return found


FINDERS: dict[str, Callable[[str, Any], object]] = {
    "alignment/topics": lambda name, _user: topic_of(topic=name),
    "alignment/instruments": _text,
    "capacity/resources": lambda name, _user: resource_view(slug=name),
    "capacity/needs": _need,
    "capacity/offers": lambda name, user: offer_seen(slug=name, user=user),
}
"""For each kind of another room what finds a thing of it, raising NotFound where the account sees none."""
