"""Where members' rules align: all topics, and one topic with its map and its table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comity.adapters.visual.charts import tile_map
from comity.engines.alignment.convergence import NOT_HERE, count_levels_by_region
from comity.engines.parties.countries import groups_of, name_of
from comity.platform.alignment import convergence, selectors
from comity.web import words
from comity.web.alignment import board
from comity.web.alignment.review import review_facts
from comity.web.context import interface_language
from comity.web.learnt import notes_here
from comity.web.parameters import chosen, page_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from comity.engines.parties.countries import Atlas

PER_PAGE = 20


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """List every topic with its bar, by facet and in a fixed order."""
    atlas = board.atlas()
    total = len(board.members(atlas))
    counts = convergence.levels_by_topic(members=total)
    facet = chosen(request.GET, "facet", allowed=words.FACETS)
    rows = [board.topic_row(topic=t, counts=counts[t.pk]) for t in selectors.topics()]
    facets = [(words.FACETS[f], [r for r in rows if r.facet == f]) for f in words.FACETS if not facet or f == facet]
    context = {
        "facets": facets,
        "facet": facet,
        "facet_choices": [(f, title) for f, (title, _note) in words.FACETS.items()],
        "members": total,
        "totals": selectors.totals(user=request.user),
        "run": selectors.latest_run(),
        "progress": board.progress(),
        "marks": (*board.LEVEL_MARKS, "v-del"),
        **review_facts(request),
    }
    return render(request, "alignment/overview.html", context)


@require_safe
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Show how members stand on one topic: map, table by regional group, members by level, the provisions."""
    found = selectors.topic_of(topic=topic)
    atlas = board.atlas()
    codes = board.members(atlas)
    cells = convergence.cells_of(topic=topic)
    levels = {code: cells[code].level if code in cells else NOT_HERE for code in codes}
    counts = Counter(levels.values())
    row = board.topic_row(topic=found, counts=counts)
    party = chosen(request.GET, "party", allowed=selectors.parties_present(user=request.user))
    provisions = selectors.provisions_on(topic=topic, user=request.user)
    if party:
        provisions = provisions.filter(instrument__party=party)
    page = Paginator(provisions, PER_PAGE).get_page(page_number(request.GET))
    context = {
        "topic": found,
        "label": row.label,
        "row": row,
        "lead": _lead(row),
        "map": tile_map(
            tiles=board.tiles_of(atlas),
            levels=levels,
            title=_("World grid: %(topic)s") % {"topic": row.label},
            description=_lead(row) + " " + _("The same data is in the lists below."),
            labels={},
        ),
        "counts": [(level, counts[level]) for level in board.LEVELS if counts[level] or level in board.NONES],
        "regions": _by_region(levels=levels, atlas=atlas),
        "years": [(year, found, *board.columns_of(found)[:2]) for year, found in convergence.years_of(topic=topic)],
        "groups": board.groups_by_level(cells=cells, atlas=atlas),
        "uncoloured": [
            (words.NO_COLOUR[reason], texts)
            for reason, texts in convergence.texts_that_colour_nothing(topic=topic, user=request.user).items()
        ],
        "page": page,
        "has_summaries": any(p.instrument.is_summary for p in page),
        "party": party,
        "parties": board.party_choices(user=request.user),
        "topics": [(t.pk, board.label_of(t)) for t in selectors.topics()],
        "members": len(codes),
        "run": selectors.latest_run(),
        "progress": board.progress(),
        "marks": (*board.LEVEL_MARKS, "v-del"),
        **notes_here(request, f"alignment/topics/{found.pk}"),
    }
    return render(request, "alignment/topic.html", context)


def _lead(row: board.TopicRow) -> str:
    binding = ngettext(
        "%(n)s member has a binding rule on it", "%(n)s members have a binding rule on it", row.binding
    ) % {"n": row.binding}
    voluntary = ngettext("%(n)s member a voluntary one", "%(n)s members a voluntary one", row.voluntary) % {
        "n": row.voluntary
    }
    return _("%(binding)s and %(voluntary)s, own or through an organisation.") % {
        "binding": binding,
        "voluntary": voluntary,
    }


def _by_region(*, levels: Mapping[str, str], atlas: Atlas) -> list[tuple[str, int, int, int, int, int]]:
    """Return the rows of the table by regional group of the United Nations, by the group's name."""
    regions = {code: groups_of(atlas=atlas, state=code, kind="regional-group") for code in levels}
    rows = []
    for group, counts in count_levels_by_region(levels=levels, regions=regions).items():
        name = name_of(atlas=atlas, code=group, language=interface_language())
        rows.append((name, *board.columns_of(counts)))
    return sorted(rows)
