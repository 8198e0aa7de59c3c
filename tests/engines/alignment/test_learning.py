"""Hubs, languages, learned weights and probabilities: laws, and figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.calibration import (
    fit_probabilities,
    hold_out_probabilities,
    probabilities_of,
    tabulate_reliability,
)
from comity.engines.alignment.hubs import centre_by_language, correct_hubs, nearness_to_all
from comity.engines.alignment.learning import compare_paired, fit_weights, group_of, learn_nested
from comity.engines.alignment.reference import gather_reference, profile_topics
from comity.engines.alignment.texts import Provision


def unit(rows):
    found = np.asarray(rows, dtype=np.float32)
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


def test_centring_brings_the_counterpart_before_text_of_the_same_language():
    chance = np.random.default_rng(5)
    meaning = chance.standard_normal((600, 16))
    english = unit(meaning + np.eye(16)[0] * 6)
    chinese = unit(meaning + np.eye(16)[1] * 6)
    vectors, spoken = np.vstack([english, chinese]), ["en"] * 600 + ["zh-Hans"] * 600

    def best(held):
        scores = held @ held.T
        np.fill_diagonal(scores, -1)
        return scores.argmax(axis=1)

    counterpart = np.r_[np.arange(600, 1200), np.arange(600)]
    assert (best(vectors) == counterpart).mean() < 0.5
    assert (best(centre_by_language(vectors=vectors, languages=spoken)) == counterpart).mean() > 0.9


def test_centring_leaves_empty_texts_empty_and_one_language_alone():
    vectors = unit([[1, 2], [0, 0], [3, 1]])
    found = centre_by_language(vectors=vectors, languages=["en", "fr", "fr"])
    assert found[1].tolist() == [0, 0]
    assert np.allclose(np.linalg.norm(found[[0, 2]], axis=1), 1)
    assert centre_by_language(vectors=vectors, languages=["en", "fr", "en"]) is vectors


def test_a_hub_loses_what_it_is_near_to_everything():
    reference = unit([[1, 0], [1, 0.1], [0, 1]])
    hubs = nearness_to_all(vectors=unit([[1, 0], [0, 1]]), reference=reference, most=2)
    assert hubs == pytest.approx([(1 + 1 / np.sqrt(1.01)) / 2, (1 + 0.1 / np.sqrt(1.01)) / 2], abs=1e-6)
    assert nearness_to_all(vectors=reference, reference=reference[:0]).tolist() == [0, 0, 0]
    corrected = correct_hubs(cosines=np.array([[0.9, 0.8]]), rows=np.array([0.0]), columns=np.array([0.9, 0.5]))
    assert corrected.argmax() == 1


def coded(name, topics):
    return Provision(instrument="x", ref=name, label=name, heading="", text=name, language="en", topics=topics)


def test_a_text_is_about_what_its_nearest_coded_texts_are_about():
    provisions = [coded("a", ("t1",)), coded("b", ()), coded("c", ("t2",))]
    vectors = unit([[1, 0], [1, 1], [0, 1]])
    reference = gather_reference(provisions=provisions, vectors=vectors)
    profiles = profile_topics(vectors=np.vstack([vectors[[0, 2]], [[0, 0]]]), reference=reference)
    assert reference.marks.tolist() == [[1, 0], [0, 1]]
    assert profiles[0] == pytest.approx([1, np.exp(-10)], abs=1e-4)
    assert profiles[2].tolist() == [0, 0]
    assert gather_reference(provisions=[coded("b", ())], vectors=vectors[:1]) is None


def judged(seed=0, queries=40, texts=12):
    """Draw queries with one counterpart each, which the first signal shows and the second does not."""
    chance = np.random.default_rng(seed)
    hits = np.zeros((queries, texts))
    hits[np.arange(queries), chance.integers(0, texts, queries)] = 1
    signals = np.stack([2 * hits + chance.standard_normal(hits.shape), chance.standard_normal(hits.shape)], axis=-1)
    return signals, hits


def places(scores, hits):
    return (scores.argmax(axis=1) == hits.argmax(axis=1)).astype(float)


def test_what_tells_counterparts_apart_gets_the_weight_and_what_does_not_gets_none():
    signals, hits = judged()
    weights = fit_weights(signals=signals, hits=hits, ridge=0.001)
    assert weights[0] > 1
    assert weights[1] < 0.4
    assert fit_weights(signals=signals, hits=np.zeros_like(hits), ridge=0.1).tolist() == [0.5, 0.5]


def test_no_query_is_scored_by_weights_learned_from_its_own_group():
    signals, hits = judged()
    groups = [f"g{i % 8}" for i in range(len(hits))]

    def learn(marks):
        return learn_nested(signals=signals, hits=marks, groups=groups, judge=lambda s: places(s, marks), seed=1)

    # Only the judgments of one group are turned round; the scores of the group itself may not move, if ridges stay.
    turned = hits.copy()
    mine = np.asarray(groups) == "g3"
    turned[mine] = np.roll(hits[mine], 1, axis=1)
    before, after = learn(hits), learn(turned)
    same_fold = [k for k in range(len(hits)) if np.allclose(before.held_out[k], after.held_out[k])]
    assert set(np.flatnonzero(mine)) <= set(same_fold) or before.chosen != after.chosen
    assert not np.allclose(before.held_out, after.held_out)
    assert learn(hits).held_out.tolist() == before.held_out.tolist()


def test_one_group_alone_holds_nothing_out_and_gets_equal_weights():
    signals, hits = judged(queries=5)
    found = learn_nested(signals=signals, hits=hits, groups=["g"] * 5, judge=lambda s: places(s, hits), seed=1)
    assert found.chosen == ()
    assert np.allclose(found.held_out, signals.sum(axis=-1) / 2)


@pytest.mark.parametrize("name, group", [("GOVERN 1.2", "GOVERN 1"), ("fr-12", "fr"), ("art_14", "art"), ("x", "x")])
def test_the_group_of_a_query_is_what_stands_before_its_last_part(name, group):
    assert group_of(name) == group


def test_the_interval_of_a_constant_difference_is_that_difference():
    assert compare_paired(a=np.full(9, 0.5), b=np.full(9, 0.25), seed=1) == (0.25, 0.25, 0.25)


def test_isotonic_regression_by_hand():
    found = fit_probabilities(scores=np.array([1.0, 2.0, 3.0, 4.0]), hits=np.array([0, 1, 0, 1]))
    assert found.scores == (1.0, 2.0, 4.0)
    assert found.probabilities == (0.25, 0.5, 0.75)
    assert probabilities_of(scores=np.array([0.0, 2.5, 9.0]), calibration=found).tolist() == [0.25, 0.5, 0.75]
    with pytest.raises(ValueError, match="at least one"):
        fit_probabilities(scores=np.zeros(0), hits=np.zeros(0))


@given(st.lists(st.tuples(st.integers(-4, 4), st.booleans()), min_size=1, max_size=40))
def test_a_probability_never_falls_with_the_score_and_is_never_none_nor_certain(pairs):
    scores, hits = (np.asarray(column, dtype=float) for column in zip(*pairs, strict=True))
    said = probabilities_of(scores=np.sort(scores), calibration=fit_probabilities(scores=scores, hits=hits))
    assert (np.diff(said) >= 0).all()
    assert ((said > 0) & (said < 1)).all()


def test_a_held_out_probability_ignores_the_judgments_of_its_own_group():
    scores = np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]])
    hits = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    said = hold_out_probabilities(scores=scores, hits=hits, groups=["a", "b", "c"])
    # Two queries of which neither has a hit at 1 and both have one at 2: 0.5 / 3 and 2.5 / 3.
    assert said[0] == pytest.approx([0.5 / 3, 2.5 / 3])


def test_reliability_sets_what_was_said_beside_what_was_right():
    found = tabulate_reliability(
        probabilities=np.array([0.01, 0.3, 0.3, 1.0]), hits=np.array([0, 1, 0, 1]), edges=(0.0, 0.2, 0.4, 1.0)
    )
    assert [(b.pairs, b.said, b.right) for b in found] == [(1, 0.01, 0.0), (2, 0.3, 0.5), (1, 1.0, 1.0)]
