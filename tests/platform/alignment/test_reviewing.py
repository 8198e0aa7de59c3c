"""The rule of review and the answers under it: versions, regions, one's own law, agreement, a person's own data."""

from __future__ import annotations

import json
import zlib

import pytest

from comity.errors import BadParameter, Conflict, NotPermitted
from comity.platform.alignment.answers import agreement_now, answers_on, reviews_of
from comity.platform.alignment.exports import crosswalk_rows, records_of_links
from comity.platform.alignment.models import LinkAnswer, ReviewRule
from comity.platform.alignment.reviewing import answer_link, erase_reviews_of, rule_now, set_review_rule
from comity.platform.parties.models import Member
from comity.platform.parties.personal import erase_account, export_account
from comity.platform.record.models import Act
from support.links import make_links
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db


def reviewer(origin=""):
    return account_with("reviewer", origin=origin)


def state_of(link):
    link.refresh_from_db()
    return link.state, link.relation


def test_without_a_rule_set_the_built_in_one_holds():
    version, rule = rule_now()
    assert (version, rule.reviewers, rule.regions, rule.own_count) == (0, 2, 1, True)


def test_each_rule_is_a_version_by_an_act_and_the_latest_holds():
    secretariat = account_with("secretariat")
    set_review_rule(reviewers=3, regions=2, own_count=False, by=secretariat)
    set_review_rule(reviewers=1, regions=0, own_count=True, by=SET_UP)
    assert [(r.version, r.reviewers, r.act.office) for r in ReviewRule.objects.select_related("act")] == [
        (1, 3, "secretariat"),
        (2, 1, "installation"),
    ]
    version, rule = rule_now()
    assert (version, rule.reviewers, rule.regions) == (2, 1, 0)
    with pytest.raises(Conflict, match="holds already"):
        set_review_rule(reviewers=1, regions=0, own_count=True, by=secretariat)


def test_only_the_secretariat_sets_a_rule_and_only_one_that_can_be_met():
    with pytest.raises(NotPermitted):
        set_review_rule(reviewers=1, regions=0, own_count=True, by=reviewer())
    with pytest.raises(BadParameter):
        set_review_rule(reviewers=1, regions=2, own_count=True, by=account_with("secretariat"))
    assert (ReviewRule.objects.count(), Act.objects.filter(type="set-review-rule").count()) == (0, 0)


def test_two_reviewers_of_no_stated_region_agree_and_the_link_still_waits_for_a_region():
    (link,) = make_links()
    first, second = reviewer(), reviewer()
    for person in (first, second):
        answer_link(name="l1", answer="same", by=person)
    assert state_of(link) == ("waiting", "")
    assert answers_on(links=[link], user=first)[link.pk].lacking == 1
    answer_link(name="l1", answer="same", by=reviewer("BRA"))
    assert state_of(link) == ("confirmed", "same")


def test_regions_come_from_the_office_else_from_the_one_delegation():
    make_body()
    Member.objects.filter(slug="m1").update(country="KEN")
    set_review_rule(reviewers=2, regions=2, own_count=True, by=SET_UP)
    (link,) = make_links()
    accredited = account_with("delegate", member="m1")
    accredited.grants.create(role="reviewer")
    answer_link(name="l1", answer="related", by=type(accredited).objects.get(pk=accredited.pk))
    assert list(link.answers.values_list("region", flat=True)) == ["002"]
    answer_link(name="l1", answer="related", by=reviewer("142"))
    act = Act.objects.get(type="confirm-link")
    assert json.loads(zlib.decompress(bytes(act.payload)))["regions"] == ["002", "142"]


def test_an_origin_that_is_no_country_and_no_region_is_refused():
    with pytest.raises(BadParameter):
        reviewer("ATL")
    with pytest.raises(BadParameter):
        reviewer("001")


def test_whoever_comes_from_the_party_of_a_text_counts_only_where_the_rule_says_so():
    set_review_rule(reviewers=2, regions=0, own_count=False, by=SET_UP)
    first, second = make_links("l1", "l2")
    own, other, third = reviewer("KOR"), reviewer("BRA"), reviewer("KEN")
    for person in (own, other):
        answer_link(name="l1", answer="same", by=person)
    assert state_of(first) == ("waiting", "")
    answer_link(name="l1", answer="same", by=third)
    assert state_of(first) == ("confirmed", "same")
    set_review_rule(reviewers=2, regions=0, own_count=True, by=SET_UP)
    for person in (own, other):
        answer_link(name="l2", answer="same", by=person)
    assert state_of(second) == ("confirmed", "same")


def test_an_answer_can_be_changed_until_the_decision_and_a_dispute_ends_by_it():
    (link,) = make_links()
    first, second = reviewer("BRA"), reviewer("KEN")
    answer_link(name="l1", answer="same", by=first)
    answer_link(name="l1", answer="none", reason=" Another  matter. ", by=second)
    assert state_of(link) == ("disputed", "")
    assert not Act.objects.filter(type__in=["confirm-link", "reject-link"]).exists()
    answer_link(name="l1", answer="none", by=first)
    assert state_of(link) == ("rejected", "")
    row = LinkAnswer.objects.get(reviewer=first)
    assert (row.answer, row.first) == ("none", "same")
    assert LinkAnswer.objects.get(reviewer=second).reason == "Another matter."


def test_after_a_rule_is_loosened_the_next_answer_decides():
    set_review_rule(reviewers=3, regions=0, own_count=True, by=SET_UP)
    (link,) = make_links()
    people = [reviewer("BRA"), reviewer("KEN")]
    for person in people:
        answer_link(name="l1", answer="broader", by=person)
    set_review_rule(reviewers=2, regions=0, own_count=True, by=SET_UP)
    assert state_of(link) == ("waiting", "")
    answer_link(name="l1", answer="broader", by=people[0])
    assert state_of(link) == ("confirmed", "broader")


def test_whoever_cannot_say_is_shown_nothing_and_the_answer_that_follows_is_the_first():
    (link,) = make_links()
    first, second = reviewer("BRA"), reviewer("KEN")
    answer_link(name="l1", answer="broader", by=first)
    answer_link(name="l1", answer="cannot-say", by=second)
    assert answers_on(links=[link], user=second)[link.pk].lines == ()
    answer_link(name="l1", answer="none", by=second)
    assert {line.answer for line in answers_on(links=[link], user=second)[link.pk].lines} == {"broader", "none"}
    assert LinkAnswer.objects.get(reviewer=second).first == "none"
    answer_link(name="l1", answer="cannot-say", by=second)
    assert LinkAnswer.objects.get(reviewer=second).first == "none"
    assert len(answers_on(links=[link], user=second)[link.pk].lines) == 2


def test_agreement_is_of_first_answers_and_who_cannot_say_did_not_answer():
    make_links("l1", "l2", "l3")
    first, second = reviewer("BRA"), reviewer("KEN")
    for name, one, two in (("l1", "same", "same"), ("l2", "none", "same"), ("l3", "cannot-say", "same")):
        answer_link(name=name, answer=one, by=first)
        answer_link(name=name, answer=two, by=second)
    answer_link(name="l2", answer="same", by=first)
    found = agreement_now(user=None)
    assert (found.units, found.answers, found.equal) == (2, 4, 0.5)


def test_numbers_alone_leave_the_house_and_of_each_kind_only_once_a_link_is_decided():
    decided, opened = make_links("l1", "l2")
    first, second = reviewer("BRA"), reviewer("KEN")
    for person in (first, second):
        answer_link(name="l1", answer="related", reason="WHY", by=person)
    answer_link(name="l2", answer="none", reason="WHY", by=first)
    for link in (decided, opened):
        link.refresh_from_db()
    records = records_of_links([decided, opened])
    assert [(r["answers"], r["answers_by_kind"], r["readings"]) for r in records] == [
        (2, {"related": 2}, []),
        (1, {}, []),
    ]
    assert [row[15:18] for row in crosswalk_rows(user=None)] == [(2, "related 2", ""), (1, "", "")]
    assert "WHY" not in str(records)


def test_a_person_gets_their_answers_out_and_has_them_erased_while_the_decision_stays():
    (link,) = make_links()
    first, second = reviewer("BRA"), reviewer("KEN")
    answer_link(name="l1", answer="same", reason="CANARY", by=first)
    answer_link(name="l1", answer="same", by=second)
    (given,) = reviews_of(email=first.email)["answers"]
    assert (given["link"], given["answer"], given["reason"], given["region"]) == (
        "alignment/links/l1",
        "same",
        "CANARY",
        "019",
    )
    assert export_account(email=first.email)["offices"][0]["origin"] == "BRA"
    before = agreement_now(user=None)
    erase_reviews_of(user=first)
    erase_account(email=first.email)
    row = LinkAnswer.objects.get(reviewer=None)
    assert (row.answer, row.region, row.reason) == ("same", "", "")
    assert state_of(link) == ("confirmed", "same")
    assert agreement_now(user=None) == before
    assert reviews_of(email=first.email) == {"answers": [], "searches": []}
