"""Alignment against its peers: retrieval on the gold sets, topics left out by instrument, and the time of a whole folder."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bm25s
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from comity.adapters.embedders import open_embedder
from comity.adapters.judgments import read_gold, read_passages
from comity.adapters.readers import read_instrument_file, read_scheme
from comity.adapters.stemming import stem_words
from comity.cli.files.learn import learn_weights
from comity.cli.files.reference import read_reference
from comity.engines.alignment.crosswalk import propose_pairs
from comity.engines.alignment.evaluation import Ranking, measure, measure_each, rank_by_scores, rank_candidates
from comity.engines.alignment.learning import compare_paired
from comity.engines.alignment.texts import Collection, embedded_text
from comity.engines.alignment.tokens import tokens_of
from comity.engines.alignment.topics import propose_topics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.evaluation import Passage

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data" / "policy"
EXAMPLE = Path(str(resources.files("comity.example")))
REPEATS = 5


def row(*cells: object) -> None:
    """Print one row of a Markdown table."""
    print("| " + " | ".join(str(c) for c in cells) + " |", flush=True)


def peer_rankings(queries: tuple[Passage, ...], candidates: tuple[Passage, ...], *, plain: bool) -> list[Ranking]:
    """Rank with bm25s (Lucene's variant): on its own English tokens where ``plain``, else on ours."""
    ordered = sorted(candidates, key=lambda c: c.id)
    if plain:
        corpus = bm25s.tokenize([c.text for c in ordered], stopwords="en", show_progress=False, return_ids=False)
        asked = bm25s.tokenize([q.text for q in queries], stopwords="en", show_progress=False, return_ids=False)
    else:
        corpus = [list(tokens_of(text=c.text, language=c.language)) for c in ordered]
        asked = [list(tokens_of(text=q.text, language=q.language)) for q in queries]
    peer = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    peer.index(corpus, show_progress=False)
    found = []
    for query, words in zip(queries, asked, strict=True):
        known = [w for w in words if w in peer.vocab_dict]
        scores = peer.get_scores(known) if known else np.zeros(len(ordered))
        order = np.lexsort((np.arange(len(ordered)), -np.round(scores, 9)))
        kept = [int(i) for i in order if ordered[int(i)].id != query.id]
        found.append(Ranking(query.id, tuple(ordered[i].id for i in kept), tuple(float(scores[i]) for i in kept)))
    return found


def reciprocal_ranks(first: tuple[Ranking, ...], second: tuple[Ranking, ...]) -> list[Ranking]:
    """Fuse two rankings by reciprocal rank (Cormack, Clarke and Büttcher, 2009), k 60: the choice not taken."""
    found = []
    for one, other in zip(first, second, strict=True):
        scores: dict[str, float] = defaultdict(float)
        for ranking in (one, other):
            for place, candidate in enumerate(ranking.candidates, 1):
                scores[candidate] += 1 / (60 + place)
        order = sorted(scores, key=lambda c: (-scores[c], c))
        found.append(Ranking(one.query, tuple(order), tuple(scores[c] for c in order)))
    return found


def tfidf_rankings(queries: tuple[Passage, ...], candidates: tuple[Passage, ...]) -> list[Ranking]:
    """Rank by the cosine of TF-IDF as scikit-learn makes it, over both sets, on its own words without English stop words."""
    ordered = sorted(candidates, key=lambda c: c.id)
    maker = TfidfVectorizer(stop_words="english").fit([p.text for p in (*queries, *ordered)])
    scores = (maker.transform([q.text for q in queries]) @ maker.transform([c.text for c in ordered]).T).toarray()
    return list(rank_by_scores(queries=queries, candidates=ordered, scores=scores))


def retrieval() -> None:
    """Print recall, ndcg and mrr of each way on both gold sets, what is held out, its intervals and its reliability."""
    embedder = open_embedder(name="use-multilingual")
    assert embedder is not None
    reference = read_reference(embedder)
    print("\n### Retrieval\n")
    row("gold set", "way", "recall@10", "ndcg@10", "mrr", "queries")
    row(*["---"] * 6)
    told = []
    for name in ("nist-iso42001", "udhr-to-english"):
        folder = SHARED / "gold" / name
        queries, candidates = (read_passages(path=folder / f"{f}.jsonl") for f in ("queries", "candidates"))
        gold = read_gold(path=folder / "gold.csv", queries=queries, candidates=candidates)
        vectors = [embedder.embed([p.text for p in passages]) for passages in (queries, candidates)]
        given = {
            "queries": queries,
            "candidates": candidates,
            "query_vectors": vectors[0],
            "candidate_vectors": vectors[1],
            "languages": embedder.languages,
        }
        ours = {**given, "stem": stem_words, "reference": reference}
        held_out, learned = learn_weights(given=ours, gold=gold)
        ways = {
            "bm25s, its own English tokens": peer_rankings(queries, candidates, plain=True),
            "bm25s, our tokens": peer_rankings(queries, candidates, plain=False),
            "TF-IDF, scikit-learn": tfidf_rankings(queries, candidates),
            "BM25, tokens not stemmed": rank_candidates(**given, by="words"),
            "BM25 alone, stemmed": rank_candidates(**given, by="words", stem=stem_words),
            "embedder alone": rank_candidates(**given, by="meaning"),
            "Comity, weights held out": held_out,
            "Comity, shipped weights": rank_candidates(**ours),
        }
        ways["reciprocal ranks, k 60"] = reciprocal_ranks(
            tuple(ways["BM25 alone, stemmed"]), tuple(ways["embedder alone"])
        )
        for way, rankings in ways.items():
            say_measures(name, way, rankings, gold)
        for signal, figures in learned["single"].items():
            row(name, f"{signal}, corrected and alone", *(f"{figures[m]:.3f}" for m in figures), len(queries))
        if name.startswith("udhr"):
            for language in sorted({q.language for q in queries}):
                mine = [r for r in ways["Comity, shipped weights"] if r.query.startswith(f"{language}-")]
                known = "known to the model" if language in embedder.languages else "by words alone"
                say_measures(name, f"Comity, {language}, {known}", mine, gold)
        told.append(
            (
                name,
                learned,
                {w: measure_each(rankings=sorted(r, key=lambda x: x.query), gold=gold) for w, r in ways.items()},
            )
        )
    say_learned_tables(told)


def say_measures(name: str, way: str, rankings: Sequence[Ranking], gold: Mapping[tuple[str, str], int]) -> None:
    """Print one row of measures."""
    m = measure(rankings=rankings, gold=gold)
    row(name, way, f"{m.recall_at_10:.3f}", f"{m.ndcg_at_10:.3f}", f"{m.mrr:.3f}", m.queries)


def say_learned_tables(told: Sequence[tuple[str, Mapping[str, Any], Mapping[str, np.ndarray]]]) -> None:
    """Print the held-out figures against others, with their intervals, and the reliability of probabilities."""
    print("\n### Held out, against others: mean difference and 95% interval (paired bootstrap over queries)\n")
    row("gold set", "against", "recall@10", "ndcg@10")
    row(*["---"] * 4)
    for name, learned, each in told:
        cells = [f"{d:+.3f} ({low:+.3f} to {high:+.3f})" for d, low, high in list(learned["difference"].values())[:2]]
        row(name, f"{learned['best_single']}, corrected and alone", *cells)
        for way in ("embedder alone", "BM25 alone, stemmed"):
            cells = []
            for k in (0, 1):
                d, low, high = compare_paired(a=each["Comity, weights held out"][:, k], b=each[way][:, k], seed=7)
                cells.append(f"{d:+.3f} ({low:+.3f} to {high:+.3f})")
            row(name, way, *cells)
    print("\n### Reliability, held out: that the gold set names the pair\n")
    row("gold set", "probability", "pairs", "said", "right")
    row(*["---"] * 5)
    for name, learned, _ in told:
        for b in learned["reliability"]:
            row(name, f"{b['from']} to {b['to']}", b["pairs"], f"{b['said']:.3f}", f"{b['right']:.3f}")


def topics_and_pairs() -> None:
    """Print how well topics are proposed for an instrument left out, and the time to propose pairs of the example."""
    scheme = read_scheme(path=EXAMPLE / "topics.toml")
    files = [read_instrument_file(path=p, scheme=scheme) for p in sorted((EXAMPLE / "instruments").glob("*.toml"))]
    instruments = tuple(f[0] for f in files)
    provisions = tuple(p for f in files for p in f[1])
    embedder = open_embedder(name="use-multilingual")
    assert embedder is not None
    vectors = embedder.embed([embedded_text(p) for p in provisions])
    topic_vectors = embedder.embed([f"{t.label}. {t.definition}" for t in scheme.topics])
    hit = wrong = missed = chief = 0
    for instrument in instruments:
        asked = [replace(p, topics=()) if p.instrument == instrument.id else p for p in provisions]
        found = propose_topics(
            provisions=asked, scheme=scheme, vectors=vectors, topic_vectors=topic_vectors, languages=embedder.languages
        )
        for p in (p for p in provisions if p.instrument == instrument.id):
            given = found.get(p.id, ())
            hit += len(set(given) & set(p.topics))
            wrong += len(set(given) - set(p.topics))
            missed += len(set(p.topics) - set(given))
            chief += bool(given) and given[0] == p.topics[0]
    print("\n### Topics proposed for an instrument that is left out (48 instruments, English summaries)\n")
    row("measure", "value", "n", "two people agree at")
    row(*["---"] * 4)
    row("micro-F1 of topic sets", f"{2 * hit / (2 * hit + wrong + missed):.3f}", len(provisions), "0.83")
    row("chief topic", f"{chief / len(provisions):.3f}", len(provisions), "0.81")
    print("\n### Proposing pairs\n")
    row("collection", "provisions", "compared by", "pairs", "on a common topic", "seconds (median)")
    row(*["---"] * 6)
    threefold = [
        replace(p, instrument=f"{p.instrument}-{n}", text=f"{p.text} {n}") for n in range(3) for p in provisions
    ]
    for name, parts, given in (
        ("the example", provisions, vectors),
        ("the example", provisions, None),
        ("three times the example", tuple(threefold), np.vstack([vectors] * 3)),
    ):
        collection = Collection(instruments=instruments, provisions=parts)
        seconds = []
        for _ in range(REPEATS):
            started = time.perf_counter()
            pairs = propose_pairs(collection=collection, vectors=given, languages=embedder.languages, stem=stem_words)
            seconds.append(time.perf_counter() - started)
        common = sum(bool(p.shared_topics) for p in pairs) / len(pairs)
        by = "words alone" if given is None else "words and meaning"
        row(name, len(parts), by, len(pairs), f"{common:.2f}", f"{statistics.median(seconds):.2f}")


def whole_folder() -> None:
    """Print the time and memory of `comity align` on the real documents and the example, cold and warm."""
    print("\n### `comity align` on the 13 real documents and the example's 48 instruments\n")
    row("run", "seconds", "peak memory, MB", "exit code")
    row(*["---"] * 4)
    with tempfile.TemporaryDirectory() as scratch:
        for run in ("cold (no vectors kept)", "warm"):
            command = [sys.executable, "-m", "comity", "align", str(SHARED / "documents"), str(EXAMPLE / "instruments")]
            command += ["--out", f"{scratch}/out", "--cache", f"{scratch}/vectors"]
            started = time.perf_counter()
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            row(
                run,
                f"{time.perf_counter() - started:.1f}",
                f"{usage.ru_maxrss / 1024:.0f}",
                os.waitstatus_to_exitcode(status),
            )


def all_pairs() -> None:
    """Print the all-pairs search of 100,000 vectors in a process of its own, beside sgemm, faiss and a Dask cluster."""
    print("\n### All-pairs top 10 of 100,000 × 384\n", flush=True)
    subprocess.run([sys.executable, str(ROOT / "benchmarks" / "all_pairs.py")], check=True)


def helping() -> None:
    """Print the time of `comity --help`."""
    seconds = []
    for _ in range(11):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "comity", "--help"], stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - started)
    print(f"\n`comity --help`: {statistics.median(seconds[1:]):.3f} s (median of ten warm runs).")


def main() -> None:
    """Print every table."""
    if SHARED.is_dir():
        retrieval()
        whole_folder()
    else:
        print("The folder `shared` is not beside the project: gold sets and documents are left out.")
    topics_and_pairs()
    all_pairs()
    helping()
    print(f"\nPeak memory of this benchmark: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.")


if __name__ == "__main__":
    main()
