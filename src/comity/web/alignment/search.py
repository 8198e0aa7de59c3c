"""Search the provisions by their words and their meaning, in the reader's language or another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.engines.alignment.marking import cut_snippet, mark_words
from comity.engines.alignment.texts import KINDS
from comity.platform.alignment import searching, selectors
from comity.web import words
from comity.web.alignment import board
from comity.web.context import interface_language
from comity.web.learnt import notes_holding
from comity.web.parameters import chosen, free_text, page_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest, HttpResponse

PER_PAGE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find provisions, with the words marked where they stand, what each was found by, and filters with their counts."""
    topics = {t.pk: board.label_of(t) for t in selectors.topics()}
    parties = dict(board.party_choices(user=request.user))
    named = [(code, _language(code)) for code in searching.text_languages(user=request.user)]
    languages = dict(sorted(named, key=lambda pair: pair[1]))
    query = free_text(request.GET, "q")
    stated = chosen(request.GET, "language", allowed=words.LANGUAGE_NAMES)
    filters = {
        "party": chosen(request.GET, "party", allowed=parties),
        "kind": chosen(request.GET, "kind", allowed=KINDS),
        "topic": chosen(request.GET, "topic", allowed=topics),
        "text_language": chosen(request.GET, "text_language", allowed=languages),
    }
    context: dict[str, object] = {
        "q": query,
        "language": stated,
        "query_languages": sorted(((c, str(n)) for c, n in words.LANGUAGE_NAMES.items()), key=lambda pair: pair[1]),
        "marks": ("v-del",),
    }
    if query:
        found = searching.search_provisions(
            query=query, page_language=interface_language(), user=request.user, language=stated, filters=filters
        )
        page = Paginator(found.hits, PER_PAGE).get_page(page_number(request.GET))
        names: dict[str, Mapping[str, object]] = {
            "party": parties,
            "kind": words.KINDS,
            "topic": topics,
            "text_language": languages,
        }
        context |= {
            "found": found,
            "page": page,
            "rows": [_row(hit, found) for hit in page],
            "filters": filters,
            "facets": {n: _offered(names[n].items(), found.facets[n], filters[n]) for n in searching.FACETS},
            "is_filtered": any(filters.values()),
            **notes_holding(request, query),
            "read_as": words.READ_AS[found.told_by] % {"language": _language(found.language)},
        }
    return render(request, "alignment/search.html", context)


def _offered(
    names: Iterable[tuple[str, object]], counts: Mapping[str, int], selected: str
) -> list[tuple[str, object, int]]:
    """Return (value, name, number) of each value that the hits have, in the order of the names, and of the chosen one."""
    return [(value, name, counts.get(value, 0)) for value, name in names if value in counts or value == selected]


def _language(code: str) -> str:
    return str(words.LANGUAGE_NAMES.get(code, code))


def _row(hit: searching.Hit, found: searching.Found) -> dict[str, object]:
    provision = hit.provision
    # Words stand marked only in what was found by them: elsewhere they are no reason.
    asked = found.words if hit.by_words else ()
    pieces, before, after = cut_snippet(text=provision.text, language=provision.language, words=asked)
    return {
        "hit": hit,
        "provision": provision,
        "heading": mark_words(text=provision.heading, language=provision.language, words=asked),
        "pieces": pieces,
        "before": before,
        "after": after,
    }
