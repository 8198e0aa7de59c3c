"""Propose pairs of provisions of different instruments that speak of the same matter.

A pair is proposed where each provision is the other's best counterpart in its instrument (mutual nearest neighbours), by the
fused score of words and meaning. Words are stemmed; vectors are centred by language, so that text in the same language does
not crowd out the true match. Hubs need no further correction here, since a hub cannot be the mutual best of many: with CSLS the
pairs of the worked example were on a common topic no more often. What comes out is a suggestion: the relation is always "related", since whether two texts
have the same content has not been measured.

Up to WHOLE provisions every pair is scored, at 12 bytes of memory each; above that, only the nearest of each provision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from comity.engines.alignment import fusion
from comity.engines.alignment.dense import cosines, knows
from comity.engines.alignment.hubs import centre_by_language
from comity.engines.alignment.lexical import index_texts, score_rows, score_words, shared_words
from comity.engines.alignment.shortlist import find_in_tiles, mutual_best, shortlist_pairs
from comity.engines.alignment.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.lexical import LexicalIndex
    from comity.engines.alignment.shortlist import Find
    from comity.engines.alignment.texts import Collection, Provision
    from comity.engines.alignment.tokens import Stem

VERSION = "2"
MAKER = f"pairs-mutual/{VERSION}"
FUSION = fusion.NAME
ROWS = 1024
WHOLE = 6_000
STRENGTH = {"must": 3, "must-not": 3, "should": 2, "may": 1, "declares": 0}
TERMS_SHOWN = 6
FLOOR = 3.5
FLOOR_ON_ONE_TOPIC = 2.5
"""Fused score, in deviations above the mean of all counterparts, under which a pair is not proposed; lower where both are on
one topic.

Chosen by reading 28 pairs of the worked example, seven a band from 2.5 to 5. Above 3.5 twelve of fourteen were of one matter;
from 2.5 to 3.5 five of seven where they shared a topic, and none of seven where they did not. So few judgments choose a floor;
they are no measure of quality.
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """A suggested pair, ``a`` before ``b`` in the order of their ids.

    ``score`` is the mean of the fused scores in both directions; it orders pairs and is no probability. ``cosine`` is None
    where the model knows the language of neither or of one alone; then words decided. ``shared_terms`` are the most telling
    words that both hold; they are empty across languages. ``bm25_rank`` is the place of ``b`` among the provisions of its
    instrument by words alone, asked from ``a``; None where no word is shared.

    ``stronger`` compares strength apart from content: "a", "b" or "equal" (a duty and a ban are equally strong), None where
    no person has named the strength of both.
    """

    a: str
    b: str
    score: float
    cosine: float | None
    relation: Literal["related"]
    shared_topics: tuple[str, ...]
    shared_terms: tuple[str, ...]
    bm25_rank: int | None = None
    stronger: Literal["a", "b", "equal"] | None = None


def propose_pairs(
    *,
    collection: Collection,
    vectors: np.ndarray | None,
    languages: frozenset[str] = frozenset(),
    floor: float = FLOOR,
    floor_on_one_topic: float = FLOOR_ON_ONE_TOPIC,
    stem: Stem | None = None,
    find: Find = find_in_tiles,
    whole: int = WHOLE,
    weights: tuple[float, float] = (fusion.WORDS, fusion.MEANING),
) -> tuple[Pair, ...]:
    """Return the suggested pairs of a collection, the likeliest first, ties by id.

    ``vectors`` (provisions, d) are in the order of ``collection.provisions``, each of length 1; None compares by words
    alone. ``languages`` are those that the model knows. ``stem`` brings the forms of a word to one; None leaves them. Above
    ``whole`` provisions, ``find`` searches the vectors for the nearest of each. ``weights`` are of words and of meaning, and
    add up to 1. Provisions are taken by id, so their order does not matter.
    """
    order = sorted(range(len(collection.provisions)), key=lambda i: collection.provisions[i].id)
    provisions = [collection.provisions[i] for i in order]
    if not provisions:
        return ()
    known = np.asarray([knows(languages=languages, language=p.language) for p in provisions], dtype=bool)
    plain = [tokens_of(text=f"{p.heading} {p.text}", language=p.language) for p in provisions]
    tokens = plain if stem is None else [stem(t, p.language) for t, p in zip(plain, provisions, strict=True)]
    index, shown = index_texts(texts=tokens), index_texts(texts=plain)
    vectors = None if vectors is None else vectors[order]
    centred = None if vectors is None else _centred(vectors, provisions, known)
    owners = _owners(provisions)
    if len(provisions) <= whole:
        fused = _score_all(index, tokens, centred, known, provisions, weights=weights)
        mutual = _mutual(fused, owners)
    else:
        owner = np.repeat(np.arange(len(owners)), [rows.stop - rows.start for rows in owners.values()])
        mutual = mutual_best(
            shortlist=shortlist_pairs(
                index=index,
                tokens=tokens,
                vectors=centred,
                known=known,
                owner=owner,
                find=find,
                weights=weights,
            ),
            owner=owner,
        )
    apart, together = (fusion.floor_for(floor=f, texts=len(provisions)) for f in (floor, floor_on_one_topic))
    same = {i.id: (i.party, i.title) for i in collection.instruments if i.party}
    pairs = [
        _pair(
            provisions[i],
            provisions[j],
            score=score,
            cosine=_cosine(vectors, i, j) if known[i] and known[j] else None,
            terms=_readable(shared_words(index=shown, a=i, b=j, most=4 * TERMS_SHOWN), provisions[i].text),
            bm25_rank=_rank_of(index, tokens[i], j, owners[provisions[j].instrument]),
        )
        for i, j, score in mutual
        if (score >= apart or (score >= together and not set(provisions[i].topics).isdisjoint(provisions[j].topics)))
        and not _is_one_instrument(provisions[i].instrument, provisions[j].instrument, same)
    ]
    return tuple(sorted(pairs, key=lambda p: (-p.score, p.a, p.b)))


def score_decided(
    *,
    collection: Collection,
    vectors: np.ndarray,
    languages: frozenset[str],
    pairs: Sequence[tuple[str, str]],
    stem: Stem | None = None,
) -> np.ndarray:
    """Return the standardised scores by words and by meaning of pairs of provision ids, float64 (pairs, 2).

    They are the scores that propose_pairs joins, the mean of both directions; NaN where the model does not know both languages.
    Arguments are those of propose_pairs; every id must be in the collection.
    """
    order = sorted(range(len(collection.provisions)), key=lambda i: collection.provisions[i].id)
    provisions = [collection.provisions[i] for i in order]
    place = {p.id: i for i, p in enumerate(provisions)}
    known = np.asarray([knows(languages=languages, language=p.language) for p in provisions], dtype=bool)
    plain = [tokens_of(text=f"{p.heading} {p.text}", language=p.language) for p in provisions]
    tokens = plain if stem is None else [stem(t, p.language) for t, p in zip(plain, provisions, strict=True)]
    index, centred = index_texts(texts=tokens), _centred(vectors[order], provisions, known)
    owner = np.unique([p.instrument for p in provisions], return_inverse=True)[1]
    a, b = (np.asarray([place[pair[side]] for pair in pairs], dtype=np.int64) for side in (0, 1))
    asked, at = np.unique(np.concatenate([a, b]), return_inverse=True)
    found = np.zeros((2, len(a), 2))
    for start in range(0, len(asked), ROWS):
        rows = asked[start : start + ROWS]
        counted = owner[rows, None] != owner[None, :]
        by_words = fusion.standardise(score_words(index=index, queries=[tokens[i] for i in rows]), counted=counted)
        by_meaning = fusion.standardise(
            cosines(a=centred[rows], b=centred), counted=counted & known[rows, None] & known[None, :]
        )
        for way, (mine, other) in enumerate(((at[: len(a)], b), (at[len(a) :], a))):
            here = np.flatnonzero((mine >= start) & (mine < start + ROWS))
            cells = mine[here] - start, other[here]
            found[way, here] = np.stack([by_words[cells], by_meaning[cells]], axis=-1)
    joined: np.ndarray = found.mean(axis=0)
    joined[~(known[a] & known[b])] = np.nan
    return joined


def _centred(vectors: np.ndarray, provisions: Sequence[Provision], known: np.ndarray) -> np.ndarray:
    """Return the vectors centred by language; those that the model does not know count in no mean, and are used nowhere."""
    rows = np.flatnonzero(known)
    spoken = [provisions[i].language for i in rows.tolist()]
    found = np.zeros(vectors.shape, dtype=np.float32)
    found[rows] = centre_by_language(vectors=vectors[rows], languages=spoken)
    return found


def _is_one_instrument(a: str, b: str, same: Mapping[str, tuple[str | None, str]]) -> bool:
    """Tell whether two are an original and its summary: one instrument, whose likeness says nothing of agreement."""
    return a in same and same[a] == same.get(b)


def _score_all(
    index: LexicalIndex,
    tokens: Sequence[Sequence[str]],
    vectors: np.ndarray | None,
    known: np.ndarray,
    provisions: Sequence[Provision],
    *,
    weights: tuple[float, float],
) -> np.ndarray:
    """Return the fused scores of every provision with every other, made alike in both directions."""
    n = len(tokens)
    owner = np.unique([p.instrument for p in provisions], return_inverse=True)[1]
    fused = np.empty((n, n), dtype=np.float32)
    for start in range(0, n, ROWS):
        rows = slice(start, start + ROWS)
        fused[rows] = fusion.fuse(
            words=score_words(index=index, queries=tokens[rows]),
            meaning=None if vectors is None else cosines(a=vectors[rows], b=vectors),
            known=known[rows, None] & known[None, :],
            counted=owner[rows, None] != owner[None, :],
            weights=weights,
        )
    fused += fused.T.copy()
    fused *= 0.5
    return fused


def _owners(provisions: Sequence[Provision]) -> dict[str, slice]:
    """Return where each instrument's provisions stand; sorted by id, they stand together."""
    found: dict[str, slice] = {}
    start = 0
    for end in range(1, len(provisions) + 1):
        if end == len(provisions) or provisions[end].instrument != provisions[start].instrument:
            found[provisions[start].instrument] = slice(start, end)
            start = end
    return found


def _mutual(fused: np.ndarray, owners: dict[str, slice]) -> list[tuple[int, int, float]]:
    names = list(owners)
    found: list[tuple[int, int, float]] = []
    for first, name in enumerate(names):
        rows = owners[name]
        for other in names[first + 1 :]:
            columns = owners[other]
            # Rounded, so that equal texts tie on every machine, and the first id wins.
            block = np.round(fused[rows, columns], 5)
            forth, back = block.argmax(axis=1), block.argmax(axis=0)
            for i in np.flatnonzero(back[forth] == np.arange(len(forth))):
                j = int(forth[i])
                found.append((rows.start + int(i), columns.start + j, round(float(block[i, j]), 5)))
    return found


def _cosine(vectors: np.ndarray | None, i: int, j: int) -> float | None:
    return None if vectors is None else round(float(vectors[i] @ vectors[j]), 6)


def _rank_of(index: LexicalIndex, asked: Sequence[str], j: int, others: slice) -> int | None:
    words = score_rows(index=index, query=asked, rows=others)
    mine = words[j - others.start]
    return int((words > mine).sum()) + 1 if mine > 0 else None


def _compare_strength(a: Provision, b: Provision) -> Literal["a", "b", "equal"] | None:
    if a.modality is None or b.modality is None or a.modality_by or b.modality_by:
        return None
    difference = STRENGTH[a.modality] - STRENGTH[b.modality]
    return "equal" if difference == 0 else "a" if difference > 0 else "b"


def _readable(terms: Sequence[str], text: str) -> tuple[str, ...]:
    """Return shared words as a person reads them: pairs of characters that overlap in the text joined, scraps left out."""
    joined: list[str] = []
    for term in terms:
        if term.isascii():
            if len(term) > 2:  # noqa: PLR2004  (two letters tell nobody anything)
                joined.append(term)
            continue
        for place, held in enumerate(joined):
            if held.endswith(term[0]) and held + term[1:] in text:
                joined[place] = held + term[1:]
                break
            if held.startswith(term[-1]) and term[:-1] + held in text:
                joined[place] = term[:-1] + held
                break
        else:
            joined.append(term)
    return tuple(joined[:TERMS_SHOWN])


def _pair(
    a: Provision, b: Provision, *, score: float, cosine: float | None, terms: tuple[str, ...], bm25_rank: int | None
) -> Pair:
    return Pair(
        a=a.id,
        b=b.id,
        score=score,
        cosine=cosine,
        relation="related",
        shared_topics=tuple(t for t in a.topics if t in b.topics),
        shared_terms=terms,
        bm25_rank=bm25_rank,
        stronger=_compare_strength(a, b),
    )
