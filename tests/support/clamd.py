"""A clamd of this machine on a socket of its own, which knows one signature: that of the EICAR test file."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BAD = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MOST = 100_000
"""Bytes of a stream that this scanner takes."""
LOOKED_AT = 60_000
"""Bytes of one file into which it looks; of a longer one it says that its limit was exceeded."""
PATIENCE = 60.0


def clamd_program() -> str:
    """Return where clamd is, or nothing."""
    return shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin") or ""


@contextmanager
def a_clamd(folder: Path) -> Iterator[str]:
    """Run clamd while the block runs; yields its place in the form of COMITY_CLAMD."""
    data = folder / "signatures"
    data.mkdir()
    (data / "test.ndb").write_text(f"Test.EICAR:0:*:{BAD.hex()}\n")
    place, written = folder / "clamd.sock", folder / "clamd.conf"
    written.write_text(
        f"LocalSocket {place}\nDatabaseDirectory {data}\nTemporaryDirectory {folder}\nForeground yes\n"
        f"StreamMaxLength {MOST}\nMaxFileSize {LOOKED_AT}\nAlertExceedsMax yes\nAlertEncrypted yes\n"
    )
    with (folder / "clamd.log").open("wb") as log:
        running = subprocess.Popen([clamd_program(), "-c", str(written)], stdout=log, stderr=log)
        try:
            _await(place, running=running, log=folder / "clamd.log")
            yield f"unix:{place}"
        finally:
            running.terminate()
            with suppress(subprocess.TimeoutExpired):
                running.wait(timeout=10)
            running.kill()


def _await(place: Path, /, *, running: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if running.poll() is not None:
            break
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.connect(str(place))
            return
        time.sleep(0.05)
    message = f"clamd did not begin: {log.read_text(errors='replace')[-500:]}"
    raise RuntimeError(message)
