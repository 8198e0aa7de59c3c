"""Casting a vote: by who holds the voice, among the rule's positions, until the close; each refusal has its own name."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import (
    BadParameter,
    BallotNotOpen,
    CastByAnother,
    DoesNotCount,
    NotAnElector,
    NotFound,
    NotPermitted,
    ProxiesNotAllowed,
    VoiceHeldByAnother,
    VoteNotCleared,
    VoteStands,
    VoteTooLate,
)
from comity.platform.decisions.ballots import close_ballot, open_ballot, state_outcome, withdraw_ballot
from comity.platform.decisions.models import Ballot, Elector, Vote
from comity.platform.decisions.selectors import ballot_view
from comity.platform.decisions.voting import cast_for_all, cast_vote
from comity.platform.parties.memberships import suspend_right
from comity.platform.parties.models import Body
from comity.platform.parties.votes import end_proxy, give_proxy, seat_in_organisation, vote_in_place
from comity.platform.record.models import Act
from support.ballots import a_voice, make_ballot, read_again, set_clock
from support.parties import BEGUN, SET_UP, account_with, make_body, today

pytestmark = pytest.mark.django_db


def cast(ballot, member, position, by=None, **more) -> Vote:
    return cast_vote(slug=ballot.slug, member=member, position=position, by=by or a_voice(member), **more)


def test_a_vote_is_cast_by_an_act_that_names_the_member_and_no_person():
    ballot, head = make_ballot(), a_voice("m1")
    made = cast(ballot, "m1", "no", by=head, reasons="It says too little.")
    act = Act.objects.get(pk=made.act_id)
    assert (act.type, act.office, act.member, act.subject) == ("cast-vote", "head", "m1", ballot.reference)
    assert (made.position, made.reasons, made.cast_at == read_again(ballot).last_moment) == (
        "no",
        "It says too little.",
        True,
    )
    assert head.name not in str(act.content)


def test_a_vote_is_changed_until_the_close_by_an_act_each_time_and_the_same_again_is_no_change():
    ballot, head = make_ballot(), a_voice("m1")
    first = cast(ballot, "m1", "yes", by=head)
    again = cast(ballot, "m1", "yes", by=head)
    changed = cast(ballot, "m1", "no", by=head)
    assert (first.act_id == again.act_id, changed.act_id == first.act_id) == (True, False)
    assert list(Vote.objects.values_list("position", flat=True)) == ["no"]
    assert Act.objects.filter(type="cast-vote").count() == 2


def test_where_the_rule_lets_nothing_be_changed_the_first_vote_stands():
    ballot, head = make_ballot(conduct='ways = ["recorded"]\nmay_change = false'), a_voice("m1")
    cast(ballot, "m1", "yes", by=head)
    with pytest.raises(VoteStands, match="simple majority"):
        cast(ballot, "m1", "no", by=head)
    assert Vote.objects.get().position == "yes"


def test_at_the_very_deadline_a_vote_is_late_and_just_before_it_is_taken(monkeypatch):
    ballot, head = make_ballot(hours=1), a_voice("m1")
    deadline = ballot.closes_at
    set_clock(monkeypatch, deadline - dt.timedelta(microseconds=1))
    cast(ballot, "m1", "yes", by=head)
    set_clock(monkeypatch, deadline)
    with pytest.raises(VoteTooLate) as refused:
        cast(ballot, "m1", "no", by=head)
    said = f"{deadline.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=' ', timespec='milliseconds')} UTC"
    assert refused.value.data == {"came": said, "closed": said}
    assert Vote.objects.get().position == "yes"


def test_a_clock_that_is_set_back_after_the_deadline_opens_nothing_again(monkeypatch):
    ballot, one, two = make_ballot(hours=1), a_voice("m1"), a_voice("m2")
    set_clock(monkeypatch, ballot.closes_at + dt.timedelta(seconds=5))
    with pytest.raises(VoteTooLate):
        cast(ballot, "m1", "yes", by=one)
    set_clock(monkeypatch, ballot.closes_at - dt.timedelta(minutes=30))
    with pytest.raises(VoteTooLate):
        cast(ballot, "m2", "yes", by=two)
    view = ballot_view(slug=ballot.slug, user=two, language="en")
    assert (view.card.state, view.own, Vote.objects.count()) == ("closed", (), 0)


@pytest.mark.parametrize("end", [close_ballot, state_outcome])
def test_after_an_office_closed_it_a_vote_is_late(end):
    ballot, head = make_ballot(), a_voice("m1")
    end(slug=ballot.slug, by=SET_UP)
    with pytest.raises(VoteTooLate):
        cast(ballot, "m1", "yes", by=head)


def test_a_draft_and_a_withdrawn_ballot_take_no_vote():
    head = a_voice("m1")
    draft, withdrawn = make_ballot(opened=False), make_ballot()
    withdraw_ballot(slug=withdrawn.slug, reason="The text was the wrong one.", by=SET_UP)
    with pytest.raises(NotFound):
        cast(draft, "m1", "yes", by=head)
    with pytest.raises(BallotNotOpen) as refused:
        cast(withdrawn, "m1", "yes", by=head)
    assert refused.value.data["state"] == "withdrawn"
    assert Vote.objects.count() == 0


@pytest.mark.parametrize("position", ["", "maybe", "absent", "present", "YES"])
def test_what_is_no_position_to_cast_is_refused_with_those_that_are(position):
    ballot = make_ballot()
    with pytest.raises(BadParameter) as refused:
        cast(ballot, "m1", position)
    assert refused.value.data["allowed"] == "yes, no, abstain"
    assert Vote.objects.count() == 0


def test_what_the_count_gives_itself_is_not_cast():
    ballot = make_ballot(rule="iso-dis", way="correspondence", days=85)
    with pytest.raises(BadParameter) as refused:
        cast(ballot, "m1", "no without reasons")
    assert refused.value.data["allowed"] == "yes, no, abstain"


@pytest.mark.parametrize("reasons", ["x" * 4001, "a\u202eb"])
def test_reasons_that_are_too_long_or_hide_signs_are_refused(reasons):
    ballot = make_ballot()
    with pytest.raises(BadParameter):
        cast(ballot, "m1", "no", reasons=reasons)


def test_only_who_holds_the_voice_casts():
    ballot, head, alternate = make_ballot(), a_voice("m1"), a_voice("m1", "alternate")
    cast(ballot, "m1", "yes", by=head)
    with pytest.raises(VoiceHeldByAnother):
        cast(ballot, "m1", "no", by=alternate)


@pytest.mark.parametrize("role", ["public", "secretariat", "chair", "operator", "focal-point", "adviser", "observer"])
def test_offices_advisers_and_observers_cast_nothing(role):
    ballot = make_ballot()
    with pytest.raises(NotPermitted):
        cast(ballot, "m1", "yes", by=account_with(role))


def test_a_delegation_votes_for_no_other_member():
    ballot = make_ballot()
    with pytest.raises(NotPermitted) as refused:
        cast(ballot, "m2", "yes", by=a_voice("m1"))
    assert type(refused.value) is NotPermitted


@pytest.mark.parametrize("member", ["m3", "watcher", "nobody"])
def test_who_had_no_seat_that_votes_when_it_opened_is_not_asked(member):
    ballot = make_ballot()
    with pytest.raises(NotAnElector):
        cast(ballot, member, "yes", by=a_voice("m1"))


def test_a_member_whose_vote_is_suspended_is_refused_naming_the_rule():
    make_body()
    suspend_right(body="oversight", member="m2", right="vote", rule="Rule 8", starts_on=today(), by=SET_UP)
    ballot = make_ballot()
    with pytest.raises(DoesNotCount) as refused:
        cast(ballot, "m2", "yes")
    assert (refused.value.data["reason"], refused.value.data["rule"]) == ("suspended", "Rule 8")
    assert [(e.member.slug, e.counts) for e in Elector.objects.all()] == [("m1", True), ("m2", False)]


def test_who_counts_is_frozen_when_it_opens():
    ballot = make_ballot()
    suspend_right(body="oversight", member="m2", right="vote", rule="Rule 8", starts_on=today(), by=SET_UP)
    assert cast(ballot, "m2", "yes").position == "yes"


PROXIES = 'ways = ["recorded"]\nproxies = 1'


def give(giver="m1", holder="m2", **more):
    make_body()
    return give_proxy(giver=giver, holder=holder, body="oversight", by=a_voice(giver), **more)


def test_a_proxy_is_cast_by_its_holder_where_the_rule_allows_it():
    give()
    ballot = make_ballot(conduct=PROXIES)
    with pytest.raises(CastByAnother) as refused:
        cast(ballot, "m1", "yes", by=a_voice("m1"))
    assert refused.value.data == {"member": "Member 1", "holder": "Member 2"}
    holder = a_voice("m2")
    made = cast(ballot, "m1", "no", by=holder)
    act = Act.objects.get(pk=made.act_id)
    assert (act.member, made.elector.cast_by.slug) == ("m1", "m2")
    assert ballot_view(slug=ballot.slug, user=holder, language="en").own == ("m1", "m2")


def test_where_the_rule_lets_nobody_vote_for_another_it_is_named_and_the_member_votes_itself():
    give()
    ballot = make_ballot()
    with pytest.raises(ProxiesNotAllowed) as refused:
        cast(ballot, "m1", "no", by=a_voice("m2"))
    assert refused.value.data["rule"] == ballot.rule.title
    assert cast(ballot, "m1", "yes").position == "yes"


def test_of_more_proxies_than_the_rule_allows_the_earliest_hold():
    make_body()
    Body.objects.filter(slug="assembly").update(proxy_rule="Rule 21")
    for giver in ("m4", "m3", "m1"):
        give_proxy(giver=giver, holder="m2", body="assembly", by=account_with("head", member=giver))
    ballot = make_ballot(body="assembly", conduct='ways = ["recorded"]\nproxies = 2')
    held = dict(Elector.objects.filter(ballot=ballot).values_list("member__slug", "cast_by__slug"))
    assert held == {"m1": "m1", "m2": "m2", "m3": "m2", "m4": "m2", "union": "union"}


def test_a_proxy_that_is_taken_back_after_the_opening_changes_nothing_in_this_ballot():
    give()
    ballot = make_ballot(conduct=PROXIES)
    end_proxy(giver="m1", body="oversight", by=a_voice("m1"))
    with pytest.raises(CastByAnother):
        cast(ballot, "m1", "yes", by=a_voice("m1"))


def union_votes(slug: str):
    """The union votes in place of m3 and m4 in one ballot of the assembly."""
    make_body()
    for state in ("m3", "m4"):
        seat_in_organisation(organisation="union", state=state, starts_on=BEGUN, by=SET_UP)
    head = account_with("head", member="union")
    ballot = make_ballot(slug, body="assembly", opened=False)
    vote_in_place(organisation="union", body="assembly", matter=ballot.reference, by=head)
    open_ballot(slug=slug, by=SET_UP)
    return read_again(ballot), head


def test_an_organisation_casts_for_each_of_its_members_and_does_not_count_itself():
    ballot, head = union_votes("joint")
    with pytest.raises(CastByAnother):
        cast(ballot, "m3", "no", by=a_voice("m3"))
    with pytest.raises(DoesNotCount) as refused:
        cast(ballot, "union", "yes", by=head)
    assert refused.value.data["reason"] == "its members count"
    votes = cast_for_all(slug="joint", organisation="union", position="yes", by=head)
    assert [(v.elector.member.slug, v.position) for v in votes] == [("m3", "yes"), ("m4", "yes")]
    view = ballot_view(slug="joint", user=head, language="en")
    assert (view.totals["yes"], view.card.counting, view.own) == (2, 4, ("m3", "m4"))


def test_casting_for_all_is_for_who_casts_for_somebody():
    ballot, _ = union_votes("joint")
    with pytest.raises(NotPermitted):
        cast_for_all(slug=ballot.slug, organisation="union", position="yes", by=a_voice("m1"))


def test_where_the_capital_clears_votes_none_is_cast_past_it():
    ballot = make_ballot()
    account_with("capital", member="m1")
    with pytest.raises(VoteNotCleared):
        cast(ballot, "m1", "yes")
    assert Vote.objects.count() == 0


def test_a_silence_takes_objections_alone():
    ballot = make_ballot(rule="silence", way="silence", days=4)
    with pytest.raises(BadParameter) as refused:
        cast(ballot, "m1", "yes")
    assert refused.value.data["allowed"] == "no"
    assert cast(ballot, "m1", "no").reasons == ""


def test_the_tables_hold_each_member_once_and_one_vote_of_it():
    ballot = make_ballot()
    one = Elector.objects.get(member__slug="m1")
    vote = cast(ballot, "m1", "yes")
    with pytest.raises(IntegrityError), transaction.atomic():
        Elector.objects.create(ballot=ballot, member=one.member, counts=True, cast_by=one.member)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(elector=one, position="no", cast_at=timezone.now(), act_id=vote.act_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Elector.objects.filter(pk=one.pk).update(reason="because")
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(closes_at=ballot.opens_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(way="silence", closes_at=None)
