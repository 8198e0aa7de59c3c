"""Learn the weights of signals from a gold set, and report what they are worth on queries held out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.engines.alignment.evaluation import Ranking

SEED = 7
MEASURES = ("recall@10", "ndcg@10", "mrr")


def learn_weights(
    *, given: Mapping[str, Any], gold: Mapping[tuple[str, str], int]
) -> tuple[tuple[Ranking, ...], dict[str, Any]]:
    """Return the rankings of queries held out, and what was learned, as the command prints it.

    ``given`` are the arguments of rank_candidates. Queries without a counterpart teach and measure nothing, and are left out.
    """
    import numpy as np

    from comity.engines.alignment.calibration import hold_out_probabilities, tabulate_reliability
    from comity.engines.alignment.evaluation import COUNTERPART, compare_passages, measure_each, rank_by_scores
    from comity.engines.alignment.learning import compare_paired, group_of, learn_nested
    from comity.engines.alignment.signals import NAMES, join_signals

    places = sorted(range(len(given["candidates"])), key=lambda i: given["candidates"][i].id)
    candidates = [given["candidates"][i] for i in places]
    has_hit = {q for (q, _), grade in gold.items() if grade == COUNTERPART}
    asked = sorted((i for i, q in enumerate(given["queries"]) if q.id in has_hit), key=lambda i: given["queries"][i].id)
    queries = [given["queries"][i] for i in asked]
    signals = compare_passages(
        queries=queries,
        candidates=candidates,
        vectors=(given["query_vectors"][asked], given["candidate_vectors"][places]),
        languages=given["languages"],
        reference=given["reference"],
        stem=given["stem"],
    )
    hits = np.asarray([[gold.get((q.id, c.id), 0) == COUNTERPART for c in candidates] for q in queries], dtype=float)
    groups = [group_of(q.id) for q in queries]

    def rank(scores: Any) -> tuple[Ranking, ...]:
        return rank_by_scores(
            queries=queries,
            candidates=candidates,
            scores=np.where(signals.known, scores, signals.words_alone),
            known=signals.known,
        )

    def judge(scores: Any) -> Any:
        return measure_each(rankings=rank(scores), gold=gold)[:, :2].sum(axis=1)

    learned = learn_nested(signals=signals.values, hits=hits, groups=groups, judge=judge, seed=SEED)
    rankings = rank(learned.held_out)
    ours = measure_each(rankings=rankings, gold=gold)
    alone = {name: measure_each(rankings=rank(signals.values[..., k]), gold=gold) for k, name in enumerate(NAMES)}
    against = max(alone, key=lambda name: (round(float(alone[name][:, :2].sum(axis=1).mean()), 9), name))
    intervals = {
        measure: [round(x, 4) for x in compare_paired(a=ours[:, k], b=alone[against][:, k], seed=SEED)]
        for k, measure in enumerate(MEASURES)
    }
    scores = np.where(signals.known, learned.held_out, signals.words_alone)
    said = hold_out_probabilities(scores=scores, hits=hits, groups=groups)
    return rankings, {
        "weights": {name: round(w, 2) for name, w in zip(NAMES, learned.weights, strict=True)},
        "ridge": learned.ridge,
        "ridges_chosen": list(learned.chosen),
        "groups": len(set(groups)),
        "single": {
            name: {m: round(float(rows[:, k].mean()), 4) for k, m in enumerate(MEASURES)}
            for name, rows in alone.items()
        },
        "shipped": {
            m: round(float(x), 4)
            for m, x in zip(
                MEASURES,
                measure_each(rankings=rank(join_signals(signals=signals)), gold=gold).mean(axis=0),
                strict=True,
            )
        },
        "best_single": against,
        "difference": intervals,
        "probability_of": "the judgments name the candidate as a counterpart of the query (grade 2)",
        "reliability": [
            {
                "from": b.low,
                "to": b.high,
                "pairs": b.pairs,
                "said": round(b.said, 4),
                "right": round(b.right, 4),
            }
            for b in tabulate_reliability(probabilities=said[signals.counted], hits=hits[signals.counted])
        ],
    }


def say_learned(learned: Mapping[str, Any], /) -> None:
    """Print what was learned, in sentences."""
    weights = ", ".join(f"{name} {w}" for name, w in learned["weights"].items())
    click.echo(
        f"The figures are of queries held out, in {learned['groups']} groups. Weights from all queries: {weights}."
    )
    click.echo(f"Against {learned['best_single']} alone, the best single signal, mean difference and 95% interval:")
    for measure, (mean, low, high) in learned["difference"].items():
        click.echo(f"  {measure} {mean:+.3f} ({low:+.3f} to {high:+.3f})")
    click.echo(f"Probability, held out, that {learned['probability_of']}:")
    for band in learned["reliability"]:
        click.echo(
            f"  {band['from']:.2f} to {band['to']:.2f}: {band['pairs']} pairs, said {band['said']:.3f}, right {band['right']:.3f}"
        )
