"""Logs of evaluations are read for their figures alone, from files as the tools write them; hostile ones are refused by place."""

from __future__ import annotations

import copy
import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
import zstandard

from comity.adapters.evaluation_logs import read_evaluation_bytes, read_evaluation_file
from comity.adapters.evaluation_rows import MOST_ROWS, EvaluationRow, row_as_dict, write_evaluations
from comity.errors import BadReleaseFile, FileTooLarge, PathNotFound

LOGS = Path(__file__).parent / "logs"
ARCHIVE, TREE = LOGS / "sums.eval", json.loads((LOGS / "sums.json").read_text())
MOONSHOT = {
    "metadata": {"id": "run", "start_time": "2026-01-01", "end_time": "2026-01-02", "status": "completed"},
    "results": {
        "recipes": [
            {
                "id": "bbq",
                "details": [
                    {
                        "model_id": "our-model",
                        "dataset_id": "bbq-lite",
                        "prompt_template_id": "mcq",
                        "data": [
                            {"prompt": f"SECRET {i}", "predicted_result": "SECRET", "target": str(i)} for i in range(22)
                        ],
                        "metrics": [{"accuracy": 52.38095238095239, "grading_criteria": {"accuracy": 52.3}}],
                    }
                ],
            }
        ]
    },
}
MOONSHOT["results"]["recipes"][0]["details"][0]["metrics"][0]["accuracy"] = 100 * 11 / 22
ROBUSTNESS = {
    "gid": "aiverify.stock.robustness-toolbox",
    "cid": "robustness_toolbox",
    "version": "2.0.0",
    "start_time": "2026-01-01T00:00:00Z",
    "time_taken": 3.2,
    "test_arguments": {
        "testDataset": "file:///home/SECRET/data/loans.sav",
        "modelType": "classification",
        "mode": "upload",
        "modelFile": "C:\\SECRET\\loans.model",
    },
    "output": {
        "results": {
            "num_of_perturbed_samples": 250,
            "org_performance": 0.46,
            "perturbed_performance": 0.024,
            "num_of_failed_perturbed_samples": 0,
            "org_samples": [["SECRET", 1.0]],
        }
    },
}
FAIRNESS = {
    **ROBUSTNESS,
    "cid": "fairness_metrics_toolbox_for_classification",
    "output": {
        "sensitive_feature": ["gender"],
        "output_classes": [0, 1],
        "results": [{"Disparate Impact": [{"group": [1], "metric": 0.9}]}, {"Disparate Impact": []}],
    },
}


def read(tree, **more):
    return read_evaluation_bytes(content=json.dumps(tree).encode(), file="a.json", **more)


def changed(**parts):
    """The log of Inspect with other values, named by their path."""
    tree = copy.deepcopy(TREE)
    for path, value in parts.items():
        *above, last = path.split("__")
        place = tree
        for name in above:
            place = place[int(name) if name.isdigit() else name]
        place[last] = value
    return tree


def refused(tree, **more) -> BadReleaseFile:
    with pytest.raises(BadReleaseFile) as error:
        read(tree, **more)
    return error.value


def test_an_archive_that_inspect_wrote_gives_its_figures():
    held = read_evaluation_file(path=ARCHIVE)
    assert (held.form, held.tool, held.models, held.skipped) == (
        *("inspect", "inspect_ai 0.3.285"),
        *(("mockllm/model",), ()),
    )
    by_measure = {r.measure: r for r in held.rows}
    accuracy = by_measure["accuracy"]
    assert (accuracy.n, accuracy.successes, accuracy.of, accuracy.epochs, accuracy.failed) == (24, 8.0, 24, 2, 0)
    assert (accuracy.task, accuracy.language, accuracy.dataset) == ("sums_ar", "ar", "sums")
    assert accuracy.scorer == "match(location=begin)"
    assert (by_measure["mean"].successes, by_measure["mean"].n) == (None, 24)
    assert 0 <= (by_measure["mean"].error or 0) < 1e-9


def test_the_same_run_as_json_gives_the_same_rows():
    assert read_evaluation_file(path=LOGS / "sums.json").rows == read_evaluation_file(path=ARCHIVE).rows


@pytest.mark.parametrize("tree", [TREE, MOONSHOT, ROBUSTNESS, [ROBUSTNESS, FAIRNESS]])
def test_nothing_that_was_asked_or_answered_is_kept(tree):
    told = write_evaluations(read(tree))
    for said in ("PROMPT", "Default output", "secret answer", "SECRET", "/home", "C:"):
        assert said not in told


def test_our_own_form_says_the_same_again():
    held = read_evaluation_file(path=ARCHIVE)
    again = read_evaluation_bytes(content=write_evaluations(held).encode(), file="b.json")
    assert again == held


def test_moonshot_counts_prompts():
    (row,) = read(MOONSHOT).rows
    assert (row.task, row.dataset, row.model, row.measure) == ("bbq", "bbq-lite", "our-model", "accuracy")
    assert (row.n, row.successes, row.value) == (22, 11.0, 0.5)
    assert len(row.samples) == 64


def test_cookbooks_of_moonshot_are_read_by_recipe():
    tree = {**MOONSHOT, "results": {"cookbooks": [{"id": "c", "recipes": MOONSHOT["results"]["recipes"]}]}}
    assert read(tree).rows == read(MOONSHOT).rows


def test_ai_verify_gives_counts_and_disparities():
    rows = {r.measure: r for r in read([ROBUSTNESS, FAIRNESS]).rows}
    assert (rows["performance, original samples"].successes, rows["performance, original samples"].n) == (115.0, 250)
    assert rows["performance, perturbed samples"].successes == 6.0
    unfair = rows["Disparate Impact, class 0, gender=1"]
    assert (unfair.value, unfair.n, unfair.error, unfair.dataset) == (0.9, None, None, "loans.sav")


def test_clustered_samples_are_no_independent_trials():
    tree = changed(results__scores__0__metrics__stderr={"value": 0.2, "params": {"cluster": "topic"}})
    row = next(r for r in read(tree).rows if r.measure == "accuracy")
    assert (row.successes, row.error) == (None, 0.2)


def test_scores_in_between_are_a_mean_and_no_count():
    tree = copy.deepcopy(TREE)
    for scored in tree["reductions"][0]["samples"]:
        scored["value"] = scored["value"] / 2
    tree["results"]["scores"][0]["metrics"]["accuracy"]["value"] /= 2
    del tree["results"]["scores"][0]["metrics"]["stderr"]
    row = next(r for r in read(tree).rows if r.measure == "accuracy")
    assert row.successes is None
    assert row.error == pytest.approx(0.0491, abs=1e-4)


def test_a_log_without_samples_counts_by_its_header():
    tree = changed(results__scores__0__scored_samples=24)
    tree["eval"]["config"]["epochs"] = 1
    del tree["samples"], tree["reductions"]
    row = next(r for r in read(tree).rows if r.measure == "accuracy")
    assert (row.n, row.successes) == (24, 8.0)
    assert row.samples != read(TREE).rows[0].samples


def test_few_samples_leave_no_digest_that_could_be_guessed():
    tree = changed(samples=TREE["samples"][:4])
    assert {r.samples for r in read(tree).rows} == {""}


def test_samples_without_a_score_make_a_run_incomplete():
    tree = changed(results__scores__0__unscored_samples=3)
    row = next(r for r in read(tree).rows if r.measure == "accuracy")
    assert row.failed == 3
    assert not row.as_result(id="a", source="m").complete


def test_a_figure_that_is_none_is_named_and_left_out():
    text = json.dumps(TREE).replace('"value": 0.3333333333333333', '"value": NaN', 1)
    held = read_evaluation_bytes(content=text.encode(), file="a.json")
    assert held.skipped == ("match(location=begin): accuracy",)
    assert [r.measure for r in held.rows] == ["mean"]


@pytest.mark.parametrize(
    "parts,where",
    [
        ({"version": 1}, "version"),
        ({"version": "2"}, "version"),
        ({"status": "error"}, "status"),
        ({"status": "cancelled"}, "status"),
        ({"status": {"a": 1}}, "status"),
        ({"invalidated": True}, "invalidated"),
        ({"results": None}, "results"),
        ({"results__scores": {}}, "results"),
        ({"results__scores": ["accuracy", 3, None]}, "results"),
        ({"results__scores__0__metrics": [], "results__scores__1__metrics": "no"}, "results"),
    ],
)
def test_a_log_that_is_no_result_is_refused_by_its_place(parts, where):
    assert refused(changed(**parts)).data["where"] == where


@pytest.mark.parametrize(
    "parts",
    [
        {"samples": "none"},
        {"samples": [1, None, {"id": {"a": 1}, "input": [[[{"text": 3}]]], "target": 3}]},
        {"reductions": [{"scorer": "match", "samples": [{"value": {"match": "C"}}, {"value": "odd"}]}]},
        {"eval__dataset": 7, "eval__config": [], "eval__packages": None, "eval__metadata": 3, "eval__tags": "x"},
        {"eval__task_version": {"x": 1}, "eval__task": 10**400, "eval__model": "\u202e" * 900},
        {"results__scores__0__metrics__stderr": {"value": -1}},
        {"results__scores__0__params": {"template": "x" * 100_000}},
        {"results__total_samples": -4, "results__completed_samples": 1e9},
    ],
)
def test_strange_values_never_break_the_reading(parts):
    for row in read(changed(**parts)).rows:
        assert all(len(str(v)) <= 300 for v in row_as_dict(row).values())
        assert "\u202e" not in row.model


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"[]", b"{}", b"null", b"3", b"\xff\xfe{}", b"{", b'{"eval": {}, "eval": {}, "status": 1}'),
        *(
            b"[" * 100_000,
            b'{"a":' * 100_000,
            b'{"version": ' + b"9" * 10_000 + b"}",
            b"PK\x03\x04",
            b"PK\x03\x04" * 99,
        ),
        *(b'{"gid": 1, "cid": 2, "output": 3, "test_arguments": 4}', b'{"metadata": 1, "results": {"recipes": 3}}'),
    ],
)
def test_what_is_no_log_is_refused(content):
    with pytest.raises(BadReleaseFile):
        read_evaluation_bytes(content=content, file="a.json")


def test_a_missing_file_and_a_large_one_are_refused(tmp_path):
    with pytest.raises(PathNotFound):
        read_evaluation_file(path=tmp_path / "none.eval")
    with pytest.raises(FileTooLarge):
        read(TREE, most_json=1000)


def members(**parts) -> bytes:
    """An archive as Inspect writes it, with other members."""
    made = io.BytesIO()
    with zipfile.ZipFile(ARCHIVE) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        held = {"header.json": json.dumps({k: v for k, v in TREE.items() if k != "samples"}).encode()}
        assert "header.json" in old.namelist()
        for name, content in {**held, **{f"{n}.json": c for n, c in parts.items()}}.items():
            if content is not None:
                new.writestr(name, content)
    return made.getvalue()


def archive_refused(content: bytes, **more) -> str:
    with pytest.raises(BadReleaseFile) as error:
        read_evaluation_bytes(content=content, file="a.eval", **more)
    return str(error.value)


def test_an_archive_of_a_run_that_had_not_ended_is_refused():
    assert "its run had not ended" in archive_refused(members(header=None, summaries=b"[]"))


def test_a_bomb_is_not_unpacked():
    assert "larger than 64 MB" in archive_refused(members(summaries=bytes(80_000_000)))


def test_a_bomb_that_lies_about_its_size_is_cut_off():
    content = bytearray(members(summaries=bytes(70_000_000)))
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 24, 100)
    assert "summaries.json" in archive_refused(bytes(content))


def zstandard_archive(name: str, packed: bytes, content: bytes) -> bytes:
    """An archive by hand with one member in Zstandard."""
    crc, raw = zlib.crc32(content), name.encode()
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 63, 0, 93, 0, 33, crc, len(packed), 100, len(raw), 0) + raw
    entry = (
        struct.pack(
            *("<4s6H3L5H2L", b"PK\x01\x02", 63, 63, 0, 93, 0, 33, crc, len(packed), 100, len(raw)),
            *(0, 0, 0, 0, 0, 0),
        )
        + raw
    )
    body = local + packed
    return body + entry + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(body), 0)


def test_zstandard_in_several_frames_is_read_and_a_bomb_of_it_is_cut_off():
    header = json.dumps({k: v for k, v in TREE.items() if k != "samples"}).encode()
    pack = zstandard.ZstdCompressor().compress
    frames = pack(header[:1000]) + pack(header[1000:])
    assert len(read_evaluation_bytes(content=zstandard_archive("header.json", frames, header), file="a").rows) == 2
    assert "cannot be read" in archive_refused(zstandard_archive("header.json", frames, b"other"))
    assert "cannot be read" in archive_refused(zstandard_archive("header.json", frames[:-9], header))
    bomb = pack(bytes(70_000_000))
    assert len(bomb) < 10_000
    assert "larger than 64 MB" in archive_refused(zstandard_archive("header.json", bomb, b""))


def test_a_name_that_stands_twice_in_an_archive_is_refused():
    made = io.BytesIO(members())
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("header.json", b"{}")
    assert "twice" in archive_refused(made.getvalue())


def test_a_directory_that_would_fill_the_memory_is_not_read():
    content = bytearray(members())
    struct.pack_into("<L", content, len(content) - 22 + 12, 2**31)
    assert "too many members" in archive_refused(bytes(content))


@pytest.mark.parametrize(
    "field,value",
    [
        *(("value", "0.5"), ("value", None), ("n", -1), ("n", True), ("samples", "abc"), ("language", "x y")),
        *(("successes", 9), ("error", -1), ("task", "a\u202eb"), ("task", ""), ("strange", 1), ("model", "x" * 300)),
        ("value", 0.9),
    ],
)
def test_a_row_of_our_form_that_does_not_hold_is_refused(field, value):
    good = row_as_dict(EvaluationRow(task="t", measure="accuracy", value=0.5, n=8, successes=4.0))
    told = {
        "comity_evaluations": 1,
        "form": "inspect",
        "log_sha256": "0" * 64,
        "log_bytes": 3,
        "rows": [{**good, field: value}],
    }
    assert "number 1" in refused(told).data["where"]


def test_a_file_with_too_many_figures_is_refused():
    row = {"task": "t", "measure": "m", "value": 1.0}
    told = {"comity_evaluations": 1, "form": "inspect", "log_sha256": "0" * 64, "log_bytes": 3}
    assert str(MOST_ROWS) in str(refused({**told, "rows": [row] * (MOST_ROWS + 1)}))
    assert refused({**told, "rows": []}).data["where"] == "results"


def nested(depth: int) -> object:
    found: object = "x"
    for _ in range(depth):
        found = [found]
    return found


def test_depth_in_a_place_that_is_read_ends_nothing():
    tree = changed(results__scores__0__params={"template": nested(300)}, samples__0__input=nested(300))
    assert len(read(tree).rows) == 2


@pytest.mark.parametrize("depth", [900, 950, 980, 5000])
def test_depth_at_the_edge_of_what_python_reads_is_refused_or_read(depth):
    text = json.dumps(changed(results__scores__0__params={"template": "HERE"}))
    content = text.replace('"HERE"', "[" * depth + "]" * depth).encode()
    try:
        found = len(read_evaluation_bytes(content=content, file="a.json").rows)
    except BadReleaseFile:
        found = 2
    assert found == 2


def test_many_small_values_are_refused_before_they_fill_the_memory():
    content = b'{"version": 2, "status": "success", "eval": {}, "x": [' + b"[]," * 400_000 + b"[]]}"
    with pytest.raises(BadReleaseFile, match="more than 1000 values"):
        read_evaluation_bytes(content=content, file="a.json", most_values=1000)
