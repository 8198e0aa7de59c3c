"""Consultations in the programming door: the list, one, and its results as far as they are not held back."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest  # noqa: TC002  (ninja reads annotations at run time)
from ninja import Path, Query, Router

from comity.api import schemas
from comity.api.problems import DESCRIBED
from comity.platform.dialogue.results import TrackResult, results_of
from comity.platform.dialogue.selectors import dialogue_seen, dialogues_seen, list_dialogues, view_dialogue

router = Router()
Slug = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9-]+$")]
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
OF_A_CARD = (
    "reference",
    "slug",
    "body",
    "state",
    "people",
    "has_states",
    "visibility",
    "opened_at",
    "closes_at",
    "closed_at",
    "statements",
    "states_heard",
    "people_heard",
)


@router.get("/dialogues", response=schemas.DialoguePage, operation_id="list_dialogues", openapi_extra=DESCRIBED)
def show_dialogues(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    """Return consultations: open ones by their deadline, then those that have closed, latest first."""
    cards = list_dialogues(user=request.user, language="en")
    held = {d.slug: d for d in dialogues_seen(user=request.user)}
    page = cards[offset : offset + limit]
    return {"count": len(cards), "items": [_record(card, held[card.slug]) for card in page]}


@router.get("/dialogues/{slug}", response=schemas.DialogueOut, operation_id="read_dialogue", openapi_extra=DESCRIBED)
def read_dialogue(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """Return one consultation."""
    found = dialogue_seen(slug=slug, user=request.user)
    return _record(view_dialogue(dialogue=found, user=request.user, language="en").card, found)


@router.get(
    "/dialogues/{slug}/results",
    response=schemas.DialogueResultsOut,
    operation_id="read_dialogue_results",
    openapi_extra=DESCRIBED,
)
def read_dialogue_results(request: HttpRequest, slug: Slug, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    """Return the results of a consultation by track, one page of statements of each."""
    found = results_of(slug=slug, user=request.user)
    return {
        "reference": f"{found.dialogue.reference}/results",
        "state": found.state,
        "tracks": [_track(track, limit, offset) for track in found.tracks],
    }


def _track(track: TrackResult, limit: int, offset: int) -> dict[str, Any]:
    figures = None if track.figures is None else {k: v for k, v in track.figures.items() if k != "statements"}
    rows = [] if track.figures is None else track.figures.get("statements", [])
    return {
        "track": track.track,
        "missing": track.missing,
        "awaits_close": track.awaits_close,
        "is_final": track.is_final,
        "made_at": track.made_at,
        "act": track.act,
        "figures_sha256": track.digest,
        "figures": figures,
        "count": len(rows),
        "statements": rows[offset : offset + limit],
    }


def _record(card: Any, dialogue: Any) -> dict[str, Any]:
    return {
        **{name: getattr(card, name) for name in OF_A_CARD},
        "question": dialogue.question,
        "attribution": dialogue.attribution,
    }
