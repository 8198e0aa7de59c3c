"""Write the folder of a result: every file appears whole, and none is left of an earlier result that this one does not have."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path


def demand_folder(*, out: Path, inputs: Sequence[Path], names: Collection[str], others: Mapping[str, str]) -> None:
    """Refuse, before any work, a folder that cannot be written, or in which a table that is read would be written over.

    ``names`` are the files of such a result. ``others`` maps a file by which a result of another command is known to that command:
    its folder is refused too.
    """
    allowed = "a folder that is there and can be written, or a new one in such a folder"
    place = out.absolute()
    if place.exists() and not place.is_dir():
        raise BadParameter(name="--out", found=str(out), allowed=f"{allowed}; this is a file")
    for path in inputs:
        if path.name in names and path.absolute().parent.resolve() == place.resolve():
            raise BadParameter(
                name="--out", found=str(out), allowed=f"another folder than that of {path.name}, which is read"
            )
    for name, command in others.items():
        if (place / name).exists():
            raise BadParameter(
                name="--out", found=str(out), allowed=f"another folder: this one holds a result of {command}"
            )
    while not place.exists():
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise BadParameter(name="--out", found=str(out), allowed=allowed)


def write_folder(*, out: Path, contents: Mapping[str, str], names: Collection[str], last: str) -> None:
    """Write files into a folder: nothing appears before all is written. Raises BadParameter where it cannot be written.

    ``names`` are the files of such a result, of which none may be left of an earlier one; without ``last`` a folder is no result, so
    that one is taken away first and comes last.
    """
    parts = {name: out / f".{name}.{os.getpid()}" for name in contents}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            parts[name].write_text(text, encoding="utf-8", newline="")
        (out / last).unlink(missing_ok=True)
        for name in set(names) - contents.keys():
            (out / name).unlink(missing_ok=True)
        for name in sorted(contents, key=lambda n: (n == last, n)):
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
