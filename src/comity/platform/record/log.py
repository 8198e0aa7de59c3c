"""The log of this instance: where its tiles are, who signs it, and the memory of what was signed."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from comity.adapters.signing_keys import make_key, read_key_file, read_signing_key, write_key_file
from comity.adapters.tile_store import TileStore
from comity.adapters.witness_files import read_policy
from comity.engines.record.checkpoints import Checkpoint
from comity.errors import BadSetting, SignedMemoryUnreadable

if TYPE_CHECKING:
    from comity.adapters.signing_keys import SigningKey
    from comity.engines.record.notes import VerifierKey
    from comity.engines.record.policies import WitnessPolicy

KEY_FILE = "record.key"


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
        """Return what was signed last, or None where nothing was signed on this machine. Raises SignedMemoryUnreadable."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            return Signed(origin=kept["origin"], size=int(kept["size"]), root=bytes.fromhex(kept["root"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            raise SignedMemoryUnreadable(path=self.path.name) from None

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
    """Tiles, key and memory of one log. ``key`` is None where this process may read the log and not sign it."""

    store: TileStore
    public: VerifierKey
    key: SigningKey | None
    memory: SignedMemory
    lock_path: Path

    @property
    def origin(self) -> str:
        """The name under which this log signs: the name of its key."""
        return self.public.name

    @property
    def vkey(self) -> str:
        """The public key as one line."""
        return self.public.text

    def sign(self, *, size: int, root: bytes) -> str:
        """Return the signed checkpoint of a tree. Raises BadSetting where this process has no key."""
        if self.key is None:
            raise BadSetting(
                name="COMITY_RECORD_KEY",
                found="not set",
                allowed="the key of the log",
                remedy="Run: comity record keygen --name HOST/record --out KEYFILE",
            )
        return self.key.sign(text=Checkpoint(origin=self.origin, size=size, root=root).text)


def open_log() -> Log:
    """Return the log of this instance. Raises BadSetting where it has no key, or one that others can read.

    The key comes from the setting COMITY_RECORD_KEY, else from ``record.key`` in the data folder.
    """
    data = Path(settings.DATA)
    given = str(settings.RECORD_KEY)
    path = data / KEY_FILE
    stamp = path.stat().st_mtime_ns if not given and path.exists() else 0
    return _open(data, given, stamp)


def find_log() -> Log | None:
    """Return the log of this instance, or None where it has no key yet. Raises BadSetting for a key that will not do."""
    if not settings.RECORD_KEY and not (Path(settings.DATA) / KEY_FILE).exists():
        return None
    return open_log()


@lru_cache(maxsize=4)
def _open(data: Path, given: str, stamp: int) -> Log:
    del stamp  # a key that was changed opens the log anew
    key = read_signing_key(text=given, shown="COMITY_RECORD_KEY") if given else read_key_file(path=data / KEY_FILE)
    return Log(
        store=TileStore(data / "record"),
        public=key.verifier.key,
        key=key,
        memory=SignedMemory(path=data / "record.signed"),
        lock_path=data / "record.lock",
    )


def prepare_key(*, origin: str) -> bool:
    """Make the key of the log under its origin where there is none yet; return whether one was made."""
    path = Path(settings.DATA) / KEY_FILE
    if settings.RECORD_KEY or path.exists():
        return False
    write_key_file(path=path, key=make_key(name=origin))
    return True


def retired_keys() -> tuple[VerifierKey, ...]:
    """Return the public keys that signed this log before, newest first."""
    key = open_log().key
    return key.retired if key else ()


def witness_policy() -> WitnessPolicy | None:
    """Return the witness policy of ``witnesses.toml`` in the data folder, or None where there is none.

    Raises BadSetting where the file breaks its rules.
    """
    path = Path(settings.DATA) / "witnesses.toml"
    return _policy(path, path.stat().st_mtime_ns) if path.exists() else None


@lru_cache(maxsize=4)
def _policy(path: Path, stamp: int) -> WitnessPolicy:
    del stamp  # a file that was changed is read anew
    return read_policy(path=path)
