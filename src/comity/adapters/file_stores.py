"""Keep the content of files by its SHA-256: on a disk, whole or not at all, each file under a path that its digest gives.

A store never opens what it keeps as anything but bytes. ``s3_store`` keeps the same in an S3-compatible store.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from typing import TYPE_CHECKING, Protocol

from comity.errors import BadParameter, BrokenFile, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path
    from typing import BinaryIO

PIECE = 1 << 20
"""How much is read at once: memory stays flat, however long a file is."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


class FileStore(Protocol):
    """Where content is kept. Every name is a SHA-256 in 64 small hexadecimal digits; another raises BadParameter."""

    def keep(self, *, source: Path, sha256: str) -> None:
        """Keep the content of a file, which is moved or copied. Raises BrokenFile where it has another digest."""

    def holds(self, *, sha256: str) -> bool:
        """Tell whether the content is kept."""

    def read(self, *, sha256: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield the content from a byte on, in pieces of at most ``PIECE``. Raises NotFound before the first piece."""

    def opened(self, *, sha256: str) -> BinaryIO:
        """Return the content to read here and there in it. Raises NotFound."""

    def discard(self, *, sha256: str) -> None:
        """Delete the content. Nothing happens where it is not kept."""


def demand_digest(sha256: str, /) -> str:
    """Return a digest. Raises BadParameter for what is none."""
    if not _DIGEST.fullmatch(sha256):
        raise BadParameter(name="sha256", found=sha256[:80], allowed="64 hexadecimal digits, in small letters")
    return sha256


def digest_of_file(*, path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


class DiskStore:
    """Content in a folder: ``ab/cd/abcd…``, written beside, synced, and put in its place in one step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, *, sha256: str) -> Path:
        """Return where content is, or would be."""
        return self.folder / self.place_of(sha256=sha256)

    @staticmethod
    def place_of(*, sha256: str) -> str:
        """Return the same within the folder, as a web server in front is told it."""
        digest = demand_digest(sha256)
        return f"{digest[:2]}/{digest[2:4]}/{digest}"

    def keep(self, *, source: Path, sha256: str) -> None:
        """Keep the content of a file: moved where both lie on one disk, else copied. Kept content is never written again."""
        target = self.path_of(sha256=sha256)
        if target.exists():
            source.unlink()
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{sha256}.{secrets.token_hex(8)}")
        try:
            shutil.move(source, beside)
            _sync(beside)
            # Asked of what lies in the store's own folder: what was copied from another disk may have suffered on the way.
            found = digest_of_file(path=beside)
            if found != sha256:
                raise BrokenFile(file=source.name, problem=f"its SHA-256 is {found}, not {sha256}")
            beside.chmod(0o444)
            beside.rename(target)
        finally:
            beside.unlink(missing_ok=True)
        for folder in (target.parent, target.parent.parent, self.folder):
            _sync(folder)

    def holds(self, *, sha256: str) -> bool:
        """Tell whether the content is kept."""
        return self.path_of(sha256=sha256).is_file()

    def read(self, *, sha256: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield the content from a byte on, in pieces."""
        try:
            # An opened file closes itself where nobody reads it; a bare descriptor would stay.
            opened = self.path_of(sha256=sha256).open("rb", buffering=0)
        except FileNotFoundError:
            raise NotFound(reference=f"commons/files/{sha256}") from None
        return _read(opened, first, length)

    def opened(self, *, sha256: str) -> BinaryIO:
        """Return the content to read here and there in it."""
        try:
            return self.path_of(sha256=sha256).open("rb")
        except FileNotFoundError:
            raise NotFound(reference=f"commons/files/{sha256}") from None

    def discard(self, *, sha256: str) -> None:
        """Delete the content."""
        self.path_of(sha256=sha256).unlink(missing_ok=True)


def _read(opened: FileIO, first: int, length: int | None, /) -> Iterator[bytes]:
    with opened:
        opened.seek(first)
        left = length
        while left is None or left > 0:
            piece = opened.read(PIECE if left is None else min(PIECE, left))
            if not piece:
                return
            if left is not None:
                left -= len(piece)
            yield piece


def _sync(path: Path, /) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
