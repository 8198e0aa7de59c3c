"""All-pairs top 10 of 100,000 vectors of 384 numbers: beside sgemm's peak, faiss, and a Dask cluster of two processes."""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import resource
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from comity.adapters.all_pairs import find_nearest
from comity.engines.alignment.nearest import TILE, nearest_texts

TEXTS, LENGTH, MOST = 100_000, 384, 10
SIDE = 3072
REPEATS = 5
THREADS = os.cpu_count() or 1


def row(*cells: object) -> None:
    """Print one row of a Markdown table."""
    print("| " + " | ".join(str(c) for c in cells) + " |", flush=True)


def peak() -> float:
    """Return the best rate of sgemm here, Gflop/s: a square product on each of as many threads as the search has."""
    a = np.random.default_rng(1).standard_normal((SIDE, SIDE), dtype=np.float32)
    outs = [np.empty_like(a) for _ in range(THREADS)]
    best = np.inf
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in range(4):
            started = time.perf_counter()
            list(threads.map(lambda out: np.matmul(a, a, out=out), outs))
            best = min(best, time.perf_counter() - started)
    return THREADS * 2 * SIDE**3 / best / 1e9


def share_of_one_thread(vectors: np.ndarray) -> float:
    """Return what a tile reaches of sgemm's peak on one thread, both by CPU time, which others on the machine disturb least."""
    a = np.random.default_rng(1).standard_normal((SIDE, SIDE), dtype=np.float32)
    best = np.inf
    for _ in range(3):
        started = time.thread_time()
        np.matmul(a, a)
        best = min(best, time.thread_time() - started)
    started = time.thread_time()
    nearest_texts(queries=vectors[:TILE], texts=vectors, most=MOST, first=0)
    spent = time.thread_time() - started
    return (2 * TILE * TEXTS * LENGTH / spent) / (2 * SIDE**3 / best)


def main() -> None:
    """Print the table."""
    vectors = np.random.default_rng(0).standard_normal((TEXTS, LENGTH), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    row("way", "seconds", "CPU seconds", "share of sgemm's peak", "peak memory, MB", "equal")
    row(*["---"] * 6)
    started, spent = time.perf_counter(), time.process_time()
    ours = find_nearest(vectors=vectors, most=MOST)
    seconds, cpu = [time.perf_counter() - started], [time.process_time() - spent]
    # Memory is read before anything else takes any: the peak of a process never falls.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shares = [share_of_one_thread(vectors) for _ in range(REPEATS)]
    whole = 2 * TEXTS**2 * LENGTH / seconds[0] / 1e9 / peak()
    row(
        f"Comity, one process, {THREADS} threads",
        f"{seconds[0]:.1f}",
        f"{cpu[0]:.1f}",
        f"{whole:.2f}",
        f"{memory:.0f}",
        "",
    )
    row(f"a tile, one thread, by CPU time, median of {REPEATS}", "", "", f"{statistics.median(shares):.2f}", "", "")
    beside_faiss(vectors, ours)
    on_cluster(vectors, ours, cpu[0])


def beside_faiss(vectors: np.ndarray, ours: object) -> None:
    """Print faiss' time, and whether the ten nearest are the same up to ties of 1e-5."""
    import faiss  # noqa: PLC0415  (loads an OpenMP of its own, after ours is measured)

    faiss.omp_set_num_threads(THREADS)
    index = faiss.IndexFlatIP(LENGTH)
    index.add(vectors)
    started, spent = time.perf_counter(), time.process_time()
    scores, places = index.search(vectors, MOST + 1)
    took, cpu = time.perf_counter() - started, time.process_time() - spent
    # Each text's nearest is itself, which ours leaves out.
    mine = places != np.arange(TEXTS)[:, None]
    assert (mine.sum(axis=1) == MOST).all()
    scores, places = (x[mine].reshape(TEXTS, MOST) for x in (scores, places))
    apart = np.abs(scores - ours.scores)
    equal = bool(apart.max() < 1e-5)
    row("faiss IndexFlatIP", f"{took:.1f}", f"{cpu:.1f}", "", "", f"{equal}, {int((places != ours.places).sum())} ties")


def on_cluster(vectors: np.ndarray, ours: object, alone: float) -> None:
    """Print the CPU time of a cluster of two processes on this machine."""
    import psutil  # noqa: PLC0415  (comes with Dask)
    from distributed import LocalCluster  # noqa: PLC0415  (slow to load)

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        memory_limit=0,
    ) as cluster:
        workers = [psutil.Process(w.pid) for w in cluster.workers.values()]

        def spent() -> float:
            return time.process_time() + sum(sum(w.cpu_times()[:2]) for w in workers)

        started, before = time.perf_counter(), spent()
        found = find_nearest(vectors=vectors, most=MOST, dask=cluster.scheduler_address)
        took, cpu = time.perf_counter() - started, spent() - before
    equal = np.array_equal(found.places, ours.places) and np.array_equal(found.scores, ours.scores)
    row("Comity, Dask, 2 processes", f"{took:.1f}", f"{cpu:.1f} ({cpu / alone:.2f} × one process)", "", "", equal)


if __name__ == "__main__":
    sys.exit(main())
