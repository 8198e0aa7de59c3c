"""What evaluations of one release say, each figure with its interval, and together only where that is sound.

Norms: Wilson (1927) for shares; random effects in ``random_effects``. Two runs on the same samples are one set of samples looked at
twice, not twice as many samples. What may not be put together is left out, and named with its reason. Nothing is weighted by who
measured, and there is no overall mark: results of different tasks, languages or measures never meet.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import ndtri, stdtrit

from comity.engines.commons.random_effects import RandomEffects, combine_sets
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEVEL = 0.95
NO_SPREAD = 1e-9
Reason = Literal["copy", "incomplete", "no-interval", "no-spread", "samples-unknown", "may-overlap"]
REASONS: dict[Reason, str] = {
    "copy": "it is the same run as another result here, and counts once",
    "incomplete": "the run did not end, or left samples out because of errors",
    "no-interval": "the file gives neither counts nor a standard error",
    "no-spread": "its standard error is 0, so that it would outweigh all others",
    "samples-unknown": "the file does not tell which samples were used, so they may be those of another result",
    "may-overlap": "it has other samples of a data set of which a larger set is here, and may share some with it",
}
"""Why a result is not put together with others."""


@dataclass(frozen=True, slots=True)
class Result:
    """One figure of one run. A share has ``successes`` of ``n`` samples; a mean has ``error``, its standard error; with neither
    there is no interval.

    ``source`` is who measured. ``samples`` is a digest of the samples that were used and ``dataset`` their data set's name, ``run``
    the run's own id: empty where the file does not tell. ``language`` is a BCP 47 tag, or empty. ``model`` parts results of one model
    from those of another; leave it empty where all are known to be of one.
    """

    id: str
    source: str
    task: str
    measure: str
    value: float
    model: str = ""
    language: str = ""
    task_version: str = ""
    scorer: str = ""
    dataset: str = ""
    samples: str = ""
    run: str = ""
    n: int | None = None
    successes: float | None = None
    error: float | None = None
    complete: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """What must be equal for results to be put together."""
        kind = "share" if self.successes is not None else "mean"
        return (self.task, self.task_version, self.language, self.measure, self.scorer, kind, self.model)


@dataclass(frozen=True, slots=True)
class SampleSet:
    """Results on the same samples, as one: ``value`` is their mean, ``results`` their ids, ``sources`` who measured.

    The interval is that of one look at ``n`` samples: looking again at the same samples adds none. ``least`` and ``most`` are the
    smallest and greatest value among them.
    """

    samples: str
    dataset: str
    results: tuple[str, ...]
    sources: tuple[str, ...]
    n: int | None
    value: float
    successes: float | None
    error: float | None
    low: float
    high: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Together:
    """All samples of all sets counted as one, as if one share held for all.

    Where sets differ, its interval is far too narrow: simulated, it held the mean share in 22 to 63 of 100 cases (benchmarks/evaluations.py).
    """

    n: int
    successes: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pool:
    """Results of one model that measure the same: sets of samples, all samples together (shares alone), and sets as a sample of sets.

    Simulated, the interval of ``across`` held the mean share in 95 to 100 of 100 cases, and another set fell where it is expected in 90
    to 100 (2 to 10 sets of 30 to 400 samples; benchmarks/evaluations.py).

    ``across`` is on the scale of the values: for a share, its mean and bounds were computed as log odds and turned back, and ``tau2``
    stays of log odds. None with fewer than two sets. ``left_out`` names results with the reason.
    """

    task: str
    task_version: str
    language: str
    measure: str
    scorer: str
    kind: Literal["share", "mean"]
    model: str
    sets: tuple[SampleSet, ...]
    together: Together | None
    across: RandomEffects | None
    left_out: tuple[tuple[str, Reason], ...]


def bound_share(*, successes: float, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Return Wilson's interval for a share. ``successes`` may be a mean of counts. Raises BadParameter.

    >>> low, high = bound_share(successes=0, n=10)
    >>> round(low, 3), round(high, 3)
    (0.0, 0.278)
    """
    if n < 1 or not 0 <= successes <= n:
        raise BadParameter(name="successes", found=successes, allowed=f"0 to n, which is {n} and must be 1 or more")
    z = float(ndtri(0.5 + level / 2))
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (max(0.0, middle - reach) if successes else 0.0, min(1.0, middle + reach) if successes < n else 1.0)


def bound_mean(*, value: float, error: float, n: int | None, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of a mean by Student's t; by the normal curve where the number of samples is not known."""
    if error < 0 or not math.isfinite(error) or not math.isfinite(value):
        raise BadParameter(name="error", found=error, allowed="a number of 0 or more")
    reach = float(ndtri(0.5 + level / 2) if n is None or n < 2 else stdtrit(n - 1, 0.5 + level / 2))  # noqa: PLR2004  (t needs two)
    return value - reach * error, value + reach * error


def bound_result(result: Result, /) -> tuple[float, float] | None:
    """Return the 95% interval of a result; None where the file gives neither counts nor a standard error, or one of 0."""
    if result.successes is not None and result.n:
        return bound_share(successes=result.successes, n=result.n)
    if result.error is not None and not _has_no_spread(result):
        return bound_mean(value=result.value, error=result.error, n=result.n)
    return None


def _has_no_spread(result: Result, /) -> bool:
    return (
        result.successes is None
        and result.error is not None
        and result.error <= NO_SPREAD * max(1.0, abs(result.value))
    )


def pool_results(results: Iterable[Result], /) -> tuple[Pool, ...]:
    """Return the pools of results that measure the same, by task, version, language, measure and scorer. Ids must differ.

    >>> one = Result(id="a", source="m1", task="sums", measure="accuracy", value=0.8, n=10, successes=8, samples="s", run="r1")
    >>> two = Result(id="b", source="m2", task="sums", measure="accuracy", value=0.6, n=10, successes=6, samples="s", run="r2")
    >>> (pool,) = pool_results([two, one])
    >>> pool.together.n, pool.sets[0].sources, pool.across
    (10, ('m1', 'm2'), None)
    """
    rows = sorted(results, key=lambda r: r.id)
    if len({r.id for r in rows}) < len(rows):
        raise BadParameter(name="results", found="one id twice", allowed="an id of its own for each")
    groups: dict[tuple[str, ...], list[Result]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    return tuple(_pool(groups[key]) for key in sorted(groups))


def _pool(rows: Sequence[Result], /) -> Pool:
    kept, left = _sift(rows)
    sets, overlapping = _largest_of_each([_one_set(held) for held in _by_samples(kept)])
    left += [(i, "may-overlap") for s in overlapping for i in s.results]
    first = rows[0]
    shares = first.successes is not None
    return Pool(
        task=first.task,
        task_version=first.task_version,
        language=first.language,
        measure=first.measure,
        scorer=first.scorer,
        kind="share" if shares else "mean",
        model=first.model,
        sets=tuple(sets),
        together=_count_together(sets) if shares and sets else None,
        across=_across(sets, shares=shares) if len(sets) > 1 else None,
        left_out=tuple(sorted(left)),
    )


def _sift(rows: Sequence[Result], /) -> tuple[list[Result], list[tuple[str, Reason]]]:
    """Part what may be put together from what may not, each by its first reason."""
    left: list[tuple[str, Reason]] = []
    kept: list[Result] = []
    runs: set[str] = set()
    for row in rows:
        reason: Reason | None = None
        if row.run and row.run in runs:
            reason = "copy"
        elif not row.complete:
            reason = "incomplete"
        elif _has_no_spread(row):
            reason = "no-spread"
        elif bound_result(row) is None:
            reason = "no-interval"
        if reason:
            left.append((row.id, reason))
            continue
        runs.add(row.run)
        kept.append(row)
    if len(kept) > 1:
        left += [(r.id, "samples-unknown") for r in kept if not r.samples]
        kept = [r for r in kept if r.samples]
    return kept, left


def _by_samples(rows: Sequence[Result], /) -> list[list[Result]]:
    found: dict[str, list[Result]] = {}
    for row in rows:
        found.setdefault(row.samples, []).append(row)
    return [found[digest] for digest in sorted(found)]


def _one_set(rows: Sequence[Result], /) -> SampleSet:
    value = math.fsum(r.value for r in rows) / len(rows)
    counts = [r.n for r in rows if r.n is not None]
    n = min(counts) if counts else None
    successes = error = None
    if rows[0].successes is not None and n is not None:
        value = math.fsum((r.successes or 0) / (r.n or 1) for r in rows) / len(rows)
        successes = min(float(n), value * n)
        low, high = bound_share(successes=successes, n=n)
    else:
        # The error of a mean of like results is at most the mean of their errors.
        error = math.fsum(r.error or 0.0 for r in rows) / len(rows)
        low, high = bound_mean(value=value, error=error, n=n)
    return SampleSet(
        samples=rows[0].samples,
        dataset=rows[0].dataset,
        results=tuple(r.id for r in rows),
        sources=tuple(sorted({r.source for r in rows})),
        n=n,
        value=value,
        successes=successes,
        error=error,
        low=low,
        high=high,
        least=min(r.value for r in rows),
        most=max(r.value for r in rows),
    )


def _largest_of_each(sets: Sequence[SampleSet], /) -> tuple[list[SampleSet], list[SampleSet]]:
    """Keep the largest set of samples of each data set, never by its value: others of the same data set may share samples with it."""
    by_size = sorted(sets, key=lambda s: (-(s.n or 0), s.samples))
    kept: dict[str, SampleSet] = {}
    left = [s for s in by_size if kept.setdefault(s.dataset, s) is not s]
    return sorted(kept.values(), key=lambda s: (s.dataset, s.samples)), left


def _count_together(sets: Sequence[SampleSet], /) -> Together:
    n = sum(s.n or 0 for s in sets)
    successes = math.fsum(s.successes or 0.0 for s in sets)
    low, high = bound_share(successes=successes, n=n)
    return Together(n=n, successes=successes, value=successes / n, low=low, high=high)


def _across(sets: Sequence[SampleSet], /, *, shares: bool) -> RandomEffects:
    if not shares:
        return combine_sets(values=[s.value for s in sets], variances=[(s.error or 0.0) ** 2 for s in sets])
    # Half a sample on either side keeps log odds finite where all or none succeeded.
    hits = np.array([s.successes or 0.0 for s in sets])
    misses = np.array([(s.n or 0) - (s.successes or 0.0) for s in sets])
    edge = np.where((hits < NO_SPREAD) | (misses < NO_SPREAD), 0.5, 0.0)
    hits, misses = hits + edge, misses + edge
    found = combine_sets(values=list(np.log(hits / misses)), variances=list(1 / hits + 1 / misses))
    return RandomEffects(
        sets=found.sets,
        mean=_share_of(found.mean),
        error=found.error,
        low=_share_of(found.low),
        high=_share_of(found.high),
        tau2=found.tau2,
        i2=found.i2,
        q=found.q,
        q_p=found.q_p,
        expected_low=None if found.expected_low is None else _share_of(found.expected_low),
        expected_high=None if found.expected_high is None else _share_of(found.expected_high),
    )


def _share_of(log_odds: float, /) -> float:
    return 1 / (1 + math.exp(-log_odds)) if log_odds >= 0 else math.exp(log_odds) / (1 + math.exp(log_odds))
