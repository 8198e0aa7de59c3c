"""Small dialogues made by hand or by seeded chance, for the tests of the dialogue engine."""

from __future__ import annotations

import numpy as np

from comity.engines.dialogue.results import Groups
from comity.engines.dialogue.votes import VoteMatrix


def votes_of(rows: dict[str, dict[str, int]], statements: tuple[str, ...] | None = None) -> VoteMatrix:
    """Return the matrix of answers given as participant → statement → value."""
    people = tuple(sorted(rows))
    names = statements or tuple(sorted({s for row in rows.values() for s in row}))
    place = {s: i for i, s in enumerate(names)}
    cells = [(i, place[s], v) for i, p in enumerate(people) for s, v in sorted(rows[p].items())]
    starts = np.concatenate([[0], np.cumsum([len(rows[p]) for p in people])]).astype(np.int64)
    return VoteMatrix(
        participants=people,
        statements=names,
        starts=starts,
        columns=np.array([c for _, c, _ in cells], dtype=np.int32),
        values=np.array([v for _, _, v in cells], dtype=np.int8),
    )


def votes_of_table(table: np.ndarray) -> VoteMatrix:
    """Return the matrix of a table (participants, statements), NaN where nothing was answered."""
    return votes_of(
        {f"p{i:05}": {f"s{j:04}": int(v) for j, v in enumerate(row) if not np.isnan(v)} for i, row in enumerate(table)},
        tuple(f"s{j:04}" for j in range(table.shape[1])),
    )


def groups_of(labels: list[int], statements: int) -> Groups:
    """Return groups with these labels, as though they had been found; the map is empty."""
    numbers = np.array(labels, dtype=np.int8)
    k = int(numbers.max(initial=-1)) + 1
    return Groups(
        labels=numbers,
        k=k,
        sizes=tuple(int((numbers == g).sum()) for g in range(k)),
        places=np.full((len(labels), 2), np.nan),
        axes=np.zeros((2, statements)),
        criterion=(),
    )


def planted_table(
    *, seed: int, sizes: tuple[int, ...], statements: int, seen: float, contrast: float = 0.4
) -> np.ndarray:
    """Return answers of planted groups, shape (participants, statements), NaN where not seen."""
    chance = np.random.default_rng(seed)
    centres = np.clip(0.5 + contrast * chance.choice([-1, 1], size=(len(sizes), statements)), 0.05, 0.95)
    agree = centres[np.repeat(np.arange(len(sizes)), sizes)]
    drawn = chance.random(agree.shape)
    table = np.where(drawn < agree * 0.9, 1.0, np.where(drawn < 0.9, -1.0, 0.0))
    return np.where(chance.random(agree.shape) < seen, table, np.nan)
