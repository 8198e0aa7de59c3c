"""Score texts by their words: Okapi BM25 as a sparse matrix.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the inverse document frequency
of Lucene, ln(1 + (n - df + 0.5) / (df + 0.5)), which is never negative.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

K1 = 1.2
B = 0.75


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """``weights`` (texts, words): what each word adds to the score of each text. ``words`` are those of the columns."""

    weights: sparse.csr_matrix
    vocabulary: Mapping[str, int]
    words: tuple[str, ...]


def index_texts(*, texts: Sequence[Sequence[str]], k1: float = K1, b: float = B) -> LexicalIndex:
    """Return the index of tokenised texts. Columns are in the order of the words, so the index is the same anywhere."""
    counts = [Counter(tokens) for tokens in texts]
    vocabulary = {word: column for column, word in enumerate(sorted(set().union(*counts)))}
    frequencies = _matrix(counts, vocabulary)
    lengths = np.asarray([len(tokens) for tokens in texts], dtype=np.float64)
    mean = max(float(lengths.mean()) if len(lengths) else 0.0, 1.0)
    holders = np.asarray((frequencies > 0).sum(axis=0)).ravel()
    rarity = np.log1p((len(texts) - holders + 0.5) / (holders + 0.5))
    cells = frequencies.tocoo()
    saturation = cells.data / (cells.data + k1 * (1.0 - b + b * lengths[cells.row] / mean))
    weights = sparse.csr_matrix((rarity[cells.col] * saturation, (cells.row, cells.col)), shape=frequencies.shape)
    return LexicalIndex(weights=weights, vocabulary=vocabulary, words=tuple(vocabulary))


def score_words(*, index: LexicalIndex, queries: Sequence[Sequence[str]]) -> np.ndarray:
    """Return the BM25 score of each text for each tokenised query, shape (queries, texts), 0 where no word is shared.

    A word that a query repeats counts as often as it stands there.
    """
    asked = _matrix([Counter(w for w in tokens if w in index.vocabulary) for tokens in queries], index.vocabulary)
    scores: np.ndarray = (asked @ index.weights.T).toarray()
    return scores


def score_cells(
    *,
    index: LexicalIndex,
    queries: Sequence[Sequence[str]],
    rows: np.ndarray,
    columns: np.ndarray,
    at_once: int = 100_000,
) -> np.ndarray:
    """Return the BM25 score of text ``columns[i]`` for query ``rows[i]``, shape (n,), without the other cells."""
    asked = _matrix([Counter(w for w in tokens if w in index.vocabulary) for tokens in queries], index.vocabulary)
    scores = np.zeros(len(rows))
    for start in range(0, len(rows), at_once):
        part = slice(start, start + at_once)
        scores[part] = np.asarray(asked[rows[part]].multiply(index.weights[columns[part]]).sum(axis=1)).ravel()
    return scores


def score_rows(*, index: LexicalIndex, query: Sequence[str], rows: slice) -> np.ndarray:
    """Return the BM25 score of each text of ``rows`` for one tokenised query, shape (rows,)."""
    asked = np.zeros(len(index.words))
    for word in query:
        if (column := index.vocabulary.get(word)) is not None:
            asked[column] += 1.0
    scores: np.ndarray = index.weights[rows] @ asked
    return scores


def shared_words(*, index: LexicalIndex, a: int, b: int, most: int) -> tuple[str, ...]:
    """Return the words that texts ``a`` and ``b`` share, the most telling first, ties by word."""
    both = index.weights[a].multiply(index.weights[b]).tocoo()
    words = index.words
    ranked = sorted(zip(both.data, both.col, strict=True), key=lambda pair: (-round(float(pair[0]), 9), int(pair[1])))
    return tuple(words[int(column)] for _, column in ranked[:most])


def _matrix(counts: Sequence[Counter[str]], vocabulary: Mapping[str, int]) -> sparse.csr_matrix:
    rows = np.repeat(np.arange(len(counts)), [len(c) for c in counts])
    columns = np.fromiter((vocabulary[w] for c in counts for w in c), dtype=np.int64, count=len(rows))
    values = np.fromiter((n for c in counts for n in c.values()), dtype=np.float64, count=len(rows))
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(counts), len(vocabulary)))
