"""The search for nearest texts: exact, whatever the tiles, ties by place."""

from __future__ import annotations

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.nearest import join_tiles, nearest_texts, tiles_of


def vectors(n: int, d: int, seed: int, *, coarse: bool = False) -> np.ndarray:
    made = np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)
    return np.round(made) if coarse else made / np.linalg.norm(made, axis=1, keepdims=True)


def by_sorting(table: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    products = table @ table.T
    np.fill_diagonal(products, -np.inf)
    order = np.lexsort((np.broadcast_to(np.arange(len(table)), products.shape), -products), axis=1)[:, :most]
    scores = np.take_along_axis(products, order, axis=1)
    return np.where(np.isinf(scores), -1, order), scores


@given(st.integers(1, 60), st.integers(1, 7), st.integers(1, 12), st.integers(1, 9), st.integers(1, 70), st.booleans())
def test_any_tile_and_block_give_what_sorting_all_gives(n, d, most, tile, block, coarse):
    table = vectors(n, d, seed=n * 31 + d, coarse=coarse)
    found = join_tiles(
        tiles=[
            nearest_texts(queries=table[rows], texts=table, most=most, first=rows.start, block=block)
            for rows in tiles_of(queries=n, tile=tile)
        ]
    )
    places, scores = by_sorting(table, most)
    wide = np.full((n, most), -1), np.full((n, most), -np.inf)
    wide[0][:, : places.shape[1]], wide[1][:, : scores.shape[1]] = places, scores
    assert np.allclose(found.scores[found.places >= 0], wide[1][found.places >= 0], atol=1e-5)
    assert ((found.places >= 0) == (wide[0] >= 0)).all()
    if coarse:  # products of whole numbers are exact, so places must be the same to the last tie
        assert (found.places == wide[0]).all()


def test_what_faiss_finds_by_exhaustive_search_is_found():
    table = vectors(3000, 32, seed=1)
    index = faiss.IndexFlatIP(32)
    index.add(table)
    scores, places = index.search(table, 11)
    found = nearest_texts(queries=table, texts=table, most=11, block=700)
    assert np.allclose(found.scores, scores, atol=1e-5)
    apart = np.abs(np.diff(scores, axis=1)).min(axis=1) > 1e-5
    assert apart.sum() > 2000
    assert (found.places[apart] == places[apart]).all()


def test_less_than_one_neighbour_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        nearest_texts(queries=vectors(2, 2, 0), texts=vectors(2, 2, 0), most=0)
