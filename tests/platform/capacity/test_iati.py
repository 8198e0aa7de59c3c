"""What is public goes out as IATI, valid under the official schema; what others report comes in as context, each bad activity named."""

from __future__ import annotations

import pytest
from lxml import etree

from comity.adapters.iati_reading import read_activities
from comity.adapters.iati_writing import write_activities
from comity.errors import BadParameter, BrokenFile, Conflict, ExternalEntity, NotPermitted, UnknownFormat
from comity.platform.capacity.agreements import PromiseGiven, enter_agreement, report_progress
from comity.platform.capacity.context import list_activities, take_activities_in
from comity.platform.capacity.deliveries import confirm_delivery, report_delivery
from comity.platform.capacity.iati import write_public_activities
from comity.platform.capacity.measuring import record_result
from comity.platform.capacity.models import ContextActivity
from comity.platform.parties.models import Member
from comity.platform.record.models import Act
from support.deliveries import DAY, a_commitment, a_need, an_offer, speaker
from support.iati import MADE, demand_valid, folder_of, plain_activity
from support.parties import SET_UP, account_with, make_body, today

pytestmark = pytest.mark.django_db
REF = "XM-EX-1"


def published() -> bytes:
    return write_public_activities(reporter=REF, name="The example body")


def everything():
    """An offer with a commitment under way, its measured result, and an agreement on which its owner has reported."""
    held = a_commitment(need=a_need(wanted_by=today() + 60 * DAY, purposes={"en": "To audit.", "ar": "للتدقيق"}))
    report_delivery(slug=held.slug, units="60", by=speaker("m2"))
    confirm_delivery(slug=held.slug, units="50", by=speaker("m1"))
    record_result(
        slug=held.slug,
        indicators={"en": "Persons"},
        unit="persons",
        value="36",
        baseline="2",
        target="40",
        measured_on=today(),
        by=speaker("m1"),
    )
    promise = PromiseGiven(texts={"en": "Give 150 days"}, owner="m2", due_on=today() - DAY, target="150")
    enter_agreement(
        slug="pact",
        body="oversight",
        kind="bilateral",
        titles={"en": "Pact"},
        parties=["m1", "m2"],
        promises=[promise],
        by=SET_UP,
    )
    report_progress(
        slug="pact", number=1, state="running", value="60", language="fr", explanation="En cours", by=speaker("m2")
    )
    return held


def test_the_file_is_valid_under_the_official_schema_and_is_read_back(shared):
    make_body()
    Member.objects.filter(slug="m1").update(country="KEN")
    held = everything()
    root = demand_valid(published(), folder_of(shared))
    found = {a.identifier: a for a in read_activities(source=published()).activities}
    assert sorted(found) == [
        f"{REF}-agreement-pact",
        f"{REF}-commitment-{held.slug}",
        f"{REF}-offer-{held.offer.slug}",
    ]
    activity = found[f"{REF}-commitment-{held.slug}"]
    (period,) = activity.results[0].indicators[0].periods
    assert (period.targets[0].value, period.actuals[0].value) == (150, 50)
    assert [c.code for c in activity.countries] == ["KE"]
    assert activity.results[1].indicators[0].periods[0].targets[0].value == 40
    assert found[f"{REF}-agreement-pact"].results[0].indicators[0].periods[0].actuals[0].comments[0].words == "late: 60"
    assert "person-name" not in etree.tostring(root, encoding="unicode")


def test_the_file_stays_the_same_while_nothing_public_changes():
    held = everything()
    before = published()
    a_commitment(need=a_need(shown_to="secretariat", title="CANARY"), offer=an_offer(visibility="members"))
    assert published() == before
    report_delivery(slug=held.slug, units="70", by=speaker("m2"))
    confirm_delivery(slug=held.slug, units="70", by=speaker("m1"))
    assert published() != before


@pytest.mark.parametrize("shown_to", ["secretariat", "providers"])
def test_nothing_of_a_hidden_need_goes_out(shown_to):
    offer = an_offer()
    before = published()
    a_commitment(need=a_need(shown_to=shown_to, title="CANARY"), offer=offer)
    assert published() == before
    assert b"CANARY" not in published()


def test_what_is_declined_or_only_proposed_does_not_go_out():
    a_commitment(state="proposed")
    a_commitment(state="declined")
    assert all("-offer-" in a.identifier for a in read_activities(source=published()).activities)


def test_without_an_identifier_or_anything_public_there_is_no_file():
    with pytest.raises(Conflict, match="COMITY_IATI_REPORTER"):
        write_public_activities(reporter="", name="Body")
    with pytest.raises(Conflict):
        published()


def a_file(*numbers, extra: str = "") -> bytes:
    data = b"".join(write_activities(activities=[plain_activity(n) for n in numbers], generated_at=MADE))
    return data.replace(b"</iati-activities>", extra.encode() + b"</iati-activities>")


BAD = "<iati-activity><iati-identifier>XM-1-bad</iati-identifier><activity-status code='77'/></iati-activity>"


def test_activities_of_others_are_taken_in_and_the_bad_ones_are_named():
    by = account_with("secretariat")
    taken = take_activities_in(content=a_file(1, 2, extra=BAD), name="donor.xml", by=by)
    assert (taken.new, taken.replaced, taken.refused) == (2, 0, 1)
    assert "XM-1-bad" in str(taken.refusals[0])
    again = take_activities_in(content=a_file(2, 3), name="donor.xml", by=by)
    assert (again.new, again.replaced, again.refused) == (1, 1, 0)
    shown = list_activities(language="fr")
    assert [v.identifier for v in shown] == [f"XM-EX-1-round-{n}" for n in (1, 2, 3)]
    assert (shown[0].language, shown[0].countries, shown[0].reporting) == (
        "fr",
        ("BT", "KE", "PE"),
        "The example body (en)",
    )
    assert [v.identifier for v in list_activities(language="en", country="ZZ")] == []
    assert Act.objects.filter(type="take-activities-in").count() == 2


@pytest.mark.parametrize(
    "content, error",
    [
        (b"not xml", BrokenFile),
        (b"<html/>", UnknownFormat),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><iati-activities version='2.03'/>", ExternalEntity),
        (f"<iati-activities version='2.03'>{BAD}</iati-activities>".encode(), BadParameter),
        (b"<iati-activities version='2.03'/>", BadParameter),
    ],
)
def test_a_file_of_which_nothing_can_be_read_changes_nothing(content, error):
    by = account_with("secretariat")
    before = Act.objects.count()
    with pytest.raises(error):
        take_activities_in(content=content, name="bad.xml", by=by)
    assert (Act.objects.count(), ContextActivity.objects.count()) == (before, 0)


def test_the_secretariat_alone_takes_activities_in():
    make_body()
    for by in (account_with("chair"), account_with("focal-point"), account_with("public")):
        with pytest.raises(NotPermitted):
            take_activities_in(content=a_file(1), name="x.xml", by=by)
