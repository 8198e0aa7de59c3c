"""Terms of a round: in one order, exact, and refused by name where they cannot be."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from comity.engines.capacity.terms import Need, Offer, expand_pairs, set_terms, settle_lots
from comity.errors import BadInput, BadParameter

F = Fraction
NEED = Need("n", "FJI", "days", F(3))
OFFER = Offer("o", "days", F(2))


def test_terms_stand_in_one_order_whatever_the_order_they_came_in():
    needs = [Need(f"n{i}", "FJI", "days", F(i)) for i in range(1, 9)]
    offers = [Offer(f"o{i}", "days", F(i)) for i in range(5)]
    pairs = [(n.id, o.id) for n in needs for o in offers] * 2
    weights = {"TON": F(2), "FJI": F(3)}
    terms = set_terms(needs=needs, offers=offers, pairs=pairs, weights=weights)
    for rows in (needs, offers, pairs):
        random.Random(1).shuffle(rows)
    again = set_terms(needs=needs, offers=offers, pairs=pairs, weights=dict(reversed(weights.items())))
    assert again == terms
    assert list(again.weights) == ["FJI", "TON"]
    assert len(terms.pairs) == 40


def test_whole_numbers_become_fractions():
    terms = set_terms(needs=[Need("n", "FJI", "days", 3)], offers=[Offer("o", "days", 2, 1)], weights={"FJI": 2})
    kept = (terms.needs[0].units, terms.offers[0].units, terms.offers[0].per_member, terms.weights["FJI"])
    assert [type(amount) for amount in kept] == [F] * 4


@pytest.mark.parametrize("units", [0, -1, F(-1, 9), 2.5, float("nan"), float("inf"), "3", None])
def test_a_need_asks_for_an_exact_amount_above_zero(units):
    with pytest.raises(BadParameter) as refused:
        set_terms(needs=[Need("n", "FJI", "days", units)], offers=[])
    assert refused.value.data["name"] == "units of need n"


@pytest.mark.parametrize("units", [-1, 2.5, float("nan"), "3", None])
def test_an_offer_holds_an_exact_amount_from_zero_on(units):
    with pytest.raises(BadParameter) as refused:
        set_terms(needs=[], offers=[Offer("o", "days", units)])
    assert refused.value.data["name"] == "units of offer o"


@pytest.mark.parametrize("most", [-1, 2.5, float("nan"), "3"])
def test_what_one_member_may_receive_is_an_exact_amount(most):
    with pytest.raises(BadParameter) as refused:
        set_terms(needs=[], offers=[Offer("o", "days", F(2), most)])
    assert refused.value.data["name"] == "per_member of offer o"


@pytest.mark.parametrize("weight", [0, -2, 1.5, float("nan"), "1"])
def test_a_weight_is_an_exact_number_above_zero(weight):
    with pytest.raises(BadParameter) as refused:
        set_terms(needs=[NEED], offers=[], weights={"FJI": weight})
    assert refused.value.data["name"] == "weight of FJI"


@pytest.mark.parametrize("cap", [-2, 1.5, float("nan"), "1"])
def test_a_cap_is_an_exact_amount(cap):
    with pytest.raises(BadParameter) as refused:
        set_terms(needs=[NEED], offers=[], by="member", caps={("FJI", "days"): cap})
    assert refused.value.data["name"] == "cap of FJI on days"


@pytest.mark.parametrize("priority", [0, -1])
def test_a_priority_is_a_whole_number_from_one_on(priority):
    with pytest.raises(BadParameter):
        set_terms(needs=[Need("n", "FJI", "days", F(1), priority)], offers=[])


def test_what_is_treated_alike_is_a_need_or_a_member():
    with pytest.raises(BadParameter):
        set_terms(needs=[], offers=[], by="country")


@pytest.mark.parametrize(
    "given, words",
    [
        ({"needs": [NEED, NEED]}, 'The need "n" stands twice'),
        ({"offers": [OFFER, OFFER]}, 'The offer "o" stands twice'),
        ({"needs": [Need("", "FJI", "days", F(1))]}, "need without a name"),
        ({"offers": [Offer(" ", "days", F(1))]}, "offer without a name"),
        ({"pairs": [("n", "p")]}, 'the offer "p", which is not among the offers'),
        ({"pairs": [("m", "o")]}, 'the need "m", which is not among the needs'),
        ({"offers": [Offer("o", "seats", F(1))], "pairs": [("n", "o")]}, "a pair joins one resource"),
        ({"caps": {("FJI", "days"): F(1)}}, "share out by member"),
        (
            {"needs": [NEED, Need("m", "FJI", "days", F(1), 2)], "by": "member", "caps": {("FJI", "days"): F(1)}},
            "give them one priority",
        ),
        ({"offers": [Offer("o", "days", F(2), F(1), indivisible=True)]}, "goes to one need as a whole"),
        (
            {"offers": [Offer("o", "days", F(2), indivisible=True)], "by": "member", "caps": {("FJI", "days"): F(1)}},
            "Set one of them",
        ),
    ],
)
def test_rules_that_do_not_go_together_are_refused_by_name(given, words):
    with pytest.raises(BadInput) as refused:
        set_terms(**{"needs": [NEED], "offers": [OFFER], **given})
    assert words in str(refused.value)


def test_pairs_are_written_out_by_resource_and_a_settled_lot_is_open_to_one_need():
    needs = [NEED, Need("m", "TON", "days", F(1)), Need("s", "TON", "seats", F(1))]
    offers = [OFFER, Offer("p", "days", F(1), indivisible=True), Offer("q", "days", F(1), indivisible=True)]
    terms = set_terms(needs=needs, offers=offers)
    assert expand_pairs(terms=terms) == (("m", "o"), ("m", "p"), ("m", "q"), ("n", "o"), ("n", "p"), ("n", "q"))
    assert settle_lots(terms=terms, lots={"p": "n"}).pairs == (("m", "o"), ("n", "o"), ("n", "p"))
    plain = set_terms(needs=needs, offers=[OFFER])
    assert settle_lots(terms=plain, lots={}) is plain
