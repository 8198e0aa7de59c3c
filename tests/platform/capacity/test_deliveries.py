"""A commitment from both sides' word to its last confirmed day: plans, reports, confirmations, other dates, results and ends."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.capacity.commitment_views import commitment_view
from comity.platform.capacity.deliveries import (
    PlannedPart,
    agree_to_new_date,
    agree_to_plan,
    ask_new_date,
    confirm_delivery,
    end_commitment,
    plan_delivery,
    report_delivery,
    seen_of,
)
from comity.platform.capacity.delivery_views import track_commitments
from comity.platform.capacity.measuring import record_result
from comity.platform.capacity.models import Commitment, MeasuredResult, Milestone
from comity.platform.record.models import Act
from support.deliveries import DAY, a_commitment, a_need, an_offer, speaker
from support.parties import account_with, today

pytestmark = pytest.mark.django_db


def parts(*units, first=10) -> list[PlannedPart]:
    return [
        PlannedPart(titles={"en": f"Visit {n}"}, units=Decimal(u), due_on=today() + (first + n) * DAY)
        for n, u in enumerate(units)
    ]


def acts_on(held: Commitment) -> list[str]:
    rows = Act.objects.filter(subject=held.reference).exclude(type="agree-to-commitment")
    return list(rows.order_by("entered_at", "pk").values_list("type", flat=True))


def statuses(held: Commitment, *, now=None) -> tuple[str, ...]:
    return commitment_view(slug=held.slug, user=speaker("m1"), language="en", now=now).row.statuses


def refused(call, *, error=Conflict, **given):
    """What is refused writes no act and changes no part."""
    before = (Act.objects.count(), list(Milestone.objects.values()), list(Commitment.objects.values()))
    with pytest.raises(error) as caught:
        call(**given)
    assert (Act.objects.count(), list(Milestone.objects.values()), list(Commitment.objects.values())) == before
    return caught.value


def test_a_commitment_goes_from_its_plan_to_complete_under_one_identifier():
    held, provider, recipient = a_commitment(), speaker("m2"), speaker("m1")
    assert statuses(held) == ("to be planned",)
    plan_delivery(slug=held.slug, parts=parts(60, 90), by=provider)
    assert statuses(held) == ("plan to be agreed",)
    agree_to_plan(slug=held.slug, by=recipient)
    assert statuses(held) == ("on course",)
    report_delivery(slug=held.slug, number=1, units="60", by=provider)
    assert statuses(held) == ("to be confirmed",)
    confirm_delivery(slug=held.slug, number=1, units="60", by=recipient)
    assert statuses(held) == ("on course",)
    report_delivery(slug=held.slug, number=2, units="90", by=provider)
    confirm_delivery(slug=held.slug, number=2, units="90", by=recipient)
    assert statuses(held) == ("complete",)
    record_result(
        slug=held.slug,
        indicators={"en": "Regulators certified"},
        unit="persons",
        value="36",
        target="40",
        measured_on=today(),
        by=recipient,
    )
    view = commitment_view(slug=held.slug, user=account_with("public"), language="en")
    assert (view.row.promised, view.row.reported, view.row.confirmed) == (150, 150, 150)
    assert [s.name for s in view.stages if s.on] == [
        "need",
        "match",
        "commitment",
        "delivery",
        "confirmation",
        "result",
    ]
    assert (view.results[0].value, view.results[0].baseline, view.results[0].target) == (36, None, 40)
    assert acts_on(held) == [
        "plan-delivery",
        "plan-delivery",
        "report-delivery",
        "confirm-delivery",
        "report-delivery",
        "confirm-delivery",
        "record-result",
    ]
    assert all(p.reporting and p.confirming for p in view.parts)


def test_without_a_plan_the_first_report_makes_one_part_of_the_whole():
    held = a_commitment(need=a_need(wanted_by=today() + 30 * DAY))
    row = report_delivery(slug=held.slug, units="40.5", by=speaker("m2"))
    assert (row.number, row.units, row.due_on) == (1, 150, today() + 30 * DAY)
    confirm_delivery(slug=held.slug, units="40", by=speaker("m1"))
    (view,) = commitment_view(slug=held.slug, user=speaker("m1"), language="en").parts
    assert (view.reported, view.confirmed, view.differs, view.waits) == (Decimal("40.5"), 40, True, 0)


def test_only_what_the_recipient_confirms_counts_and_nobody_else_confirms():
    held, provider = a_commitment(), speaker("m2")
    report_delivery(slug=held.slug, units="150", by=provider)
    for other in (provider, account_with("secretariat"), account_with("head", member="m3"), account_with("adviser")):
        refused(confirm_delivery, error=NotPermitted, slug=held.slug, units="150", by=other)
    assert Commitment.objects.get(pk=held.pk).state == "agreed"
    refused(report_delivery, error=NotPermitted, slug=held.slug, units="150", by=speaker("m1"))


def test_a_delegate_of_the_provider_reports_and_a_delegate_of_the_recipient_does_not_confirm():
    held = a_commitment()
    report_delivery(slug=held.slug, units="10", by=account_with("delegate", member="m2"))
    refused(confirm_delivery, error=NotPermitted, slug=held.slug, units="10", by=account_with("delegate", member="m1"))
    confirm_delivery(slug=held.slug, units="10", by=account_with("focal-point", member="m1"))


def test_nothing_received_is_a_word_too_and_the_provider_can_correct_its_report():
    held, provider, recipient = a_commitment(), speaker("m2"), speaker("m1")
    report_delivery(slug=held.slug, units="60", by=provider)
    confirm_delivery(slug=held.slug, units="0", by=recipient)
    assert statuses(held) == ("on course",)
    report_delivery(slug=held.slug, units="0", by=provider)
    assert Milestone.objects.get(commitment=held).reported == 0


@pytest.mark.parametrize("units", ["150.1", "-1", "abc", "", "NaN", "Infinity", "1e400", "0.0000001"])
def test_a_report_of_no_amount_that_was_promised_is_refused(units):
    held = a_commitment()
    assert (
        refused(report_delivery, error=BadParameter, slug=held.slug, units=units, by=speaker("m2")).data["name"]
        == "units"
    )


def test_a_confirmation_is_never_above_the_report_nor_below_what_was_confirmed():
    held, provider, recipient = a_commitment(), speaker("m2"), speaker("m1")
    refused(confirm_delivery, error=NotFound, slug=held.slug, units="1", by=recipient)
    report_delivery(slug=held.slug, units="60", by=provider)
    refused(confirm_delivery, error=BadParameter, slug=held.slug, units="61", by=recipient)
    confirm_delivery(slug=held.slug, units="50", by=recipient)
    refused(confirm_delivery, error=BadParameter, slug=held.slug, units="49", by=recipient)
    refused(confirm_delivery, slug=held.slug, units="50", by=recipient)
    refused(report_delivery, error=BadParameter, slug=held.slug, units="49", by=provider)
    confirm_delivery(slug=held.slug, units="60", by=recipient)


def test_nobody_confirms_what_was_changed_since_they_read_it():
    held, provider, recipient = a_commitment(), speaker("m2"), speaker("m1")
    read = seen_of(report_delivery(slug=held.slug, units="60", by=provider))
    report_delivery(slug=held.slug, units="70", by=provider)
    refused(confirm_delivery, slug=held.slug, units="60", by=recipient, on=read)
    now = commitment_view(slug=held.slug, user=recipient, language="en").parts[0].seen
    confirm_delivery(slug=held.slug, units="60", by=recipient, on=now)


def test_a_plan_sums_to_what_was_agreed():
    held, provider = a_commitment(), speaker("m2")
    for wrong in (parts(60, 80), parts(60, 91), [], parts(*[6] * 25), parts(150, first=-3)):
        refused(plan_delivery, error=BadParameter, slug=held.slug, parts=wrong, by=provider)


def test_either_side_plans_and_the_other_agrees_or_plans_anew():
    held, provider, recipient = a_commitment(), speaker("m2"), speaker("m1")
    plan_delivery(slug=held.slug, parts=parts(150), by=recipient)
    refused(agree_to_plan, slug=held.slug, by=recipient)
    plan_delivery(slug=held.slug, parts=parts(50, 100), by=provider)
    refused(agree_to_plan, slug=held.slug, by=provider)
    refused(ask_new_date, slug=held.slug, new_date=today() + 90 * DAY, by=recipient)
    agree_to_plan(slug=held.slug, by=recipient)
    refused(agree_to_plan, slug=held.slug, by=recipient)
    assert [m.new_date for m in Milestone.objects.filter(commitment=held)] == [None, None]


def test_whoever_acts_under_a_plan_of_the_other_side_has_agreed_to_it():
    held, provider, recipient = a_commitment(), speaker("m2"), speaker("m1")
    plan_delivery(slug=held.slug, parts=parts(50, 100), by=provider)
    report_delivery(slug=held.slug, units="50", by=provider)
    assert statuses(held) == ("plan to be agreed", "to be confirmed")
    confirm_delivery(slug=held.slug, units="50", by=recipient)
    assert statuses(held) == ("on course",)
    refused(plan_delivery, slug=held.slug, parts=parts(150), by=provider)


def test_another_date_holds_once_the_other_side_agrees_and_says_why_in_its_own_words():
    held, provider, recipient = a_commitment(need=a_need(wanted_by=today() - DAY)), speaker("m2"), speaker("m1")
    assert statuses(held) == ("late", "to be planned")
    new = today() + 60 * DAY
    said = "The training hall serves an election until December."
    ask_new_date(slug=held.slug, new_date=new, by=provider, explanation=said, language="en")
    assert statuses(held) == ("new date requested", "late")
    (row,) = track_commitments(user=account_with("public"), language="en")
    assert (row.moved.explanation, row.moved.new_date, row.moved.asked_by) == (said, new, "provider")
    refused(agree_to_new_date, slug=held.slug, by=provider)
    refused(ask_new_date, slug=held.slug, new_date=new + DAY, by=recipient)
    agree_to_new_date(slug=held.slug, by=recipient)
    assert Milestone.objects.get(commitment=held).due_on == new
    assert statuses(held) == ("on course",)
    assert acts_on(held) == ["move-delivery", "move-delivery"]


@pytest.mark.parametrize(
    "given, field",
    [
        ({"new_date": dt.date(2020, 1, 1)}, "new_date"),
        ({"new_date": dt.date(2300, 1, 1)}, "new_date"),
        ({"explanation": "x" * 501, "language": "en"}, "explanation"),
        ({"explanation": "a\u202eb", "language": "en"}, "explanation"),
        ({"explanation": "Because", "language": "xx"}, "language"),
    ],
)
def test_a_date_that_will_not_do_is_refused(given, field):
    held = a_commitment()
    about = {"new_date": today() + 5 * DAY, **given}
    assert refused(ask_new_date, error=BadParameter, slug=held.slug, by=speaker("m2"), **about).data["name"] == field


def test_lateness_follows_from_the_date_on_the_day_it_is_read():
    held = a_commitment()
    plan_delivery(slug=held.slug, parts=parts(60, 90), by=speaker("m2"))
    agree_to_plan(slug=held.slug, by=speaker("m1"))
    on_the_day = timezone.now() + 10 * DAY
    assert statuses(held, now=on_the_day) == ("on course",)
    assert statuses(held, now=on_the_day + DAY) == ("late",)
    report_delivery(slug=held.slug, units="60", by=speaker("m2"))
    assert statuses(held, now=on_the_day + DAY) == ("to be confirmed",)


@pytest.mark.parametrize("state", ["proposed", "declined", "complete", "ended"])
def test_nothing_is_delivered_under_a_commitment_that_is_not_agreed_or_is_over(state):
    held = a_commitment(state=state)
    by = {"slug": held.slug, "by": speaker("m2")}
    refused(report_delivery, error=Conflict, units="1", **by)
    refused(plan_delivery, error=Conflict, parts=parts(150), **by)
    refused(end_commitment, error=Conflict, **by)
    refused(ask_new_date, error=Conflict, new_date=today() + DAY, **by)


def test_what_is_confirmed_stays_when_a_commitment_ends():
    held = a_commitment()
    report_delivery(slug=held.slug, units="60", by=speaker("m2"))
    confirm_delivery(slug=held.slug, units="60", by=speaker("m1"))
    end_commitment(slug=held.slug, by=speaker("m1"))
    view = commitment_view(slug=held.slug, user=speaker("m2"), language="en")
    assert (view.row.statuses, view.row.confirmed, view.may_report) == (("ended",), 60, False)


@pytest.mark.parametrize(
    "given, field",
    [
        ({"indicators": {}}, "indicator"),
        ({"indicators": {"xx": "Persons"}}, "indicator"),
        ({"unit": ""}, "unit"),
        ({"value": "many"}, "value"),
        ({"baseline": "NaN"}, "baseline"),
        ({"target": "1e99"}, "target"),
        ({"measured_on": dt.date(2199, 1, 1)}, "measured_on"),
        ({"evidence": "javascript:alert(1)"}, "evidence"),
        ({"evidence": "x" * 501}, "evidence"),
    ],
)
def test_a_result_that_will_not_do_is_refused(given, field):
    held = a_commitment()
    about = {"indicators": {"en": "Persons trained"}, "unit": "persons", "value": "3", "measured_on": today(), **given}
    assert refused(record_result, error=BadParameter, slug=held.slug, by=speaker("m1"), **about).data["name"] == field
    assert not MeasuredResult.objects.exists()


def test_a_result_is_measured_by_the_recipient_alone():
    held = a_commitment()
    about = {"indicators": {"en": "Persons"}, "unit": "persons", "value": "0", "measured_on": today()}
    refused(record_result, error=NotPermitted, slug=held.slug, by=speaker("m2"), **about)
    record_result(slug=held.slug, by=speaker("m1"), baseline="0", **about)
    assert MeasuredResult.objects.get().baseline == 0


STEPS = st.lists(st.tuples(st.sampled_from(["report", "confirm"]), st.integers(0, 2), st.integers(0, 12)), max_size=14)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_tried_confirmed_is_at_most_reported_at_most_promised(steps):
    held, provider, recipient = a_commitment(units=30), speaker("m2"), speaker("m1")
    plan_delivery(slug=held.slug, parts=parts(10, 10, 10), by=provider)
    for kind, number, units in steps:
        call, by = (report_delivery, provider) if kind == "report" else (confirm_delivery, recipient)
        with contextlib.suppress(BadParameter, Conflict):
            call(slug=held.slug, number=number + 1, units=str(units), by=by)
    rows = list(Milestone.objects.filter(commitment=held))
    assert all((m.confirmed or 0) <= (m.reported or 0) <= m.units for m in rows)
    total = sum(m.confirmed or 0 for m in rows)
    assert (Commitment.objects.get(pk=held.pk).state == "complete") is (total == 30)


class TestWhoSees:
    """Canaries of a need that is not public: neither its title nor its member leaves the two sides and the secretariat."""

    @pytest.mark.parametrize("shown_to", ["secretariat", "providers"])
    def test_a_commitment_of_a_hidden_need_is_seen_by_its_two_sides_and_the_secretariat(self, shown_to):
        held = a_commitment(need=a_need(shown_to=shown_to, title="CANARY"))
        sees = [speaker("m1"), speaker("m2"), account_with("secretariat")]
        blind = [
            account_with("public"),
            account_with("head", member="m3"),
            account_with("chair"),
            account_with("expert"),
        ]
        an_offer("m3")
        assert [len(track_commitments(user=u, language="en")) for u in sees] == [1, 1, 1]
        assert [track_commitments(user=u, language="en") for u in blind] == [[], [], [], []]
        for user in blind:
            with pytest.raises(NotFound):
                commitment_view(slug=held.slug, user=user, language="en")

    def test_the_acts_on_a_hidden_need_are_for_its_own_delegation(self):
        held = a_commitment(need=a_need(shown_to="providers"))
        report_delivery(slug=held.slug, units="1", by=speaker("m2"))
        confirm_delivery(slug=held.slug, units="1", by=speaker("m1"))
        rows = Act.objects.filter(type__in=["report-delivery", "confirm-delivery"])
        assert {(a.visibility, a.audience) for a in rows} == {("delegation", "delegation:m1")}
        assert all("CANARY" not in a.body.decode() and "m1" not in a.body.decode() for a in map(body_of, rows))

    def test_a_provider_learns_whose_need_it_is_once_both_have_agreed(self):
        need = a_need(shown_to="providers", title="Test speech systems")
        held = a_commitment(need=need, state="proposed")
        (row,) = track_commitments(user=speaker("m2"), language="en")
        assert (row.recipient, row.recipient_name, row.need.member, row.need.title) == (
            "",
            "",
            "",
            "Test speech systems",
        )
        Commitment.objects.filter(pk=held.pk).delete()
        a_commitment(need=need)
        (row,) = track_commitments(user=speaker("m2"), language="en")
        assert (row.recipient, row.recipient_name) == ("m1", "Member 1")

    def test_a_provider_sees_nothing_of_a_need_for_the_secretariat_before_its_member_agrees(self):
        a_commitment(need=a_need(shown_to="secretariat"), state="proposed")
        assert track_commitments(user=speaker("m2"), language="en") == []
        assert len(track_commitments(user=speaker("m1"), language="en")) == 1

    def test_an_offer_for_members_alone_is_delivered_among_members(self):
        held = a_commitment(offer=an_offer(visibility="members"))
        assert track_commitments(user=account_with("public"), language="en") == []
        assert len(track_commitments(user=account_with("adviser", member="m3"), language="en")) == 1
        report_delivery(slug=held.slug, units="1", by=speaker("m2"))
        assert Act.objects.get(type="report-delivery").visibility == "members"


def body_of(act: Act) -> Act:
    act.body = bytes(act.body)
    return act
