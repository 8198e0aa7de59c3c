"""What decided links teach: nothing where they are few, and never weights that do worse on links held out."""

from __future__ import annotations

import numpy as np
import pytest

from comity.engines.alignment.crosswalk import propose_pairs, score_decided
from comity.engines.alignment.decided import DECIDED, learn_from_decided
from comity.engines.alignment.fusion import MEANING, WORDS
from comity.engines.alignment.texts import Collection, Instrument, Provision

IN_USE = (WORDS, MEANING)


def drawn(n, *, words, meaning, noise=1.0, seed=3, groups=12):
    """``n`` links that are confirmed where a mixture of both signals, and noise, is above its mean."""
    chance = np.random.default_rng(seed)
    signals = chance.normal(size=(n, 2))
    truth = words * signals[:, 0] + meaning * signals[:, 1] + noise * chance.normal(size=n)
    return signals, truth > np.median(truth), [f"g{i % groups:02}" for i in range(n)]


def learn(signals, confirmed, groups, **given):
    return learn_from_decided(signals=signals, confirmed=confirmed, groups=groups, weights=IN_USE, seed=7, **given)


def test_where_words_decide_and_are_counted_little_they_are_learned_to_count_more():
    found = learn(*drawn(240, words=1.0, meaning=0.1, noise=0.3))
    assert found.why == "learned"
    assert found.weights == found.learned
    assert found.weights[0] > 0.6
    assert sum(found.weights) == pytest.approx(sum(IN_USE))
    assert found.held_out > found.before
    assert found.difference[1] > 0
    assert (found.folds, len(found.ridges)) == (6, 6)


def test_weights_are_used_only_where_they_do_better_held_out_beyond_chance():
    for seed in range(8):
        signals, _, groups = drawn(120, words=1.0, meaning=1.0, seed=seed)
        confirmed = np.random.default_rng(seed).random(120) > 0.5
        found = learn(signals, confirmed, groups)
        assert found.why in {"learned", "no-better"}
        assert (found.weights == IN_USE) is (found.why == "no-better")
        assert (found.difference[1] > 0) is (found.why == "learned")
        assert found.difference[0] == pytest.approx(found.held_out - found.before)


@pytest.mark.parametrize(
    "n,change,why",
    [
        (DECIDED - 1, lambda yes, groups: (yes, groups), "too-few"),
        (100, lambda yes, groups: (np.arange(100) < 10, groups), "one-kind"),
        (100, lambda yes, groups: (~(np.arange(100) < 10), groups), "one-kind"),
        (100, lambda yes, groups: (yes, ["one"] * 100), "one-pair"),
    ],
)
def test_too_little_teaches_nothing(n, change, why):
    signals, confirmed, groups = drawn(n, words=1.0, meaning=0.0)
    found = learn(signals, *change(confirmed, groups))
    assert (found.why, found.weights, found.learned, found.held_out) == (why, IN_USE, (), None)


def test_the_same_answers_teach_the_same():
    given = drawn(150, words=0.5, meaning=0.5)
    assert learn(*given) == learn(*given)


def small():
    texts = {
        "x": ("labels on generated text", "fines for firms", "sandbox for small firms"),
        "y": ("text that is generated has labels", "small firms enter a sandbox", "penalties"),
        "z": ("words in another tongue", "fines", "labels"),
    }
    provisions = tuple(
        Provision(name, f"art_{i}", str(i), "", text, "sw" if name == "z" and i == 0 else "en")
        for name, held in texts.items()
        for i, text in enumerate(held)
    )
    vectors = np.random.default_rng(1).normal(size=(len(provisions), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Collection(tuple(Instrument(n, n, n, None) for n in texts), provisions), vectors


def test_scores_of_decided_pairs_are_those_that_are_joined_when_pairs_are_proposed():
    collection, vectors = small()
    given = {"collection": collection, "vectors": vectors, "languages": frozenset({"en"})}
    for weights in (IN_USE, (0.8, 0.2)):
        pairs = propose_pairs(**given, floor=-9.0, floor_on_one_topic=-9.0, weights=weights)
        known = [p for p in pairs if p.cosine is not None]
        assert len(known) > 3
        signals = score_decided(**given, pairs=[(p.a, p.b) for p in known])
        assert signals @ np.asarray(weights) == pytest.approx([p.score for p in known], abs=2e-5)
        turned = score_decided(**given, pairs=[(p.b, p.a) for p in known])
        assert turned == pytest.approx(signals)


def test_a_pair_in_a_language_that_the_model_does_not_know_has_no_scores_to_learn_from():
    collection, vectors = small()
    signals = score_decided(
        collection=collection, vectors=vectors, languages=frozenset({"en"}), pairs=[("x/art_0", "z/art_0")]
    )
    assert np.isnan(signals).all()


def test_weights_count_the_same_from_a_shortlist():
    collection, vectors = small()
    given = {"collection": collection, "vectors": vectors, "languages": frozenset({"en"}), "weights": (0.8, 0.2)}
    floors = {"floor": -9.0, "floor_on_one_topic": -9.0}
    whole = propose_pairs(**given, **floors)
    short = propose_pairs(**given, **floors, whole=0)
    assert [(p.a, p.b) for p in short] == [(p.a, p.b) for p in whole]
    assert [p.score for p in short] == pytest.approx([p.score for p in whole], abs=1e-4)
