"""Version 1 of the programming door: what the pages show, as JSON, read only.

Every list takes ``limit`` (1 to 200) and ``offset``; every answer carries an ETag. An answer holds no more than the
account that asks may see.
"""

from __future__ import annotations

import hashlib
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from ninja import NinjaAPI, Path, Query

from comity.adapters.country_data import read_atlas
from comity.api import schemas
from comity.api.capacity import router as capacity
from comity.api.commons import router as commons
from comity.api.decisions import router as decisions
from comity.api.dialogue import router as dialogue
from comity.api.parties import router
from comity.api.problems import DESCRIBED, speak_problems
from comity.api.search import router as search
from comity.engines.alignment.convergence import NOT_HERE
from comity.engines.parties.countries import listed_in
from comity.platform.alignment import convergence, exports, histories, selectors
from comity.platform.record.selectors import count_acts, latest_acts

if TYPE_CHECKING:
    from collections.abc import Callable

api = NinjaAPI(title="Comity", version="1", urls_namespace="api-1", docs_url=None, openapi_url="openapi.json")
speak_problems(api)


def tagged(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give an answer an ETag, and answer 304 to one who has it already."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 200:  # noqa: PLR2004  (HTTP's own word for yes)
            return response
        tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        if tag in request.headers.get("If-None-Match", ""):
            return HttpResponseNotModified(headers={"ETag": tag})
        response["ETag"] = tag
        response["Cache-Control"] = "no-cache"
        return response

    return answer


api.add_decorator(tagged, mode="view")

Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Word = Annotated[str, Query(max_length=80, pattern=r"^[^\x00-\x1f]*$")]
Number = Annotated[int, Path(ge=1, le=1_000_000)]
Name = Annotated[str, Path(max_length=120, pattern=r"^[A-Za-z0-9._~-]+$")]


@api.get("/instruments", response=schemas.InstrumentPage, operation_id="list_instruments", openapi_extra=DESCRIBED)
def list_instruments(
    request: HttpRequest,
    party: Word = "",
    kind: Word = "",
    status: Word = "",
    topic: Word = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Return instruments by title, with the filters of the page."""
    found = selectors.list_instruments(user=request.user, party=party, kind=kind, status=status, topic=topic)
    return {"count": found.count(), "items": [exports.record_of_instrument(i) for i in found[offset : offset + limit]]}


@api.get("/instruments/{slug}", response=schemas.InstrumentOut, operation_id="read_instrument", openapi_extra=DESCRIBED)
def read_instrument(request: HttpRequest, slug: Name) -> dict[str, Any]:
    """Return one instrument."""
    found = selectors.instrument_of(slug=slug, user=request.user)
    return exports.record_of_instrument(selectors.list_instruments(user=request.user).get(pk=found.pk))


@api.get(
    "/instruments/{slug}/provisions",
    response=schemas.ProvisionPage,
    operation_id="list_provisions",
    openapi_extra=DESCRIBED,
)
def list_provisions(request: HttpRequest, slug: Name, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    """Return the provisions of an instrument, in its order."""
    found = selectors.instrument_of(slug=slug, user=request.user)
    rows = selectors.provisions_of(instrument=found)
    for row in rows:
        row.instrument = found
    return {"count": len(rows), "items": [exports.record_of_provision(p) for p in rows[offset : offset + limit]]}


@api.get(
    "/instruments/{slug}/provisions/{ref}",
    response=schemas.ProvisionOut,
    operation_id="read_provision",
    openapi_extra=DESCRIBED,
)
def read_provision(request: HttpRequest, slug: Name, ref: Name) -> dict[str, Any]:
    """Return one provision."""
    return exports.record_of_provision(selectors.provision_of(slug=slug, ref=ref, user=request.user))


@api.get(
    "/instruments/{slug}/versions",
    response=list[schemas.VersionOut],
    operation_id="list_versions",
    openapi_extra=DESCRIBED,
)
def list_versions(request: HttpRequest, slug: Name) -> list[dict[str, Any]]:
    """Return the versions of an instrument, the first one first."""
    return exports.records_of_versions(instrument=selectors.instrument_of(slug=slug, user=request.user))


@api.get(
    "/instruments/{slug}/versions/{number}",
    response=schemas.VersionTextOut,
    operation_id="read_version",
    openapi_extra=DESCRIBED,
)
def read_version(request: HttpRequest, slug: Name, number: Number) -> dict[str, Any]:
    """Return one version with its provisions."""
    return exports.record_of_version(held=histories.version_of(slug=slug, number=number, user=request.user))


@api.get("/links", response=schemas.LinkPage, operation_id="list_links", openapi_extra=DESCRIBED)
def list_links(
    request: HttpRequest,
    state: Literal["waiting", "disputed", "stale", "confirmed"] = "confirmed",
    instrument: Word = "",
    topic: Word = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Return links in a state, likeliest first. Rejected ones are not listed."""
    found = selectors.links_shown(user=request.user, state=state, instrument=instrument, topic=topic)
    return {"count": found.count(), "items": exports.records_of_links(found[offset : offset + limit])}


@api.get("/topics", response=list[schemas.TopicOut], operation_id="list_topics", openapi_extra=DESCRIBED)
def list_topics(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the concept scheme, each topic with the number of members at each level."""
    del request
    counts = convergence.levels_by_topic(members=len(_members()))
    return [
        {"id": t.pk, "facet": t.facet, "labels": t.labels, "definitions": t.definitions, "levels": counts[t.pk]}
        for t in selectors.topics()
    ]


@api.get(
    "/topics/{topic}/members",
    response=list[schemas.CellOut],
    operation_id="list_members_on_topic",
    openapi_extra=DESCRIBED,
)
def list_members_on_topic(request: HttpRequest, topic: Name) -> list[dict[str, Any]]:
    """Return every member with its level on a topic, by name in English."""
    del request
    found = selectors.topic_of(topic=topic)
    cells = convergence.cells_of(topic=found.pk)
    none: dict[str, Any] = {"level": NOT_HERE, "own": None, "through": []}
    return [
        {"member": m, "level": cells[m].level, "own": cells[m].own or None, "through": list(cells[m].through)}
        if m in cells
        else {"member": m, **none}
        for m in _members()
    ]


@api.get("/acts", response=schemas.ActPage, operation_id="list_acts", openapi_extra=DESCRIBED)
def list_acts(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    """Return acts, newest first."""
    return {
        "count": count_acts(user=request.user),
        "items": list(latest_acts(user=request.user, most=limit, after=offset)),
    }


api.add_router("", router)
api.add_router("", dialogue)
api.add_router("", decisions)
api.add_router("", capacity)
api.add_router("", commons)
api.add_router("", search)


def _members() -> list[str]:
    return [s.iso3 for s in listed_in(atlas=read_atlas(), language="en") if s.status == "member"]
