"""The commons in the programming door: releases with their versions, files and openness, as far as they may be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest  # noqa: TC002  (ninja reads annotations at run time)
from ninja import Path, Query, Router

from comity.api import schemas_of_commons as schemas
from comity.api.problems import DESCRIBED
from comity.platform.commons.evaluation_views import evaluations_as_dict, evaluations_view
from comity.platform.commons.release_views import ReleaseView, release_cards, release_view

if TYPE_CHECKING:
    from ninja import Schema

router = Router()
Slug = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9-]+$")]
Label = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9._~-]+$")]
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Kind = Literal["", "model", "dataset", "tool", "course", "paper"]


@router.get("/commons/releases", response=schemas.ReleasePage, operation_id="list_releases", openapi_extra=DESCRIBED)
def show_releases(request: HttpRequest, kind: Kind = "", limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    """Return releases by title, never by use, each with its latest version."""
    cards = release_cards(user=request.user, language="en", kind=kind)
    return {"count": len(cards), "items": [told_as(schemas.ReleaseOut, c) for c in cards[offset : offset + limit]]}


@router.get(
    "/commons/releases/{slug}", response=schemas.ReleaseWholeOut, operation_id="read_release", openapi_extra=DESCRIBED
)
def read_release(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """Return one release with its latest version."""
    return _whole(release_view(slug=slug, user=request.user, language="en"))


@router.get(
    "/commons/releases/{slug}/versions/{label}",
    response=schemas.ReleaseWholeOut,
    operation_id="read_release_version",
    openapi_extra=DESCRIBED,
)
def read_release_version(request: HttpRequest, slug: Slug, label: Label) -> dict[str, Any]:
    """Return one release with the version of a label or revision."""
    return _whole(release_view(slug=slug, user=request.user, language="en", name=label))


@router.get(
    "/commons/releases/{slug}/versions/{label}/evaluations",
    response=schemas.EvaluationsOut,
    operation_id="read_release_evaluations",
    openapi_extra=DESCRIBED,
)
def read_release_evaluations(request: HttpRequest, slug: Slug, label: Label) -> dict[str, Any]:
    """Return what members measured on a version, each figure with its interval, together where that is sound."""
    return evaluations_as_dict(evaluations_view(slug=slug, user=request.user, language="en", label=label))


def told_as(shape: type[Schema], card: Any, /, *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what a shape tells of a card."""
    return {name: getattr(card, name) for name in shape.model_fields if name not in but}


def _whole(view: ReleaseView, /) -> dict[str, Any]:
    version = view.version
    return {
        **told_as(schemas.ReleaseOut, view.card),
        "version": told_as(schemas.VersionLine, version.card),
        "description": dict(version.description),
        "openness": dict(version.openness),
        "files": [told_as(schemas.ReleasedFileOut, f) for f in version.files],
        "versions": [told_as(schemas.VersionLine, v) for v in view.versions],
        "taken_down": told_as(schemas.TakenDownOut, view.taken_down) if view.taken_down else None,
    }
