"""Correct vectors and cosines for what is no likeness: a common language, and texts that are near to everything.

Vectors are centred per language, since a model puts texts of one language nearer to one another than to their counterparts in
another. Hubs are corrected by cross-domain similarity local scaling (Conneau et al., "Word Translation Without Parallel Data",
2018): from twice a cosine is taken how near each of the two texts is to its own nearest neighbours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comity.engines.alignment.nearest import nearest_texts, tiles_of

if TYPE_CHECKING:
    from collections.abc import Sequence

NEIGHBOURS = 10
SHRUNK_BY = 100.0
"""To the mean of a language are added so many texts of the whole collection, since few texts of a language are often of one
matter, which must not be taken from them. Chosen from 0 to 200 by reading ten answers of real provisions: two Chinese texts on
generative AI lost one another below 100, and the penalties of Korea and the Union found each other from 50 on."""


def centre_by_language(*, vectors: np.ndarray, languages: Sequence[str]) -> np.ndarray:
    """Return vectors (n, d) less the mean of their language, float32 of length 1, or 0 where nothing is left.

    ``languages`` are BCP 47 tags, of which the primary subtag counts. Where all are of one language nothing can crowd out the
    rest, and the vectors come back as they are. Vectors of 0 (empty texts) count in no mean and stay 0.

    >>> v = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    >>> centre_by_language(vectors=v, languages=["en", "en-GB"]) is v
    True
    """
    primary = np.asarray([x.partition("-")[0].lower() for x in languages], dtype=object)
    filled = np.asarray(vectors).any(axis=1)
    if len(set(primary[filled])) < 2:  # noqa: PLR2004  (one language crowds nothing out)
        return vectors
    everywhere = vectors[filled].mean(axis=0, dtype=np.float64)
    found = np.zeros(vectors.shape, dtype=np.float32)
    for language in sorted(set(primary[filled])):
        rows = np.flatnonzero((primary == language) & filled)
        total = vectors[rows].sum(axis=0, dtype=np.float64) + SHRUNK_BY * everywhere
        found[rows] = vectors[rows] - (total / (len(rows) + SHRUNK_BY)).astype(np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    scaled: np.ndarray = np.divide(found, lengths, out=np.zeros_like(found), where=lengths > 1e-6)  # noqa: PLR2004  (no direction)
    return scaled


def nearness_to_all(*, vectors: np.ndarray, reference: np.ndarray, most: int = NEIGHBOURS) -> np.ndarray:
    """Return the mean cosine of each vector (n, d) with its ``most`` nearest of a reference (r, d), float32 of shape (n,).

    A reference of fewer texts is taken whole; an empty one gives 0. A hub is a text for which this is high.
    """
    k = min(most, len(reference))
    if not k or not len(vectors):
        return np.zeros(len(vectors), dtype=np.float32)
    a, b = (np.ascontiguousarray(x, dtype=np.float32) for x in (vectors, reference))
    means = [nearest_texts(queries=a[rows], texts=b, most=k).scores.mean(axis=1) for rows in tiles_of(queries=len(a))]
    return np.concatenate(means)


def correct_hubs(*, cosines: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return cosines (n, m) corrected by the nearness of rows (n,) and of columns (m,) to their neighbours.

    >>> correct_hubs(cosines=np.array([[0.5, 0.5]]), rows=np.array([0.2]), columns=np.array([0.8, 0.1]))
    array([[0. , 0.7]])
    """
    corrected: np.ndarray = 2.0 * cosines - rows[:, None] - columns[None, :]
    return corrected
