"""``comity commons evaluations``: figures with intervals, what is put together and what is not, and a small file to send."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from comity.cli.files.commons.evaluating import evaluations

ROOT = Path(__file__).resolve().parents[3]
LOG = ROOT / "adapters" / "commons" / "logs" / "sums.eval"


def run(*words):
    return CliRunner().invoke(evaluations, [str(w) for w in words])


def own_form(
    path: Path, *, x: int, n: int, samples: str = "", run: str = "", dataset: str = "d", model: str = "m"
) -> Path:
    row = {
        "task": "sums",
        "measure": "accuracy",
        "language": "sw",
        "value": x / n,
        "n": n,
        "successes": float(x),
        "samples": samples * 64,
        "run": run,
        "dataset": dataset,
        "model": model,
    }
    told = {"comity_evaluations": 1, "form": "inspect", "log_sha256": "0" * 64, "log_bytes": 3, "rows": [row]}
    path.write_text(json.dumps(told))
    return path


def test_a_log_is_told_with_its_intervals():
    done = run(LOG)
    assert done.exit_code == 1
    assert "sums_ar 0, ar: accuracy, by match(location=begin)" in done.output
    assert "0.333 (0.180 to 0.533), n = 24" in done.output
    assert "its standard error is 0" in done.output
    assert "models are not ranked" in done.output


def test_different_samples_are_put_together_and_the_same_are_not_counted_twice(tmp_path):
    one = own_form(tmp_path / "a.json", x=60, n=100, samples="a", run="1", dataset="d1")
    two = own_form(tmp_path / "b.json", x=80, n=100, samples="a", run="2", dataset="d1")
    three = own_form(tmp_path / "c.json", x=40, n=50, samples="b", run="3", dataset="d2")
    done = run(one, two, three)
    assert done.exit_code == 0
    assert "2 results on the same 100 samples: 0.700 (0.604 to 0.781), from 0.600 to 0.800" in done.output
    assert "All samples counted as one, as if one share held for all: 0.733" in done.output
    assert "Over 2 sets of samples" in done.output


def test_models_part_results_unless_all_are_of_one(tmp_path):
    one = own_form(tmp_path / "a.json", x=60, n=100, samples="a", run="1", dataset="d1", model="hf/x")
    two = own_form(tmp_path / "b.json", x=80, n=100, samples="b", run="2", dataset="d2", model="vllm/x")
    assert len(json.loads(run(one, two, "--json").output)["pools"]) == 2
    (pool,) = json.loads(run(one, two, "--json", "--one-model").output)["pools"]
    assert (pool["all_samples"]["n"], pool["over_sets"]["sets"], pool["over_sets"]["expected_low"]) == (200, 2, None)


def test_a_small_file_is_written_once_and_says_the_same(tmp_path):
    out = tmp_path / "small.json"
    assert run(LOG, "--out", out).exit_code == 1
    assert out.stat().st_size < 2000
    assert "PROMPT" not in out.read_text()
    first, again = json.loads(run(LOG, "--json").output), json.loads(run(out, "--json").output)
    assert first["files"][0]["sha256"] == again["files"][0]["sha256"]
    assert [r["value"] for p in first["pools"] for r in p["results"]] == [
        r["value"] for p in again["pools"] for r in p["results"]
    ]
    assert run(LOG, "--out", out).exit_code == 2
    assert run(LOG, LOG.with_name("sums.json"), "--out", tmp_path / "two.json").exit_code == 2


def test_a_language_is_for_logs_that_tell_none(tmp_path):
    assert ", ar:" in run(LOG, "--language", "sw").output
    assert run(LOG, "--language", "no language").exit_code == 2


def test_what_is_no_log_is_refused(tmp_path):
    bad = tmp_path / "x.json"
    bad.write_text('{"a": 1}')
    done = run(bad, "--json")
    assert done.exit_code == 2
    assert json.loads(done.output)["error"]["code"] == "bad-release-file"
    assert run(tmp_path / "none.eval").exit_code == 2
