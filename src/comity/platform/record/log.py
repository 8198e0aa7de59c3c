"""The log of this instance: where its tiles are, who signs it, and the memory of what was signed."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from comity.adapters.signing_keys import LogKey, load_log_key
from comity.adapters.tile_store import TileStore
from comity.engines.record.checkpoints import Checkpoint

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Signed:
    """The largest tree that was signed under an origin."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class SignedMemory:
    """A small file beside the key: what was signed last. It is no part of a backup, so a restored instance keeps it."""

    path: Path

    def read(self) -> Signed | None:
        """Return what was signed last, or None where nothing was signed on this machine."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return Signed(origin=kept["origin"], size=int(kept["size"]), root=bytes.fromhex(kept["root"]))

    def write(self, *, origin: str, size: int, root: bytes) -> None:
        """Keep what is about to be signed, on the disk before this returns."""
        text = json.dumps({"origin": origin, "size": size, "root": root.hex()}) + "\n"
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@dataclass(frozen=True, slots=True)
class Log:
    """Tiles, key and memory of one log. ``origin`` is the name of the key."""

    store: TileStore
    key: LogKey
    memory: SignedMemory
    lock_path: Path

    @property
    def origin(self) -> str:
        """The name under which this log signs."""
        return self.key.name

    def sign(self, *, size: int, root: bytes) -> str:
        """Return the signed checkpoint of a tree."""
        return self.key.sign(text=Checkpoint(origin=self.origin, size=size, root=root).text)


def open_log() -> Log:
    """Return the log of this instance, with its key."""
