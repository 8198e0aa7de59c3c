"""Common ground across regions: what texts of several parties say alike, around the provision that most of them meet in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.adapters.tables import table_lines
from comity.engines.parties.countries import name_of
from comity.platform.alignment import common_ground as service
from comity.platform.alignment import selectors
from comity.platform.alignment.exports import as_of
from comity.web.alignment import board
from comity.web.alignment.instruments import RELATION_MARKS
from comity.web.context import interface_language
from comity.web.parameters import chosen, page_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

PER_PAGE = 10
SHOW = ("everywhere", "confirmed")
HEADER = (
    "cluster", "topic", "place", "provision", "party", "counts", "relation", "state", "link", "modality", "modality_by",
    "regions", "missing_regions", "text", "as_of",
)  # fmt: skip


@require_safe
def clusters(request: HttpRequest) -> HttpResponse:
    """List the clusters, those in every regional group that is present first."""
    labels = {t.pk: board.label_of(t) for t in selectors.topics()}
    topic = chosen(request.GET, "topic", allowed=labels)
    show = chosen(request.GET, "show", allowed=SHOW)
    views, present = service.list_clusters(user=request.user, topic=topic)
    everywhere = [v for v in views if v.is_everywhere]
    kept = {"everywhere": everywhere, "confirmed": [v for v in views if v.confirmed]}.get(show, views)
    atlas, language = board.atlas(), interface_language()
    context = {
        "page": Paginator(kept, PER_PAGE).get_page(page_number(request.GET)),
        "all": len(views),
        "everywhere": len(everywhere),
        "present": [name_of(atlas=atlas, code=r, language=language) for r in present],
        "names": {r: name_of(atlas=atlas, code=r, language=language) for r in present},
        "topic": topic,
        "topics": list(labels.items()),
        "labels": labels,
        "show": show,
        "run": selectors.latest_run(),
        "progress": board.progress(),
        "marks": ("v-del", *RELATION_MARKS),
    }
    return render(request, "alignment/common_ground.html", context)


@require_safe
def table(request: HttpRequest) -> StreamingHttpResponse:
    """Give all clusters as a table, one provision a row."""
    views, _present = service.list_clusters(user=request.user)
    response = StreamingHttpResponse(
        table_lines(header=HEADER, rows=_rows(views)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="common-ground.csv"'
    return response


def _rows(views: list[service.ClusterView]) -> Iterator[tuple[object, ...]]:
    moment = as_of()
    for number, view in enumerate(views, 1):
        for place, holder in enumerate((view.central, *view.others)):
            p = holder.provision
            yield (
                number,
                view.topics[0] if view.topics else "",
                "other" if place else "central",
                f"alignment/instruments/{p.instrument.slug}/{p.ref}",
                p.instrument.party,
                "yes" if holder.counts else "no",
                holder.relation,
                holder.link.state if holder.link else "",
                f"alignment/links/{holder.link.name}" if holder.link else "",
                p.modality,
                p.modality_by or ("coder" if p.modality else ""),
                " ".join(view.regions),
                " ".join(view.missing),
                p.text,
                moment,
            )
