"""Number of groups: the one whose groups lie furthest apart for how wide they are, unless fewer do nearly as well.

The silhouette (Rousseeuw, 1987) over base clusters, as in Polis. Where two numbers differ by less than ``MARGIN`` a silhouette
cannot tell them apart: over draws of the participants it moves by as much. The smaller number claims less and is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comity.engines.dialogue.base_clusters import measure_silhouette
from comity.engines.dialogue.k_means import add_centres, find_nearest_centre

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 5
PER_GROUP = 12
"""Participants for each group beyond two, as in Polis."""
MARGIN = 0.02


def try_numbers(
    *, centres: NDArray[np.float64], sizes: NDArray[np.float64], people: int
) -> tuple[tuple[int, float], ...]:
    """Return the silhouette for each number of groups from 2 on that ``people`` allow, over base clusters (clusters, d).

    Rounded to 9 digits; ((1, 0.0),) where all stand in one place.
    """
    most = min(MOST, 2 + people // PER_GROUP, len(sizes))
    criterion = []
    for tried in add_centres(points=centres, weights=sizes, most=most)[1:]:
        labels = find_nearest_centre(points=centres, centres=tried)
        if len(np.unique(labels)) == len(tried):
            value = measure_silhouette(centres=centres, sizes=sizes, labels=labels)
            criterion.append((len(tried), round(value, 9)))
    return tuple(criterion) or ((1, 0.0),)


def choose_number(*, criterion: tuple[tuple[int, float], ...]) -> int:
    """Return the number of groups, given the value of the criterion for each in ascending order.

    >>> choose_number(criterion=((2, 0.41), (3, 0.42), (4, 0.6), (5, 0.3)))
    4
    """
    best, at_best = criterion[0]
    for number, value in criterion[1:]:
        if value > at_best + MARGIN:
            best, at_best = number, value
    return best
