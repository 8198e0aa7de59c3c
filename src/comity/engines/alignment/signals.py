"""Say how each of two sets of texts answers the other by several signals, and join them with learned weights.

Meaning is the cosine corrected for hubs; words are BM25 asked from the candidates, in one index of both sets, since a short
title asks a long sentence better than the sentence asks the title; topics are the likeness of what both texts are about, where
both are in English, the language of the reference (across languages they put true matches lower). Each is standardised by query. Strength is no signal here: titles have none, and two rules of one matter may differ in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.alignment.dense import cosines, known_pairs
from comity.engines.alignment.fusion import ALONE, standardise
from comity.engines.alignment.hubs import centre_by_language, correct_hubs, nearness_to_all
from comity.engines.alignment.lexical import index_texts, score_words
from comity.engines.alignment.reference import Reference, profile_topics

if TYPE_CHECKING:
    from collections.abc import Sequence

TOPICS_IN = frozenset({"en"})
NAMES = ("meaning", "words", "topics")
WEIGHTS = (0.35, 0.30, 0.39)
"""Learned from the 72 queries of gold/nist-iso42001, ridge 1, by

    comity align evaluate --learn --queries queries.jsonl --candidates candidates.jsonl --gold gold.csv

The held-out figures of that command were made with weights learned without the group of each query. Which signals there are
was chosen by looking at the same set, so those figures still flatter a little.
"""


@dataclass(frozen=True, slots=True)
class Signals:
    """``values`` (queries, candidates, signals) float64, standardised by query, in the order of NAMES.

    ``known`` and ``counted`` (queries, candidates): where the model knows both languages, and which candidates may answer.
    ``words_alone`` (queries, candidates): the score that stands where the language is not known.
    """

    values: np.ndarray
    known: np.ndarray
    counted: np.ndarray
    words_alone: np.ndarray


def gather_signals(
    *,
    words: tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]],
    vectors: tuple[np.ndarray, np.ndarray],
    spoken: tuple[Sequence[str], Sequence[str]],
    languages: frozenset[str],
    counted: np.ndarray,
    reference: Reference,
) -> Signals:
    """Return the signals of queries and candidates: of each their tokens, vectors of length 1, and languages.

    ``languages`` are those that the model knows. Vectors are centred by language where the candidates are of several.
    """
    asked, offered = words
    known = known_pairs(languages=languages, a=spoken[0], b=spoken[1])
    among = known & counted
    n = len(asked)
    back = score_words(index=index_texts(texts=[*asked, *offered]), queries=offered)[:, :n].T
    alone = score_words(index=index_texts(texts=offered), queries=asked)
    queries, candidates, held = _centred(vectors, spoken, reference)
    meaning = correct_hubs(
        cosines=cosines(a=queries, b=candidates),
        rows=np.zeros(n, dtype=np.float32),  # the same for every candidate of a query, so standardising drops it
        columns=nearness_to_all(vectors=candidates, reference=held),
    )
    profiles = [profile_topics(vectors=side, reference=reference) for side in vectors]
    topics = profiles[0] @ profiles[1].T
    told = known_pairs(languages=TOPICS_IN, a=spoken[0], b=spoken[1])
    about = np.where(told, standardise(topics, counted=among & told), 0.0)
    return Signals(
        values=np.stack([*(standardise(s, counted=among) for s in (meaning, back)), about], axis=-1),
        known=known,
        counted=counted,
        words_alone=ALONE * standardise(alone, counted=counted),
    )


def join_signals(*, signals: Signals, weights: Sequence[float] = WEIGHTS) -> np.ndarray:
    """Return the joined score (queries, candidates); words alone where the model does not know both languages."""
    joined: np.ndarray = np.where(signals.known, signals.values @ np.asarray(weights), signals.words_alone)
    return joined


def _centred(
    vectors: tuple[np.ndarray, np.ndarray], spoken: tuple[Sequence[str], Sequence[str]], reference: Reference
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if len({x.partition("-")[0].lower() for x in spoken[1]}) < 2:  # noqa: PLR2004  (one language crowds nothing out)
        return vectors[0], vectors[1], reference.vectors
    a, b = len(vectors[0]), len(vectors[1])
    centred = centre_by_language(
        vectors=np.vstack([*vectors, reference.vectors]),
        languages=[*spoken[0], *spoken[1], *["en"] * len(reference.vectors)],
    )
    return centred[:a], centred[a : a + b], centred[a + b :]
