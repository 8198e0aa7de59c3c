"""What a need receives in each round that held it, with why, on the page of the need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from comity.platform.capacity.round_explaining import shares_of_need
from comity.web.capacity.round_saying import bar_of, say_block
from comity.web.context import interface_language

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


@register.simple_tag(takes_context=True)
def shares_of(context: Mapping[str, Any], need: str) -> list[dict[str, Any]]:
    """Return the shares of a need that this reader sees, by its slug, the latest round first."""
    found = shares_of_need(slug=need, user=context["request"].user, language=interface_language())
    said = []
    for share in found:
        unit = next(r.unit for r in share.card.resources if r.slug == share.row.resource)
        why = say_block(share.block, unit=unit, weighted=share.weighted) if share.block else ""
        said.append(
            {"card": share.card, "row": share.row, "unit": unit, "why": why, "bar": bar_of(share.row, largest=None)}
        )
    return said
