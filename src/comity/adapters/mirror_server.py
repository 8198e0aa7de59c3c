"""Serve a mirror to those near it, read-only, on the standard library: what a Comity server answers under ``/hub`` and ``/record``.

Another mirror follows it, and the stock ``huggingface_hub`` client downloads from it. A version is served only while the record
proves it; content is compared with its digest once, before it is first given.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from comity.adapters.commons_catalogues import write_catalogue
from comity.engines.record.proofs import parse_receipt
from comity.errors import ComityError, NotAsReleased

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.adapters.commons_catalogues import ListedRelease, ListedVersion, ReleasedFile
    from comity.adapters.mirror_folders import MirrorFolder

SLOW = 60.0
JSON = "application/json"
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_RESOLVED = re.compile(r"/hub/(datasets/)?([^/]+/[^/]+)/resolve/([^/]+)/(.+)")
_ASKED = re.compile(r"/hub/api/(models|datasets)/([^/]+/[^/]+)(?:/(revision|tree)/([^/]+))?(?:/.*)?")


class MirrorServer(ThreadingHTTPServer):
    """Serves one mirror. ``port`` is the one it listens on, where 0 was asked for too."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, address: tuple[str, int], mirror: MirrorFolder) -> None:
        self.mirror = mirror
        self._proven: dict[str, tuple[ReleasedFile, ...]] = {}
        self._sound: set[str] = set()
        self._one_at_a_time = threading.Lock()
        super().__init__(address, _Handler)

    @property
    def port(self) -> int:
        """The port."""
        return int(self.server_address[1])

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Answer one client; that it went away is nothing to tell of."""
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().finish_request(request, client_address)

    def releases(self) -> tuple[ListedRelease, ...]:
        """Return what may be given."""
        return tuple(r for r in self.mirror.releases() if not r.is_taken_down)

    def files_of(self, version: ListedVersion) -> tuple[ReleasedFile, ...]:
        """Return the files of a version that the record proves."""
        if version.manifest_sha256 not in self._proven:
            self._proven[version.manifest_sha256] = self.mirror.files_of(version)
        return self._proven[version.manifest_sha256]

    def find_content(self, sha256: str) -> ReleasedFile | None:
        """Return a file of the digest where a version that may be given has one."""
        for release in self.releases():
            for version in release.versions:
                for file in self.files_of(version):
                    if file.sha256 == sha256:
                        return file
        return None

    def demand_sound(self, file: ReleasedFile) -> None:
        """Compare kept content with its digest before it is first given. Raises NotAsReleased."""
        with self._one_at_a_time:
            if file.sha256 in self._sound:
                return
            digest = hashlib.sha256()
            for block in self.mirror.read(file.sha256):
                digest.update(block)
            if digest.hexdigest() != file.sha256:
                raise NotAsReleased(what=file.path, problem="its content was altered where it is kept")
            self._sound.add(file.sha256)

    def find_version(self, hub: str, revision: str) -> tuple[ListedRelease, ListedVersion] | None:
        """Return the version that a name of the hub and a revision, a label or ``main`` mean."""
        for release in self.releases():
            if release.row.get("hub_name") != hub or not release.versions:
                continue
            for version in reversed(release.versions):
                if revision in {"main", version.label, _revision(version)}:
                    return release, version
        return None


class _Handler(BaseHTTPRequestHandler):
    server: MirrorServer
    protocol_version = "HTTP/1.1"
    timeout = SLOW
    server_version = "comity-mirror"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name in the library)
        """Say nothing: whoever reads from a mirror is not written down."""

    def _answer(self) -> None:
        if self.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # what is sent along is not read, and is no request of its own
        try:
            self._route(unquote(urlsplit(self.path).path))
        except ValueError:
            self._refuse("EntryNotFound")
        except ComityError as error:
            # What was altered here is gone from here: a client need not ask again and again.
            status = HTTPStatus.NOT_FOUND if error.code == "not-found" else HTTPStatus.GONE
            self._send(json.dumps({"error": error.as_dict()}).encode(), status=status, kind=JSON)
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True

    def _route(self, path: str) -> None:
        parts = path.strip("/").split("/")
        mirror = self.server.mirror
        if path == "/hub/comity/catalogue.json":
            self._send(write_catalogue(releases=self.server.releases()), kind=JSON)
        elif parts[:3] == ["hub", "comity", "files"] and len(parts) == 4:  # noqa: PLR2004  (the name of a file)
            self._send_file(parts[3])
        elif parts[:3] == ["hub", "comity", "chunks"] and len(parts) == 4 and self._content(parts[3]):  # noqa: PLR2004  (as above)
            rows = [[c.length, c.sha256] for c in mirror.chunks(parts[3])]
            self._send(json.dumps(rows, separators=(",", ":")).encode(), kind=JSON)
        elif (found := self._evidence(parts)) is not None:
            self._send(found, kind=JSON if path.endswith(".json") else "text/plain; charset=utf-8")
        elif matched := _ASKED.fullmatch(path):
            self._send_description(matched[1], matched[2], matched[3] or "", matched[4] or "main")
        elif matched := _RESOLVED.fullmatch(path):
            self._send_resolved(matched[2], matched[3], matched[4])
        else:
            self._refuse("EntryNotFound")

    def _content(self, sha256: str) -> ReleasedFile | None:
        return self.server.find_content(sha256) if re.fullmatch("[0-9a-f]{64}", sha256) else None

    def _evidence(self, parts: list[str]) -> bytes | None:
        """Return a manifest, a receipt, an opening or a payload of a version that may be given."""
        kinds = {
            ("hub", "comity", "manifests"): 4,
            ("record", "acts"): 4,
            ("record", "payloads"): 3,
            ("record", "openings"): 3,
        }
        if not any(tuple(parts[: len(start)]) == start and len(parts) == count for start, count in kinds.items()):
            return None
        name = parts[2 if parts[0] == "record" else 3].removesuffix(".json")
        for release in self.server.releases():
            for version in release.versions:
                if parts[0] == "hub" and version.manifest_sha256 == name:
                    return self.server.mirror.evidence(version).manifest
                if parts[1] == "acts" and (version.act, parts[3]) == (name, "receipt.tlog-proof"):
                    return self.server.mirror.evidence(version).receipt.encode()
                if parts[1] == "openings":
                    evidence = self.server.mirror.evidence(version)
                    if evidence.opening and str(parse_receipt(evidence.receipt).index) == name:
                        return evidence.opening
                if parts[1] == "payloads":
                    payload = self.server.mirror.evidence(version).payload
                    if hashlib.sha256(payload).hexdigest() == name:
                        return payload
        return None

    def _send_file(self, sha256: str) -> None:
        file = self._content(sha256)
        if file is None:
            self._refuse("EntryNotFound")
            return
        self._send_content(file, {})

    def _send_description(self, kind: str, hub: str, part: str, revision: str) -> None:
        found = self.server.find_version(hub, revision)
        if found is None or (kind == "models") != (found[0].row.get("kind") == "model"):
            self._refuse("RepoNotFound" if self.server.find_version(hub, "main") is None else "RevisionNotFound")
            return
        release, version = found
        files = self.server.files_of(version)
        if part == "tree":
            told: Any = [_tree_entry(file) for file in files]
        else:
            told = {
                "_id": version.manifest_sha256[:24],
                "id": hub,
                "modelId": hub,
                "sha": _revision(version),
                "lastModified": version.row.get("released_at"),
                "private": False,
                "disabled": False,
                "gated": False,
                "downloads": 0,
                "likes": 0,
                "tags": [str(release.row.get("kind", ""))],
                "siblings": [{"rfilename": file.path} for file in files],
            }
        self._send(json.dumps(told).encode(), kind=JSON)

    def _send_resolved(self, hub: str, revision: str, path: str) -> None:
        found = self.server.find_version(hub, revision)
        if found is None:
            self._refuse("RepoNotFound" if self.server.find_version(hub, "main") is None else "RevisionNotFound")
            return
        file = next((f for f in self.server.files_of(found[1]) if f.path == path), None)
        if file is None:
            self._refuse("EntryNotFound", {"X-Repo-Commit": _revision(found[1])})
            return
        self._send_content(
            file,
            {
                "X-Repo-Commit": _revision(found[1]),
                "X-Linked-Size": str(file.size),
                "X-Linked-Etag": f'"{file.sha256}"',
            },
        )

    def _send_content(self, file: ReleasedFile, headers: Mapping[str, str]) -> None:
        self.server.demand_sound(file)
        span = _asked_span(self.headers.get("Range", ""), file.size)
        if self.headers.get("If-Range", f'"{file.sha256}"') != f'"{file.sha256}"':
            span = None
        if span == (0, -1):
            self._send(
                b"",
                status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                headers={"Content-Range": f"bytes */{file.size}"},
            )
            return
        first, last = span or (0, file.size - 1)
        told = {"ETag": f'"{file.sha256}"', "Accept-Ranges": "bytes", **headers}
        if span:
            told["Content-Range"] = f"bytes {first}-{last}/{file.size}"
        status = HTTPStatus.PARTIAL_CONTENT if span else HTTPStatus.OK
        blocks = self.server.mirror.read(file.sha256, first, last - first + 1)
        self._begin(status, last - first + 1, "application/octet-stream", told)
        if self.command != "HEAD":
            for block in blocks:
                self.wfile.write(block)
                first += len(block)
            if first <= last:
                self.close_connection = True  # the content became shorter here: the client is not to wait for the rest

    def _refuse(self, code: str, headers: Mapping[str, str] | None = None) -> None:
        told = {"X-Error-Code": code, "X-Error-Message": "This mirror does not hold it.", **(headers or {})}
        self._send(b'{"error": "This mirror does not hold it."}', status=HTTPStatus.NOT_FOUND, kind=JSON, headers=told)

    def _send(
        self,
        content: bytes,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        kind: str = "text/plain; charset=utf-8",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._begin(status, len(content), kind, headers or {})
        if self.command != "HEAD":
            self.wfile.write(content)

    def _begin(self, status: HTTPStatus, length: int, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def _asked_span(text: str, size: int, /) -> tuple[int, int] | None:
    """Return the first and last byte asked for; None for the whole, and (0, -1) where there are no such bytes."""
    found = _RANGE.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        return None
    if found[1]:
        first, last = int(found[1]), min(int(found[2]) if found[2] else size - 1, size - 1)
    else:
        first, last = max(0, size - int(found[2])), size - 1
    return (first, last) if first <= last else (0, -1)


def _revision(version: ListedVersion, /) -> str:
    return version.manifest_sha256[:40]


def _tree_entry(file: ReleasedFile, /) -> dict[str, Any]:
    lfs = {"oid": file.sha256, "size": file.size, "pointerSize": 134}
    return {"type": "file", "oid": file.sha256[:40], "size": file.size, "path": file.path, "lfs": lfs}


def serve_until_stopped(server: MirrorServer, /) -> Iterator[str]:
    """Yield the address, then serve until the command is stopped."""
    yield f"http://{server.server_address[0]!s}:{server.port}"
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
