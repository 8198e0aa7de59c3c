"""A backup as one tar file: a manifest first, then files by name; read back with nothing trusted.

Every file is checked by its SHA-256 against the manifest, and names that would leave the folder, links and devices are
refused, before anything is put in place.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from comity.errors import BrokenBackup

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = "manifest.json"
CHUNK = 1 << 20
MOST_MANIFEST = 64_000_000


def write_archive(*, target: Path, files: Mapping[str, Path], about: Mapping[str, Any]) -> int:
    """Write files under their names, and a manifest of their digests before them; return the size in bytes.

    The archive is readable by its owner alone, since it holds keys; it appears under its name only when it is complete.
    """
    sizes = {name: path.stat().st_size for name, path in sorted(files.items())}
    digests = {name: {"sha256": _digest_of(path), "bytes": sizes[name]} for name, path in sorted(files.items())}
    manifest = json.dumps({**about, "files": digests}, ensure_ascii=False, indent=1, sort_keys=True).encode()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
                entry = tarfile.TarInfo(MANIFEST)
                entry.size, entry.mode = len(manifest), 0o600
                archive.addfile(entry, io.BytesIO(manifest))
                for name, path in sorted(files.items()):
                    entry = tarfile.TarInfo(name)
                    entry.size, entry.mode = sizes[name], 0o600
                    with path.open("rb") as file:
                        archive.addfile(entry, file)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def unpack_archive(*, source: Path, folder: Path) -> dict[str, Any]:
    """Write the files of an archive under a new folder and return its manifest. Raises BrokenBackup, and leaves nothing
    that was not checked: a missing, altered, doubled or unlisted file is named.
    """
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            return _unpack(archive, source=source, folder=folder)
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenBackup(file=source.name, problem=f"it cannot be read ({type(error).__name__})") from None


def _unpack(archive: tarfile.TarFile, *, source: Path, folder: Path) -> dict[str, Any]:
    first = archive.next()
    reader = archive.extractfile(first) if first and first.isreg() and first.name == MANIFEST else None
    if reader is None:
        raise BrokenBackup(file=source.name, problem="it does not begin with a manifest")
    manifest: dict[str, Any] = json.loads(reader.read(MOST_MANIFEST))
    wanted = dict(manifest["files"])
    while entry := archive.next():
        listed = wanted.pop(entry.name, None)
        if listed is None or not entry.isreg() or not _is_safe(entry.name) or entry.size != listed["bytes"]:
            raise BrokenBackup(file=source.name, problem=f"{entry.name[:120]} is not as the manifest lists it")
        content = archive.extractfile(entry)
        path = folder / entry.name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest = hashlib.sha256()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while content is not None and (piece := content.read(CHUNK)):
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != listed["sha256"]:
            raise BrokenBackup(file=source.name, problem=f"{entry.name[:120]} was altered")
    if wanted:
        raise BrokenBackup(file=source.name, problem=f"{min(wanted)} is missing")
    return manifest


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and name == str(path)


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_below(*, folder: Path, left_out: frozenset[str]) -> dict[str, Path]:
    """Return the files of a folder by their path in it, without those whose first part is left out. Links are no files."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.split("/")[0] not in left_out and path.is_file() and not path.is_symlink():
            found[name] = path
    return found
