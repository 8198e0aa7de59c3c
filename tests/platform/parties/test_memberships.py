"""Memberships over time: one at a time, on every date what the acts say, and nothing half done."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.errors import BadParameter, ComityError, Conflict, NotFound
from comity.platform.parties.bodies import enter_member, form_body
from comity.platform.parties.memberships import (
    admit_member,
    change_status,
    restore_right,
    suspend_right,
    withdraw_member,
)
from comity.platform.parties.models import Member, Membership, Suspension
from comity.platform.parties.roster import body_view, member_view, members_on
from comity.platform.record.models import Act
from support.parties import BEGUN, SET_UP, account_with, make_body, today

pytestmark = pytest.mark.django_db
START = dt.date(2025, 1, 1)


@pytest.fixture(autouse=True)
def _body():
    make_body()


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def test_who_was_a_member_on_a_date_is_one_selector():
    change_status(body="assembly", member="m1", status="provisional", starts_on=day(10), rule="Rule 3", by=SET_UP)
    withdraw_member(body="assembly", member="m2", ends_on=day(20), rule="Article 9", by=SET_UP)
    assert [(s.slug, s.status) for s in members_on(body="assembly", on=day(9))][:2] == [("m1", "full"), ("m2", "full")]
    assert ("m1", "provisional") in {(s.slug, s.status) for s in members_on(body="assembly", on=day(10))}
    assert "m2" in {s.slug for s in members_on(body="assembly", on=day(19))}
    assert "m2" not in {s.slug for s in members_on(body="assembly", on=day(20))}
    assert [s.slug for s in members_on(body="assembly", on=day(0), statuses=["observer"])] == ["watcher"]


def test_a_withdrawal_ends_the_seats_in_committees_too():
    withdraw_member(body="assembly", member="m1", ends_on=day(20), rule="Article 9", by=SET_UP)
    assert "m1" in {s.slug for s in members_on(body="oversight", on=day(19))}
    assert "m1" not in {s.slug for s in members_on(body="oversight", on=day(20))}


def test_each_change_is_an_act_that_names_member_office_and_rule():
    secretariat = account_with("secretariat")
    change_status(body="assembly", member="m1", status="provisional", starts_on=day(10), rule="Rule 3", by=secretariat)
    act = Act.objects.get(type="change-membership")
    assert (act.office, act.member, act.authority, act.subject) == ("secretariat", "m1", "Rule 3", "parties/members/m1")


@pytest.mark.parametrize(
    "change,error",
    [
        ({"status": "king"}, BadParameter),
        ({"rule": "  "}, BadParameter),
        ({"rule": "x" * 201}, BadParameter),
        ({"member": "nobody"}, NotFound),
        ({"body": "nowhere"}, NotFound),
        ({"member": "m1"}, Conflict),
        ({"starts_on": BEGUN - dt.timedelta(days=1)}, BadParameter),
    ],
)
def test_an_admission_that_will_not_do_writes_nothing(change, error):
    enter_member(slug="new", names={"en": "New"}, by=SET_UP)
    before = (Act.objects.count(), Membership.objects.count())
    given = {"body": "assembly", "member": "new", "status": "full", "starts_on": day(0), "rule": "Article 4", **change}
    with pytest.raises(error):
        admit_member(**given, by=SET_UP)
    assert (Act.objects.count(), Membership.objects.count()) == before


@pytest.mark.parametrize(
    "change,error",
    [
        ({"status": "full"}, Conflict),
        ({"starts_on": BEGUN}, BadParameter),
        ({"member": "watcher", "status": "observer"}, Conflict),
    ],
)
def test_a_change_that_changes_nothing_or_reverses_time_is_refused(change, error):
    given = {"body": "assembly", "member": "m1", "status": "provisional", "starts_on": day(1), "rule": "Rule", **change}
    with pytest.raises(error):
        change_status(**given, by=SET_UP)
    assert Membership.objects.filter(member__slug="m1", body__slug="assembly").count() == 1


def test_a_seat_in_a_committee_needs_one_in_the_body_above():
    enter_member(slug="new", names={"en": "New"}, by=SET_UP)
    with pytest.raises(Conflict, match="no seat in Assembly"):
        admit_member(body="oversight", member="new", status="full", starts_on=day(0), rule="Rule 20", by=SET_UP)


def test_a_right_is_suspended_under_its_rule_and_given_back():
    given = {"body": "assembly", "member": "m1", "right": "vote", "rule": "Rule 8: arrears"}
    suspend_right(**given, starts_on=day(5), meeting="Third session", by=SET_UP)
    (seat,) = [s for s in members_on(body="assembly", on=day(5)) if s.slug == "m1"]
    assert seat.suspended == (("vote", "Rule 8: arrears"),)
    with pytest.raises(Conflict):
        suspend_right(**given, starts_on=day(6), by=SET_UP)
    restore_right(body="assembly", member="m1", right="vote", ends_on=day(9), rule="Paid", by=SET_UP)
    (seat,) = [s for s in members_on(body="assembly", on=day(9)) if s.slug == "m1"]
    assert seat.suspended == ()
    assert Suspension.objects.get().meeting == "Third session"


@pytest.mark.parametrize("change", [{"right": "breathe"}, {"ends_on": day(5)}, {"rule": ""}])
def test_a_suspension_that_will_not_do_is_refused(change):
    given = {"body": "assembly", "member": "m1", "right": "vote", "rule": "Rule 8", "starts_on": day(5), **change}
    with pytest.raises(BadParameter):
        suspend_right(**given, by=SET_UP)
    assert Suspension.objects.count() == 0


def test_names_come_in_the_readers_language_and_lists_in_its_order():
    Member.objects.filter(slug="m1").update(names={"en": "Zed", "fr": "Alpha"})
    english = [s.name for s in members_on(body="assembly", on=day(0))]
    french = [s.name for s in members_on(body="assembly", on=day(0), language="fr")]
    assert english[-1] == "Zed"
    assert french[0] == "Alpha"
    assert body_view(slug="assembly", language="fr").name == "Assemblée"


@pytest.mark.parametrize(
    "names", [{}, {"fr": "Sans anglais"}, {"en": ""}, {"en": "x" * 201}, {"en": "X", "tlh": "tlhIngan"}]
)
def test_a_body_needs_a_name_in_english_and_knows_six_languages(names):
    with pytest.raises(BadParameter):
        form_body(slug="g", kind="group", names=names, starts_on=day(0), rule="R", parent="assembly", by=SET_UP)


@pytest.mark.parametrize("slug", ["", "Upper", "a b", "x" * 61, "../x", "é"])
def test_a_slug_that_cannot_stand_in_a_reference_is_refused(slug):
    with pytest.raises(BadParameter):
        form_body(slug=slug, kind="group", names={"en": "G"}, starts_on=day(0), rule="R", parent="assembly", by=SET_UP)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["admit", "change", "withdraw"]),
        st.sampled_from(["provisional", "full", "observer"]),
        st.integers(0, 60),
    ),
    max_size=8,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_whatever_is_done_a_member_is_one_thing_on_each_day_and_it_is_what_was_done_last(moves):
    from django.db import transaction

    with transaction.atomic():
        enter_member(slug="moving", names={"en": "Moving"}, by=SET_UP)
        stretches: list[list] = []  # (status, first day, first day without or None), as a careful clerk would keep them
        for what, status, number in moves:
            open_one = stretches[-1] if stretches and stretches[-1][2] is None else None
            try:
                if what == "admit":
                    admit_member(
                        body="assembly", member="moving", status=status, starts_on=day(number), rule="R", by=SET_UP
                    )
                    assert open_one is None
                    assert not stretches or stretches[-1][2] <= number
                    stretches.append([status, number, None])
                elif what == "change":
                    change_status(
                        body="assembly", member="moving", status=status, starts_on=day(number), rule="R", by=SET_UP
                    )
                    open_one[2] = number
                    stretches.append([status, number, None])
                else:
                    withdraw_member(body="assembly", member="moving", ends_on=day(number), rule="R", by=SET_UP)
                    open_one[2] = number
            except ComityError:
                continue
        for number in range(62):
            clerk = [s for s, first, end in stretches if first <= number and (end is None or number < end)]
            found = [
                seat.status
                for seat in members_on(body="assembly", on=day(number), statuses=Membership.Status.values)
                if seat.slug == "moving"
            ]
            assert found == clerk
            assert len(found) <= 1
        transaction.set_rollback(True)


def test_the_history_of_a_member_stands_on_its_page_with_its_receipts():
    change_status(body="assembly", member="m1", status="provisional", starts_on=day(10), rule="Rule 3", by=SET_UP)
    view = member_view(slug="m1", user=account_with("secretariat"))
    history = [(m.body, m.status, m.starts_on, m.ends_on) for m in view.memberships]
    assert history == [
        ("assembly", "full", BEGUN, day(10)),
        ("assembly", "provisional", day(10), None),
        ("oversight", "full", BEGUN, None),
    ]
    assert all(m.act for m in view.memberships)
    assert today() >= BEGUN
