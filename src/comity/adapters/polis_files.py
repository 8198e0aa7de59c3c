"""Read the three files in which Polis gives out a conversation: its votes, its participants and its comments.

The columns are those of Polis' data export (github.com/compdemocracy/openData). There agree is 1, disagree -1 and pass 0; some
exports of its database have the sign the other way round, so the meaning can be said on reading (``agree_is``), and
``demand_right_sign`` compares votes with the counts that stand beside them.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from comity.adapters.polis_cells import (
    MOST_DIGITS,
    VALUES,
    each_row,
    open_table,
    read_header,
    read_id,
    read_moderated,
    read_time,
    read_value,
    read_whole,
    refuse_header,
    unguard_text,
)
from comity.adapters.polis_numbers import read_number_columns
from comity.errors import BadParameter, BadRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from comity.engines.dialogue.votes import VoteMatrix

VOTES = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
COMMENTS = ("timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body")
ABOUT = ("participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", "region")
"""What the wide file says of a participant; every other column of it is a statement."""

MOST_IN_REGION = 60
MOST_TEXT = 10_000
_ONE_LENGTH = 10**9


@dataclass(frozen=True, slots=True, eq=False)
class PolisVotes:
    """Votes of either file, as columns of equal length into the ids, which are sorted and stand once.

    ``who`` and ``what`` have shape (votes,), int32; ``values`` int8: 1 agree, 0 pass, -1 disagree; ``times`` int64 in
    milliseconds, or None where the file has none. The wide file also gives ``groups`` (participant to Polis' group),
    ``regions`` and ``written`` (how many statements each wrote); participants and statements without a vote are kept.
    ``counts`` are the agrees and disagrees that the wide file states of each participant.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    who: NDArray[np.int32]
    what: NDArray[np.int32]
    values: NDArray[np.int8]
    times: NDArray[np.int64] | None = None
    groups: Mapping[str, int] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PolisComment:
    """A statement: ``moderated`` is 1 accepted, 0 not looked at, -1 left out; ``time`` in milliseconds (None: not said)."""

    id: str
    text: str
    author: str = ""
    moderated: int = 0
    agrees: int | None = None
    disagrees: int | None = None
    time: int | None = None


def read_votes(*, path: Path, agree_is: int = 1) -> PolisVotes:
    """Return the votes of ``votes.csv`` or ``participants-votes.csv``; the header says which of the two it is.

    Raises PathNotFound, FileTooLarge, EmptyFile, BrokenFile, or BadRow naming the first row that will not do.
    """
    with open_table(path=path) as source:
        return read_votes_from(source=source, file=path.name, agree_is=agree_is)


def read_votes_from(*, source: BinaryIO, file: str, agree_is: int = 1) -> PolisVotes:
    """Return the votes of an open file that can be read again from its beginning; ``file`` is what refusals call it."""
    if agree_is not in {1, -1}:
        raise BadParameter(name="agree-is", found=agree_is, allowed="1 or -1")
    header = read_header(source=source, file=file)
    if "participant" in header:
        votes = _read_wide(source, file, header)
    elif {"comment-id", "voter-id", "vote"} <= set(header):
        votes = _read_long(source, file, header)
    else:
        refuse_header(
            file=file, header=header, allowed=f"{','.join(VOTES)}, or participant and a column for each statement"
        )
    if agree_is == -1:
        np.negative(votes.values, out=votes.values)
    return votes


def read_comments(*, path: Path) -> tuple[PolisComment, ...]:
    """Return the statements of ``comments.csv`` in the order of the file. Raises as ``read_votes`` does."""
    with open_table(path=path) as source:
        return read_comments_from(source=source, file=path.name)


def read_comments_from(*, source: BinaryIO, file: str) -> tuple[PolisComment, ...]:
    """Return the statements of an open file; ``file`` is what refusals call it."""
    header = read_header(source=source, file=file)
    if not {"comment-id", "comment-body"} <= set(header):
        refuse_header(file=file, header=header, allowed=",".join(COMMENTS))
    found: dict[str, PolisComment] = {}
    for number, row in each_row(source=source, file=file, header=header):
        cells = dict(zip(header, row, strict=True))
        comment = PolisComment(
            id=read_id(cell=cells["comment-id"], column="comment-id", file=file, row=number),
            text=unguard_text(cells["comment-body"]),
            author=unguard_text(cells.get("author-id", "").strip()),
            moderated=read_moderated(cell=cells.get("moderated", ""), file=file, row=number),
            agrees=read_whole(cell=cells.get("agrees", ""), column="agrees", file=file, row=number),
            disagrees=read_whole(cell=cells.get("disagrees", ""), column="disagrees", file=file, row=number),
            time=read_whole(cell=cells.get("timestamp", ""), column="timestamp", file=file, row=number),
        )
        if not comment.text.strip():
            raise BadRow(
                file=file, row=number, problem="comment-body is empty; leave the row out, or write the statement"
            )
        if len(comment.text) > MOST_TEXT:
            raise BadRow(
                file=file,
                row=number,
                problem=f"comment-body has {len(comment.text)} characters; at most {MOST_TEXT} are read",
            )
        if comment.id in found:
            raise BadRow(
                file=file, row=number, problem=f'the comment-id "{comment.id}" stands twice; keep one of the rows'
            )
        found[comment.id] = comment
    return tuple(found.values())


def gather_matrix(*, votes: PolisVotes) -> VoteMatrix:
    """Return the matrix that the engine computes with: who voted on something, what was voted on, the latest in each cell."""
    from comity.engines.dialogue.votes import gather_votes

    # Numbers of one length sort as their digits do, so the engine's order is ours and no column of text is ever made.
    matrix = gather_votes(
        participants=votes.who + _ONE_LENGTH,
        statements=votes.what + _ONE_LENGTH,
        values=votes.values,
        times=votes.times,
    )
    return replace(
        matrix,
        participants=tuple(votes.participants[int(n) - _ONE_LENGTH] for n in matrix.participants),
        statements=tuple(votes.statements[int(n) - _ONE_LENGTH] for n in matrix.statements),
    )


def demand_right_sign(*, votes: PolisVotes, comments: Sequence[PolisComment], file: str) -> None:
    """Raise BadParameter where the stated counts of agrees and disagrees fit the votes only the other way round.

    The wide file states them of each participant, ``comments.csv`` of each statement. Counts that fit neither way (votes that
    were changed, statements left out) say nothing; nor does a file without counts.
    """
    agrees, disagrees = (
        np.bincount(votes.who[votes.values == value], minlength=len(votes.participants)) for value in (1, -1)
    )
    pairs = [
        (votes.counts[p], (int(agrees[i]), int(disagrees[i])))
        for i, p in enumerate(votes.participants)
        if p in votes.counts
    ]
    agrees, disagrees = (
        np.bincount(votes.what[votes.values == value], minlength=len(votes.statements)) for value in (1, -1)
    )
    stated = {c.id: (c.agrees, c.disagrees) for c in comments if c.agrees is not None and c.disagrees is not None}
    pairs += [
        ((int(stated[s][0] or 0), int(stated[s][1] or 0)), (int(agrees[i]), int(disagrees[i])))
        for i, s in enumerate(votes.statements)
        if s in stated
    ]
    telling = [(said, counted) for said, counted in pairs if said[0] != said[1] and counted[0] != counted[1]]
    as_read = sum((said[0] > said[1]) == (counted[0] > counted[1]) for said, counted in telling)
    if len(telling) - as_read > as_read:
        raise BadParameter(
            name="agree-is",
            found="1, or not given",
            allowed=f"the other sign for {file}: the counts of agrees beside its votes fit {len(telling) - as_read} of "
            f"{len(telling)} times only the other way round",
        )


def _read_long(source: BinaryIO, file: str, header: Sequence[str]) -> PolisVotes:
    at = [header.index(name) for name in ("voter-id", "comment-id", "vote")]
    when = header.index("timestamp") if "timestamp" in header else None
    source.seek(0)
    quick = read_number_columns(source=source, columns=len(header), ids=(at[0], at[1]), vote=at[2], time=when)
    if quick is not None:
        voters, comments, values, times = quick
        participants, who = _sorted_numbers(voters)
        statements, what = _sorted_numbers(comments)
        return PolisVotes(participants, statements, who, what, values, times)
    # What is no plain table of numbers is read row by row, and each row that will not do is named.
    people: dict[str, int] = {}
    asked: dict[str, int] = {}
    who_of, what_of, value_of, time_of = array("i"), array("i"), array("b"), array("q")
    for number, row in each_row(source=source, file=file, header=header):
        voter, comment, vote = row[at[0]], row[at[1]], row[at[2]]
        if voter not in people:
            people[voter] = people.setdefault(
                read_id(cell=voter, column="voter-id", file=file, row=number), len(people)
            )
        if comment not in asked:
            asked[comment] = asked.setdefault(
                read_id(cell=comment, column="comment-id", file=file, row=number), len(asked)
            )
        who_of.append(people[voter])
        what_of.append(asked[comment])
        value_of.append(VALUES[vote] if vote in VALUES else read_value(cell=vote, column="vote", file=file, row=number))
        if when is not None:
            time = row[when]
            time_of.append(
                int(time)
                if time.isdecimal() and len(time) < MOST_DIGITS + 1
                else read_time(cell=time, file=file, row=number)
            )
    participants, who = _sorted_ids(people, who_of)
    statements, what = _sorted_ids(asked, what_of)
    values = np.array(value_of, dtype=np.int8)
    return PolisVotes(
        participants, statements, who, what, values, None if when is None else np.array(time_of, dtype=np.int64)
    )


def _sorted_numbers(numbers: NDArray[np.int64]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Return the distinct numbers as ids in the order of text, and the place of each row's own among them."""
    present = np.flatnonzero(np.bincount(numbers)) if len(numbers) else np.zeros(0, dtype=np.int64)
    ids = [str(n) for n in present.tolist()]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    place = np.zeros(int(present[-1]) + 1 if len(present) else 1, dtype=np.int32)
    place[present[order]] = np.arange(len(order), dtype=np.int32)
    return tuple(ids[i] for i in order), place[numbers]


def _sorted_ids(known: Mapping[str, int], rows: Sequence[int]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Return the ids sorted, and the place of each row's own among them.

    ``known`` may hold one id twice, as it stood in the file (guarded, or with spaces around it) and as it is meant.
    """
    meant = {unguard_text(id_.strip()): code for id_, code in known.items()}
    ids = sorted(meant)
    place = np.zeros(max(known.values(), default=0) + 1, dtype=np.int32)
    place[[meant[i] for i in ids]] = np.arange(len(ids), dtype=np.int32)
    return tuple(ids), place[np.array(rows, dtype=np.int64)]


def _read_wide(source: BinaryIO, file: str, header: Sequence[str]) -> PolisVotes:
    about = {name: header.index(name) for name in ABOUT if name in header}
    columns = [(i, name) for i, name in enumerate(header) if name not in about]
    if not columns:
        raise BadRow(
            file=file, row=1, problem="no column is a statement; give one column for each statement, named by its id"
        )
    statements = tuple(sorted(name for _, name in columns))
    place = {name: k for k, name in enumerate(statements)}
    votes: dict[str, tuple[array[int], array[int]]] = {}
    kept: dict[str, dict[str, Any]] = {"groups": {}, "regions": {}, "written": {}, "counts": {}}
    for number, row in each_row(source=source, file=file, header=header):
        person = read_id(cell=row[about["participant"]], column="participant", file=file, row=number)
        if person in votes:
            raise BadRow(
                file=file, row=number, problem=f'the participant "{person}" stands twice; keep one of the rows'
            )
        what, values = votes[person] = array("i"), array("b")
        for i, name in columns:
            if row[i]:
                values.append(read_value(cell=row[i], column=name, file=file, row=number))
                what.append(place[name])
        _take_about(row, about, person=person, file=file, number=number, kept=kept)
    participants = tuple(sorted(votes))
    sizes = np.array([len(votes[p][0]) for p in participants], dtype=np.int64)
    return PolisVotes(
        participants=participants,
        statements=statements,
        who=np.repeat(np.arange(len(participants), dtype=np.int32), sizes),
        what=_joined([votes[p][0] for p in participants], np.int32),
        values=_joined([votes[p][1] for p in participants], np.int8),
        groups=kept["groups"],
        regions=kept["regions"],
        written=kept["written"],
        counts=kept["counts"],
    )


def _take_about(
    row: Sequence[str],
    about: Mapping[str, int],
    *,
    person: str,
    file: str,
    number: int,
    kept: dict[str, dict[str, Any]],
) -> None:
    """Keep what the wide file says of a participant beside the votes; an outside identifier (xid) is never kept."""
    said = {
        name: read_whole(cell=row[about[name]], column=name, file=file, row=number)
        for name in ("group-id", "n-comments", "n-agree", "n-disagree")
        if name in about
    }
    for key, name in (("groups", "group-id"), ("written", "n-comments")):
        if said.get(name) is not None:
            kept[key][person] = said[name]
    if said.get("n-agree") is not None and said.get("n-disagree") is not None:
        kept["counts"][person] = (said["n-agree"], said["n-disagree"])
    region = unguard_text(row[about["region"]].strip()) if "region" in about else ""
    if len(region) > MOST_IN_REGION:
        raise BadRow(
            file=file, row=number, problem=f"region has {len(region)} characters; at most {MOST_IN_REGION} are read"
        )
    if region:
        kept["regions"][person] = region


def _joined(parts: Sequence[array[int]], kind: type[np.signedinteger[Any]]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype=kind), *(np.frombuffer(p, dtype=kind) for p in parts if p)])
