"""Casting a vote: by who holds the voice, until the close, and every refusal by its own name."""

from __future__ import annotations

import pytest

from comity.platform.decisions.selectors import ballot_view
from comity.platform.decisions.stating import state_outcome
from comity.platform.decisions.voting import cast_vote
from comity.platform.record.models import Act
from support.ballots import a_voice, make_ballot
from support.parties import SET_UP

pytestmark = pytest.mark.django_db


def test_votes_are_cast_and_the_outcome_is_stated():
    ballot = make_ballot()
    one, two = a_voice("m1"), a_voice("m2")
    cast_vote(slug=ballot.slug, member="m1", position="yes", by=one)
    cast_vote(slug=ballot.slug, member="m2", position="abstain", by=two)
    stated = state_outcome(slug=ballot.slug, by=SET_UP)
    assert stated.outcome == "adopted"
    view = ballot_view(slug=ballot.slug, user=one, language="en")
    assert view.totals == {"yes": 1, "no": 0, "abstain": 1, "present": 0, "absent": 0}
    assert view.card.state == "stated"
    assert [a.type for a in Act.objects.filter(subject=ballot.reference).order_by("entered_at")] == [
        "open-ballot",
        "cast-vote",
        "cast-vote",
        "state-outcome",
    ]
