"""Sites on loopback that answer as nobody should: slowly, without end, with redirects, or with what was not asked for."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def raw_site(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """A site whose every connection is given to ``speak``, after the request was read; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def serve(line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            held = b""
            while b"\r\n\r\n" not in held:
                held += line.recv(4096)
            speak(line)

    def accept() -> None:
        while not stopped.is_set():
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(line,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopped.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


@contextlib.contextmanager
def answering_site(answer: Callable[[str], tuple[int, dict[str, str], bytes]], *, tls: ssl.SSLContext | None = None):
    """A site that gives (status, headers, content) for a path, and keeps its connections; gives its address and what was asked."""
    asked: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append((self.path, dict(self.headers)))
            status, headers, content = answer(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the library's name)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def trickle(line: socket.socket, *, head: bytes = b"HTTP/1.1 200 OK\r\n", every: float = 0.05) -> None:
    """Answer byte by byte, without end."""
    line.sendall(head)
    while True:
        line.sendall(b"x")
        time.sleep(every)
