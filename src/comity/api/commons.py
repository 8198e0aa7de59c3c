"""The commons in the programming door: releases, figures measured on them, notes, questions, agreements and mirrors, as far as they may be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest  # noqa: TC002  (ninja reads annotations at run time)
from ninja import Path, Query, Router

from comity.api import schemas_of_commons as schemas
from comity.api.problems import DESCRIBED
from comity.api.subjects import is_seen
from comity.platform.commons.agreement_pages import list_agreements
from comity.platform.commons.evaluation_views import evaluations_view
from comity.platform.commons.mirror_views import mirrors_seen
from comity.platform.commons.note_cards import find_notes, note_cards_of
from comity.platform.commons.note_views import note_page
from comity.platform.commons.question_views import question_cards, question_page, questions_listed
from comity.platform.commons.release_views import ReleaseView, release_cards, release_view

if TYPE_CHECKING:
    from ninja import Schema

router = Router()
Slug = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9-]+$")]
Label = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9._~-]+$")]
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Version = Annotated[str, Query(max_length=40, pattern=r"^[A-Za-z0-9._~-]*$")]
Reference = Annotated[str, Query(max_length=250, pattern=r"^[A-Za-z0-9._~/-]*$")]
Tongue = Annotated[str, Query(max_length=2, pattern=r"^[a-z]*$")]
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
    "/commons/releases/{slug}/evaluations",
    response=list[schemas.FigureOut],
    operation_id="list_figures",
    openapi_extra=DESCRIBED,
)
def show_figures(request: HttpRequest, slug: Slug, version: Version = "") -> list[dict[str, Any]]:
    """Return what members measured on a version of a release (the latest where none is named), by task and language."""
    found = evaluations_view(slug=slug, user=request.user, language="en", label=version)
    of_task = ("task", "task_version", "measure", "scorer")
    return [
        {
            **told_as(schemas.FigureOut, line, but=("language", *of_task)),
            **{name: getattr(table, name) for name in of_task},
            "language": spoken.language,
        }
        for table in found.tables
        for spoken in table.languages
        for line in spoken.lines
    ]


@router.get("/commons/notes", response=schemas.NotePageOut, operation_id="list_notes", openapi_extra=DESCRIBED)
def show_notes(
    request: HttpRequest, about: Reference = "", tongue: Tongue = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Return experience notes by title. ``about`` is the reference of a topic, a text, a resource, a need or a release.

    About what the account does not see nothing is found.
    """
    if about and not is_seen(about, user=request.user):
        return {"count": 0, "items": []}
    held = find_notes(user=request.user, language="en", about=[about] if about else [], tongue=tongue)
    cards = note_cards_of(keys=held[offset : offset + limit], user=request.user, language="en")
    return {"count": len(held), "items": [told_as(schemas.NoteOut, c) for c in cards]}


@router.get("/commons/notes/{slug}", response=schemas.NoteWholeOut, operation_id="read_note", openapi_extra=DESCRIBED)
def read_note(request: HttpRequest, slug: Slug, tongue: Tongue = "") -> dict[str, Any]:
    """Return one note, in a language where it is there in it."""
    found = note_page(slug=slug, user=request.user, language="en", tongue=tongue)
    words = found.words
    return {
        **told_as(schemas.NoteOut, found.card),
        "words": {**told_as(schemas.NoteWordsOut, words, but=("parts",)), "parts": dict(words.parts)}
        if words
        else None,
        "about": [r for r in found.about if is_seen(r, user=request.user)],
    }


@router.get(
    "/commons/questions", response=schemas.MemberQuestionPage, operation_id="list_questions", openapi_extra=DESCRIBED
)
def show_questions(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    """Return questions to the members: open ones by the day on which answers are wanted, then those that ended."""
    rows = questions_listed(user=request.user)
    cards = question_cards(questions=rows[offset : offset + limit], user=request.user, language="en")
    return {"count": rows.count(), "items": [told_as(schemas.MemberQuestionOut, c) for c in cards]}


@router.get(
    "/commons/questions/{slug}",
    response=schemas.MemberQuestionWholeOut,
    operation_id="read_question",
    openapi_extra=DESCRIBED,
)
def read_question(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """Return one question with the replies that the account may see."""
    found = question_page(slug=slug, user=request.user, language="en")
    return {
        **told_as(schemas.MemberQuestionOut, found.card),
        "replied": [told_as(schemas.ReplyOut, r) for r in found.replies],
        "about": [r for r in (*found.about, *found.about_elsewhere) if is_seen(r, user=request.user)],
    }


@router.get(
    "/commons/agreements",
    response=schemas.SharingAgreementPage,
    operation_id="list_sharing_agreements",
    openapi_extra=DESCRIBED,
)
def show_sharing_agreements(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    """Return agreements on sharing."""
    cards = list_agreements(user=request.user, language="en")
    items = [
        {
            **told_as(schemas.SharingAgreementOut, c, but=("parties",)),
            "parties": [told_as(schemas.SideOut, s) for s in c.sides],
        }
        for c in cards[offset : offset + limit]
    ]
    return {"count": len(cards), "items": items}


@router.get("/commons/mirrors", response=list[schemas.MirrorOut], operation_id="list_mirrors", openapi_extra=DESCRIBED)
def show_mirrors(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the mirrors that are named, with what the last comparison found."""
    return [told_as(schemas.MirrorOut, c) for c in mirrors_seen(user=request.user, language="en")]


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
