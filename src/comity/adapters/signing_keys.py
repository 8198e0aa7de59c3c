"""Ed25519 keys that sign checkpoints and cosignatures: made, kept in a file of their owner alone, read, and checked.

Source: C2SP signed-note and tlog-cosignature. A key file holds one line, ``PRIVATE+KEY+name+id+base64(kind || seed)``, the
form that other programs of signed notes use, and, where the key was changed, the public keys that signed before, one a line
after ``RETIRED``.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.engines.record.cosignatures import cosignature_line, message_to_cosign
from comity.engines.record.notes import (
    COSIGNATURE,
    ED25519,
    SignatureLine,
    SignedNote,
    VerifierKey,
    is_key_name,
    parse_key,
)
from comity.errors import BadParameter, BadSetting, MalformedNote

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MARK = "PRIVATE+KEY+"
RETIRED = "RETIRED "
SEED = 32


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """Checks signatures of one public key."""

    key: VerifierKey

    def verify(self, *, message: bytes, signature: bytes) -> bool:
        """Tell whether the signature is of this message by this key."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        if self.key.kind not in {ED25519, COSIGNATURE}:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.key.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its name and kind. It is never shown: ``repr`` gives its name alone.

    ``retired`` are the public keys that signed under earlier names or seeds, newest first.
    """

    name: str
    kind: int
    seed: bytes = field(repr=False)
    retired: tuple[VerifierKey, ...] = ()

    @property
    def verifier(self) -> Ed25519Verifier:
        """What checks its signatures."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        public = self._private().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return Ed25519Verifier(key=VerifierKey(name=self.name, kind=self.kind, public=public))

    @property
    def text(self) -> str:
        """The key as a file holds it. Whoever reads it can sign."""
        encoded = base64.b64encode(bytes([self.kind]) + self.seed).decode()
        lines = [f"{MARK}{self.name}+{self.verifier.key.id.hex()}+{encoded}", *(RETIRED + k.text for k in self.retired)]
        return "\n".join(lines) + "\n"

    def sign(self, *, text: str) -> str:
        """Return a text as a note signed by this key."""
        signature = self._private().sign(text.encode())
        line = SignatureLine(name=self.name, id=self.verifier.key.id, signature=signature)
        return str(SignedNote(text=text, signatures=(line,)))

    def cosign(self, *, text: str, time: int) -> SignatureLine:
        """Return the cosignature of a checkpoint's text at a time, in seconds since 1970 UTC."""
        signature = self._private().sign(message_to_cosign(text=text, time=time))
        return cosignature_line(name=self.name, id=self.verifier.key.id, time=time, signature=signature)

    def _private(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed)


def make_key(*, name: str, kind: int = ED25519, retired: tuple[VerifierKey, ...] = ()) -> SigningKey:
    """Draw a new key. Raises BadParameter for a name that cannot stand in a signature line."""
    if not is_key_name(name) or len(name) > 200:  # noqa: PLR2004  (as long as a column)
        raise BadParameter(name="name", found=name[:80], allowed="a host and path such as comity.example.org/record")
    return SigningKey(name=name, kind=kind, seed=os.urandom(SEED), retired=retired)


def rotate_key(*, key: SigningKey, name: str = "") -> SigningKey:
    """Draw a new key in the place of one, which is kept as retired; under the same name, or a new one."""
    return make_key(name=name or key.name, kind=key.kind, retired=(key.verifier.key, *key.retired))


def read_signing_key(*, text: str, shown: str) -> SigningKey:
    """Return the key that a text holds; ``shown`` names where it came from. Raises BadSetting, never showing the key."""
    lines = [line for line in text.strip().split("\n") if line]
    try:
        key = _read_line(lines[0] if lines else "")
        retired = tuple(parse_key(line.removeprefix(RETIRED)) for line in lines[1:])
    except MalformedNote:
        raise BadSetting(
            name=shown,
            found="(not shown)",
            allowed="a line PRIVATE+KEY+NAME+ID+KEY",
            remedy="Put the key back from a backup, or make one: comity record keygen",
        ) from None
    return SigningKey(name=key.name, kind=key.kind, seed=key.seed, retired=retired)


def read_key_file(*, path: Path) -> SigningKey:
    """Return the key of a file. Raises BadSetting where it is missing, no plain file, or readable by others."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        raise BadSetting(
            name=str(path), found="missing", allowed="a key file", remedy="Make one: comity record keygen"
        ) from None
    if not stat.S_ISREG(status.st_mode):
        raise BadSetting(
            name=str(path), found="no plain file", allowed="a key file", remedy="Put the file itself there."
        )
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        found = oct(status.st_mode & 0o777)
        raise BadSetting(name=str(path), found=found, allowed="0o600", remedy=f"Run: chmod 600 {path}")
    return read_signing_key(text=path.read_text(encoding="utf-8"), shown=str(path))


def write_key_file(*, path: Path, key: SigningKey, replace: bool = False) -> None:
    """Write a key to a new file of mode 0600, durably; ``replace`` puts it in the place of an old one, all at once."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(key.text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            part.replace(path)
        else:
            os.link(part, path)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read_line(line: str) -> SigningKey:
    name, _, rest = line.removeprefix(MARK).partition("+")
    id_text, _, encoded = rest.partition("+")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedNote(problem="the key is not base64") from None
    if (
        not line.startswith(MARK)
        or not is_key_name(name)
        or len(raw) != SEED + 1
        or raw[0] not in {ED25519, COSIGNATURE}
    ):
        raise MalformedNote(problem="the key is not PRIVATE+KEY+NAME+ID+KEY")
    key = SigningKey(name=name, kind=raw[0], seed=raw[1:])
    if key.verifier.key.id.hex() != id_text:
        raise MalformedNote(problem="the key does not have its id")
    return key
