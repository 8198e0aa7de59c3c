"""Read an outcome with its steps from JSON, whoever wrote it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from comity.errors import BrokenFile, FileTooLarge, PathNotFound

if TYPE_CHECKING:
    from pathlib import Path

MOST_MEGABYTES = 5


def read_result(*, path: Path) -> dict[str, Any]:
    """Return the object in a JSON file. Raises PathNotFound, FileTooLarge or BrokenFile."""
    if not path.is_file():
        raise PathNotFound(file=str(path))
    if path.stat().st_size > MOST_MEGABYTES * 1_000_000:
        raise FileTooLarge(file=path.name, found=f"{path.stat().st_size / 1_000_000:.0f}", allowed=MOST_MEGABYTES)
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BrokenFile(file=path.name, problem=f"not JSON: {str(error)[:100]}") from None
    if not isinstance(found, dict):
        raise BrokenFile(
            file=path.name, problem="it must hold one object, as `comity decisions tally --json` prints it"
        )
    return found
