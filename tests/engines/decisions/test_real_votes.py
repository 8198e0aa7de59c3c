"""Outcomes of votes that were really taken, and of cases computed from treaties: all from ``shared/data/decisions``."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from fractions import Fraction

import pytest

from comity.adapters.rule_files import built_in_rule
from comity.engines.decisions.tally import Ballot, Member, tally
from support.rules import count


def rows(path):
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@pytest.fixture(scope="module")
def roll_calls(shared):
    """Every roll call: its recorded totals, and its ballots by member."""
    folder = shared / "data/decisions/unga"
    ballots = defaultdict(list)
    with gzip.open(folder / "votes.csv.gz", "rt", encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            ballots[row["rcid"]].append(Ballot(member=row["ccode"], position=row["vote"]))
    return {row["rcid"]: (row, ballots[row["rcid"]]) for row in rows(folder / "roll_calls.csv")}


def test_every_roll_call_of_the_general_assembly_is_tallied_as_it_was_recorded(roll_calls):
    rule = built_in_rule("unga-simple-majority")
    other = []
    for rcid, (row, ballots) in roll_calls.items():
        result = tally(rule=rule, members=[Member(name=b.member) for b in ballots], ballots=ballots)
        counted = [result.total(p) for p in ("yes", "no", "abstain")]
        if counted != [int(row[p]) for p in ("yes", "no", "abstain")]:
            other.append(rcid)
    assert other == [rcid for rcid, (row, _) in roll_calls.items() if row["match"] == "False"]
    assert (len(roll_calls), len(other)) == (3725, 14)


def test_the_edge_cases_of_the_general_assembly_come_out_right(shared, roll_calls):
    """Where no majority is recorded as present, neither outcome is a valid decision, whatever the majority of those voting."""
    wrong, without_quorum = [], 0
    for row in rows(shared / "data/decisions/unga/edge_cases.csv"):
        ballots = roll_calls[row["rcid"]][1]
        members = [Member(name=b.member) for b in ballots]
        simple, two_thirds = (
            tally(rule=built_in_rule(name), members=members, ballots=ballots).outcome
            for name in ("unga-simple-majority", "unga-two-thirds")
        )
        if "below_quorum_by_recorded_presence" in row["tags"]:
            without_quorum += 1
            expected = ("not valid", "not valid")
        else:
            expected = tuple(
                "adopted" if row[k] == "True" else "not adopted" for k in ("simple_majority", "two_thirds")
            )
        if (simple, two_thirds) != expected:
            wrong.append((row["rcid"], simple, two_thirds))
    assert (wrong, without_quorum) == ([], 2)


def test_a_decision_is_put_off_under_the_rule_of_the_itu_where_abstentions_are_over_half(shared, roll_calls):
    tagged, put_off = set(), set()
    for row in rows(shared / "data/decisions/unga/edge_cases.csv"):
        ballots = roll_calls[row["rcid"]][1]
        result = tally(rule=built_in_rule("itu"), members=[Member(name=b.member) for b in ballots], ballots=ballots)
        if "itu_abstentions_over_half" in row["tags"]:
            tagged.add(row["rcid"])
        if any(getattr(s, "place", "") == "valid 2" and not s.holds for s in result.steps):
            put_off.add(row["rcid"])
            assert (result.outcome, result.concluded.follows) == ("not valid", "postponed")
    assert tagged
    assert put_off == tagged


@pytest.mark.parametrize(
    "rule, column",
    [("eu-qmv-55-65", "adopted_commission_proposal"), ("eu-qmv-72-65", "adopted_other_initiator_72pct")],
)
def test_qualified_majorities_of_the_council_of_the_european_union(shared, rule, column):
    folder = shared / "data/decisions/eu_qmv"
    weights = {
        row["member"]: {"population": Fraction(row["pct_of_union_population"])}
        for row in rows(folder / "eu_qmv_population_pct_2025.csv")
    }
    members = [Member(name=m, weights=w) for m, w in weights.items()]
    wrong = []
    for row in rows(folder / "golden.csv"):
        in_favour = set(row["yes_members"].split())
        ballots = [Ballot(member=m, position="yes" if m in in_favour else "no") for m in weights]
        result = tally(rule=built_in_rule(rule), members=members, ballots=ballots)
        if (result.outcome == "adopted") != (row[column] == "True") or result.required != (15 if "55" in rule else 20):
            wrong.append(row["case"])
    assert wrong == []


def test_counts_that_bodies_have_published(shared):
    rules = {
        "two_thirds_of_votes_cast(yes+no)": "codex-rules",
        "simple_majority(yes+no)": "unga-simple-majority",
    }
    wrong = []
    for row in rows(shared / "data/decisions/other_golden.csv"):
        yes, no, abstain = (int(row[k]) for k in ("yes", "no", "abstain"))
        absent = int(row["members"]) - yes - no - abstain if row["members"] else 0
        result = count(
            built_in_rule(rules[row["rule"]]), (yes, "yes"), (no, "no"), (abstain, "abstain"), (absent, "absent")
        )
        found = (result.outcome, result.required if row["required_votes"] else None)
        if found != (row["expected"].replace("_", " "), int(row["required_votes"]) if row["required_votes"] else None):
            wrong.append((row["question"], *found))
    assert wrong == []
