"""Propose whom a provision addresses, for those that nobody has coded.

In English, kernel ridge regression over words, the actors that the text names (``actor_words.py``) and meaning, learned from coded
provisions; in eight other languages, and where little is coded, the actor that the text names first. Where it names none, nothing is said.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.alignment.actor_words import first_actors
from comity.engines.alignment.calibration import fit_probabilities, probabilities_of
from comity.engines.alignment.ridge import centred, folds_of, likeness, scores_left_out, solve_ridge, weigh_words
from comity.engines.alignment.texts import ADDRESSEES
from comity.engines.alignment.topics import best_threshold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.texts import Provision

MAKER = "addressees-ridge/1"
MAKER_WORDS = "addressees-words/1"
LEARNED = "en"
ENOUGH = 300
"""Coded provisions in English under which nothing is learned, and the first named actor decides there too."""
PENALTY = 1.0
ACTORS = 0.5
WIDTH_MEANING = 3.0
"""On the worked example micro-F1 stays within 0.01 for penalties from 0.3 to 2 and weights from 0.3 to 0.5, so they were not tuned further."""
MOST = 3
LEAST = 0.3
"""Probability that the likeliest addressee needs."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class ProposedAddressees:
    """One to three addressees, the likeliest first. ``chances`` are their probabilities, empty where a named actor alone decided;
    ``maker`` names what proposed them.
    """

    addressees: tuple[str, ...]
    chances: tuple[float, ...]
    maker: str


def propose_addressees(
    *, provisions: Sequence[Provision], vectors: np.ndarray | None
) -> Mapping[str, ProposedAddressees]:
    """Return the addressees of each provision that has none, by its id; those of whom nothing tells are left out.

    ``vectors`` (provisions, d) are in the order given, rows of length 1; None learns from words alone. The order of provisions
    does not matter. Time grows with the cube of the coded provisions: 1 second for 1,300.
    """
    ordered = sorted(range(len(provisions)), key=lambda i: provisions[i].id)
    asked = [i for i in ordered if not provisions[i].addressees]
    coded = [i for i in ordered if provisions[i].addressees and not provisions[i].addressees_by]
    coded = [i for i in coded if _in_english(provisions[i])]
    learned = len(coded) >= ENOUGH
    found: dict[str, ProposedAddressees] = {}
    if learned:
        english = [i for i in asked if _in_english(provisions[i])]
        found = _by_learning(
            [provisions[i] for i in (*coded, *english)], len(coded), _rows(vectors, (*coded, *english))
        )
    for i in asked:
        p = provisions[i]
        if learned and _in_english(p):
            continue
        named = first_actors(text=p.text, language=p.language)
        if named:
            found[p.id] = ProposedAddressees(addressees=named[:1], chances=(), maker=MAKER_WORDS)
    return found


def _in_english(provision: Provision) -> bool:
    return provision.language.partition("-")[0].lower() == LEARNED


def _rows(vectors: np.ndarray | None, places: Sequence[int]) -> np.ndarray | None:
    return None if vectors is None else vectors[list(places)]


def _by_learning(texts: Sequence[Provision], n: int, vectors: np.ndarray | None) -> dict[str, ProposedAddressees]:
    """Return what is proposed for the texts after the first ``n``, which are coded."""
    if len(texts) == n:
        return {}
    kernel = _kernel(texts, vectors)
    targets = np.asarray([[who in p.addressees for who in ADDRESSEES] for p in texts[:n]], dtype=np.float64)
    held_out = scores_left_out(
        kernel=kernel[:n, :n],
        targets=targets,
        penalty=PENALTY,
        folds=folds_of([p.instrument for p in texts[:n]]),
        always=np.zeros(n, dtype=bool),
    )
    fitted = fit_probabilities(scores=held_out.ravel(), hits=targets.ravel())
    threshold = best_threshold(chances=probabilities_of(scores=held_out, calibration=fitted), truth=targets)
    weights, mean = solve_ridge(kernel=kernel[:n, :n], targets=targets, penalty=PENALTY)
    scores = kernel[n:, :n] @ weights + mean
    chances = probabilities_of(scores=scores, calibration=fitted)
    return {
        p.id: proposed
        for p, row, by_score in zip(texts[n:], chances, scores, strict=True)
        if (proposed := _choose(row, by_score, threshold)).addressees
    }


def _choose(chances: np.ndarray, scores: np.ndarray, threshold: float) -> ProposedAddressees:
    order = np.lexsort((np.arange(len(scores)), -np.round(scores, 9)))[:MOST]
    taken = [int(k) for place, k in enumerate(order) if chances[k] >= (threshold if place else min(LEAST, threshold))]
    return ProposedAddressees(
        addressees=tuple(ADDRESSEES[k] for k in taken),
        chances=tuple(round(float(chances[k]), 3) for k in taken),
        maker=MAKER,
    )


def _kernel(texts: Sequence[Provision], vectors: np.ndarray | None) -> np.ndarray:
    words = [_WORD.findall(f"{p.heading} {p.text}".lower()) for p in texts]
    rows = weigh_words(texts=[[*w, *(f"{a} {b}" for a, b in itertools.pairwise(w))] for w in words])
    kernel = np.asarray((rows @ rows.T).toarray())
    if vectors is not None:
        kernel += likeness(rows=centred(vectors), width=WIDTH_MEANING)
    # Every named actor tells something, and the first one, mostly the subject, once more.
    marks = np.zeros((len(texts), 2 * len(ADDRESSEES)))
    for row, p in enumerate(texts):
        named = [ADDRESSEES.index(who) for who in first_actors(text=p.text, language=LEARNED)]
        marks[row, named] = 1.0
        marks[row, [len(ADDRESSEES) + k for k in named[:1]]] = 1.0
    kernel += ACTORS * (marks @ marks.T)
    return kernel
