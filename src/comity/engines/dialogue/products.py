"""Products of the answers, each less the mean answer to its statement, with a few columns of numbers.

What an answer counts is looked up in a table with one row for each answer to each statement: so the centred answers, which would
take more memory than all votes, are never made, and fifty million of them are read in a fraction of a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comity.engines.dialogue.blocks import ANSWERS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_matrix, csr_matrix

    from comity.engines.dialogue.blocks import Block

PAIR = 2
"""Two columns are read as one of complex numbers: the product with a vector takes a third of the time of that with a matrix."""


def weigh_answers(*, mean: NDArray[np.float64], vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each answer to each statement adds to a product with ``vectors`` (statements, k): (ANSWERS * statements, k)."""
    weights = _less_mean(mean)[:, :, None] * vectors[:, None, :]
    return weights.reshape(ANSWERS * len(mean), vectors.shape[1])


def gather_statements(*, mean: NDArray[np.float64], sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sums (statements, k) of centred answers times numbers, from those of the numbers by answer (ANSWERS * statements, k)."""
    gathered: NDArray[np.float64] = np.einsum("sa,sak->sk", _less_mean(mean), sums.reshape(len(mean), ANSWERS, -1))
    return gathered


def choose_for(*, block: Block, columns: int) -> csr_matrix:
    """Return the answers of ``block`` in the kind of numbers in which ``multiply`` is quickest with so many columns."""
    return block.choose(in_pairs=columns == PAIR)


def multiply(*, chosen: csr_matrix | csc_matrix, by: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the product of ``chosen`` (n, m) of real numbers, kept as ``choose_for`` keeps them, or of its transpose, ``by`` (m, k)."""
    held = np.ascontiguousarray(by)
    if chosen.dtype.kind != "c":
        return np.asarray(chosen @ held)
    return np.asarray(chosen @ held.view(np.complex128)).view(np.float64)


def _less_mean(mean: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.arange(-1, ANSWERS - 1) - mean[:, None]
