"""Propose topics from the few coded provisions nearest to a text and the scheme's own words, where there is little to learn from.

Nearest neighbours (Cover and Hart, 1967) over the fused score of words and meaning; a topic's own label and definition count
as one more coded provision, which alone carries a collection that holds no coded text.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.alignment import fusion
from comity.engines.alignment.dense import cosines, known_pairs, take_best
from comity.engines.alignment.lexical import index_texts, score_words
from comity.engines.alignment.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.texts import Provision, Scheme

NEIGHBOURS = 12
"""Coded provisions and topics that are asked. From 8 to 40, and with weights that fall off faster, micro-F1 on the worked
example stays within 0.03: there is nothing to tune here."""
MOST = 3
SHARE = 0.22
"""Share of the neighbours' weight that a topic needs; the chief topic of a neighbour weighs twice its others."""
FLOOR = 1.5
"""Fused score, in deviations above the mean, under which a neighbour says nothing."""


def nearest_topics(
    *,
    provisions: Sequence[Provision],
    scheme: Scheme,
    vectors: np.ndarray | None,
    topic_vectors: np.ndarray | None,
    languages: frozenset[str] = frozenset(),
) -> Mapping[str, tuple[str, ...]]:
    """Return up to three topics for each provision that has none, the likeliest first, by the provision's id.

    ``vectors`` (provisions, d) and ``topic_vectors`` (topics, d) are in the orders given, rows of length 1. A provision
    that is near to nothing gets no topic and is left out. Coded provisions of the same instrument count like any other.
    """
    asked = sorted((i for i, p in enumerate(provisions) if not p.topics), key=lambda i: provisions[i].id)
    coded = sorted((i for i, p in enumerate(provisions) if p.topics), key=lambda i: provisions[i].id)
    if not asked:
        return {}
    known_texts = [
        tokens_of(text=f"{provisions[i].heading} {provisions[i].text}", language=provisions[i].language) for i in coded
    ]
    known_texts += [tokens_of(text=f"{t.label} {t.definition}", language="en") for t in scheme.topics]
    marks = [provisions[i].topics for i in coded] + [(t.id,) for t in scheme.topics]
    languages_known = [provisions[i].language for i in coded] + ["en"] * len(scheme.topics)
    index = index_texts(texts=known_texts)
    right = None if vectors is None or topic_vectors is None else np.vstack([vectors[coded], topic_vectors])
    found: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(asked), 512):
        batch = asked[start : start + 512]
        queries = [
            tokens_of(text=f"{provisions[i].heading} {provisions[i].text}", language=provisions[i].language)
            for i in batch
        ]
        meaning = None if right is None or vectors is None else cosines(a=vectors[batch], b=right)
        known = known_pairs(languages=languages, a=[provisions[i].language for i in batch], b=languages_known)
        scores = fusion.fuse(words=score_words(index=index, queries=queries), meaning=meaning, known=known)
        floor = fusion.floor_for(floor=FLOOR, texts=len(marks))
        nearest = take_best(scores=scores, most=NEIGHBOURS)
        for i, places, row in zip(batch, nearest, scores, strict=True):
            chosen = _choose([(float(row[k]), marks[k]) for k in places], floor=floor)
            if chosen:
                found[provisions[i].id] = chosen
    return found


def _choose(nearest: Sequence[tuple[float, tuple[str, ...]]], *, floor: float) -> tuple[str, ...]:
    weights: dict[str, float] = defaultdict(float)
    total = 0.0
    for score, topics in nearest:
        if score < floor or score <= 0:
            break
        total += score
        for position, topic in enumerate(topics):
            weights[topic] += score if position == 0 else score / 2
    ranked = sorted(weights.items(), key=lambda pair: (-round(pair[1], 6), pair[0]))
    return tuple(topic for topic, weight in ranked[:MOST] if weight >= SHARE * total)
