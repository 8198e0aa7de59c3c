"""Opinion groups: time and memory on large dialogues beside red-dwarf, and how far groups agree with published and planted ones.

Run with names of parts (``crowd``, ``million``, ``published``, ``planted``), or without for all. The peer is red-dwarf, a port of
Polis to Python under MPL-2.0; it is no part of the project and stands in an environment of its own:
``python -m venv PEER && PEER/bin/pip install red-dwarf``, then ``--peer PEER/bin/python``. Memory is that of a process of its own,
which loads the ids of participants and statements and the answers as arrays and no more.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from comity.engines.dialogue.groups import find_groups
from comity.engines.dialogue.stability import DRAWS, compare_groups, measure_stability
from comity.engines.dialogue.votes import VoteMatrix, add_votes, gather_votes
from planted import plant_crowd, plant_votes

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "dialogue"
CROWD = {"people": 33_422, "statements": 783, "votes": 2_000_000, "groups": 3, "seed": 1}
MILLION = {"people": 1_000_000, "statements": 1_000, "votes": 50_000_000, "groups": 3, "seed": 1}
LATER = 10_000
PLANTED = [
    (1000, 100, (1, 1), 0.15, 1.0),
    (1000, 100, (1, 1, 1), 0.15, 1.0),
    (1000, 100, (1, 1, 1, 1), 0.15, 1.0),
    (1000, 100, (1, 1, 1, 1, 1), 0.15, 1.0),
    (600, 80, (8, 2), 0.1, 1.0),
    (600, 80, (6, 3, 1), 0.1, 1.0),
    (600, 80, (4, 3, 2, 1), 0.1, 1.0),
    (600, 80, (35, 25, 20, 12, 8), 0.1, 1.0),
    (1000, 150, (5, 3, 2), 0.2, 0.6),
    (300, 60, (1, 1, 1), 0.1, 1.0),
]
PEER = """
import json, resource, sys, time
import numpy as np
from reddwarf.implementations.base import run_pipeline
held = np.load(sys.argv[1])
columns = zip(held["participants"].tolist(), held["statements"].tolist(), held["values"].tolist())
votes = [{"participant_id": p, "statement_id": s, "vote": v, "modified": 0} for p, s, v in columns]
started, spent = time.perf_counter(), time.process_time()
found = run_pipeline(votes=votes, random_state=1)
took, cpu = time.perf_counter() - started, time.process_time() - spent
labels = found.participants_df["cluster_id"]
kept = labels.dropna()
np.savez(sys.argv[2], ids=kept.index.to_numpy(), labels=kept.to_numpy().astype(int))
print(json.dumps({"seconds": took, "cpu": cpu, "k": int(kept.nunique()), "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def row(*cells: object) -> None:
    """Print one row of a Markdown table."""
    print("| " + " | ".join(str(c) for c in cells) + " |", flush=True)


def head(*cells: str) -> None:
    """Print the head of a Markdown table."""
    print()
    row(*cells)
    row(*["---"] * len(cells))


def peak() -> float:
    """Return the most memory that this process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def judge(votes: VoteMatrix, labels: np.ndarray, groups: np.ndarray) -> float:
    """Return the adjusted Rand index of the labels with the planted groups, among the grouped."""
    planted = groups[np.asarray(votes.participants).astype(np.int64)]
    return compare_groups(a=labels[labels >= 0], b=planted[labels >= 0])


class Clock:
    """Seconds on the wall and of the processor since it was made."""

    def __init__(self) -> None:
        self.started, self.spent = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        """Return seconds on the wall and of the processor."""
        return time.perf_counter() - self.started, time.process_time() - self.spent


def analyse_file(file: str, later: int, draws: int) -> None:
    """Analyse the votes in ``file`` in this process, and print the figures as JSON: what a process of its own is started for."""
    held = np.load(file)
    participants, statements, values = held["participants"], held["statements"], held["values"]
    groups = held["groups"]
    figures: dict[str, object] = {"loaded": peak()}
    clock = Clock()
    votes = gather_votes(participants=participants, statements=statements, values=values)
    figures["gather"] = clock.read()
    found = find_groups(votes=votes)
    figures["cold"], figures["peak"], figures["k"] = clock.read(), peak(), found.k
    figures["ari"] = judge(votes, found.labels, groups)
    if draws:
        stable = measure_stability(votes=votes, groups=found, draws=draws)
        figures["stable"], figures["agreement"] = clock.read(), stable.agreement
    if later:
        chance = np.random.default_rng(2)
        del participants, statements, values
        who, what = chance.integers(0, len(groups), later), chance.integers(0, len(votes.statements), later)
        clock = Clock()
        more = add_votes(votes=votes, participants=who, statements=what, values=chance.integers(-1, 2, later))
        figures["added"] = clock.read()
        again = find_groups(votes=more, near=found)
        figures["later"], figures["later_peak"] = clock.read(), peak()
        before = dict(zip(votes.participants, found.labels.tolist(), strict=True))
        held_before = np.asarray([before.get(name, -1) for name in more.participants])
        both = (held_before >= 0) & (again.labels >= 0)
        figures["same"] = compare_groups(a=again.labels[both], b=held_before[both])
    print(json.dumps(figures))


def run_apart(*command: str) -> dict:
    """Return the figures that a process of its own prints."""
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure_crowd(peer: str | None, repeats: int) -> None:
    """Print time and memory on 2 million votes, and the peer's."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "votes.npz"
        planted = plant_crowd(**CROWD)
        np.savez(file, **{name: getattr(planted, name) for name in planted.__slots__})
        mine = [run_apart(sys.executable, __file__, "--file", str(file), "--draws", str(DRAWS)) for _ in range(repeats)]
        best = min(mine, key=lambda figures: figures["cold"][0])
        stable = min(mine, key=lambda figures: figures["stable"][0])
        head(
            "33,422 × 783, 2.0 million votes",
            "seconds",
            "CPU seconds",
            "peak memory, MB",
            "groups",
            "ARI with planted",
            "ratio",
        )
        cold = best["cold"][0]
        row("Comity, votes to matrix", *(f"{x:.2f}" for x in best["gather"]), "", "", "", "")
        row(
            "Comity, votes to groups",
            f"{cold:.2f}",
            f"{best['cold'][1]:.2f}",
            f"{best['peak']:.0f}",
            best["k"],
            f"{best['ari']:.3f}",
            1,
        )
        row(
            f"Comity, with {DRAWS} draws",
            *(f"{x:.2f}" for x in stable["stable"]),
            "",
            "",
            f"agreement {stable['agreement']:.3f}",
            "",
        )
        print(
            f"\nBest of {repeats}; {best['loaded']:.0f} MB are the interpreter, its libraries and the columns of votes."
        )
        if peer is None:
            print(
                "red-dwarf: not measured. Make an environment with it and name it with --peer (see the first lines of this file)."
            )
            return
        labels = Path(folder) / "labels.npz"
        theirs = run_apart(peer, "-c", PEER, str(file), str(labels))
        found = np.load(labels)
        ari = compare_groups(a=found["labels"], b=planted.groups[found["ids"].astype(np.int64)])
        head("the same votes", "seconds", "CPU seconds", "peak memory, MB", "groups", "ARI with planted", "ratio")
        row(
            "red-dwarf, votes to groups",
            f"{theirs['seconds']:.1f}",
            f"{theirs['cpu']:.1f}",
            f"{theirs['peak']:.0f}",
            theirs["k"],
            f"{ari:.3f}",
            f"{theirs['seconds'] / cold:.0f}",
        )


def measure_million() -> None:
    """Print time and memory on 50 million votes, and after further ones."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "votes.npz"
        planted = plant_crowd(**MILLION)
        np.savez(file, **{name: getattr(planted, name) for name in planted.__slots__})
        del planted
        figures = run_apart(sys.executable, __file__, "--file", str(file), "--later", str(LATER))
    head("1,000,000 × 1,000, 50 million votes", "seconds", "CPU seconds", "peak memory, MB", "groups", "ARI")
    row("votes to matrix", *(f"{x:.1f}" for x in figures["gather"]), "", "", "")
    row(
        "votes to groups",
        *(f"{x:.1f}" for x in figures["cold"]),
        f"{figures['peak']:.0f}",
        figures["k"],
        f"{figures['ari']:.3f} with planted",
    )
    row(f"{LATER:,} further votes to matrix", *(f"{x:.1f}" for x in figures["added"]), "", "", "")
    row(
        f"{LATER:,} further votes to groups",
        *(f"{x:.1f}" for x in figures["later"]),
        f"{figures['later_peak']:.0f}",
        "",
        f"{figures['same']:.4f} with before",
    )


def measure_published() -> None:
    """Print the agreement with the groups that Polis published of real conversations."""
    if not SHARED.is_dir():
        print(f"\nPublished groups: {SHARED} is not there.")
        return
    head("conversation", "people in both", "groups, ours", "Polis'", "ARI", "silhouette by number of groups")
    for folder in sorted(path for path in SHARED.iterdir() if path.is_dir()):
        with (folder / "comments.csv").open(encoding="utf-8", newline="") as file:
            refused = {line["comment-id"] for line in csv.DictReader(file) if line["moderated"] == "-1"}
        cells, groups = [], {}
        with (folder / "participants-votes.csv").open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                cells += [(line["participant"], name, int(v)) for name, v in line.items() if name.isdigit() and v]
                groups |= {line["participant"]: int(line["group-id"])} if line["group-id"] else {}
        who, what, values = zip(*cells, strict=True)
        votes = gather_votes(participants=who, statements=what, values=values)
        found = find_groups(votes=votes, shown=[name for name in votes.statements if name not in refused])
        both = [at for at, name in enumerate(votes.participants) if name in groups and found.labels[at] >= 0]
        theirs = np.asarray([groups[votes.participants[at]] for at in both])
        ari = compare_groups(a=found.labels[both], b=theirs)
        row(
            folder.name,
            len(both),
            found.k,
            len(set(groups.values())),
            f"{ari:.3f}",
            ", ".join(f"{k}: {v:.2f}" for k, v in found.criterion),
        )


def measure_planted(seeds: int) -> None:
    """Print in how many of the seeds planted groups are found, with three fifths of the answers missing; and on answers of pure chance."""
    head(
        "people × statements",
        "relative sizes",
        "noise",
        "dividing",
        "right number",
        "ARI ≥ 0.95",
        "both",
        "median ARI",
        "seeds",
    )
    for people, statements, sizes, noise, dividing in PLANTED:
        numbers, indices = [], []
        for seed in range(seeds):
            planted = plant_votes(
                people=people, statements=statements, sizes=sizes, seed=seed, noise=noise, dividing=dividing
            )
            votes = gather_votes(
                participants=planted.participants, statements=planted.statements, values=planted.values
            )
            found = find_groups(votes=votes)
            numbers.append(found.k == len(sizes))
            indices.append(judge(votes, found.labels, planted.groups))
        near = np.asarray(indices) >= 0.95
        both = int((near & np.asarray(numbers)).sum())
        row(
            f"{people} × {statements}",
            sizes,
            noise,
            dividing,
            sum(numbers),
            int(near.sum()),
            both,
            f"{np.median(indices):.3f}",
            seeds,
        )
    ones = 0
    for seed in range(seeds):
        planted = plant_votes(people=600, statements=80, sizes=(1,), seed=seed, noise=0.3)
        votes = gather_votes(participants=planted.participants, statements=planted.statements, values=planted.values)
        ones += find_groups(votes=votes).k == 1
    row("600 × 80", "(1,)", 0.3, "", ones, "", ones, "", seeds)


def main() -> None:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="crowd, million, published, planted; all without any")
    parser.add_argument("--peer", help="a Python that has red-dwarf")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    parser.add_argument("--later", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--draws", type=int, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.file:
        analyse_file(asked.file, asked.later, asked.draws)
        return
    parts = asked.parts or ["crowd", "million", "published", "planted"]
    print(f"Load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")
    if "crowd" in parts:
        measure_crowd(asked.peer, asked.repeats)
    if "million" in parts:
        measure_million()
    if "published" in parts:
        measure_published()
    if "planted" in parts:
        measure_planted(asked.seeds)


if __name__ == "__main__":
    sys.exit(main())
