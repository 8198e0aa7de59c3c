"""Search the provisions through the programming door, as the page does."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest  # noqa: TC002  (ninja reads annotations at run time)
from ninja import Query, Router, Schema

from comity.api.problems import DESCRIBED
from comity.api.schemas import ProvisionOut  # noqa: TC001  (pydantic reads annotations at run time)
from comity.platform.alignment import exports, searching

router = Router()

Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Asked = Annotated[str, Query(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Word = Annotated[str, Query(max_length=80, pattern=r"^[^\x00-\x1f]*$")]
Tag = Annotated[str, Query(max_length=3, pattern=r"^([a-z]{2,3})?$")]


class HitOut(Schema):
    """A provision that was found, and by what."""

    provision: ProvisionOut
    by_words: bool
    by_meaning: bool


class SearchOut(Schema):
    """What a search found, best first. ``count`` is after the filters, ``silence`` why nothing was sought by meaning."""

    count: int
    every_word: bool
    language: str
    told_by: str
    silence: str
    facets: dict[str, dict[str, int]]
    items: list[HitOut]


@router.get("/search", response=SearchOut, operation_id="search_provisions", openapi_extra=DESCRIBED)
def search_provisions(
    request: HttpRequest,
    q: Asked = "",
    language: Tag = "",
    party: Word = "",
    kind: Word = "",
    topic: Word = "",
    text_language: Tag = "",
    limit: Limit = 20,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Return at most 200 provisions by words and meaning, with the filters of the page and their counts.

    ``language`` is that of the words in ``q``; left out, it is told by their letters, or taken as English.
    """
    filters = {"party": party, "kind": kind, "topic": topic, "text_language": text_language}
    found = searching.search_provisions(
        query=q, page_language="en", user=request.user, language=language, filters=filters
    )
    return {
        "count": len(found.hits),
        "every_word": found.every_word,
        "language": found.language,
        "told_by": found.told_by,
        "silence": found.silence,
        "facets": found.facets,
        "items": [
            {
                "provision": exports.record_of_provision(h.provision),
                "by_words": h.by_words,
                "by_meaning": h.by_meaning,
            }
            for h in found.hits[offset : offset + limit]
        ],
    }
