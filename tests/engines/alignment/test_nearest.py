"""The search for nearest texts: what an exhaustive search finds, in any tiles, with ties by place."""

from __future__ import annotations

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.nearest import join_tiles, nearest_texts, tiles_of


def exhaustive(queries, texts, most, first=None):
    """Rank every text for every query by one product, ties by place."""
    scores = queries @ texts.T
    if first is not None:
        scores[np.arange(len(queries)), first + np.arange(len(queries))] = -np.inf
    order = np.lexsort((np.broadcast_to(np.arange(len(texts)), scores.shape), -scores), axis=1)[:, :most]
    return order, np.take_along_axis(scores, order, axis=1)


@given(st.integers(1, 9), st.integers(1, 700), st.integers(1, 12), st.sampled_from([7, 128, 256, 300]), st.booleans())
def test_whole_numbers_with_many_ties_come_in_the_order_of_an_exhaustive_search(n, m, most, block, itself):
    chance = np.random.default_rng(n * 1000 + m)
    texts = chance.integers(-2, 3, (m, 5)).astype(np.float32)
    queries = texts[:n] if itself else chance.integers(-2, 3, (n, 5)).astype(np.float32)
    first = 0 if itself else None
    found = nearest_texts(queries=queries, texts=texts, most=most, first=first, block=block)
    places, scores = exhaustive(queries, texts, most, first)
    held = np.isfinite(scores)
    width = scores.shape[1]
    assert np.array_equal(found.scores[:, :width][held], scores[held])
    assert np.array_equal(found.places[:, :width][held], places[held])
    assert (found.places[:, :width][~held] == -1).all()
    assert (found.places[:, width:] == -1).all()


def test_the_ten_nearest_are_those_of_faiss_up_to_ties():
    vectors = np.random.default_rng(3).standard_normal((5000, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    tiles = [
        nearest_texts(queries=vectors[rows], texts=vectors, most=10, first=rows.start)
        for rows in tiles_of(queries=5000, tile=900)
    ]
    found = join_tiles(tiles=tiles)
    peer = faiss.IndexFlatIP(64)
    peer.add(vectors)
    scores, places = peer.search(vectors, 11)
    assert np.allclose(found.scores, scores[:, 1:], atol=1e-5)
    differs = found.places != places[:, 1:]
    assert differs.mean() < 0.001
    assert np.abs(found.scores - scores[:, 1:])[differs].max(initial=0) < 1e-5


def test_nothing_is_found_among_no_texts():
    found = nearest_texts(queries=np.ones((2, 3), np.float32), texts=np.ones((0, 3), np.float32), most=2)
    assert found.places.tolist() == [[-1, -1], [-1, -1]]


def test_none_asked_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        nearest_texts(queries=np.ones((1, 1), np.float32), texts=np.ones((1, 1), np.float32), most=0)
