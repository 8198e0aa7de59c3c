"""Look at the files of a release: hash each, tell its format without opening it as that format, and make the manifest.

Symbolic links and special files are not followed and are named; a path that leads out is refused; nothing is loaded,
unpacked to disk or run. Of a ZIP archive only the list of names, and of arrays inside it the first bytes, are read.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
import zlib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from comity.adapters.foreign_descriptions import IN_FOLDERS, read_any_description
from comity.adapters.model_cards import read_card
from comity.adapters.plain_trees import read_text
from comity.adapters.release_manifests import NAMES, Description, ListedComponent, ListedFile
from comity.adapters.spdx import read_licence_text
from comity.engines.commons.formats import (
    HEAD_BYTES,
    LAMBDA,
    OBJECTS,
    SEARCHED,
    guess_kind,
    holds_objects,
    recognise_format,
)
from comity.engines.commons.licences import class_licence
from comity.engines.commons.manifests import Component, Manifest, ReleaseFile, make_manifest, refuse_path
from comity.errors import BadInput, BadReleaseFile, ComityError, PathNotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import BinaryIO

CHUNK = 1 << 20
MOST_FILES = 100_000
MOST_MEMBERS = 100_000
_LINK = "a symbolic link, which is not followed"
LEFT_OUT = frozenset({".git", ".hg", ".svn", ".cache"})
MOST_AT_ONCE = 64 << 20


@dataclass(frozen=True, slots=True)
class Looked:
    """What a folder really holds: files by path, and what was left, each path with its reason."""

    files: Mapping[str, ReleaseFile]
    left: tuple[tuple[str, str], ...]


def look_at_release(*, path: Path) -> Manifest:
    """Return the manifest of a folder, by its own description where it has one, else by names and the model card.

    Where a description lists a size or hash that a file does not have, or a file that is not there, the manifest names it
    among what could not be read, and the file does not count. Raises PathNotFound, or what reading a description raises.
    """
    folder = path if path.is_dir() else path.parent
    if not path.exists():
        raise PathNotFound(file=str(path))
    own = [path] if path.is_file() else [folder / n for n in NAMES if (folder / n).is_file()]
    if len(own) > 1:
        raise BadReleaseFile(
            file=path.name, where="the folder", problem=f"it holds {' and '.join(NAMES)}; keep one of them"
        )
    foreign = [folder / n for n in IN_FOLDERS if (folder / n).is_file()]
    if not own and foreign:
        # What describes the files in a form of others is no file of the release, as our own description is none.
        told = read_any_description(path=foreign[0])
        return join_description(told, look_at_files(folder=folder, without={f.name for f in foreign}))
    looked = look_at_files(folder=folder, without={own[0].name} if own else set())
    if own:
        return join_description(read_any_description(path=own[0]), looked)
    return _guess_manifest(folder, looked)


def look_at_files(*, folder: Path, without: Iterable[str] = ()) -> Looked:
    """Return every file of a folder with its hash and format; ``without`` are paths at its top that are not looked at."""
    files: dict[str, ReleaseFile] = {}
    left: list[tuple[str, str]] = []
    skipped = set(without)

    def note(error: OSError) -> None:
        left.append((_relative(Path(error.filename), folder), "it could not be opened"))

    for here, folders, names in os.walk(folder, followlinks=False, onerror=note):
        place = Path(here)
        links = [f for f in folders if (place / f).is_symlink()]
        left += [(_relative(place / f, folder), _LINK) for f in links]
        folders[:] = sorted(f for f in folders if f not in LEFT_OUT and f not in links)
        for name in sorted(names):
            relative = _relative(place / name, folder)
            if relative in skipped:
                continue
            if len(files) + len(left) >= MOST_FILES:
                raise BadInput(
                    problem=f"{folder.name} holds more than {MOST_FILES} files. Give a folder of one release."
                )
            found = _look_at(place / name, relative)
            if isinstance(found, ReleaseFile):
                files[relative] = found
            else:
                left.append((relative.encode("utf-8", "replace").decode(), found))
    return Looked(files=files, left=tuple(sorted(left)))


def _relative(path: Path, folder: Path, /) -> str:
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return path.name


def _look_at(path: Path, relative: str, /) -> ReleaseFile | str:
    """Return the file, or why it was left."""
    problem = refuse_path(relative) or (_LINK if path.is_symlink() else "")
    if problem:
        return problem
    # The kind is asked of the opened file, so that nobody can put a link in its place meanwhile.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as opened:
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                return "a special file, which is not read"
            return _describe(opened, relative)
    except PermissionError:
        return "reading it is not permitted"
    except OSError:
        return "it could not be read"


def _describe(opened: BinaryIO, relative: str, /) -> ReleaseFile:
    digest, head, size, words = _read_through(opened)
    members: tuple[str, ...] | None = ()
    if head.startswith(b"PK\x03\x04"):
        members, more = _list_archive(opened)
        words |= more
    found = recognise_format(path=relative, head=head, members=members, words=words)
    return ReleaseFile(path=relative, size=size, sha256=digest, format=found.name, runs_code=found.runs_code)


def _read_through(opened: BinaryIO, /) -> tuple[str, bytes, int, set[bytes]]:
    digest, head, size, words = hashlib.sha256(), b"", 0, set()
    searched, tail = False, b""
    while chunk := opened.read(CHUNK):
        digest.update(chunk)
        if not head:
            head = chunk[:HEAD_BYTES]
            searched = head.startswith(b"\x89HDF")
        size += len(chunk)
        if searched:
            joined = tail + chunk
            words |= {w for w in SEARCHED if w in joined}
            tail = joined[-64:]
    return digest.hexdigest(), head, size, words


def recognise_kept(*, opened: BinaryIO, path: str, size: int, sha256: str) -> ReleaseFile:
    """Return a file whose size and digest are known, with its format. Only its beginning is read, and the list of an archive."""
    head = opened.read(HEAD_BYTES)
    words: set[bytes] = set()
    members: tuple[str, ...] | None = ()
    if head.startswith(b"\x89HDF"):
        opened.seek(0)
        words = _read_through(opened)[3]
    if head.startswith(b"PK\x03\x04"):
        members, more = _list_archive(opened)
        words |= more
    found = recognise_format(path=path, head=head, members=members, words=words)
    return ReleaseFile(path=path, size=size, sha256=sha256, format=found.name, runs_code=found.runs_code)


class _Bounded:
    """A file that gives no more than ``MOST_AT_ONCE`` bytes at once, so that a list of names cannot fill the memory."""

    def __init__(self, inner: BinaryIO) -> None:
        self.inner = inner
        self.seek, self.tell, self.seekable = inner.seek, inner.tell, inner.seekable

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes. Raises ValueError where more would be needed than is given at once."""
        found = self.inner.read(MOST_AT_ONCE + 1 if size < 0 or size > MOST_AT_ONCE else size)
        if len(found) > MOST_AT_ONCE:
            message = "too much at once"
            raise ValueError(message)
        return found


_BROKEN_ARCHIVE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError, KeyError)


def _list_archive(opened: BinaryIO, /) -> tuple[tuple[str, ...] | None, set[bytes]]:
    """Return the names in a ZIP archive, None where they cannot be listed; and the words of ``SEARCHED`` in its heads."""
    words: set[bytes] = set()
    try:
        with zipfile.ZipFile(_Bounded(opened)) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_MEMBERS:
                return None, words
            for info in infos:
                if info.filename.casefold().endswith((".npy", "config.json")):
                    words |= _words_in(archive, info)
            return tuple(sorted(i.filename for i in infos)), words
    except _BROKEN_ARCHIVE:
        return None, words


def _words_in(archive: zipfile.ZipFile, info: zipfile.ZipInfo, /) -> set[bytes]:
    is_array = info.filename.casefold().endswith(".npy")
    try:
        with archive.open(info) as inside:
            begin = inside.read(HEAD_BYTES if is_array else CHUNK)
    except (*_BROKEN_ARCHIVE, zlib.error):
        # What cannot be seen is taken for the worst.
        return {OBJECTS, LAMBDA}
    if is_array:
        return {OBJECTS} if holds_objects(head=begin) else set()
    return {w for w in SEARCHED if w in begin}


def join_description(told: Description, looked: Looked, /) -> Manifest:
    """Return the manifest of what a description says and of what is really there. Raises what ``make_manifest`` raises."""
    left = list(looked.left)
    taken: dict[str, str] = {}
    components = []
    for listed in told.components:
        files, problems = _match_files(listed, looked, taken)
        left += problems
        components.append(Component(listed.id, listed.kind, listed.licence, files, where=listed.where))
    rest = [looked.files[p] for p in sorted(looked.files) if p not in taken]
    used = {c.id for c in components}
    for kind in ("licence-text", "other"):
        files = tuple(f for f in rest if (guess_kind(path=f.path) == "licence-text") == (kind == "licence-text"))
        if files:
            name = kind if kind == "licence-text" else "not-described"
            components.append(
                Component(_free(name, used), kind, "", files, where="the description does not name these files")
            )
    return make_manifest(
        name=told.name,
        version=told.version,
        type=told.type,
        components=components,
        languages=told.languages,
        running=told.running,
        record=told.record,
        intended_use=told.intended_use,
        known_limits=told.known_limits,
        unread=left,
    )


def _free(name: str, used: set[str], /) -> str:
    found, number = name, 2
    while found in used:
        found, number = f"{name}-{number}", number + 1
    used.add(found)
    return found


def _match_files(
    listed: ListedComponent, looked: Looked, taken: dict[str, str], /
) -> tuple[tuple[ReleaseFile, ...], list[tuple[str, str]]]:
    files, problems = [], []
    left = {path for path, _ in looked.left}
    for wanted in listed.files:
        # A path that stands there in full is looked up: a description may list thousands.
        paths = [wanted.path] if wanted.path in looked.files else []
        if "*" in wanted.path:
            paths = [p for p in sorted(looked.files) if p == wanted.path or fnmatchcase(p, wanted.path)]
        fresh = [p for p in paths if p not in taken]
        if not paths and wanted.path not in left:
            problems.append((wanted.path, f"{listed.id} lists it, but it is not there"))
        if paths and not fresh:
            problems.append((wanted.path, f"{listed.id} lists it, but it belongs to {taken[paths[0]]} already"))
        for path in fresh:
            taken[path] = listed.id
            problem = _compare(wanted, looked.files[path])
            if problem:
                problems.append((path, problem))
            else:
                files.append(looked.files[path])
    return tuple(files), problems


def _compare(wanted: ListedFile, found: ReleaseFile, /) -> str:
    if wanted.sha256 is not None and wanted.sha256 != found.sha256:
        return f"its SHA-256 is {found.sha256}; the description says {wanted.sha256}: it was changed or damaged"
    if wanted.size is not None and wanted.size != found.size:
        return f"it has {found.size} bytes; the description says {wanted.size}: it was changed or damaged"
    return ""


def _guess_manifest(folder: Path, looked: Looked, /) -> Manifest:
    card = next(
        (p for p in sorted(looked.files) if p.casefold() in {"readme.md", "model_card.md", "modelcard.md"}), None
    )
    left = list(looked.left)
    told = None
    if card is not None:
        try:
            told = read_card(path=folder / card)
        except ComityError as error:
            left.append((card, str(error)))
    licence, where = _licence_by(told.licence if told is not None else "", card or "", *_licence_in(folder, looked))
    is_data = told is not None and told.type == "data"
    by_kind: dict[str, list[ReleaseFile]] = {}
    for path, file in sorted(looked.files.items()):
        kind = guess_kind(path=path)
        by_kind.setdefault("data-card" if is_data and kind == "model-card" else kind, []).append(file)
    said = f"licence from {where}; what it is was guessed from names" if where else "what it is was guessed from names"
    components = [
        Component(kind, kind, "" if kind == "licence-text" else licence, tuple(files), where=said)
        for kind, files in by_kind.items()
    ]
    return make_manifest(
        name=(told.name if told is not None and told.name else folder.resolve().name) or "release",
        components=components,
        languages=told.languages if told is not None else (),
        unread=left,
        type=told.type if told is not None else "model",
    )


def _licence_by(said: str, card: str, shown: str, file: str, /) -> tuple[str, str]:
    """Return the licence and where it was found; where card and text say two things, both bind until somebody tells."""
    if said and shown and class_licence(expression=said).read_as != class_licence(expression=shown).read_as:
        return f"({said}) AND ({shown})", f"{card} and {file}, which do not say the same"
    return (said, card) if said else (shown, file)


def _licence_in(folder: Path, looked: Looked, /) -> tuple[str, str]:
    for path in sorted(looked.files, key=lambda p: (p.count("/"), p)):
        if guess_kind(path=path) == "licence-text" and "/" not in path:
            try:
                found = read_licence_text(read_text(path=folder / path, most_megabytes=1))
            except ComityError:
                continue
            if found:
                return found, path
    return "", ""
