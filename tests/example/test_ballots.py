"""The decisions of the example: held once, the same on every machine, and as real ones are."""

from __future__ import annotations

import tomllib

import pytest

from comity.engines.decisions.carrying import check_steps
from comity.example.ballots import PLAN, cite_dialogue, load_ballots
from comity.example.consultations import load_dialogues
from comity.example.people import load_body
from comity.platform.decisions.models import Ballot, BallotOutcome, DocumentVersion, Explanation, RuleInForce, Vote
from comity.platform.decisions.ruling import rule_of
from comity.platform.decisions.selectors import ballot_view
from comity.platform.dialogue.models import Analysis, Dialogue
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.record.models import Act, Link

pytestmark = pytest.mark.django_db


@pytest.fixture
def said():
    lines = []
    load_body(say=lines.append)
    load_ballots(say=lines.append)
    return lines


def test_a_text_is_adopted_after_a_motion_and_one_vote_and_one_silence_are_open(said):
    assert said[-1] == "Held 4 invented ballots."
    outcomes = dict(BallotOutcome.objects.values_list("ballot__slug", "outcome"))
    assert outcomes == {"sharing-first": "adopted", "sharing-first-paragraph-5": "not adopted"}
    views = [ballot_view(slug=b.slug, user=None, language="en") for b in Ballot.objects.all()]
    assert sorted((v.card.slug, v.card.state, v.card.way) for v in views if v.card.state == "open") == [
        ("offers-until-january", "open", "silence"),
        ("review-every-three-years", "open", "recorded"),
    ]
    assert set(RuleInForce.objects.values_list("name", flat=True)) == {"important-questions", "procedure", "silence"}
    assert sorted(Explanation.objects.values_list("when", flat=True)) == ["after", "after", "before"]
    assert not Vote.objects.filter(
        elector__ballot__slug="review-every-three-years", elector__member__slug="m041"
    ).exists()
    for ballot in Ballot.objects.filter(outcome__isnull=False):
        check_steps(rule=rule_of(ballot.rule), carried=ballot.outcome.result)
        assert sorted(ballot.question) == sorted(LANGUAGES)


def test_loading_again_changes_nothing(said):
    before = (Act.objects.count(), Vote.objects.count(), DocumentVersion.objects.count())
    load_ballots(say=said.append)
    assert (Act.objects.count(), Vote.objects.count(), DocumentVersion.objects.count()) == before
    assert len(said) == 2


def test_the_addendum_cites_the_consultation_once_its_results_are_published(said):
    load_dialogues(say=said.append)
    dialogue = Dialogue.objects.get(slug="share-first")
    act = Act.objects.filter(subject="dialogue/share-first").first()
    Analysis.objects.create(
        dialogue=dialogue,
        track="states",
        made_at=dialogue.opened_at,
        engine="test",
        votes=0,
        voices=0,
        is_final=True,
        figures={},
        act=act,
    )
    for _ in range(2):
        cite_dialogue(slug="share-first")
    cite_dialogue(slug="stop-a-system")
    added = DocumentVersion.objects.filter(symbol="C/3/L.7/Rev.1/Add.1")
    assert added.count() == 1
    cited = Link.objects.filter(subject=added.get().reference, object__startswith="dialogue/share-first/")
    assert cited.count() == 6


def test_the_plan_names_no_member_twice_in_a_ballot():
    plan = tomllib.loads(PLAN.read_text(encoding="utf-8"))
    for entry in [*plan["ballot"], *(m for b in plan["ballot"] for m in b.get("motion", ()))]:
        said = [m for key in ("yes", "no", "abstain", "present") for m in entry.get(key, ())]
        assert len(set(said)) == len(said)
