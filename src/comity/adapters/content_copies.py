"""A copy of a store's content in a folder, each content once under its SHA-256, and the way back; every byte is compared.

``ab/cd/SHA256`` as in ``DiskStore``, so that a copy costs only what is new since the last one, and one folder serves many backups.
The folder of a mirror of the commons gives content back as well. A run that is killed leaves nothing under a name that counts.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from comity.adapters.file_stores import DiskStore, digest_of_file
from comity.adapters.mirror_folders import demand_room, hold_folder
from comity.errors import BrokenBackup, Conflict, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from comity.adapters.file_stores import FileStore

MISSING, ALTERED = "missing", "altered"
_PASSING = ".passing-"
_ROW = re.compile(r"([0-9a-f]{64}) ([0-9]{1,18})")


@dataclass(frozen=True, slots=True, order=True)
class Content:
    """Some content: its SHA-256 and its size in bytes."""

    sha256: str
    size: int


@dataclass(slots=True)
class Copied:
    """What a copy did: contents and bytes that were copied, contents that were there, and what could not be had, each with ``missing``
    or ``altered``.
    """

    copied: int = 0
    bytes: int = 0
    held: int = 0
    problems: list[tuple[Content, str]] = field(default_factory=list)


def write_list(*, contents: Iterable[Content]) -> bytes:
    """Return contents as a file, one a line.

    >>> write_list(contents=[Content("ab" * 32, 5)]).split()[1]
    b'5'
    """
    return "".join(f"{c.sha256} {c.size}\n" for c in sorted(set(contents))).encode()


def read_list(*, path: Path) -> tuple[Content, ...]:
    """Return the contents that a file lists; none where there is no file. Raises BrokenBackup."""
    if not path.exists():
        return ()
    found = []
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        matched = _ROW.fullmatch(line)
        if matched is None:
            raise BrokenBackup(file=path.name, problem="it does not list contents by their SHA-256 and size")
        found.append(Content(matched[1], int(matched[2])))
    return tuple(found)


def copy_content(*, store: FileStore, folder: Path, contents: Iterable[Content], again: bool = False) -> Copied:
    """Copy what the folder has not got, and compare each with its SHA-256 before and after it was written.

    ``again`` reads also what is there already, and replaces what was altered. Raises Conflict where the folder is the store's own
    or another run works in it, BadInput where its disk is too small, and Unreachable.
    """
    _demand_apart(store, folder)
    done, wanted, copy = Copied(), sorted(set(contents)), DiskStore(folder)
    with hold_folder(folder):
        _clear(folder)
        lacking = [c for c in wanted if not _lies_there(copy, c, again=again)]
        done.held = len(wanted) - len(lacking)
        demand_room(folder, sum(c.size for c in lacking if store.holds(sha256=c.sha256)))
        for content in lacking:
            problem = _bring(content, store=store, to=copy, passing=folder)
            if problem:
                done.problems.append((content, problem))
            else:
                done.copied, done.bytes = done.copied + 1, done.bytes + content.size
    return done


def bring_back(*, store: FileStore, folder: Path | None, contents: Iterable[Content], passing: Path) -> Copied:
    """Put content into a store that lacks it or has it altered, from a copy or a mirror; nothing that is not as it was enters.

    What is in the store already is read and compared. Problems say of each content how the copy, or without one the store, has it.
    """
    done = Copied()
    sources = [] if folder is None else [DiskStore(f) for f in (folder, folder / "files") if f.is_dir()]
    for content in sorted(set(contents)):
        problem = find_problem(store=store, content=content)
        if not problem:
            done.held += 1
            continue
        for source in sources:
            if source.holds(sha256=content.sha256):
                problem = _bring(content, store=source, to=store, passing=passing)
        if problem:
            done.problems.append((content, problem))
        else:
            done.copied, done.bytes = done.copied + 1, done.bytes + content.size
    return done


def find_problem(*, store: FileStore, content: Content) -> str:
    """Return how a store has some content: an empty text where it is sound, else ``missing`` or ``altered``. Raises Unreachable."""
    digest = hashlib.sha256()
    try:
        for piece in _read_soundly(store, content):
            digest.update(piece)
    except NotFound:
        return MISSING
    return "" if digest.hexdigest() == content.sha256 else ALTERED


def name_problems(*, problems: Iterable[tuple[Content, str]], name: Callable[[str], str]) -> Iterator[str]:
    """Yield each problem as a sentence, with what a content is called."""
    for content, problem in problems:
        yield f"{name(content.sha256)}: {problem} (SHA-256 {content.sha256}, {content.size} bytes)"


def _bring(content: Content, /, *, store: FileStore, to: FileStore, passing: Path) -> str:
    """Copy one content by way of a folder on the disk that it goes to; return the problem, or nothing."""
    with tempfile.TemporaryDirectory(dir=passing, prefix=_PASSING) as scratch:
        part, digest = Path(scratch) / content.sha256, hashlib.sha256()
        with part.open("xb") as out:
            try:
                for piece in _read_soundly(store, content):
                    digest.update(piece)
                    out.write(piece)
            except NotFound:
                return MISSING
        if digest.hexdigest() != content.sha256:
            return ALTERED
        to.discard(sha256=content.sha256)  # what stands there is missing or altered
        to.keep(source=part, sha256=content.sha256)
    return ""


def _read_soundly(store: FileStore, content: Content, /) -> Iterator[bytes]:
    """Yield what a store has of some content up to where its disk fails or it is longer than it was; that is altered, then."""
    left = content.size
    pieces = iter(store.read(sha256=content.sha256))
    while left >= 0:
        try:
            piece = next(pieces, b"")
        except OSError:
            return
        if not piece:
            return
        left -= len(piece)
        yield piece


def _lies_there(copy: DiskStore, content: Content, /, *, again: bool) -> bool:
    path = copy.path_of(sha256=content.sha256)
    if path.is_symlink() or not path.is_file() or path.stat().st_size != content.size:
        return False
    return not again or digest_of_file(path=path) == content.sha256


def _demand_apart(store: FileStore, folder: Path, /) -> None:
    if isinstance(store, DiskStore):
        here, there = store.folder.resolve(), folder.resolve()
        if here == there or here in there.parents or there in here.parents:
            raise Conflict(problem=f"{folder} holds the content itself. Give another folder for its copy.")


def _clear(folder: Path, /) -> None:
    """Remove what a run that was killed left on its way."""
    for path in [*folder.glob(f"{_PASSING}*"), *folder.glob("??/??/.*")]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
