"""Clusters are stars around a central provision, the same whatever the order of the links, and no provision stands in two."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.common_ground import Bond, Cluster, gather_clusters, regions_reached

PARTIES = {
    "ken/1": "KEN", "bra/1": "BRA", "kor/1": "KOR", "fra/1": "FRA", "ken/2": "KEN", "bra/2": "BRA", "jpn/1": "JPN",
    "kor/2": "KOR",
}  # fmt: skip
STAR = [Bond("ken/1", "bra/1", 0.9), Bond("ken/1", "kor/1", 0.8), Bond("fra/1", "ken/1", 0.7)]


def test_those_linked_with_the_central_provision_stand_around_it():
    assert gather_clusters(bonds=STAR, parties=PARTIES) == (Cluster("ken/1", ("bra/1", "fra/1", "kor/1")),)


def test_a_chain_is_not_drawn_together():
    chain = [
        Bond("ken/1", "bra/1", 0.9),
        Bond("bra/1", "kor/1", 0.9),
        Bond("kor/1", "fra/1", 0.9),
        Bond("fra/1", "jpn/1", 0.9),
    ]
    (first,) = gather_clusters(bonds=chain, parties=PARTIES)
    assert len(first.holders) == 2
    linked = {frozenset((b.a, b.b)) for b in chain}
    assert all(frozenset((first.central, h)) in linked for h in first.holders)


def test_two_parties_are_a_pair_and_no_cluster_and_own_texts_do_not_count_twice():
    assert gather_clusters(bonds=[Bond("ken/1", "bra/1", 0.9), Bond("ken/1", "bra/2", 0.8)], parties=PARTIES) == ()
    assert gather_clusters(bonds=[Bond("ken/1", "ken/2", 0.9), Bond("ken/1", "bra/1", 0.8)], parties=PARTIES) == ()


def test_of_each_other_instrument_the_nearest_provision_stands():
    (found,) = gather_clusters(bonds=[*STAR, Bond("ken/1", "bra/2", 0.95)], parties=PARTIES)
    assert found.holders == ("bra/2", "fra/1", "kor/1")


def test_what_has_no_party_is_left_out():
    assert gather_clusters(bonds=[Bond("ken/1", "x/1", 0.9), *STAR[:1]], parties=PARTIES) == ()
    assert gather_clusters(bonds=[], parties={}) == ()


names = st.sampled_from([f"{p}/{n}" for p in ("ken", "bra", "kor", "fra", "jpn", "usa") for n in range(4)])
bonds = st.lists(
    st.tuples(names, names, st.integers(1, 99)).filter(lambda t: t[0].split("/")[0] != t[1].split("/")[0]), max_size=60
)


@given(bonds, st.integers(0, 99))
def test_the_order_of_links_does_not_matter_and_no_provision_stands_in_two(drawn, seed):
    parties = {f"{p}/{n}": p for p in ("ken", "bra", "kor", "fra", "jpn", "usa") for n in range(4)}
    links = [Bond(a, b, s / 100) for a, b, s in drawn]
    found = gather_clusters(bonds=links, parties=parties)
    turned = [Bond(b.b, b.a, b.score) for b in links]
    random.Random(seed).shuffle(turned)
    assert gather_clusters(bonds=turned, parties=parties) == found
    everyone = [p for c in found for p in (c.central, *c.holders)]
    assert len(everyone) == len(set(everyone))
    linked = {frozenset((b.a, b.b)) for b in links}
    for cluster in found:
        assert len({parties[p] for p in (cluster.central, *cluster.holders)}) >= 3
        assert all(frozenset((cluster.central, h)) in linked for h in cluster.holders)


def test_regions_reached_and_missing():
    regions = {"KEN": ("AFR",), "FRA": ("WEOG",), "TUR": ("APG", "WEOG")}
    assert regions_reached(parties={"KEN", "TUR", "EU"}, regions=regions, present={"AFR", "WEOG", "GRULAC"}) == (
        ("AFR", "WEOG"),
        ("GRULAC",),
    )
