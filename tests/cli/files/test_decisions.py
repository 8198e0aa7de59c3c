"""``comity decisions``: what it says of ballots and rules, and what it refuses."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from comity.adapters.rule_files import FOLDER, built_in_names
from comity.cli.main import main


@pytest.fixture
def ballots(tmp_path):
    path = tmp_path / "ballots.csv"
    said = ["yes"] * 96 + ["no"] * 41 + ["abstain"] * 30 + ["absent"] * 26
    path.write_text("member,vote\n" + "".join(f"M{n},{v}\n" for n, v in enumerate(said)), encoding="utf-8")
    return path


def run(*args):
    return CliRunner().invoke(main, ["decisions", *map(str, args)])


def test_an_outcome_comes_first_and_then_each_step_in_a_sentence(ballots):
    done = run("tally", ballots, "--rule", "unga-two-thirds")
    assert done.exit_code == 0
    assert done.output.startswith("Adopted, under: UN General Assembly: important question.")
    assert (
        "- 96 yes and 41 no: 137 voting. Two thirds of 137 is 91⅓, so 92 are needed. 96 (yes) is at least 92: this holds."
        in done.output
    )


def test_the_json_of_an_outcome_has_its_keys_and_can_be_verified(ballots, tmp_path):
    done = run("tally", ballots, "--rule", "unga-two-thirds", "--json")
    found = json.loads(done.output)
    assert {k: found[k] for k in ("outcome", "yes", "no", "abstain", "required")} == {
        "outcome": "adopted",
        "yes": 96,
        "no": 41,
        "abstain": 30,
        "required": 92,
    }
    assert [s["step"] for s in found["steps"]] == ["counted", "test", "test", "outcome"]
    (tmp_path / "r.json").write_text(done.output, encoding="utf-8")
    again = run("verify", tmp_path / "r.json", "--rule", "unga-two-thirds")
    assert (again.exit_code, "lead to the outcome: adopted" in again.output) == (0, True)


def test_a_result_that_was_altered_or_is_of_another_rule_does_not_verify(ballots, tmp_path):
    found = json.loads(run("tally", ballots, "--rule", "unga-two-thirds", "--json").output)
    found["steps"][0]["totals"]["yes"] = 97
    (tmp_path / "r.json").write_text(json.dumps(found), encoding="utf-8")
    altered = run("verify", tmp_path / "r.json", "--rule", "unga-two-thirds", "--json")
    other = run("verify", tmp_path / "r.json", "--rule", "unga-simple-majority")
    assert (altered.exit_code, json.loads(altered.output)["follows"], other.exit_code) == (1, False, 1)


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000])
def test_a_file_that_is_no_result_is_refused(tmp_path, text):
    (tmp_path / "r.json").write_text(text, encoding="utf-8")
    assert run("verify", tmp_path / "r.json", "--rule", "unsc").exit_code == 2


def test_the_rules_that_come_with_comity_are_listed(tmp_path):
    found = json.loads(run("rules", "--json").output)
    assert [r["name"] for r in found] == list(built_in_names())
    assert all(r["title"] and r["source"] and r["adopted_when"] for r in found)
    assert "unga-two-thirds\n  UN General Assembly: important question" in run("rules").output


def test_a_rule_is_checked_in_words_and_worked_numbers():
    done = run("check", FOLDER / "unga-two-thirds.toml", "--members", "193")
    assert "A text is adopted when: Yes: at least two thirds of those voting." in done.output
    assert "Of 193 members, 145 voting, 48 abstaining, 0 absent: needs 97 yes." in done.output
    assert "Of 193 members, 65 voting, 0 abstaining, 128 absent: cannot be adopted." in done.output


def test_a_rule_under_which_a_yes_may_undo_an_adoption_is_warned_of(tmp_path):
    text = (FOLDER / "unga-two-thirds.toml").read_text(encoding="utf-8").replace("at least", "at most")
    (tmp_path / "odd.toml").write_text(text, encoding="utf-8")
    assert "might undo an adoption" in run("check", tmp_path / "odd.toml").output


@pytest.mark.parametrize("as_json", [True, False])
def test_what_cannot_be_used_is_said_with_exit_code_two(tmp_path, ballots, as_json):
    (tmp_path / "bad.toml").write_text("name = 1", encoding="utf-8")
    more = ["--json"] if as_json else []
    for done in (
        run("tally", ballots, "--rule", "nonsense", *more),
        run("tally", tmp_path / "none.csv", "--rule", "unsc", *more),
        run("check", tmp_path / "bad.toml", *more),
    ):
        assert done.exit_code == 2
        assert not as_json or set(json.loads(done.output)) == {"error"}
