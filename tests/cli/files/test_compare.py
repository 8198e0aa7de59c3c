"""``comity align compare``: two versions of a document in any form, as sentences and as JSON."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from comity.cli.main import main

OLD = """Act on Logs

Article 1
A provider shall keep a log of every decision of the system for five years.

Article 2
Deployers shall inform workers before a system is put to use at the workplace.

Article 3
The authority shall publish a register of systems, free of charge for everyone.
"""
NEW = """<html><body><h1>Act on Logs</h1>
<h2>Article 1</h2><p>A provider shall keep a log of every decision of the system for ten years.</p>
<h2>Article 2</h2><p>Toys that speak to children shall carry a seal of the competent office.</p>
<h2>Article 3</h2><p>Deployers shall inform workers before a system is put to use at the workplace.</p>
</body></html>"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "old.txt").write_text(OLD, encoding="utf-8")
    (tmp_path / "new.html").write_text(NEW, encoding="utf-8")
    return str(tmp_path / "old.txt"), str(tmp_path / "new.html")


def run(*words):
    return CliRunner().invoke(main, ["align", "compare", *words])


def test_sentences_say_what_became_of_each_and_which_words_differ(files):
    done = run(*files)
    assert done.exit_code == 0, done.output
    assert "1 same text, another number, 1 text changed, 1 added, 1 repealed." in done.output
    assert "for [-five-]{+ten+} years." in done.output
    assert "Article 2 → Article 3: same text, another number" in done.output
    assert "{+Toys that speak to children" in done.output


def test_json_holds_the_same_with_references(files):
    found = json.loads(run(*files, "--json").output)
    assert (found["old"]["provisions"], found["new"]["provisions"]) == (3, 3)
    assert found["counts"]["changed"] == found["counts"]["added"] == found["counts"]["repealed"] == 1
    first = found["changes"][0]
    assert (first["kind"], first["old"][0]["ref"], first["new"][0]["ref"]) == ("changed", "art_1", "art_1")
    assert "".join(s["text"] for s in first["difference"] if s["kind"] != "removed").endswith("for ten years.")


def test_a_document_against_itself_has_no_change(files):
    done = run(files[0], files[0])
    assert done.output.splitlines()[-1] == "3 unchanged."


@pytest.mark.parametrize("bad", ["missing.txt", "empty.txt", "."])
def test_what_cannot_be_read_ends_with_two_and_says_what_to_do(files, tmp_path, bad):
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    done = run(files[0], str(tmp_path / bad))
    assert done.exit_code == 2
    assert done.stderr.startswith("comity: ")
    told = json.loads(run(files[0], str(tmp_path / bad), "--json").stdout)
    assert set(told) == {"error"}
