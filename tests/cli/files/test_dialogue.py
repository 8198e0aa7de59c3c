"""``comity dialogue analyse``: what it finds in files, what it prints, and what it refuses."""

from __future__ import annotations

import json
import random

import pytest
from click.testing import CliRunner

from comity.cli.main import main

KEYS = {
    "participants",
    "statements",
    "votes",
    "k",
    "groups",
    "group_sizes",
    "stability",
    "common_ground",
    "representative",
    "statements_table",
}
TEXTS = ("A person can stop it.", "Courts decide.", "Each country decides.", "It is tested every year.")


def lines_of_two_camps(*, people=60, seed=1):
    """Votes of two camps: everybody agrees with 0 and 3, the camps are against each other on 1, 2 and 4 to 9."""
    chance = random.Random(seed)
    lines = []
    for person in range(people):
        side = 1 if person % 2 else -1
        for statement in range(10):
            held = 1 if statement in {0, 3} else side * (1 if statement % 2 else -1)
            value = held if chance.random() < 0.93 else 0
            lines.append(f"{1000 + len(lines)},x,{statement},{person},{value}\n")
    return lines


@pytest.fixture
def files(tmp_path):
    votes = tmp_path / "votes.csv"
    votes.write_text("timestamp,datetime,comment-id,voter-id,vote\n" + "".join(lines_of_two_camps()), encoding="utf-8")
    comments = tmp_path / "comments.csv"
    rows = "".join(f"{i},1,{text}\n" for i, text in enumerate(TEXTS)) + "9,-1,Buy now!\n"
    comments.write_text("comment-id,moderated,comment-body\n" + rows, encoding="utf-8")
    return votes, comments


def run(*words):
    return CliRunner().invoke(main, ["dialogue", "analyse", *map(str, words)])


def test_the_file_holds_every_key_and_groups_common_ground_and_what_tells_apart(files, tmp_path):
    votes, comments = files
    done = run(votes, "--comments", comments, "--out", tmp_path / "f.json", "--draws", 20)
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    assert set(found) >= KEYS
    assert (found["participants"], found["statements"], found["votes"], found["k"]) == (60, 9, 540, 2)
    assert found["left_out"] == {"statements": ["9"], "votes": 60}
    assert (found["group_sizes"], len(found["groups"])) == ([30, 30], 60)
    assert {found["groups"][str(p)] for p in range(0, 60, 2)}.isdisjoint(
        found["groups"][str(p)] for p in range(1, 60, 2)
    )
    assert {(c["statement"], c["direction"], c["text"]) for c in found["common_ground"]} == {
        ("0", "agree", TEXTS[0]),
        ("3", "agree", TEXTS[3]),
    }
    assert all(c["lower"] > 0.5 and len(c["by_group"]) == 2 for c in found["common_ground"])
    apart = {r["statement"] for group in found["representative"].values() for r in group}
    assert apart <= {"1", "2", "4", "5", "6", "7", "8"}
    assert [row["statement"] for row in found["statements_table"]] == [str(s) for s in range(9)]
    assert found["stability"]["draws"] == 20
    assert set(found["input_sha256"]) == {"votes", "comments"}


def test_the_page_says_it_in_words_and_counts_groups_from_one(files, tmp_path):
    votes, comments = files
    said = run(votes, "--comments", comments, "--out", tmp_path / "f.json", "--draws", 20).output
    for words in (
        "60 people gave 540 votes on 9 statements.",
        "Left out, as the moderators decided: 1 statement with 60 votes.",
        "Two groups of people who vote alike",
        "Group 1: 30 people; a typical one stays in it in",
        "The groups are firm.",
        "On 2 statements every group stands on the same side.",
        "[0] A person can stop it.",
        "[1] Courts decide.",
        "Figures in brackets are 95% intervals",
    ):
        assert words in said


def test_the_order_of_rows_changes_nothing_and_another_seed_only_the_draws(files, tmp_path):
    votes, _ = files
    header, *rows = votes.read_text(encoding="utf-8").splitlines(keepends=True)
    random.Random(3).shuffle(rows)
    mixed = tmp_path / "mixed.csv"
    mixed.write_text(header + "".join(rows), encoding="utf-8")
    found = []
    for path in (votes, mixed):
        assert run(path, "--out", tmp_path / "f.json", "--draws", 10).exit_code == 0
        found.append(json.loads((tmp_path / "f.json").read_text(encoding="utf-8")))
    for one in found:
        one.pop("input_sha256")
    assert found[0] == found[1]


def test_json_goes_to_the_output_and_regions_count(files, tmp_path):
    votes, _ = files
    people = tmp_path / "p.csv"
    rows = "".join(f"{p},{'Asia' if p < 40 else 'Europe'},{p % 2},1\n" for p in range(60))
    people.write_text("participant,region,group-id,0\n" + rows, encoding="utf-8")
    done = run(votes, "--participants", people, "--out", tmp_path / "f.json", "--draws", 0, "--json")
    found = json.loads(done.output)
    assert found == json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    assert list(found["common_ground"][0]["by_region"]) == ["Asia", "Europe"]
    assert found["stability"] is None
    assert found["other_groups"] == {"people_in_both": 60, "k": 2, "adjusted_rand": 1.0}


def test_a_file_of_no_votes_and_one_of_few_people_are_told_as_such(tmp_path):
    path = tmp_path / "v.csv"
    for rows, words in (("", "0 people gave 0 votes"), ("0,1,1\n0,2,-1\n", "Too few people answered enough")):
        path.write_text("comment-id,voter-id,vote\n" + rows, encoding="utf-8")
        done = run(path, "--out", tmp_path / "f.json")
        assert done.exit_code == 0, done.output
        assert words in done.output
        assert json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))["k"] == 0


@pytest.mark.parametrize(
    "words, said",
    [
        (["none.csv"], "none.csv does not exist"),
        (["bad.csv"], "bad.csv, row 2: vote is"),
        (["votes.csv", "--comments", "bad.csv"], "bad.csv, row 1: the columns are"),
        (["votes.csv", "--out", "votes.csv"], "another file than those that are read"),
        (["votes.csv", "--out", "nowhere/f.json"], "a folder that is there"),
    ],
)
def test_a_refusal_is_one_sentence_and_writes_nothing(files, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.csv").write_text("comment-id,voter-id,vote\n1,1,2\n", encoding="utf-8")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    out = [] if "--out" in words else ["--out", "f.json"]
    done = run(*words, *out)
    assert (done.exit_code, said in done.output) == (2, True), done.output
    assert json.loads(run(*words, *out, "--json").stdout)["error"]["code"] in {
        "path-not-found",
        "bad-row",
        "bad-parameter",
    }
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name, least", [("scoop-hivemind.taxes", 0.90), ("brexit-consensus", 0.85)])
def test_groups_are_those_that_polis_published(shared, tmp_path, name, least):
    folder = shared / "data/dialogue" / name
    done = run(
        folder / "votes.csv",
        "--comments",
        folder / "comments.csv",
        "--participants",
        folder / "participants-votes.csv",
        "--draws",
        0,
        "--out",
        tmp_path / "f.json",
    )
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    assert found["k"] == found["other_groups"]["k"] == 2
    assert found["other_groups"]["adjusted_rand"] >= least
