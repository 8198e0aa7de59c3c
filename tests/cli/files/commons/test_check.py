"""``comity commons check``: sentences and JSON, exit codes, and refusals that say what to do."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from comity.cli.files.commons.checking import check
from comity.cli.files.commons.telling import show_size

CARD = "---\nlicense: cc-by-nc-4.0\nlanguage: sw\n---\n# Sauti\n"
PART = {"id": "weights", "kind": "model-parameters", "licence": "MIT OR Apache-2.0", "files": ["model.bin"]}


def run(*words):
    return CliRunner().invoke(check, [str(w) for w in words])


@pytest.fixture
def release(tmp_path):
    (tmp_path / "README.md").write_text(CARD)
    (tmp_path / "model.bin").write_bytes(b"\x80\x04\x95" + bytes(10))
    return tmp_path


def test_a_folder_is_told_in_sentences(release):
    done = run(release)
    assert done.exit_code == 0
    for line in (
        "Works offline: not stated",
        "Languages named, quality not measured: sw",
        "Licence of the whole: non-commercial (commercial use is not allowed)",
        "Model Openness Framework: no class",
        "    data card: it is not in the release",
        "    model card: its licence is not open: CC-BY-NC-4.0: commercial use is not allowed",
        "Digital Public Goods Standard: 1 of 9 indicators met, 1 not met, 7 not stated",
        "Formats that can run code: 1 of 2 files. Load them only from a source you trust.",
        "  model.bin: binary that may be a PyTorch pickle; loading a pickle runs whatever code it holds",
    ):
        assert line in done.output.splitlines()


def test_a_description_is_told_with_what_a_ministry_asks_first(release):
    tree = {
        "comity_release": 1,
        "name": "Sauti",
        "version": "2",
        "components": [PART],
        "running": {"offline": True, "offline_note": "after the first start", "memory_gb": 4},
        "languages": [{"language": "sw", "measure": "word error rate", "value": 18.5, "n": 487, "low": 17, "high": 20}],
    }
    (release / "comity-release.json").write_text(json.dumps(tree))
    lines = run(release).output.splitlines()
    assert lines[0] == "Sauti 2 (model)"
    assert "Works offline: yes (after the first start)" in lines
    assert "Hardware: 4 GB of memory" in lines
    assert "  sw: word error rate 18.5 (487 items; 95% interval 17 to 20; source not stated)" in lines
    assert "      taken under Apache-2.0, the most open of the alternatives" in lines
    assert run(release / "comity-release.json").output.splitlines() == lines


def test_json_holds_what_the_sentences_say(release):
    found = json.loads(run(release, "--json").output)
    assert found["licence"]["class"] == "non-commercial"
    assert found["model_openness_framework"]["class"] == 0
    assert [i["number"] for i in found["public_good_indicators"]] == list(range(1, 10))
    assert [f["path"] for f in found["code_files"]] == ["model.bin"]
    assert found["unread"] == []


def test_what_is_not_as_described_ends_with_one(release):
    (release / "comity-release.json").write_text(
        json.dumps({"comity_release": 1, "name": "x", "components": [{**PART, "files": ["gone.bin"]}]})
    )
    done = run(release)
    assert done.exit_code == 1
    assert "  gone.bin: weights lists it, but it is not there" in done.output.splitlines()


@pytest.mark.parametrize(
    "name,text,problem",
    [
        ("x.json", "{", "it is not JSON"),
        ("x.json", '{"name": "x"}', "it must be 1"),
        (
            "x.yml",
            "framework: {name: Model Openness Framework}\nrelease: {components: [{name: Weights}]}",
            "is no component",
        ),
        ("x.txt", "hello", "ends in none of"),
    ],
)
def test_a_refused_file_ends_with_two_and_says_why(tmp_path, name, text, problem):
    (tmp_path / name).write_text(text)
    for words in ([], ["--json"]):
        done = run(tmp_path / name, *words)
        assert done.exit_code == 2
        assert problem in done.output


def test_a_missing_path_ends_with_two(tmp_path):
    assert run(tmp_path / "none").exit_code == 2


def test_a_screening_is_read_with_its_nomination(tmp_path):
    screening, nomination = tmp_path / "s.json", tmp_path / "n.json"
    screening.write_text(json.dumps({"name": "x", "clearOwnership": {"isOwnershipExplicit": "Yes"}}))
    nomination.write_text(
        json.dumps({"name": "x", "SDGs": [{"SDGNumber": 3}], "license": [{"spdx": "MIT"}], "type": ["software"]})
    )
    together = run(screening, "--nomination", nomination).output.splitlines()
    assert "Digital Public Goods Standard: 3 of 9 indicators met, 0 not met, 6 not stated" in together
    assert "Formats that can run code: no file was seen, so that nothing can be said." in together
    assert "Digital Public Goods Standard: 1 of 9 indicators met, 0 not met, 8 not stated" in run(screening).output
    assert run(tmp_path, "--nomination", nomination).exit_code == 2


def test_a_name_cannot_write_to_the_terminal(tmp_path):
    (tmp_path / "comity-release.json").write_text(json.dumps({"comity_release": 1, "name": "a\u001b[31m\u202eb"}))
    assert run(tmp_path).output.startswith("a?[31m?b (model)")


def test_help_loads_nothing_heavy():
    script = (
        "import json, sys\nfrom comity.cli.main import main\ntry:\n    main(['commons', 'check', '--help'], prog_name='comity')\n"
        "except SystemExit: pass\nprint(json.dumps([m for m in ('numpy', 'yaml', 'license_expression', 'django') if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []


@pytest.mark.parametrize(
    "size,shown",
    [
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_960, "1.0 MB"),
        (2_000_000_000, "2.0 GB"),
        (10**15, "1.0 PB"),
    ],
)
def test_sizes_are_shown_in_the_unit_that_suits_them(size, shown):
    assert show_size(size) == shown
