"""A stated outcome is counted again from what is public: by the command, and by whoever checks the record."""

from __future__ import annotations

import copy
import hashlib
import json
import zlib

import pytest
from click.testing import CliRunner
from django.utils import timezone

from comity.adapters.act_checks import RECOMPUTE
from comity.cli.main import main
from comity.platform.decisions.ballots import close_ballot, state_outcome
from comity.platform.decisions.models import Elector, Vote
from comity.platform.decisions.rolls import outcome_json, rolls_csv
from comity.platform.decisions.voting import cast_vote
from comity.platform.record.models import Act
from support.ballots import a_voice, make_ballot, make_rule
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db


def payload_of(act) -> dict:
    return json.loads(zlib.decompress(bytes(act.payload)))


def stated(**settings):
    ballot = make_ballot(**settings)
    for member, position in (("m1", "yes"), ("m2", "no")):
        cast_vote(slug=ballot.slug, member=member, position=position, reasons="=1+1", by=a_voice(member))
    return ballot, state_outcome(slug=ballot.slug, by=SET_UP)


CASES = [
    {},
    {"rule": "montreal-double", "groups": {"m1": ["article 5"], "m2": ["other"]}},
    {"rule": "imf-weighted", "weights": {"m1": {"votes": "18.49"}, "m2": {"votes": "2/3"}}},
    {"rule": "iso-dis", "way": "correspondence", "days": 85},
    {"rule": "unga-two-thirds", "conduct": 'ways = ["roll call"]', "way": "roll call"},
]


@pytest.mark.parametrize("case", CASES, ids=lambda s: s.get("rule", "majority"))
def test_the_command_counts_what_was_stated_from_the_public_files(case, tmp_path):
    ballot, outcome = stated(**case)
    public = account_with("public")
    text, told = rolls_csv(slug=ballot.slug, user=public), outcome_json(slug=ballot.slug, user=public)
    assert hashlib.sha256(text.encode()).hexdigest() == outcome.rolls_sha256 == told["rolls_sha256"]
    (tmp_path / "rolls.csv").write_bytes(text.encode())
    (tmp_path / "rule.toml").write_text(told["rule"]["text"], encoding="utf-8")
    arguments = ["decisions", "tally", str(tmp_path / "rolls.csv"), "--rule", str(tmp_path / "rule.toml"), "--json"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    counted = json.loads(done.stdout)
    assert {key: counted[key] for key in outcome.result} == outcome.result


@pytest.mark.parametrize("case", CASES, ids=lambda s: s.get("rule", "majority"))
def test_whoever_checks_the_record_finds_the_outcome_and_the_lot_again(case):
    _, outcome = stated(**case)
    for act in Act.objects.filter(type__in=["state-outcome", "open-ballot"]):
        assert RECOMPUTE[act.type](act.content, payload_of(act)) == ""
    assert payload_of(outcome.act)["outcome"] == outcome.outcome


def change_rolls(payload):
    payload["rolls"] = payload["rolls"].replace("m2,no", "m2,yes")
    payload["rolls_sha256"] = hashlib.sha256(payload["rolls"].encode()).hexdigest()


def change_rule(payload):
    payload["rule"]["text"] = payload["rule"]["text"].replace("more than", "at least")


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.update(outcome="adopted" if p["outcome"] != "adopted" else "not adopted"),
        lambda p: p["result"].update(outcome="adopted" if p["outcome"] != "adopted" else "not adopted"),
        lambda p: p["result"].update(yes=2),
        lambda p: p["result"]["steps"].pop(),
        lambda p: p["result"]["steps"][0]["totals"].update(yes=-1),
        lambda p: p.update(rolls=p["rolls"].replace("m2,no", "m2,yes")),
        change_rolls,
        change_rule,
        lambda p: p.update(ballot="decisions/ballots/other"),
        lambda p: p.pop("rolls"),
        lambda p: p.update(rule=None),
        lambda p: p.update(rolls="member,vote\n"),
    ],
)
def test_what_was_altered_is_found(change):
    _, outcome = stated()
    payload = payload_of(outcome.act)
    altered = copy.deepcopy(payload)
    change(altered)
    assert altered != payload
    assert RECOMPUTE["state-outcome"](outcome.act.content, altered) != ""


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p["draw"].update(number=(p["draw"]["number"] + 1) % 4),
        lambda p: p["draw"].update(first="m9"),
        lambda p: p["electors"][0].update(call_order=9),
        lambda p: p["electors"].pop(0),
        lambda p: p["draw"].update(root="no tree"),
        lambda p: p.update(ballot="decisions/ballots/other"),
        lambda p: p.pop("draw"),
    ],
)
def test_a_lot_that_was_not_drawn_so_is_found(change):
    make_ballot(body="assembly", way="roll call")
    act = Act.objects.get(type="open-ballot")
    payload = payload_of(act)
    assert RECOMPUTE["open-ballot"](act.content, payload) == ""
    change(payload)
    assert RECOMPUTE["open-ballot"](act.content, payload) != ""


def test_the_act_holds_what_the_count_rests_on_and_no_person():
    ballot, outcome = stated()
    act = outcome.act
    payload = payload_of(act)
    assert (act.office, payload["rule"]["sha256"]) == ("installation", ballot.rule.text_sha256)
    assert payload["rolls"].splitlines()[1] == "m1,yes,m1,'=1+1"
    assert [(link.relation, link.object) for link in act.links.all()] == [("used", ballot.rule.reference)]
    assert a_voice("m1").name not in json.dumps(payload)


def test_totals_come_back_from_the_database_in_whatever_order_it_keeps_them():
    ballot, outcome = stated()
    outcome.refresh_from_db()
    payload = {**payload_of(outcome.act), "result": outcome.result}
    assert RECOMPUTE["state-outcome"](outcome.act.content, payload) == ""
    assert ballot.slug in outcome.ballot.reference


def test_votes_written_past_the_services_change_no_stated_outcome():
    ballot, outcome = stated()
    Vote.objects.filter(elector__member__slug="m2").update(position="yes", cast_at=timezone.now())
    assert Elector.objects.filter(ballot=ballot).count() == 2
    outcome.refresh_from_db()
    assert outcome.result["yes"] == 1
    text = rolls_csv(slug=ballot.slug, user=account_with("public"))
    assert hashlib.sha256(text.encode()).hexdigest() != outcome.rolls_sha256


def test_nobody_voting_is_counted_too():
    make_body()
    make_rule("consensus")
    ballot = make_ballot(rule="consensus", way="no objection")
    close_ballot(slug=ballot.slug, by=SET_UP)
    outcome = state_outcome(slug=ballot.slug, by=SET_UP)
    assert outcome.outcome == "adopted"
    assert RECOMPUTE["state-outcome"](outcome.act.content, payload_of(outcome.act)) == ""
