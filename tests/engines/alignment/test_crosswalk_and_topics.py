"""Pairs are mutual, of two instruments, the same whatever the order; topics come from the nearest coded texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.crosswalk import propose_pairs
from comity.engines.alignment.fusion import floor_for
from comity.engines.alignment.texts import Collection, Instrument, Provision, Scheme, Topic
from comity.engines.alignment.topics import (
    MAKER,
    MAKER_NEAREST,
    Proposed,
    counted_topics,
    propose_topics,
    searched_instruments,
)
from comity.engines.alignment.topics_nearest import _choose

SENTENCES = {
    "x/1": "A competent person must be able to stop the system at any time.",
    "x/2": "Serious incidents must be reported to the authority within fifteen days.",
    "x/3": "Start-ups receive tax relief for research.",
    "y/1": "Persons with competence and authority can intervene and stop the system.",
    "y/2": "The provider reports a serious incident to the supervisory authority.",
    "y/3": "Energy use of data centres is published each year.",
    "z/1": "Report each serious incident to the authority without delay.",
}


def provision(name, text, **more):
    instrument, ref = name.split("/")
    return Provision(instrument=instrument, ref=ref, label=ref, heading="", text=text, language="en", **more)


def collection(order=None, **topics):
    names = order or sorted(SENTENCES)
    parts = tuple(provision(n, SENTENCES[n], topics=topics.get(n.replace("/", ""), ())) for n in names)
    instruments = tuple(Instrument(id=i, title=i, short_title=i, party=None) for i in sorted({n[0] for n in names}))
    return Collection(instruments=instruments, provisions=parts)


def test_provisions_of_the_same_matter_are_paired_across_instruments():
    found = {(p.a, p.b) for p in propose_pairs(collection=collection(), vectors=None, floor=0.5)}
    assert {("x/1", "y/1"), ("x/2", "y/2"), ("x/2", "z/1"), ("y/2", "z/1")} <= found
    assert all(a.split("/")[0] != b.split("/")[0] for a, b in found)


def test_a_pair_is_only_a_suggestion_and_says_why():
    pairs = propose_pairs(
        collection=collection(x2=("incident-reporting", "safety"), y2=("incident-reporting",)), vectors=None, floor=0.5
    )
    (pair,) = [p for p in pairs if (p.a, p.b) == ("x/2", "y/2")]
    assert pair.relation == "related"
    assert pair.shared_topics == ("incident-reporting",)
    assert {"incident", "serious"} <= set(pair.shared_terms)
    assert pair.cosine is None
    assert pair.bm25_rank == 1


@pytest.mark.parametrize(
    "a, b, stronger",
    [
        ("must", "should", "a"),
        ("declares", "may", "b"),
        ("must", "must-not", "equal"),
        ("must", None, None),
        (None, None, None),
    ],
)
def test_strength_is_compared_apart_where_both_are_known(a, b, stronger):
    parts = (
        provision("x/2", SENTENCES["x/2"], modality=a),
        provision("y/2", SENTENCES["y/2"], modality=b),
        provision("z/3", SENTENCES["x/3"]),
    )
    pairs = propose_pairs(collection=Collection(instruments=(), provisions=parts), vectors=None, floor=-9.0)
    assert [p.stronger for p in pairs if (p.a, p.b) == ("x/2", "y/2")] == [stronger]


def test_instruments_whose_names_begin_alike_are_kept_apart_and_a_comes_before_b():
    parts = tuple(provision(f"{name}/{n}", SENTENCES[f"x/{n}"]) for name in ("x", "x-1", "x.b", "xy") for n in (1, 2))
    pairs = propose_pairs(collection=Collection(instruments=(), provisions=parts), vectors=None, floor=-9.0)
    assert len(pairs) == 12
    assert all(p.a < p.b and p.a.split("/")[0] != p.b.split("/")[0] for p in pairs)


def test_a_provision_in_an_unknown_language_does_not_change_the_pairs_of_the_others():
    chance = np.random.default_rng(3).normal(size=(8, 16))
    vectors = (chance / np.linalg.norm(chance, axis=1, keepdims=True)).astype(np.float32)
    names = sorted(SENTENCES)
    base = tuple(provision(n, SENTENCES[n]) for n in names)
    stranger = Provision(instrument="zz", ref="1", label="", heading="", text="Ulinzi", language="sw")
    found = []
    for last in (np.zeros((1, 16), dtype=np.float32), vectors[7:]):
        pairs = propose_pairs(
            collection=Collection(instruments=(), provisions=(*base, stranger)),
            vectors=np.vstack([vectors[:7], last]),
            languages=frozenset({"en"}),
            floor=-9.0,
        )
        assert all((p.cosine is None) == (p.b == "zz/1") for p in pairs)
        found.append(pairs)
    assert found[0] == found[1]


def test_each_provision_has_at_most_one_pair_in_another_instrument():
    seen = set()
    for pair in propose_pairs(collection=collection(), vectors=None, floor=-9.0):
        for mine, other in ((pair.a, pair.b), (pair.b, pair.a)):
            key = (mine, other.split("/")[0])
            assert key not in seen
            seen.add(key)


def test_a_higher_floor_only_takes_pairs_away():
    low = propose_pairs(collection=collection(), vectors=None, floor=0.0)
    high = propose_pairs(collection=collection(), vectors=None, floor=3.0)
    assert high == tuple(p for p in low if p.score >= floor_for(floor=3.0, texts=7))
    assert 0 < len(high) < len(low)


def test_a_shared_topic_lowers_the_floor_for_that_pair_alone():
    marked = collection(x2=("incident-reporting",), y2=("incident-reporting",))
    found = propose_pairs(collection=marked, vectors=None, floor=9.0, floor_on_one_topic=1.0)
    assert [(p.a, p.b) for p in found] == [("x/2", "y/2")]


@given(st.permutations(sorted(SENTENCES)), st.integers(0, 3))
def test_the_order_of_provisions_never_matters(order, seed):
    names = sorted(SENTENCES)
    made = np.random.default_rng(seed).normal(size=(len(names), 16))
    vectors = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    languages = frozenset({"en"})
    base = propose_pairs(collection=collection(), vectors=vectors, languages=languages, floor=-9.0)
    turned = propose_pairs(
        collection=collection(order), vectors=vectors[[names.index(n) for n in order]], languages=languages, floor=-9.0
    )
    assert [(p.a, p.b) for p in base] == [(p.a, p.b) for p in turned]
    assert np.allclose([p.score for p in base], [p.score for p in turned], atol=1e-6)


def test_a_language_that_the_model_does_not_know_gets_no_cosine():
    vectors = np.eye(7, 8, dtype=np.float32)
    assert all(p.cosine is None for p in propose_pairs(collection=collection(), vectors=vectors, floor=-9.0))
    known = propose_pairs(collection=collection(), vectors=vectors, languages=frozenset({"en"}), floor=-9.0)
    assert all(p.cosine is not None for p in known)


@pytest.mark.parametrize("names", [[], ["x/1"], ["x/1", "x/2"]])
def test_nothing_to_pair_gives_nothing(names):
    part = Collection(instruments=(), provisions=tuple(provision(n, SENTENCES[n]) for n in names))
    assert propose_pairs(collection=part, vectors=None) == ()


SCHEME = Scheme(
    facets=(("obligation", "Obligations"),),
    topics=(
        Topic(
            "human-oversight", "obligation", "Human oversight", "Keeping people able to intervene in or stop a system."
        ),
        Topic("incident-reporting", "obligation", "Incident reporting", "Reporting serious incidents to an authority."),
        Topic("economic-growth", "obligation", "Economic growth", "Support for industry, start-ups and tax relief."),
    ),
)


def test_a_provision_takes_the_topics_of_what_it_is_near_to():
    parts = [
        provision("x/1", SENTENCES["x/1"], topics=("human-oversight",)),
        provision("x/2", SENTENCES["x/2"], topics=("incident-reporting",)),
        provision("y/2", SENTENCES["y/2"]),
        provision("y/1", SENTENCES["y/1"]),
    ]
    found = propose_topics(provisions=parts, scheme=SCHEME, vectors=None, topic_vectors=None)
    assert {k: v.topics[0] for k, v in found.items()} == {"y/1": "human-oversight", "y/2": "incident-reporting"}


def test_a_topic_that_few_neighbours_hold_is_left_out_and_chief_topics_weigh_twice():
    marks = [("a", "b")] * 4 + [("c",)]
    near = [(2.0, m) for m in marks]
    assert _choose(near, floor=1.5) == ("a", "b")  # a 8, b 4, c 2 of 10; 2.2 are needed
    assert _choose([*near, (1.4, ("z",))], floor=1.5) == ("a", "b")
    assert _choose([(2.0, ("b", "a")), (2.0, ("a", "b"))], floor=1.5) == ("a", "b")
    assert _choose([(2.0, ("a", "z")), (1.6, ("b",))], floor=1.5) == ("a", "b", "z")
    assert _choose([], floor=1.5) == ()


def test_the_scheme_alone_names_topics_where_nothing_is_coded():
    found = propose_topics(
        provisions=[provision("x/3", SENTENCES["x/3"])], scheme=SCHEME, vectors=None, topic_vectors=None
    )
    assert found == {"x/3": Proposed(topics=("economic-growth",), chances=(), maker=MAKER_NEAREST)}
    many = [provision(n, t) for n, t in SENTENCES.items()]
    named = propose_topics(provisions=many, scheme=SCHEME, vectors=None, topic_vectors=None)
    assert {k: v.topics[0] for k, v in named.items()} == {
        "x/1": "human-oversight",
        "x/2": "incident-reporting",
        "x/3": "economic-growth",
        "y/1": "human-oversight",
        "y/2": "incident-reporting",
        "z/1": "incident-reporting",
    }


def test_what_people_have_coded_is_left_alone():
    parts = [provision("x/1", SENTENCES["x/1"], topics=("economic-growth",))]
    assert propose_topics(provisions=parts, scheme=SCHEME, vectors=None, topic_vectors=None) == {}


@pytest.mark.parametrize(
    "by, language, counted",
    [("coder", "ko", True), (MAKER, "en", True), (MAKER, "en-GB", True), (MAKER, "ko", False), ("", "ko", True)],
)
def test_proposed_topics_count_only_in_a_language_in_which_they_were_measured(by, language, counted):
    part = Provision("x", "1", "", "", "text", language, topics=("privacy",), topics_by=by)
    assert counted_topics(part) == (("privacy",) if counted else ())


def test_only_coded_texts_and_texts_of_a_measured_language_were_searched():
    def one(name, language, by):
        return (
            Instrument(id=name, title=name, short_title=name, party=None, language=language),
            Provision(name, "1", "", "", "text", language, topics=("privacy",) if by else (), topics_by=by),
        )

    pairs = [
        one("a", "ko", "coder"),
        one("b", "ko", MAKER),
        one("c", "en", MAKER),
        one("d", "sw", ""),
        one("e", "en", ""),
    ]
    held = Collection(instruments=tuple(p[0] for p in pairs), provisions=tuple(p[1] for p in pairs))
    assert searched_instruments(collection=held) == frozenset({"a", "c", "e"})


def test_the_original_of_a_coded_summary_was_searched_by_those_who_coded_it():
    def named(name, title):
        return Instrument(id=name, title=title, short_title=title, party="KOR", language="ko")

    held = Collection(
        instruments=(named("act", "An Act"), named("act-ko", "An Act"), named("other", "Another")),
        provisions=(Provision("act", "1", "", "", "text", "en", topics=("privacy",), topics_by="coder"),),
    )
    assert searched_instruments(collection=held) == frozenset({"act", "act-ko"})


def test_an_original_and_its_summary_are_not_paired():
    parts = (provision("x/1", SENTENCES["x/2"]), provision("y/1", SENTENCES["y/2"]), provision("z/1", SENTENCES["z/1"]))
    title = {"x": "An Act", "y": "An Act", "z": "Another Act"}
    held = Collection(
        instruments=tuple(Instrument(id=i, title=t, short_title=t, party="KEN") for i, t in title.items()),
        provisions=parts,
    )
    found = {
        frozenset((p.a, p.b)) for p in propose_pairs(collection=held, vectors=None, floor=-9.0, floor_on_one_topic=-9.0)
    }
    assert frozenset(("x/1", "y/1")) not in found
    assert frozenset(("x/1", "z/1")) in found


def test_shared_characters_are_shown_as_the_words_they_stand_in_and_scraps_are_left_out():
    from comity.engines.alignment.crosswalk import _readable

    assert _readable(("举报", "报机", "投诉", "机制"), "建立投诉举报机制") == ("举报机制", "投诉")
    assert _readable(("ai", "co", "incident", "10"), "AI incident co-operation") == ("incident",)
    assert _readable(("надзор", "risk"), "надзор risk") == ("надзор", "risk")
