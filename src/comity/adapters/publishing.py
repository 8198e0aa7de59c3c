"""Send the files of a release to a Comity server over HTTP, and ask it to release them: in pieces, going on where a line broke."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PIECE = 8 * 2**20
ATTEMPTS = 8
TIMEOUT = 120.0
MOST_ANSWER = 4_000_000
_OK = (200, 201)
_DENIED = (401, 403)
_MOVED_ON = 409
_BUSY = 429
_SERVER = 500


@dataclass(slots=True)
class Publisher:
    """A server, and the token with which to publish there. One connection is kept; a request that fails is tried again."""

    address: str
    token: str = field(repr=False)
    pause: Callable[[float], None] = time.sleep
    sent: int = 0
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def send_file(self, *, path: Path, sha256: str, size: int, tell: Callable[[int], None] | None = None) -> int:
        """Send a file, or what the server has not got of it; return how many bytes went.

        Raises Unreachable where no patience helps, NotPermitted for a token that does not serve, and BadParameter or Conflict as the
        server says.
        """
        received, went, stuck = self._state(sha256, size), 0, 0
        with path.open("rb") as opened:
            while received < size:
                opened.seek(received)
                piece = opened.read(min(PIECE, size - received))
                if not piece:
                    raise BadParameter(
                        name="file",
                        found=f"{path.name} with {received} bytes",
                        allowed=f"{size} bytes, as it had at first",
                    )
                headers = {"Content-Range": f"bytes {received}-{received + len(piece) - 1}/{size}"}
                told = self._ask("PUT", f"send/{sha256}", body=piece, headers=headers, again=lambda: None)
                # A line that broke may have broken after the piece: the server knows.
                before, received = received, self._received(told, size) if told else self._state(sha256, size)
                went += max(0, received - before)
                stuck = 0 if received > before else stuck + 1
                if stuck >= ATTEMPTS:
                    raise Unreachable(address=self.address, problem="it takes nothing in")
                if stuck:
                    self.pause(min(0.25 * 2**stuck, 16.0))
                if tell is not None:
                    tell(received)
        self.sent += went
        return went

    def release(self, *, slug: str, label: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Release a version of files that were sent; return its reference, revision, manifest digest and act."""
        body = json.dumps(dict(asked), ensure_ascii=False).encode()
        told = self._ask("PUT", f"releases/{quote(slug, safe='')}/{quote(label, safe='')}", body=body)
        if told is None or not {"reference", "manifest_sha256", "act"} <= set(told):
            raise Unreachable(address=self.address, problem="it gave no answer that says what was released")
        return told

    def _state(self, sha256: str, size: int, /) -> int:
        told = self._ask("GET", f"send/{sha256}?size={size}")
        return size if told is None or told.get("is_whole") is True else self._received(told, size)

    def _received(self, told: Mapping[str, Any], size: int, /) -> int:
        """Return how much of a file a server says to have. Raises Unreachable where what it says cannot be."""
        found = told.get("received")
        if type(found) is not int or not 0 <= found <= size:
            raise Unreachable(address=self.address, problem="it does not say how much of the file it has")
        return found

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        again: Callable[[], None] | None = None,
    ) -> dict[str, Any] | None:
        """Return what the server answers. With ``again``, None says that the line broke or the place moved on: ask, and go on there."""
        problem = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self.pause(min(0.25 * 2**attempt, 16.0))
            try:
                status, content = self._exchange(method, path, body, dict(headers or {}))
            except (http.client.HTTPException, OSError) as error:
                problem = str(error)[:120] or type(error).__name__
                self._drop()
                if again is not None:
                    return None
                continue
            if status in _OK:
                return _object(content)
            if status < _SERVER and status != _BUSY:
                if status == _MOVED_ON and again is not None:
                    return None
                raise self._refusal(status, content)
            problem = f"HTTP {status}"
        raise Unreachable(address=self.address, problem=problem)

    def _exchange(self, method: str, path: str, body: bytes, headers: dict[str, str], /) -> tuple[int, bytes]:
        place = urlsplit(self.address)
        if self._connection is None:
            kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
            self._connection = kind(place.hostname or "", place.port, timeout=TIMEOUT)
        headers |= {"Authorization": f"Bearer {self.token}", "Content-Length": str(len(body))}
        address = f"{place.path.rstrip('/')}/hub/comity/{path}"
        self._connection.request(method, address, body=body or None, headers=headers)
        answer = self._connection.getresponse()
        content = answer.read(MOST_ANSWER + 1)
        if len(content) > MOST_ANSWER:
            raise http.client.HTTPException(f"an answer of more than {MOST_ANSWER} bytes")
        return answer.status, content

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _refusal(self, status: int, content: bytes, /) -> Exception:
        told = _object(content)
        words = str(told.get("error", f"HTTP {status}"))
        if status in _DENIED:
            return NotPermitted(action=str(told.get("action", "publish here")), needed=str(told.get("needed", words)))
        if status == _MOVED_ON:
            return Conflict(problem=words)
        if "reference" in told:
            return NotFound(reference=told["reference"])
        if {"name", "found", "allowed"} <= set(told):
            return BadParameter(name=told["name"], found=told["found"], allowed=told["allowed"])
        return Unreachable(address=self.address, problem=words)


def open_publisher(*, address: str, token: str) -> Publisher:
    """Return a server to publish at. Raises BadParameter for what is no address, or for http to another machine: it would show the token."""
    place = urlsplit(address)
    near = place.hostname in {"127.0.0.1", "localhost", "::1"}
    if place.scheme not in {"http", "https"} or not place.hostname or (place.scheme == "http" and not near):
        raise BadParameter(name="address", found=address[:120], allowed="an address such as https://HOST")
    if not token.isascii() or not token.isprintable() or not token.strip():
        raise BadParameter(
            name="COMITY_TOKEN",
            found="not set" if not token else "(not shown)",
            allowed="a token of your account's page",
        )
    return Publisher(address=address.rstrip("/").removesuffix("/hub"), token=token.strip())


def _object(content: bytes, /) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
