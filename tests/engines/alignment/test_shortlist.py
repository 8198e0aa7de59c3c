"""A large collection is paired from shortlists: the same pairs as when every pair is scored."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from comity.adapters.readers import read_instrument_file, read_scheme
from comity.adapters.stemming import stem_words
from comity.engines.alignment.crosswalk import propose_pairs
from comity.engines.alignment.lexical import index_texts, score_cells, score_rows, score_words
from comity.engines.alignment.texts import Collection

EXAMPLE = Path(str(resources.files("comity.example")))


@pytest.fixture(scope="module")
def some():
    scheme = read_scheme(path=EXAMPLE / "topics.toml")
    files = [read_instrument_file(path=p, scheme=scheme) for p in sorted((EXAMPLE / "instruments").glob("*.toml"))[:14]]
    provisions = tuple(p for f in files for p in f[1])
    chance = np.random.default_rng(2)
    # Vectors that know the topics a little, so that words and meaning agree now and then.
    topics = sorted({t for p in provisions for t in p.topics})
    base = chance.standard_normal((len(topics), 24))
    vectors = np.asarray(
        [sum(base[topics.index(t)] for t in p.topics) + 0.7 * chance.standard_normal(24) for p in provisions]
    )
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Collection(instruments=tuple(f[0] for f in files), provisions=provisions), vectors.astype(np.float32)


@pytest.mark.parametrize("with_vectors", [True, False])
def test_the_pairs_of_shortlists_are_those_of_a_whole_comparison(some, with_vectors):
    collection, vectors = some
    given = {
        "collection": collection,
        "vectors": vectors if with_vectors else None,
        "languages": frozenset({"en"}),
        "stem": stem_words,
    }
    whole, short = propose_pairs(**given), propose_pairs(**given, whole=0)
    scores = {(p.a, p.b): p.score for p in whole}
    shared = [(p, scores[p.a, p.b]) for p in short if (p.a, p.b) in scores]
    assert len(whole) > 80
    assert len(shared) >= 0.99 * max(len(whole), len(short))
    assert max(abs(p.score - score) for p, score in shared) < 2e-4


def test_single_cells_and_rows_are_those_of_the_whole_matrix():
    texts = [["a", "b"], ["b", "c", "c"], ["d"], []]
    index, queries = index_texts(texts=texts), [["b", "b", "x"], ["c"], []]
    whole = score_words(index=index, queries=queries)
    rows, columns = (x.ravel() for x in np.indices(whole.shape))
    assert np.allclose(score_cells(index=index, queries=queries, rows=rows, columns=columns, at_once=5), whole.ravel())
    assert np.allclose(score_rows(index=index, query=queries[0], rows=slice(1, 4)), whole[0, 1:])
