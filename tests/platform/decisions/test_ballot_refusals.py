"""What a ballot refuses those who hold it: deadlines that nobody can keep or rely on, circles that do not decide, motions too late."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.errors import BadParameter, BallotStillOpen, NotFound
from comity.platform.decisions.ballots import (
    close_ballot,
    draft_ballot,
    open_ballot,
    order_motions,
    state_outcome,
    withdraw_ballot,
)
from comity.platform.decisions.models import Ballot
from comity.platform.decisions.presence import note_presence
from comity.platform.decisions.voting import cast_vote
from support.ballots import QUESTION, a_voice, make_ballot, make_rule, read_again
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db
DRAFT = {
    "slug": "one",
    "body": "oversight",
    "kind": "question",
    "question": QUESTION,
    "rule": "unga-simple-majority",
    "way": "recorded",
}


@pytest.mark.parametrize("closes_at", [dt.datetime(2150, 1, 1), dt.datetime(9999, 12, 31, tzinfo=dt.UTC)])  # noqa: DTZ001  (that it has no zone is what is tested)
def test_a_deadline_without_a_zone_or_beyond_all_calendars_is_refused(closes_at):
    ballot = make_ballot(opened=False)
    with pytest.raises(BadParameter, match="closes_at"):
        open_ballot(slug=ballot.slug, by=SET_UP, closes_at=closes_at)
    assert read_again(ballot).opens_at is None


def test_a_deadline_that_was_announced_is_kept_in_a_room_too_unless_everyone_has_voted():
    ballot = make_ballot(hours=3)
    cast_vote(slug=ballot.slug, member="m1", position="yes", by=a_voice("m1"))
    for end in (close_ballot, state_outcome):
        with pytest.raises(BallotStillOpen):
            end(slug=ballot.slug, by=SET_UP)
    cast_vote(slug=ballot.slug, member="m2", position="no", by=a_voice("m2"))
    assert state_outcome(slug=ballot.slug, by=SET_UP).outcome == "not adopted"


def test_what_an_act_rests_on_hides_no_sign():
    ballot = make_ballot()
    with pytest.raises(BadParameter, match="authority"):
        close_ballot(slug=ballot.slug, by=SET_UP, authority="Rule\u202e 5\x00")
    assert read_again(ballot).closed_at is None


def test_a_motion_that_opens_waits_for_whoever_states_what_it_is_moved_on():
    parent = make_ballot("parent")
    motion = make_ballot("motion", kind="postponement", parent="parent", moved_by="m1", opened=False)
    with CaptureQueriesContext(connection) as asked:
        open_ballot(slug="motion", by=SET_UP)
    (table, column) = (Ballot._meta.db_table, '"slug" = ')
    locks = [q["sql"] for q in asked if q["sql"].startswith(f'SELECT "{table}"."id" AS') and column in q["sql"]]
    assert [next(b.slug for b in (parent, motion) if f"'{b.slug}'" in sql) for sql in locks] == ["parent", "motion"]


def test_a_ballot_is_for_no_committee_but_that_which_decides():
    make_rule()
    with pytest.raises(BadParameter, match="audience"):
        draft_ballot(**DRAFT, visibility="committee", audience="committee:other", by=SET_UP)
    assert draft_ballot(**DRAFT, visibility="committee", by=SET_UP).audience == "committee:oversight"


@pytest.mark.parametrize("given", [{"visibility": "committee"}, {"opened": False}])
def test_who_does_not_see_a_ballot_is_told_that_it_is_not_there_whatever_it_tries(given):
    ballot, user = make_ballot(**given), account_with("operator")
    for act in (
        lambda slug: close_ballot(slug=slug, by=user),
        lambda slug: state_outcome(slug=slug, by=user),
        lambda slug: open_ballot(slug=slug, by=user),
        lambda slug: withdraw_ballot(slug=slug, reason="No reason", by=user),
        lambda slug: order_motions(slug=slug, order=[], by=user),
        lambda slug: note_presence(slug=slug, present=["m1"], absent=[], by=user),
    ):
        for slug in (ballot.slug, "nothing"):
            with pytest.raises(NotFound):
                act(slug)
