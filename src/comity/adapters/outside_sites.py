"""Read documents from an address that somebody typed, and be led nowhere else by it: not into networks that are not public.

The name is looked up once, and every request goes to the address that was found (a second answer of a name server changes nothing);
redirects are not followed and proxies not asked; what comes is bounded in bytes, and all of it together in time, however slowly it
trickles. Each refusal is Unreachable with one of the words of ``TROUBLES`` as its problem.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import re
import socket
import ssl
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from comity.errors import BadParameter, NotFound, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TROUBLES: dict[str, str] = {
    "no-name": "its name leads to no address",
    "not-public": "its name leads into a network that is not public",
    "no-answer": "nobody answers there",
    "too-slow": "it did not answer in the time that it is given",
    "no-tls": "its certificate does not hold",
    "redirect": "it sends elsewhere, and redirects are not followed",
    "status": "it answers with a refusal or a failure",
    "no-ranges": "it does not give parts of a file",
    "too-large": "it answers with more than is sound",
    "broken": "what it answers breaks off or is not as HTTP asks",
    "no-catalogue": "what it answers is no catalogue of the commons",
}
"""What can be in the way, as a word, with its sentence."""
MOST_ADDRESS = 200
CONNECTING = 10.0
"""Seconds that a connection may take."""
PATIENCE = 120.0
"""Seconds without a byte after which a site is given up: a mirror reads a file whole before it first gives a part of it."""
BLOCK = 1 << 16
MOST_ATTEMPTS = 2
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")
_BROKEN = (http.client.HTTPException, OSError)
_WITHIN = tuple(ipaddress.ip_network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"))
"""Addresses of IPv6 that lead to an address of IPv4, which may be any."""


def checked_address(*, text: str, allow_private: bool = False) -> str:
    """Return an address as it is kept: https, a whole name of a host, without a final stroke or ``/hub``. Raises BadParameter.

    ``allow_private`` lets it be http, ``localhost`` or an address of a network that is not public.

    >>> checked_address(text="https://Mirror.Example.org:443/ai/hub/")
    'https://mirror.example.org/ai'
    """
    said = text.strip()
    try:
        place = urlsplit(said)
        host, port = _host_of(place.hostname or "", allow_private=allow_private), place.port
    except ValueError:
        raise _no_address(said) from None
    schemes = {"https", "http"} if allow_private else {"https"}
    path = place.path.rstrip("/").removesuffix("/hub")
    plain = not (place.username or place.password or place.query or place.fragment) and port != 0
    if not (plain and place.scheme in schemes and _PATH.fullmatch(path) and said.isprintable()):
        raise _no_address(said)
    usual = {"https": 443, "http": 80}[place.scheme]
    found = f"{place.scheme}://{host}{'' if port in {None, usual} else f':{port}'}{path}"
    if len(found) > MOST_ADDRESS:
        raise _no_address(said)
    return found


def is_public(address: str, /) -> bool:
    """Tell whether an IP address is one of the public network, and leads to no other.

    >>> [is_public(a) for a in ("93.184.215.14", "10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "2002:7f00:1::")]
    [True, False, False, False, False]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.is_site_local or any(found in network for network in _WITHIN):
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def look_up(host: str, port: int, /) -> tuple[str, ...]:
    """Return the IP addresses of a host, each once, in the order of the system. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(slots=True)
class OutsideSite:
    """A site that is read within ``seconds`` from now on, one request after another. ``received`` counts the bytes of its answers.

    ``address`` is as ``checked_address`` returns it; ``context`` says whose certificates hold (the system's, where nothing is said).
    """

    address: str
    seconds: float
    allow_private: bool = False
    context: ssl.SSLContext | None = None
    resolve: Callable[[str, int], Sequence[str]] = look_up
    received: int = 0
    _ends_at: float = 0.0
    _pinned: tuple[str, ...] = ()
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)
    _line: _TimedLine | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._ends_at = time.monotonic() + self.seconds

    def close(self) -> None:
        """Let go of the connection."""
        line, self._line, self._connection = self._line, None, None
        if line is not None:
            line.drop()

    def read(self, path: str, /, *, most: int, span: tuple[int, int] | None = None) -> bytes:
        """Return a document, or the bytes ``span`` of it (first and last). Raises NotFound or Unreachable.

        NotFound where the site says that there is none, and Unreachable where it gives more than ``most`` bytes or anything else is in
        the way. A connection that was closed meanwhile is opened once more.
        """
        for attempt in range(MOST_ATTEMPTS):
            kept = self._connection is not None
            try:
                return self._read(path, most=most, span=span)
            except ssl.SSLCertVerificationError:
                raise self._trouble("no-tls") from None
            except ConnectionError:
                self.close()
                if not kept or attempt:
                    raise self._trouble("no-answer") from None
            except TimeoutError:
                raise self._trouble("too-slow") from None
            except _BROKEN:
                self.close()
                if not kept or attempt:
                    raise self._trouble("broken") from None
        raise self._trouble("broken")

    def _read(self, path: str, /, *, most: int, span: tuple[int, int] | None) -> bytes:
        connection = self._connection or self._connect()
        headers = {"Accept-Encoding": "identity", "User-Agent": "comity"}
        if span is not None:
            headers["Range"] = f"bytes={span[0]}-{span[1]}"
        connection.request("GET", f"{urlsplit(self.address).path}/{path}", headers=headers)
        response = connection.getresponse()
        self._demand_answer(response, path, span)
        length = most if span is None else span[1] - span[0] + 1
        found = bytearray()
        while block := response.read(min(BLOCK, length + 1 - len(found))):
            found += block
            self.received += len(block)
            if len(found) > length:
                break
        stated = response.headers.get("Content-Length", "")
        if len(found) > length:
            self.close()
            if span is None:
                raise self._trouble("too-large")
            return bytes(found[:length])  # it sent the whole file, from its first byte
        if (stated.isdigit() and len(found) != int(stated)) or (span is not None and len(found) != length):
            raise http.client.IncompleteRead(b"")
        if response.will_close:
            self.close()
        return bytes(found)

    def _demand_answer(self, response: http.client.HTTPResponse, path: str, span: tuple[int, int] | None, /) -> None:
        status, headers = response.status, response.headers
        if status in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
            if headers.get("Content-Encoding", "identity") != "identity":
                raise self._trouble("broken")
            if span is None and status == HTTPStatus.OK:
                return
            if span is not None and status == HTTPStatus.OK and span[0] == 0:
                return
            if span is not None and status == HTTPStatus.PARTIAL_CONTENT:
                if not headers.get("Content-Range", "").startswith(f"bytes {span[0]}-{span[1]}/"):
                    raise self._trouble("no-ranges")
                return
            raise self._trouble("no-ranges")
        self.close()
        if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            raise NotFound(reference=f"{self.address}/{path}")
        raise self._trouble("redirect" if status // 100 == 3 else "status")  # noqa: PLR2004  (HTTP's redirects)

    def _connect(self) -> http.client.HTTPConnection:
        place = urlsplit(self.address)
        host, port = place.hostname or "", place.port or (443 if place.scheme == "https" else 80)
        if not self._pinned:
            self._pinned = self._find(host, port)
        problem: OSError | None = None
        for address in self._pinned:
            try:
                line = socket.create_connection((address, port), timeout=min(CONNECTING, self._left()))
            except OSError as error:
                problem = error
                continue
            try:
                if place.scheme == "https":
                    line.settimeout(min(CONNECTING, self._left()))
                    line = (self.context or ssl.create_default_context()).wrap_socket(line, server_hostname=host)
            except ssl.SSLError:
                line.close()
                raise self._trouble("no-tls") from None
            except BaseException:
                line.close()
                raise
            # The line is encrypted already where it is to be: http.client speaks over it, and opens none of its own.
            self._connection, self._line = http.client.HTTPConnection(host, place.port), _TimedLine(line, self._left)
            self._connection.sock = self._line
            return self._connection
        if isinstance(problem, TimeoutError):
            raise self._trouble("too-slow")
        raise self._trouble("no-answer")

    def _find(self, host: str, port: int, /) -> tuple[str, ...]:
        try:
            found = tuple(self.resolve(host, port))
        except (OSError, UnicodeError):
            found = ()
        if not found:
            raise self._trouble("no-name")
        if not self.allow_private and not all(is_public(address) for address in found):
            raise self._trouble("not-public")
        # The first of each version of the protocol: behind many lines the newer is answered and leads nowhere.
        return (found[0], *[address for address in found if (":" in address) != (":" in found[0])][:1])

    def _left(self) -> float:
        """Return the seconds that are left. Raises TimeoutError."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _trouble(self, word: str, /) -> Unreachable:
        self.close()
        return Unreachable(address=self.address, problem=word)


class _TimedLine:
    """What http.client needs of a connection, with the time that is left asked for before every byte."""

    def __init__(self, line: socket.socket, left: Callable[[], float]) -> None:
        self._line, self._left = line, left

    def sendall(self, data: Any) -> None:
        """Send all."""
        self._line.settimeout(min(PATIENCE, self._left()))
        self._line.sendall(data)

    def makefile(self, *words: Any, **options: Any) -> io.BufferedReader:
        """Return what comes, as a file."""
        del words, options
        return io.BufferedReader(_TimedReader(self._line, self._left))

    def close(self) -> None:
        """Leave the line open: an answer that ends it is still read. ``drop`` closes it."""

    def drop(self) -> None:
        """Close the line."""
        self._line.close()


class _TimedReader(io.RawIOBase):
    def __init__(self, line: socket.socket, left: Callable[[], float]) -> None:
        self._line, self._left = line, left

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has come."""
        self._line.settimeout(min(PATIENCE, self._left()))
        return self._line.recv_into(buffer)


def _host_of(host: str, /, *, allow_private: bool) -> str:
    """Return a host in small letters, in ASCII; an IP address as its own text. Raises ValueError for what is none."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.lower() if host.isascii() else host.encode("idna").decode().lower()
        is_name = _HOST.fullmatch(name) and not name.rpartition(".")[2].isdigit() and not name.startswith("0x")
        if not (is_name or (allow_private and name == "localhost")):
            raise ValueError from None
        return name
    if not (allow_private or is_public(host)):
        raise ValueError
    return f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004  (of the internet protocol)


def _no_address(text: str, /) -> BadParameter:
    return BadParameter(name="address", found=text[:120] or "nothing", allowed="an address such as https://HOST")
