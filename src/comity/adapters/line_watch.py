"""Cut a connection on which an answer takes longer than it may, so that what drips byte by byte holds nobody for ever.

The limit of a socket holds for one reading of it; whoever sends a byte now and then is never past it.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOK = 0.5
"""Seconds between two looks at the clock."""


class LineWatch:
    """Watches one connection from another thread until it is ended, or nobody holds the connection any more."""

    def __init__(self, line: socket.socket) -> None:
        self._line = weakref.ref(line)
        self._due: float | None = None
        self._was_cut = False
        self._ended = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    @contextlib.contextmanager
    def allow(self, seconds: float) -> Iterator[None]:
        """Let what is done here take so long at most; then the connection is cut. Raises TimeoutError where it was.

        What was read from a line that was cut looks as if it had ended there, so that it is not to be used.
        """
        self._due = time.monotonic() + seconds
        try:
            yield
        finally:
            self._due = None
        if self._was_cut:
            raise TimeoutError("it took too long")

    def end(self) -> None:
        """Watch no longer."""
        self._ended.set()

    def _look(self) -> None:
        while not self._ended.wait(LOOK):
            due, line = self._due, self._line()
            if line is None or line.fileno() < 0:
                return
            if due is not None and time.monotonic() > due:
                self._was_cut = True
                with contextlib.suppress(OSError):
                    # The plain socket's own: that of TLS would change the state that the other thread reads.
                    socket.socket.shutdown(line, socket.SHUT_RDWR)
                return
            del line
