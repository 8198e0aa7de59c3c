"""Ballots and rules in the programming door: what everyone may read, with the outcome once it is stated."""

from __future__ import annotations

import pytest
from django.test import Client

from comity.platform.decisions.ballots import state_outcome
from comity.platform.decisions.voting import cast_vote
from support.ballots import a_voice, make_ballot
from support.parties import SET_UP

pytestmark = pytest.mark.django_db


def read(path: str) -> dict:
    return Client().get(f"/api/v1/decisions/{path}").json()


def test_a_ballot_is_read_with_what_each_said_and_its_outcome():
    ballot = make_ballot()
    cast_vote(slug=ballot.slug, member="m1", position="no", reasons="It says too little.", by=a_voice("m1"))
    found = read(f"ballots/{ballot.slug}")
    assert [(e["member"], e["position"], e["seen"]) for e in found["electors"]] == [
        ("m1", "no", True),
        ("m2", None, True),
    ]
    assert (found["state"], found["result"], found["totals"]["no"]) == ("open", None, 1)
    stated = state_outcome(slug=ballot.slug, by=SET_UP)
    found = read(f"ballots/{ballot.slug}")
    assert (found["outcome"], found["rolls_sha256"]) == (stated.outcome, stated.rolls_sha256)
    assert [s["step"] for s in found["result"]["steps"]][-1] == "outcome"


def test_ballots_and_rules_are_listed_and_drafts_are_not():
    shown, _ = make_ballot(), make_ballot(opened=False)
    listed = read("ballots")
    assert (listed["count"], [b["slug"] for b in listed["items"]]) == (1, [shown.slug])
    assert read("ballots?state=stated")["count"] == 0
    (rule,) = read("rules")["items"]
    assert rule["reference"] == "decisions/rules/oversight/unga-simple-majority/1" == shown.rule.reference
    assert Client().get("/api/v1/decisions/ballots/none").status_code == 404
