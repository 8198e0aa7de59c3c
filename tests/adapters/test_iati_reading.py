"""Files of IATI that others made: what is read, what is refused and by which name, and that nothing hostile is followed."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.adapters import iati_reading
from comity.adapters.iati_activities import Classification, Text
from comity.adapters.iati_reading import read_activities
from comity.adapters.iati_writing import write_activities
from comity.errors import BrokenFile, EmptyFile, ExternalEntity, FileTooLarge, PathNotFound, UnknownFormat
from support.iati import MADE, activities, full_activity, plain_activity

PLAIN = (
    "<iati-activity xml:lang='en'><iati-identifier>{id}</iati-identifier><reporting-org ref='XM-1' type='40'/>"
    "<title><narrative>One</narrative></title><activity-status code='2'/>{more}</iati-activity>"
)


def written(*found) -> bytes:
    return b"".join(write_activities(activities=found, generated_at=MADE))


def file_of(*parts: str, version: str = "2.03", prolog: str = "") -> bytes:
    return f'{prolog}<iati-activities version="{version}">\n{chr(10).join(parts)}\n</iati-activities>'.encode()


def one(more: str = "", name: str = "XM-1-a") -> str:
    return PLAIN.format(id=name, more=more)


@given(st.lists(activities(), min_size=1, max_size=3, unique_by=lambda a: a.identifier))
@settings(max_examples=40)
def test_what_was_written_is_read_as_it_was(found):
    read = read_activities(source=written(*found))
    assert read.activities == tuple(found)
    assert (read.refusals, read.passed_over, read.version) == ((), {}, "2.03")


def test_an_activity_with_everything_comes_back(tmp_path):
    path = tmp_path / "activities.xml"
    path.write_bytes(written(full_activity(), plain_activity(2)))
    assert read_activities(source=path).activities == (full_activity(), plain_activity(2))


@pytest.mark.parametrize("version", ["2.01", "2.02", "2.03"])
def test_each_version_2_is_read(version):
    read = read_activities(source=file_of(one(), version=version))
    assert (read.version, [a.identifier for a in read.activities]) == (version, ["XM-1-a"])


def test_white_space_around_words_and_names_is_dropped():
    data = file_of(one("<description><narrative>\n  Two\n words </narrative></description>", name="\n XM-1-a\n"))
    (found,) = read_activities(source=data).activities
    assert (found.identifier, found.descriptions[0].texts) == ("XM-1-a", (Text("en", "Two\n words"),))


def test_vocabularies_that_are_not_named_are_those_of_the_standard():
    (found,) = read_activities(source=file_of(one("<recipient-region code='298'/><sector code='22040'/>"))).activities
    assert (found.regions, found.sectors) == ((Classification("298", "1"),), (Classification("22040", "1"),))


def test_shares_that_do_not_sum_are_kept_as_they_stand():
    (found,) = read_activities(source=file_of(one("<recipient-country code='KE' percentage='40'/>"))).activities
    assert found.countries == (Classification("KE", percentage=Decimal(40)),)


def test_a_zone_after_a_day_is_dropped_and_a_moment_is_in_utc():
    more = "<activity-date type='1' iso-date='2026-03-31Z'/>"
    data = file_of(
        one(more).replace("<iati-activity ", "<iati-activity last-updated-datetime='2026-01-01T03:00:00+03:00' ")
    )
    (found,) = read_activities(source=data).activities
    assert found.dates[0].day == dt.date(2026, 3, 31)
    assert found.last_updated == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def test_what_has_no_place_is_passed_over_and_counted():
    more = (
        "<policy-marker code='1'/><policy-marker code='2'/><x:own xmlns:x='urn:x'><title/></x:own><!-- a word -->"
        "<contact-info><person-name><narrative>A Person</narrative></person-name><email>desk@example.org</email></contact-info>"
    )
    read = read_activities(source=file_of(one(more), "<!-- a word --><other/>"))
    assert read.passed_over == {"contact-info/person-name": 1, "policy-marker": 2, "{urn:x}own": 1}
    assert "A Person" not in repr(read.activities)


def test_aid_types_of_another_vocabulary_are_passed_over_and_counted():
    more = "<default-aid-type code='D02'/><default-aid-type code='1' vocabulary='2'/>"
    read = read_activities(source=file_of(one(more)))
    assert (read.activities[0].aid_types, read.passed_over) == (("D02",), {"default-aid-type": 1})


def test_a_bad_activity_is_named_by_identifier_and_line_and_the_others_are_kept():
    bad = one(
        "\n<transaction><transaction-type code='3'/>\n<transaction-date iso-date='31/03/2026'/></transaction>", "XM-1-b"
    )
    read = read_activities(source=file_of(one(), bad, one(name="XM-1-c")), name="donor.xml")
    assert [a.identifier for a in read.activities] == ["XM-1-a", "XM-1-c"]
    (refusal,) = read.refusals
    assert refusal.data["row"] == 5
    assert str(refusal) == (
        'donor.xml, row 5: XM-1-b: transaction/transaction-date/@iso-date is "31/03/2026"; '
        "allowed is a day such as 2026-03-31"
    )


MONEY = "<transaction><transaction-type code='3'/><transaction-date iso-date='2026-03-31'/>{}</transaction>"
UNCLEAR = {
    "no identifier": ("", "iati-identifier", "missing"),
    "unknown status": (
        "<activity-status code='2'/><activity-date type='9' iso-date='2026-01-01'/>",
        "activity-date/@type",
        "1, 2",
    ),
    "impossible day": ("<activity-date type='1' iso-date='2026-02-30'/>", "activity-date/@iso-date", "a day such as"),
    "no day": ("<activity-date type='1'/>", "activity-date/@iso-date", "a day such as"),
    "unknown role": ("<participating-org role='Funding'/>", "participating-org/@role", "1, 2, 3, 4"),
    "share in words": ("<sector code='1' percentage='half'/>", "sector/@percentage", "a number"),
    "amount with separators": (
        MONEY.format("<value value-date='2026-01-01'>1,000</value>"),
        "transaction/value",
        "separators",
    ),
    "amount with exponent": (
        MONEY.format("<value value-date='2026-01-01'>1e3</value>"),
        "transaction/value",
        "a number",
    ),
    "amount that is none": (
        MONEY.format("<value value-date='2026-01-01'>NaN</value>"),
        "transaction/value",
        "a number",
    ),
    "no amount": (MONEY.format(""), "transaction/value", "missing"),
    "amount of no day": (MONEY.format("<value>5</value>"), "transaction/value/@value-date", "a day such as"),
    "flag in words": ("<result type='1' aggregation-status='yes'/>", "result/@aggregation-status", "true, false"),
    "category in words": (
        "<document-link url='u' format='f'><category code='report'/></document-link>",
        "document-link/category/@code",
        "A01",
    ),
    "baseline of no year": (
        "<result type='1'><indicator measure='1'><baseline/></indicator></result>",
        "result/indicator/baseline/@year",
        "a whole number",
    ),
}


@pytest.mark.parametrize("case", sorted(UNCLEAR))
def test_what_cannot_be_understood_is_refused_by_path(case):
    more, path, allowed = UNCLEAR[case]
    read = read_activities(
        source=file_of(one(more, name="" if case == "no identifier" else "XM-1-a"), one(name="XM-1-z"))
    )
    assert [a.identifier for a in read.activities] == ["XM-1-z"]
    assert path in read.refusals[0].data["problem"]
    assert allowed in read.refusals[0].data["problem"]


def test_a_moment_and_a_hierarchy_must_be_what_they_are():
    for attribute in ("last-updated-datetime='yesterday'", "hierarchy='-1'", "humanitarian='maybe'"):
        data = file_of(one().replace("<iati-activity ", f"<iati-activity {attribute} "))
        read = read_activities(source=data)
        assert read.activities == ()
        assert attribute.partition("=")[0] in str(read.refusals[0])


def test_all_refusals_are_counted_and_a_hundred_are_told():
    read = read_activities(source=file_of(*(one("<activity-date/>", name=f"XM-1-{n}") for n in range(150))))
    assert (read.refused, len(read.refusals)) == (150, 100)


ENTITY = '<!DOCTYPE iati-activities [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("prolog", [ENTITY, BOMB, "<!DOCTYPE iati-activities>", f"<!--{' ' * 200_000}-->{ENTITY}"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_it_is_read(prolog, encoding):
    data = file_of(one("<description><narrative>&x;</narrative></description>"), prolog=prolog)
    with pytest.raises(ExternalEntity):
        read_activities(source=data.decode().encode(encoding), name="donor.xml")


def test_a_file_in_another_encoding_is_read_as_it_declares():
    prolog = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    data = file_of(one().replace("One", "Été"), prolog=prolog).decode().encode("latin-1")
    assert read_activities(source=data).activities[0].titles == (Text("en", "Été"),)


@pytest.mark.parametrize("version", ["1.03", "1.05", "2.04", "", "3"])
def test_another_version_is_refused_and_says_what_to_do(version):
    with pytest.raises(UnknownFormat, match=r"2\.01, 2\.02, 2\.03 \(ask the publisher for a file of version 2\)"):
        read_activities(source=file_of(one(), version=version))


@pytest.mark.parametrize("data", [b"<html/>", b"<iati-organisations version='2.03'/>", b"<a xmlns='urn:b'/>"])
def test_xml_of_another_kind_is_refused(data):
    with pytest.raises(UnknownFormat, match="root element"):
        read_activities(source=data)


@pytest.mark.parametrize(
    "data", [b"not xml", b"\x00\x01", b"PK\x03\x04", b"<a", b"   ", b"<?xml version='1.0' encoding='no-such'?><a/>"]
)
def test_what_is_no_xml_is_refused(data):
    with pytest.raises(BrokenFile):
        read_activities(source=data)


def test_a_file_that_breaks_off_is_refused_with_its_line():
    with pytest.raises(BrokenFile, match="line 3"):
        read_activities(source=b"<iati-activities version='2.03'>\n<iati-activity>\n<title>")


def test_an_empty_file_and_one_that_is_not_there_are_named(tmp_path):
    with pytest.raises(EmptyFile):
        read_activities(source=b"")
    with pytest.raises(PathNotFound):
        read_activities(source=tmp_path / "none.xml")


def test_a_file_over_the_limit_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(iati_reading, "MOST_MEGABYTES", 0)
    with pytest.raises(FileTooLarge):
        read_activities(source=file_of(one()))


def test_elements_within_elements_without_end_are_refused():
    with pytest.raises(BrokenFile, match="XML breaks off"):
        read_activities(source=file_of(one("<a>" * 5000 + "</a>" * 5000)))


def test_an_activity_of_countless_elements_is_refused(monkeypatch):
    monkeypatch.setattr(iati_reading, "MOST_ELEMENTS", 1000)
    read_activities(source=file_of(*(one("<a/>" * 900, name=f"XM-1-{n}") for n in range(3))))
    with pytest.raises(BrokenFile, match="more than 1,000 elements"):
        read_activities(source=file_of(one("<a/>" * 1001)))


def test_memory_does_not_grow_with_what_is_passed_over():
    def most(count: int) -> int:
        data = file_of(*(one("<policy-marker code='1'/>" * 50, name="") for _ in range(count)))
        tracemalloc.start()
        try:
            assert read_activities(source=data).refused == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most(10)
    assert most(2000) < most(200) + 200_000


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    for source in (data, b"<iati-activities version='2.03'>" + data):
        try:
            read_activities(source=source)
        except (BrokenFile, EmptyFile, ExternalEntity, UnknownFormat):
            continue


def test_words_of_persons_are_not_in_the_classes():
    assert not {"person", "persons", "job_title"} & set(full_activity().contacts[0].__slots__)
