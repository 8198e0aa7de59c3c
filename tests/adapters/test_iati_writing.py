"""Activities as IATI 2.03: valid under the official schema, and refused by field where the standard's rules are broken."""

from __future__ import annotations

import datetime as dt
import doctest
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from comity.adapters import iati_activities, iati_elements, xml_characters
from comity.adapters import iati_codes as codes
from comity.adapters.iati_activities import (
    ActivityDate,
    Budget,
    Classification,
    Contact,
    Description,
    DocumentLink,
    Figure,
    Indicator,
    Money,
    Organisation,
    OtherIdentifier,
    Period,
    RelatedActivity,
    Reporter,
    Result,
    Text,
    Transaction,
    share_evenly,
    state_in_kind,
)
from comity.adapters.iati_writing import write_activities
from comity.errors import BadParameter
from support.iati import DAY, MADE, activities, demand_valid, folder_of, full_activity, plain_activity, said


@pytest.fixture(scope="session")
def iati(shared):
    return folder_of(shared)


def written(*found, made=MADE) -> bytes:
    return b"".join(write_activities(activities=found, generated_at=made))


@pytest.mark.parametrize("name", sorted(codes.EMBEDDED))
def test_an_embedded_list_is_the_standards_own(iati, name):
    root = etree.parse(str(iati / "codelists" / f"{name}.xml")).getroot()
    official = {
        item.findtext("code"): (item.findtext("name/narrative") or item.findtext("name")).strip()
        for item in root.iter("codelist-item")
    }
    assert dict(codes.EMBEDDED[name]) == official


def test_the_lists_are_those_that_the_mapping_names(iati):
    root = etree.parse(str(iati / "mapping.xml")).getroot()
    named = {
        m.findtext("path").removeprefix("//iati-activity/"): m.find("codelist").get("ref") for m in root.iter("mapping")
    }
    paths = {
        "activity-date/@type": "ActivityDateType",
        "activity-status/@code": "ActivityStatus",
        "budget/@status": "BudgetStatus",
        "budget/@type": "BudgetType",
        "planned-disbursement/@type": "BudgetType",
        "document-link/category/@code": "DocumentCategory",
        "participating-org/@role": "OrganisationRole",
        "related-activity/@type": "RelatedActivityType",
        "transaction/transaction-type/@code": "TransactionType",
    }
    assert {path: named[path] for path in paths} == paths


def test_every_embedded_list_that_is_written_is_held(iati):
    held = {path.stem for path in (iati / "codelists").glob("*.xml")}
    assert held - codes.EMBEDDED.keys() == {"GazetteerAgency"}


def test_an_activity_with_everything_is_valid(iati):
    demand_valid(written(full_activity()), iati)


@given(st.lists(activities(), min_size=1, max_size=3, unique_by=lambda a: a.identifier))
@settings(max_examples=40)
def test_any_activities_are_valid(iati, found):
    root = demand_valid(written(*found), iati)
    assert [e.findtext("iati-identifier") for e in root] == [a.identifier for a in found]


def test_a_thousand_activities_are_valid(iati):
    root = demand_valid(written(*(full_activity(n) for n in range(1000))), iati)
    assert len(root) == 1000


def test_the_file_says_its_version_and_when_it_was_made(iati):
    root = demand_valid(written(plain_activity()), iati)
    assert dict(root.attrib) == {"version": "2.03", "generated-datetime": "2026-06-01T12:00:00Z"}


def test_the_same_activities_give_the_same_bytes():
    assert written(full_activity()) == written(full_activity())


def test_words_in_the_default_language_do_not_name_it(iati):
    root = demand_valid(written(plain_activity()), iati)
    held = root.find("iati-activity/title")
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [n.get(lang) for n in held] == ["ar", None, "es", "fr", "ru", "zh"]
    assert root.find("iati-activity").get(lang) == "en"


def test_what_is_given_in_kind_is_a_result_and_no_money(iati):
    root = demand_valid(written(plain_activity()), iati)
    assert root.findall(".//transaction") == []
    assert root.findall(".//budget") == []
    assert root.findall(".//value") == []
    indicator = root.find(".//indicator")
    assert indicator.get("measure") == "1"
    assert indicator.findtext("title/narrative") == "GPU-hours (ar)"
    assert (indicator.find("period/target").get("value"), indicator.find("period/actual").get("value")) == (
        "1000",
        "250",
    )


def test_what_nobody_has_confirmed_has_no_actual():
    result = state_in_kind(titles=said(), units=said(), start=DAY, end=DAY, promised=Decimal(3))
    assert result.indicators[0].periods[0].actuals == ()
    nothing = state_in_kind(titles=said(), units=said(), start=DAY, end=DAY, delivered=Decimal(0))
    assert nothing.indicators[0].periods[0].actuals == (Figure(Decimal(0)),)


@given(st.sets(st.from_regex("[A-Z]{2}", fullmatch=True), min_size=1, max_size=193))
def test_even_shares_sum_to_exactly_100(places):
    held = share_evenly(codes=places)
    assert sum(c.percentage for c in held) == 100
    assert [c.code for c in held] == sorted(places)
    assert max(c.percentage for c in held) - min(c.percentage for c in held) <= Decimal("0.01")


def test_a_number_is_written_without_an_exponent(iati):
    held = plain_activity(default_currency="EUR", transactions=(Transaction("3", DAY, Money(Decimal("1E+6"), DAY)),))
    assert demand_valid(written(held), iati).findtext(".//transaction/value") == "1000000"


def test_no_activity_makes_no_file():
    with pytest.raises(BadParameter, match="at least one"):
        written()


def test_an_identifier_that_stands_twice_is_refused():
    with pytest.raises(BadParameter, match="one that no other activity has"):
        written(plain_activity(), plain_activity())


def test_a_time_without_zone_is_refused():
    with pytest.raises(BadParameter, match="generated_at"):
        written(plain_activity(), made=dt.datetime(2026, 1, 1))  # noqa: DTZ001  (that is the case)


def indicator(**more) -> Result:
    return Result("1", said(), (Indicator(**({"measure": "1", "titles": said()} | more)),))


def paid(**more) -> Transaction:
    return Transaction(**({"type": "3", "day": DAY, "value": Money(Decimal(5), DAY, "EUR")} | more))


LATER = MADE.date() + dt.timedelta(days=1)
REFUSED = {
    "identifier with a slash": ({"identifier": "XM-EX-1-a/b"}, "identifier", "/ & | ?"),
    "identifier with an ampersand": ({"identifier": "XM-EX-1-a&b"}, "identifier", "/ & | ?"),
    "identifier of another": ({"identifier": "XM-EX-2-1"}, "identifier", "begins with XM-EX-1-"),
    "identifier with a space at its end": ({"identifier": "XM-EX-1-1 "}, "identifier", "none at its ends"),
    "identifier on two lines": ({"identifier": "XM-EX-1-1\n2"}, "identifier", "one line"),
    "reporter without ref": ({"reporter": Reporter("", "40", said())}, "reporter's ref", "without white space"),
    "reporter of no type": ({"reporter": Reporter("XM-EX-1", "41", said())}, "reporter's type", "40 (Multilateral)"),
    "reporter without name": ({"reporter": Reporter("XM-EX-1", "40", ())}, "reporter's name", "at least one language"),
    "no title": ({"titles": ()}, "title", "at least one language"),
    "title of spaces": ({"titles": (Text("en", "  "),)}, "title", "words"),
    "title with a control character": ({"titles": (Text("en", "a\x0bb"),)}, "title", "XML cannot carry"),
    "title with half a character": ({"titles": (Text("en", "a\ud800"),)}, "title", "XML cannot carry"),
    "title twice in a language": ({"titles": (Text("en", "a"), Text("", "b"))}, "language of the title", "each once"),
    "title of no language": (
        {"titles": (Text("", "a"),), "default_language": ""},
        "language of the title",
        "two letters",
    ),
    "language by name": ({"titles": (Text("English", "a"),)}, "language of the title", "two letters"),
    "no description": ({"descriptions": ()}, "description", "at least one"),
    "unknown description": ({"descriptions": (Description(said(), "7"),)}, "type of the description", "1 (General)"),
    "nobody takes part": ({"participants": ()}, "participating organisation", "at least one"),
    "unknown role": ({"participants": (Organisation("9", "XM-1"),)}, "role", "4 (Implementing)"),
    "nameless organisation": ({"participants": (Organisation("1"),)}, "participating organisation", "a ref, a name"),
    "unknown status": ({"status": "9"}, "status", "4 (Closed)"),
    "no start": ({"dates": (ActivityDate("3", DAY),)}, "date", "planned start"),
    "two starts": ({"dates": (ActivityDate("1", DAY), ActivityDate("1", DAY))}, "date", "each type once"),
    "end before start": (
        {"dates": (ActivityDate("1", DAY), ActivityDate("3", DAY - dt.timedelta(days=1)))},
        "planned end",
        "no day before",
    ),
    "actual start to come": ({"dates": (ActivityDate("2", LATER),)}, "actual start", "no day after 2026-06-01"),
    "updated to come": ({"last_updated": MADE + dt.timedelta(days=2)}, "last update", "no day after"),
    "updated in no zone": ({"last_updated": dt.datetime(2026, 1, 1)}, "last update", "its zone"),  # noqa: DTZ001  (that is the case)
    "shares of 99": (
        {"countries": (Classification("KE", percentage=Decimal(50)), Classification("PE", percentage=Decimal(49)))},
        "shares of the recipient",
        "exactly 100",
    ),
    "share for some": (
        {"countries": (Classification("KE", percentage=Decimal(100)), Classification("PE"))},
        "share of the recipient",
        "one for each",
    ),
    "share for none of two": (
        {"countries": (Classification("KE"), Classification("PE"))},
        "share",
        "where there are several",
    ),
    "share below nothing": (
        {"countries": (Classification("KE", percentage=Decimal(-1)), Classification("PE", percentage=Decimal(101)))},
        "share of the recipient",
        "from 0 to 100",
    ),
    "country twice": (
        {"countries": (Classification("KE", percentage=Decimal(50)), Classification("KE", percentage=Decimal(50)))},
        "recipient country",
        "each once",
    ),
    "country of three letters": ({"countries": (Classification("KEN"),)}, "recipient country", "ISO 3166-1"),
    "region without vocabulary": (
        {"countries": (), "regions": (Classification("014"),)},
        "vocabulary of the recipient region",
        "2 (UN)",
    ),
    "region by name": ({"countries": (), "regions": (Classification("Africa", "2"),)}, "region", "three digits"),
    "no sector": ({"sectors": ()}, "sector", "at least one"),
    "purpose of four digits": ({"sectors": (Classification("2204", "1"),)}, "sector", "5 digits"),
    "own sector without address": (
        {"sectors": (Classification("x", "99", names=said()),)},
        "address of the vocabulary of the sector",
        "https://",
    ),
    "own sector without name": (
        {"sectors": (Classification("x", "99", "https://e.org"),)},
        "name of the sector",
        "words",
    ),
    "sectors on some transactions": (
        {"sectors": (), "transactions": (paid(sectors=(Classification("22040", "1"),)), paid())},
        "sector of a transaction",
        "every transaction",
    ),
    "recipients twice": (
        {"transactions": (paid(countries=(Classification("KE"),)),)},
        "recipient of a transaction",
        "the activity alone",
    ),
    "budget of two years": (
        {"budgets": (Budget(DAY, DAY + dt.timedelta(days=700), Money(Decimal(1), DAY, "EUR")),)},
        "end of the budget",
        "at most one year",
    ),
    "money of no currency": ({"transactions": (paid(value=Money(Decimal(1), DAY)),)}, "currency", "default currency"),
    "money that is no number": (
        {"transactions": (paid(value=Money(Decimal("NaN"), DAY, "EUR")),)},
        "amount of the transaction",
        "a number",
    ),
    "money without end": (
        {"transactions": (paid(value=Money(Decimal("1E+400"), DAY, "EUR")),)},
        "amount of the transaction",
        "30 digits",
    ),
    "payment to come": ({"transactions": (paid(day=LATER),)}, "day of the transaction", "no day after"),
    "unknown transaction": ({"transactions": (paid(type="99"),)}, "type of the transaction", "13 (Incoming Pledge)"),
    "nameless provider": ({"transactions": (paid(provider=Organisation()),)}, "provider of the transaction", "a ref"),
    "document at no address": (
        {"documents": (DocumentLink("report.pdf", "application/pdf", said(), ("A08",)),)},
        "address of document 1",
        "https://",
    ),
    "document with markup in its address": (
        {"documents": (DocumentLink("https://e.org/<a>", "application/pdf", said(), ("A08",)),)},
        "address of document 1",
        "https://",
    ),
    "document of no format": (
        {"documents": (DocumentLink("https://e.org", "pdf", said(), ("A08",)),)},
        "format",
        "media type",
    ),
    "document of no category": (
        {"documents": (DocumentLink("https://e.org", "text/html", said(), ()),)},
        "category",
        "A08",
    ),
    "relation of no kind": ({"related": (RelatedActivity("XM-1", ""),)}, "related activity", "1 (Parent)"),
    "conditions that are denied": (
        {"conditions_attached": False, "conditions": full_activity().conditions},
        "conditions",
        "said to be attached",
    ),
    "result of no type": ({"results": (Result("4", said(), ()),)}, "type of result 1", "1 (Output)"),
    "result without indicator": ({"results": (Result("1", said(), ()),)}, "indicator of result 1", "at least one"),
    "target without number": (
        {"results": (indicator(periods=(Period(DAY, DAY, (Figure(),)),)),)},
        "target of indicator 1 of result 1",
        "a number",
    ),
    "quality with a number": (
        {"results": (indicator(measure="5", periods=(Period(DAY, DAY, (Figure(Decimal(1)),)),)),)},
        "target of indicator 1 of result 1",
        "in the comment",
    ),
    "period that ends first": (
        {"results": (indicator(periods=(Period(DAY, DAY - dt.timedelta(days=1)),)),)},
        "end of a period",
        "no day before",
    ),
    "other identifier of no type": (
        {"other_identifiers": (OtherIdentifier("a", "Z"),)},
        "type of the other identifier",
        "A1",
    ),
    "contact at no address": (
        {"contacts": (Contact(websites=("example.org",)),)},
        "website of the contact",
        "https://",
    ),
    "telephone on two lines": ({"contacts": (Contact(telephones=("1\n2",)),)}, "contact", "one line"),
    "hierarchy of nothing": ({"hierarchy": 0}, "hierarchy", "from 1"),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_the_standard_does_not_allow_is_refused_by_field(case):
    changed, field, allowed = REFUSED[case]
    with pytest.raises(BadParameter) as refusal:
        written(plain_activity(**changed))
    assert field in refusal.value.data["name"]
    assert allowed in refusal.value.data["allowed"]


def test_a_refusal_names_the_activity():
    with pytest.raises(BadParameter, match="title of XM-EX-1-round-7 is"):
        written(plain_activity(6), replace(plain_activity(7), titles=()))


def test_an_identifier_may_begin_with_a_former_ref(iati):
    former = (OtherIdentifier("XM-EX-0", "B1"),)
    demand_valid(written(plain_activity(identifier="XM-EX-0-1", other_identifiers=former)), iati)


@pytest.mark.parametrize("module", [iati_activities, iati_elements, xml_characters], ids=lambda m: m.__name__)
def test_examples_hold(module):
    found = doctest.testmod(module)
    assert (found.failed, found.attempted > 0) == (0, True)
