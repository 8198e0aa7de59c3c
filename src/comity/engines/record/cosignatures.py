"""Cosignatures: a witness states at what time a checkpoint was the largest consistent tree it had seen.

Source: C2SP tlog-cosignature. Version 1 is Ed25519 (kind 0x04). Kind 0x06, ML-DSA-44, is known by name: its lines are told
apart from unknown ones, and are not checked here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.engines.record.notes import COSIGNATURE, SignatureLine
from comity.errors import ForgedCheckpoint, MalformedNote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.engines.record.notes import SignedNote, Verifier

LATEST_TIME = 2**63 - 1
_TIME_BYTES = 8
_ED25519_BYTES = 64


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A witness that cosigned, and when, in seconds since 1970 UTC."""

    witness: str
    time: int


def message_to_cosign(*, text: str, time: int) -> bytes:
    r"""Return what a witness signs: a header, the time, and the text of the checkpoint.

    >>> message_to_cosign(text="log\n1\nroot\n", time=5)
    b'cosignature/v1\ntime 5\nlog\n1\nroot\n'
    """
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def cosignature_line(*, name: str, id: bytes, time: int, signature: bytes) -> SignatureLine:  # noqa: A002  (the spec's word)
    """Return the signature line of a cosignature over 64 bytes of Ed25519 signature."""
    return SignatureLine(name=name, id=id, signature=time.to_bytes(_TIME_BYTES, "big") + signature)


def read_cosignature(*, text: str, line: SignatureLine, by: Verifier) -> Cosigned:
    """Check one cosignature of a checkpoint's text. Raises MalformedNote or ForgedCheckpoint."""
    key = by.key
    if key.kind != COSIGNATURE or line.name != key.name or line.id != key.id:
        raise ForgedCheckpoint(key=key.name, problem="it carries no cosignature of this witness")
    if len(line.signature) != _TIME_BYTES + _ED25519_BYTES:
        raise MalformedNote(problem=f"the cosignature of {key.name} has the wrong length")
    time = int.from_bytes(line.signature[:_TIME_BYTES], "big")
    if time > LATEST_TIME:
        raise MalformedNote(problem=f"the cosignature of {key.name} has no possible time")
    if not by.verify(message=message_to_cosign(text=text, time=time), signature=line.signature[_TIME_BYTES:]):
        raise ForgedCheckpoint(key=key.name, problem="the cosignature does not fit the checkpoint")
    return Cosigned(witness=key.name, time=time)


def cosigned_by(*, note: SignedNote, witnesses: Iterable[Verifier]) -> tuple[Cosigned, ...]:
    """Return who of some witnesses has cosigned a note, in the order of their names. Other lines are passed over.

    Raises ForgedCheckpoint where a line under a witness's name and key does not fit: nobody else can make one, so the file
    was altered.
    """
    found: list[Cosigned] = []
    for witness in sorted(witnesses, key=lambda w: w.key.name):
        lines = [line for line in note.signatures if (line.name, line.id) == (witness.key.name, witness.key.id)]
        found += [read_cosignature(text=note.text, line=line, by=witness) for line in lines[:1]]
    return tuple(found)
