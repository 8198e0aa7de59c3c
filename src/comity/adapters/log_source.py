"""Read a log from an address or a folder: the same files, with limits, and with patience for a bad line."""

from __future__ import annotations

import http.client
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from comity.engines.record.tiles import WIDTH, entries_path, tile_path
from comity.errors import BadParameter, NotFound, PathNotFound, TamperedTile, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT = 20.0
ATTEMPTS = 6
MOST_FILE = WIDTH * (2 + 65_535)
MOST_REDIRECTS = 3


class LogSource(Protocol):
    """A log's files by their path below the log."""

    @property
    def name(self) -> str:
        """What to call it in a message."""
        ...

    def read(self, path: str, /) -> bytes:
        """Return a file. Raises NotFound where there is none, Unreachable where nobody answers."""
        ...


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A log, or a mirror of one, in a folder."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.folder)

    def read(self, path: str, /) -> bytes:
        """Return a file."""
        try:
            return (self.folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound(reference=f"{self.folder}/{path}") from None


@dataclass(slots=True)
class HttpSource:
    """A log at an address. A request that fails is tried again, each time after a longer pause; one connection is kept."""

    address: str
    pause: Callable[[float], None] = time.sleep
    has_answered: bool = False
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The address."""
        return self.address

    def read(self, path: str, /) -> bytes:
        """Return a file of at most 17 MB."""
        problem = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self.pause(min(0.25 * 2**attempt, 8.0))
            try:
                status, content = self._fetch(path)
            except (http.client.HTTPException, OSError) as error:
                self._drop()
                problem = type(error).__name__ if not str(error) else str(error)[:120]
                if not self.has_answered and isinstance(error, (ConnectionRefusedError, socket.gaierror)):
                    break  # a wrong address, not a bad line
                continue
            self.has_answered = True
            if status == http.HTTPStatus.OK:
                return content
            if status in {http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE}:
                raise NotFound(reference=f"{self.address}/{path}")
            problem = f"HTTP {status}"
            if status < 500 and status != http.HTTPStatus.TOO_MANY_REQUESTS:  # noqa: PLR2004  (a server's own failure)
                break
        raise Unreachable(address=f"{self.address}/{path}", problem=problem)

    def _fetch(self, path: str) -> tuple[int, bytes]:
        place = urlsplit(self.address)
        if self._connection is None:
            kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
            self._connection = kind(place.hostname or "", place.port, timeout=TIMEOUT)
        self._connection.request("GET", f"{place.path.rstrip('/')}/{path}", headers={"Accept-Encoding": "identity"})
        response = self._connection.getresponse()
        content = response.read(MOST_FILE + 1)
        if len(content) > MOST_FILE:
            self._drop()
            raise TamperedTile(path=path, problem=f"it is larger than {MOST_FILE} bytes")
        expected = response.headers.get("Content-Length")
        if expected is not None and expected.isdigit() and int(expected) != len(content):
            raise http.client.IncompleteRead(content, int(expected) - len(content))
        return response.status, content

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def open_source(text: str) -> LogSource:
    """Return the log at an address (https://host/record) or in a folder. Raises BadParameter or PathNotFound."""
    if "://" in text:
        place = urlsplit(text)
        if place.scheme not in {"http", "https"} or not place.hostname:
            raise BadParameter(name="log", found=text[:120], allowed="an address https://HOST/record, or a folder")
        return HttpSource(address=text.rstrip("/"))
    folder = Path(text)
    if not folder.is_dir():
        raise PathNotFound(file=text[:200])
    return FolderSource(folder=folder)


def read_tile(source: LogSource, *, level: int, index: int, width: int) -> bytes:
    """Return the hashes of a tile, from the full one where the partial one is gone. Raises NotFound or TamperedTile."""
    path = tile_path(level=level, index=index, width=width)
    content = _first(source, path, tile_path(level=level, index=index))
    if len(content) not in {32 * width, 32 * WIDTH}:
        raise TamperedTile(path=path, problem=f"it has {len(content)} bytes instead of {32 * width}")
    return content[: 32 * width]


def read_bundle(source: LogSource, *, index: int, width: int) -> bytes:
    """Return the bytes of a bundle of entries, from the full one where the partial one is gone."""
    return _first(source, entries_path(index=index, width=width), entries_path(index=index))


def _first(source: LogSource, path: str, fallback: str) -> bytes:
    try:
        return source.read(path)
    except NotFound:
        if path == fallback:
            raise TamperedTile(path=path, problem="it is missing") from None
    try:
        return source.read(fallback)
    except NotFound:
        raise TamperedTile(path=path, problem="it is missing") from None
