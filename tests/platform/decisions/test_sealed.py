"""A sealed ballot shows nothing of its votes to anyone but each delegation, in no list, page, act, table or message, until it is stated."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from comity.errors import BallotNotOpen, BallotStillOpen, CannotExplain
from comity.platform.decisions.ballots import close_ballot, state_outcome, withdraw_ballot
from comity.platform.decisions.explanations import draft_explanation
from comity.platform.decisions.presence import note_presence
from comity.platform.decisions.rolls import outcome_json, rolls_csv
from comity.platform.decisions.selectors import ballot_view, history_of, list_ballots
from comity.platform.decisions.voting import cast_vote
from comity.platform.parties.today import needs_of
from comity.platform.record.models import Act, Link
from comity.platform.record.selectors import count_acts, latest_acts
from support.ballots import a_voice, make_ballot, set_clock
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db
CANARY = "canary-in-the-reasons"
SEALED = 'ways = ["recorded", "correspondence"]\nsealed = true\nhistory = true\nexplanation_days = 10'
OTHERS = ("public", "secretariat", "chair", "operator", "reviewer", "expert", "observer")


def a_sealed_ballot(**settings):
    """m1 said no, with reasons; m2 has said nothing."""
    ballot = make_ballot(**{"conduct": SEALED, **settings})
    cast_vote(slug=ballot.slug, member="m1", position="no", reasons=CANARY, by=a_voice("m1"))
    return ballot


def everything_seen(ballot, user) -> str:
    """All that the services tell a reader of a ballot and around it, as one text."""
    view = ballot_view(slug=ballot.slug, user=user, language="en")
    told = [
        view.totals,
        view.pending_result,
        view.result,
        view.explanations,
        [(e.member, e.position, e.reasons, e.voted, e.act, e.cast_at) for e in view.electors],
        list_ballots(user=user, language="en"),
        history_of(member="m1", user=user, language="en"),
        latest_acts(user=user, most=100),
        needs_of(user=user),
    ]
    return repr(told)


@pytest.mark.parametrize("role", [*OTHERS, "other delegation"])
def test_nobody_else_sees_a_vote_while_it_is_sealed(role):
    ballot = a_sealed_ballot()
    user = a_voice("m2") if role == "other delegation" else account_with(role)
    before = everything_seen(ballot, user)
    acts = count_acts(user=user)
    # Another position, and another reason: whatever differs now tells of the vote.
    cast_vote(slug=ballot.slug, member="m1", position="yes", reasons=f"{CANARY}-2", by=a_voice("m1"))
    assert everything_seen(ballot, user) == before
    assert (CANARY in before, count_acts(user=user)) == (False, acts)
    view = ballot_view(slug=ballot.slug, user=user, language="en")
    (one, _) = view.electors
    assert (one.position, one.voted, one.seen, one.act, view.totals, view.hidden_from_all) == (
        None,
        None,
        False,
        "",
        None,
        True,
    )
    assert view.card.voted == 1
    for told in (rolls_csv, outcome_json):
        with pytest.raises(BallotNotOpen):
            told(slug=ballot.slug, user=user)


def test_a_delegation_sees_its_own_vote_and_no_other():
    ballot = a_sealed_ballot()
    cast_vote(slug=ballot.slug, member="m2", position="abstain", by=a_voice("m2"))
    view = ballot_view(slug=ballot.slug, user=account_with("adviser"), language="en")
    assert [(e.position, e.reasons, e.own) for e in view.electors] == [("no", CANARY, True), (None, "", False)]


def test_the_act_of_a_sealed_vote_is_a_commitment_for_good_and_links_nothing():
    ballot = a_sealed_ballot()
    act = Act.objects.get(type="cast-vote")
    assert (act.visibility, act.audience, act.released_at) == ("delegation", "delegation:m1", None)
    assert sorted(json.loads(bytes(act.body))) == ["commitment", "schema", "type"]
    assert not Link.objects.filter(act=act).exists()
    close_ballot(slug=ballot.slug, by=SET_UP)
    state_outcome(slug=ballot.slug, by=SET_UP)
    act.refresh_from_db()
    assert (act.audience, act.released_at) == ("delegation:m1", None)


@pytest.mark.parametrize("path", ["", "?limit=200"])
def test_the_programming_door_and_its_tags_tell_nothing(path):
    ballot = a_sealed_ballot()
    address = (
        f"/api/v1/decisions/ballots/{ballot.slug}{path}" if "?" not in path else f"/api/v1/decisions/ballots{path}"
    )
    before = Client().get(address)
    cast_vote(slug=ballot.slug, member="m1", position="yes", by=a_voice("m1"))
    after = Client().get(address)
    assert (after.status_code, after.content, after.headers.get("ETag")) == (
        before.status_code,
        before.content,
        before.headers.get("ETag"),
    )
    assert CANARY.encode() not in before.content


def test_after_the_close_and_before_the_outcome_it_is_still_sealed():
    ballot = a_sealed_ballot()
    close_ballot(slug=ballot.slug, by=SET_UP)
    view = ballot_view(slug=ballot.slug, user=account_with("secretariat"), language="en")
    assert (view.card.state, view.pending_result, view.totals) == ("closed", None, None)
    assert CANARY not in everything_seen(ballot, account_with("secretariat"))


def test_once_it_is_stated_everyone_sees_what_each_said():
    ballot = a_sealed_ballot()
    note_presence(slug=ballot.slug, present=["m2"], absent=[], by=SET_UP)
    state_outcome(slug=ballot.slug, by=SET_UP)
    view = ballot_view(slug=ballot.slug, user=account_with("public"), language="en")
    assert [(e.position, e.reasons, e.act) for e in view.electors] == [("no", CANARY, ""), (None, "", "")]
    assert view.totals == {"yes": 0, "no": 1, "abstain": 0, "present": 1, "absent": 0}
    assert CANARY in rolls_csv(slug=ballot.slug, user=account_with("public"))


def test_what_was_sealed_and_withdrawn_stays_sealed():
    ballot = a_sealed_ballot()
    withdraw_ballot(slug=ballot.slug, reason="The text was the wrong one.", by=SET_UP)
    for role in OTHERS:
        assert CANARY not in everything_seen(ballot, account_with(role))


def test_a_sealed_silence_tells_neither_that_it_is_broken_nor_by_how_many(monkeypatch):
    ballot = make_ballot(rule="silence", way="silence", days=4, conduct='ways = ["silence"]\nsealed = true')
    secretariat, head = account_with("secretariat"), a_voice("m1")
    before = everything_seen(ballot, secretariat)
    cast_vote(slug=ballot.slug, member="m1", position="no", reasons=CANARY, by=head)
    assert everything_seen(ballot, secretariat) == before
    view = ballot_view(slug=ballot.slug, user=secretariat, language="en")
    assert (view.broken, view.card.voted, view.may_state, view.may_close) == (False, None, False, False)
    with pytest.raises(BallotStillOpen):
        state_outcome(slug=ballot.slug, by=SET_UP)
    set_clock(monkeypatch, ballot.closes_at)
    assert state_outcome(slug=ballot.slug, by=SET_UP).outcome == "not adopted"


def test_nobody_explains_a_vote_while_it_is_sealed():
    ballot = a_sealed_ballot()
    with pytest.raises(CannotExplain, match="sealed"):
        draft_explanation(slug=ballot.slug, member="m1", title="T", text="X", language="en", by=a_voice("m1"))
