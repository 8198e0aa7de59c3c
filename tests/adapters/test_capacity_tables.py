"""Tables of a round: amounts are read exactly, and what will not do is refused with its file and row."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.adapters.allocation_files import terms_tables, write_amount
from comity.adapters.capacity_tables import Rules, read_round
from comity.engines.capacity.terms import set_terms
from comity.errors import BadInput, BadParameter, BadRow, BrokenFile, EmptyFile, PathNotFound
from engines.capacity.drawn_rounds import make_terms, with_lots

F = Fraction
NEEDS = "need,member,resource,units,priority\nn1,Fiji,days,12.5,\nn2,Tonga,days,1/3,2\n"
OFFERS = "offer,resource,units\no1,days,20\no2,days,0\n"


@pytest.fixture
def tables(tmp_path):
    """Write the tables of a round and read them; each may be given as text or bytes."""

    def read(*, by="need", **texts):
        paths = {}
        for name, text in ({"needs": NEEDS, "offers": OFFERS} | texts).items():
            paths[name] = tmp_path / f"{name}.csv"
            paths[name].write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_round(by=by, **paths)

    return read


def test_a_round_is_read(tables):
    terms = tables().terms
    assert [(n.id, n.member, n.resource, n.units, n.priority) for n in terms.needs] == [
        ("n1", "Fiji", "days", F(25, 2), 1),
        ("n2", "Tonga", "days", F(1, 3), 2),
    ]
    assert [(o.id, o.units, o.per_member, o.indivisible) for o in terms.offers] == [
        ("o1", 20, None, False),
        ("o2", 0, None, False),
    ]
    assert (terms.pairs, terms.by) == (None, "need")


@pytest.mark.parametrize(
    "needs",
    [
        b"\xef\xbb\xbf" + NEEDS.encode(),
        NEEDS.replace("\n", "\r\n"),
        NEEDS.replace(",", ";"),
        "Priority,UNITS,note,resource,member,need\n,12.5,urgent,days,Fiji,n1\n\n2,1/3,,days,Tonga,n2\n",
    ],
)
def test_marks_line_ends_semicolons_and_the_order_of_columns_make_no_difference(tables, needs):
    assert tables(needs=needs) == tables()


def test_pairs_weights_and_caps_are_read_with_their_rules(tables):
    found = tables(
        needs=NEEDS.replace("n2,Tonga,days,1/3,2", "n2,Tonga,days,1/3,"),
        offers="offer,resource,units,per_member,indivisible\no1,days,20,7.5,no\no2,days,3,,\n",
        eligible="need,offer\nn2,o1\nn1,o1\nn1,o1\n",
        weights="member,weight,rule\nFiji,2,Resolution 4\n",
        caps="member,resource,units,rule\nTonga,days,5,Resolution 5\n",
        by="member",
    )
    assert found.terms.pairs == (("n1", "o1"), ("n2", "o1"))
    assert [o.per_member for o in found.terms.offers] == [F(15, 2), None]
    assert dict(found.terms.weights) == {"Fiji": 2}
    assert dict(found.terms.caps) == {("Tonga", "days"): 5}
    assert found.rules == Rules(weights={"Fiji": "Resolution 4"}, caps={("Tonga", "days"): "Resolution 5"})


@pytest.mark.parametrize(
    "cell, lot", [("yes", True), ("TRUE", True), ("1", True), ("no", False), ("0", False), ("", False)]
)
def test_an_offer_says_whether_it_can_be_divided(tables, cell, lot):
    offers = f"offer,resource,units,indivisible\no1,days,20,{cell}\n"
    assert tables(offers=offers).terms.offers[0].indivisible is lot


@pytest.mark.parametrize(
    "cell, words",
    [
        ("", "it is empty"),
        ("-3", "below 0"),
        ("0", "above 0"),
        ("0.0", "above 0"),
        ("nan", "no amount"),
        ("NaN", "no amount"),
        ("inf", "no amount"),
        ("-inf", "no amount"),
        ("1e400", "no amount"),
        ("1e3", "no amount"),
        ("many", "no amount"),
        ("3/0", "no amount"),
        ("1/2/3", "no amount"),
        ("0x10", "no amount"),
        ("١٢", "no amount"),
        ('"12,5"', "in two ways"),
        ('"1,234"', "in two ways"),
        ("1 234", "in two ways"),
        ("1'234.5", "in two ways"),
        ("9" * 31, "no amount"),
    ],
)
def test_an_amount_that_will_not_do_is_refused_with_its_row(tables, cell, words):
    with pytest.raises(BadRow) as refused:
        tables(needs=f"need,member,resource,units\nn1,Fiji,days,1\nn2,Fiji,days,{cell}\n")
    assert (refused.value.data["file"], refused.value.data["row"]) == ("needs.csv", 3)
    assert words in refused.value.data["problem"]
    assert refused.value.data["problem"].startswith("units is ")


def test_thousands_or_decimals_among_semicolons_are_refused(tables):
    with pytest.raises(BadRow):
        tables(needs="need;member;resource;units\nn1;Fiji;days;1.234\n")
    assert tables(needs="need,member,resource,units\nn1,Fiji,days,1.234\n").terms.needs[0].units == F("1.234")


@pytest.mark.parametrize(
    "changed, file, row, words",
    [
        ({"needs": "need,member,units\nn1,Fiji,3\n"}, "needs.csv", 1, "resource is missing"),
        ({"offers": "offer,units\no1,3\n"}, "offers.csv", 1, "resource is missing"),
        ({"eligible": "need\nn1\n"}, "eligible.csv", 1, "offer is missing"),
        ({"needs": "need,need,member,resource,units\na,b,c,d,1\n"}, "needs.csv", 1, "stands twice"),
        ({"needs": NEEDS + "n1,Fiji,days,3,\n"}, "needs.csv", 4, "stands in row 2 already"),
        ({"offers": OFFERS + "o1,days,3\n"}, "offers.csv", 4, "stands in row 2 already"),
        ({"needs": NEEDS + ",Fiji,days,3,\n"}, "needs.csv", 4, "need is empty"),
        ({"needs": NEEDS + "n3,,days,3,\n"}, "needs.csv", 4, "member is empty"),
        ({"needs": NEEDS + "n3,Fiji,,3,\n"}, "needs.csv", 4, "resource is empty"),
        ({"needs": NEEDS + f"{'n' * 61},Fiji,days,3,\n"}, "needs.csv", 4, "at most 60"),
        ({"needs": NEEDS + '"n\n3",Fiji,days,3,\n'}, "needs.csv", 5, "cannot be printed"),
        ({"needs": NEEDS + "n3,Fiji,days,3\n"}, "needs.csv", 4, "4 columns; the header names 5"),
        ({"needs": NEEDS + "n3,Fiji,days,3,0\n"}, "needs.csv", 4, "priority is"),
        ({"needs": NEEDS + "n3,Fiji,days,3,1.5\n"}, "needs.csv", 4, "priority is"),
        ({"needs": NEEDS + "n3,Fiji,days,3,high\n"}, "needs.csv", 4, "priority is"),
        ({"needs": "need,member,resource,units\n"}, "needs.csv", 1, "no row below the header"),
        ({"needs": NEEDS.encode() + b"n3,C\xf4te,days,3,\n"}, "needs.csv", 4, "not UTF-8"),
        ({"needs": NEEDS + '"n3,Fiji,days,3,\n'}, "needs.csv", 4, "quotation marks"),
        ({"offers": "offer,resource,units,indivisible\no1,days,3,perhaps\n"}, "offers.csv", 2, "indivisible is"),
        ({"offers": "offer,resource,units,per_member\no1,days,3,-1\n"}, "offers.csv", 2, "below 0"),
        (
            {"offers": "offer,resource,units,per_member,indivisible\no1,days,3,1,yes\n"},
            "offers.csv",
            2,
            "leave one of the two empty",
        ),
        ({"eligible": "need,offer\nn1,o1\nn9,o1\n"}, "eligible.csv", 3, 'the need "n9" is not among the needs'),
        ({"eligible": "need,offer\nn1,o9\n"}, "eligible.csv", 2, 'the offer "o9" is not among the offers'),
        (
            {"offers": OFFERS + "o3,seats,1\n", "eligible": "need,offer\nn1,o3\n"},
            "eligible.csv",
            2,
            "a pair joins one resource",
        ),
        ({"weights": "member,weight\nFiji,2\n"}, "weights.csv", 1, "rule is missing"),
        ({"weights": "member,weight,rule\nFiji,2,\n"}, "weights.csv", 2, "only by a published rule"),
        ({"weights": "member,weight,rule\nFiji,0,R\n"}, "weights.csv", 2, "above 0"),
        ({"weights": "member,weight,rule\nFiji,2,R\nFiji,2,R\n"}, "weights.csv", 3, "already"),
        ({"weights": f"member,weight,rule\nFiji,2,{'R' * 501}\n"}, "weights.csv", 2, "at most 500"),
        ({"caps": "member,resource,units,rule\nFiji,days,2,\n", "by": "member"}, "caps.csv", 2, "published rule"),
        (
            {"caps": "member,resource,units,rule\nFiji,days,2,R\nFiji,days,3,R\n", "by": "member"},
            "caps.csv",
            3,
            'member and resource "Fiji and days"',
        ),
    ],
)
def test_a_row_that_will_not_do_is_named(tables, changed, file, row, words):
    with pytest.raises(BadRow) as refused:
        tables(**changed)
    assert (refused.value.data["file"], refused.value.data["row"]) == (file, row)
    assert words in refused.value.data["problem"]


@pytest.mark.parametrize(
    "text, kind",
    [
        (b"", EmptyFile),
        (b"  \n", EmptyFile),
        (b"PK\x03\x04rest", BrokenFile),
        (b"need\0,member", BrokenFile),
        (NEEDS.encode("utf-16"), BrokenFile),
    ],
)
def test_a_file_that_is_no_table_is_refused(tables, text, kind):
    with pytest.raises(kind):
        tables(needs=text)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PathNotFound):
        read_round(needs=tmp_path / "needs.csv", offers=tmp_path / "offers.csv")


def test_caps_need_members_to_be_treated_alike_and_one_priority(tables):
    caps = "member,resource,units,rule\nFiji,days,2,R\n"
    with pytest.raises(BadParameter) as refused:
        tables(caps=caps)
    assert refused.value.data["name"] == "--by"
    with pytest.raises(BadInput):
        tables(caps=caps, needs=NEEDS + "n3,Fiji,days,3,2\n", by="member")


def test_nobody_may_offer_and_no_pair_may_be_given(tables):
    found = tables(offers="offer,resource,units\n", eligible="need,offer\n").terms
    assert (found.offers, found.pairs) == ((), ())


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), lots=st.booleans())
def test_what_is_written_is_read_back_and_written_alike(tables, seed, lots):
    terms = make_terms(seed=seed)
    terms = with_lots(terms, seed=seed) if lots else terms
    rules = Rules(weights=dict.fromkeys(terms.weights, "=R, 1"), caps=dict.fromkeys(terms.caps, "'R 2"))
    texts = terms_tables(terms=terms, rules=rules)
    given = {name.removesuffix(".csv"): text for name, text in texts.items() if name != "terms.csv"}
    found = tables(by=terms.by, **given)
    assert (found.terms, found.rules) == (terms, rules)
    assert terms_tables(terms=found.terms, rules=found.rules) == texts


def test_names_that_a_spreadsheet_would_take_for_formulas_come_back(tables):
    terms = tables(needs="need,member,resource,units\n=1+1,-Fiji,+days,3\n", offers="offer,resource,units\n").terms
    assert (terms.needs[0].id, terms.needs[0].member, terms.needs[0].resource) == ("=1+1", "-Fiji", "+days")
    text = terms_tables(terms=terms)["needs.csv"]
    assert text.splitlines()[1] == "'=1+1,'-Fiji,'+days,3,1"
    assert tables(needs=text, offers="offer,resource,units\n").terms == terms


@given(st.fractions(min_value=0, max_denominator=10**6))
def test_an_amount_is_written_exactly(amount):
    assert F(write_amount(amount)) == amount


def test_terms_of_no_weights_have_three_tables():
    assert list(terms_tables(terms=set_terms(needs=[], offers=[]))) == ["needs.csv", "offers.csv", "terms.csv"]
