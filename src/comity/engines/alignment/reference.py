"""Hold texts whose topics people have named, as a common measure: what a text is about, and whether it is near to everything.

A text's topics are those of its nearest reference texts (nearest neighbours, weighted by likeness). Two texts that share no
word and few dimensions of meaning can still be about one topic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.alignment.nearest import nearest_texts, tiles_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.engines.alignment.texts import Provision

NEIGHBOURS = 40
SHARPNESS = 10.0
"""How fast a neighbour's weight falls with its distance: exp(10 (cosine - best cosine))."""


@dataclass(frozen=True, slots=True)
class Reference:
    """``vectors`` (r, d) of length 1, float32; ``marks`` (r, topics): 1 where people named the topic, float32."""

    vectors: np.ndarray
    marks: np.ndarray


def gather_reference(*, provisions: Sequence[Provision], vectors: np.ndarray) -> Reference | None:
    """Return the coded provisions as a reference, topics in the order of their ids; None where nobody has coded any."""
    coded = sorted((i for i, p in enumerate(provisions) if p.topics), key=lambda i: provisions[i].id)
    topics = {t: n for n, t in enumerate(sorted({t for i in coded for t in provisions[i].topics}))}
    if not coded:
        return None
    marks = np.zeros((len(coded), len(topics)), dtype=np.float32)
    for row, i in enumerate(coded):
        marks[row, [topics[t] for t in provisions[i].topics]] = 1.0
    return Reference(vectors=np.ascontiguousarray(vectors[coded], dtype=np.float32), marks=marks)


def profile_topics(*, vectors: np.ndarray, reference: Reference) -> np.ndarray:
    """Return what each text (n, d) is about: float32 of shape (n, topics), rows of length 1, or 0 for an empty text."""
    k = min(NEIGHBOURS, len(reference.vectors))
    rows = [np.zeros((0, reference.marks.shape[1]), dtype=np.float32)]
    held = np.ascontiguousarray(vectors, dtype=np.float32)
    for tile in tiles_of(queries=len(held)):
        near = nearest_texts(queries=held[tile], texts=reference.vectors, most=k)
        weights = np.exp(SHARPNESS * (near.scores - near.scores[:, :1]))
        profiles = np.einsum("nk,nkt->nt", weights, reference.marks[near.places])
        lengths = np.linalg.norm(profiles, axis=1, keepdims=True)
        filled = (lengths > 0) & held[tile].any(axis=1, keepdims=True)
        rows.append(np.divide(profiles, lengths, out=np.zeros_like(profiles), where=filled))
    return np.concatenate(rows)
