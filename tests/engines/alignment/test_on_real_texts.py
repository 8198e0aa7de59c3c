"""Retrieval, pairs and topics on real texts, by words alone: figures that a change of folding or scoring must own up to."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from comity.adapters.judgments import read_gold, read_passages
from comity.adapters.readers import read_instrument_file, read_scheme
from comity.engines.alignment.crosswalk import propose_pairs
from comity.engines.alignment.evaluation import measure, rank_candidates
from comity.engines.alignment.texts import Collection
from comity.engines.alignment.topics import propose_topics

EXAMPLE = Path(str(resources.files("comity.example")))


@pytest.fixture(scope="module")
def scheme():
    return read_scheme(path=EXAMPLE / "topics.toml")


@pytest.fixture(scope="module")
def example(scheme):
    files = [read_instrument_file(path=p, scheme=scheme) for p in sorted((EXAMPLE / "instruments").glob("*.toml"))]
    return Collection(instruments=tuple(f[0] for f in files), provisions=tuple(p for f in files for p in f[1]))


@pytest.mark.parametrize(
    "name, queries, recall, ndcg, mrr",
    [("nist-iso42001", 72, 0.301, 0.250, 0.371), ("udhr-to-english", 330, 0.445, 0.272, 0.250)],
)
def test_words_alone_find_what_they_found_when_last_measured(shared, name, queries, recall, ndcg, mrr):
    folder = shared / "data" / "policy" / "gold" / name
    asked, offered = (read_passages(path=folder / f"{part}.jsonl") for part in ("queries", "candidates"))
    gold = read_gold(path=folder / "gold.csv", queries=asked, candidates=offered)
    found = measure(rankings=rank_candidates(queries=asked, candidates=offered), gold=gold)
    assert found.queries == queries
    assert (found.recall_at_10, found.ndcg_at_10, found.mrr) == pytest.approx((recall, ndcg, mrr), abs=0.005)


def test_pairs_of_the_example_are_few_mutual_and_mostly_on_a_common_topic(example):
    pairs = propose_pairs(collection=example, vectors=None)
    assert len(pairs) == pytest.approx(1811, abs=150)
    assert sum(bool(p.shared_topics) for p in pairs) / len(pairs) > 0.9
    assert all(p.a.partition("/")[0] != p.b.partition("/")[0] for p in pairs)
    assert [p.score for p in pairs] == sorted((p.score for p in pairs), reverse=True)
    assert {p.stronger for p in pairs} == {"a", "b", "equal"}


def test_topics_of_an_instrument_that_is_left_out_are_mostly_found_again(example, scheme):
    left_out = ("eu-ai-act", "kenya-ai-strategy", "oecd-ai-principles")
    asked = [replace(p, topics=()) if p.instrument in left_out else p for p in example.provisions]
    found = propose_topics(provisions=asked, scheme=scheme, vectors=None, topic_vectors=None)
    coded = [p for p in example.provisions if p.instrument in left_out]
    hits = sum(len(set(found[p.id].topics if p.id in found else ()) & set(p.topics)) for p in coded)
    given, wanted = sum(len(t.topics) for t in found.values()), sum(len(p.topics) for p in coded)
    assert set(found) <= {p.id for p in coded}
    assert 2 * hits / (given + wanted) > 0.5
    assert propose_topics(provisions=asked[::-1], scheme=scheme, vectors=None, topic_vectors=None) == found
