"""Keep a mirror: take in each version whose act the record proves, moving only the pieces of its files that are not there yet.

A file is put together in order, from pieces of earlier versions and from what the line brings, each compared with its digest; then
the whole is compared with its own. What was put together so far stands in ``part/`` and is gone through again after a run that was
killed, so that it goes on from the first piece that is missing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO

from comity.adapters.commons_catalogues import find_versions, read_catalogue
from comity.adapters.several_commons import SeveralCommons, prove_version, readers_of
from comity.engines.commons.chunks import read_chunk_list
from comity.errors import BadParameter, ComityError, NotAsReleased, NotFound, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from comity.adapters.commons_catalogues import ListedRelease, ListedVersion, ReleasedFile
    from comity.adapters.commons_sources import CommonsSource
    from comity.adapters.mirror_folders import MirrorFolder
    from comity.engines.commons.chunks import Chunk

BLOCK = 1 << 20
WORTH_CUTTING = 1 << 16
"""Files below this size, in bytes, are fetched whole."""
Place = tuple["Path", int]


@dataclass(slots=True)
class Updated:
    """What a run did: versions taken in, files and bytes fetched, bytes that earlier versions gave; and what was not taken in.

    ``refused`` are versions with the refusal; ``waiting`` those that cannot be taken in yet, with the reason; ``gone`` those that the mirror
    holds and the source lists no longer; ``taken_down`` releases whose files are given to nobody any more.
    """

    added: list[str] = field(default_factory=list)
    held: int = 0
    files: int = 0
    fetched: int = 0
    reused: int = 0
    refused: list[tuple[str, ComityError]] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    taken_down: list[str] = field(default_factory=list)


def update_mirror(
    *,
    source: CommonsSource,
    mirror: MirrorFolder,
    only: Sequence[str] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> Updated:
    """Bring a mirror up to what a source lists, or to some versions of it, and return what was done.

    ``only`` are versions as ``find_versions`` reads them. Raises NotFound where one of them is not listed, Unreachable where nobody
    answers, NotAsReleased for a catalogue that is none; what was taken in before stays. A version that is not as it was released
    is left out and named, and the others go on.
    """
    listed = read_catalogue(content=source.catalogue(), where=source.name)
    wanted = {v.reference for _, v in find_versions(releases=listed, names=only)} if only else None
    done = Updated()
    _follow_taking_down(listed, mirror, done)
    held = {v.reference: v for r in mirror.releases() for v in r.versions}
    for release in listed:
        if release.is_taken_down:
            continue
        for version in release.versions:
            if wanted is not None and version.reference not in wanted:
                continue
            try:
                _take_version(
                    release,
                    version,
                    source=source,
                    mirror=mirror,
                    before=held.get(version.reference),
                    done=done,
                    tell=tell,
                )
            except NotFound as error:
                done.waiting.append((version.reference, f"{error.data['reference']} is not given now"))
            except Unreachable:
                raise
            except ComityError as error:
                done.refused.append((version.reference, error))
    if wanted is None:
        there = {v.reference for r in listed for v in r.versions}
        done.gone = sorted(set(held) - there)
    return done


def fetch_file(
    *, source: CommonsSource, mirror: MirrorFolder, file: ReleasedFile, pieces: Mapping[str, Place], done: Updated
) -> None:
    """Put one file into a mirror, checked; ``pieces`` says where pieces of earlier files lie. Raises NotAsReleased, NotFound.

    Of several sources the nearest is asked first; where it breaks off or gives other bytes than were released, the next goes on.
    """
    part = mirror.part_path(file.sha256)
    part.parent.mkdir(parents=True, exist_ok=True)
    chunks = _chunks_of(source, file) if file.size > WORTH_CUTTING else None
    first: ComityError | None = None
    for listed in (chunks, None) if chunks is not None else (None,):
        wrong: list[CommonsSource] = []
        for reader in readers_of(source, file):
            try:
                with part.open("r+b" if part.exists() else "w+b") as out:
                    if listed is not None:
                        found = _Assembly(reader, file, out, pieces, done).put_together(listed)
                    else:
                        found = _append(reader, file, out, done)
            except (NotFound, Unreachable) as error:
                first = first or error
                _give_up(source, [reader] if isinstance(error, Unreachable) else [])
                continue
            if found == file.sha256:
                mirror.keep_content(part, file.sha256)
                if listed is not None:
                    mirror.keep_chunks(file.sha256, listed)
                done.files += 1
                _give_up(source, wrong)
                return
            problem = "what came has another SHA-256 than its manifest states"
            first = first or NotAsReleased(what=file.path, problem=problem)
            wrong.append(reader)
            if listed is None:
                part.unlink()
        if not wrong:
            break
        part.unlink(missing_ok=True)  # what fits a list that is wrong is worth nothing
    raise first or NotFound(reference=file.sha256)


def _give_up(source: CommonsSource, readers: Sequence[CommonsSource], /) -> None:
    for reader in readers:
        if isinstance(source, SeveralCommons):
            source.give_up(reader)


def find_pieces(*, mirror: MirrorFolder, digests: Sequence[str], besides: Sequence[Path] = ()) -> dict[str, Place]:
    """Return where the pieces of kept content lie, by their digest; ``besides`` are files elsewhere that may share some."""
    from comity.engines.commons.chunks import list_chunks

    found: dict[str, Place] = {}
    for digest in digests:
        try:
            _enter_pieces(found, mirror.file_path(digest), mirror.chunks(digest))
        except NotFound:
            continue
    for path in besides:
        with path.open("rb") as file:
            _enter_pieces(found, path, list_chunks(blocks=iter(lambda: file.read(BLOCK), b"")))
    return found


def _enter_pieces(found: dict[str, Place], path: Path, chunks: Sequence[Chunk], /) -> None:
    at = 0
    for chunk in chunks:
        found.setdefault(chunk.sha256, (path, at))
        at += chunk.length


def _follow_taking_down(listed: Sequence[ListedRelease], mirror: MirrorFolder, done: Updated, /) -> None:
    """Take over which releases were taken down or given back: a mirror serves and bundles nothing that was taken down."""
    now = {r.reference: r for r in listed}
    before = mirror.releases()
    after = [replace(now[r.reference], versions=r.versions) if r.reference in now else r for r in before]
    done.taken_down = [r.reference for r in after if r.is_taken_down]
    if after != list(before):
        mirror.keep_releases(after)


def _take_version(
    release: ListedRelease,
    version: ListedVersion,
    /,
    *,
    source: CommonsSource,
    mirror: MirrorFolder,
    before: ListedVersion | None,
    done: Updated,
    tell: Callable[[str], None],
) -> None:
    if before is not None:
        if before.manifest_sha256 != version.manifest_sha256:
            raise NotAsReleased(
                what=version.reference,
                problem="the source lists another manifest for it than it did; a version never changes",
            )
        files = mirror.files_of(before)
        if all(mirror.holds(file) for file in files):
            done.held += 1
            return
    evidence, files = prove_version(source=source, version=version, keys=mirror.keys)
    missing = {file.sha256: file for file in files if not mirror.holds(file)}
    mirror.demand_room(missing.values())
    pieces: dict[str, Place] | None = None
    for file in missing.values():
        tell(f"{version.reference}: {file.path}")
        if pieces is None and file.size > WORTH_CUTTING:
            pieces = find_pieces(mirror=mirror, digests=_kin(mirror, release))
        fetch_file(source=source, mirror=mirror, file=file, pieces=pieces or {}, done=done)
    mirror.keep_version(release, version, evidence)
    done.added.append(version.reference)


def _kin(mirror: MirrorFolder, release: ListedRelease, /) -> list[str]:
    """Return the digests of kept content of a release that is worth cutting, latest version first."""
    kept = next((r for r in mirror.releases() if r.reference == release.reference), None)
    found: dict[str, None] = {}
    for version in reversed(kept.versions if kept else ()):
        for file in mirror.files_of(version):
            if file.size > WORTH_CUTTING and mirror.holds(file):
                found[file.sha256] = None
    return list(found)


def _chunks_of(source: CommonsSource, file: ReleasedFile, /) -> tuple[Chunk, ...] | None:
    try:
        return read_chunk_list(rows=source.chunk_rows(file.sha256), size=file.size)
    except (NotFound, BadParameter):
        return None


class _Assembly:
    """Puts one file together from its pieces."""

    def __init__(
        self, source: CommonsSource, file: ReleasedFile, out: BinaryIO, pieces: Mapping[str, Place], done: Updated
    ) -> None:
        self.source, self.file, self.out, self.pieces, self.done = source, file, out, pieces, done
        self.digest = hashlib.sha256()

    def put_together(self, chunks: Sequence[Chunk]) -> str:
        """Write what is missing, and return the SHA-256 of the whole; nothing where a piece that came was not as listed."""
        number = self._go_through(chunks)
        while number < len(chunks):
            held = self._held(chunks[number])
            if held is not None:
                self._write(held)
                self.done.reused += len(held)
                number += 1
                continue
            end = number + 1
            while end < len(chunks) and chunks[end].sha256 not in self.pieces:
                end += 1
            if not self._fetch(chunks[number:end]):
                return ""
            number = end
        return self.digest.hexdigest()

    def _go_through(self, chunks: Sequence[Chunk]) -> int:
        """Compare what an earlier run wrote, cut off what does not fit, and return how many pieces are there."""
        at = 0
        for number, chunk in enumerate(chunks):
            found = self.out.read(chunk.length)
            if hashlib.sha256(found).hexdigest() != chunk.sha256:
                self.out.seek(at)
                self.out.truncate()
                return number
            self.digest.update(found)
            at += chunk.length
        self.out.truncate()
        return len(chunks)

    def _held(self, chunk: Chunk) -> bytes | None:
        """Return a piece that an earlier file has, unless it was altered there meanwhile."""
        place = self.pieces.get(chunk.sha256)
        if place is None:
            return None
        try:
            with place[0].open("rb") as file:
                file.seek(place[1])
                found = file.read(chunk.length)
        except OSError:
            return None
        return found if hashlib.sha256(found).hexdigest() == chunk.sha256 else None

    def _fetch(self, chunks: Sequence[Chunk]) -> bool:
        waiting, held = list(chunks), bytearray()
        length = sum(chunk.length for chunk in chunks)
        for block in self.source.read(self.file.sha256, self.out.tell(), length):
            self.done.fetched += len(block)
            held += block
            while waiting and len(held) >= waiting[0].length:
                piece = bytes(held[: waiting[0].length])
                if hashlib.sha256(piece).hexdigest() != waiting[0].sha256:
                    return False
                del held[: waiting.pop(0).length]
                self._write(piece)
        return not waiting

    def _write(self, piece: bytes) -> None:
        self.digest.update(piece)
        self.out.write(piece)


def _append(source: CommonsSource, file: ReleasedFile, out: BinaryIO, done: Updated, /) -> str:
    """Go on with a file from where an earlier run stopped, and return the SHA-256 of the whole."""
    digest, at = hashlib.sha256(), 0
    while at < file.size and (block := out.read(min(BLOCK, file.size - at))):
        digest.update(block)
        at += len(block)
    out.seek(at)
    out.truncate()
    if at < file.size:
        for block in source.read(file.sha256, at, file.size - at):
            done.fetched += len(block)
            digest.update(block)
            out.write(block)
    return digest.hexdigest()
