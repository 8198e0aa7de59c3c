"""Files opens what may be opened: regular files within the size limit, found without leaving the folders given."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from comity.adapters.readers.document import MB, READ_FORMATS
from comity.errors import BrokenFile, EmptyFile, FileTooLarge, PathNotFound, UnknownFormat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comity.adapters.readers.document import ReadingLimits

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def show_name(*, path: Path | str) -> str:
    r"""Return a file's name as it can be shown anywhere: controls, line breaks and direction marks are spelled out.

    >>> show_name(path="folder/law\u202efdp.exe")
    'law\\u202efdp.exe'
    """
    name = Path(path).name or str(path)
    return "".join(
        c.encode("unicode_escape").decode("ascii") if unicodedata.category(c)[0] in "CZ" and c != " " else c
        for c in name
    )


def read_regular_file(*, path: Path, limits: ReadingLimits) -> bytes:
    """Return the bytes of a regular file that is not a link, of at most ``limits.file_bytes``.

    The size is asked of the file system before anything is read, and a pipe or device is never waited for.
    Raises PathNotFound, UnknownFormat, FileTooLarge, EmptyFile or BrokenFile.
    """
    shown = show_name(path=path)
    try:
        _refuse_other_kinds(mode=path.lstat().st_mode, path=path)
        # Non-blocking and without following: the file may be exchanged for a pipe or link between the two calls.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        raise PathNotFound(file=shown) from None
    except PermissionError:
        raise BrokenFile(
            file=shown, problem="this account has no permission to read it; change its mode first"
        ) from None
    except (OSError, ValueError) as error:
        raise BrokenFile(file=shown, problem=_name_failure(error=error)) from None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        _refuse_other_kinds(mode=found.st_mode, path=path)
        if found.st_size > limits.file_bytes:
            raise FileTooLarge(file=shown, found=round(found.st_size / MB), allowed=round(limits.file_bytes / MB))
        try:
            data = file.read(limits.file_bytes + 1)
        except OSError as error:
            raise BrokenFile(file=shown, problem=_name_failure(error=error)) from None
    if len(data) > limits.file_bytes:
        raise FileTooLarge(file=shown, found=round(len(data) / MB), allowed=round(limits.file_bytes / MB))
    if not data.strip():
        raise EmptyFile(file=shown)
    return data


def _name_failure(*, error: OSError | ValueError) -> str:
    return os.strerror(error.errno).lower() if isinstance(error, OSError) and error.errno else "its name cannot be used"


def _refuse_other_kinds(*, mode: int, path: Path) -> None:
    shown = show_name(path=path)
    if stat.S_ISLNK(mode):
        raise UnknownFormat(
            file=shown, kind="a link to another place", allowed="the files themselves, as " + READ_FORMATS
        )
    for test, kind in _KINDS:
        if test(mode):
            raise UnknownFormat(file=shown, kind=kind, allowed=READ_FORMATS)


def find_documents(*, paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return every file under ``paths``, sorted, each once.

    Folders are walked whole. Names that begin with a dot are skipped, and so are links to what lies within the folder,
    for it is found anyway. A link that leads out of the folder is not followed but returned, so that reading it says
    why it is refused. A file named directly may be a link: what it leads to is returned.

    Raises PathNotFound where one of ``paths`` does not exist.
    """
    found: set[Path] = set()
    for path in paths:
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError):
            raise PathNotFound(file=show_name(path=path)) from None
        if stat.S_ISDIR(mode):
            found.update(_walk_folder(folder=path))
        else:
            found.add(path.resolve() if path.is_symlink() else path)
    return tuple(sorted(found))


def _walk_folder(*, folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    for place, folders, names in os.walk(folder, followlinks=False):
        here = Path(place)
        links = [n for n in folders if (here / n).is_symlink()]
        folders[:] = sorted(n for n in folders if not n.startswith(".") and n not in links)
        for name in (*names, *links):
            path = here / name
            if name.startswith(".") or (path.is_symlink() and _leads_within(link=path, root=root)):
                continue
            yield path


def _leads_within(*, link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False
