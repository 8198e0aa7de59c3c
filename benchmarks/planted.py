"""Votes with planted groups: what was planted is known, so what is found can be judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Planted:
    """Columns of votes, and the ``groups`` (people,) that were planted."""

    participants: np.ndarray
    statements: np.ndarray
    values: np.ndarray
    groups: np.ndarray


def plant_votes(
    *,
    people: int,
    statements: int,
    sizes: tuple[float, ...],
    seed: int,
    missing: float = 0.6,
    noise: float = 0.15,
    dividing: float = 1.0,
    passes: float = 0.1,
) -> Planted:
    """Return votes of ``people`` in groups of the relative ``sizes``.

    Each group agrees or disagrees with each statement, by chance; on all but a share ``dividing`` of the statements all groups
    hold the same. A person gives the group's answer, with probability ``noise`` the opposite one, and a share of ``passes``.
    """
    chance = np.random.default_rng(seed)
    ends = np.round(np.cumsum(sizes) / np.sum(sizes) * people).astype(int)
    groups = chance.permutation(np.searchsorted(ends, np.arange(people), side="right"))
    held = chance.choice([-1, 1], (len(sizes), statements))
    alike = chance.random(statements) >= dividing
    held[:, alike] = held[0, alike]
    answers = held[groups] * np.where(chance.random((people, statements)) < noise, -1, 1)
    answers[chance.random(answers.shape) < passes] = 0
    who, what = np.nonzero(chance.random(answers.shape) >= missing)
    return Planted(who, what, answers[who, what].astype(np.int8), groups)


def plant_crowd(*, people: int, statements: int, votes: int, groups: int, seed: int) -> Planted:
    """Return about ``votes`` different votes of a crowd: some answer much and most little, and early statements are seen more."""
    chance = np.random.default_rng(seed)
    mine = chance.integers(0, groups, people)
    held = chance.choice(np.asarray([-1, 1], dtype=np.int8), (groups, statements))
    eager = chance.gamma(2.0, 1.0, people) + 0.2
    seen = np.cumsum(np.linspace(1.5, 0.5, statements))
    seen /= seen[-1]
    counts = np.clip(np.round(eager / eager.sum() * votes * 1.06), 1, statements * 0.9).astype(np.int64)
    # Participant and statement in one number: sorting and counting once makes the votes different ones.
    cells = np.repeat(np.arange(people, dtype=np.int64) * statements, counts)
    for start in range(0, len(cells), 1 << 22):
        part = cells[start : start + (1 << 22)]
        part += np.minimum(np.searchsorted(seen, chance.random(len(part))), statements - 1)
    cells.sort()
    cells = cells[np.r_[True, cells[1:] != cells[:-1]]]
    who, what = (cells // statements).astype(np.int32), (cells % statements).astype(np.int32)
    del cells
    values = held[mine[who], what]
    drawn = chance.random(len(values), dtype=np.float32)
    values[drawn < 0.3] = 0
    values[drawn < 0.2] = 1
    values[drawn < 0.1] = -1
    # Votes come in as people cast them, and not sorted by person.
    order = chance.permutation(len(values))
    return Planted(who[order], what[order], values[order], mine)
