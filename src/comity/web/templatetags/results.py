"""The result of one statement on its own page, which is the reference that a draft cites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from comity.errors import NotFound
from comity.platform.dialogue.results import STATES, results_of
from comity.web.dialogue import result_rows as rows

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


@register.inclusion_tag("dialogue/_statement_result.html", takes_context=True)
def result_of_statement(context: Mapping[str, Any], slug: str, number: int) -> dict[str, Any]:
    """What states and people said of a statement, as far as it is not held back."""
    try:
        found = results_of(slug=slug, user=context["request"].user)
    except NotFound:  # a draft has none
        return {"tracks": []}
    told: dict[str, Any] = {"dialogue": found.dialogue, "tracks": []}
    for track in found.tracks:
        if track.figures is None or track.figures.get("few"):
            continue
        made = rows.states_rows if track.track == STATES else rows.people_rows
        of_it: list[Any] = list(made(figures=track.figures, numbers=[number], words={}))
        if of_it:
            told["tracks"].append((track, of_it[0]))
    return told
