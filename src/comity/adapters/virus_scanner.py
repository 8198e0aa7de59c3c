"""Ask clamd, the daemon of ClamAV, whether a file holds something known to be harmful: the command INSTREAM over its socket.

The file goes to the scanner in pieces and is opened by nobody here.
"""

from __future__ import annotations

import re
import socket
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from comity.errors import BadParameter, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterable

TIMEOUT = 120.0
MOST_ANSWER = 4096
PIECE = 1 << 18
NOT_LOOKED_INTO = re.compile(r"Heuristics\.(Limits\.Exceeded|Encrypted)\b.*")
"""What clamd calls a find where it could not look: a limit of its own, or an archive that is locked."""
Verdict: TypeAlias = Literal["clean", "infected", "unscanned"]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the scanner said; ``words`` are its own: the name of what it found, or why it could not look."""

    verdict: Verdict
    words: str = ""


def scan_content(*, scanner: str, content: Iterable[bytes]) -> Scanned:
    """Return what a scanner says of some content. ``scanner`` is ``unix:/PATH`` or ``tcp:HOST:PORT``.

    A file that is larger than the scanner takes (StreamMaxLength) stays *unscanned*, and so does one into which it could not look
    wholly, where its settings have it say so (AlertExceedsMax, AlertEncrypted). Raises Unreachable where it does not answer.
    """
    try:
        with _connect(scanner) as line:
            line.sendall(b"zINSTREAM\0")
            try:
                for some in content:
                    for begin in range(0, len(some), PIECE):
                        piece = some[begin : begin + PIECE]
                        line.sendall(struct.pack(">I", len(piece)) + piece)
                line.sendall(struct.pack(">I", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it says why before it closes the line: the file is too large for it
            return read_answer(_read(line))
    except OSError as error:
        raise Unreachable(address=scanner, problem=str(error)[:120] or type(error).__name__) from None


def scanner_version(*, scanner: str) -> str:
    """Return the name and the day of the data of a scanner, as it says them. Raises Unreachable."""
    try:
        with _connect(scanner) as line:
            line.sendall(b"zVERSION\0")
            return _read(line)[:100]
    except OSError as error:
        raise Unreachable(address=scanner, problem=str(error)[:120] or type(error).__name__) from None


def read_answer(words: str, /) -> Scanned:
    """Return the verdict in an answer.

    >>> read_answer("stream: OK").verdict, read_answer("stream: Eicar-Test-Signature FOUND")
    ('clean', Scanned(verdict='infected', words='Eicar-Test-Signature'))
    """
    if words == "stream: OK":
        return Scanned("clean")
    found = re.fullmatch(r"stream: (.{1,200}) FOUND", words)
    if found and not NOT_LOOKED_INTO.fullmatch(found[1]):
        return Scanned("infected", found[1])
    return Scanned("unscanned", words[:200])


def _connect(scanner: str, /) -> socket.socket:
    kind, _, place = scanner.partition(":")
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(TIMEOUT)
        line.connect(place)
        return line
    host, _, port = place.rpartition(":")
    if kind != "tcp" or not port.isdigit():
        raise BadParameter(name="scanner", found=scanner[:80], allowed="unix:/PATH or tcp:HOST:PORT")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT)


def _read(line: socket.socket, /) -> str:
    found = b""
    while b"\0" not in found and len(found) < MOST_ANSWER:
        some = line.recv(MOST_ANSWER)
        if not some:
            break
        found += some
    return found.partition(b"\0")[0].decode("utf-8", "replace").strip()
