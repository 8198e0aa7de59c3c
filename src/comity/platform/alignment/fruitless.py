"""Searched, not found: a reviewer looks for a counterpart of a provision, finds none, and writes down how it was sought."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rfc8785
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.adapters.query_language import guess_query_language
from comity.adapters.stemming import stem_words
from comity.engines.alignment.ranks import fuse_ranks
from comity.engines.alignment.tokens import tokens_of
from comity.errors import BadParameter, Conflict
from comity.platform.alignment.meanings import order_by_meaning
from comity.platform.alignment.models import CrosswalkLink, FruitlessSearch, Provision
from comity.platform.alignment.selectors import instruments_seen, provision_of
from comity.platform.alignment.services import reference_of_instrument, reference_of_provision
from comity.platform.parties.rules import require
from comity.platform.record.models import Link
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import narrowest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from comity.platform.alignment.models import Instrument

SEARCH_RULE = "A reviewer writes down what was searched and not found"
ACTION = "record that nothing was found"
SHOWN = 10
MUST_SAY_WHY = 3
MOST_QUERY = 500
MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class Look:
    """The best candidates in what is searched, at most ten, and how they were found.

    ``methods`` are "words" and "meaning", where each found something; ``silence`` says why nothing was looked for by meaning,
    else empty. ``provisions`` is how many were ranked.
    """

    provision: Provision
    instruments: tuple[Instrument, ...]
    candidates: tuple[Provision, ...]
    provisions: int
    languages: tuple[str, ...]
    query: str
    language: str
    topic: str
    methods: tuple[str, ...]
    silence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A fruitless search as a page shows it. ``stale`` is why it holds no more: own-text, text, new-text, link, or empty."""

    row: FruitlessSearch
    stale: str


def look_for_counterpart(
    *,
    slug: str,
    ref: str,
    query: str,
    user: Any,
    instrument: str = "",
    party: str = "",
    language: str = "",
    topic: str = "",
) -> Look:
    """Rank the provisions of an instrument, or of all texts of a party, as counterparts of a provision.

    ``query`` is what is asked, at most 500 characters; empty asks with the provision's own heading and text. Words and meaning
    are joined by reciprocal ranks. Raises NotFound, or BadParameter where nothing of that party is in the collection: that is
    *not in this collection*, and no search.
    """
    provision = provision_of(slug=slug, ref=ref, user=user)
    texts = _texts_to_search(provision, instrument=instrument, party=party, user=user)
    asked = " ".join(query.split()) or f"{provision.heading} {provision.text}".strip()[:MOST_QUERY]
    if len(asked) > MOST_QUERY:
        raise BadParameter(name="q", found=f"{len(asked)} characters", allowed=f"at most {MOST_QUERY} characters")
    told = language or guess_query_language(text=asked, page=provision.language)[0]
    rows = (
        Provision.objects.filter(instrument__in=texts).select_related("instrument").order_by("instrument", "position")
    )
    held = list(rows.filter(topic_marks__topic=topic) if topic else rows)
    worded = _order_by_words(held, query=asked, language=told)
    meant, silence = order_by_meaning(query=asked, language=told, among=[p.pk for p in held])
    by_key = {p.pk: p for p in held}
    best = fuse_ranks(lists=[worded, meant])[:SHOWN]
    return Look(
        provision=provision,
        instruments=tuple(texts),
        candidates=tuple(by_key[key] for key in best),
        provisions=len(held),
        languages=tuple(sorted({p.language for p in held})),
        query=asked,
        language=told,
        topic=topic,
        methods=tuple(name for name, found in (("words", worded), ("meaning", meant)) if found),
        silence=silence,
    )


def record_nothing_found(
    *,
    slug: str,
    ref: str,
    query: str,
    reasons: Mapping[str, str],
    by: Any,
    instrument: str = "",
    party: str = "",
    language: str = "",
    topic: str = "",
) -> FruitlessSearch:
    """Record that none of the candidates is a counterpart, as an act of the office of reviewer.

    ``reasons`` maps a candidate (``instrument/ref``) to why it is none, at most 200 characters; the first three must have one.
    The act holds what was searched and the digest of words and reasons, never free text. Raises NotPermitted, NotFound,
    BadParameter, or Conflict where a confirmed link says otherwise.
    """
    require(user=by, action=ACTION)
    look = look_for_counterpart(
        slug=slug,
        ref=ref,
        query=query,
        instrument=instrument,
        party=party,
        language=language,
        topic=topic,
        user=by,
    )
    rejected = _with_reasons(look, reasons)
    searched = {
        "instruments": [[t.slug, t.source_sha256, t.basis] for t in look.instruments],
        "provisions": look.provisions,
        "languages": list(look.languages),
    }
    means = {
        "query": look.query,
        "language": look.language,
        "methods": list(look.methods),
        "model": settings.EMBEDDER if "meaning" in look.methods else "",
        "silence": look.silence,
        "filters": {"topic": look.topic} if look.topic else {},
        "candidates_seen": len(look.candidates),
    }
    circles = [(t.visibility, t.audience) for t in (look.provision.instrument, *look.instruments)]
    visibility, audience = narrowest(*circles)
    subject = reference_of_provision(look.provision)
    digest = _digest(searched["instruments"])
    with transaction.atomic():
        if _linked(look.provision, look.instruments):
            raise Conflict(
                problem="A confirmed link leads from this provision into what was searched. Nothing was recorded."
            )
        act = enter_act(
            type="record-nothing-found",
            office="reviewer",
            authority=SEARCH_RULE,
            subject=subject,
            payload={
                "provision": subject,
                "instruments": [reference_of_instrument(t.slug) for t in look.instruments],
                "party": party,
                "searched_sha256": digest,
                "provisions": look.provisions,
                "languages": list(look.languages),
                "methods": list(look.methods),
                "topic": look.topic,
                "candidates_seen": len(look.candidates),
                "rejected": [r["provision"] for r in rejected],
                "words_sha256": _digest([means["query"], [r["reason"] for r in rejected]]),
            },
            links=[(subject, Link.Relation.USED, reference_of_instrument(t.slug)) for t in look.instruments],
            visibility=visibility,
            audience=audience,
        )
        return FruitlessSearch.objects.create(
            provision=look.provision,
            instrument=None if party else look.instruments[0],
            party=party,
            digest=digest,
            own_digest=_digest(look.provision.text),
            searched=searched,
            means=means,
            rejected=rejected,
            reviewer=by,
            entered_at=timezone.now(),
            act=act,
        )


def findings_of(*, provisions: Iterable[Provision], user: Any) -> dict[int, list[Finding]]:
    """Return the latest fruitless search of each provision and place, by the provision's key, where all searched may be seen."""
    held = {p.pk: p for p in provisions}
    rows = FruitlessSearch.objects.filter(provision__in=held).select_related("instrument", "act").order_by("-pk")
    seen = {t.slug: t for t in instruments_seen(user=user)} if rows else {}
    found: dict[int, list[Finding]] = {}
    shown = set()
    for row in rows:
        place = (row.provision_id, row.instrument_id, row.party)
        if place in shown or not all(slug in seen for slug, _, _ in row.searched["instruments"]):
            continue
        shown.add(place)
        stale = _why_stale(row, held[row.provision_id], seen)
        found.setdefault(row.provision_id, []).append(Finding(row, stale))
    return found


def _why_stale(row: FruitlessSearch, provision: Provision, seen: Mapping[str, Instrument]) -> str:
    if _digest(provision.text) != row.own_digest:
        return "own-text"
    searched = {slug: digest for slug, digest, _ in row.searched["instruments"]}
    if any(seen[slug].source_sha256 != digest for slug, digest in searched.items()):
        return "text"
    if row.party and {
        t.slug for t in seen.values() if t.party == row.party and t.slug != provision.instrument.slug
    } - set(searched):
        return "new-text"
    return "link" if _linked(provision, [seen[slug] for slug in searched]) else ""


def _texts_to_search(provision: Provision, *, instrument: str, party: str, user: Any) -> list[Instrument]:
    if bool(instrument) == bool(party):
        raise BadParameter(name="in", found="both or neither", allowed="one instrument, or one party")
    others = instruments_seen(user=user).exclude(pk=provision.instrument_id).order_by("slug")
    found = list(others.filter(slug=instrument) if instrument else others.filter(party=party))
    if not found:
        raise BadParameter(
            name="in", found=(instrument or party)[:80], allowed="another instrument, or a party, of this collection"
        )
    return found


def _order_by_words(held: list[Provision], *, query: str, language: str) -> list[int]:
    """Return the keys of those that share a word with the query, the likeliest first."""
    if not held:
        return []
    from comity.engines.alignment.lexical import index_texts, score_words  # noqa: PLC0415  (takes long to import, and few pages need it)

    texts = [stem_words(tuple(p.search_words.split()), p.language) for p in held]
    asked = stem_words(tokens_of(text=query, language=language), language)
    scores = score_words(index=index_texts(texts=texts), queries=[asked])[0]
    order = sorted(range(len(held)), key=lambda i: (-round(float(scores[i]), 6), i))
    return [held[i].pk for i in order if scores[i] > 0]


def _with_reasons(look: Look, reasons: Mapping[str, str]) -> list[dict[str, str]]:
    names = [f"{c.instrument.slug}/{c.ref}" for c in look.candidates]
    cleaned = {name: " ".join(reason.split()) for name, reason in reasons.items() if reason.strip()}
    if unknown := sorted(set(cleaned) - set(names)):
        raise BadParameter(name="candidate", found=unknown[0][:80], allowed="one of the candidates shown; search again")
    for name in names[:MUST_SAY_WHY]:
        if not 0 < len(cleaned.get(name, "")) <= MOST_REASON:
            raise BadParameter(
                name="reason",
                found=f"{len(cleaned.get(name, ''))} characters on {name}"[:80],
                allowed=f"why each of the first {MUST_SAY_WHY} is no counterpart, from 1 to {MOST_REASON} characters",
            )
    for name, reason in cleaned.items():
        if len(reason) > MOST_REASON:
            raise BadParameter(name="reason", found=f"{len(reason)} characters on {name}"[:80], allowed="at most 200")
    return [{"provision": name, "reason": cleaned[name]} for name in names if name in cleaned]


def _linked(provision: Provision, texts: Iterable[Instrument]) -> bool:
    keys = [t.pk for t in texts]
    into = Q(a=provision, b__instrument__in=keys) | Q(b=provision, a__instrument__in=keys)
    return CrosswalkLink.objects.filter(into, state=CrosswalkLink.State.CONFIRMED).exists()


def _digest(value: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()
