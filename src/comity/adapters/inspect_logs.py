"""Read the results of Inspect, the AI Security Institutes' framework: ``.eval`` archives and ``.json`` logs of version 2.

Of an archive only ``header.json``, ``summaries.json`` and ``reductions.json`` are read, never the samples; of samples only ids, scores
and a digest of what was asked are kept. Checked against logs that inspect-ai 0.3.285 wrote.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from typing import TYPE_CHECKING, Any

from comity.adapters.evaluation_rows import (
    LANGUAGE,
    EvaluationRow,
    clean_text,
    count,
    digest_samples,
    finite,
    whole_count,
)
from comity.errors import BadReleaseFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VERSION = 2
SPREADS = frozenset({"stderr", "bootstrap_stderr", "std", "var", "bootstrap_std"})
"""Metrics that say how another one spreads; no figure of their own."""
MARKS = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
_PLAIN = re.compile(r"[A-Za-z0-9_./:=-]{1,40}")
_MOST_OPTIONS = 80
_DEEPEST = 6
_NEAR = 1e-6


def is_inspect(tree: Any, /) -> bool:
    """Tell whether data have the form of Inspect's log."""
    return isinstance(tree, dict) and isinstance(tree.get("eval"), dict) and "status" in tree


def rows_of_inspect(
    *, header: Mapping[str, Any], samples: Any, reductions: Any, file: str
) -> tuple[list[EvaluationRow], list[str]]:
    """Return the rows of a log, and the measures that had no figure.

    ``samples`` are the log's samples or their summaries, ``reductions`` the scores of each over epochs; None where it has none.
    Raises BadReleaseFile where the log is of another version, or its run did not end well.
    """
    if header.get("version") != VERSION:
        problem = f"it is version {clean_text(header.get('version'))[:20] or 'unknown'} of the form; {VERSION} is read"
        raise BadReleaseFile(file=file, where="version", problem=problem)
    status = clean_text(header.get("status"))
    if status != "success":
        problem = f'the run ended as "{status[:40]}"; results are taken from runs that ended with success'
        raise BadReleaseFile(file=file, where="status", problem=problem)
    if header.get("invalidated") is True:
        raise BadReleaseFile(file=file, where="invalidated", problem="whoever ran it declared this log invalid")
    results = _table(header, "results")
    rows: list[EvaluationRow] = []
    skipped: list[str] = []
    about = _about(header, results, samples)
    for score in _tables(results.get("scores")):
        values = _values(score, samples, reductions, epochs=about["epochs"])
        for row in _rows_of_score(score, about, values):
            if isinstance(row, str):
                skipped.append(row)
            else:
                rows.append(row)
    return rows, skipped


def tool_of(header: Mapping[str, Any], /) -> str:
    """Return the name and version of what wrote the log."""
    version = clean_text(_table(_table(header, "eval"), "packages").get("inspect_ai"), most=40)
    return f"inspect_ai {version}".strip()


def made_at_of(header: Mapping[str, Any], /) -> str:
    """Return when the run began, as the log says it."""
    return clean_text(_table(header, "eval").get("created"), most=40)


def _about(header: Mapping[str, Any], results: Mapping[str, Any], samples: Any, /) -> dict[str, Any]:
    spec = _table(header, "eval")
    dataset = _table(spec, "dataset")
    total, completed = count(results.get("total_samples")), count(results.get("completed_samples"))
    epochs = count(_table(spec, "config").get("epochs")) or 1
    ids = dataset.get("sample_ids")
    name = clean_text(dataset.get("name"))
    if isinstance(samples, list) and samples:
        digest = digest_samples({_asked(s) for s in _tables(samples)})
    elif isinstance(ids, list):
        digest = digest_samples({("id", name, str(i)) for i in ids if isinstance(i, str | int)})
    else:
        digest = ""
    return {
        "task": clean_text(spec.get("task")) or "unnamed",
        "task_version": clean_text(spec.get("task_version"), most=40),
        "model": clean_text(spec.get("model")),
        "dataset": name,
        "language": _language(header, spec),
        "samples": digest,
        "run": clean_text(spec.get("eval_id") or spec.get("run_id"), most=80),
        "of": count(dataset.get("samples")),
        "epochs": epochs,
        "failed": total - completed if total is not None and completed is not None and total >= completed else 0,
    }


def _rows_of_score(
    score: Mapping[str, Any], about: Mapping[str, Any], values: list[float], /
) -> Iterator[EvaluationRow | str]:
    """Yield the row of each metric, or the name of one that has no figure."""
    metrics = _table(score, "metrics")
    scorer = _scorer(score)
    reducer = clean_text(score.get("reducer"), most=40)
    n = count(score.get("scored_samples")) or (len(values) or None)
    unscored = count(score.get("unscored_samples")) or 0
    spread = next((m for m in ("stderr", "bootstrap_stderr") if m in metrics), "")
    error = finite(_table(metrics, spread).get("value")) if spread else None
    clustered = bool(spread and _table(_table(metrics, spread), "params").get("cluster"))
    for key in sorted(metrics):
        measure = clean_text(key, most=80)
        short = measure.rpartition("/")[2]
        if short in SPREADS:
            continue
        value = finite(_table(metrics, key).get("value"))
        if value is None:
            yield f"{scorer}: {measure}"
            continue
        told = {**about, "failed": about["failed"] + unscored, "scorer": scorer, "value": value, "n": n}
        told["measure"] = f"{measure} ({reducer})" if reducer and reducer != "mean" else measure
        if short in {"accuracy", "mean"}:
            told |= _interval(short, value, values, n=n, error=error, clustered=clustered, epochs=about["epochs"])
        yield EvaluationRow(**told)


def _interval(
    short: str,
    value: float,
    values: list[float],
    /,
    *,
    n: int | None,
    error: float | None,
    clustered: bool,
    epochs: int,
) -> dict[str, Any]:
    """Return counts where every sample succeeded or failed and none hangs on another; else the standard error."""
    fits = bool(values) and abs(math.fsum(values) / len(values) - value) <= _NEAR
    if short == "accuracy" and not clustered:
        if fits and all(v in {0.0, 1.0} for v in values):
            return {"n": len(values), "successes": float(sum(values)), "value": sum(values) / len(values)}
        whole = whole_count(value=value, n=n) if n and not values and epochs == 1 else None
        if whole is not None:
            return {"n": n, "successes": float(whole), "value": whole / (n or 1)}
    if error is None and fits and len(values) > 1:
        mean = math.fsum(values) / len(values)
        error = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1) / len(values))
    return {} if error is None or error < 0 else {"error": error, "n": len(values) if fits else n}


def _values(score: Mapping[str, Any], samples: Any, reductions: Any, /, *, epochs: int) -> list[float]:
    """Return the score of each sample; none where the log does not hold them, or one is no number."""
    name, scorer = score.get("name"), score.get("scorer")
    found: list[Any] = []
    for reduction in _tables(reductions):
        same = reduction.get("reducer") == score.get("reducer") or not score.get("reducer")
        if reduction.get("scorer") in {name, scorer} and same:
            found = [s.get("value") for s in _tables(reduction.get("samples"))]
            break
    else:
        if epochs == 1:
            for sample in _tables(samples):
                scores = _table(sample, "scores")
                given = scores.get(str(name), scores.get(str(scorer)))
                found.append(given.get("value") if isinstance(given, dict) else None)
    read = [_mark(v.get(str(name)) if isinstance(v, dict) else v) for v in found]
    return [v for v in read if v is not None] if None not in read else []


def _mark(value: Any, /) -> float | None:
    if isinstance(value, bool):
        return float(value)
    return MARKS.get(value) if isinstance(value, str) else finite(value)


def _asked(sample: Mapping[str, Any], /) -> tuple[str, ...]:
    """Return what tells a sample from another: its id, what was asked, what was expected. Only a digest of it is kept."""
    return (str(sample.get("id")), _words(sample.get("input")), _words(sample.get("target")))


def _words(value: Any, depth: int = 0, /) -> str:
    if depth > _DEEPEST:
        return ""
    if isinstance(value, dict):
        return _words(value.get("text", value.get("content")), depth + 1)
    if isinstance(value, list):
        return " ".join(_words(v, depth + 1) for v in value[:20])
    return " ".join(value.split()) if isinstance(value, str) else ""


def _scorer(score: Mapping[str, Any], /) -> str:
    """Return the scorer with its options, so that two ways of scoring do not pass for one; long options as a digest."""
    name = clean_text(score.get("scorer") or score.get("name"), most=80)
    told = clean_text(score.get("name"), most=80)
    options = score.get("params")
    if isinstance(options, dict) and options:
        plain = [f"{k}={v}" for k, v in sorted(options.items())]
        if all(_PLAIN.fullmatch(p) for p in plain) and len(", ".join(plain)) <= _MOST_OPTIONS:
            name = f"{name}({', '.join(plain)})"
        else:
            text = json.dumps(options, sort_keys=True, ensure_ascii=True, default=str)
            name = f"{name}(#{hashlib.sha256(text.encode()).hexdigest()[:8]})"
    return name if not told or name.startswith(told) else f"{name}: {told}"


def _language(header: Mapping[str, Any], spec: Mapping[str, Any], /) -> str:
    """Return the language that the log states, in metadata, arguments or a tag such as ``language:sw``; empty where it states none."""
    found: list[Any] = []
    for place in (spec.get("metadata"), header.get("metadata"), spec.get("task_args")):
        if isinstance(place, dict):
            found += [place.get("language"), place.get("lang")]
    for tag in [*_list(spec.get("tags")), *_list(header.get("tags"))]:
        before, parted, after = str(tag).partition(":")
        if parted and before.casefold() in {"language", "lang"}:
            found.append(after)
    return next((f for f in found if isinstance(f, str) and LANGUAGE.fullmatch(f)), "")


def _list(value: Any, /) -> list[Any]:
    return value if isinstance(value, list) else []


def _tables(value: Any, /) -> list[Mapping[str, Any]]:
    return [v for v in _list(value) if isinstance(v, dict)]


def _table(tree: Mapping[str, Any], name: str, /) -> Mapping[str, Any]:
    value = tree.get(name)
    return value if isinstance(value, dict) else {}
