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
from comity.engines.alignment.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
) -> tuple[Ranking, ...]:
    """Rank every candidate for every query, queries by id, ties by the candidate's id.

    A candidate with the query's id, or of the query's instrument where that is given, is left out. Vectors are (n, d) in
    the order of the passages. ``by`` is "fused", "words" or "meaning"; where the model does not know both languages, words
    decide alone.
    """
    order = sorted(range(len(candidates)), key=lambda i: candidates[i].id)
    found = [candidates[i] for i in order]
    index = index_texts(texts=[tokens_of(text=c.text, language=c.language) for c in found])
    words = score_words(index=index, queries=[tokens_of(text=q.text, language=q.language) for q in queries])
    counted = np.asarray([[_may_answer(c, q) for c in found] for q in queries], dtype=bool).reshape(words.shape)
    meaning, known = None, np.zeros(words.shape, dtype=bool)
    if query_vectors is not None and candidate_vectors is not None and by != "words":
        meaning = cosines(a=query_vectors, b=candidate_vectors[order])
        known = known_pairs(languages=languages, a=[q.language for q in queries], b=[c.language for c in found])
    if by == "meaning" and meaning is not None:
        scores = np.where(known, meaning, fuse(words=words, meaning=None, counted=counted))
    else:
        scores = fuse(words=words, meaning=meaning, known=known, counted=counted)
    rankings = (_rank(query, found, *rows) for query, *rows in zip(queries, scores, counted, known, strict=True))
    return tuple(sorted(rankings, key=lambda r: r.query))


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
    grades: dict[str, dict[str, int]] = {}
    for (query, candidate), grade in gold.items():
        grades.setdefault(query, {})[candidate] = grade
    rows = [
        _measure_one(ranking.candidates, grades[ranking.query])
        for ranking in rankings
        if COUNTERPART in grades.get(ranking.query, {}).values()
    ]
    if not rows:
        return Measures(recall_at_10=0.0, ndcg_at_10=0.0, mrr=0.0, queries=0)
    recall, ndcg, rank = (float(np.mean(column)) for column in zip(*rows, strict=True))
    return Measures(recall_at_10=recall, ndcg_at_10=ndcg, mrr=rank, queries=len(rows))


def _measure_one(candidates: Sequence[str], grades: Mapping[str, int]) -> tuple[float, float, float]:
    counterparts = {c for c, grade in grades.items() if grade == COUNTERPART}
    first = candidates[:DEPTH]
    recall = len(counterparts.intersection(first)) / len(counterparts)
    best = _gain(sorted(grades.values(), reverse=True)[:DEPTH])
    place = next((i for i, c in enumerate(candidates, 1) if c in counterparts), None)
    return recall, _gain([grades.get(c, 0) for c in first]) / best, 1.0 / place if place else 0.0


def _gain(grades: Sequence[int]) -> float:
    return float(sum((2**grade - 1) / np.log2(place + 1) for place, grade in enumerate(grades, 1)))
