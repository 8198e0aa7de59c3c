"""Servers on loopback that answer as nobody should: each test says what is sent, byte by byte."""

from __future__ import annotations

import contextlib
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def answering(answer: Callable[[socket.socket, str], None]) -> Iterator[tuple[str, list[str]]]:
    """Give the address of a server, and the paths that it is asked for; ``answer`` writes to the line what it likes, then it closes."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[str] = []
    ended = threading.Event()

    def serve(line: socket.socket) -> None:
        with line, contextlib.suppress(OSError, IndexError):
            line.settimeout(30)
            head = b""
            while b"\r\n\r\n" not in head:
                head += line.recv(65536)
            asked.append(head.split(b" ")[1].decode())
            answer(line, head.decode())

    def accept() -> None:
        while not ended.is_set():
            with contextlib.suppress(OSError):
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
    finally:
        ended.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
