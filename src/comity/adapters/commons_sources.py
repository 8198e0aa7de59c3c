"""Read the commons of another machine, or of a mirror in a folder: catalogue, what proves each version, pieces and content.

Over HTTP a lost line is taken up where it broke, at most at the speed that was asked for. Nothing that comes is relied on here.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from comity.adapters.commons_catalogues import (
    MOST_CATALOGUE,
    MOST_MANIFEST,
    RESTRICTED,
    Evidence,
    open_act,
    read_json,
    write_catalogue,
)
from comity.adapters.line_watch import LineWatch
from comity.adapters.mirror_folders import open_mirror
from comity.errors import BadParameter, NotAsReleased, NotFound, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from comity.adapters.commons_catalogues import ListedVersion
    from comity.adapters.mirror_folders import MirrorFolder

BLOCK = 1 << 16
TIMEOUT = 30.0
ATTEMPTS = 8
PATIENCE = 60.0
"""Seconds that the head of an answer, or one block of it, may take."""
SLOWEST = 64
"""Bytes a second below which a line counts as broken."""
PROGRESS = 4096
"""Bytes that must have come before a line that broke has all its attempts again."""
MOST_RECEIPT = 1_000_000
_RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(k|M|G)?(B|bit)/s")
_LENGTH = re.compile("[0-9]{1,18}")
_BROKEN = (http.client.HTTPException, OSError)
_TIMES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}


class CommonsSource(Protocol):
    """Where releases come from."""

    @property
    def name(self) -> str:
        """What to call it in a message."""
        ...

    def close(self) -> None:
        """Let go of a line that is kept."""
        ...

    def catalogue(self) -> bytes:
        """Return the whole catalogue."""
        ...

    def evidence(self, version: ListedVersion, /) -> Evidence:
        """Return what proves a version. Raises NotFound, also where the log does not hold its act yet."""
        ...

    def chunk_rows(self, sha256: str, /) -> object:
        """Return the pieces of content as plain data. Raises NotFound where they were not worked out."""
        ...

    def read(self, sha256: str, start: int, length: int, /) -> Iterator[bytes]:
        """Yield bytes of content. Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class FolderCommons:
    """The commons as a mirror holds it."""

    mirror: MirrorFolder

    @property
    def name(self) -> str:
        """The folder."""
        return self.mirror.name

    def close(self) -> None:
        """Do nothing: no line is kept."""

    def catalogue(self) -> bytes:
        """Return what is wholly kept."""
        return write_catalogue(releases=self.mirror.releases())

    def evidence(self, version: ListedVersion, /) -> Evidence:
        """Return what is kept."""
        return self.mirror.evidence(version)

    def chunk_rows(self, sha256: str, /) -> object:
        """Return pieces, worked out now where they were not."""
        return [[c.length, c.sha256] for c in self.mirror.chunks(sha256)]

    def read(self, sha256: str, start: int, length: int, /) -> Iterator[bytes]:
        """Yield bytes of kept content."""
        return self.mirror.read(sha256, start, length)


@dataclass(slots=True)
class Pace:
    """Keeps the mean speed at most at so many bytes a second, by waiting; None lets all through."""

    bytes_per_second: float | None = None
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    _free_at: float = 0.0

    def let_through(self, count: int) -> None:
        """Wait until so many bytes more may have come."""
        if self.bytes_per_second is None:
            return
        now = self.clock()
        self._free_at = max(self._free_at, now) + count / self.bytes_per_second
        if self._free_at > now:
            self.pause(self._free_at - now)


@dataclass(slots=True)
class HttpCommons:
    """The commons of a Comity server or of ``comity commons serve``. One connection is kept; a request that fails is tried again."""

    address: str
    pace: Pace = field(default_factory=Pace)
    pause: Callable[[float], None] = time.sleep
    attempts: int = ATTEMPTS
    patience: float = PATIENCE
    slowest: float = SLOWEST
    received: int = 0
    has_answered: bool = False
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)
    _watch: LineWatch | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The address."""
        return self.address

    def close(self) -> None:
        """Let go of the connection."""
        self._drop()

    def catalogue(self) -> bytes:
        """Return the whole catalogue."""
        return self._whole("hub/comity/catalogue.json", MOST_CATALOGUE)

    def evidence(self, version: ListedVersion, /) -> Evidence:
        """Return what proves a version, from the commons and the record. Raises NotFound."""
        receipt = self._whole(f"record/acts/{version.act}/receipt.tlog-proof", MOST_RECEIPT)
        index, act = _act_in(receipt, version.reference)
        opening = b""
        if act.get("type") == RESTRICTED:
            opening = self._whole(f"record/openings/{index}.json", MOST_RECEIPT)
            act = open_act(act=act, opening=opening, what=version.reference)
        digest = str(act.get("payload_sha256"))
        if not re.fullmatch("[0-9a-f]{64}", digest):
            raise NotAsReleased(what=version.reference, problem="its act states no digest of what was decided")
        manifest = self._whole(f"hub/comity/manifests/{version.manifest_sha256}", MOST_MANIFEST)
        payload = self._whole(f"record/payloads/{digest}.json", MOST_MANIFEST)
        return Evidence(manifest=manifest, payload=payload, receipt=receipt.decode(), opening=opening)

    def chunk_rows(self, sha256: str, /) -> object:
        """Return the pieces that the server worked out. Raises NotFound."""
        try:
            return json.loads(self._whole(f"hub/comity/chunks/{sha256}", MOST_CATALOGUE))
        except (ValueError, RecursionError):
            raise NotFound(reference=f"{self.address}/hub/comity/chunks/{sha256}") from None

    def mirrors(self) -> bytes:
        """Return the server's list of mirrors. Raises NotFound where it keeps none."""
        return self._whole("hub/comity/mirrors", MOST_RECEIPT)

    def read(self, sha256: str, start: int, length: int, /) -> Iterator[bytes]:
        """Yield bytes of content; where the line breaks, go on from there. Raises NotFound or Unreachable."""
        path, got, attempt, problem, since = f"hub/comity/files/{sha256}", 0, 0, "", 0
        while got < length:
            if attempt >= self.attempts:
                raise Unreachable(address=f"{self.address}/{path}", problem=problem)
            self._wait(attempt)
            attempt += 1
            try:
                for block in self._blocks(path, (start + got, start + length - 1)):
                    got += len(block)
                    since += len(block)
                    if since >= PROGRESS:
                        attempt, since = 1, 0
                    yield block
            except _BROKEN as error:
                problem, attempt = self._note_break(error, attempt)

    def _whole(self, path: str, most: int, /) -> bytes:
        """Return a document. Raises NotFound, Unreachable, or NotAsReleased where it is larger than is sound."""
        attempt, problem = 0, ""
        while attempt < self.attempts:
            self._wait(attempt)
            attempt += 1
            found = bytearray()
            try:
                for block in self._blocks(path, None):
                    found += block
                    if len(found) > most:
                        raise NotAsReleased(what=f"{self.address}/{path}", problem=f"it has more than {most} bytes")
            except _BROKEN as error:
                problem, attempt = self._note_break(error, attempt)
            else:
                return bytes(found)
        raise Unreachable(address=f"{self.address}/{path}", problem=problem)

    def _wait(self, attempt: int, /) -> None:
        if attempt:
            self.pause(min(0.25 * 2**attempt, 16.0))

    def _note_break(self, error: Exception, attempt: int, /) -> tuple[str, int]:
        """Return what a break was, and how often was tried: a wrong address is no bad line, and is not tried again."""
        hopeless = not self.has_answered and isinstance(error, (ConnectionRefusedError, socket.gaierror))
        return str(error)[:120] or type(error).__name__, self.attempts if hopeless else attempt

    def _blocks(self, path: str, span: tuple[int, int] | None, /) -> Iterator[bytes]:
        """Yield what one request brings; raises OSError and its like where the line breaks in it."""
        whole = False
        try:
            response = self._ask(path, span)
            wanted = None if span is None else span[1] - span[0] + 1
            said, got = response.headers.get("Content-Length", ""), 0
            expected = int(said) if wanted is None and _LENGTH.fullmatch(said) else wanted
            spent, came = 0.0, 0
            while wanted is None or got < wanted:
                begun = time.monotonic()
                with self._allowed():
                    block = response.read1(BLOCK if wanted is None else min(BLOCK, wanted - got))
                if not block:
                    break
                spent, came = spent + time.monotonic() - begun, came + len(block)
                if spent > self.patience / 2:
                    if came < self.slowest * spent:
                        raise OSError(f"it gives less than {self.slowest:.0f} bytes a second")
                    spent, came = 0.0, 0
                got += len(block)
                self.received += len(block)
                self.pace.let_through(len(block))
                yield block
            if expected is not None and got != expected:
                raise http.client.IncompleteRead(b"", expected - got)
            if response.length == 0:
                with self._allowed():
                    response.read()
            whole = response.isclosed()
        finally:
            if not whole:
                self._drop()

    def _ask(self, path: str, span: tuple[int, int] | None, /) -> http.client.HTTPResponse:
        """Return the answer to one request. Raises NotFound, Unreachable for what no patience mends, or OSError and its like."""
        place = urlsplit(self.address)
        if self._connection is None:
            kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
            self._connection = kind(place.hostname or "", place.port, timeout=min(TIMEOUT, self.patience))
            self._connection.connect()
            self._watch = LineWatch(self._connection.sock)
        headers = {"Accept-Encoding": "identity"}
        if span is not None:
            headers["Range"] = f"bytes={span[0]}-{span[1]}"
        with self._allowed():
            self._connection.request("GET", f"{place.path.rstrip('/')}/{path}", headers=headers)
            response = self._connection.getresponse()
        self.has_answered = True
        status = response.status
        if status in {http.HTTPStatus.OK, http.HTTPStatus.PARTIAL_CONTENT}:
            if span is not None and status == http.HTTPStatus.OK and span[0]:
                raise Unreachable(address=f"{self.address}/{path}", problem="it does not give parts of a file")
            if span is not None and status == http.HTTPStatus.PARTIAL_CONTENT:
                given = response.headers.get("Content-Range", "")
                if not given.startswith(f"bytes {span[0]}-"):
                    raise http.client.HTTPException("another part of the file came than was asked for")
            return response
        if status in {http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE, http.HTTPStatus.CONFLICT}:
            raise NotFound(reference=f"{self.address}/{path}")
        if status < 500 and status != http.HTTPStatus.TOO_MANY_REQUESTS:  # noqa: PLR2004  (a server's own failure)
            raise Unreachable(address=f"{self.address}/{path}", problem=f"HTTP {status}")
        raise http.client.HTTPException(f"HTTP {status}")

    def _allowed(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext() if self._watch is None else self._watch.allow(self.patience)

    def _drop(self) -> None:
        if self._watch is not None:
            self._watch.end()
            self._watch = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def open_commons(*, text: str, rate: str = "") -> CommonsSource:
    """Return the commons at an address (https://HOST) or in the folder of a mirror. Raises BadParameter or BadInput."""
    if "://" not in text:
        return FolderCommons(mirror=open_mirror(folder=Path(text)))
    return HttpCommons(address=settle_address(text), pace=Pace(read_rate(text=rate)))


def settle_address(text: str, /) -> str:
    """Return the address of a server without what stands for its hub. Raises BadParameter for what is none."""
    try:
        place = urlsplit(text)
        place.port  # noqa: B018  (asking for it says whether it is one)
        (place.hostname or "").encode("idna")
    except ValueError:
        place = urlsplit("")
    plain = text.isascii() and text.isprintable() and not place.query and not place.fragment
    if place.scheme not in {"http", "https"} or not place.hostname or not plain:
        raise BadParameter(
            name="source", found=text[:120], allowed="an address https://HOST, or the folder of a mirror"
        )
    return text.rstrip("/").removesuffix("/hub")


def read_rate(*, text: str) -> float | None:
    """Return a speed in bytes a second, or None for an empty text. Raises BadParameter.

    >>> read_rate(text="2MB/s"), read_rate(text="16 Mbit/s")
    (2000000.0, 2000000.0)
    """
    if not text:
        return None
    found = _RATE.fullmatch(text.strip())
    speed = float(found[1]) * _TIMES[found[2] or ""] / (8 if found[3] == "bit" else 1) if found else 0.0
    if speed < 1:
        raise BadParameter(name="rate", found=text[:40], allowed="a speed such as 2MB/s, 500kB/s or 16Mbit/s")
    return speed


def _act_in(receipt: bytes, reference: str, /) -> tuple[int, Mapping[str, Any]]:
    """Return the index and the act that a receipt carries; the receipt itself is checked by whoever relies on it."""
    from comity.engines.record.proofs import parse_receipt
    from comity.errors import MalformedNote

    try:
        found = parse_receipt(receipt.decode())
    except (UnicodeDecodeError, MalformedNote):
        raise NotAsReleased(what=reference, problem="what came is no receipt") from None
    return found.index, read_json(content=found.extra or b"", what=f"the receipt of {reference}", most=MOST_RECEIPT)
