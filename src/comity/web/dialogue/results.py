"""What states and people said, side by side: shares with their bounds, groups, common ground, who was not heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comity.platform.dialogue.consultations import CONVENE
from comity.platform.dialogue.moderated import what_a_result_would_leave_out
from comity.platform.dialogue.other_views import views_of
from comity.platform.dialogue.participation import regions_of
from comity.platform.dialogue.results import (
    PEOPLE,
    STATES,
    publish_results,
    results_of,
    statements_in_words,
)
from comity.platform.dialogue.selectors import dialogue_seen, text_in
from comity.platform.dialogue.tasks import cancel_analysis, start_analysis
from comity.platform.parties.rules import require
from comity.web.context import interface_language
from comity.web.dialogue import result_rows as rows
from comity.web.parameters import chosen, demand_sure, page_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from comity.platform.dialogue.results import Results
    from comity.platform.dialogue.selectors import ShownStatement

PER_PAGE = 10
MOST_COMMON = 10
MOST_TELLING = 5
MARKS = ("t-full", "t-open", "t-away", "v-pub", "v-mem", "v-com")


@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the results of a consultation; its convenor starts an analysis anew, cancels one, or publishes."""
    if request.method == "POST":
        held = dialogue_seen(slug=slug, user=request.user)
        require(user=request.user, action=CONVENE, body=held.body.slug)
        wish = chosen(request.POST, "do", allowed=("publish", "analyse", "cancel"))
        if wish == "publish":
            demand_sure(request.POST)
            publish_results(slug=slug, by=request.user)
        elif wish == "analyse":
            start_analysis(slug=slug, by=request.user)
        elif wish == "cancel":
            cancel_analysis(slug=slug, by=request.user)
        return redirect("dialogue-results", slug=slug)
    found = results_of(slug=slug, user=request.user, starts=True)
    language = interface_language()
    states, people = _figures(found, STATES), _figures(found, PEOPLE)
    numbers = sorted({row["statement"] for f in (states, people) if f for row in f["statements"]})
    page = Paginator(numbers, PER_PAGE).get_page(page_number(request.GET))
    first = page.number == 1
    words = statements_in_words(
        dialogue=found.dialogue, numbers={*page, *(_named(people) if first else ())}, language=language
    )
    context = {
        "dialogue": found.dialogue,
        "question": text_in(found.dialogue.question, language=language),
        "found": found,
        "is_published": any(track.act for track in found.tracks),
        "page": page,
        "first": first,
        "marks": MARKS,
        "left_out": what_a_result_would_leave_out(dialogue=found.dialogue) if found.may_publish else {},
        "of_states": _of_states(found, states, page, words, first=first),
        "of_people": _of_people(found, people, page, words, first=first),
        "both": rows.both_rows(states=states, people=people, numbers=list(page), words=words)
        if states and people
        else [],
    }
    return render(request, "dialogue/results.html", context)


def _figures(found: Results, track: str) -> Mapping[str, Any] | None:
    """Return the figures of a track that hold statements: not those that are held back, nor of fewer than five voices."""
    here = found.of(track)
    return here.figures if here is not None and here.figures is not None and not here.figures.get("few") else None


def _named(people: Mapping[str, Any] | None) -> set[int]:
    """Return the statements that the first page names apart from its list."""
    if people is None:
        return set()
    common = [c["statement"] for c in people["common_ground"][:MOST_COMMON]]
    telling = [r["statement"] for group in people["representative"] for r in group[:MOST_TELLING]]
    return {*common, *telling, *(u["statement"] for u in people["not_yet_heard"][:MOST_TELLING])}


def _of_states(
    found: Results, figures: Mapping[str, Any] | None, page: Any, words: Mapping[int, ShownStatement], *, first: bool
) -> dict[str, Any] | None:
    result = found.of(STATES)
    if result is None:
        return None
    told: dict[str, Any] = {"result": result, "figures": figures}
    if figures is None:
        return told
    told["rows"] = rows.states_rows(figures=figures, numbers=list(page), words=words)
    told["hides_provisional"] = any(row.hides_provisional for row in told["rows"])
    if first:
        told["regions"] = rows.region_rows(figures=figures)
        told["has_tiles"] = any(row.tiles for row in told["regions"])
        told["not_yet"] = None if figures["heard"] is None else figures["members"] - figures["heard"]
        told["other_views"] = views_of(dialogue=found.dialogue, track=STATES)
        if figures["map"]:
            told["map"] = rows.draw_map(figures=figures, title=_("Opinion map of the members heard"), of_members=True)
    return told


def _of_people(
    found: Results, figures: Mapping[str, Any] | None, page: Any, words: Mapping[int, ShownStatement], *, first: bool
) -> dict[str, Any] | None:
    result = found.of(PEOPLE)
    if result is None:
        return None
    told: dict[str, Any] = {
        "result": result,
        "figures": figures,
        "few": bool(result.figures and result.figures.get("few")),
    }
    if figures is None:
        return told
    told["rows"] = rows.people_rows(figures=figures, numbers=list(page), words=words)
    told["voices"] = rows.count(figures["voices"])
    if first:
        common = figures["common_ground"]
        told["map"] = rows.draw_map(
            figures=figures, title=_("Opinion map of %(n)s people and organisations") % {"n": told["voices"]}
        )
        told["stability"] = rows.stability_sentence(figures=figures)
        told["common"] = rows.people_rows(
            figures=figures, numbers=[c["statement"] for c in common[:MOST_COMMON]], words=words
        )
        told["common_in_all"] = len(common)
        told["tellings"] = rows.tellings(figures=figures, words=words, most=MOST_TELLING)
        told["honesty"] = rows.honesty_sentences(figures=figures)
        told["other_views"] = views_of(dialogue=found.dialogue, track=PEOPLE)
        heard = {*figures["regions_heard"], *figures["unheard_regions"]}
        told["few_regions"] = figures["unheard_regions"]
        told["no_regions"] = [r for r in regions_of(dialogue=found.dialogue) if r not in heard]
        told["unheard"] = [
            (u["statement"], words.get(u["statement"]), [rows.group_name(g) for g in u["groups"]], u["regions"])
            for u in figures["not_yet_heard"][:MOST_TELLING]
        ]
    return told
