"""Propose pairs of provisions of different instruments that speak of the same matter.

A pair is proposed where each provision is the other's best counterpart in its instrument (mutual nearest neighbours), by the
fused score of words and meaning. What comes out is a suggestion: the relation is always "related", since whether two texts
have the same content has not been measured.

Memory grows with the square of the number of provisions: 12 bytes a pair of provisions, 0.4 GB at 5,500.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from comity.engines.alignment import fusion
from comity.engines.alignment.dense import cosines, knows
from comity.engines.alignment.lexical import index_texts, score_words, shared_words
from comity.engines.alignment.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.lexical import LexicalIndex
    from comity.engines.alignment.texts import Collection, Provision

VERSION = "1"
MAKER = f"pairs-mutual/{VERSION}"
FUSION = fusion.NAME
ROWS = 1024
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
) -> tuple[Pair, ...]:
    """Return the suggested pairs of a collection, the likeliest first, ties by id.

    ``vectors`` (provisions, d) are in the order of ``collection.provisions``, each of length 1; None compares by words
    alone. ``languages`` are those that the model knows. Provisions are taken by id, so their order does not matter.
    """
    order = sorted(range(len(collection.provisions)), key=lambda i: collection.provisions[i].id)
    provisions = [collection.provisions[i] for i in order]
    if not provisions:
        return ()
    known = np.asarray([knows(languages=languages, language=p.language) for p in provisions], dtype=bool)
    tokens = [tokens_of(text=f"{p.heading} {p.text}", language=p.language) for p in provisions]
    index = index_texts(texts=tokens)
    vectors = None if vectors is None else vectors[order]
    fused, by_words = _score_all(index, tokens, vectors, known, provisions)
    apart, together = (fusion.floor_for(floor=f, texts=len(provisions)) for f in (floor, floor_on_one_topic))
    owners = _owners(provisions)
    same = {i.id: (i.party, i.title) for i in collection.instruments if i.party}
    pairs = [
        _pair(
            provisions[i],
            provisions[j],
            score=score,
            cosine=_cosine(vectors, i, j) if known[i] and known[j] else None,
            terms=_readable(shared_words(index=index, a=i, b=j, most=4 * TERMS_SHOWN), provisions[i].text),
            bm25_rank=_rank_of(j, by_words[i], owners[provisions[j].instrument]),
        )
        for i, j, score in _mutual(fused, owners, same)
        if score >= apart or (score >= together and not set(provisions[i].topics).isdisjoint(provisions[j].topics))
    ]
    return tuple(sorted(pairs, key=lambda p: (-p.score, p.a, p.b)))


def _score_all(
    index: LexicalIndex,
    tokens: Sequence[Sequence[str]],
    vectors: np.ndarray | None,
    known: np.ndarray,
    provisions: Sequence[Provision],
) -> tuple[np.ndarray, np.ndarray]:
    """Return the fused scores of every provision with every other, made alike in both directions, and those of words."""
    n = len(tokens)
    owner = np.unique([p.instrument for p in provisions], return_inverse=True)[1]
    fused, by_words = np.empty((n, n), dtype=np.float32), np.empty((n, n), dtype=np.float32)
    for start in range(0, n, ROWS):
        rows = slice(start, start + ROWS)
        words = score_words(index=index, queries=tokens[rows])
        fused[rows] = fusion.fuse(
            words=words,
            meaning=None if vectors is None else cosines(a=vectors[rows], b=vectors),
            known=known[rows, None] & known[None, :],
            counted=owner[rows, None] != owner[None, :],
        )
        by_words[rows] = words
    fused += fused.T.copy()
    fused *= 0.5
    return fused, by_words


def _owners(provisions: Sequence[Provision]) -> dict[str, slice]:
    """Return where each instrument's provisions stand; sorted by id, they stand together."""
    found: dict[str, slice] = {}
    start = 0
    for end in range(1, len(provisions) + 1):
        if end == len(provisions) or provisions[end].instrument != provisions[start].instrument:
            found[provisions[start].instrument] = slice(start, end)
            start = end
    return found


def _mutual(
    fused: np.ndarray, owners: dict[str, slice], same: Mapping[str, tuple[str | None, str]]
) -> list[tuple[int, int, float]]:
    names = list(owners)
    found: list[tuple[int, int, float]] = []
    for first, name in enumerate(names):
        rows = owners[name]
        for other in names[first + 1 :]:
            # An original and its summary are one instrument, and say nothing of agreement.
            if name in same and same[name] == same.get(other):
                continue
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


def _rank_of(j: int, words: np.ndarray, others: slice) -> int | None:
    return int((words[others] > words[j]).sum()) + 1 if words[j] > 0 else None


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
