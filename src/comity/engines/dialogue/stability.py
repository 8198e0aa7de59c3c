"""Stability: how far the groups would have come out the same had other people of the same kind taken part.

The bootstrap (Efron and Tibshirani, 1993) over participants: in each draw everyone counts as often as drawn, and axes, number of
groups and groups are found anew. Compared by the adjusted Rand index (Hubert and Arabie, 1985), and for each participant by
whether it stands in the group that matches its own best (Kuhn, 1955).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment
from threadpoolctl import threadpool_limits

from comity.engines.dialogue.axes import Axes, average, count_by_statement, fit_axes
from comity.engines.dialogue.base_clusters import gather_centres
from comity.engines.dialogue.blocks import THREADS, split_votes
from comity.engines.dialogue.group_number import MOST, choose_number, try_numbers
from comity.engines.dialogue.groups import SPARE, gather_bases
from comity.engines.dialogue.k_means import add_centres, move_centres
from comity.engines.dialogue.opinion_map import (
    place_carefully,
    place_evenly,
    project,
    select_participants,
    select_statements,
)
from comity.engines.dialogue.products import choose_for, gather_statements, multiply, weigh_answers
from comity.engines.dialogue.results import Stability
from comity.engines.dialogue.shared_signal import count_signals

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from comity.engines.dialogue.results import Groups
    from comity.engines.dialogue.votes import Labels, VoteMatrix

DRAWS = 50
ROUND = 10
SPARE_IN_DRAW = 2
TURNS = 2
"""Steps of subspace iteration from the axes of all to those of a draw."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all draws share: votes of the grouped, their axes, how many of these count, and the base cluster of each."""

    votes: VoteMatrix
    axes: Axes
    signals: int
    base: NDArray[np.int64]


def measure_stability(
    *, votes: VoteMatrix, groups: Groups, shown: Collection[str] | None = None, draws: int = DRAWS, seed: int = 0
) -> Stability:
    """Return how far ``groups``, found from ``votes`` on the ``shown`` statements, hold when participants are drawn anew.

    Whoever was not grouped takes no part and has NaN. How many axes count, and which participants are close enough to share a base
    cluster, is kept from draw to draw. With fewer than two groups nothing can part: ``draws`` is then 0 and the shares are 1.
    """
    membership = np.full(len(votes.participants), np.nan)
    members = np.flatnonzero(groups.labels >= 0)
    membership[members] = 1.0
    if groups.k < 2 or draws < 1:  # noqa: PLR2004  (one group cannot fall apart)
        return Stability(k_share=1.0, agreement=1.0, membership=membership, draws=0, seed=seed)
    with threadpool_limits(limits=1, user_api="blas"):
        ground = _prepare(votes, groups, shown, members)
        published = groups.labels[members]
        chance = np.random.default_rng(seed)
        stayed, agreed, numbers = np.zeros(len(members)), [], []
        # The draws are taken in turn, whichever thread computes with them; only those of one round wait in memory.
        even = np.full(len(members), 1 / len(members))
        with ThreadPoolExecutor(THREADS) as pool:
            for start in range(0, draws, ROUND):
                drawn = [chance.multinomial(len(members), even) for _ in range(min(ROUND, draws - start))]
                for labels, k in pool.map(partial(_find_in_draw, ground), drawn):
                    agreed.append(compare_groups(a=published, b=labels))
                    stayed += _match(published, labels) == published
                    numbers.append(k)
    membership[members] = stayed / draws
    same = float(np.mean(np.asarray(numbers) == groups.k))
    return Stability(k_share=same, agreement=float(np.median(agreed)), membership=membership, draws=draws, seed=seed)


def compare_groups(*, a: NDArray[np.integer], b: NDArray[np.integer]) -> float:
    """Return the adjusted Rand index of two groupings (n,) of the same people: 1 where equal but for names, about 0 by chance.

    Labels are 0 or more: whoever is not grouped is left out beforehand.

    >>> import numpy as np
    >>> compare_groups(a=np.array([0, 0, 1, 1]), b=np.array([1, 1, 0, 0]))
    1.0
    """
    table = _cross(a, b)
    pairs = _pairs(table).sum()
    rows, columns = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    everyone = float(_pairs(np.asarray([len(a)]))[0])
    expected = rows * columns / everyone if everyone else 0.0
    most = (rows + columns) / 2
    return float((pairs - expected) / (most - expected)) if most != expected else 1.0


def _prepare(votes: VoteMatrix, groups: Groups, shown: Collection[str] | None, members: NDArray[np.int64]) -> _Ground:
    used = select_statements(votes=votes, shown=shown)
    more = fit_axes(votes=used, most=MOST - 1 + SPARE)
    signals = count_signals(votes=used, axes=more, grouped=groups.labels >= 0, most=MOST - 1)
    mine = select_participants(votes=used, kept=members)
    even = place_evenly(projection=project(votes=mine, axes=more), statements=len(mine.statements))
    base = gather_bases(points=even[:, : max(2, signals)]).of
    return _Ground(votes=mine, axes=more, signals=signals, base=base)


def _find_in_draw(ground: _Ground, drawn: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Return the group of each of the grouped, and their number, where each counts as often as ``drawn`` (participants,)."""
    times = drawn.astype(np.float64)
    axes = _turn_axes(ground, times)
    wide = len(ground.votes.statements)
    even_all = place_evenly(projection=project(votes=ground.votes, axes=axes, threads=1), statements=wide)
    even = even_all[:, : max(2, ground.signals)]
    sizes, centres = gather_centres(points=even, of=ground.base, weights=times)
    k = choose_number(criterion=try_numbers(centres=centres, sizes=sizes, people=len(times)))
    places = even_all[:, : max(2, k - 1)]
    if k == 2:  # noqa: PLR2004  (as for the groups of all)
        places = place_carefully(votes=ground.votes, axes=axes, threads=1)
    sizes, centres = gather_centres(points=places, of=ground.base, weights=times)
    start = add_centres(points=centres, weights=sizes, most=k)[-1]
    labels, _ = move_centres(points=places, centres=start, weights=times)
    return labels, k


def _turn_axes(ground: _Ground, times: NDArray[np.float64]) -> Axes:
    votes, vectors = ground.votes, ground.axes.vectors
    given = count_by_statement(votes=votes, times=times, threads=1)
    mean = average(given=given)
    vectors = vectors[:, : max(2, ground.signals) + SPARE_IN_DRAW]
    for _ in range(TURNS):
        weights = weigh_answers(mean=mean, vectors=vectors)
        sums = np.zeros_like(weights)
        for block in split_votes(votes=votes):
            chosen = choose_for(block=block, columns=vectors.shape[1])
            seen = multiply(chosen=chosen, by=weights) * times[block.rows, None]
            sums += multiply(chosen=chosen.T, by=seen)
        image = gather_statements(mean=mean, sums=sums)
        product = vectors.T @ image
        _, turn = np.linalg.eigh((product + product.T) / 2)
        vectors, _ = np.linalg.qr(image @ turn[:, ::-1])
    return Axes(vectors=np.ascontiguousarray(vectors[:, : MOST - 1]), mean=mean, given=given)


def _match(published: Labels, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return ``labels`` in the numbers of the published groups that share most people with them; -1 where none is left."""
    table = _cross(published, labels)
    rows, columns = linear_sum_assignment(table, maximize=True)
    name = np.full(table.shape[1], -1, dtype=np.int64)
    name[columns] = rows
    return name[labels]


def _cross(a: NDArray[np.integer], b: NDArray[np.integer]) -> NDArray[np.int64]:
    wide = int(b.max()) + 1
    flat = np.bincount(a.astype(np.int64) * wide + b, minlength=(int(a.max()) + 1) * wide)
    return flat.reshape(-1, wide)


def _pairs(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return counts * (counts - 1) / 2.0
