"""Words, meaning and their fusion; measures against figures worked out by hand."""

from __future__ import annotations

import math

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from comity.engines.alignment.dense import cosine_tiles, cosines, known_pairs, knows, take_best
from comity.engines.alignment.evaluation import Passage, Ranking, measure, rank_candidates
from comity.engines.alignment.fusion import ALONE, MEANING, WORDS, fuse, standardise
from comity.engines.alignment.lexical import index_texts, score_words, shared_words

TEXTS = [
    ["human", "oversight", "of", "high", "risk", "system"],
    ["incident", "report", "to", "authority", "report"],
    ["human", "right"],
    ["oversight", "board", "oversight", "oversight"],
    [],
]


def test_bm25_equals_the_published_implementation_of_lucenes_variant():
    ours = score_words(index=index_texts(texts=TEXTS), queries=[["human", "oversight"], ["report", "nowhere"], []])
    peer = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    peer.index(TEXTS, show_progress=False)
    for row, query in zip(ours, (["human", "oversight"], ["report"]), strict=False):
        assert np.allclose(row, peer.get_scores(query), atol=1e-6)
    assert np.array_equal(ours[2], np.zeros(5))


def test_bm25_by_hand():
    index = index_texts(texts=[["a", "b"], ["a", "a", "a", "c"]])
    # n 2, df(b) 1: idf ln(1 + 1.5/1.5) = ln 2; length 2 of mean 3: 1 / (1 + 1.2 (0.25 + 0.75 * 2/3))
    assert score_words(index=index, queries=[["b"]])[0, 0] == pytest.approx(math.log(2) / (1 + 1.2 * 0.75))


def test_an_index_of_nothing_scores_nothing():
    assert score_words(index=index_texts(texts=[]), queries=[["a"]]).shape == (1, 0)


def test_shared_words_come_the_most_telling_first():
    index = index_texts(texts=[*TEXTS, ["human", "oversight", "zeal"], ["human", "zeal"]])
    assert shared_words(index=index, a=5, b=6, most=9) == ("zeal", "human")
    assert shared_words(index=index, a=0, b=1, most=9) == ()


@given(st.permutations(range(5)))
def test_the_order_of_texts_only_permutes_the_scores(order):
    base = score_words(index=index_texts(texts=TEXTS), queries=[["human", "report"]])[0]
    turned = score_words(index=index_texts(texts=[TEXTS[i] for i in order]), queries=[["human", "report"]])[0]
    assert np.allclose(turned, base[list(order)], atol=1e-12)


def test_tiles_give_the_same_cosines_as_one_product():
    chance = np.random.default_rng(7)
    a, b = chance.normal(size=(50, 8)).astype(np.float32), chance.normal(size=(13, 8)).astype(np.float32)
    tiles = list(cosine_tiles(a=a, b=b, tile=7))
    assert [start for start, _ in tiles] == list(range(0, 50, 7))
    assert np.allclose(np.vstack([t for _, t in tiles]), a @ b.T, atol=1e-6)
    assert np.allclose(cosines(a=a, b=b), a @ b.T, atol=1e-6)


@given(st.integers(0, 9), st.integers(1, 12), st.integers(1, 5))
def test_the_best_are_taken_in_order_and_ties_go_by_place(n, m, most):
    scores = np.random.default_rng(n * 31 + m).integers(-1, 2, (n, m)).astype(np.float32)
    wanted = [sorted(range(m), key=lambda j: (-float(row[j]), j))[:most] for row in scores]
    assert take_best(scores=scores, most=most).tolist() == wanted


def test_a_model_compares_only_texts_of_which_it_knows_both_languages():
    found = known_pairs(languages=frozenset({"en", "zh"}), a=["en", "sw"], b=["zh-Hans", "hi", "en"])
    assert found.tolist() == [[True, False, True], [False, False, False]]


@pytest.mark.parametrize(
    "language, known", [("en", True), ("en-GB", True), ("EN", True), ("sw", False), ("", False), ("und", False)]
)
def test_a_model_knows_a_language_by_its_primary_subtag(language, known):
    assert knows(languages=frozenset({"en"}), language=language) is known


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-1e6, 1e6)))
def test_standardised_rows_have_mean_nought_and_deviation_one_or_are_nought(scores):
    found = standardise(scores)
    assert np.isfinite(found).all()
    assert np.allclose(found.mean(axis=1), 0, atol=1e-6)
    spread = found.std(axis=1)
    assert all(abs(s - 1) < 1e-6 or s < 1e-9 for s in spread)


def test_a_row_of_an_unknown_language_is_answered_by_words_alone():
    words = np.array([[3.0, 1.0, 0.0], [3.0, 1.0, 0.0]])
    meaning = np.array([[0.0, 0.1, 0.9], [0.0, 0.1, 0.9]])
    found = fuse(words=words, meaning=meaning, known=np.array([[True] * 3, [False] * 3]))
    assert np.allclose(found[1], ALONE * standardise(words)[1])
    assert found[0].argmax() == 2
    assert np.array_equal(fuse(words=words, meaning=None), ALONE * standardise(words))


def test_a_text_of_an_unknown_language_neither_gains_nor_spoils_the_meaning_of_the_others():
    words, meaning = np.array([[3.0, 1.0, 0.0, 2.0]]), np.array([[0.1, 0.4, 0.9, 0.0]])
    known = np.array([[True, True, True, False]])
    found = fuse(words=words, meaning=meaning, known=known)
    by_words = standardise(words)
    assert found[0, 3] == pytest.approx(ALONE * by_words[0, 3])
    assert np.allclose(found[0, :3], WORDS * by_words[0, :3] + MEANING * standardise(meaning[:, :3])[0])
    assert np.array_equal(fuse(words=words, meaning=np.array([[0.1, 0.4, 0.9, -0.5]]), known=known), found)


def passage(name, text="x", instrument=None):
    return Passage(id=name, text=text, language="en", instrument=instrument)


def test_measures_by_hand():
    rankings = (
        Ranking(query="q1", candidates=("a", "b", "c"), scores=(3.0, 2.0, 1.0)),
        Ranking(query="q2", candidates=("a", "b", "c"), scores=(3.0, 2.0, 1.0)),
        Ranking(query="q3", candidates=("a", "b", "c"), scores=(3.0, 2.0, 1.0)),
    )
    gold = {("q1", "a"): 1, ("q1", "b"): 2, ("q1", "z"): 2, ("q2", "c"): 2, ("q3", "a"): 1}
    found = measure(rankings=rankings, gold=gold)
    ideal1 = 3 / math.log2(2) + 3 / math.log2(3) + 1 / math.log2(4)
    ndcg1 = (1 / math.log2(2) + 3 / math.log2(3)) / ideal1
    ndcg2 = (3 / math.log2(4)) / 3
    assert found.queries == 2
    assert found.recall_at_10 == pytest.approx((1 / 2 + 1) / 2)
    assert found.ndcg_at_10 == pytest.approx((ndcg1 + ndcg2) / 2)
    assert found.mrr == pytest.approx((1 / 2 + 1 / 3) / 2)


def test_a_counterpart_at_the_eleventh_place_counts_for_the_rank_alone():
    names = tuple(f"c{i:02}" for i in range(12))
    ranking = Ranking(query="q", candidates=names, scores=tuple(float(-i) for i in range(12)))
    found = measure(rankings=(ranking,), gold={("q", "c10"): 2})
    assert (found.recall_at_10, found.ndcg_at_10) == (0.0, 0.0)
    assert found.mrr == pytest.approx(1 / 11)


def test_no_counterpart_anywhere_measures_nought_over_nought_queries():
    found = measure(rankings=(Ranking("q", ("a",), (1.0,)),), gold={("q", "a"): 1})
    assert (found.recall_at_10, found.ndcg_at_10, found.mrr, found.queries) == (0.0, 0.0, 0.0, 0)


def test_a_query_never_finds_itself_nor_its_own_instrument():
    queries = [passage("a/1", "human oversight", "a")]
    candidates = [
        passage("a/1", "human oversight", "a"),
        passage("a/2", "human oversight", "a"),
        passage("b/1", "human", "b"),
        passage("c", "tax"),
    ]
    (found,) = rank_candidates(queries=queries, candidates=candidates)
    assert found.candidates == ("b/1", "c")
    (free,) = rank_candidates(queries=[passage("a/1", "human oversight")], candidates=candidates)
    assert free.candidates[0] == "a/2"


@pytest.mark.parametrize(
    "languages, alone", [(frozenset({"en"}), False), (frozenset({"sw"}), True), (frozenset(), True)]
)
def test_a_ranking_says_where_words_decided_alone(languages, alone):
    vectors = np.eye(2, dtype=np.float32)
    (found,) = rank_candidates(
        queries=[passage("q", "human oversight")],
        candidates=[passage("a", "human"), passage("b", "tax")],
        query_vectors=vectors[1:],
        candidate_vectors=vectors,
        languages=languages,
    )
    assert found.words_alone is alone
    assert found.candidates == (("a", "b") if alone else ("b", "a"))


@given(st.permutations(range(6)))
def test_the_order_of_candidates_never_matters(order):
    candidates = [
        passage(f"c{i}", text) for i, text in enumerate(["human", "human", "tax", "human right", "", "oversight"])
    ]
    query = [passage("q", "human oversight")]
    vectors = np.eye(6, 4, dtype=np.float32)
    asked = np.ones((1, 4), dtype=np.float32) / 2
    base = rank_candidates(
        queries=query,
        candidates=candidates,
        query_vectors=asked,
        candidate_vectors=vectors,
        languages=frozenset({"en"}),
    )
    turned = rank_candidates(
        queries=query,
        candidates=[candidates[i] for i in order],
        query_vectors=asked,
        candidate_vectors=vectors[list(order)],
        languages=frozenset({"en"}),
    )
    assert base == turned


def test_ties_are_broken_by_id():
    (found,) = rank_candidates(
        queries=[passage("q", "human")], candidates=[passage("z", "human"), passage("a", "human")]
    )
    assert found.candidates == ("a", "z")
