"""The data behind the pages, as files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from comity.adapters.akoma import MEDIA_TYPE
from comity.adapters.country_data import read_atlas
from comity.adapters.tables import table_lines
from comity.engines.alignment.convergence import NOT_HERE
from comity.engines.parties.countries import listed_in, name_of
from comity.platform.alignment import convergence, selectors
from comity.platform.alignment.exports import as_of, crosswalk_rows, provision_records
from comity.platform.alignment.standard_forms import akoma_of_instrument, mapping_of_pair
from comity.web.alignment.pairs import two_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.http import HttpRequest


@require_safe
def downloads(request: HttpRequest) -> HttpResponse:
    """List what can be downloaded, and what it is."""
    return render(request, "alignment/downloads.html", {"run": selectors.latest_run()})


def _table(*, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        table_lines(header=header, rows=rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def convergence_table(request: HttpRequest) -> StreamingHttpResponse:
    """Every topic and member with its level."""
    del request
    return _table(name="convergence.csv", header=_CONVERGENCE, rows=_cells([t.pk for t in selectors.topics()]))


@require_safe
def topic_table(request: HttpRequest, topic: str) -> StreamingHttpResponse:
    """One topic: every member with its level."""
    del request
    found = selectors.topic_of(topic=topic)
    return _table(name=f"{found.pk}.csv", header=_CONVERGENCE, rows=_cells([found.pk]))


@require_safe
def years_table(request: HttpRequest) -> StreamingHttpResponse:
    """Every topic and year with how many members stood at each level at its end."""
    del request
    moment = as_of()
    rows = (
        (t.pk, year, level, n, moment)
        for t in selectors.topics()
        for year, levels in convergence.years_of(topic=t.pk)
        for level, n in sorted(levels.items())
    )
    return _table(name="convergence-by-year.csv", header=("topic", "year", "level", "members", "as_of"), rows=rows)


_CONVERGENCE = ("topic", "member", "name", "level", "own", "through", "as_of")


def _cells(topics: Sequence[str]) -> Iterator[Sequence[str]]:
    atlas = read_atlas()
    moment = as_of()
    states = [s for s in listed_in(atlas=atlas, language="en") if s.status == "member"]
    for topic in topics:
        cells = convergence.cells_of(topic=topic)
        for state in states:
            cell = cells.get(state.iso3)
            through = "; ".join(f"{who}: {level}" for who, level in cell.through) if cell else ""
            name = name_of(atlas=atlas, code=state.iso3, language="en")
            level, own = (cell.level, cell.own) if cell else (NOT_HERE, "")
            yield topic, state.iso3, name, level, own, through, moment


@require_safe
def crosswalk_table(request: HttpRequest) -> StreamingHttpResponse:
    """Every link that is not rejected."""
    header = (
        "link",
        "a",
        "b",
        "state",
        "relation",
        "suggested",
        "score",
        "cosine",
        "strength_a",
        "strength_b",
        "label_a",
        "text_a",
        "label_b",
        "text_b",
        "maker",
        "answers",
        "answers_by_kind",
        "readings",
        "version_a",
        "date_a",
        "version_b",
        "date_b",
        "changes",
        "as_of",
    )
    return _table(name="crosswalk.csv", header=header, rows=crosswalk_rows(user=request.user))


@require_safe
def instruments_table(request: HttpRequest) -> StreamingHttpResponse:
    """The list of instruments."""
    header = (
        "instrument",
        "title",
        "party",
        "subdivision",
        "kind",
        "status",
        "binding",
        "date",
        "language",
        "basis",
        "provisions",
        "official_url",
        "version",
        "as_of",
    )
    moment = as_of()
    found: Iterable[Any] = selectors.list_instruments(user=request.user)
    rows = (
        (
            i.slug,
            i.title,
            i.party,
            i.subdivision,
            i.kind,
            i.status,
            "" if i.binding is None else int(i.binding),
            i.date or "",
            i.language,
            i.basis,
            i.provision_count,
            i.official_url,
            i.version,
            moment,
        )
        for i in found
    )
    return _table(name="instruments.csv", header=header, rows=rows)


@require_safe
def provisions_lines(request: HttpRequest) -> StreamingHttpResponse:
    """Every provision as a line of JSON."""
    lines = (json.dumps(r, ensure_ascii=False) + "\n" for r in provision_records(user=request.user))
    return StreamingHttpResponse(
        lines,
        content_type="application/jsonl; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="provisions.jsonl"'},
    )


@require_safe
def instrument_akoma(request: HttpRequest, slug: str) -> HttpResponse:
    """One instrument as Akoma Ntoso 3.0."""
    return HttpResponse(
        akoma_of_instrument(slug=slug, user=request.user),
        content_type=f"{MEDIA_TYPE}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}.xml"'},
    )


@require_safe
def pair_mapping(request: HttpRequest) -> HttpResponse:
    """The links of two texts as an OSCAL mapping collection."""
    a, b = two_texts(request)
    base = request.build_absolute_uri("/").rstrip("/")
    document = mapping_of_pair(
        a=a, b=b, user=request.user, origin=base, address=lambda slug: base + reverse("instrument-akoma", args=[slug])
    )
    return HttpResponse(
        json.dumps(document, ensure_ascii=False, indent=1) + "\n",
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{a}-{b}.oscal.json"'},
    )
