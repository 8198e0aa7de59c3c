"""Template tags of deliveries: what was agreed of a need or an offer, and whether the reader sees who applies for its seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from comity.platform.capacity.delivery_views import track_commitments
from comity.platform.capacity.training_views import sees_applications
from comity.web.context import interface_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.platform.capacity.delivery_views import TrackRow

register = template.Library()
MOST = 50


@register.simple_tag(takes_context=True)
def deliveries_of(context: Mapping[str, Any], *, need: str = "", offer: str = "") -> list[TrackRow]:
    """The commitments of a need or an offer that the reader sees, the first fifty; the tracker shows all."""
    user = context["request"].user
    return track_commitments(user=user, language=interface_language(), need=need, offer=offer)[:MOST]


@register.simple_tag(takes_context=True)
def may_see_applications(context: Mapping[str, Any], offer: str) -> bool:
    """Whether the reader sees who applies for the seats of an offer."""
    return sees_applications(slug=offer, user=context["request"].user)
