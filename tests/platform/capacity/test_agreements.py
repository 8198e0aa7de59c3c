"""Agreements: entered with their promises, reported on by their owners, late by the date, and never telling of what is hidden."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.capacity.agreement_views import agreement_view, list_agreements
from comity.platform.capacity.agreements import PromiseGiven, end_agreement, enter_agreement, report_progress
from comity.platform.capacity.deliveries import confirm_delivery, report_delivery
from comity.platform.capacity.models import Agreement, ProgressReport, Promise
from comity.platform.record.chain import chain_of
from comity.platform.record.models import Act
from support.deliveries import DAY, a_commitment, a_need, an_offer, speaker
from support.parties import SET_UP, account_with, make_body, today

pytestmark = pytest.mark.django_db
TITLE = {"en": "Declaration on shared compute", "fr": "Déclaration sur le calcul partagé"}
SOURCE = "decisions/documents/declaration"


@pytest.fixture(autouse=True)
def _people():
    """Everyone who speaks here is there before anything is counted."""
    make_body()
    speaker("m1")
    speaker("m2")


def a_promise(**about) -> PromiseGiven:
    given = {"texts": {"en": "Give 150 expert days"}, "owner": "m2", "due_on": today() + 30 * DAY, **about}
    return PromiseGiven(**given)


def an_agreement(slug="declaration", *, by=SET_UP, promises=None, **about) -> Agreement:
    make_body()
    given = {
        "kind": "bilateral",
        "titles": TITLE,
        "parties": ["m1", "m2"],
        "source": SOURCE,
        "body": "oversight",
        **about,
    }
    return enter_agreement(slug=slug, promises=promises or [a_promise(indicator="Days", target="150")], by=by, **given)


def view_of(held, user=None, **about):
    return agreement_view(slug=held.slug, user=user or account_with("public"), language="en", **about)


def refused(call, *, error=BadParameter, **given):
    before = (
        Act.objects.count(),
        Agreement.objects.count(),
        ProgressReport.objects.count(),
        list(Promise.objects.values()),
    )
    with pytest.raises(error) as caught:
        call(**given)
    after = (
        Act.objects.count(),
        Agreement.objects.count(),
        ProgressReport.objects.count(),
        list(Promise.objects.values()),
    )
    assert after == before
    return caught.value


def test_an_agreement_shows_what_was_promised_what_arrived_and_what_its_owner_says():
    offer = an_offer()
    held = an_agreement(promises=[a_promise(offers=(offer.slug,))], by=account_with("secretariat"))
    commitment = a_commitment(offer=offer)
    report_delivery(slug=commitment.slug, units="60", by=speaker("m2"))
    confirm_delivery(slug=commitment.slug, units="50", by=speaker("m1"))
    report_progress(
        slug=held.slug,
        number=1,
        state="running",
        value="60 days",
        evidence="https://example.org/report",
        language="fr",
        explanation="Les visites ont commencé.",
        by=speaker("m2"),
    )
    (promise,) = view_of(held).promises
    assert promise.arrived == (("days", 150, 50),)
    assert [(r.value, r.language, r.explanation) for r in promise.reports] == [
        ("60 days", "fr", "Les visites ont commencé.")
    ]
    assert (promise.stands, promise.owner_name, promise.may_report) == ("running", "Member 2", False)
    assert Act.objects.get(type="report-progress").subject == f"{held.reference}/1"


def test_the_chain_of_an_offer_and_of_the_text_leads_to_the_agreement():
    offer = an_offer()
    held = an_agreement(promises=[a_promise(offers=(offer.slug,))])
    assert f"{held.reference}/1" in chain_of(reference=offer.reference, user=account_with("public")).led_to
    assert held.reference in chain_of(reference=SOURCE, user=account_with("public")).led_to


def test_a_promise_is_late_the_day_after_its_date_until_its_owner_says_it_is_kept():
    held = an_agreement()
    stands = lambda days: view_of(held, now=timezone.now() + days * DAY).promises[0].stands
    assert [stands(30), stands(31)] == ["running", "late"]
    assert (
        list_agreements(user=account_with("public"), language="en", now=timezone.now() + 31 * DAY)[0].counts["late"]
        == 1
    )
    report_progress(slug=held.slug, number=1, state="kept", by=speaker("m2"))
    assert stands(31) == "kept"


@pytest.mark.parametrize(
    "role, member", [("alternate", "m1"), ("delegate", "m2"), ("secretariat", "m1"), ("adviser", "m2")]
)
def test_the_owner_alone_reports_on_its_promise(role, member):
    held = an_agreement()
    by = account_with(role, member=member)
    refused(report_progress, error=NotPermitted, slug=held.slug, number=1, state="kept", by=by)


def test_nobody_but_the_secretariat_enters_or_ends_an_agreement():
    for by in [account_with(role) for role in ("delegate", "chair", "focal-point", "public")]:
        refused(an_agreement, error=NotPermitted, by=by)
    held = an_agreement()
    refused(end_agreement, error=NotPermitted, slug=held.slug, by=speaker("m1"))
    end_agreement(slug=held.slug, by=account_with("secretariat"))
    refused(end_agreement, error=Conflict, slug=held.slug, by=account_with("secretariat"))
    refused(report_progress, error=Conflict, slug=held.slug, number=1, state="kept", by=speaker("m2"))
    assert view_of(held, now=timezone.now() + 99 * DAY).promises[0].stands == "running"


@pytest.mark.parametrize(
    "about, field",
    [
        ({"kind": "pact"}, "kind"),
        ({"parties": ["m1"]}, "parties"),
        ({"parties": ["m1", "m1"]}, "parties"),
        ({"parties": ["m1", "m2", "m3"]}, "parties"),
        ({"titles": {}}, "titles"),
        ({"titles": {"xx": "A"}}, "titles"),
        ({"source": "javascript:alert(1)"}, "source"),
        ({"source": "somewhere"}, "source"),
        ({"visibility": "delegation", "audience": "delegation:m1"}, "visibility"),
        ({"visibility": "secret"}, "visibility"),
        ({"signed_on": dt.date(1066, 1, 1)}, "signed_on"),
        ({"begins_on": dt.date(2026, 2, 1), "ends_on": dt.date(2026, 1, 1)}, "ends_on"),
        ({"slug": "new"}, "slug"),
        ({"slug": "No Slug"}, "slug"),
        ({"promises": [PromiseGiven(texts={"en": "X"}, owner="m3")]}, "owner"),
        ({"promises": [PromiseGiven(texts={}, owner="m2")]}, "promise"),
        ({"promises": [PromiseGiven(texts={"en": "X"}, owner="m2", offers=("none",))]}, "offers"),
        ({"promises": [PromiseGiven(texts={"en": "X"}, owner="m2")] * 201}, "promises"),
    ],
)
def test_an_agreement_that_will_not_do_is_refused_by_its_field(about, field):
    assert refused(an_agreement, **about).data["name"] == field


def test_a_party_that_is_no_member_is_not_found_and_a_name_is_taken_once():
    refused(an_agreement, error=NotFound, parties=["m1", "nobody"])
    an_agreement()
    refused(an_agreement, error=Conflict)


@pytest.mark.parametrize("shown_to", ["secretariat", "providers"])
def test_a_need_that_is_not_public_serves_no_promise_and_is_not_told_from_one_that_is_not_there(shown_to):
    need = a_need(shown_to=shown_to)
    hidden = refused(an_agreement, promises=[a_promise(needs=(need.slug,))], by=account_with("secretariat"))
    nothing = refused(an_agreement, promises=[a_promise(needs=("n-none",))], by=account_with("secretariat"))
    assert (hidden.data["name"], hidden.data["allowed"]) == (nothing.data["name"], nothing.data["allowed"])


def test_a_need_that_is_narrowed_later_is_no_longer_shown_with_its_promise():
    need = a_need()
    held = an_agreement(promises=[a_promise(needs=(need.slug,))])
    assert [n.slug for n in view_of(held).promises[0].needs] == [need.slug]
    need.shown_to = "secretariat"
    need.save()
    a_commitment(need=need)
    shown = view_of(held).promises[0]
    assert (shown.needs, shown.commitments, shown.arrived) == ((), (), ())
    assert len(view_of(held, speaker("m1")).promises[0].commitments) == 1


def test_an_offer_for_members_serves_no_promise_of_a_public_agreement():
    offer = an_offer(visibility="members")
    assert refused(an_agreement, promises=[a_promise(offers=(offer.slug,))]).data["name"] == "offers"
    an_agreement(promises=[a_promise(offers=(offer.slug,))], visibility="members")


def test_an_agreement_among_members_is_seen_by_its_circle_its_parties_and_the_secretariat():
    held = an_agreement(visibility="committee")
    assert view_of(held, account_with("secretariat")).card.slug == held.slug
    assert view_of(held, account_with("focal-point", member="m1")).card.slug == held.slug
    assert len(list_agreements(user=speaker("m1"), language="en")) == 1
    for blind in (account_with("public"), speaker("m3")):
        assert list_agreements(user=blind, language="en") == []
        with pytest.raises(NotFound):
            view_of(held, blind)
    assert Act.objects.get(type="enter-agreement").audience == "committee:oversight"


def test_its_owner_names_later_what_serves_a_promise():
    held, offer = an_agreement(), an_offer()
    report_progress(slug=held.slug, number=1, state="running", offers=[offer.slug], by=speaker("m2"))
    assert [o.slug for o in view_of(held).promises[0].offers] == [offer.slug]


@pytest.mark.parametrize(
    "about, field",
    [
        ({"state": "done"}, "state"),
        ({"language": "xx"}, "language"),
        ({"explanation": "x" * 4001}, "explanation"),
        ({"evidence": "ftp://example.org"}, "evidence"),
        ({"value": "x" * 101}, "value"),
        ({"needs": ["n-none"]}, "needs"),
    ],
)
def test_a_report_that_will_not_do_is_refused_by_its_field(about, field):
    held = an_agreement()
    given = {"slug": held.slug, "number": 1, "state": "running", "by": speaker("m2"), **about}
    assert refused(report_progress, **given).data["name"] == field
    refused(report_progress, error=NotFound, **{**given, "number": 9, "state": "kept"})
