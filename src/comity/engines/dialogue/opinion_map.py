"""Opinion map: the directions in which answers differ most, and where on them each participant stands.

Principal components of the matrix of votes (Pearson, 1901), in which a statement that someone did not answer takes the mean
answer to it, as in Polis (Small et al., 2021). Centred, those cells are zero, so all work is on the answers alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from comity.engines.dialogue.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

DENSE_ROWS = 4096
"""Participants spread out as a dense block for one product of matrices: 16 MB at 1,000 statements."""
SPARSE_ROWS = 1 << 16
COARSE_CELLS = 1 << 22
"""Above so many cells products are in single precision, and the axes are refined in double afterwards."""
REFINEMENTS, CONVERGED = 4, 1e-13
PRIOR = 1.5
"""How strongly a place is drawn to the middle, in whole questionnaires answered with the mean."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Directions of the map: ``vectors`` (statements, axes) of length 1, the one of most variance first, and ``mean`` (statements,).

    Signs are such that the sum of the cubes of each vector is not negative, which no order of statements changes.
    """

    vectors: NDArray[np.float64]
    mean: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Projection:
    """``sums`` (participants, axes): centred answers on the axes; ``answered`` (participants,); ``heard`` (participants, axes, axes).

    ``heard`` is the part of the axes that the answered statements hold: the unit matrix where all are answered.
    """

    sums: NDArray[np.float64]
    answered: NDArray[np.int64]
    heard: NDArray[np.float64]


def select_statements(*, votes: VoteMatrix, shown: Collection[str] | None) -> VoteMatrix:
    """Return ``votes`` on the ``shown`` statements alone; all participants stay, the statements keep their order.

    Ids in ``shown`` that nobody answered are passed over. With None, ``votes`` itself is returned.
    """
    if shown is None:
        return votes
    wanted = set(shown)
    kept = np.asarray([name in wanted for name in votes.statements], dtype=bool)
    if kept.all():
        return votes
    inside = kept[votes.columns] if len(votes.columns) else np.zeros(0, dtype=bool)
    before = np.zeros(len(inside) + 1, dtype=np.int64)
    np.cumsum(inside, out=before[1:])
    place = (np.cumsum(kept) - 1).astype(np.int32)
    return VoteMatrix(
        participants=votes.participants,
        statements=tuple(name for name, keep in zip(votes.statements, kept, strict=True) if keep),
        starts=before[votes.starts],
        columns=place[votes.columns[inside]],
        values=votes.values[inside],
    )


def fit_axes(*, votes: VoteMatrix, most: int, near: NDArray[np.float64] | None = None) -> Axes:
    """Return at most ``most`` axes of ``votes``; fewer where there are fewer statements.

    ``near`` (statements, some) are axes found before for almost the same votes: where they are close, they are refined and the
    matrix of products is not computed anew. The outcome is the same to 1e-9.
    """
    mean = _mean_answers(votes)
    most = min(most, len(votes.statements))
    gram = _multiply(votes, mean)
    values, vectors = np.linalg.eigh(gram)
    values, vectors = values[::-1], vectors[:, ::-1]
    found = vectors[:, :most]
    if len(votes.participants) * len(votes.statements) > COARSE_CELLS:
        found = _refine(votes, mean, values, vectors, most)
    return Axes(vectors=_orient(found), mean=mean)


def project(*, votes: VoteMatrix, axes: Axes) -> Projection:
    """Return where the answers of each participant lie on ``axes``, before any scaling."""
    v = axes.vectors
    n, most = len(votes.participants), v.shape[1]
    one, other = np.triu_indices(most)
    pairs = v[:, one] * v[:, other]
    sums, heard = np.zeros((n, most)), np.zeros((n, most, most))
    for rows, centred in centred_rows(votes=votes, mean=axes.mean):
        sums[rows] = centred @ v
        centred.data[:] = 1.0
        found = centred @ pairs
        heard[rows, one, other] = found
        heard[rows, other, one] = found
    return Projection(sums=sums, answered=np.diff(votes.starts), heard=heard)


def place_evenly(*, projection: Projection, statements: int) -> NDArray[np.float64]:
    """Return places (participants, axes) scaled by sqrt(statements / answered), as in Polis.

    Chance then moves everybody about equally far, however few answers someone gave; that is what distances between people are
    to be compared with. Zero where nothing was answered.
    """
    scale = np.sqrt(statements / np.maximum(projection.answered, 1))
    places: NDArray[np.float64] = projection.sums * scale[:, None]
    return places


def place_carefully(*, projection: Projection, axes: int, prior: float = PRIOR) -> NDArray[np.float64]:
    """Return places (participants, axes) as expected from the answers given, drawn to the middle where they are few.

    The least squares solution over the answered statements with a ridge: each participant counts as having answered all
    statements ``prior`` times with the mean answer, beside the own answers. NaN where nothing was answered.
    """
    held = min(axes, projection.sums.shape[1])
    places = np.zeros((len(projection.sums), axes))
    for start in range(0, len(places), SPARSE_ROWS):
        rows = slice(start, start + SPARSE_ROWS)
        ridged = projection.heard[rows, :held, :held] + prior * np.eye(held)
        places[rows, :held] = np.linalg.solve(ridged, projection.sums[rows, :held, None])[:, :, 0] * (1 + prior)
    places[projection.answered == 0] = np.nan
    return places


def centred_rows(*, votes: VoteMatrix, mean: NDArray[np.float64]) -> Iterator[tuple[slice, csr_matrix]]:
    """Yield blocks of participants and their centred answers as sparse rows, so that no second matrix is ever held whole."""
    n = len(votes.participants)
    for start in range(0, n, SPARSE_ROWS):
        stop = min(start + SPARSE_ROWS, n)
        low, high = int(votes.starts[start]), int(votes.starts[stop])
        columns = votes.columns[low:high]
        data = votes.values[low:high] - mean[columns]
        edges = (votes.starts[start : stop + 1] - low).astype(np.int32)
        yield slice(start, stop), csr_matrix((data, columns, edges), shape=(stop - start, len(votes.statements)))


def _mean_answers(votes: VoteMatrix) -> NDArray[np.float64]:
    wide = len(votes.statements)
    counts, sums = np.zeros(wide, dtype=np.int64), np.zeros(wide)
    for start in range(0, len(votes.columns), 1 << 22):
        columns = votes.columns[start : start + (1 << 22)]
        counts += np.bincount(columns, minlength=wide)
        sums += np.bincount(columns, weights=votes.values[start : start + (1 << 22)], minlength=wide)
    # Sums of whole numbers are exact, so the means do not depend on the order of participants.
    return sums / np.maximum(counts, 1)


def _multiply(votes: VoteMatrix, mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the products of the centred columns, (statements, statements)."""
    n, wide = len(votes.participants), len(votes.statements)
    kind = np.float32 if n * wide > COARSE_CELLS else np.float64
    total = np.zeros((wide, wide))
    block = np.zeros((min(DENSE_ROWS, n), wide), dtype=kind)
    flat = block.reshape(-1)
    centre = mean.astype(kind)
    for start in range(0, n, DENSE_ROWS):
        stop = min(start + DENSE_ROWS, n)
        low, high = int(votes.starts[start]), int(votes.starts[stop])
        columns = votes.columns[low:high]
        counts = np.diff(votes.starts[start : stop + 1])
        cells = np.repeat(np.arange(stop - start, dtype=np.int64) * wide, counts) + columns
        flat[cells] = votes.values[low:high] - centre[columns]
        rows = block[: stop - start]
        total += rows.T @ rows
        flat[cells] = 0
    return total


def _apply(votes: VoteMatrix, mean: NDArray[np.float64], vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the products of the centred columns times ``vectors``, in double precision."""
    total = np.zeros_like(vectors)
    for _, centred in centred_rows(votes=votes, mean=mean):
        total += centred.T @ (centred @ vectors)
    return total


def _refine(
    votes: VoteMatrix,
    mean: NDArray[np.float64],
    values: NDArray[np.float64],
    vectors: NDArray[np.float64],
    most: int,
) -> NDArray[np.float64]:
    """Return the first axes in double precision, from all axes in single: each step solves for the rest with the coarse axes."""
    found = np.ascontiguousarray(vectors[:, :most])
    for _ in range(REFINEMENTS):
        image = _apply(votes, mean, found)
        inner, turn = np.linalg.eigh((found.T @ image + image.T @ found) / 2)
        inner, turn = inner[::-1], turn[:, ::-1]
        found, image = found @ turn, image @ turn
        rest = image - found * inner
        if np.abs(rest).max() <= CONVERGED * max(inner[0], 1e-300) * 10:
            break
        # Within the span of the axes the turn above was exact, so only what lies outside it is corrected.
        parts = vectors.T @ rest
        parts[:most] = 0
        gaps = inner[None, :] - values[:, None]
        floor = 1e-6 * max(inner[0], 1e-300)
        gaps = np.where(np.abs(gaps) < floor, floor, gaps)
        found, _ = np.linalg.qr(found + vectors @ (parts / gaps))
    return found


def _orient(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    cubes = (vectors**3).sum(axis=0)
    plain = vectors.sum(axis=0)
    signs = np.where(np.abs(cubes) > 1e-9, np.sign(cubes), np.where(plain < 0, -1.0, 1.0))  # noqa: PLR2004  (rounding)
    return vectors * signs
