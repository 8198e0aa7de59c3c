"""Read the results of Project Moonshot, of recipes and cookbooks, and of AI Verify's tests of robustness and fairness.

Moonshot's figures are percentages of prompts; only their number, a digest of what was asked, and the figures are kept. AI Verify's
files hold samples of data: none of them is read. Forms: moonshot 0.4 to 0.7; AI Verify's schema of test results, of version 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.adapters.evaluation_rows import EvaluationRow, clean_text, count, digest_samples, finite, whole_count
from comity.errors import BadReleaseFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHARES = frozenset({"accuracy", "exact_str_match", "relax_str_match", "attack_success_rate", "refusal_rate"})
"""Metrics of Moonshot that are percentages of prompts."""
PERCENT = 100
_ROBUSTNESS = "robustness_toolbox"
_FAIRNESS = "fairness_metrics_toolbox_for_classification"


def is_moonshot(tree: Any, /) -> bool:
    """Tell whether data have the form of Moonshot's results."""
    results = tree.get("results") if isinstance(tree, dict) else None
    return isinstance(results, dict) and ("recipes" in results or "cookbooks" in results) and "metadata" in tree


def rows_of_moonshot(*, tree: Mapping[str, Any], file: str) -> list[EvaluationRow]:
    """Return the rows of Moonshot's results. Raises BadReleaseFile where the run was not completed."""
    about = _table(tree, "metadata")
    status = clean_text(about.get("status"))
    if status != "completed":
        problem = f'the run is "{status[:40]}"; results are taken from runs that were completed'
        raise BadReleaseFile(file=file, where="status", problem=problem)
    run = f"{clean_text(about.get('id'), most=80)} {clean_text(about.get('start_time'), most=40)}".strip()
    results = _table(tree, "results")
    recipes = _tables(results.get("recipes"))
    for cookbook in _tables(results.get("cookbooks")):
        recipes += _tables(cookbook.get("recipes"))
    return [row for recipe in recipes for row in _rows_of_recipe(recipe, run, _part(about))]


def _part(about: Mapping[str, Any], /) -> float | None:
    return finite(about.get("prompt_selection_percentage"))


def _rows_of_recipe(recipe: Mapping[str, Any], run: str, part: float | None, /) -> Iterator[EvaluationRow]:
    for detail in _tables(recipe.get("details")):
        data = _tables(detail.get("data"))
        model, dataset = clean_text(detail.get("model_id")), clean_text(detail.get("dataset_id"))
        told: dict[str, Any] = {
            "task": clean_text(recipe.get("id")) or "unnamed",
            "model": model,
            "dataset": dataset,
            "scorer": clean_text(detail.get("prompt_template_id")),
            "samples": digest_samples({(_words(d.get("prompt")), _words(d.get("target"))) for d in data}),
            "run": f"{run} {model}"[:200] if run else "",
            "n": len(data) or None,
            "of": len(data) if part == PERCENT else None,
        }
        for metrics in _tables(detail.get("metrics")):
            for name in sorted(metrics):
                value = finite(metrics[name])
                if value is not None:
                    yield _moonshot_row(told, clean_text(name, most=80), value, len(data))


def _moonshot_row(told: Mapping[str, Any], measure: str, value: float, n: int, /) -> EvaluationRow:
    whole = whole_count(value=value / PERCENT, n=n) if n and measure in SHARES else None
    if whole is None:
        return EvaluationRow(**told, measure=measure, value=value)
    return EvaluationRow(**told, measure=measure, value=whole / n, successes=float(whole))


def is_ai_verify(tree: Any, /) -> bool:
    """Tell whether data have the form of AI Verify's test results: one, or a list of them."""
    one = tree[0] if isinstance(tree, list) and tree else tree
    return isinstance(one, dict) and {"gid", "cid", "output", "test_arguments"} <= set(one)


def rows_of_ai_verify(*, tree: Any, file: str) -> list[EvaluationRow]:
    """Return the rows of AI Verify's test results. Raises BadReleaseFile for a test of which no figure is collected."""
    rows: list[EvaluationRow] = []
    for number, test in enumerate(tree if isinstance(tree, list) else [tree], 1):
        if not is_ai_verify(test):
            raise BadReleaseFile(file=file, where=f"test {number}", problem="it is no test result of AI Verify")
        cid = clean_text(test["cid"], most=80)
        given = _table(test, "test_arguments")
        output = _table(test, "output")
        told: dict[str, Any] = {
            "task": cid,
            "task_version": clean_text(test.get("version"), most=40),
            "model": _last(given.get("modelFile")),
            "dataset": _last(given.get("testDataset")),
            "run": f"{clean_text(test['gid'], most=80)} {cid} {clean_text(test.get('start_time'), most=40)}".strip(),
        }
        if cid.removeprefix("aiverify_") == _ROBUSTNESS:
            rows += _rows_of_robustness(_table(output, "results"), told, given.get("modelType") == "classification")
        elif cid.removeprefix("aiverify_") == _FAIRNESS:
            rows += _rows_of_fairness(output, told)
        else:
            problem = "of AI Verify, the tests of robustness and of fairness in classification are collected"
            raise BadReleaseFile(file=file, where=f"cid {cid[:60]}", problem=problem)
    return rows


def _rows_of_robustness(
    results: Mapping[str, Any],
    told: Mapping[str, Any],
    shares: bool,  # noqa: FBT001  (a classification's performance is a share)
    /,
) -> Iterator[EvaluationRow]:
    n = count(results.get("num_of_perturbed_samples")) or None
    failed = count(results.get("num_of_failed_perturbed_samples"))
    for name, measure in (
        ("org_performance", "performance, original samples"),
        ("perturbed_performance", "performance, perturbed samples"),
    ):
        value = finite(results.get(name))
        if value is None:
            continue
        whole = whole_count(value=value, n=n) if n and shares else None
        if whole is None or n is None:
            yield EvaluationRow(**told, measure=measure, value=value, n=n, failed=failed)
        else:
            yield EvaluationRow(**told, measure=measure, value=whole / n, n=n, failed=failed, successes=float(whole))


def _rows_of_fairness(output: Mapping[str, Any], told: Mapping[str, Any], /) -> Iterator[EvaluationRow]:
    classes = output.get("output_classes")
    features = output.get("sensitive_feature")
    names = [clean_text(f, most=40) for f in features] if isinstance(features, list) else []
    for number, by_measure in enumerate(_tables(output.get("results"))):
        label = clean_text(classes[number], most=40) if isinstance(classes, list) and number < len(classes) else ""
        for measure in sorted(by_measure):
            for group in _tables(by_measure[measure]):
                value = finite(group.get("metric"))
                if value is None:
                    continue
                members = group.get("group")
                parts = [clean_text(g, most=40) for g in members] if isinstance(members, list) else []
                who = ", ".join(f"{f}={g}" for f, g in zip(names, parts, strict=False))
                said = f"{clean_text(measure, most=60)}, class {label or number}" + (f", {who}" if who else "")
                yield EvaluationRow(**told, measure=said[:200], value=value)


def _last(value: Any, /) -> str:
    """Return the last part of an address: the folders before it may name a machine or a person."""
    return clean_text(value).replace("\\", "/").rstrip("/").rpartition("/")[2]


def _words(value: Any, /) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _tables(value: Any, /) -> list[Mapping[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _table(tree: Mapping[str, Any], name: str, /) -> Mapping[str, Any]:
    value = tree.get(name)
    return value if isinstance(value, dict) else {}
