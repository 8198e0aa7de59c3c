"""How often 95% intervals hold the truth, by regime: plain, groups found from the votes, finite, balanced, and routed samples.

Run with ``python benchmarks/dialogue_intervals.py [simulations]``; by default 4,000 for each row (a row is then sure to about 0.7 points), fewer
where a whole dialogue is simulated. The band asked for is 93 to 97; what is outside is marked. In each simulation the true share is drawn
anew within its range, as statements of a dialogue differ; the last table goes through single shares, where the
coverage of any interval for counts jumps up and down.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.stats import binom

from comity.engines.dialogue.counts import count_answers
from comity.engines.dialogue.groups import find_groups
from comity.engines.dialogue.intervals import bound_differences, bound_shares, estimate_share
from comity.engines.dialogue.routing import ALIKE, ENOUGH, NEW, Standings, reweigh_share, weigh_statements
from comity.engines.dialogue.voices import balance_share
from comity.engines.dialogue.votes import VoteMatrix, gather_votes

SIMULATIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
RANGES = ((0.05, 0.2), (0.2, 0.8), (0.8, 0.95))
SIZES = (20, 50, 100, 200, 400)
LOW, HIGH = 93.0, 97.0
REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "dialogue"
"""Real dialogues with their votes, where they lie beside the project; see the note of their licence there."""


def row(*cells: object) -> None:
    """Print one row of a Markdown table."""
    print("| " + " | ".join(str(c) for c in cells) + " |", flush=True)


def mark(covered: float) -> str:
    """Return a coverage in percent, marked where it is outside the band."""
    return f"{covered:.1f}{'' if LOW <= covered <= HIGH else ' *'}"


def plain(chance: np.random.Generator, n: int, between: tuple[float, float]) -> float:
    """Cover shares of people drawn one by one."""
    truth = chance.uniform(*between, SIMULATIONS)
    low, high = bound_shares(given=chance.binomial(n, truth), n=n)
    return 100 * float(((low <= truth) & (truth <= high)).mean())


def clustered(chance: np.random.Generator, n: int, between: tuple[float, float]) -> float:
    """Cover the share of everybody, who come from three opinion groups that differ by up to 60 points."""
    middle = chance.uniform(*between, SIMULATIONS)
    spread = np.minimum(np.minimum(middle, 1 - middle), 0.3)[:, None] * np.array([1.0, 0.0, -1.0])
    shares = middle[:, None] + spread
    sizes = chance.multinomial(n, [1 / 3] * 3, size=SIMULATIONS)
    low, high = bound_shares(given=chance.binomial(sizes, shares).sum(axis=1), n=n)
    return 100 * float(((low <= middle) & (middle <= high)).mean())


def finite(chance: np.random.Generator, n: int, between: tuple[float, float], part: float = 0.5) -> float:
    """Cover the share of all invited, of whom a part was heard, drawn without putting back."""
    members = round(n / part)
    found = 0
    for _ in range(SIMULATIONS):
        agree = round(chance.uniform(*between) * members)
        heard = int(chance.hypergeometric(agree, members - agree, n))
        interval = estimate_share(given=heard, n=n, members=members)
        assert interval is not None
        found += interval.low <= agree / members <= interval.high
    return 100 * found / SIMULATIONS


def balanced(chance: np.random.Generator, n: int, between: tuple[float, float]) -> float:
    """Cover the balanced share of five regions, the largest with half of all, whose shares differ by up to 20 points."""
    voices = {r: round(n * part) for r, part in zip("abcde", (0.5, 0.2, 0.15, 0.1, 0.05), strict=True)}
    found = 0
    for _ in range(SIMULATIONS):
        middle = chance.uniform(*between)
        truth = {r: float(np.clip(middle + chance.uniform(-0.1, 0.1), 0.02, 0.98)) for r in voices}
        agree = {r: int(chance.binomial(m, truth[r])) for r, m in voices.items()}
        share = balance_share(agree=agree, heard=voices, voices=voices)
        assert share is not None
        found += share.low <= sum(w * truth[r] for r, w in share.weights) <= share.high
    return 100 * found / SIMULATIONS


def differing(chance: np.random.Generator, n: int, between: tuple[float, float]) -> float:
    """Cover the difference between a group of n and the rest, twice as many."""
    one, other = chance.uniform(*between, SIMULATIONS), chance.uniform(0.05, 0.95, SIMULATIONS)
    low, high = bound_differences(
        given=chance.binomial(n, one), n=n, other=chance.binomial(2 * n, other), other_n=2 * n
    )
    return 100 * float(((low <= one - other) & (one - other <= high)).mean())


def found_groups(chance: np.random.Generator, people: int, contrast: float, dialogues: int) -> tuple[float, float]:
    """Cover the shares of groups found from the very votes: return the coverage, and the mean number of answers to a share.

    Three planted groups answer 60% of 30 statements; the truth is the mean of what the members found in a group hold.
    """
    inside, asked = [], []
    for _ in range(dialogues):
        side = np.clip(
            0.5 + contrast * chance.choice([-1, 1], size=(3, 30)) + chance.uniform(-0.1, 0.1, (3, 30)), 0.05, 0.95
        )
        hold = side[chance.integers(3, size=people)]
        seen = chance.random(hold.shape) < 0.6
        agree = chance.random(hold.shape) < hold
        who, what = np.nonzero(seen)
        votes = VoteMatrix(
            participants=tuple(f"p{i:04}" for i in range(people)),
            statements=tuple(f"s{i:02}" for i in range(30)),
            starts=np.concatenate([[0], np.cumsum(seen.sum(axis=1))]).astype(np.int64),
            columns=what.astype(np.int32),
            values=np.where(agree[who, what], 1, -1).astype(np.int8),
        )
        groups = find_groups(votes=votes)
        counts = count_answers(votes=votes, labels=groups.labels, parts=groups.k).first(groups.k)
        low, high = bound_shares(given=counts.agree, n=counts.heard)
        truth = np.stack([hold[groups.labels == g].mean(axis=0) for g in range(groups.k)])
        large = counts.heard >= 10
        inside += ((low <= truth) & (truth <= high))[large].tolist()
        asked += counts.heard[large].tolist()
    return 100 * float(np.mean(inside)), float(np.mean(asked))


def weigh_at_once(counts: np.ndarray, unseen: np.ndarray) -> np.ndarray:
    """Return what ``weigh_statements`` gives, for many dialogues at once: counts (dialogues, 3, statements), unseen beside them."""
    heard, sides = counts.sum(axis=1), counts[:, 0] + counts[:, 1]
    low, high = bound_shares(given=counts[:, 0], n=sides)
    worth = (high - low) * (1 - (counts[:, 2] + 1) / (heard + 3)) * unseen
    number = unseen.sum(axis=1, keepdims=True)
    young = (heard < ENOUGH) & unseen
    fresh = np.where(
        young.any(axis=1, keepdims=True), young / np.maximum(young.sum(axis=1, keepdims=True), 1), unseen / number
    )
    return ALIKE * unseen / number + NEW * fresh + (1 - ALIKE - NEW) * worth / worth.sum(axis=1, keepdims=True)


def routed(
    chance: np.random.Generator, n: int, between: tuple[float, float], dialogues: int
) -> tuple[float, float, float]:
    """Cover the share of all who come, where routing decides who is asked: return raw, weighted, and the mean number asked.

    Opinion drifts by up to 32 points while the statement turns from new to known; half of the people answer 4 statements, half
    answer 8 and lean towards those who came early.
    """
    statements, every = 16, np.arange(dialogues)
    people = round(n * statements / 6 / 1.35)
    middle = chance.uniform(*between, dialogues)
    drift = np.minimum(np.minimum(middle, 1 - middle), 0.2) * chance.choice([-1, 1], dialogues) * 0.8
    counts = np.tile(np.array([[30], [30], [8]]), (dialogues, 1, statements))
    counts[:, :, 0] = 0
    given: list[list[tuple[bool, float, int]]] = [[] for _ in range(dialogues)]
    for person in range(people):
        busy = chance.random(dialogues) < 0.5
        lean = middle + drift * (1 - 2 * person / people) + drift / 4 * np.where(busy, 1, -1)
        opinion = chance.random(dialogues) < lean
        unseen = np.ones((dialogues, statements), dtype=bool)
        waited = np.ones((dialogues, statements))
        for step in range(8):
            weights = weigh_at_once(counts, unseen)
            if person == step == 0:
                standings = Standings(
                    tuple(f"{i:02}" for i in range(statements)), *counts[0], parting=np.zeros(statements)
                )
                assert np.allclose(weights[0], weigh_statements(standings=standings))
            drawn = np.minimum(
                (np.cumsum(weights, axis=1) <= chance.random(dialogues)[:, None]).sum(axis=1), statements - 1
            )
            going_on = busy | (step < 4)
            for d in np.flatnonzero(going_on & (drawn == 0)).tolist():
                given[d].append((bool(opinion[d]), float(weights[d, 0] * waited[d, 0]), 8 if busy[d] else 4))
                counts[d, 0 if opinion[d] else 1, 0] += 1
            waited *= 1 - weights
            unseen[every, drawn] = False
    # Those who came are a sample too: the truth is what they were drawn from, the drift being even about the middle.
    truth = middle + drift / people
    covered = np.zeros(2)
    for answers, true in zip(given, truth, strict=True):
        opinions, chances, steps = np.array(answers).T
        raw = estimate_share(given=int(opinions.sum()), n=len(opinions))
        weighted = reweigh_share(given=opinions, chances=chances, steps=steps)
        assert raw is not None
        assert weighted is not None
        covered += [raw.low <= true <= raw.high, weighted.low <= true <= weighted.high]
    return (*(100 * covered / dialogues).tolist(), float(np.mean([len(g) for g in given])))


def held_out(chance: np.random.Generator, folder: Path, times: int = 10) -> tuple[int, float] | None:
    """Cover answers that were hidden before groups were found in a real dialogue: return how many shares, and the coverage.

    A fifth of the answers is hidden, groups are found from the rest, and the share of each group and statement is compared
    with that of its hidden answers by the interval of their difference, so that both are known to be uncertain.
    """
    with (folder / "votes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    votes = gather_votes(
        participants=[r["voter-id"] for r in rows],
        statements=[r["comment-id"] for r in rows],
        values=[int(r["vote"]) for r in rows],
        times=[int(r["timestamp"]) for r in rows],
    )
    who = np.repeat(np.arange(len(votes.participants)), np.diff(votes.starts))
    inside: list[bool] = []
    for _ in range(times):
        hidden = chance.random(len(who)) < 0.2
        parts = []
        for kept in (~hidden, hidden):
            number = np.bincount(who[kept], minlength=len(votes.participants))
            starts = np.concatenate([[0], np.cumsum(number)]).astype(np.int64)
            parts.append(replace(votes, starts=starts, columns=votes.columns[kept], values=votes.values[kept]))
        groups = find_groups(votes=parts[0])
        if groups.k < 2:
            continue
        shown, rest = (count_answers(votes=p, labels=groups.labels, parts=groups.k).first(groups.k) for p in parts)
        low, high = bound_differences(given=shown.agree, n=shown.heard, other=rest.agree, other_n=rest.heard)
        inside += ((low <= 0) & (high >= 0))[(shown.heard >= 10) & (rest.heard >= 5)].tolist()
    return (len(inside), 100 * float(np.mean(inside))) if inside else None


def main() -> None:
    """Print the tables."""
    chance = np.random.default_rng(20)
    regimes = {
        "drawn one by one": plain,
        "from three groups that differ": clustered,
        "half of a finite number": finite,
        "balanced by region": balanced,
        "difference of two groups": differing,
    }
    row("regime", "n", *(f"shares {a} to {b}" for a, b in RANGES))
    row(*["---"] * 5)
    for name, cover in regimes.items():
        for n in SIZES:
            row(name, n, *(mark(cover(chance, n, between)) for between in RANGES))
    print()
    row("groups found from the votes", "participants", "answers to a share", "covered")
    row(*["---"] * 4)
    for people, contrast in ((60, 0.35), (120, 0.35), (300, 0.35), (120, 0.2), (300, 0.2)):
        covered, asked = found_groups(chance, people, contrast, max(SIMULATIONS // 40, 5))
        row(f"shares {100 * contrast:.0f} points from a half", people, f"{asked:.0f}", mark(covered))
    print()
    row("groups of a real dialogue, answers hidden from them", "shares", "covered")
    row(*["---"] * 3)
    for folder in sorted(REAL.glob("*/")) if REAL.is_dir() else []:
        found = held_out(chance, folder) if (folder / "votes.csv").is_file() else None
        if found:
            row(folder.name, found[0], mark(found[1]))
    print()
    row("routed, opinion drifts", "n, about", "shares", "raw covered", "weighted covered")
    row(*["---"] * 5)
    for n in (50, 100, 200):
        for between in RANGES:
            raw, weighted, asked = routed(chance, n, between, max(SIMULATIONS // 2, 5))
            row("", f"{asked:.0f}", f"{between[0]} to {between[1]}", f"{raw:.1f}", mark(weighted))
    print()
    row(
        "exact, share by share from 0.05 to 0.95",
        "least",
        "5th percentile",
        "mean",
        "95th percentile",
        "shares within 93 to 97",
    )
    row(*["---"] * 6)
    shares = np.arange(0.05, 0.95001, 0.001)
    for n in SIZES:
        low, high = bound_shares(given=np.arange(n + 1), n=n)
        holds = (low[None] <= shares[:, None]) & (shares[:, None] <= high[None])
        covered = 100 * (binom.pmf(np.arange(n + 1)[None], n, shares[:, None]) * holds).sum(axis=1)
        within = 100 * float(((covered >= LOW) & (covered <= HIGH)).mean())
        figures = (
            covered.min(),
            *np.quantile(covered, 0.05, keepdims=True),
            covered.mean(),
            *np.quantile(covered, 0.95, keepdims=True),
        )
        row(f"n = {n}", *(f"{float(f):.1f}" for f in figures), f"{within:.0f}%")


if __name__ == "__main__":
    main()
