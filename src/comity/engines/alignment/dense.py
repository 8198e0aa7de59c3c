"""Score texts by their meaning: cosines between vectors of an embedding model, in tiles so that memory stays flat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TILE = 2048


class Embedder(Protocol):
    """A model that gives texts of like meaning like vectors.

    ``languages`` are the primary BCP 47 subtags that the model was trained on; a text in another language gets no vector
    that could be trusted. ``version`` changes whenever the same text would get another vector.
    """

    @property
    def name(self) -> str:
        """The name by which it is chosen."""

    @property
    def version(self) -> str:
        """What makes its vectors comparable: vectors of two versions are not."""

    @property
    def languages(self) -> frozenset[str]:
        """The languages it knows."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def embed(self, texts: Sequence[str], /) -> np.ndarray:
        """Return one vector a text, float32 of shape (texts, dimensions), each of length 1, or 0 for an empty text."""


def cosines(*, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the cosine of each row of ``a`` (n, d) with each row of ``b`` (m, d), float32 of shape (n, m)."""
    found = np.empty((len(a), len(b)), dtype=np.float32)
    for start, tile in cosine_tiles(a=a, b=b):
        found[start : start + len(tile)] = tile
    return found


def cosine_tiles(*, a: np.ndarray, b: np.ndarray, tile: int = TILE) -> Iterator[tuple[int, np.ndarray]]:
    """Yield (first row, cosines of at most ``tile`` rows of ``a`` with all of ``b``)."""
    right = np.ascontiguousarray(b.T, dtype=np.float32)
    for start in range(0, len(a), tile):
        yield start, np.asarray(a[start : start + tile], dtype=np.float32) @ right


def known_pairs(*, languages: frozenset[str], a: Sequence[str], b: Sequence[str]) -> np.ndarray:
    """Return which pairs of texts a model can compare: those of which it knows both languages, bool of shape (a, b)."""
    left, right = (np.asarray([knows(languages=languages, language=x) for x in side], dtype=bool) for side in (a, b))
    both: np.ndarray = np.logical_and.outer(left, right)
    return both


def take_best(*, scores: np.ndarray, most: int) -> np.ndarray:
    """Return the columns of the ``most`` highest scores of each row, highest first, shape (rows, most), ties by column.

    Scores are compared to six decimals, so that equal texts tie on every machine.

    >>> take_best(scores=np.array([[0.1, 0.7, 0.7, 0.3]]), most=3)
    array([[1, 2, 3]])
    """
    return np.argsort(-np.round(scores, 6), axis=1, kind="stable")[:, :most]


def knows(*, languages: frozenset[str], language: str) -> bool:
    """Tell whether a model with these languages knows a text's language, by its primary subtag.

    >>> knows(languages=frozenset({"zh"}), language="zh-Hans")
    True
    >>> knows(languages=frozenset({"zh"}), language="sw")
    False
    """
    return language.partition("-")[0].lower() in languages
