"""The HTTP side of a witness, on the standard library. Source: C2SP tlog-witness.

What is cosigned is on the disk before the answer leaves. One lock serialises the check, the keeping and the answer, so that
no later request can be overtaken by an earlier one.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from comity.adapters.signing_keys import Ed25519Verifier
from comity.engines.record.witnessing import Decision, Seen, decide, origin_of, parse_request
from comity.errors import Conflict, MalformedNote

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from comity.adapters.signing_keys import SigningKey
    from comity.engines.record.checkpoints import Checkpoint
    from comity.engines.record.notes import VerifierKey

MOST_BODY = 65_536
SIZE_TYPE = "text/x.tlog.size"
SLOW = 15.0


class WitnessState:
    """What was cosigned last of each log, one small file a log, durable before it is relied on. One process at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self._held = (folder / "lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._held.close()
            raise Conflict(problem=f"Another witness uses {folder}. Stop it, or give another folder.") from None

    def seen(self, origin: str) -> Seen | None:
        """Return what was cosigned last of a log."""
        try:
            kept = json.loads(self._path(origin).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return Seen(size=int(kept["size"]), root=bytes.fromhex(kept["root"]))

    def keep(self, checkpoint: Checkpoint) -> None:
        """Keep what is about to be cosigned."""
        path = self._path(checkpoint.origin)
        kept = {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            file.write(json.dumps(kept))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def close(self) -> None:
        """Give the folder up."""
        self._held.close()

    def _path(self, origin: str) -> Path:
        return self.folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.json"


class WitnessServer(ThreadingHTTPServer):
    """Answers add-checkpoint for some logs. ``port`` is the one it listens on, where 0 was asked for too."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, address: tuple[str, int], key: SigningKey, state: Path, logs: Sequence[VerifierKey]) -> None:
        self.key = key
        self.state = WitnessState(state)
        self.keys: dict[str, list[Ed25519Verifier]] = {}
        for log in logs:
            self.keys.setdefault(log.name, []).append(Ed25519Verifier(key=log))
        self._one_at_a_time = threading.Lock()
        super().__init__(address, _Handler)

    @property
    def port(self) -> int:
        """The port."""
        return int(self.server_address[1])

    def server_close(self) -> None:
        """Stop listening and give the folder up."""
        super().server_close()
        self.state.close()

    def answer(self, body: bytes) -> tuple[Decision, str]:
        """Decide on a request, keep what is cosigned, and return the decision with the signature line, if any."""
        try:
            request = parse_request(body.decode())
            origin = origin_of(request)
        except (UnicodeDecodeError, MalformedNote) as malformed:
            return Decision(status=400, reason=str(malformed)), ""
        with self._one_at_a_time:
            decision = decide(request=request, seen=self.state.seen(origin), keys=self.keys)
            if decision.checkpoint is None:
                return decision, ""
            self.state.keep(decision.checkpoint)
            line = self.key.cosign(text=decision.text, time=int(time.time()))
        return decision, line.text


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    timeout = SLOW
    server_version = "comity-witness"
    sys_version = ""

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path.rstrip("/") != "/add-checkpoint":
            self._send(404, "There is only /add-checkpoint here.\n")
        elif not length.isdigit() or int(length) > MOST_BODY:
            self._send(
                400 if length.isdigit() or not length else 411, f"Send at most {MOST_BODY} bytes, with their length.\n"
            )
        else:
            decision, line = self.server.answer(self.rfile.read(int(length)))
            if decision.status == 200:  # noqa: PLR2004  (HTTP's own word for yes)
                self._send(200, f"{line}\n")
            elif decision.known is not None:
                self._send(decision.status, f"{decision.known}\n", kind=SIZE_TYPE)
            else:
                self._send(decision.status, f"{decision.reason}\n")

    def do_GET(self) -> None:
        if self.path == "/":
            self._send(200, f"{self.server.key.verifier.key.text}\n")
        else:
            self._send(404, "There is only /add-checkpoint here.\n")

    def _send(self, status: int, text: str, *, kind: str = "text/plain; charset=utf-8") -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if status != 200:  # noqa: PLR2004  (HTTP's own word for yes)
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the standard library's name)
        """Write nothing: who asks is nobody's business."""
