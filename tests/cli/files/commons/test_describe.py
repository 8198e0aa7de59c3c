"""``comity commons describe``: our description from a record of others, to a file or the output, and refusals that change nothing."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from comity.adapters.metadata_forms import FORMS, forms_of
from comity.cli.files.commons.checking import check
from comity.cli.files.commons.describing import describe
from support.release_facts import CONTENTS, facts_of


def run(command, *words):
    return CliRunner().invoke(command, [str(w) for w in words])


@pytest.fixture
def crate(tmp_path):
    for path, content in CONTENTS.items():
        (tmp_path / "crate" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "crate" / path).write_bytes(content)
    (tmp_path / "crate" / "ro-crate-metadata.json").write_bytes(FORMS["ro-crate-metadata.json"].write(facts_of()))
    return tmp_path / "crate"


def test_a_crate_becomes_our_description_and_both_are_found_the_same(crate):
    before = run(check, crate, "--json")
    done = run(describe, crate, "--out", crate / "comity-release.json")
    assert (done.exit_code, done.stdout) == (0, "")
    (crate / "ro-crate-metadata.json").unlink()
    after = run(check, crate, "--json")
    assert (before.exit_code, after.exit_code) == (0, 0)
    assert json.loads(after.output) == json.loads(before.output)
    assert json.loads(before.output)["running"]["hardware"] == "any computer of the last ten years"


def test_a_changed_file_is_not_described(crate):
    (crate / "train.py").write_bytes(b"print('else')")
    done = run(describe, crate, "--out", crate / "comity-release.json")
    assert (done.exit_code, (crate / "comity-release.json").exists()) == (2, False)
    assert "train.py" in done.stderr


def test_a_record_alone_is_written_to_the_output(tmp_path):
    for name in ("croissant.json", "README.md", "dpg-nomination.json"):
        (tmp_path / name).write_bytes(FORMS[name].write(facts_of(kind="dataset")))
        found = json.loads(run(describe, tmp_path / name).stdout)
        assert (found["comity_release"], found["name"], found["type"]) == (1, "Words of Lake Province", "data")


def test_a_file_that_is_there_stays_as_it_is(crate, tmp_path):
    (tmp_path / "kept.json").write_text("kept")
    done = run(describe, crate, "--out", tmp_path / "kept.json", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["where"] == "--out"
    assert (tmp_path / "kept.json").read_text() == "kept"
    assert run(describe, crate, "--out", tmp_path / "no" / "folder.json").exit_code == 2


def test_check_reads_a_record_beside_its_files_and_without_them(crate, tmp_path):
    assert json.loads(run(check, crate / "ro-crate-metadata.json", "--json").output)["files"] == len(CONTENTS)
    for name in ("croissant.json", "ro-crate-metadata.json"):
        (tmp_path / name).write_bytes(FORMS[name].write(facts_of(kind="dataset")))
        alone = run(check, tmp_path / name)
        assert alone.exit_code == 0
        assert "  All parts are declared by a record; no file of them was seen." in alone.output.splitlines()


def test_check_reads_a_card_alone_as_what_it_is(tmp_path):
    (tmp_path / "README.md").write_bytes(FORMS["README.md"].write(facts_of()))
    found = json.loads(run(check, tmp_path / "README.md", "--json").output)
    assert (found["name"], found["files"], found["languages_not_measured"]) == ("Words of Lake Province", 0, ["fr"])
    assert [(q["value"], q["n"]) for q in found["languages"]] == [(2.0, None), (18.5, 487)]
    assert found["licence"]["class"] == "open"
    assert run(check, tmp_path / "README.md", "--nomination", tmp_path / "README.md").exit_code == 2


def test_a_nomination_belongs_to_a_screening(crate, tmp_path):
    for name in ("dpg-nomination.json", "dpg-screening.json", "croissant.json"):
        (tmp_path / name).write_bytes(FORMS[name].write(facts_of(kind="dataset")))
    nomination = ["--nomination", tmp_path / "dpg-nomination.json"]
    both = json.loads(run(describe, tmp_path / "dpg-screening.json", *nomination).stdout)
    assert both["public_good"]["goals"] == [4, 10]
    assert both["public_good"]["ownership"]["text"] == "University of Dodoma"
    for record in (tmp_path / "croissant.json", crate):
        assert run(describe, record, *nomination).exit_code == 2


def test_what_is_of_no_form_is_refused_with_the_forms_that_there_are(tmp_path):
    (tmp_path / "x.json").write_text('{"hello": "world"}')
    done = run(describe, tmp_path / "x.json")
    assert done.exit_code == 2
    assert "there are comity-release, Croissant, RO-Crate, a model card" in done.stderr
    assert run(describe, tmp_path / "nothing.json").exit_code == 2
    assert len(forms_of("model")) == len(FORMS) - 1
