"""Convergence: own and through apart, three kinds of none, and nothing that is not in force colours a member."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.convergence import (
    LEVELS,
    SPOKEN,
    Apart,
    converge,
    count_levels,
    count_levels_by_region,
    force_of,
    reason_not_counted,
)
from comity.engines.alignment.texts import Collection, Instrument, Provision, Scheme, Topic

TOPICS = ("oversight", "privacy")
SCHEME = Scheme(facets=(("f", "F"),), topics=tuple(Topic(t, "f", t, t) for t in TOPICS))
MEMBERS = ("AAA", "BBB", "CCC")
UNION = {"EU": frozenset({"AAA", "BBB"}), "UN": frozenset(MEMBERS)}


def law(name="law", party="AAA", **more):
    given = {"kind": "law", "status": "in-force", "binding": True, "basis": "full-text"}
    return Instrument(id=name, title=name, short_title=name, party=party, **{**given, **more})


def speaks(name, *topics):
    return tuple(
        Provision(instrument=name, ref=f"art_{i}", label="", heading="", text="x", language="en", topics=(t,))
        for i, t in enumerate(topics)
    )


def levels(*instruments, provisions=(), stated_none=()):
    result = converge(
        collection=Collection(
            instruments=instruments, provisions=tuple(provisions), stated_none=frozenset(stated_none)
        ),
        scheme=SCHEME,
        members=MEMBERS,
        memberships=UNION,
    )
    return {(c.topic, c.member): c for c in result.cells}, result


def test_an_own_law_in_force_is_binding_own_and_cited():
    cells, _ = levels(law(), provisions=speaks("law", "oversight"))
    cell = cells["oversight", "AAA"]
    assert (cell.level, cell.own, cell.through, cell.provisions) == ("binding-own", "binding-own", (), ("law/art_0",))
    assert cells["oversight", "BBB"].level == "not-in-collection"


def test_a_law_of_a_union_counts_for_each_of_its_members_as_through_it():
    cells, _ = levels(law("act", "EU"), provisions=speaks("act", "oversight"))
    assert [cells["oversight", m].level for m in MEMBERS] == ["binding-through", "binding-through", "not-in-collection"]
    assert cells["oversight", "AAA"].own is None
    assert cells["oversight", "AAA"].through == (("EU", "binding-through"),)


def test_the_tile_shows_binding_through_before_voluntary_own_and_keeps_both():
    cells, _ = levels(
        law("act", "EU"),
        law("code", "AAA", binding=False, status="voluntary"),
        provisions=(*speaks("act", "oversight"), *speaks("code", "oversight")),
    )
    cell = cells["oversight", "AAA"]
    assert (cell.level, cell.own, cell.through) == ("binding-through", "voluntary-own", (("EU", "binding-through"),))


def test_what_several_parties_agreed_to_counts_for_each_signatory():
    cells, _ = levels(
        law("declaration", "MULTI", signatories=("BBB", "EU"), binding=False, status="adopted"),
        provisions=speaks("declaration", "privacy"),
    )
    assert [cells["privacy", m].level for m in MEMBERS] == [
        "not-in-collection",
        "voluntary-through",
        "not-in-collection",
    ]
    assert cells["privacy", "BBB"].through == (("declaration", "voluntary-through"),)


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"subdivision": "AA-X"}, "subnational"),
        ({"status": "proposed"}, "proposed"),
        ({"status": "lapsed"}, "lapsed"),
        ({"status": "adopted"}, "not-yet-in-force"),
        ({"party": "UN", "kind": "resolution", "binding": False, "status": "adopted"}, "general-assembly"),
        ({"party": None}, "no-party"),
        ({"party": "ATLANTIS"}, "unknown-party"),
    ],
)
def test_what_does_not_count_colours_nobody_and_says_why(changes, reason):
    cells, result = levels(law(**changes), provisions=speaks("law", "oversight"))
    assert {c.level for c in cells.values()} == {"not-in-collection"}
    assert result.uncounted == {"law": reason}


def test_what_waits_is_listed_with_its_members_and_topics_apart_from_what_never_counts():
    _, result = levels(
        law("bill", "CCC", status="proposed"),
        law("union-act", "EU", status="adopted"),
        law("old", "AAA", status="lapsed"),
        law("state-law", "AAA", subdivision="AA-X"),
        law("resolution", "UN", kind="resolution", binding=False, status="adopted"),
        law("unsigned", None),
        provisions=(*speaks("bill", "privacy", "oversight"), *speaks("state-law", "privacy")),
    )
    assert result.waiting == (
        Apart("bill", "proposed", ("CCC",), TOPICS),
        Apart("old", "lapsed", ("AAA",), ()),
        Apart("union-act", "not-yet-in-force", ("AAA", "BBB"), ()),
    )
    assert result.subnational == (Apart("state-law", "subnational", ("AAA",), ("privacy",)),)
    assert result.shared == (Apart("resolution", "general-assembly", MEMBERS, ()),)
    assert result.apart[-1] == Apart("unsigned", "no-party", (), ())
    assert len(result.apart) == 6


def test_levels_are_counted_by_topic_and_no_member_is_lost():
    _, result = levels(law("act", "EU"), provisions=speaks("act", "oversight"))
    assert count_levels(convergence=result)["oversight"] == {"binding-through": 2, "not-in-collection": 1}


def test_a_member_of_two_regions_counts_in_both_and_one_of_none_in_none():
    found = count_levels_by_region(
        levels={"AAA": "binding-own", "BBB": "binding-own", "CCC": "states-none"},
        regions={"AAA": ("150", "002"), "BBB": ("002",)},
    )
    assert found == {"002": {"binding-own": 2}, "150": {"binding-own": 1}}
    assert list(found) == ["002", "150"]


@pytest.mark.parametrize(
    "changes, force",
    [
        ({}, "binding"),
        ({"binding": False}, "voluntary"),
        ({"binding": None}, "unstated"),
        ({"status": None}, "unstated"),
        ({"binding": False, "status": "in-force"}, "voluntary"),
        ({"binding": False, "status": "adopted"}, "voluntary"),
        ({"binding": False, "status": None}, "unstated"),
    ],
)
def test_force_is_unstated_where_nobody_has_said(changes, force):
    assert force_of(law(**changes)) == force
    assert reason_not_counted(law(**changes)) == ""


def test_a_text_read_in_full_without_the_topic_is_searched_and_not_found():
    cells, _ = levels(law(), provisions=speaks("law", "oversight"))
    assert cells["privacy", "AAA"].level == "searched-not-found"


@pytest.mark.parametrize("basis", ["partial-text", "unknown"])
def test_a_text_read_in_part_never_yields_searched_not_found(basis):
    cells, _ = levels(law(), law("other", basis=basis), provisions=speaks("law", "oversight"))
    assert cells["privacy", "AAA"].level == "not-in-collection"


def test_a_text_that_could_not_be_searched_never_yields_searched_not_found():
    held = Collection(instruments=(law(),), provisions=speaks("law", "oversight"))
    given = {"collection": held, "scheme": SCHEME, "members": MEMBERS, "memberships": UNION}
    by_key = lambda result: {(c.topic, c.member): c.level for c in result.cells}
    assert by_key(converge(**given, searched=frozenset()))["privacy", "AAA"] == "not-in-collection"
    assert by_key(converge(**given, searched=frozenset({"law"})))["privacy", "AAA"] == "searched-not-found"


def test_a_text_of_an_organisation_never_yields_searched_not_found():
    cells, _ = levels(law("act", "EU"), provisions=speaks("act", "oversight"))
    assert cells["privacy", "AAA"].level == "not-in-collection"


def test_only_the_member_states_that_it_has_none():
    cells, result = levels(
        law(), provisions=speaks("law", "oversight"), stated_none=[("AAA", "privacy"), ("CCC", "oversight")]
    )
    assert cells["privacy", "AAA"].level == "states-none"
    assert cells["oversight", "CCC"].level == "states-none"
    assert result.contradicted == ()


def test_a_provision_stands_against_a_stated_none_and_the_contradiction_is_listed():
    cells, result = levels(law(), provisions=speaks("law", "oversight"), stated_none=[("AAA", "oversight")])
    assert cells["oversight", "AAA"].level == "binding-own"
    assert result.contradicted == (("AAA", "oversight"),)


instruments = st.lists(
    st.builds(
        law,
        name=st.sampled_from(["i1", "i2", "i3", "i4"]),
        party=st.sampled_from([*MEMBERS, "EU", "UN", "MULTI", None]),
        status=st.sampled_from(["in-force", "adopted", "proposed", "lapsed", "voluntary", None]),
        binding=st.sampled_from([True, False, None]),
        basis=st.sampled_from(["full-text", "partial-text", "unknown"]),
        signatories=st.sampled_from([(), ("AAA",), ("BBB", "CCC")]),
    ),
    max_size=4,
    unique_by=lambda i: i.id,
)
topics_of = st.dictionaries(st.sampled_from(["i1", "i2", "i3", "i4"]), st.sets(st.sampled_from(TOPICS)).map(sorted))
nones = st.sets(st.tuples(st.sampled_from(MEMBERS), st.sampled_from(TOPICS)))


@given(instruments, topics_of, nones, st.randoms(use_true_random=False))
def test_every_pair_has_exactly_one_level_and_order_never_matters(found, spoken, stated, chance):
    held = {i.id for i in found}
    parts = [p for name, topics in spoken.items() if name in held for p in speaks(name, *topics)]
    _, base = levels(*found, provisions=parts, stated_none=stated)
    assert [(c.topic, c.member) for c in base.cells] == [(t, m) for t in TOPICS for m in MEMBERS]
    assert {c.level for c in base.cells} <= set(LEVELS)
    assert all(bool(c.provisions) == (c.level in SPOKEN) for c in base.cells)
    assert all(sum(row.values()) == len(MEMBERS) for row in count_levels(convergence=base).values())
    chance.shuffle(found)
    chance.shuffle(parts)
    assert levels(*found, provisions=parts, stated_none=stated)[1] == base


@given(instruments, topics_of, st.sampled_from(MEMBERS), st.sampled_from(TOPICS))
def test_one_more_binding_provision_never_weakens_a_level(found, spoken, member, topic):
    held = {i.id for i in found}
    parts = [p for name, topics in spoken.items() if name in held for p in speaks(name, *topics)]
    before, _ = levels(*found, provisions=parts)
    more, _ = levels(*found, law("new", member), provisions=[*parts, *speaks("new", topic)])
    for key, cell in before.items():
        if key == (topic, member):
            assert more[key].level == "binding-own"
        elif cell.level in SPOKEN:
            assert more[key].level == cell.level


@given(instruments, topics_of, nones)
def test_a_none_is_one_of_three_and_each_has_its_own_ground(found, spoken, stated):
    held = {i.id for i in found}
    parts = [p for name, topics in spoken.items() if name in held for p in speaks(name, *topics)]
    _, result = levels(*found, provisions=parts, stated_none=stated)
    for cell in result.cells:
        own = [i for i in found if i.party == cell.member and not reason_not_counted(i)]
        read_in_full = bool(own) and all(i.basis == "full-text" for i in own)
        states = (cell.member, cell.topic) in stated
        speaks_here = cell.level in SPOKEN
        assert (cell.level == "states-none") == (states and not speaks_here)
        assert (cell.level == "searched-not-found") == (read_in_full and not states and not speaks_here)
        assert (cell.level == "not-in-collection") == (not read_in_full and not states and not speaks_here)
    assert result.contradicted == tuple(
        sorted((c.member, c.topic) for c in result.cells if c.own and (c.member, c.topic) in stated)
    )


def test_data_is_frozen():
    _, result = levels(law())
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.cells[0].level = "binding-own"
