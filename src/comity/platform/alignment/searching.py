"""Search the provisions by their words and by their meaning at once, across languages, never more than an account may see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.adapters.query_language import guess_query_language
from comity.engines.alignment.ranks import fuse_ranks
from comity.engines.alignment.tokens import tokens_of
from comity.platform.alignment import index
from comity.platform.alignment.meanings import find_by_meaning
from comity.platform.alignment.models import Provision
from comity.platform.alignment.selectors import instruments_seen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.platform.alignment.meanings import Silence

MOST_FOUND = 200
MOST_WORDS = 20
# More are looked at than shown: some may be hidden from the account that asks.
MOST_LOOKED_AT = 1000
FACETS = ("party", "kind", "topic", "text_language")


@dataclass(frozen=True, slots=True)
class Hit:
    """A provision that was found, with its instrument and topics loaded, and by what."""

    provision: Provision
    by_words: bool
    by_meaning: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: hits, best first, after the filters; ``total`` before them.

    ``words`` are the tokens looked for; ``every_word`` is False where no provision that may be seen holds all of them.
    ``language`` is what the query was read as, and ``told_by`` says who said so: "reader", "letters" or "page". ``silence``
    says why nothing was looked for by meaning, and is empty where it was. ``facets`` maps each filter to its values with
    the number of hits that the other filters leave.
    """

    hits: tuple[Hit, ...]
    total: int
    words: tuple[str, ...]
    every_word: bool
    language: str
    told_by: str
    silence: Silence
    facets: Mapping[str, Mapping[str, int]]

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than were looked at."""
        return self.total >= MOST_FOUND


def search_provisions(
    *,
    query: str,
    page_language: str,
    user: Any,
    language: str = "",
    filters: Mapping[str, str] | None = None,
) -> Found:
    """Find provisions by words and meaning, at most 200, by what this account may see alone.

    ``language`` is that of the query where the reader states it; else it is told by the query's letters, or is the page's.
    ``filters`` may hold a value for party, kind, topic and text_language (primary subtag). What is not public has no vector
    and is found by its words alone.
    """
    told, by = (language, "reader") if language else guess_query_language(text=query, page=page_language)
    words = tuple(dict.fromkeys(tokens_of(text=query, language=told)))[:MOST_WORDS]
    worded = _seen(index.find(words=words, every=True, most=MOST_LOOKED_AT), user=user)
    every = bool(worded)
    if not worded:
        worded = _seen(index.find(words=words, every=False, most=MOST_LOOKED_AT), user=user)
    near, silence = find_by_meaning(query=query, language=told) if words else ([], "")
    meant = _seen(near, user=user)
    keys = fuse_ranks(lists=[worded, meant])[:MOST_FOUND]
    by_words, by_meaning = frozenset(worded), frozenset(meant)
    rows = Provision.objects.filter(pk__in=keys).select_related("instrument").prefetch_related("topic_marks").in_bulk()
    hits = [Hit(provision=rows[k], by_words=k in by_words, by_meaning=k in by_meaning) for k in keys]
    chosen = {name: value for name, value in (filters or {}).items() if value}
    return Found(
        hits=tuple(h for h in hits if all(chosen[name] in _values(h, name) for name in chosen)),
        total=len(hits),
        words=words,
        every_word=every,
        language=told,
        told_by=by,
        silence=silence,
        facets={name: _facet(hits, chosen, name) for name in FACETS},
    )


def text_languages(*, user: Any) -> list[str]:
    """Return the languages of the provisions that an account may see, as primary subtags, sorted."""
    rows = Provision.objects.filter(instrument__in=instruments_seen(user=user)).order_by()
    return sorted({tag.partition("-")[0] for tag in rows.values_list("language", flat=True).distinct()})


def _seen(keys: Sequence[int], *, user: Any) -> list[int]:
    """Return the keys that an account may see, in their order; places are counted after that, so nothing hidden shows in them."""
    seen = set(
        Provision.objects.filter(pk__in=keys, instrument__in=instruments_seen(user=user)).values_list("pk", flat=True)
    )
    return [k for k in keys if k in seen]


def _values(hit: Hit, name: str) -> tuple[str, ...]:
    provision = hit.provision
    if name == "party":
        return (provision.instrument.party,)
    if name == "kind":
        return (provision.instrument.kind,)
    if name == "topic":
        return tuple(mark.topic_id for mark in provision.topic_marks.all())
    return (provision.language.partition("-")[0],)


def _facet(hits: Sequence[Hit], chosen: Mapping[str, str], name: str) -> Mapping[str, int]:
    others = [n for n in chosen if n != name]
    left = [h for h in hits if all(chosen[n] in _values(h, n) for n in others)]
    return dict(sorted(Counter(v for h in left for v in _values(h, name) if v).items()))
