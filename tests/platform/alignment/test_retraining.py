"""What decided links teach a run, and what is written down of it."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
from django.utils import timezone

from comity.engines.alignment import decided
from comity.platform.alignment.collection import load_collection
from comity.platform.alignment.models import AlignmentRun, CrosswalkLink, Instrument, LearnedWeights, Provision
from comity.platform.alignment.retraining import BUILT_IN, weights_from_answers
from comity.platform.alignment.services import name_of_pair

pytestmark = pytest.mark.django_db
TEXTS = 8
EACH = 12


def a_run() -> AlignmentRun:
    return AlignmentRun.objects.create(
        finished_at=timezone.now(), embedder="t", maker="t", instruments=0, provisions=0, suggestions=0
    )


@pytest.fixture
def collection():
    """Eight texts of twelve provisions. Provision i of each holds word i; the vectors of a text's provisions are drawn by chance."""
    for t in range(TEXTS):
        text = Instrument.objects.create(
            slug=f"t{t}",
            title=f"T{t}",
            short_title=f"T{t}",
            party="",
            language="en",
            basis="full-text",
            source_sha256=str(t) * 64,
        )
        Provision.objects.bulk_create(
            Provision(
                instrument=text,
                ref=f"art_{i:02}",
                position=i,
                label=str(i),
                text=f"matter{i} alone{t}x{i}",
                language="en",
                search_words="",
            )
            for i in range(EACH)
        )
    loaded, keys = load_collection()
    chance = np.random.default_rng(5)
    vectors = chance.normal(size=(len(loaded.provisions), 16)).astype(np.float32)
    return loaded, keys, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def decide(keys, *, most: int, by_words: bool = True, seed: int = 1) -> None:
    """Decide links between neighbouring texts: confirmed where both hold the same word, or by chance."""
    chance, made = np.random.default_rng(seed), 0
    for t in range(TEXTS):
        other = (t + 1) % TEXTS
        for i in range(EACH):
            if made == most:
                return
            j = i if i % 2 else (i + 3) % EACH
            a, b = sorted((f"t{t}/art_{i:02}", f"t{other}/art_{j:02}"))
            confirmed = i == j if by_words else bool(chance.random() > 0.5)
            CrosswalkLink.objects.create(
                name=name_of_pair(a=a, b=b),
                a_id=keys[a],
                b_id=keys[b],
                suggested="related",
                relation="related" if confirmed else "",
                state="confirmed" if confirmed else "rejected",
                maker="t/1",
                score=1.0,
            )
            made += 1


def learn(collection, run=None, **given):
    loaded, keys, vectors = collection
    return weights_from_answers(
        run=run or a_run(),
        **{"collection": loaded, "keys": keys, "vectors": vectors, "languages": frozenset({"en"}), **given},
    )


def test_few_decided_links_leave_the_built_in_weights_and_that_is_written_down(collection):
    decide(collection[1], most=decided.DECIDED - 1)
    assert learn(collection) == BUILT_IN
    kept = LearnedWeights.objects.get()
    assert (kept.used, kept.figures["why"], kept.confirmed + kept.rejected) == (False, "too-few", decided.DECIDED - 1)
    assert kept.figures["needed"]["decided"] == decided.DECIDED


def test_answers_that_follow_words_make_words_count_more_and_the_run_says_all_of_it(collection):
    decide(collection[1], most=96)
    run = a_run()
    words, meaning = learn(collection, run=run)
    kept = LearnedWeights.objects.get(run=run)
    assert (kept.used, kept.figures["why"]) == (True, "learned")
    assert (kept.words, kept.meaning) == (words, meaning)
    assert words > BUILT_IN[0]
    assert words + meaning == pytest.approx(1.0)
    assert (kept.confirmed, kept.rejected) == (48, 48)
    assert kept.figures["difference"][1] > 0
    assert kept.figures["held_out"] > kept.figures["before"]
    names = {key: name for name, key in collection[1].items()}
    answers = sorted((names[a], names[b], s) for a, b, s in CrosswalkLink.objects.values_list("a", "b", "state"))
    assert kept.answers_sha256 == hashlib.sha256(json.dumps(answers).encode()).hexdigest()


def test_answers_by_chance_leave_the_built_in_weights(collection):
    decide(collection[1], most=96, by_words=False)
    assert learn(collection) == BUILT_IN
    assert LearnedWeights.objects.get().figures["why"] == "no-better"


def test_links_that_still_wait_or_rest_on_what_is_not_public_teach_nothing(collection):
    decide(collection[1], most=96)
    CrosswalkLink.objects.filter(state="rejected").update(state="disputed")
    learn(collection)
    assert (LearnedWeights.objects.get().confirmed, LearnedWeights.objects.get().rejected) == (48, 0)
    LearnedWeights.objects.all().delete()
    loaded, keys, vectors = collection
    public = {name: key for name, key in keys.items() if not name.startswith("t0/")}
    learn((loaded, public, vectors))
    assert LearnedWeights.objects.get().confirmed < 48


def test_without_a_model_of_meaning_there_is_nothing_to_weigh(collection):
    decide(collection[1], most=96)
    assert learn(collection, vectors=None) == BUILT_IN
    assert LearnedWeights.objects.get().figures["why"] == "no-meaning"


def test_links_in_a_language_that_the_model_does_not_know_teach_nothing(collection):
    decide(collection[1], most=96)
    assert learn(collection, languages=frozenset({"fr"})) == BUILT_IN
    assert (LearnedWeights.objects.get().figures["why"], LearnedWeights.objects.get().confirmed) == ("too-few", 0)
