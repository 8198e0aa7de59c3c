"""A log with releases on it, and the folder of a mirror that holds them, made as a server's versions come out."""

from __future__ import annotations

import hashlib
import threading
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import rfc8785

from comity.adapters.commons_catalogues import Evidence, ListedRelease, ListedVersion
from comity.adapters.mirror_folders import MirrorFolder, make_mirror, write_whole
from comity.adapters.mirror_server import MirrorServer
from comity.adapters.signing_keys import make_key
from comity.adapters.tile_store import TileStore
from comity.engines.record.checkpoints import Checkpoint
from comity.engines.record.proofs import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAKER = "ministry.example/commons"


def random_bytes(seed: int, size: int) -> bytes:
    return np.random.default_rng(seed).bytes(size)


class Commons:
    """Releases of a body: each ``release`` is an act in its log, and its files lie in the folder of ``mirror``."""

    def __init__(self, folder: Path) -> None:
        self.key = make_key(name="log.example/record")
        self.maker = make_key(name=MAKER)
        self.log = TileStore(folder / "log")
        self.mirror = make_mirror(folder=folder / "origin", keys=[self.key.verifier.key], comes_from="")
        self.versions: dict[str, list[ListedVersion]] = {}

    def release(
        self,
        slug: str,
        label: str,
        files: Mapping[str, bytes],
        *,
        kind: str = "model",
        salt: bytes = b"",
        sizes: Mapping[str, int] | None = None,
    ) -> ListedVersion:
        """Release a version, and return it as the catalogue lists it. ``sizes`` are stated in the place of the true ones."""
        reference = f"commons/releases/{slug}/{label}"
        listed = [
            {"path": path, "size": (sizes or {}).get(path, len(content)), "sha256": hashlib.sha256(content).hexdigest()}
            for path, content in sorted(files.items())
        ]
        manifest = rfc8785.dumps(
            {
                "comity_manifest": 1,
                "release": f"commons/releases/{slug}",
                "label": label,
                "kind": kind,
                "titles": {"en": f"The release {slug}"},
                "description": {
                    "comity_release": 1,
                    "name": slug,
                    "licences": {"default": "Apache-2.0"},
                    "intended_use": "To test mirrors.",
                },
                "files": listed,
            }
        )
        digest = hashlib.sha256(manifest).hexdigest()
        payload = rfc8785.dumps({"manifest_sha256": digest, "release": f"commons/releases/{slug}", "label": label})
        act = {
            "type": "release-version",
            "subject": reference,
            "office": "secretariat",
            "member": "",
            "time": "2026-11-01T00:00:00Z",
            "payload_sha256": hashlib.sha256(payload).hexdigest(),
        }
        row = {
            "reference": reference,
            "label": label,
            "number": len(self.versions.get(slug, [])) + 1,
            "manifest_sha256": digest,
            "revision": digest[:40],
            "released_at": "2026-11-01T00:00:00Z",
            "act": str(uuid.uuid5(uuid.NAMESPACE_URL, reference)),
            "files": listed,
        }
        version = ListedVersion(reference, int(row["number"]), digest, str(row["act"]), row)
        told = {
            "reference": f"commons/releases/{slug}",
            "hub_name": f"body/{slug}",
            "kind": kind,
            "titles": {"en": slug},
        }
        release = ListedRelease(f"commons/releases/{slug}", False, (), told)
        for path, content in files.items():
            sha256 = hashlib.sha256(content).hexdigest()
            write_whole(self.mirror.part_path(sha256), content)
            self.mirror.keep_content(self.mirror.part_path(sha256), sha256)
            assert path
        self.mirror.keep_version(release, version, self.prove(manifest, payload, act, salt))
        self.versions.setdefault(slug, []).append(version)
        return version

    def prove(self, manifest: bytes, payload: bytes, act: Mapping[str, object], salt: bytes) -> Evidence:
        """Enter an act, as a commitment where there is a salt, and return what proves its version."""
        if not salt:
            return Evidence(manifest, payload, self.enter(act))
        digest = hashlib.sha256(salt + rfc8785.dumps(dict(act))).hexdigest()
        opening = rfc8785.dumps({"index": self.log.size, "salt": salt.hex(), "content": dict(act)})
        return Evidence(
            manifest, payload, self.enter({"schema": 1, "type": "restricted", "commitment": digest}), opening
        )

    def enter(self, act: Mapping[str, object]) -> str:
        """Enter an act into the log, and return its receipt."""
        body = rfc8785.dumps(dict(act))
        index = self.log.size
        self.log.append([body])
        tree = self.log.tree()
        note = self.key.sign(text=Checkpoint(origin=self.key.name, size=self.log.size, root=tree.root()).text)
        self.log.publish_checkpoint(note)
        return Receipt(index=index, proof=tuple(tree.inclusion_proof(index=index)), checkpoint=note, extra=body).text

    def empty_mirror(self, folder: Path, *, comes_from: str = "") -> MirrorFolder:
        """Return a new mirror that relies on the log's key."""
        return make_mirror(folder=folder, keys=[self.key.verifier.key], comes_from=comes_from)


@contextmanager
def served(mirror: MirrorFolder) -> Iterator[str]:
    """Serve a mirror on loopback and give its address."""
    server = MirrorServer(address=("127.0.0.1", 0), mirror=mirror)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def flip_bit(path: Path, place: int, bit: int = 0) -> None:
    """Change one bit of a file."""
    with path.open("r+b") as file:
        file.seek(place)
        (found,) = file.read(1)
        file.seek(place)
        file.write(bytes([found ^ (1 << bit)]))
