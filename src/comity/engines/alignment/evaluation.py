"""Measure retrieval against judgments: recall, normalised discounted cumulative gain, mean reciprocal rank.

Järvelin and Kekäläinen (2002) for the gain, with 2^grade - 1 after Burges et al. (2005); Voorhees (1999) for the rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.alignment.dense import cosines, known_pairs, take_best
from comity.engines.alignment.fusion import fuse
from comity.engines.alignment.lexical import index_texts, score_words
from comity.engines.alignment.signals import Signals, gather_signals, join_signals
from comity.engines.alignment.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.reference import Reference
    from comity.engines.alignment.tokens import Stem

DEPTH = 10
COUNTERPART = 2


@dataclass(frozen=True, slots=True)
class Passage:
    """A query or a candidate of a gold set."""

    id: str
    text: str
    language: str
    instrument: str | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidates of one query, best first: ids and scores of one length.

    ``words_alone`` tells that no candidate could be compared by meaning: there is no model, or it does not know the language.
    """

    query: str
    candidates: tuple[str, ...]
    scores: tuple[float, ...]
    words_alone: bool = False


@dataclass(frozen=True, slots=True)
class Measures:
    """Means over the queries that have a counterpart (grade 2); all 0 where no query has one."""

    recall_at_10: float
    ndcg_at_10: float
    mrr: float
    queries: int


def rank_candidates(
    *,
    queries: Sequence[Passage],
    candidates: Sequence[Passage],
    query_vectors: np.ndarray | None = None,
    candidate_vectors: np.ndarray | None = None,
    languages: frozenset[str] = frozenset(),
    by: str = "fused",
    reference: Reference | None = None,
    stem: Stem | None = None,
) -> tuple[Ranking, ...]:
    """Rank every candidate for every query, queries by id, ties by the candidate's id.

    A candidate with the query's id, or of the query's instrument where that is given, is left out. Vectors are (n, d) in
    the order of the passages. ``by`` is "fused", "words" or "meaning"; where the model does not know both languages, words
    decide alone. With a ``reference`` the signals are joined by learned weights, without one by those of fusion.
    """
    order = sorted(range(len(candidates)), key=lambda i: candidates[i].id)
    found = [candidates[i] for i in order]
    offered = None if candidate_vectors is None else candidate_vectors[order]
    has_meaning = query_vectors is not None and offered is not None
    if by == "fused" and reference is not None and query_vectors is not None and offered is not None:
        signals = compare_passages(
            queries=queries,
            candidates=found,
            vectors=(query_vectors, offered),
            languages=languages,
            reference=reference,
            stem=stem,
        )
        return rank_by_scores(
            queries=queries, candidates=found, scores=join_signals(signals=signals), known=signals.known
        )
    index = index_texts(texts=_tokens(found, stem))
    words = score_words(index=index, queries=_tokens(queries, stem))
    counted = may_answer(queries=queries, candidates=found)
    meaning, known = None, np.zeros(words.shape, dtype=bool)
    if has_meaning and by != "words":
        assert query_vectors is not None  # noqa: S101  (told by has_meaning)
        assert offered is not None  # noqa: S101  (told by has_meaning)
        meaning = cosines(a=query_vectors, b=offered)
        known = known_pairs(languages=languages, a=[q.language for q in queries], b=[c.language for c in found])
    if by == "meaning" and meaning is not None:
        scores = np.where(known, meaning, fuse(words=words, meaning=None, counted=counted))
    else:
        scores = fuse(words=words, meaning=meaning, known=known, counted=counted)
    return rank_by_scores(queries=queries, candidates=found, scores=scores, known=known)


def compare_passages(
    *,
    queries: Sequence[Passage],
    candidates: Sequence[Passage],
    vectors: tuple[np.ndarray, np.ndarray],
    languages: frozenset[str],
    reference: Reference,
    stem: Stem | None = None,
) -> Signals:
    """Return the signals between queries and candidates, both in the order given, as are their vectors."""
    return gather_signals(
        words=(_tokens(queries, stem), _tokens(candidates, stem)),
        vectors=vectors,
        spoken=([q.language for q in queries], [c.language for c in candidates]),
        languages=languages,
        counted=may_answer(queries=queries, candidates=candidates),
        reference=reference,
    )


def rank_by_scores(
    *, queries: Sequence[Passage], candidates: Sequence[Passage], scores: np.ndarray, known: np.ndarray | None = None
) -> tuple[Ranking, ...]:
    """Rank candidates, given in the order of their ids, by ``scores`` (queries, candidates), queries by id."""
    counted = may_answer(queries=queries, candidates=candidates)
    compared = np.zeros(scores.shape, dtype=bool) if known is None else known
    rankings = (
        _rank(query, candidates, *rows) for query, *rows in zip(queries, scores, counted, compared, strict=True)
    )
    return tuple(sorted(rankings, key=lambda r: r.query))


def may_answer(*, queries: Sequence[Passage], candidates: Sequence[Passage]) -> np.ndarray:
    """Return which candidates may answer which query, bool of shape (queries, candidates)."""
    found = [[_may_answer(c, q) for c in candidates] for q in queries]
    return np.asarray(found, dtype=bool).reshape(len(queries), len(candidates))


def _tokens(passages: Sequence[Passage], stem: Stem | None) -> list[tuple[str, ...]]:
    plain = [tokens_of(text=p.text, language=p.language) for p in passages]
    return plain if stem is None else [stem(t, p.language) for t, p in zip(plain, passages, strict=True)]


def _may_answer(candidate: Passage, query: Passage) -> bool:
    return candidate.id != query.id and (query.instrument is None or candidate.instrument != query.instrument)


def _rank(
    query: Passage, candidates: Sequence[Passage], scores: np.ndarray, counted: np.ndarray, known: np.ndarray
) -> Ranking:
    order = [int(i) for i in take_best(scores=scores[None, :], most=len(candidates))[0] if counted[i]]
    return Ranking(
        query=query.id,
        candidates=tuple(candidates[i].id for i in order),
        scores=tuple(round(float(scores[i]), 6) for i in order),
        words_alone=not bool((known & counted).any()),
    )


def measure(*, rankings: Sequence[Ranking], gold: Mapping[tuple[str, str], int]) -> Measures:
    """Return the measures of rankings against ``gold``: (query, candidate) to grade 0, 1 or 2; unjudged counts as 0."""
    rows = measure_each(rankings=rankings, gold=gold)
    if not len(rows):
        return Measures(recall_at_10=0.0, ndcg_at_10=0.0, mrr=0.0, queries=0)
    recall, ndcg, rank = (float(column) for column in rows.mean(axis=0))
    return Measures(recall_at_10=recall, ndcg_at_10=ndcg, mrr=rank, queries=len(rows))


def measure_each(*, rankings: Sequence[Ranking], gold: Mapping[tuple[str, str], int]) -> np.ndarray:
    """Return recall@10, nDCG@10 and reciprocal rank of each query that has a counterpart, in the order of the rankings."""
    grades: dict[str, dict[str, int]] = {}
    for (query, candidate), grade in gold.items():
        grades.setdefault(query, {})[candidate] = grade
    rows = [
        _measure_one(ranking.candidates, grades[ranking.query])
        for ranking in rankings
        if COUNTERPART in grades.get(ranking.query, {}).values()
    ]
    return np.asarray(rows, dtype=np.float64).reshape(len(rows), 3)


def _measure_one(candidates: Sequence[str], grades: Mapping[str, int]) -> tuple[float, float, float]:
    counterparts = {c for c, grade in grades.items() if grade == COUNTERPART}
    first = candidates[:DEPTH]
    recall = len(counterparts.intersection(first)) / len(counterparts)
    best = _gain(sorted(grades.values(), reverse=True)[:DEPTH])
    place = next((i for i, c in enumerate(candidates, 1) if c in counterparts), None)
    return recall, _gain([grades.get(c, 0) for c in first]) / best, 1.0 / place if place else 0.0


def _gain(grades: Sequence[int]) -> float:
    return float(sum((2**grade - 1) / np.log2(place + 1) for place, grade in enumerate(grades, 1)))
