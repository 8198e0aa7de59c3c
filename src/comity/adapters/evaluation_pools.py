"""Pools of evaluations as plain data, for JSON, and as rows of a table, for CSV."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from comity.engines.commons.evaluations import bound_result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from comity.engines.commons.evaluations import Pool, Result

PLACES = 9
HEADER = (
    *("task", "task_version", "language", "measure", "scorer", "source", "value", "low", "high", "n", "successes"),
    *("standard_error", "dataset", "samples_sha256", "put_together", "why_not"),
)


def pool_as_dict(pool: Pool, /, *, results: Mapping[str, Result]) -> dict[str, Any]:
    """Return a pool with its results, whose ids are the keys of ``results``; figures to nine places."""
    left = dict(pool.left_out)
    ids = sorted({i for s in pool.sets for i in s.results} | set(left))
    told: dict[str, Any] = _rounded(
        {
            "model": pool.model,
            "task": pool.task,
            "task_version": pool.task_version,
            "language": pool.language,
            "measure": pool.measure,
            "scorer": pool.scorer,
            "kind": pool.kind,
            "results": [_result_as_dict(results[i], left.get(i)) for i in ids],
            "sets_of_samples": [asdict(s) for s in pool.sets],
            "all_samples": asdict(pool.together) if pool.together else None,
            "over_sets": asdict(pool.across) if pool.across else None,
        }
    )
    return told


def result_rows(pools: Iterable[Pool], /, *, results: Mapping[str, Result]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows under ``HEADER``, one a result; an empty cell is not known."""
    for pool in pools:
        left = dict(pool.left_out)
        for key in sorted({i for s in pool.sets for i in s.results} | set(left)):
            r = results[key]
            low, high = bound_result(r) or ("", "")
            yield (
                *(pool.task, pool.task_version, pool.language, pool.measure, pool.scorer, r.source),
                *(_rounded(r.value), _rounded(low), _rounded(high), _blank(r.n), _blank(r.successes), _blank(r.error)),
                *(r.dataset, r.samples, "no" if key in left else "yes", left.get(key, "")),
            )


def _result_as_dict(result: Result, reason: str | None, /) -> dict[str, Any]:
    bounds = bound_result(result)
    told = asdict(result)
    for name in ("model", "task", "task_version", "language", "measure", "scorer"):
        del told[name]
    return {**told, "low": bounds[0] if bounds else None, "high": bounds[1] if bounds else None, "left_out": reason}


def _blank(value: float | None, /) -> Any:
    return "" if value is None else _rounded(value)


def _rounded(value: Any, /) -> Any:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return round(value, PLACES) if isinstance(value, float) else value
