"""Fetch one version into a plain folder, ready for use: its files under their own paths, each checked, and its description.

The description is that of the manifest, which the record proves; it stands as ``comity-release.json`` where the release has no such
file. What is on its way stands in ``.cache/comity`` in that folder, so that a run that was killed goes on; pieces of files that stand
there already, such as those of an earlier version, are not fetched again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import unicodedata
from typing import TYPE_CHECKING

from comity.adapters.commons_catalogues import MOST_MANIFEST, find_versions, read_catalogue, read_json
from comity.adapters.mirror_folders import MirrorFolder, hold_folder, remove_held, sync_folder, write_whole
from comity.adapters.mirroring import WORTH_CUTTING, Updated, fetch_file, find_pieces
from comity.adapters.release_manifests import NAMES
from comity.adapters.several_commons import prove_version
from comity.errors import BadInput, NotAsReleased

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from comity.adapters.commons_catalogues import ListedVersion, ReleasedFile
    from comity.adapters.commons_sources import CommonsSource
    from comity.engines.record.notes import VerifierKey

CACHE = ".cache/comity"
DESCRIPTION = NAMES[0]


def fetch_version(
    *,
    source: CommonsSource,
    name: str,
    folder: Path,
    keys: Sequence[VerifierKey],
    replace: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[ListedVersion, tuple[ReleasedFile, ...], Updated]:
    """Put the files of a version and its description into a folder; return the version, its files and what was moved.

    Raises NotFound, Unreachable, NotAsReleased, RecordBroken kinds, and BadInput where a file of another content stands in the
    place of one and ``replace`` is not said, where a link leads out of the folder, or where the disk is too small; then nothing was
    written under the version's paths.
    """
    releases = read_catalogue(content=source.catalogue(), where=source.name)
    ((_, version),) = find_versions(releases=releases, names=[name])
    evidence, files = prove_version(source=source, version=version, keys=keys)
    _demand_apart(version.reference, [file.path for file in files])
    described = _describe(evidence.manifest, files)
    for path in [CACHE, *(file.path for file in files)]:
        _demand_no_link(folder, path)
    # What stands is looked at before what it holds: another run may put a file in place meanwhile, whole.
    standing = [file for file in files if _stands(folder / file.path)]
    held = {file.path for file in standing if _has_content(folder / file.path, file)}
    others = [file.path for file in standing if file.path not in held]
    if described and _stands(folder / DESCRIPTION) and not _holds_bytes(folder / DESCRIPTION, described):
        others.append(DESCRIPTION)
    if others and not replace:
        raise BadInput(
            problem=f"{folder / others[0]} has another content than {version.reference}. "
            "Give another folder, or say --replace; nothing was changed."
        )
    blocked = next((path for path in others if (folder / path).is_dir() and not (folder / path).is_symlink()), None)
    if blocked is not None:
        raise BadInput(problem=f"{folder / blocked} is a folder. Give another folder; nothing was changed.")
    if described and _stands(folder / NAMES[1]):
        raise BadInput(
            problem=f"{folder / NAMES[1]} would stand beside the description of {version.reference}. "
            "Give another folder; nothing was changed."
        )
    done = Updated(held=len(held))
    missing = [file for file in files if file.path not in held]
    mirror = MirrorFolder(folder=folder / CACHE, keys=tuple(keys))
    mirror.demand_room(missing)
    with hold_folder(folder / CACHE):
        cut = [file for file in files if (folder / file.path).is_file() and file.size > WORTH_CUTTING]
        pieces = find_pieces(mirror=mirror, digests=(), besides=[folder / f.path for f in cut] if missing else ())
        for file in missing:
            if not mirror.holds(file):
                tell(f"{version.reference}: {file.path}")
                fetch_file(source=source, mirror=mirror, file=file, pieces=pieces, done=done)
        _put_in_place(mirror, folder, missing)
        if described and not _holds_bytes(folder / DESCRIPTION, described):
            write_whole(mirror.part_path(DESCRIPTION), described)
            mirror.part_path(DESCRIPTION).replace(folder / DESCRIPTION)
            sync_folder(folder)
        remove_held(folder / CACHE)
    with contextlib.suppress(OSError):  # others keep things there too
        (folder / CACHE).parent.rmdir()
    return version, files, done


def _describe(manifest: bytes, files: Sequence[ReleasedFile], /) -> bytes:
    """Return the description that a proved manifest holds, as a file; nothing where it has none or the release has its own."""
    told = read_json(content=manifest, what="the manifest", most=MOST_MANIFEST).get("description")
    if not isinstance(told, dict) or any(file.path.casefold() in NAMES for file in files):
        return b""
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _put_in_place(mirror: MirrorFolder, folder: Path, files: Sequence[ReleasedFile], /) -> None:
    last = {file.sha256: file.path for file in files}
    for file in files:
        target, content = folder / file.path, mirror.file_path(file.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        if last[file.sha256] != file.path:
            part = mirror.part_path("copy")
            part.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(content, part)
            part.replace(target)
        else:
            content.replace(target)
        sync_folder(target.parent)


def _demand_apart(reference: str, paths: Iterable[str], /) -> None:
    """Refuse paths that cannot lie together in one folder on every machine: one would be written over the other."""
    folded: dict[str, str] = {}
    for path in sorted(paths, key=_fold):
        fold = _fold(path)
        parts = fold.split("/")
        above = next((f for n in range(1, len(parts) + 1) if (f := "/".join(parts[:n])) in folded), None)
        if above is not None:
            problem = f'the paths "{folded[above][:100]}" and "{path[:100]}" cannot lie in one folder on every machine'
            raise NotAsReleased(what=reference, problem=problem)
        folded[fold] = path


def _fold(path: str, /) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _demand_no_link(folder: Path, path: str, /) -> None:
    """Refuse a way through a link: what is fetched stays in the folder that was named."""
    place = folder
    for part in path.split("/")[: None if path == CACHE else -1]:
        place /= part
        if place.is_symlink():
            raise BadInput(
                problem=f"{place} is a link, which is not followed. Give another folder; nothing was changed."
            )


def _stands(path: Path, /) -> bool:
    return path.exists() or path.is_symlink()


def _has_content(path: Path, file: ReleasedFile, /) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size != file.size:
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256


def _holds_bytes(path: Path, content: bytes, /) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size != len(content):
        return False
    return path.read_bytes() == content
