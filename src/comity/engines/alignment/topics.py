"""Propose topics for provisions that nobody has coded, each with a probability, by learning from those that people have coded.

Kernel ridge regression over three likenesses at once: of words, of pieces of words, and of meaning. The scheme's own labels and
definitions are learned from like coded provisions. Where fewer than a few hundred provisions are coded there is nothing to
learn from, and the nearest coded ones and definitions are asked instead, without a probability.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.alignment.calibration import fit_probabilities, probabilities_of
from comity.engines.alignment.dense import knows
from comity.engines.alignment.ridge import (
    centred,
    folds_of,
    likeness,
    scores_left_out,
    solve_ridge,
    weigh_words,
)
from comity.engines.alignment.texts import CODER
from comity.engines.alignment.tokens import tokens_of
from comity.engines.alignment.topics_nearest import MOST, nearest_topics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.texts import Collection, Provision, Scheme
    from comity.engines.alignment.tokens import Stem

VERSION = "2"
MAKER = f"topics-ridge/{VERSION}"
MAKER_NEAREST = "topics-nearest/1"
ENOUGH = 300
"""Coded provisions under which nothing is learned."""
WIDTH_WORDS = 1.0
WIDTH_MEANING = 3.0
PENALTY = 0.3
PIECES = (4, 5)
"""Widths, penalty and lengths of pieces. On the worked example micro-F1 stays within 0.01 for widths from half to twice these and
penalties from 0.3 to 1, so they were not tuned further."""
LEAST = 0.2
"""Probability that the likeliest topic needs where none reaches the threshold."""
MEASURED = frozenset({"en"})
"""Languages in which proposed topics have been measured. In others they are shown as suggestions and counted nowhere."""


def counted_topics(provision: Provision, /) -> tuple[str, ...]:
    """Return the topics of a provision that may be counted: named by people, or proposed in a measured language."""
    by_machine = provision.topics_by not in {"", CODER}
    return () if by_machine and not knows(languages=MEASURED, language=provision.language) else provision.topics


def searched_instruments(*, collection: Collection) -> frozenset[str]:
    """Return the instruments of which it can be said that a topic was searched and not found.

    These are the ones whose provisions people have coded, their originals, and those in a language in which proposing topics
    was measured.
    """
    coded = {p.instrument for p in collection.provisions if p.topics_by == CODER}
    known = {(i.party, i.title) for i in collection.instruments if i.id in coded and i.party}
    return frozenset(
        i.id
        for i in collection.instruments
        if i.id in coded or (i.party, i.title) in known or knows(languages=MEASURED, language=i.language)
    )


@dataclass(frozen=True, slots=True)
class Proposed:
    """Topics of a provision, the likeliest first, at most three. ``chances`` are their probabilities, empty where nothing was
    learned; ``maker`` names what proposed them.
    """

    topics: tuple[str, ...]
    chances: tuple[float, ...]
    maker: str


def propose_topics(
    *,
    provisions: Sequence[Provision],
    scheme: Scheme,
    vectors: np.ndarray | None,
    topic_vectors: np.ndarray | None,
    languages: frozenset[str] = frozenset(),
    stem: Stem | None = None,
) -> Mapping[str, Proposed]:
    """Return up to three topics for each provision that has none, by the provision's id.

    ``vectors`` (provisions, d) and ``topic_vectors`` (topics, d) are in the orders given, rows of length 1. ``stem`` takes words
    and their language. A provision that is near to nothing gets no topic and is left out. The order of provisions does not matter.
    Time grows with the cube of the coded provisions: 2 seconds for 1,300.
    """
    ordered = sorted(range(len(provisions)), key=lambda i: provisions[i].id)
    asked = [i for i in ordered if not provisions[i].topics]
    coded = [i for i in ordered if provisions[i].topics]
    if not asked:
        return {}
    if len(coded) < ENOUGH:
        found = nearest_topics(
            provisions=provisions, scheme=scheme, vectors=vectors, topic_vectors=topic_vectors, languages=languages
        )
        return {name: Proposed(topics=topics, chances=(), maker=MAKER_NEAREST) for name, topics in found.items()}
    texts = [*(provisions[i] for i in coded), *(provisions[i] for i in asked)]
    meaning = None
    if vectors is not None and topic_vectors is not None:
        meaning = np.vstack([vectors[coded], topic_vectors, vectors[asked]])
        unknown = [not knows(languages=languages, language=p.language) for p in texts]
        unknown[len(coded) : len(coded)] = [False] * len(scheme.topics)
        meaning = np.where(np.asarray(unknown)[:, None], 0.0, meaning)
    kernel = _kernel(texts, scheme, meaning=meaning, coded=len(coded), stem=stem)
    n = len(coded) + len(scheme.topics)
    targets = _targets([provisions[i] for i in coded], scheme)
    always = np.arange(n) >= len(coded)
    folds = np.concatenate(
        [folds_of([provisions[i].instrument for i in coded]), np.zeros(len(scheme.topics), dtype=np.int64)]
    )
    trained = kernel[:n, :n]
    held_out = scores_left_out(kernel=trained, targets=targets, penalty=PENALTY, folds=folds, always=always)[
        : len(coded)
    ]
    truth = targets[: len(coded)]
    fitted = fit_probabilities(scores=held_out.ravel(), hits=truth.ravel())
    threshold = best_threshold(chances=probabilities_of(scores=held_out, calibration=fitted), truth=truth)
    weights, mean = solve_ridge(kernel=trained, targets=targets, penalty=PENALTY)
    scores = kernel[n:, :n] @ weights + mean
    chances = probabilities_of(scores=scores, calibration=fitted)
    names = [t.id for t in scheme.topics]
    return {
        provisions[i].id: proposed
        for i, row, by_score in zip(asked, chances, scores, strict=True)
        if (proposed := _choose(row, by_score, names=names, threshold=threshold)).topics
    }


def best_threshold(*, chances: np.ndarray, truth: np.ndarray) -> float:
    """Return the probability from which on topics are taken, so that micro-F1 of held-out scores is best; the lowest of equals."""
    grid = np.arange(0.1, 0.6, 0.01)
    f1 = [2 * float(((chances >= t) * truth).sum()) / max(float((chances >= t).sum() + truth.sum()), 1.0) for t in grid]
    return float(grid[int(np.argmax(np.round(f1, 9)))])


def _choose(chances: np.ndarray, scores: np.ndarray, *, names: Sequence[str], threshold: float) -> Proposed:
    order = np.lexsort((np.arange(len(scores)), -np.round(scores, 9)))[:MOST]
    taken = [int(k) for place, k in enumerate(order) if chances[k] >= (threshold if place else min(LEAST, threshold))]
    return Proposed(
        topics=tuple(names[k] for k in taken), chances=tuple(round(float(chances[k]), 3) for k in taken), maker=MAKER
    )


def _targets(coded: Sequence[Provision], scheme: Scheme) -> np.ndarray:
    place = {t.id: k for k, t in enumerate(scheme.topics)}
    found = np.zeros((len(coded) + len(place), len(place)))
    for row, provision in enumerate(coded):
        found[row, [place[t] for t in provision.topics if t in place]] = 1.0
    found[len(coded) :] = np.eye(len(place))
    return found


def _kernel(
    texts: Sequence[Provision],
    scheme: Scheme,
    *,
    meaning: np.ndarray | None,
    coded: int,
    stem: Stem | None,
) -> np.ndarray:
    """Return the likeness of coded provisions, topics and asked provisions, in that order, with each other."""
    words = [_words(p.heading, p.text, p.language, stem) for p in texts]
    pieces = [_pieces(f"{p.heading} {p.heading} {p.text}") for p in texts]
    words[coded:coded] = [_words(t.label, t.definition, "en", stem) for t in scheme.topics]
    pieces[coded:coded] = [_pieces(f"{t.label} {t.label} {t.definition}") for t in scheme.topics]
    kernel = likeness(rows=weigh_words(texts=words), width=WIDTH_WORDS)
    kernel += likeness(rows=weigh_words(texts=pieces), width=WIDTH_WORDS)
    if meaning is not None:
        kernel += likeness(rows=centred(meaning), width=WIDTH_MEANING)
    return kernel


def _words(heading: str, text: str, language: str, stem: Stem | None) -> list[str]:
    """Return stems and pairs of neighbouring stems; a heading counts twice, since it names the matter."""
    tokens = tokens_of(text=f"{heading} {heading} {text}", language=language)
    stems = stem(tokens, language) if stem else tokens
    return [*stems, *(f"{a} {b}" for a, b in itertools.pairwise(stems))]


def _pieces(text: str) -> list[str]:
    """Return the pieces of four and five characters of each word, with a space for its beginning and end."""
    return [
        padded[start : start + size]
        for word in text.casefold().split()
        for padded in (f" {word} ",)
        for size in PIECES
        for start in range(len(padded) - size + 1)
    ]
