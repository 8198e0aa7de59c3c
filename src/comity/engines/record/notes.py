"""Signed notes: a text, a blank line, and signature lines; and the keys that are named in them.

Source: C2SP signed-note. A key's id is the first four bytes of SHA-256(name || 0x0A || type || public key). Signatures are
made and checked by whoever holds the mathematics; this module knows the text alone.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from comity.errors import ForgedCheckpoint, MalformedNote

ED25519 = 0x01
COSIGNATURE = 0x04
ML_DSA_COSIGNATURE = 0x06
KEY_BYTES = {ED25519: 32, COSIGNATURE: 32, ML_DSA_COSIGNATURE: 1312}
MOST_NOTE = 1_000_000
MOST_SIGNATURES = 100
_DASH = "\N{EM DASH} "


def key_id(*, name: str, kind: int, public: bytes) -> bytes:
    """Return the four bytes that name a key in a signature line."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def is_key_name(name: str) -> bool:
    """Tell whether a name can stand in a signature line: not empty, no space, no plus sign."""
    return bool(name) and "+" not in name and not any(c.isspace() or ord(c) < 0x20 for c in name)  # noqa: PLR2004  (control characters)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name and kind: ``name+id+base64(kind || key)``."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that name it."""
        return key_id(name=self.name, kind=self.kind, public=self.public)

    @property
    def text(self) -> str:
        """The key as one line.

        >>> key = VerifierKey(name="example.org/log", kind=1, public=bytes(32))
        >>> parse_key(key.text) == key
        True
        """
        encoded = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"


def parse_key(text: str) -> VerifierKey:
    """Return the key that a line holds. Raises MalformedNote."""
    name, _, rest = text.strip().partition("+")
    id_text, _, encoded = rest.partition("+")
    raw = _decode(encoded, what="the key")
    if not is_key_name(name) or not raw:
        raise MalformedNote(problem="the key is not NAME+ID+KEY")
    key = VerifierKey(name=name, kind=raw[0], public=raw[1:])
    if key.kind not in KEY_BYTES or len(key.public) != KEY_BYTES[key.kind]:
        raise MalformedNote(problem=f"the key {name} is of a kind that is not known here")
    if key.id.hex() != id_text:
        raise MalformedNote(problem=f"the key {name} does not have the id {id_text[:16]}")
    return key


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature: who, by which key, and the bytes after the key's id."""

    name: str
    id: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """The line, without its end."""
        return f"{_DASH}{self.name} {base64.b64encode(self.id + self.signature).decode()}"


def parse_signature(line: str) -> SignatureLine:
    """Return the signature that a line holds. Raises MalformedNote."""
    if not line.startswith(_DASH):
        raise MalformedNote(problem="a signature line does not begin with a dash")
    name, _, encoded = line[len(_DASH) :].partition(" ")
    raw = _decode(encoded, what="a signature")
    if not is_key_name(name) or len(raw) <= 4:  # noqa: PLR2004  (the id alone)
        raise MalformedNote(problem="a signature line is not NAME SIGNATURE")
    return SignatureLine(name=name, id=raw[:4], signature=raw[4:])


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text that ends with a line end, and its signatures, of which some may be by keys that a reader does not know."""

    text: str
    signatures: tuple[SignatureLine, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(f"{line.text}\n" for line in self.signatures)


def parse_note(note: str) -> SignedNote:
    """Return the note that a text holds. Raises MalformedNote."""
    if len(note) > MOST_NOTE:
        raise MalformedNote(problem=f"it is longer than {MOST_NOTE} characters")
    if any(ord(c) < 0x20 and c != "\n" for c in note):  # noqa: PLR2004  (control characters)
        raise MalformedNote(problem="it holds control characters")
    head, blank, tail = note.rpartition("\n\n")
    if not blank or not head or not tail.endswith("\n"):
        raise MalformedNote(problem="it is not a text, a blank line and signatures")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise MalformedNote(problem=f"it has more than {MOST_SIGNATURES} signatures")
    return SignedNote(text=head + "\n", signatures=tuple(parse_signature(line) for line in lines))


class Verifier(Protocol):
    """Checks a signature of one key."""

    @property
    def key(self) -> VerifierKey:
        """The key."""
        ...

    def verify(self, *, message: bytes, signature: bytes) -> bool:
        """Tell whether the signature is of this message by this key."""
        ...


def verify_note(*, note: SignedNote, by: Verifier) -> None:
    """Check that a note carries a valid signature of a key, by name and id. Unknown signatures are passed over.

    Raises ForgedCheckpoint where there is none, or one that does not fit.
    """
    key = by.key
    mine = [line for line in note.signatures if line.name == key.name and line.id == key.id]
    if not mine:
        raise ForgedCheckpoint(key=key.name, problem="it carries no signature of this key")
    if len(mine) > 1:
        raise ForgedCheckpoint(key=key.name, problem="it carries two signatures of this key")
    if not by.verify(message=note.text.encode(), signature=mine[0].signature):
        raise ForgedCheckpoint(key=key.name, problem="the signature does not fit the text")


def _decode(encoded: str, *, what: str) -> bytes:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedNote(problem=f"{what} is not base64") from None
    if base64.b64encode(raw).decode() != encoded:
        raise MalformedNote(problem=f"{what} is not written in the one form of base64")
    return raw
