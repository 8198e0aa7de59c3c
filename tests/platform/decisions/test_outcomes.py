"""A stated outcome is counted again from what is public: by the command, and by whoever checks the record."""

from __future__ import annotations

import copy
import hashlib
import json
import zlib

import pytest
import rfc8785
from click.testing import CliRunner
from django.utils import timezone

from comity.adapters.act_checks import RECOMPUTE, ActChecks
from comity.adapters.ballot_files import read_rolls_text
from comity.adapters.rule_files import parse_rule
from comity.cli.main import main
from comity.engines.decisions.carrying import carry_result
from comity.engines.decisions.tally import tally
from comity.errors import NotFound, WrongPayload
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


class Published:
    """A source that publishes the payloads of acts, as a mirror does; ``changed`` stand in place of those of a type."""

    def __init__(self, changed=None):
        self.texts = {}
        self.entries = []
        for act in Act.objects.filter(visibility="public").order_by("entered_at", "pk"):
            payload, content = payload_of(act), dict(act.content)
            if act.type in (changed or {}):
                (changed or {})[act.type](payload)
            text = json.dumps(payload).encode()
            content["payload_sha256"] = hashlib.sha256(text).hexdigest()
            self.texts[f"payloads/{content['payload_sha256']}.json"] = text
            self.entries.append(rfc8785.dumps(content))

    def read(self, path):
        if path not in self.texts:
            raise NotFound(reference=path)
        return self.texts[path]


def check_all(source):
    checks = ActChecks(source=source)
    checks.take(0, source.entries)
    return checks.finish()


def count_again(payload, old, new):
    """Alter the rolls and state what follows from them, so that the act agrees with itself."""
    assert old in payload["rolls"]
    rule = parse_rule(text=payload["rule"]["text"], file="rule.toml")
    payload["rolls"] = payload["rolls"].replace(old, new)
    payload["rolls_sha256"] = hashlib.sha256(payload["rolls"].encode()).hexdigest()
    read = read_rolls_text(rule=rule, text=payload["rolls"], file="rolls.csv")
    payload["result"] = carry_result(rule=rule, result=tally(rule=rule, members=read.members, ballots=read.ballots))
    payload["outcome"] = payload["result"]["outcome"]


@pytest.mark.parametrize("case", CASES, ids=lambda s: s.get("rule", "majority"))
def test_an_outcome_fits_the_acts_before_it(case):
    ballot, _ = stated(**case)
    cast = Act.objects.filter(type="cast-vote", subject=ballot.reference).count()
    assert (cast, check_all(Published())["not_published"]) == (2, 0)


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("m2,no", "m2,yes", "another vote than the acts"),
        ("m2,no", "m2,absent", "another vote than the acts"),
        ("m2,no,m2,'=1+1\n", "", "m2 does not stand"),
        ("m2,no,m2", "m2,no,m2,\nm3,no,m3", "m3 does not stand"),
    ],
)
def test_rolls_that_agree_with_themselves_and_not_with_the_acts_before_are_found(old, new, said):
    stated()
    with pytest.raises(WrongPayload, match=said):
        check_all(Published({"state-outcome": lambda payload: count_again(payload, old, new)}))


def test_another_rule_or_weight_than_when_the_ballot_was_opened_is_found():
    stated(rule="imf-weighted", weights={"m1": {"votes": "3"}, "m2": {"votes": "2"}})
    with pytest.raises(WrongPayload, match="m1 does not stand"):
        check_all(Published({"state-outcome": lambda p: count_again(p, "m1,yes,m1,3", "m1,yes,m1,1")}))
    with pytest.raises(WrongPayload, match="another rule"):
        check_all(Published({"open-ballot": lambda p: p["rule"].update(sha256="0" * 64)}))
    with pytest.raises(WrongPayload, match="does not hold who decides"):
        check_all(Published({"open-ballot": lambda p: p.pop("electors")}))


def test_votes_that_were_sealed_are_compared_with_nothing_and_who_decides_is():
    stated(conduct='ways = ["recorded"]\nsealed = true')
    assert check_all(Published())["not_published"] == 0
    with pytest.raises(WrongPayload, match="m2 does not stand"):
        check_all(Published({"state-outcome": lambda p: count_again(p, "m2,no,m2,'=1+1\n", "")}))


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


def test_the_last_of_several_votes_is_what_the_rolls_are_compared_with():
    ballot = make_ballot()
    for position in ("no", "abstain", "yes"):
        cast_vote(slug=ballot.slug, member="m1", position=position, by=a_voice("m1"))
    state_outcome(slug=ballot.slug, by=SET_UP)
    assert check_all(Published())["not_published"] == 0
    with pytest.raises(WrongPayload, match="m1 another vote"):
        check_all(Published({"state-outcome": lambda p: count_again(p, "m1,yes", "m1,abstain")}))
