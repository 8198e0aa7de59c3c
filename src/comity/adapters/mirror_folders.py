"""A folder that holds a checked copy of releases: content by its SHA-256, what proves each version, and a catalogue of both.

``files/ab/cd/SHA256`` content; ``chunks/SHA256.json`` its pieces; ``versions/SLUG/LABEL/`` manifest, payload and receipt;
``catalogue.json`` what is wholly there; ``mirror.json`` where it comes from and whose keys are relied on; ``part/`` what is on
its way in. A version stands in the catalogue only when all of it was checked, so that a run may be killed at any moment.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import stat
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from comity.adapters.commons_catalogues import (
    MOST_CATALOGUE,
    MOST_MANIFEST,
    Evidence,
    ListedRelease,
    check_version,
    read_catalogue,
    read_json,
    write_catalogue,
)
from comity.engines.commons.chunks import Chunk, list_chunks, read_chunk_list
from comity.errors import BadInput, BadParameter, ComityError, Conflict, MalformedNote, NotAsReleased, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import IO

    from comity.adapters.commons_catalogues import ListedVersion, ReleasedFile
    from comity.engines.record.notes import VerifierKey

FORM = 1
BLOCK = 1 << 20
LOCK = "lock"
MOST_SETTINGS = 1_000_000
_MANIFEST, _PAYLOAD, _RECEIPT, _OPENING = "manifest.json", "payload.json", "receipt.tlog-proof", "opening.json"


@dataclass(frozen=True, slots=True)
class MirrorFolder:
    """The folder of a mirror. ``keys`` are public keys, one a line, on which it relies; ``comes_from`` is an address or a folder."""

    folder: Path
    keys: tuple[VerifierKey, ...] = ()
    comes_from: str = ""

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return str(self.folder)

    def file_path(self, sha256: str) -> Path:
        """Return where content of a digest is kept."""
        return self.folder / "files" / sha256[:2] / sha256[2:4] / sha256

    def part_path(self, sha256: str) -> Path:
        """Return where content of a digest is written before it was checked."""
        return self.folder / "part" / sha256

    def holds(self, file: ReleasedFile) -> bool:
        """Tell whether content of the size is kept under the digest. It was checked when it came; ``verify`` checks it again."""
        try:
            return self._size(file.sha256) == file.size
        except NotFound:
            return False

    def demand_room(self, files: Iterable[ReleasedFile]) -> None:
        """Raise BadInput where the disk has not the bytes free that files still need: a run that must fail is not begun."""
        needed = 0
        for file in {file.sha256: file for file in files if not self.holds(file)}.values():
            part = self.part_path(file.sha256)
            needed += max(0, file.size - (part.stat().st_size if part.is_file() else 0))
        demand_room(self.folder, needed)

    def releases(self) -> tuple[ListedRelease, ...]:
        """Return what is wholly kept. Raises NotAsReleased where the catalogue of the folder was altered."""
        try:
            content = read_small(self.folder / "catalogue.json", most=MOST_CATALOGUE)
        except FileNotFoundError:
            return ()
        except OSError:
            raise NotAsReleased(what=self.name, problem="its catalogue cannot be read") from None
        return read_catalogue(content=content, where=self.name, sealed=True)

    def evidence(self, version: ListedVersion) -> Evidence:
        """Return what proves a version. Raises NotAsReleased where it is not there."""
        place = self._place(version)
        try:
            receipt = read_small(place / _RECEIPT, most=MOST_SETTINGS).decode()
            opening = read_small(place / _OPENING, most=MOST_SETTINGS) if (place / _OPENING).exists() else b""
            manifest, payload = (read_small(place / name, most=MOST_MANIFEST) for name in (_MANIFEST, _PAYLOAD))
            return Evidence(manifest, payload, receipt, opening)
        except (OSError, UnicodeDecodeError):
            raise NotAsReleased(what=version.reference, problem=f"{place} does not hold what proves it") from None

    def files_of(self, version: ListedVersion) -> tuple[ReleasedFile, ...]:
        """Return the files of a kept version, checked against the record. Raises what ``check_version`` raises."""
        return check_version(version=version, evidence=self.evidence(version), keys=self.keys)

    def chunks(self, sha256: str) -> tuple[Chunk, ...]:
        """Return the pieces of kept content, from the folder or worked out now and kept. Raises NotFound."""
        path, size = self.folder / "chunks" / f"{sha256}.json", self._size(sha256)
        try:
            return read_chunk_list(rows=json.loads(read_small(path, most=MOST_CATALOGUE)), size=size)
        except (OSError, ValueError, RecursionError, BadParameter):
            with self.file_path(sha256).open("rb") as file:
                found = list_chunks(blocks=iter(lambda: file.read(BLOCK), b""))
        with contextlib.suppress(OSError):  # a disk that somebody brought may be closed to writing
            self.keep_chunks(sha256, found)
        return found

    def keep_chunks(self, sha256: str, chunks: Sequence[Chunk]) -> None:
        """Keep the pieces of content."""
        rows = json.dumps([[c.length, c.sha256] for c in chunks], separators=(",", ":"))
        write_whole(self.folder / "chunks" / f"{sha256}.json", rows.encode())

    def keep_content(self, part: Path, sha256: str) -> None:
        """Put checked content in its place, durably."""
        target = self.file_path(sha256)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        target.parent.mkdir(parents=True, exist_ok=True)
        part.replace(target)
        sync_folder(target.parent)

    def keep_version(self, release: ListedRelease, version: ListedVersion, evidence: Evidence) -> None:
        """Enter a version whose files are kept: first what proves it, then the catalogue."""
        place = self._place(version)
        write_whole(place / _MANIFEST, evidence.manifest)
        write_whole(place / _PAYLOAD, evidence.payload)
        write_whole(place / _RECEIPT, evidence.receipt.encode())
        if evidence.opening:
            write_whole(place / _OPENING, evidence.opening)
        kept = {r.reference: r for r in self.releases()}
        before = kept.get(release.reference)
        others = [v for v in before.versions if v.reference != version.reference] if before else []
        versions = tuple(sorted([*others, version], key=lambda v: v.number))
        kept[release.reference] = replace(release, versions=versions)
        self.keep_releases(tuple(kept.values()))

    def keep_releases(self, releases: Sequence[ListedRelease]) -> None:
        """Put a catalogue in the place of the last."""
        write_whole(self.folder / "catalogue.json", write_catalogue(releases=releases))

    def find_damage(self) -> Iterator[tuple[str, str]]:
        """Read everything again, and yield each thing that is not as it was released, with what is wrong."""
        damaged: dict[str, str] = {}
        seen: set[str] = set()
        for release in self.releases():
            for version in release.versions:
                try:
                    files = self.files_of(version)
                except ComityError as error:
                    yield version.reference, str(error)
                    continue
                for file in files:
                    if file.sha256 not in seen:
                        seen.add(file.sha256)
                        problem = self._find_problem(file)
                        if problem:
                            damaged[file.sha256] = problem
                    if file.sha256 in damaged:
                        yield (
                            f"{version.reference}/{file.path}",
                            f"{damaged[file.sha256]} ({self.file_path(file.sha256)})",
                        )

    def read(self, sha256: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield kept content from a byte on. Raises NotFound."""
        self._size(sha256)
        try:
            file = self.file_path(sha256).open("rb")
        except OSError:
            raise NotFound(reference=f"{self.folder}/files/{sha256}") from None
        with file:
            file.seek(start)
            left = length if length is not None else 1 << 62
            while left and (block := file.read(min(BLOCK, left))):
                left -= len(block)
                yield block

    def _find_problem(self, file: ReleasedFile) -> str:
        try:
            if self.file_path(file.sha256).exists() and not self.file_path(file.sha256).is_file():
                return "it is no file"
            with self.file_path(file.sha256).open("rb") as content:
                found = hashlib.file_digest(content, "sha256").hexdigest()
        except FileNotFoundError:
            return "it is missing"
        except OSError as error:
            return f"it cannot be read ({error.strerror})"
        return "" if found == file.sha256 else "its content was altered"

    def _size(self, sha256: str) -> int:
        try:
            found = self.file_path(sha256).stat()
        except OSError:
            found = None
        # Opening what is no file, on a disk that somebody brought, might never end.
        if found is None or not stat.S_ISREG(found.st_mode):
            raise NotFound(reference=f"{self.folder}/files/{sha256}")
        return found.st_size

    def _place(self, version: ListedVersion) -> Path:
        return self.folder / "versions" / version.slug / version.label


def open_mirror(*, folder: Path) -> MirrorFolder:
    """Return the mirror that a folder holds, with the keys on which it relies. Raises BadInput where it is none."""
    from comity.engines.record.notes import parse_key

    path = folder / "mirror.json"
    try:
        told = read_json(content=read_small(path, most=MOST_SETTINGS), what=str(path), most=MOST_SETTINGS)
        keys = tuple(parse_key(str(text)) for text in told["keys"] if told["comity_mirror"] == FORM)
    except OSError:
        raise BadInput(
            problem=f"{folder} is no mirror of the commons. Make one: comity commons mirror URL --to {folder}"
        ) from None
    except (KeyError, TypeError, MalformedNote):
        raise BadInput(
            problem=f"{path} is not as a mirror writes it. Put it back, or begin in another folder."
        ) from None
    if not keys:
        raise BadInput(problem=f"{path} names no key to rely on. Put it back, or begin in another folder.")
    return MirrorFolder(folder=folder, keys=keys, comes_from=str(told.get("from", "")))


def make_mirror(*, folder: Path, keys: Sequence[VerifierKey], comes_from: str) -> MirrorFolder:
    """Return the mirror of a folder, new or as it is, that relies on some keys besides those that it knew.

    Raises BadInput where the folder holds other things, or where no key is known. A mirror may be fed from several sources, since
    the record proves what each gives; the latest is written down.
    """
    if (folder / "mirror.json").exists():
        before = open_mirror(folder=folder)
        known = (*before.keys, *(key for key in keys if key not in before.keys))
        mirror = MirrorFolder(folder=folder, keys=known, comes_from=comes_from or before.comes_from)
        if mirror == before:
            return mirror
    else:
        if folder.exists() and (not folder.is_dir() or {path.name for path in folder.iterdir()} - {LOCK}):
            raise BadInput(problem=f"{folder} holds other things. Give a new folder, or that of a mirror.")
        if not keys:
            raise BadInput(
                problem="Nothing is taken in that the record does not prove. Give the public key of the log with --key; "
                "the body tells it to whoever asks, and shows it at its address under record/key."
            )
        mirror = MirrorFolder(folder=folder, keys=tuple(dict.fromkeys(keys)), comes_from=comes_from)
    told = {"comity_mirror": FORM, "from": mirror.comes_from, "keys": [key.text for key in mirror.keys]}
    write_whole(folder / "mirror.json", json.dumps(told, indent=1).encode() + b"\n")
    return mirror


def hold_folder(folder: Path, /) -> IO[str]:
    """Hold a folder for one run: close what is returned to give it up. Raises Conflict where another run holds it."""
    # The run before may remove the folder, and with it this lock, between any two of these steps.
    with contextlib.suppress(BlockingIOError, FileNotFoundError), contextlib.ExitStack() as opened:
        folder.mkdir(parents=True, exist_ok=True)
        held = opened.enter_context((folder / LOCK).open("a", encoding="ascii"))
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(held.fileno()).st_ino == (folder / LOCK).stat().st_ino:
            opened.pop_all()
            return held
    raise Conflict(problem=f"Another command works in {folder}. Wait until it ends, or stop it.")


def remove_held(folder: Path, /) -> None:
    """Remove a folder that is held, the lock last: who takes it up from then on keeps what it brings."""
    for inside in folder.iterdir():
        if inside.name == LOCK:
            continue
        if inside.is_dir() and not inside.is_symlink():
            shutil.rmtree(inside)
        else:
            inside.unlink()
    (folder / LOCK).unlink()
    with contextlib.suppress(OSError):  # the next run has it
        folder.rmdir()


def demand_room(folder: Path, size: int, /) -> None:
    """Raise BadInput where a disk has not so many bytes free: a run that must fail is not begun."""
    place = folder
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if size > free:
        raise BadInput(problem=f"{folder} has room for {free} bytes; {size} are needed. Nothing was fetched.")


def read_small(path: Path, *, most: int) -> bytes:
    """Return the content of a file, or one byte more than is sound of it. Raises OSError, also where it is no file."""
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is no file")
    with path.open("rb") as file:
        return file.read(most + 1)


def write_whole(target: Path, content: bytes) -> None:
    """Write a file whole or not at all, durably."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
