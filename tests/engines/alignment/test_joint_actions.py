"""Possible joint actions: what may be grouped, what may not, and that chance and order play no part."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.engines.alignment.commitments import read_commitments
from comity.engines.alignment.joint_actions import propose_joint_actions
from comity.engines.alignment.texts import Collection, Instrument, Provision

STATES = frozenset({"KEN", "NGA", "RWA", "SEN", "GHA"})
TOPICS = ("data-sharing", "skills-education")


@dataclass(frozen=True)
class Close:
    a: str
    b: str
    score: float = 3.0


def plan(party, **changes):
    fields = {"party": party, "kind": "strategy", "status": "adopted", "binding": False} | changes
    return Instrument(id=party.lower(), title=party, short_title=party, **fields)


def action(party, ref="sec_1", topics=("data-sharing",), text="Set up an open data portal by 2027."):
    return Provision(party.lower(), ref, "1", "", text, "en", topics=topics)


def propose(instruments, provisions, likenesses):
    collection = Collection(instruments=tuple(instruments), provisions=tuple(provisions))
    return propose_joint_actions(
        collection=collection,
        commitments=read_commitments(collection=collection),
        likenesses=likenesses,
        states=STATES,
        topics=TOPICS,
    )


def names(groups):
    return [[c.provision for c in g.actions] for g in groups]


def test_actions_of_two_states_that_the_crosswalk_pairs_are_one_possible_joint_action():
    (group,) = propose([plan("KEN"), plan("RWA")], [action("KEN"), action("RWA")], [Close("rwa/sec_1", "ken/sec_1")])
    assert [c.provision for c in group.actions] == ["ken/sec_1", "rwa/sec_1"]
    assert group.topics == ("data-sharing",)
    assert [q.text for c in group.actions for q in c.dates] == ["by 2027", "by 2027"]


@pytest.mark.parametrize(
    "other",
    [
        plan("AU"),
        plan("KEN"),
        plan("RWA", kind="law"),
        plan("RWA", status="lapsed"),
        plan("RWA", status="proposed"),
        plan("RWA", subdivision="RW-01"),
    ],
    ids=["an organisation", "the same state", "a law", "lapsed", "proposed", "a part of a state"],
)
def test_what_is_no_other_states_own_strategy_makes_no_group(other):
    second = Instrument(
        **{f: getattr(other, f) for f in ("title", "short_title", "party", "kind", "status", "binding", "subdivision")},
        id="other",
    )
    provision = Provision("other", "sec_1", "1", "", "Set up an open data portal.", "en", topics=("data-sharing",))
    assert propose([plan("KEN"), second], [action("KEN"), provision], [Close("ken/sec_1", "other/sec_1")]) == ()


def test_actions_without_a_topic_in_common_make_no_group():
    provisions = [action("KEN"), action("RWA", topics=("skills-education",))]
    assert propose([plan("KEN"), plan("RWA")], provisions, [Close("ken/sec_1", "rwa/sec_1")]) == ()


def test_a_goal_is_not_an_action():
    provisions = [action("KEN"), action("RWA", text="The vision is open data for all.")]
    assert propose([plan("KEN"), plan("RWA")], provisions, [Close("ken/sec_1", "rwa/sec_1")]) == ()


def test_a_chain_of_likenesses_makes_no_group_of_all():
    parties = ["GHA", "KEN", "NGA", "RWA", "SEN"]
    chain = [
        Close(f"{a.lower()}/sec_1", f"{b.lower()}/sec_1", 9 - k) for k, (a, b) in enumerate(itertools.pairwise(parties))
    ]
    groups = names(propose([plan(p) for p in parties], [action(p) for p in parties], chain))
    assert groups == [["gha/sec_1", "ken/sec_1", "nga/sec_1"], ["rwa/sec_1", "sen/sec_1"]]


def test_groups_stand_in_the_order_of_the_scheme_not_of_likeness():
    provisions = [action(p, f"sec_{k}", (t,)) for k, t in enumerate(TOPICS) for p in ("KEN", "RWA")]
    likenesses = [Close("ken/sec_0", "rwa/sec_0", 3.0), Close("ken/sec_1", "rwa/sec_1", 9.0)]
    assert [g.topics[0] for g in propose([plan("KEN"), plan("RWA")], provisions, likenesses)] == list(TOPICS)


PARTIES = sorted(STATES)
IDS = [f"{p.lower()}/sec_{k}" for p in PARTIES for k in (1, 2)]


@settings(max_examples=60)
@given(
    pairs=st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS), st.integers(1, 5)), max_size=20),
    seed=st.integers(0, 9),
)
def test_a_party_stands_once_in_a_group_an_action_in_one_and_order_does_not_matter(pairs, seed):
    likenesses = list({tuple(sorted((a, b))): Close(*sorted((a, b)), float(s)) for a, b, s in pairs if a != b}.values())
    provisions = [action(p, f"sec_{k}") for p in PARTIES for k in (1, 2)]
    groups = propose([plan(p) for p in PARTIES], provisions, likenesses)
    for group in groups:
        owners = [c.provision.split("/")[0] for c in group.actions]
        assert len(set(owners)) == len(owners) >= 2
    grouped = [c.provision for g in groups for c in g.actions]
    assert len(set(grouped)) == len(grouped)
    chance = random.Random(seed)
    chance.shuffle(likenesses)
    chance.shuffle(provisions)
    assert propose([plan(p) for p in PARTIES], provisions, likenesses) == groups
