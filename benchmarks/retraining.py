"""What decided links teach: the gold set nist-iso42001 fed as reviewers' answers, in growing numbers, to queries left out.

For each draw, a third of the groups of queries is left out. On the rest the weights in use propose links, the gold set answers
them, and so many of the answers are taken at random. What is learned ranks the queries left out. A link is confirmed where the
gold set says counterpart (grade 2).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from comity.adapters.embedders import open_embedder
from comity.adapters.judgments import read_gold, read_passages
from comity.adapters.stemming import stem_words
from comity.cli.files.reference import read_reference
from comity.engines.alignment.decided import learn_from_decided
from comity.engines.alignment.evaluation import compare_passages, measure_each, rank_by_scores
from comity.engines.alignment.fusion import MEANING, WORDS
from comity.engines.alignment.learning import compare_paired, group_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.evaluation import Passage
    from comity.engines.alignment.signals import Signals

GOLD = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "policy" / "gold" / "nist-iso42001"
NUMBERS = (60, 120, 180, 240, 360)
PROPOSED = 8
DRAWS = 40
LEFT_OUT = 1 / 3
STEPS = (0.0, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
IN_USE = {
    "words and meaning, as a crosswalk in use counts them": (MEANING, WORDS),
    "counted badly at first": (0.1, 0.9),
}


def row(*cells: object) -> None:
    """Print one row of a Markdown table."""
    print("| " + " | ".join(str(c) for c in cells) + " |", flush=True)


def read() -> tuple[Signals, Sequence[Passage], Sequence[Passage], Mapping[tuple[str, str], int]]:
    """Return the signals of the gold set, its queries and candidates by id, and its grades."""
    queries, candidates = (
        sorted(read_passages(path=GOLD / f"{name}.jsonl"), key=lambda p: p.id) for name in ("queries", "candidates")
    )
    gold = read_gold(path=GOLD / "gold.csv", queries=queries, candidates=candidates)
    model = open_embedder(name="use-multilingual")
    assert model is not None
    signals = compare_passages(
        queries=queries,
        candidates=candidates,
        vectors=(model.embed([q.text for q in queries]), model.embed([c.text for c in candidates])),
        languages=model.languages,
        reference=read_reference(model),
        stem=stem_words,
    )
    return signals, queries, candidates, gold


def measure() -> None:
    """Print, for each number of answers, what was learned and what it is worth on queries left out."""
    signals, queries, candidates, gold = read()
    values = signals.values[..., :2]  # meaning and words: what a crosswalk joins
    hits = np.asarray([[gold.get((q.id, c.id), 0) == 2 for c in candidates] for q in queries])
    groups = np.asarray([group_of(q.id) for q in queries])
    names = sorted(set(groups))
    print("\n### What each weight of words is worth on all 72 queries (ndcg@10; meaning has the rest)\n")
    row(*(f"{w:.1f}" for w in STEPS))
    row(*["---"] * len(STEPS))
    rank = {
        w: rank_by_scores(queries=queries, candidates=candidates, scores=values @ [1 - w, w], known=signals.known)
        for w in STEPS
    }
    row(*(f"{measure_each(rankings=rank[w], gold=gold)[:, 1].mean():.3f}" for w in STEPS))
    for about, weights in IN_USE.items():
        print(f"\n### {about}: meaning {weights[0]}, words {weights[1]}\n")
        row(
            "answers",
            "confirmed",
            "learned in",
            "used in",
            "ndcg@10 before",
            "after, as used",
            "difference",
            "if a mean no worse were enough",
        )
        row(*["---"] * 8)
        before = np.asarray(weights)
        for number in NUMBERS:
            found = []
            for draw in range(DRAWS):
                chance = np.random.default_rng(1000 + draw)
                left = set(chance.permutation(names)[: round(LEFT_OUT * len(names))])
                out = np.asarray([g in left for g in groups])
                proposed = _propose(values, before, ~out, signals.counted)
                taken = sorted(chance.permutation(len(proposed))[:number])
                q, c = (np.asarray([proposed[i][side] for i in taken]) for side in (0, 1))
                taught = learn_from_decided(
                    signals=values[q, c],
                    confirmed=hits[q, c],
                    groups=[str(groups[i]) for i in q],
                    weights=weights,
                    seed=7,
                )
                gentler = taught.learned if taught.difference and taught.difference[0] >= 0 else weights
                asked = [query for query, o in zip(queries, out, strict=True) if o]
                figures = [
                    measure_each(
                        rankings=rank_by_scores(
                            queries=asked,
                            candidates=candidates,
                            scores=values[out] @ np.asarray(w),
                            known=signals.known[out],
                        ),
                        gold=gold,
                    )[:, 1].mean()
                    for w in (weights, taught.weights, gentler)
                ]
                found.append((hits[q, c].mean(), bool(taught.learned), taught.why == "learned", *figures))
            table = np.asarray(found, dtype=float)
            cells = []
            for column in (4, 5):
                mean, low, high = compare_paired(a=table[:, column], b=table[:, 3], seed=7)
                cells.append(f"{mean:+.4f} ({low:+.4f} to {high:+.4f})")
            row(
                number,
                *(f"{table[:, k].mean():.0%}" for k in (0, 1, 2)),
                *(f"{table[:, k].mean():.3f}" for k in (3, 4)),
                *cells,
            )


def _propose(values: np.ndarray, weights: np.ndarray, asked: np.ndarray, counted: np.ndarray) -> list[tuple[int, int]]:
    """Return the pairs that stand highest for each query that is asked."""
    scores = np.where(counted, values @ weights, -np.inf)
    return [(int(q), int(c)) for q in np.flatnonzero(asked) for c in np.argsort(-scores[q], kind="stable")[:PROPOSED]]


if __name__ == "__main__":
    if not GOLD.is_dir():
        sys.exit("The folder `shared` is not beside the project; the gold set is there.")
    measure()
