"""Votes: who answered which statement and how, as one sparse matrix with the latest answer in each cell.

Everything the other modules of this engine compute starts from here, so that they all see the same rows in the same order.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from comity.errors import BadInput, BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AGREE, PASS, DISAGREE = 1, 0, -1
"""What can be answered. Pass is an answer: the statement was seen. What was not seen has no cell."""

Labels: TypeAlias = NDArray[np.int8]
"""Shape (participants,): the group of each participant, from 0, the largest first; -1 where too little was answered."""

ROWS = 1 << 20
"""Votes looked at together: what is needed beside the columns themselves stays within some tens of megabytes."""

ANSWERS = 3


@dataclass(frozen=True, slots=True)
class VoteMatrix:
    """Answers, one row per participant in the order of ``participants``, as compressed sparse rows.

    ``starts`` has shape (participants + 1,), int64; ``columns`` shape (votes,), int32, ascending within a row, indices into
    ``statements``; ``values`` shape (votes,), int8: 1 agree, 0 pass, -1 disagree. Ids are sorted, each stands once.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.int8]


def gather_votes(
    *,
    participants: Sequence[str] | NDArray[Any],
    statements: Sequence[str] | NDArray[Any],
    values: Sequence[int] | NDArray[Any],
    times: Sequence[int] | NDArray[Any] | None = None,
) -> VoteMatrix:
    """Return the matrix of votes, given as columns of equal length; the latest of several votes in one cell counts.

    Ids are strings, or whole numbers that stand for the string of their digits; they are sorted as strings, by code point
    ("10" before "9"). ``values`` are 1, 0 or -1; ``times`` whole numbers, later is greater. Of two different answers in one
    cell at the same time (or without times) pass counts: nobody can tell which was meant. The order of the votes does not
    matter. Arrays are quickest; 50 million votes take 16 bytes each beside what is given and returned.
    Raises BadInput where the columns differ in length, and BadParameter where a value is none of the three.

    >>> votes = gather_votes(participants=["b", "a", "b"], statements=["s", "s", "s"], values=[1, -1, 0], times=[1, 1, 2])
    >>> votes.participants, votes.values.tolist()
    (('a', 'b'), [-1, 0])
    """
    lengths = {len(participants), len(statements), len(values)} | ({len(times)} if times is not None else set())
    if len(lengths) > 1:
        raise BadInput(problem="Participants, statements, values and times must be columns of the same length.")
    answers = _check_values(values)
    people, row = _number_ids(participants)
    asked, column = _number_ids(statements)
    cells = np.empty(len(answers), dtype=np.int64)
    for part in _parts(len(cells)):
        np.multiply(row[part], max(len(asked), 1), out=cells[part], dtype=np.int64)
        cells[part] += column[part]
    del row, column
    coded = np.empty_like(cells)
    for part in _parts(len(cells)):
        np.multiply(cells[part], ANSWERS, out=coded[part])
        coded[part] += answers[part] + 1
    if times is None:
        del cells
    coded.sort()
    found, first, last = _merge_cells(coded)
    if times is not None and len(found) < len(coded):
        _keep_latest(found, first, last, cells=cells, answers=answers, times=np.asarray(times))
    kept = np.where(first == last, first, np.int8(PASS)).astype(np.int8)
    return _as_rows(found, kept, people, asked)


def add_votes(
    *,
    votes: VoteMatrix,
    participants: Sequence[str] | NDArray[Any],
    statements: Sequence[str] | NDArray[Any],
    values: Sequence[int] | NDArray[Any],
    times: Sequence[int] | NDArray[Any] | None = None,
) -> VoteMatrix:
    """Return ``votes`` with further votes, which count as later than all that it holds; the columns are as in gather_votes.

    Costs one copy of the matrix, however few the votes are. New participants and statements take their place in the order.
    Raises BadInput and BadParameter as gather_votes does.

    >>> before = gather_votes(participants=["a", "c"], statements=["s", "s"], values=[1, 1])
    >>> after = add_votes(votes=before, participants=["b", "c"], statements=["s", "s"], values=[-1, 0])
    >>> after.participants, after.values.tolist()
    (('a', 'b', 'c'), [1, -1, 0])
    """
    later = gather_votes(participants=participants, statements=statements, values=values, times=times)
    people, old_row, new_row = _join_ids(votes.participants, later.participants)
    asked, old_column, new_column = _join_ids(votes.statements, later.statements)
    counts = np.zeros(len(people), dtype=np.int64)
    counts[old_row] = np.diff(votes.starts)
    starts = np.r_[0, np.cumsum(counts)]
    columns = votes.columns if len(asked) == len(votes.statements) else old_column[votes.columns]

    # Only rows that change are searched; all others are copied as they are.
    changed = np.unique(new_row[np.repeat(np.arange(len(later.participants)), np.diff(later.starts))])
    inside = _ranges(starts[changed], counts[changed])
    of_row = np.repeat(np.arange(len(changed)), counts[changed])
    held = of_row * len(asked) + columns[inside]
    wanted_row = np.searchsorted(changed, new_row)[np.repeat(np.arange(len(later.participants)), np.diff(later.starts))]
    wanted = wanted_row * len(asked) + new_column[later.columns]
    at = np.searchsorted(held, wanted)
    known = np.zeros(len(wanted), dtype=bool)
    known[at < len(held)] = held[at[at < len(held)]] == wanted[at < len(held)]
    answers = votes.values.copy()
    answers[inside[at[known]]] = later.values[known]

    offset = np.r_[0, np.cumsum(counts[changed])][:-1]
    place = starts[changed][wanted_row] + at - offset[wanted_row]
    fresh = ~known
    np.add.at(counts, changed[wanted_row[fresh]], 1)
    return VoteMatrix(
        participants=people,
        statements=asked,
        starts=np.r_[0, np.cumsum(counts)].astype(np.int64),
        columns=np.insert(columns, place[fresh], new_column[later.columns][fresh]).astype(np.int32, copy=False),
        values=np.insert(answers, place[fresh], later.values[fresh]),
    )


def _check_values(values: Sequence[int] | NDArray[Any]) -> NDArray[np.int8]:
    given = np.asarray(values)
    if not len(given):
        return np.zeros(0, dtype=np.int8)
    answers = np.empty(len(given), dtype=np.int8)
    for part in _parts(len(given)):
        piece = given[part]
        known = (piece == AGREE) | (piece == PASS) | (piece == DISAGREE)
        if not np.all(known):
            raise BadParameter(name="values", found=str(piece[~np.asarray(known)][0]), allowed="1, 0 or -1")
        answers[part] = piece
    return answers


def _number_ids(ids: Sequence[str] | NDArray[Any]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Return the ids, sorted, and for each of those given its place among them."""
    if isinstance(ids, np.ndarray) and ids.dtype.kind in "iu" and len(ids):
        return _number_whole(ids)
    # One string stands for all equal ones, so that a column of millions costs one look-up a vote.
    known: dict[Any, int] = {}
    for part in _parts(len(ids)):
        piece = ids[part]
        known.update(dict.fromkeys(piece.tolist() if isinstance(piece, np.ndarray) else piece, 0))
    names = tuple(sorted({str(key) for key in known}))
    place = {name: at for at, name in enumerate(names)}
    known = {key: place[str(key)] for key in known}
    numbers = np.empty(len(ids), dtype=np.int32)
    for part in _parts(len(ids)):
        piece = ids[part]
        keys = piece.tolist() if isinstance(piece, np.ndarray) else piece
        numbers[part] = np.fromiter(map(known.__getitem__, keys), dtype=np.int32, count=len(keys))
    return names, numbers


def _number_whole(ids: NDArray[Any]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    low, high = int(ids.min()), int(ids.max())
    if high - low > 4 * len(ids) + ROWS:
        kept, among = np.unique(ids, return_inverse=True)
        order = sorted(range(len(kept)), key=lambda at: str(kept[at]))
        place = np.empty(len(kept), dtype=np.int32)
        place[order] = np.arange(len(kept), dtype=np.int32)
        of: NDArray[np.int32] = place[among.reshape(-1)]
        return tuple(str(kept[at]) for at in order), of
    seen = np.zeros(high - low + 1, dtype=bool)
    for part in _parts(len(ids)):
        seen[ids[part] - low] = True
    names = {str(number): number - low for number in (np.flatnonzero(seen) + low).tolist()}
    ordered = tuple(sorted(names))
    place = np.zeros(len(seen), dtype=np.int32)
    place[[names[name] for name in ordered]] = np.arange(len(ordered), dtype=np.int32)
    numbers = np.empty(len(ids), dtype=np.int32)
    for part in _parts(len(ids)):
        numbers[part] = place[ids[part] - low]
    return ordered, numbers


def _merge_cells(coded: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int8], NDArray[np.int8]]:
    """Return the cells of sorted codes, each once, with the least and the greatest answer given in it."""
    opens = np.ones(len(coded), dtype=bool)
    for part in _parts(max(len(coded) - 1, 0)):
        ahead = slice(part.start + 1, part.stop + 1)
        opens[ahead] = coded[ahead] // ANSWERS != coded[part] // ANSWERS
    if opens.all():
        found = coded // ANSWERS
        only = (coded - found * ANSWERS - 1).astype(np.int8)
        return found, only, only.copy()
    closes = np.r_[opens[1:], np.ones(min(len(opens), 1), dtype=bool)]
    least, most = coded[opens], coded[closes]
    found = least // ANSWERS
    return found, (least % ANSWERS - 1).astype(np.int8), (most % ANSWERS - 1).astype(np.int8)


def _keep_latest(
    found: NDArray[np.int64],
    first: NDArray[np.int8],
    last: NDArray[np.int8],
    *,
    cells: NDArray[np.int64],
    answers: NDArray[np.int8],
    times: NDArray[Any],
) -> None:
    """Where a cell holds different answers, put the least and the greatest of its latest moment into ``first`` and ``last``."""
    unsure = found[first != last]
    if not len(unsure):
        return
    rows = []
    for part in _parts(len(cells)):
        at = np.minimum(np.searchsorted(unsure, cells[part]), len(unsure) - 1)
        rows.append(np.flatnonzero(unsure[at] == cells[part]) + part.start)
    asked = np.concatenate(rows)
    asked = asked[np.lexsort((answers[asked], times[asked], cells[asked]))]
    cell, when, answer = cells[asked], times[asked], answers[asked]
    closes = np.r_[cell[1:] != cell[:-1], True]
    ends = np.flatnonzero(closes)
    latest = when == np.repeat(when[ends], np.diff(np.r_[-1, ends]))
    opens = np.flatnonzero(latest & np.r_[True, ~latest[:-1] | closes[:-1]])
    place = np.searchsorted(found, unsure)
    first[place], last[place] = answer[opens], answer[ends]


def _as_rows(
    found: NDArray[np.int64], kept: NDArray[np.int8], people: tuple[str, ...], asked: tuple[str, ...]
) -> VoteMatrix:
    wide = max(len(asked), 1)
    columns = np.empty(len(found), dtype=np.int32)
    for part in _parts(len(found)):
        columns[part] = found[part] % wide
    starts = np.searchsorted(found, np.arange(len(people) + 1, dtype=np.int64) * wide).astype(np.int64)
    return VoteMatrix(participants=people, statements=asked, starts=starts, columns=columns, values=kept)


def _join_ids(
    old: tuple[str, ...], new: tuple[str, ...]
) -> tuple[tuple[str, ...], NDArray[np.int32], NDArray[np.int32]]:
    """Return both sorted tuples of ids as one, and the places in it of the old and of the new."""
    at = [bisect_left(old, name) for name in new]
    fresh = [not (spot < len(old) and old[spot] == name) for spot, name in zip(at, new, strict=True)]
    among = np.asarray([spot for spot, is_fresh in zip(at, fresh, strict=True) if is_fresh], dtype=np.int64)
    moved = np.arange(len(old)) + np.searchsorted(among, np.arange(len(old)), side="right")
    before = np.cumsum(np.asarray(fresh, dtype=np.int64)) - np.asarray(fresh, dtype=np.int64)
    joined = old
    if len(among):
        joined = tuple(sorted((*old, *(name for name, is_fresh in zip(new, fresh, strict=True) if is_fresh))))
    return joined, moved.astype(np.int32), (np.asarray(at, dtype=np.int64) + before).astype(np.int32)


def _ranges(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the indices start, start + 1, ... of each range, one range after another."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    inside: NDArray[np.int64] = np.arange(total, dtype=np.int64) + np.repeat(starts - (ends - counts), counts)
    return inside


def _parts(length: int) -> Iterator[slice]:
    for start in range(0, length, ROWS):
        yield slice(start, min(start + ROWS, length))
