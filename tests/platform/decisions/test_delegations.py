"""Voting under instructions: prepared, cleared and cast, seen by the delegation alone; and votes explained."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from comity.errors import (
    BadParameter,
    CannotExplain,
    Conflict,
    NotAnElector,
    NotFound,
    NotPermitted,
    VoteNotCleared,
    VoteTooLate,
)
from comity.platform.decisions.ballots import close_ballot, state_outcome
from comity.platform.decisions.delegations import (
    cast_prepared,
    clear_vote,
    drop_prepared,
    members_with_desk,
    prepare_vote,
    send_back,
    vote_desk,
)
from comity.platform.decisions.explanations import KIND, draft_explanation
from comity.platform.decisions.models import Ballot, Explanation, PreparedVote, Vote
from comity.platform.decisions.personal import ballots_of, erase_ballots_of, forget_prepared_votes
from comity.platform.decisions.presence import note_presence
from comity.platform.decisions.selectors import ballot_view
from comity.platform.decisions.voting import cast_vote
from comity.platform.parties.memberships import suspend_right
from comity.platform.parties.submissions import clear_text, draft_text, send_text
from comity.platform.parties.today import needs_of
from comity.platform.record.models import Act
from support.ballots import a_voice, make_ballot, set_clock
from support.parties import SET_UP, account_with, make_body, today

pytestmark = pytest.mark.django_db


def prepare(ballot, member="m1", position="yes", by=None, **more):
    return prepare_vote(slug=ballot.slug, member=member, position=position, by=by or account_with("adviser"), **more)


def desk(ballot, user, member="m1"):
    return vote_desk(slug=ballot.slug, member=member, user=user)


def test_a_vote_is_prepared_cleared_and_cast_by_three_persons():
    ballot, adviser, capital, head = make_ballot(), account_with("adviser"), account_with("capital"), a_voice("m1")
    prepare(ballot, by=adviser, reasons="As instructed.", note="See cable 4.")
    with pytest.raises(VoteNotCleared):
        cast_prepared(slug=ballot.slug, member="m1", by=head)
    held = desk(ballot, capital)
    assert (held.awaits_clearance, held.may_clear, held.may_cast, held.note) == (True, True, False, "See cable 4.")
    clear_vote(slug=ballot.slug, member="m1", by=capital, on=held.seen)
    held = desk(ballot, head)
    assert (held.may_cast, held.cleared_by, held.awaits_clearance) == (True, capital.name, False)
    vote = cast_prepared(slug=ballot.slug, member="m1", by=head, on=held.seen)
    assert (vote.position, vote.reasons) == ("yes", "As instructed.")
    assert desk(ballot, head).given == "yes"
    with pytest.raises(Conflict):
        cast_prepared(slug=ballot.slug, member="m1", by=head)
    assert Act.objects.filter(subject=ballot.reference).exclude(type="open-ballot").count() == 1


def test_who_did_not_see_a_change_clears_and_casts_nothing():
    ballot, capital, head = make_ballot(), account_with("capital"), a_voice("m1")
    prepare(ballot)
    seen = desk(ballot, capital).seen
    prepare(ballot, position="no")
    with pytest.raises(Conflict):
        clear_vote(slug=ballot.slug, member="m1", by=capital, on=seen)
    clear_vote(slug=ballot.slug, member="m1", by=capital, on=desk(ballot, capital).seen)
    send_back(slug=ballot.slug, member="m1", note="Rather abstain.", by=capital)
    with pytest.raises(VoteNotCleared):
        cast_prepared(slug=ballot.slug, member="m1", by=head)
    with pytest.raises(Conflict):
        prepare(ballot, on=seen)
    drop_prepared(slug=ballot.slug, member="m1", by=head)
    with pytest.raises(NotFound):
        cast_prepared(slug=ballot.slug, member="m1", by=head)
    assert not Vote.objects.exists()


def test_without_a_capital_that_clears_what_is_prepared_is_ready():
    ballot, head = make_ballot(), a_voice("m1")
    prepare(ballot, position="abstain")
    assert cast_prepared(slug=ballot.slug, member="m1", by=head).position == "abstain"


@pytest.mark.parametrize("position,note", [("maybe", ""), ("yes", "x" * 501), ("yes", "a\u202eb")])
def test_what_cannot_be_prepared_is_refused(position, note):
    ballot = make_ballot()
    with pytest.raises(BadParameter):
        prepare(ballot, position=position, note=note)
    assert not PreparedVote.objects.exists()


def test_to_everyone_else_the_desk_of_a_delegation_is_not_there():
    ballot = make_ballot()
    prepare(ballot)
    for user in (a_voice("m2"), account_with("secretariat"), account_with("public"), account_with("chair")):
        assert "m1" not in members_with_desk(ballot=ballot, user=user)
        for look in (
            lambda by: desk(ballot, by),
            lambda by: prepare(ballot, by=by),
            lambda by: send_back(slug=ballot.slug, member="m1", note="no", by=by),
        ):
            with pytest.raises(NotFound):
                look(user)
    with pytest.raises(NotPermitted):
        clear_vote(slug=ballot.slug, member="m1", by=a_voice("m1"), on="")


def test_nothing_is_prepared_for_who_is_not_asked_or_once_it_is_over():
    make_body()
    suspend_right(body="oversight", member="m2", right="vote", rule="Rule 8", starts_on=today(), by=SET_UP)
    ballot = make_ballot()
    with pytest.raises(NotAnElector):
        prepare(ballot, member="m2", by=a_voice("m2"))
    with pytest.raises(NotPermitted):
        prepare(ballot, member="m3", by=a_voice("m3"))
    close_ballot(slug=ballot.slug, by=SET_UP)
    with pytest.raises(VoteTooLate):
        prepare(ballot)


def kinds(user) -> list[str]:
    return sorted(n.kind for n in needs_of(user=user))


def test_each_person_is_told_what_waits_for_it(monkeypatch):
    ballot, adviser, capital, head = (
        make_ballot(hours=5),
        account_with("adviser"),
        account_with("capital"),
        a_voice("m1"),
    )
    assert (kinds(adviser), kinds(head), kinds(a_voice("m2"))) == (["prepare-vote"], ["prepare-vote"], ["cast-vote"])
    prepare(ballot, by=adviser)
    assert (kinds(capital), kinds(head)) == (["clear-vote"], [])
    clear_vote(slug=ballot.slug, member="m1", by=capital, on=desk(ballot, capital).seen)
    assert (kinds(capital), kinds(head)) == ([], ["cast-vote"])
    cast_prepared(slug=ballot.slug, member="m1", by=head)
    assert (kinds(capital), kinds(head), kinds(account_with("secretariat"))) == ([], [], [])
    over = ballot.closes_at + dt.timedelta(minutes=1)
    found = {
        who: sorted(n.kind for n in needs_of(user=user, now=over))
        for who, user in {"head": head, "silent": a_voice("m2"), "office": account_with("secretariat")}.items()
    }
    assert found == {"head": ["explain-vote"], "silent": [], "office": ["state-outcome"]}
    (need,) = needs_of(user=head, now=over)
    assert (need.due_at, need.address) == (ballot.closes_at + dt.timedelta(days=10), f"/{ballot.reference}")


def test_who_keeps_silent_is_asked_for_nothing():
    make_ballot(rule="silence", way="silence", days=4)
    assert kinds(a_voice("m1")) == []


def explain(ballot, member="m1", text="We voted so because of Article 2.", **more):
    head, capital = a_voice(member), account_with("capital", member=member)
    made = draft_explanation(
        slug=ballot.slug, member=member, title="Our vote", text=text, language="en", by=head, **more
    )
    clear_text(submission=made.pk, version=1, by=capital)
    return send_text(submission=made.pk, version=1, by=head)


def test_a_vote_is_explained_before_and_after_by_those_that_abstain_too():
    ballot = make_ballot()
    cast_vote(slug=ballot.slug, member="m1", position="abstain", by=a_voice("m1"))
    before = explain(ballot)
    note_presence(slug=ballot.slug, present=["m2"], absent=[], by=SET_UP)
    state_outcome(slug=ballot.slug, by=SET_UP)
    head = a_voice("m1")
    assert ballot_view(slug=ballot.slug, user=head, language="en").explains == {"m1": "after"}
    after = explain(ballot, text="We have abstained.")
    other = explain(ballot, member="m2", text="We were there and did not vote.")
    view = ballot_view(slug=ballot.slug, user=head, language="en")
    assert [(e.member, e.when, e.act) for e in view.explanations] == [
        ("m1", "before", str(before.pk)),
        ("m1", "after", str(after.pk)),
        ("m2", "after", str(other.pk)),
    ]
    assert view.explains == {}
    assert (before.type, before.member, before.subject) == ("explain-vote", "m1", ballot.reference)


def test_an_explanation_is_given_once_and_by_who_was_there():
    ballot = make_ballot()
    explain(ballot)
    with pytest.raises(CannotExplain, match="already"):
        explain(ballot, text="Again.")
    close_ballot(slug=ballot.slug, by=SET_UP)
    with pytest.raises(CannotExplain, match="neither voted"):
        explain(ballot, member="m2")
    with pytest.raises(CannotExplain, match="no vote in it"):
        draft_explanation(
            slug=ballot.slug, member="m3", title="T", text="X", language="en", by=account_with("head", member="m3")
        )
    assert Explanation.objects.count() == 1


@pytest.mark.parametrize("days,later,problem", [(0, 0, "not explained"), (2, 2, "until"), (2, 1.9, "")])
def test_after_the_vote_it_is_explained_for_as_long_as_the_rule_says(monkeypatch, days, later, problem):
    ballot = make_ballot(conduct=f'ways = ["recorded"]\nexplanation_days = {days}', hours=1)
    head = a_voice("m1")
    cast_vote(slug=ballot.slug, member="m1", position="yes", by=head)
    set_clock(monkeypatch, ballot.closes_at + dt.timedelta(days=later))
    given = {"slug": ballot.slug, "member": "m1", "title": "T", "text": "X", "language": "en", "by": head}
    if problem:
        with pytest.raises(CannotExplain, match=problem):
            draft_explanation(**given)
    else:
        assert draft_explanation(**given).matter == ballot.reference


@pytest.mark.parametrize("matter", ["", "decisions/ballots/none", "parties/bodies/oversight"])
def test_an_explanation_of_nothing_is_not_sent(matter):
    make_ballot()
    head, capital = a_voice("m1"), account_with("capital")
    given = {"member": "m1", "body": "oversight", "title": "T", "text": "X", "language": "en", "visibility": "public"}
    made = draft_text(**given, kind=KIND, matter=matter, by=head)
    clear_text(submission=made.pk, version=1, by=capital)
    with pytest.raises(CannotExplain):
        send_text(submission=made.pk, version=1, by=head)


def test_an_explanation_is_for_those_who_see_the_ballot():
    ballot = make_ballot(visibility="members")
    head, capital = a_voice("m1"), account_with("capital")
    made = draft_text(
        member="m1",
        body="oversight",
        title="T",
        text="X",
        language="en",
        visibility="public",
        kind=KIND,
        matter=ballot.reference,
        by=head,
    )
    clear_text(submission=made.pk, version=1, by=capital)
    with pytest.raises(CannotExplain, match="those who see"):
        send_text(submission=made.pk, version=1, by=head)


def test_what_is_kept_of_a_person_is_given_out_and_cut_with_the_account():
    ballot, adviser, capital = make_ballot(), account_with("adviser"), account_with("capital")
    row = prepare(ballot, by=adviser, note="See cable 4.")
    clear_vote(slug=ballot.slug, member="m1", by=capital, on=row.prepared_at.isoformat())
    found = [ballots_of(email=user.email.upper())["prepared_votes"][0] for user in (adviser, capital)]
    assert [(f["prepared"], f["cleared"], f["note"]) for f in found] == [
        (True, False, "See cable 4."),
        (False, True, "See cable 4."),
    ]
    for user in (adviser, capital):
        erase_ballots_of(user=user)
    row.refresh_from_db()
    assert (row.prepared_by, row.cleared_by, row.position) == (None, None, "yes")
    assert ballots_of(email=adviser.email) == {"prepared_votes": []}


def test_what_was_prepared_is_gone_a_year_after_the_ballot_closed():
    ballot, open_one = make_ballot(), make_ballot()
    adviser = account_with("adviser")
    prepare(ballot, by=adviser)
    prepare(open_one, by=adviser)
    close_ballot(slug=ballot.slug, by=SET_UP)
    closed = Ballot.objects.get(pk=ballot.pk).closed_at
    assert forget_prepared_votes(now=closed + dt.timedelta(days=364)) == 0
    assert forget_prepared_votes(now=closed + dt.timedelta(days=365)) == 1
    assert PreparedVote.objects.get().ballot_id == open_one.pk
    assert timezone.now() >= closed
