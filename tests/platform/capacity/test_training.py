"""Seats of courses: members propose within what was agreed, providers choose by published criteria, persons are forgotten."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.capacity import training
from comity.platform.capacity.models import Application
from comity.platform.capacity.told_of_deliveries import seats_that_wait
from comity.platform.capacity.training_views import figures_of, training_view
from comity.platform.record.models import Act
from support.deliveries import DAY, a_commitment, a_need, an_offer, seat, speaker
from support.parties import account_with, today

pytestmark = pytest.mark.django_db
CRITERIA = [
    {"code": "experience", "names": {"en": "Experience"}, "most": 5},
    {"code": "use", "names": {"en": "Use at home"}, "most": 10},
]


def a_course(*, seats=2, member="m1", shown_to="public", open_for=10, **about):
    """A course of m2 with so many seats agreed for a member; applications are taken for ten more days."""
    until = timezone.now() + open_for * DAY if open_for is not None else None
    offer = an_offer(title="Course in evaluation", criteria=CRITERIA, apply_until=until, **about)
    a_commitment(need=a_need(member, shown_to=shown_to), offer=offer, units=seats)
    return offer


def propose(offer, name="Somebody", member="m1", by=None):
    by = by or speaker(member)
    return training.propose_applicant(offer=offer.slug, member=member, name=name, grounds="Five years.", by=by)


def close(offer):
    type(offer).objects.filter(pk=offer.pk).update(apply_until=timezone.now() - DAY)


def pointed(offer, *names):
    """Applications of m1 with points, their time over."""
    rows = [propose(offer, name) for name in names]
    close(offer)
    for place, row in enumerate(rows):
        training.give_points(number=row.pk, points={"experience": place, "use": 3}, by=speaker("m2"))
    return rows


def test_a_seat_goes_from_application_to_what_somebody_did_next_without_a_line_of_the_log():
    offer = a_course()
    speaker("m1"), speaker("m2")
    before = Act.objects.count()
    one, _two, three = pointed(offer, "One", "Two", "Three")
    training.choose_applicants(offer=offer.slug, chosen=[one.pk, three.pk], by=speaker("m2"))
    training.tell_completion(number=one.pk, completed=True, by=speaker("m2"))
    training.tell_completion(number=three.pk, completed=False, by=speaker("m2"))
    training.tell_what_followed(number=one.pk, did_next="Leads the unit for audits.", by=speaker("m1"))
    states = dict(Application.objects.values_list("name", "state"))
    assert states == {"One": "completed", "Two": "not chosen", "Three": "not completed"}
    figures = figures_of(slug=offer.slug, user=account_with("public"))
    assert (figures.seats, figures.proposed, figures.chosen, figures.completed, figures.told) == (2, 3, 2, 1, 1)
    assert Act.objects.count() == before


def test_a_member_proposes_three_persons_a_seat_and_no_more():
    offer = a_course(seats=1)
    rows = [propose(offer, f"Person {n}") for n in range(3)]
    with pytest.raises(Conflict):
        propose(offer, "One more")
    training.withdraw_applicant(number=rows[0].pk, by=speaker("m1"))
    propose(offer, "One more")
    assert Application.objects.exclude(state="withdrawn").count() == 3


def test_a_member_with_less_than_a_seat_is_told_of_none_and_its_day_is_whole():
    a_course(seats=Decimal("0.5"))
    assert list(seats_that_wait(user=speaker("m1"), now=timezone.now())) == []


def test_nobody_is_proposed_without_a_seat_after_the_time_or_for_what_has_no_criteria():
    offer = a_course()
    seat("m3")
    with pytest.raises(Conflict):
        propose(offer, member="m3", by=speaker("m3"))
    with pytest.raises(NotPermitted):
        propose(offer, member="m1", by=speaker("m2"))
    close(offer)
    with pytest.raises(Conflict):
        propose(offer)
    with pytest.raises(Conflict):
        propose(an_offer())
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "points",
    [
        {},
        {"experience": 1},
        {"experience": 1, "use": 11},
        {"experience": -1, "use": 1},
        {"experience": 1, "use": 1, "age": 1},
    ],
)
def test_points_are_given_by_the_published_criteria_and_by_nothing_else(points):
    row = propose(a_course())
    with pytest.raises(BadParameter):
        training.give_points(number=row.pk, points=points, by=speaker("m2"))
    with pytest.raises(NotPermitted):
        training.give_points(number=row.pk, points={"experience": 1, "use": 1}, by=speaker("m1"))
    assert Application.objects.get().points == {}


def test_no_member_is_given_more_seats_than_were_agreed_for_it():
    offer = a_course(seats=1)
    one, two = pointed(offer, "One", "Two")
    with pytest.raises(BadParameter):
        training.choose_applicants(offer=offer.slug, chosen=[one.pk, two.pk], by=speaker("m2"))
    training.choose_applicants(offer=offer.slug, chosen=[two.pk], by=speaker("m2"))
    assert Application.objects.get(pk=two.pk).state == "chosen"
    with pytest.raises(Conflict):
        training.choose_applicants(offer=offer.slug, chosen=[], by=speaker("m2"))


def test_nobody_is_chosen_before_the_time_is_over_or_without_points():
    offer = a_course()
    row = propose(offer)
    with pytest.raises(Conflict):
        training.choose_applicants(offer=offer.slug, chosen=[row.pk], by=speaker("m2"))
    close(offer)
    with pytest.raises(Conflict):
        training.choose_applicants(offer=offer.slug, chosen=[row.pk], by=speaker("m2"))
    with pytest.raises(NotPermitted):
        training.choose_applicants(offer=offer.slug, chosen=[row.pk], by=speaker("m1"))
    assert Application.objects.get().state == "proposed"


def test_a_person_is_seen_by_its_member_the_provider_and_the_secretariat_alone():
    offer = a_course()
    seat("m3")
    a_commitment(need=a_need("m3"), offer=offer, units=1)
    propose(offer, "CANARY")
    seen = [
        training_view(slug=offer.slug, user=u, language="en")
        for u in (speaker("m1"), speaker("m2"), account_with("secretariat"))
    ]
    assert [[a.name for a in v.applications] for v in seen] == [["CANARY"]] * 3
    other = training_view(slug=offer.slug, user=speaker("m3"), language="en")
    assert (other.applications, other.seats[0].left) == ((), 3)
    for blind in (account_with("public"), account_with("head", member="m4"), account_with("chair")):
        with pytest.raises(NotFound):
            training_view(slug=offer.slug, user=blind, language="en")
    with pytest.raises(NotFound):
        training.withdraw_applicant(number=Application.objects.get().pk, by=speaker("m3"))


def test_figures_tell_nothing_of_a_member_whose_need_is_hidden():
    offer = a_course(shown_to="secretariat")
    propose(offer)
    hidden = figures_of(slug=offer.slug, user=account_with("public"))
    assert (hidden.seats, hidden.proposed) == (0, 0)
    assert figures_of(slug=offer.slug, user=speaker("m2")).proposed == 1


def test_a_person_is_erased_by_its_member_or_the_secretariat_and_the_figure_stays():
    offer = a_course()
    one, two = propose(offer, "One"), propose(offer, "Two")
    with pytest.raises(NotPermitted):
        training.erase_applicant(number=one.pk, by=speaker("m2"))
    training.erase_applicant(number=one.pk, by=speaker("m1"))
    training.erase_applicant(number=two.pk, by=account_with("secretariat"))
    assert set(Application.objects.values_list("name", "grounds")) == {("", "")}
    assert figures_of(slug=offer.slug, user=account_with("public")).proposed == 2


def test_who_applied_is_forgotten_two_years_after_the_course_and_not_before():
    old, late = a_course(ends_on=today() - 731 * DAY), a_course(ends_on=today() - 700 * DAY)
    propose(old, "Old")
    propose(late, "Late")
    assert training.forget_applicants() == 1
    assert sorted(Application.objects.values_list("name", flat=True)) == ["", "Late"]
    assert training.forget_applicants() == 0


@pytest.mark.parametrize(
    "name, grounds",
    [("", "x"), ("A", "x"), ("x" * 121, "x"), ("Person", ""), ("Person", "x" * 4001), ("a\u202eb", "x")],
)
def test_an_application_that_will_not_do_is_refused(name, grounds):
    offer = a_course()
    with pytest.raises(BadParameter):
        training.propose_applicant(offer=offer.slug, member="m1", name=name, grounds=grounds, by=speaker("m1"))
    assert not Application.objects.exists()
