"""Write a conversation as the three files of Polis, line by line, so that a long one is never held whole.

What is written is read again to the same by ``polis_files``. Text that a spreadsheet would take for a formula gets an apostrophe,
which reading takes off. No mark of UTF-8 stands in front: other tools take it for a part of the first column's name.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.adapters.polis_cells import guard_text
from comity.adapters.polis_files import COMMENTS, VOTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from comity.adapters.polis_files import PolisComment, PolisVotes

WIDE = ("participant", "group-id", "region", "n-comments", "n-votes", "n-agree", "n-disagree")


def vote_lines(*, votes: PolisVotes) -> Iterator[str]:
    """Yield ``votes.csv``: one line a vote, in the order of the columns; without times their two cells are left out."""
    people, statements = _guarded(votes.participants), _guarded(votes.statements)
    columns = (votes.what.tolist(), votes.who.tolist(), votes.values.tolist())
    if votes.times is None:
        yield _line(VOTES[2:])
        yield from (_line((statements[s], people[p], v)) for s, p, v in zip(*columns, strict=True))
        return
    yield _line(VOTES)
    for time, statement, person, value in zip(votes.times.tolist(), *columns, strict=True):
        yield _line((time, _moment(time), statements[statement], people[person], value))


def comment_lines(*, comments: Iterable[PolisComment]) -> Iterator[str]:
    """Yield ``comments.csv``, in the order given; what is not known is an empty cell."""
    yield _line(COMMENTS)
    for c in comments:
        when = "" if c.time is None else _moment(c.time)
        yield _line(
            (
                c.time,
                when,
                guard_text(c.id),
                guard_text(c.author),
                c.agrees,
                c.disagrees,
                c.moderated,
                guard_text(c.text),
            )
        )


def participant_lines(*, votes: PolisVotes) -> Iterator[str]:
    """Yield ``participants-votes.csv``: one line a participant, one column a statement, the latest vote in each cell.

    The counts are of these cells. Of several votes in one cell the last in the order of time counts, then of the columns.
    """
    yield _line((*WIDE, *_guarded(votes.statements)))
    order = np.lexsort(
        (np.arange(len(votes.who)), votes.times if votes.times is not None else votes.who * 0, votes.who)
    )
    starts = np.searchsorted(votes.who[order], np.arange(len(votes.participants) + 1)).tolist()
    what, values = votes.what[order].tolist(), votes.values[order].tolist()
    for i, person in enumerate(votes.participants):
        cells: list[Any] = [""] * len(votes.statements)
        for k in range(starts[i], starts[i + 1]):
            cells[what[k]] = values[k]
        agrees, disagrees, passes = (cells.count(value) for value in (1, -1, 0))
        yield _line(
            (
                guard_text(person),
                votes.groups.get(person, ""),
                guard_text(votes.regions.get(person, "")),
                votes.written.get(person, ""),
                agrees + disagrees + passes,
                agrees,
                disagrees,
                *cells,
            )
        )


def _guarded(ids: Sequence[str]) -> list[str]:
    return [guard_text(i) for i in ids]


def _moment(milliseconds: int) -> str:
    """Return a time as people read it, in UTC; empty where no calendar holds it."""
    try:
        return dt.datetime.fromtimestamp(milliseconds / 1000, tz=dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return ""


def _line(cells: Sequence[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
