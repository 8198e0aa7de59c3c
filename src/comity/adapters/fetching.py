"""Fetch one version into a plain folder, ready for use: its files under their own paths, each checked, and nothing beside them.

What is on its way stands in ``.cache/comity`` in that folder, so that a run that was killed goes on; pieces of files that stand there
already, such as those of an earlier version, are not fetched again.
"""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from comity.adapters.commons_catalogues import check_version, find_versions, read_catalogue
from comity.adapters.mirror_folders import MirrorFolder, hold_folder, sync_folder
from comity.adapters.mirroring import WORTH_CUTTING, Updated, fetch_file, find_pieces
from comity.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from comity.adapters.commons_catalogues import ListedVersion, ReleasedFile
    from comity.adapters.commons_sources import CommonsSource
    from comity.engines.record.notes import VerifierKey

CACHE = ".cache/comity"


def fetch_version(
    *,
    source: CommonsSource,
    name: str,
    folder: Path,
    keys: Sequence[VerifierKey],
    replace: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[ListedVersion, tuple[ReleasedFile, ...], Updated]:
    """Put the files of a version into a folder and return the version, its files and what was moved.

    Raises NotFound, Unreachable, NotAsReleased, RecordBroken kinds, and BadInput where a file of another content stands in the
    place of one and ``replace`` is not said; then nothing was written under the version's paths.
    """
    releases = read_catalogue(content=source.catalogue(), where=source.name)
    ((_, version),) = find_versions(releases=releases, names=[name])
    files = check_version(version=version, evidence=source.evidence(version), keys=keys)
    held = {file.path for file in files if _has_content(folder / file.path, file)}
    others = [file for file in files if file.path not in held and (folder / file.path).exists()]
    if others and not replace:
        raise BadInput(
            problem=f"{folder / others[0].path} has another content than {version.reference}. "
            "Give another folder, or say --replace; nothing was changed."
        )
    done = Updated(held=len(held))
    missing = [file for file in files if file.path not in held]
    with hold_folder(folder / CACHE):
        mirror = MirrorFolder(folder=folder / CACHE, keys=tuple(keys))
        cut = [file for file in files if (folder / file.path).is_file() and file.size > WORTH_CUTTING]
        pieces = find_pieces(mirror=mirror, digests=(), besides=[folder / f.path for f in cut] if missing else ())
        for file in missing:
            if not mirror.holds(file):
                tell(f"{version.reference}: {file.path}")
                fetch_file(source=source, mirror=mirror, file=file, pieces=pieces, done=done)
        _put_in_place(mirror, folder, missing)
    shutil.rmtree(folder / CACHE)
    return version, files, done


def _put_in_place(mirror: MirrorFolder, folder: Path, files: Sequence[ReleasedFile], /) -> None:
    last = {file.sha256: file.path for file in files}
    for file in files:
        target, content = folder / file.path, mirror.file_path(file.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        if last[file.sha256] != file.path:
            part = target.with_name(f".{target.name}.part")
            shutil.copyfile(content, part)
            part.replace(target)
        else:
            content.replace(target)
        sync_folder(target.parent)


def _has_content(path: Path, file: ReleasedFile, /) -> bool:
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256
