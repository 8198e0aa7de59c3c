"""Write the folder of a pool: every file appears whole, and none is left of an earlier result that this one does not have."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from comity.adapters.pool_files import ALL_FILES, EXPLANATION
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

OF_ALLOCATIONS = "explanation.json"


def demand_pool_folder(*, out: Path, inputs: Sequence[Path]) -> None:
    """Refuse, before any work, a folder that cannot be written, holds a result of another kind, or a table that is read."""
    allowed = "a folder that is there and can be written, or a new one in such a folder"
    place = out.absolute()
    if place.exists() and not place.is_dir():
        raise BadParameter(name="--out", found=str(out), allowed=f"{allowed}; this is a file")
    for path in inputs:
        if path.name in ALL_FILES and path.absolute().parent.resolve() == place.resolve():
            raise BadParameter(
                name="--out", found=str(out), allowed=f"another folder than that of {path.name}, which is read"
            )
    if (place / OF_ALLOCATIONS).exists():
        raise BadParameter(
            name="--out", found=str(out), allowed="another folder: this one holds a result of comity capacity allocate"
        )
    while not place.exists():
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise BadParameter(name="--out", found=str(out), allowed=allowed)


def write_pool_folder(*, out: Path, contents: Mapping[str, str]) -> None:
    """Write files into a folder: nothing appears before all is written. Raises BadParameter where it cannot be written."""
    parts = {name: out / f".{name}.{os.getpid()}" for name in contents}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            parts[name].write_text(text, encoding="utf-8", newline="")
        # without its explanation a folder is no result, so that one is taken away first and comes last
        (out / EXPLANATION).unlink(missing_ok=True)
        for name in set(ALL_FILES) - contents.keys():
            (out / name).unlink(missing_ok=True)
        for name in sorted(contents, key=lambda n: (n == EXPLANATION, n)):
            parts[name].replace(out / name)
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise BadParameter(name="--out", found=str(out), allowed=f"a folder that can be written; {problem}") from None
    finally:
        for part in parts.values():
            try:
                part.unlink(missing_ok=True)
            except OSError:  # the folder is not there, so no part is either
                continue
