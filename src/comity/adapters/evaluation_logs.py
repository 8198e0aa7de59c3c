"""Read the log of an evaluation by what it is: Inspect, Project Moonshot, AI Verify, or our own small form. No log is ever run."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any, BinaryIO

from comity.adapters.evaluation_archives import MOST_VALUES, LogArchive, read_json
from comity.adapters.evaluation_rows import EvaluationFile, checked_rows, clean_text, compose_evaluations
from comity.adapters.inspect_logs import is_inspect, made_at_of, rows_of_inspect, tool_of
from comity.adapters.moonshot_results import is_ai_verify, is_moonshot, rows_of_ai_verify, rows_of_moonshot
from comity.errors import BadReleaseFile, FileTooLarge, PathNotFound, UnreadableFile

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 1_000_000
MOST_JSON = 64 * MEGABYTE
"""The most of one piece of JSON that the command reads; a server reads less."""
_PIECE = 1 << 20


def read_evaluation_file(*, path: Path, most_json: int = MOST_JSON, most_values: int = MOST_VALUES) -> EvaluationFile:
    """Return what the log at a path holds. Raises PathNotFound, UnreadableFile, or what ``read_evaluation`` raises."""
    if not path.is_file():
        raise PathNotFound(file=str(path))
    try:
        with path.open("rb") as opened:
            return read_evaluation(opened=opened, file=path.name, most_json=most_json, most_values=most_values)
    except OSError:
        raise UnreadableFile(file=path.name) from None


def read_evaluation(
    *, opened: BinaryIO, file: str, most_json: int = MOST_JSON, most_values: int = MOST_VALUES
) -> EvaluationFile:
    """Return what an open log holds. Raises FileTooLarge, or BadReleaseFile with the place of what will not do."""
    try:
        return _read(opened, file, most_json=most_json, most_values=most_values)
    except RecursionError:
        raise BadReleaseFile(
            file=file, where="the file", problem="too many levels stand inside each other in it"
        ) from None


def read_evaluation_bytes(
    *, content: bytes, file: str, most_json: int = MOST_JSON, most_values: int = MOST_VALUES
) -> EvaluationFile:
    """Return what the bytes of a log hold. Raises as ``read_evaluation``."""
    return read_evaluation(opened=io.BytesIO(content), file=file, most_json=most_json, most_values=most_values)


def _read(opened: BinaryIO, file: str, /, *, most_json: int, most_values: int) -> EvaluationFile:
    opened.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := opened.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    opened.seek(0)
    if opened.read(4) == b"PK\x03\x04":
        return _read_archive(opened, file, digest.hexdigest(), size, most_json=most_json, most_values=most_values)
    if size > most_json:
        raise FileTooLarge(file=file, found=f"{size / MEGABYTE:.1f}", allowed=most_json // MEGABYTE)
    opened.seek(0)
    tree = read_json(content=opened.read(), file=file, most_values=most_values)
    return _read_tree(tree, file, digest.hexdigest(), size)


def _read_archive(
    opened: BinaryIO, file: str, sha256: str, size: int, /, *, most_json: int, most_values: int
) -> EvaluationFile:
    archive = LogArchive(opened=opened, file=file)
    if not archive.holds("header.json"):
        problem = "it holds no header.json: it is no log of Inspect, or its run had not ended"
        raise BadReleaseFile(file=file, where="the file", problem=problem)

    def part(name: str) -> Any:
        if not archive.holds(name):
            return None
        return read_json(content=archive.read(name, most=most_json), file=file, where=name, most_values=most_values)

    header = part("header.json")
    if not is_inspect(header):
        raise BadReleaseFile(file=file, where="header.json", problem="it is no header of Inspect")
    rows, skipped = rows_of_inspect(
        header=header, samples=part("summaries.json"), reductions=part("reductions.json"), file=file
    )
    return EvaluationFile(
        form="inspect",
        sha256=sha256,
        size=size,
        tool=tool_of(header),
        made_at=made_at_of(header),
        rows=checked_rows(rows, file=file),
        skipped=tuple(skipped),
    )


def _read_tree(tree: Any, file: str, sha256: str, size: int, /) -> EvaluationFile:
    if isinstance(tree, dict) and "comity_evaluations" in tree:
        return compose_evaluations(tree=tree, file=file)
    if is_inspect(tree):
        rows, skipped = rows_of_inspect(
            header=tree, samples=tree.get("samples"), reductions=tree.get("reductions"), file=file
        )
        return EvaluationFile(
            form="inspect",
            sha256=sha256,
            size=size,
            tool=tool_of(tree),
            made_at=made_at_of(tree),
            rows=checked_rows(rows, file=file),
            skipped=tuple(skipped),
        )
    if is_moonshot(tree):
        return EvaluationFile(
            form="moonshot",
            sha256=sha256,
            size=size,
            tool="moonshot",
            made_at=clean_text(tree["metadata"].get("end_time") if isinstance(tree["metadata"], dict) else "", most=40),
            rows=checked_rows(rows_of_moonshot(tree=tree, file=file), file=file),
        )
    if is_ai_verify(tree):
        first = tree[0] if isinstance(tree, list) else tree
        return EvaluationFile(
            form="ai-verify",
            sha256=sha256,
            size=size,
            tool=clean_text(f"{clean_text(first['gid'])} {clean_text(first.get('version'))}", most=60),
            made_at=clean_text(first.get("start_time"), most=40),
            rows=checked_rows(rows_of_ai_verify(tree=tree, file=file), file=file),
        )
    problem = "it is none of the logs that are read here: Inspect, Project Moonshot, AI Verify, comity-evaluations.json"
    raise BadReleaseFile(file=file, where="the file", problem=problem)
