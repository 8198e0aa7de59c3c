"""Base clusters: each point with the nearest, in whatever order points come, and from some of very many points as from all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.engines.dialogue import base_clusters as engine
from comity.engines.dialogue.base_clusters import gather_base_clusters
from comity.engines.dialogue.groups import gather_bases

PLACES = st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=1, max_size=30)


@pytest.mark.parametrize("rows", [7, 1 << 11])
def test_each_point_is_with_the_nearest_centre_however_many_are_compared_at_once(monkeypatch, rows):
    monkeypatch.setattr(engine, "ROWS", rows)
    chance = np.random.default_rng(1)
    points, centres = chance.normal(size=(200, 3)), chance.normal(size=(20, 3))
    apart = ((points[:, None] - centres) ** 2).sum(axis=2)
    assert engine._find_nearest(points, centres).tolist() == apart.argmin(axis=1).tolist()


@settings(max_examples=40, deadline=None)
@given(PLACES, st.integers(1, 3), st.randoms(use_true_random=False))
def test_no_order_of_points_changes_their_clusters(places, wide, chance):
    points = np.asarray(places, dtype=np.float64)[:, :wide] / 4
    order = list(range(len(points)))
    chance.shuffle(order)
    one, other = gather_bases(points=points), gather_bases(points=points[order])
    assert np.array_equal(one.centres, other.centres)
    assert np.array_equal(one.sizes, other.sizes)
    assert one.of[order].tolist() == other.of.tolist()


@pytest.mark.parametrize("split", [150, 1 << 16])
def test_no_order_of_many_points_changes_their_clusters(monkeypatch, split):
    monkeypatch.setattr(engine, "SPLIT", split)
    chance = np.random.default_rng(3)
    points = np.round(chance.normal(size=(700, 2)), 1)
    order = chance.permutation(700)
    one, other = gather_bases(points=points), gather_bases(points=points[order])
    assert np.array_equal(one.centres, other.centres)
    assert one.of[order].tolist() == other.of.tolist()


def test_clusters_that_some_points_give_hold_all_and_lie_as_close(monkeypatch):
    chance = np.random.default_rng(2)
    points = chance.normal(size=(6000, 2)) + chance.choice([-4, 0, 4], (6000, 1))
    points = points[np.lexsort(points.T[::-1])]

    def spread(base):
        return float(((points - base.centres[base.of]) ** 2).sum())

    whole = gather_base_clusters(points=points)
    monkeypatch.setattr(engine, "SPLIT", 1000)
    thinned = gather_base_clusters(points=points)
    assert thinned.sizes.sum() == whole.sizes.sum() == 6000
    assert np.bincount(thinned.of).tolist() == thinned.sizes.tolist()
    assert spread(thinned) < 1.1 * spread(whole)
