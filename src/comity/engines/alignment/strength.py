"""Propose how strongly a provision means it, for those that nobody has coded, each with a probability.

In English, kernel ridge regression over words and modal words, learned from coded provisions; in eight other languages the first
modal word alone. Where nothing tells, nothing is said: the provision stays *not judged*.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from comity.engines.alignment.calibration import fit_probabilities, probabilities_of
from comity.engines.alignment.modal_words import PATTERNS, strength_by_words
from comity.engines.alignment.ridge import folds_of, scores_left_out, solve_ridge, weigh_words
from comity.engines.alignment.texts import MODALITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.texts import Modality, Provision

MAKER = "strength-ridge/1"
MAKER_WORDS = "strength-words/1"
LEARNED = "en"
ENOUGH = 300
"""Coded provisions in English under which nothing is learned, and modal words decide there too."""
PENALTY = 0.3
MODAL = 0.6
FIRST = 0.3
LEAST = 0.5
"""Probability that a strength needs to be proposed. Under it a proposal is more often wrong than right."""
_WORD = re.compile(r"[^\W\d_]+")
_TELLING = ("must-not", "should", "must", "may")


@dataclass(frozen=True, slots=True)
class ProposedStrength:
    """A strength with its probability, None where it rests on a modal word alone; ``maker`` names what proposed it."""

    modality: Modality
    chance: float | None
    maker: str


def propose_strengths(*, provisions: Sequence[Provision]) -> Mapping[str, ProposedStrength]:
    """Return the strength of each provision that has none, by its id; those where nothing tells are left out.

    The order of provisions does not matter. Time grows with the cube of the coded provisions: 1 second for 1,300.
    """
    ordered = sorted(provisions, key=lambda p: p.id)
    asked = [p for p in ordered if p.modality is None]
    coded = [p for p in ordered if p.modality is not None and not p.modality_by and _in_english(p)]
    learned = len(coded) >= ENOUGH
    found = _by_learning(coded, [p for p in asked if _in_english(p)]) if learned else {}
    for p in asked:
        if learned and _in_english(p):
            continue
        said = strength_by_words(text=p.text, language=p.language)
        if said is not None:
            found[p.id] = ProposedStrength(modality=cast("Modality", said), chance=None, maker=MAKER_WORDS)
    return found


def _in_english(provision: Provision) -> bool:
    return provision.language.partition("-")[0].lower() == LEARNED


def _by_learning(coded: Sequence[Provision], asked: Sequence[Provision]) -> dict[str, ProposedStrength]:
    if not asked:
        return {}
    kernel = _kernel([p.text for p in (*coded, *asked)])
    n = len(coded)
    targets = np.asarray([[p.modality == m for m in MODALITIES] for p in coded], dtype=np.float64)
    held_out = scores_left_out(
        kernel=kernel[:n, :n],
        targets=targets,
        penalty=PENALTY,
        folds=folds_of([p.instrument for p in coded]),
        always=np.zeros(n, dtype=bool),
    )
    # The chance that the strongest score is right, from how far it stands before the second.
    fitted = fit_probabilities(scores=_lead(held_out), hits=targets[np.arange(n), held_out.argmax(axis=1)])
    weights, mean = solve_ridge(kernel=kernel[:n, :n], targets=targets, penalty=PENALTY)
    scores = kernel[n:, :n] @ weights + mean
    chances = probabilities_of(scores=_lead(scores), calibration=fitted)
    return {
        p.id: ProposedStrength(modality=MODALITIES[int(row.argmax())], chance=round(float(chance), 3), maker=MAKER)
        for p, row, chance in zip(asked, np.round(scores, 9), chances, strict=True)
        if chance >= LEAST
    }


def _lead(scores: np.ndarray) -> np.ndarray:
    first_two = np.sort(scores, axis=1)[:, -2:]
    return np.asarray(first_two[:, 1] - first_two[:, 0])


def _kernel(texts: Sequence[str]) -> np.ndarray:
    words = [_WORD.findall(t.lower()) for t in texts]
    rows = weigh_words(texts=[[*w, *(f"{a} {b}" for a, b in itertools.pairwise(w))] for w in words])
    kernel = np.asarray((rows @ rows.T).toarray())
    places = np.asarray([_places(t.lower()) for t in texts])
    holds = (places < np.inf).astype(np.float64)
    order = np.where(places == places.min(axis=1, keepdims=True), holds, 0.0)
    first = {w: k for k, w in enumerate(sorted({w[0] for w in words if w}))}
    leads = np.asarray([first[w[0]] if w else -1 for w in words])
    kernel += MODAL * (holds @ holds.T + order @ order.T)
    kernel += FIRST * ((leads[:, None] == leads[None, :]) & (leads >= 0)[:, None])
    return kernel


def _places(text: str) -> list[float]:
    """Return where the first word of each strength stands, in the order of ``_TELLING``."""
    rows = dict(PATTERNS[LEARNED])
    found = (rows[strength].search(text) for strength in _TELLING)
    return [np.inf if match is None else float(match.start()) for match in found]
