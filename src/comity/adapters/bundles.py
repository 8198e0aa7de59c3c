"""A bundle: releases with what proves them as one signed file for a disk, in which no bit can change without being named.

It is a tar file (POSIX pax) of which every byte is determined. First stands ``comity-bundle.txt``, a signed note (C2SP signed-note)
that states the digest of ``ro-crate-metadata.json``; that comes next and lists all other files, which follow in the order of their
paths. A content of a release
that stands twice is a hard link the second time. Headers, padding and end are compared with those that such a
bundle must have, contents with their SHA-256; so any tar program unpacks it, and nothing in it is free to differ.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from comity.adapters.bundle_crates import NAME, CrateFile, list_crate_files
from comity.adapters.signing_keys import Ed25519Verifier
from comity.engines.record.notes import parse_key, parse_note, verify_note
from comity.errors import BrokenBundle, ForgedCheckpoint, MalformedNote, NotAsReleased

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from comity.adapters.signing_keys import SigningKey
    from comity.engines.record.notes import VerifierKey

NOTE = "comity-bundle.txt"
TITLE = "comity.bundle/v1"
CONTENTS = "data/"
BLOCK = 1 << 20
RECORD = 512
END = bytes(2 * RECORD)
MOST_NOTE = 20_000
MOST_CRATE = 128_000_000
MOST_KEPT = 512_000_000
"""Bytes of small files that are held in memory at most, taken together."""


@dataclass(slots=True)
class ScannedBundle:
    """What a bundle holds and what is wrong in it, each problem with the part that it is in.

    ``maker`` is the key whose signature it carries, as the bundle states it; ``kept`` are the small files that were asked for, by path.
    """

    name: str
    maker: VerifierKey | None = None
    files: tuple[CrateFile, ...] = ()
    kept: dict[str, bytes] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def demand_sound(self) -> None:
        """Raise BrokenBundle for the first part in which something is wrong."""
        for what, problem in self.problems:
            more = f" (and {len(self.problems) - 1} more parts)" if len(self.problems) > 1 else ""
            raise BrokenBundle(file=self.name, what=what, problem=problem + more)


def write_bundle(
    *,
    target: Path,
    crate: bytes,
    contents: Mapping[str, Callable[[], Iterator[bytes]]],
    key: SigningKey,
) -> int:
    """Write a bundle of the files that its description lists, and return its size in bytes.

    ``contents`` gives for each path what yields its bytes; they are compared with the list while they are written. The file appears
    under its name only when it is whole. Raises NotAsReleased naming a content that is not as listed.
    """
    note = key.sign(text=_note_text(crate=crate, key=key.verifier.key)).encode()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            for name, content in ((NOTE, note), (NAME, crate)):
                file.write(_header(name, len(content)) + content + _padding(len(content)))
            for listed, link in _in_order(list_crate_files(crate)):
                file.write(_header(listed.path, listed.size, link))
                if not link:
                    _copy_content(listed, contents[listed.path](), file)
            file.write(END)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def scan_bundle(
    *,
    path: Path,
    signed_by: Sequence[VerifierKey] = (),
    keep: Callable[[str], bool] = lambda _: False,
    open_for: Callable[[CrateFile], BinaryIO | None] = lambda _: None,
) -> ScannedBundle:
    """Read a bundle from its first to its last byte, and return what it holds and what is wrong.

    ``signed_by`` are keys of which one must have signed. ``keep`` says which small files to keep in memory; ``open_for`` gives, for any
    other, where to write it, which is closed again. What was written counts only where no problem was found. Raises OSError where
    it cannot be written: that is no fault of the bundle.
    """
    scanned = ScannedBundle(name=path.name)
    try:
        file = path.open("rb")
    except OSError as error:
        scanned.problems.append(("the file", f"it cannot be read ({error.strerror})"))
        return scanned
    with file:
        try:
            _Scan(file, scanned, keep, open_for).run(signed_by)
        except _Stop as stop:
            scanned.problems.append((stop.what, stop.problem))
    return scanned


class _Stop(Exception):
    """What makes reading on pointless."""

    def __init__(self, what: str, problem: str) -> None:
        super().__init__(problem)
        self.what, self.problem = what, problem


class _Scan:
    """Reads one bundle strictly."""

    def __init__(
        self,
        file: BinaryIO,
        scanned: ScannedBundle,
        keep: Callable[[str], bool],
        open_for: Callable[[CrateFile], BinaryIO | None],
    ) -> None:
        self.file, self.scanned, self.keep, self.open_for = file, scanned, keep, open_for
        self.kept = 0

    def run(self, signed_by: Sequence[VerifierKey]) -> None:
        """Read all of it."""
        size, digest = self._read_note(signed_by)
        listing = CrateFile(NAME, size, digest)
        if size > MOST_CRATE:
            raise _Stop(NAME, f"it has more than {MOST_CRATE} bytes")
        crate = io.BytesIO()
        before = len(self.scanned.problems)
        self._read_entry(listing, "", crate)
        if len(self.scanned.problems) > before:
            raise _Stop("the rest", "it cannot be read without its list")
        try:
            self.scanned.files = list_crate_files(crate.getvalue())
        except ValueError as error:
            raise _Stop(NAME, str(error)) from None
        for listed, link in _in_order(self.scanned.files):
            self._read_file(listed, link)
        if self._read(len(END)) != END:
            self._note("the end", "the file does not end as a bundle does")
        elif self._read(1):
            self._note("the end", "bytes follow after it")

    def _read_note(self, signed_by: Sequence[VerifierKey]) -> tuple[int, str]:
        head = self._read(RECORD)
        try:
            size = tarfile.TarInfo.frombuf(head, "utf-8", "strict").size
        except (tarfile.HeaderError, ValueError, UnicodeDecodeError):
            size = -1
        if not 0 < size <= MOST_NOTE or head != _header(NOTE, size):
            raise _Stop(f"the header of {NOTE}", "it is not that of a bundle")
        content = self._read_exactly(NOTE, size)
        self._check_padding(NOTE, size)
        try:
            note = parse_note(content.decode())
            title, key_line, list_line = note.text.removesuffix("\n").split("\n")
            maker = parse_key(key_line.removeprefix("key "))
            name, size_text, digest = list_line.split(" ")
            size = int(size_text)
        except (ValueError, MalformedNote):
            raise _Stop(NOTE, "it is not the note that a bundle begins with") from None
        if note.text != _text(key_line.removeprefix("key "), size, digest) or (title, name) != (TITLE, NAME):
            raise _Stop(NOTE, "it is not the note that a bundle begins with")
        if len(note.signatures) != 1:
            raise _Stop(NOTE, "it does not carry exactly one signature")
        if signed_by and maker not in signed_by:
            raise _Stop(NOTE, f"it is signed by {maker.text}, which is none of the keys given")
        try:
            verify_note(note=note, by=Ed25519Verifier(key=maker))
        except ForgedCheckpoint as forged:
            raise _Stop(NOTE, str(forged.data["problem"])) from None
        self.scanned.maker = maker
        return size, digest

    def _read_file(self, listed: CrateFile, link: str) -> None:
        if self.keep(listed.path) and not link:
            self.kept += listed.size
            if self.kept > MOST_KEPT:
                raise _Stop(listed.path, f"what proves the releases has more than {MOST_KEPT} bytes")
            held = io.BytesIO()
            self._read_entry(listed, "", held)
            self.scanned.kept[listed.path] = held.getvalue()
            return
        target = None if link else self.open_for(listed)
        try:
            self._read_entry(listed, link, target)
        finally:
            if target is not None:
                target.close()

    def _read_entry(self, listed: CrateFile, link: str, target: BinaryIO | None) -> None:
        expected = _header(listed.path, listed.size, link)
        if self._read_exactly(f"the header of {listed.path}", len(expected)) != expected:
            self._note(f"the header of {listed.path}", "it was altered")
        if link:
            return
        digest, left = hashlib.sha256(), listed.size
        while left:
            piece = self._read_exactly(listed.path, min(BLOCK, left), whole=False)
            digest.update(piece)
            if target is not None:
                target.write(piece)
            left -= len(piece)
        if digest.hexdigest() != listed.sha256:
            self._note(listed.path, "its content was altered: its SHA-256 is another than the list states")
        self._check_padding(listed.path, listed.size)

    def _check_padding(self, what: str, size: int) -> None:
        expected = _padding(size)
        if self._read_exactly(f"the padding after {what}", len(expected)) != expected:
            self._note(f"the padding after {what}", "it was altered")

    def _read_exactly(self, what: str, size: int, *, whole: bool = True) -> bytes:
        found = self._read(size)
        if len(found) < size and (whole or not found):
            raise _Stop(what, "the file ends in it")
        return found

    def _read(self, size: int) -> bytes:
        try:
            return self.file.read(size)
        except OSError as error:
            raise _Stop("the file", f"it cannot be read ({error.strerror})") from None

    def _note(self, what: str, problem: str) -> None:
        self.scanned.problems.append((what, problem))


def _note_text(*, crate: bytes, key: VerifierKey) -> str:
    return _text(key.text, len(crate), hashlib.sha256(crate).hexdigest())


def _text(key: str, size: int, digest: str, /) -> str:
    return f"{TITLE}\nkey {key}\n{NAME} {size} {digest}\n"


def _in_order(files: Sequence[CrateFile], /) -> Iterator[tuple[CrateFile, str]]:
    """Yield files in the order of their paths, each with the path of the earlier one that has its content, or nothing.

    Contents of releases are linked with one another alone: what proves them stands by itself.
    """
    first: dict[str, str] = {}
    for file in sorted(files, key=lambda f: f.path):
        link = first.setdefault(file.sha256, file.path) if file.path.startswith(CONTENTS) else file.path
        yield file, "" if link == file.path else link


def _header(path: str, size: int, link: str = "", /) -> bytes:
    """Return the one header that an entry of a bundle has."""
    entry = tarfile.TarInfo(path)
    entry.mode = 0o644
    if link:
        entry.type, entry.linkname = tarfile.LNKTYPE, link
    else:
        entry.size = size
    return entry.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def _padding(size: int, /) -> bytes:
    return bytes(-size % RECORD)


def _copy_content(listed: CrateFile, blocks: Iterator[bytes], file: BinaryIO, /) -> None:
    digest, size = hashlib.sha256(), 0
    for block in blocks:
        digest.update(block)
        size += len(block)
        file.write(block)
    if size != listed.size or digest.hexdigest() != listed.sha256:
        raise NotAsReleased(what=listed.path, problem="its content was altered where it is kept")
    file.write(_padding(size))
