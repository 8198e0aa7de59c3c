"""The life of a ballot: drafted under a rule in force, opened with everyone frozen, closed, stated once, or withdrawn."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import (
    AlreadyStated,
    BadBallot,
    BadParameter,
    BallotNotOpen,
    BallotStillOpen,
    Conflict,
    LanguagesMissing,
    MotionsUndecided,
    NotAnElector,
    NotFound,
    NothingToDrawFrom,
    NotPermitted,
)
from comity.platform.decisions.ballots import (
    close_ballot,
    draft_ballot,
    open_ballot,
    order_motions,
    state_outcome,
    withdraw_ballot,
)
from comity.platform.decisions.documents import issue_text
from comity.platform.decisions.models import Ballot, BallotOutcome, Elector
from comity.platform.decisions.presence import note_presence
from comity.platform.decisions.ruling import put_in_force, set_aside_rule
from comity.platform.decisions.selectors import ballot_view, history_of, list_ballots
from comity.platform.decisions.voting import cast_vote
from comity.platform.record.models import Act
from support.ballots import QUESTION, a_checkpoint, a_voice, make_ballot, make_rule, read_again, set_clock
from support.decisions import make_document
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db
ODD = {"m1": {"votes": "1/999999999999999989"}, "m2": {"votes": "1/999999999999999967"}}
"""Weights that share no denominator: of hundreds of members their sum would have thousands of digits."""
DRAFT = {
    "slug": "one",
    "body": "oversight",
    "kind": "question",
    "question": QUESTION,
    "rule": "unga-simple-majority",
    "way": "recorded",
}


def seen(ballot, user=None):
    return ballot_view(slug=ballot.slug, user=user or account_with("secretariat"), language="en")


def test_a_draft_is_seen_by_those_who_may_hold_it_and_by_nobody_else():
    ballot = make_ballot(opened=False)
    assert seen(ballot).card.state == "draft"
    assert seen(ballot, account_with("chair")).may_open
    for role in ("public", "head", "operator"):
        with pytest.raises(NotFound):
            seen(ballot, account_with(role))
    with pytest.raises(NotFound):
        seen(ballot, account_with("chair", body="other"))
    assert not Act.objects.filter(subject=ballot.reference).exists()


@pytest.mark.parametrize(
    "changes,refusal",
    [
        ({"slug": "New!"}, BadParameter),
        ({"slug": "new"}, BadParameter),
        ({"kind": "whim"}, BadParameter),
        ({"way": "roll-call"}, BadParameter),
        ({"way": "silence"}, BadParameter),
        ({"way": "secret"}, BadParameter),
        ({"question": {}}, BadParameter),
        ({"question": {"en": "x" * 501}}, BadParameter),
        ({"question": {"tlh": "Qo'?"}}, BadParameter),
        ({"question": {"en": "a\u202eb"}}, BadParameter),
        ({"order": -1}, BadParameter),
        ({"rule": "unheard-of"}, NotFound),
        ({"body": "nowhere"}, NotFound),
        ({"kind": "text"}, BadParameter),
        ({"kind": "text", "version": "C/3/L.99"}, NotFound),
        ({"kind": "division"}, BadParameter),
        ({"parent": "nothing", "moved_by": "m1"}, BadParameter),
        ({"kind": "division", "parent": "nothing", "moved_by": "m1"}, NotFound),
        ({"visibility": "delegation", "audience": "delegation:m1"}, BadParameter),
        ({"visibility": "public", "audience": "committee:oversight"}, BadParameter),
    ],
)
def test_a_draft_that_cannot_stand_is_refused_and_writes_nothing(changes, refusal):
    make_rule()
    with pytest.raises(refusal):
        draft_ballot(**{**DRAFT, **changes}, by=SET_UP)
    assert not Ballot.objects.exists()


def test_a_name_is_given_once():
    make_ballot("one", opened=False)
    with pytest.raises(Conflict, match="one"):
        draft_ballot(**DRAFT, by=SET_UP)


def test_opening_freezes_the_rule_in_force_and_everyone_and_says_so_in_its_act():
    ballot = make_ballot(opened=False)
    text = ballot.rule.text.replace("version = 1", "version = 2")
    put_in_force(body="oversight", text=text, by=SET_UP, authority="Decision 2")
    act = open_ballot(slug=ballot.slug, by=account_with("chair"), authority="Rule 77")
    ballot = read_again(ballot)
    assert (ballot.rule.version, act.office, act.authority) == (2, "chair", "Rule 77")
    set_aside_rule(body="oversight", name=ballot.rule.name, by=SET_UP, authority="Decision 3")
    electors = list(Elector.objects.values_list("member__slug", "counts", "cast_by__slug"))
    assert electors == [("m1", True, "m1"), ("m2", True, "m2")]
    assert seen(ballot).card.rule.version == 2


def test_a_rule_that_was_set_aside_opens_no_ballot():
    ballot = make_ballot(opened=False)
    set_aside_rule(body="oversight", name=ballot.rule.name, by=SET_UP, authority="Decision 3")
    with pytest.raises(NotFound):
        open_ballot(slug=ballot.slug, by=SET_UP)


def test_a_ballot_opens_once():
    ballot = make_ballot()
    with pytest.raises(BallotNotOpen):
        open_ballot(slug=ballot.slug, by=SET_UP)
    assert Act.objects.filter(type="open-ballot").count() == 1


@pytest.mark.parametrize("hours", [None, -1, 0, 71.9])
def test_a_silence_has_a_deadline_after_its_notice(hours):
    ballot = make_ballot(rule="silence", way="silence", opened=False)
    closes_at = None if hours is None else timezone.now() + dt.timedelta(hours=hours)
    with pytest.raises(BadParameter):
        open_ballot(slug=ballot.slug, closes_at=closes_at, by=SET_UP)
    assert read_again(ballot).opens_at is None


def test_a_text_is_voted_on_once_its_languages_are_issued_or_the_body_waives_it():
    make_document()
    one, two = (make_ballot(kind="text", version="C/3/L.7", opened=False) for _ in range(2))
    assert seen(one).missing_languages == ("fr",)
    with pytest.raises(LanguagesMissing) as refused:
        open_ballot(slug=one.slug, by=SET_UP)
    assert refused.value.data == {"symbol": "C/3/L.7", "languages": "fr"}
    open_ballot(slug=one.slug, waiver="The committee agreed to go on.", by=SET_UP)
    assert read_again(one).waiver == "The committee agreed to go on."
    issue_text(symbol="C/3/L.7", language="fr", title="Examen", text="Un texte.", standing="authentic", by=SET_UP)
    open_ballot(slug=two.slug, waiver="not needed", by=SET_UP)
    assert read_again(two).waiver == ""


def test_a_ballot_is_seen_by_no_more_people_than_its_text():
    make_document(visibility="committee")
    with pytest.raises(NotFound):
        make_ballot(kind="text", version="C/3/L.7", opened=False)
    secretariat = account_with("secretariat")
    with pytest.raises(BadParameter):
        make_ballot(kind="text", version="C/3/L.7", opened=False, by=secretariat)
    made = make_ballot(kind="text", version="C/3/L.7", opened=False, by=secretariat, visibility="committee")
    assert made.audience == "committee:oversight"


def test_a_roll_call_begins_where_a_lot_from_the_public_log_says():
    make_body()
    draft = make_ballot(body="assembly", way="roll call", opened=False)
    with pytest.raises(NothingToDrawFrom):
        open_ballot(slug=draft.slug, by=SET_UP)
    tree = a_checkpoint()
    a_checkpoint(size=3)
    open_ballot(slug=draft.slug, by=SET_UP)
    ballot = read_again(draft)
    assert (ballot.draw["root"], ballot.draw["size"], ballot.draw["of"]) == (tree.root, 7, 4)
    called = list(Elector.objects.filter(counts=True).order_by("call_order").values_list("member__slug", flat=True))
    names = ["m1", "m2", "m3", "m4"]
    first = ballot.draw["number"]
    assert called == names[first:] + names[:first]
    assert ballot.first_called == called[0] == seen(ballot).draw.first
    assert Elector.objects.get(counts=False).call_order is None


def test_groups_and_weights_are_checked_against_the_rule():
    make_body()
    given = {"body": "assembly", "rule": "montreal-double", "opened": False}
    ballot = make_ballot(**given)
    with pytest.raises(BadParameter):
        open_ballot(slug=ballot.slug, by=SET_UP)
    groups = {m: [g] for m, g in zip(("m1", "m2", "m3"), ("article 5", "other", "other"), strict=True)}
    for wrong in (groups, {**groups, "m4": ["unheard of"]}, {**groups, "m4": ["other"], "m9": ["other"]}):
        with pytest.raises(BadBallot):
            open_ballot(slug=ballot.slug, groups=wrong, by=SET_UP)
    assert not Elector.objects.exists()


@pytest.mark.parametrize(
    "weights", [{}, {"m1": {"votes": "x"}}, {"m1": {"votes": "-1"}}, {"m1": {"votes": 10**17}}, ODD]
)
def test_a_weight_that_is_missing_or_no_number_is_refused(weights):
    ballot = make_ballot(rule="imf-weighted", opened=False)
    with pytest.raises((BadBallot, BadParameter)):
        open_ballot(slug=ballot.slug, weights=weights, by=SET_UP)


def test_weights_are_kept_exactly_and_counted():
    ballot = make_ballot(rule="imf-weighted", weights={"m1": {"votes": "18.49"}, "m2": {"votes": 3}})
    assert Elector.objects.get(member__slug="m1").weights == {"votes": "1849/100"}
    cast_vote(slug=ballot.slug, member="m1", position="yes", by=a_voice("m1"))
    cast_vote(slug=ballot.slug, member="m2", position="no", by=a_voice("m2"))
    assert state_outcome(slug=ballot.slug, by=SET_UP).outcome == "adopted"


def test_an_outcome_is_stated_once_and_the_second_office_finds_the_first():
    ballot = make_ballot()
    for member in ("m1", "m2"):
        cast_vote(slug=ballot.slug, member=member, position="yes", by=a_voice(member))
    close_ballot(slug=ballot.slug, by=SET_UP)
    view = seen(ballot)
    assert (view.card.state, view.pending_result["outcome"], view.result) == ("closed", "adopted", None)
    stated = state_outcome(slug=ballot.slug, by=account_with("chair"))
    with pytest.raises(AlreadyStated) as refused:
        state_outcome(slug=ballot.slug, by=SET_UP)
    assert refused.value.data["outcome"] == "adopted"
    assert (BallotOutcome.objects.count(), Act.objects.filter(type="state-outcome").count()) == (1, 1)
    view = seen(ballot)
    assert (view.card.outcome, view.result, view.pending_result) == ("adopted", stated.result, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        BallotOutcome.objects.update(outcome="carried")


def test_what_follows_is_computed_at_the_deadline_and_stated_by_nobody(monkeypatch):
    ballot = make_ballot(hours=1)
    set_clock(monkeypatch, ballot.closes_at)
    view = seen(ballot)
    assert (view.card.state, view.pending_result["outcome"], view.may_state) == ("closed", "not valid", True)
    assert not BallotOutcome.objects.exists()
    state_outcome(slug=ballot.slug, by=SET_UP)
    assert read_again(ballot).closed_at == ballot.closes_at


def test_a_ballot_by_correspondence_waits_for_its_deadline_or_for_everyone(monkeypatch):
    ballot = make_ballot(rule="iso-dis", way="correspondence", days=85)
    cast_vote(slug=ballot.slug, member="m1", position="yes", by=a_voice("m1"))
    for early in (close_ballot, state_outcome):
        with pytest.raises(BallotStillOpen):
            early(slug=ballot.slug, by=SET_UP)
    assert not seen(ballot).may_close
    cast_vote(slug=ballot.slug, member="m2", position="no", by=a_voice("m2"), reasons="Clause 4 cannot be tested.")
    assert seen(ballot).may_state
    assert state_outcome(slug=ballot.slug, by=SET_UP).outcome == "not adopted"


def test_an_unbroken_silence_is_stated_after_its_deadline_alone(monkeypatch):
    ballot = make_ballot(rule="silence", way="silence", days=4)
    with pytest.raises(BallotStillOpen):
        state_outcome(slug=ballot.slug, by=SET_UP)
    set_clock(monkeypatch, ballot.closes_at)
    assert state_outcome(slug=ballot.slug, by=SET_UP).outcome == "adopted"


def test_a_broken_silence_is_seen_at_once_ends_the_procedure_and_takes_other_objections_until_it_is_stated():
    ballot = make_ballot(rule="silence", way="silence", days=4)
    assert not seen(ballot).broken
    cast_vote(slug=ballot.slug, member="m2", position="no", by=a_voice("m2"))
    view = seen(ballot, account_with("public"))
    assert (view.broken, [e.position for e in view.electors]) == (True, [None, "no"])
    cast_vote(slug=ballot.slug, member="m1", position="no", by=a_voice("m1"), reasons="Article 2.")
    assert state_outcome(slug=ballot.slug, by=SET_UP).result["no"] == 2


def test_a_rule_with_notice_is_closed_after_it_where_no_deadline_is_set(monkeypatch):
    ballot = make_ballot(conduct='ways = ["recorded"]\nnotice_hours = 2')
    with pytest.raises(BallotStillOpen):
        close_ballot(slug=ballot.slug, by=SET_UP)
    set_clock(monkeypatch, ballot.opens_at + dt.timedelta(hours=2))
    close_ballot(slug=ballot.slug, by=SET_UP)


def test_presence_is_noted_apart_from_votes():
    ballot = make_ballot(body="assembly")
    cast_vote(slug=ballot.slug, member="m1", position="yes", by=a_voice("m1"))
    note_presence(slug=ballot.slug, present=["m2"], absent=["m1", "m3"], by=SET_UP)
    view = seen(ballot)
    assert view.totals == {"yes": 1, "no": 0, "abstain": 0, "present": 1, "absent": 2}
    assert [e.present for e in view.electors] == [False, True, False, None, None]
    assert Act.objects.filter(type="note-presence", subject=ballot.reference).count() == 1


@pytest.mark.parametrize(
    "present,absent,refusal",
    [([], [], BadParameter), (["m1"], ["m1"], BadParameter), (["m9"], [], NotAnElector)],
)
def test_presence_that_cannot_be_noted_changes_nothing(present, absent, refusal):
    ballot = make_ballot()
    with pytest.raises(refusal):
        note_presence(slug=ballot.slug, present=present, absent=absent, by=SET_UP)
    assert not Elector.objects.filter(present__isnull=False).exists()


def test_nobody_is_present_in_a_vote_by_writing():
    ballot = make_ballot(rule="silence", way="silence", days=4)
    with pytest.raises(Conflict):
        note_presence(slug=ballot.slug, present=["m1"], absent=[], by=SET_UP)


def test_a_ballot_is_withdrawn_while_it_is_open_and_not_once_it_has_closed():
    open_one, closed = make_ballot(), make_ballot()
    close_ballot(slug=closed.slug, by=SET_UP)
    withdraw_ballot(slug=open_one.slug, reason="The text was the wrong one.", by=SET_UP)
    with pytest.raises(BallotNotOpen):
        withdraw_ballot(slug=closed.slug, reason="We had rather not.", by=SET_UP)
    with pytest.raises(BallotNotOpen):
        state_outcome(slug=open_one.slug, by=SET_UP)
    assert Act.objects.get(type="withdraw-ballot").subject == open_one.reference


def motion(parent, kind="division", **more):
    return make_ballot(kind=kind, parent=parent.slug, moved_by="m2", **more)


def test_motions_are_decided_before_what_they_are_moved_on():
    ballot = make_ballot()
    moved = motion(ballot)
    view = seen(ballot)
    assert (view.open_motions, view.may_state, [m.slug for m in view.motions]) == ((moved.slug,), False, [moved.slug])
    with pytest.raises(MotionsUndecided) as refused:
        state_outcome(slug=ballot.slug, by=SET_UP)
    assert refused.value.data["motions"] == moved.slug
    cast_vote(slug=moved.slug, member="m1", position="yes", by=a_voice("m1"))
    state_outcome(slug=moved.slug, by=SET_UP)
    state_outcome(slug=ballot.slug, by=SET_UP)
    with pytest.raises(AlreadyStated):
        motion(ballot)


def test_the_chair_orders_motions():
    ballot = make_ballot()
    one, two = motion(ballot, opened=False), motion(ballot, kind="postponement", opened=False)
    order_motions(slug=ballot.slug, order=[two.slug, one.slug], by=account_with("chair"))
    assert [m.slug for m in seen(ballot).motions] == [two.slug, one.slug]
    for wrong in ([one.slug, one.slug], ["nothing"]):
        with pytest.raises(BadParameter):
            order_motions(slug=ballot.slug, order=wrong, by=SET_UP)


def test_a_motion_is_moved_by_a_member_of_the_body():
    ballot = make_ballot()
    with pytest.raises(Conflict):
        make_ballot(kind="motion", parent=ballot.slug, moved_by="watcher")
    with pytest.raises(NotFound):
        make_ballot(kind="motion", parent=ballot.slug, moved_by="m2", body="assembly")


def test_lists_put_open_ballots_first_and_know_who_reads():
    drafted, stated = make_ballot(opened=False), make_ballot()
    late, soon = make_ballot(hours=3), make_ballot(hours=1)
    state_outcome(slug=stated.slug, by=SET_UP)
    found = [c.slug for c in list_ballots(user=account_with("secretariat"), language="en")]
    assert found == [soon.slug, late.slug, drafted.slug, stated.slug]
    assert [c.slug for c in list_ballots(user=account_with("public"), language="fr", state="open")] == found[:2]
    card = list_ballots(user=account_with("public"), language="fr", body="oversight")[0]
    assert (card.question, card.question_language, card.counting, card.voted) == (QUESTION["fr"], "fr", 2, 0)


def test_votes_of_a_member_are_shown_together_where_the_rule_says_so_alone():
    apart = make_ballot()
    together = make_ballot(rule="unga-two-thirds", conduct='ways = ["recorded"]\nhistory = true')
    for ballot in (apart, together):
        cast_vote(slug=ballot.slug, member="m1", position="no", by=a_voice("m1"))
        assert history_of(member="m1", user=account_with("public"), language="en") == ()
        state_outcome(slug=ballot.slug, by=SET_UP)
    (row,) = history_of(member="m1", user=account_with("public"), language="en")
    assert (row.ballot.slug, row.position) == (together.slug, "no")
    with pytest.raises(NotFound):
        history_of(member="nobody", user=account_with("public"), language="en")


@pytest.mark.parametrize("role", ["public", "head", "focal-point", "operator", "chair"])
def test_only_an_office_of_the_body_states_an_outcome(role):
    ballot = make_ballot()
    user = account_with(role, body="other") if role == "chair" else account_with(role)
    for act in (state_outcome, close_ballot):
        with pytest.raises(NotPermitted):
            act(slug=ballot.slug, by=user)
    assert not BallotOutcome.objects.exists()
