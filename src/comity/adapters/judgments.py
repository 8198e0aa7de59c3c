"""Read queries, candidates and gold judgments, and write a run, each with its own refusal by file and row."""

from __future__ import annotations

import csv
import io
import json
import os
from typing import TYPE_CHECKING, Any

from comity.engines.alignment.evaluation import Passage
from comity.errors import BadRow, BrokenFile, EmptyFile, FileTooLarge, PathNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from comity.engines.alignment.evaluation import Ranking

MOST_MEGABYTES = 50
MOST_TEXT = 100_000
GOLD = ("query_id", "candidate_id", "grade")
GRADES = {"0": 0, "1": 1, "2": 2}


def read_passages(*, path: Path) -> tuple[Passage, ...]:
    """Return the passages of a JSON Lines file: ``{"id", "text", "language", "instrument"?}`` a line.

    Raises PathNotFound, FileTooLarge, EmptyFile, BrokenFile, or BadRow naming the first line that will not do.
    """
    found: dict[str, Passage] = {}
    # Only a line feed ends a line: JSON lets the other separators of Unicode stand inside a text.
    for number, line in enumerate(_text_of(path).split("\n"), 1):
        if not line.strip():
            continue
        passage = _passage(path.name, number, line)
        if passage.id in found:
            raise BadRow(
                file=path.name, row=number, problem=f'the id "{passage.id[:60]}" stands twice; give each row its own'
            )
        found[passage.id] = passage
    if not found:
        raise EmptyFile(file=path.name)
    return tuple(found.values())


def _passage(file: str, number: int, line: str) -> Passage:
    try:
        row: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise BadRow(file=file, row=number, problem="not a JSON object; write one object a line") from None
    if not isinstance(row, dict):
        raise BadRow(file=file, row=number, problem="not a JSON object; write one object a line")
    for key in ("id", "text", "language"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise BadRow(file=file, row=number, problem=f'"{key}" is missing or no text')
        if not _is_unicode(row[key]):
            raise BadRow(file=file, row=number, problem=f'"{key}" holds half of a character; write it out whole')
    if not isinstance(row.get("instrument"), str | None):
        raise BadRow(file=file, row=number, problem='"instrument" is no text')
    if len(row["text"]) > MOST_TEXT:
        raise BadRow(
            file=file, row=number, problem=f"the text has {len(row['text'])} characters; at most {MOST_TEXT} are read"
        )
    return Passage(id=row["id"], text=row["text"], language=row["language"], instrument=row.get("instrument"))


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)


def read_gold(*, path: Path, queries: Sequence[Passage], candidates: Sequence[Passage]) -> dict[tuple[str, str], int]:
    """Return (query, candidate) to grade of a CSV file with the columns query_id, candidate_id, grade (0, 1 or 2).

    Raises PathNotFound, FileTooLarge, EmptyFile, BrokenFile, or BadRow: an unknown id, a grade that is none, a pair that stands twice.
    """
    text = _text_of(path)
    if not text.strip():
        raise EmptyFile(file=path.name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if tuple(c.strip() for c in header) != GOLD:
            raise BadRow(
                file=path.name, row=1, problem=f"the columns are {','.join(header)[:80]}; they must be {','.join(GOLD)}"
            )
        known = ({q.id for q in queries}, {c.id for c in candidates})
        found: dict[tuple[str, str], int] = {}
        for row in reader:
            if row:
                _take_judgment(found, row, file=path.name, number=reader.line_num, known=known)
    except csv.Error as error:
        raise BadRow(file=path.name, row=reader.line_num, problem=str(error)) from None
    if not found:
        raise EmptyFile(file=path.name)
    return found


def _take_judgment(
    found: dict[tuple[str, str], int], row: Sequence[str], *, file: str, number: int, known: tuple[set[str], set[str]]
) -> None:
    if len(row) != len(GOLD):
        raise BadRow(file=file, row=number, problem=f"{len(row)} columns; there must be {len(GOLD)}")
    query, candidate, grade = row
    if query not in known[0]:
        raise BadRow(file=file, row=number, problem=f'no query has the id "{query[:60]}"')
    if candidate not in known[1]:
        raise BadRow(file=file, row=number, problem=f'no candidate has the id "{candidate[:60]}"')
    if grade.strip() not in GRADES:
        raise BadRow(file=file, row=number, problem=f'the grade is "{grade[:20]}"; allowed are 0, 1 and 2')
    if (query, candidate) in found:
        raise BadRow(file=file, row=number, problem=f'the pair "{query[:60]}", "{candidate[:60]}" stands twice')
    found[query, candidate] = GRADES[grade.strip()]


def write_run(*, path: Path, rankings: Sequence[Ranking], most: int) -> None:
    """Write ``query_id,candidate_id,score``, at most ``most`` candidates a query, whole or not at all."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("query_id", "candidate_id", "score"))
    for ranking in rankings:
        pairs = zip(ranking.candidates[:most], ranking.scores[:most], strict=True)
        writer.writerows((ranking.query, candidate, f"{score:.9f}") for candidate, score in pairs)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(text.getvalue(), encoding="utf-8", newline="")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _text_of(path: Path) -> str:
    if not path.is_file():
        raise PathNotFound(file=str(path))
    megabytes = path.stat().st_size / 1_000_000
    if megabytes > MOST_MEGABYTES:
        raise FileTooLarge(file=path.name, found=f"{megabytes:.0f}", allowed=MOST_MEGABYTES)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BrokenFile(file=path.name, problem=error.strerror or type(error).__name__) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise BadRow(file=path.name, row=row, problem="not UTF-8; save the file as UTF-8") from None
