"""Receipts: a proof, in one file, that an entry is in a log. Source: C2SP tlog-proof.

The entry itself stands in the ``extra`` line, so that a receipt can be checked by itself.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.engines.record.checkpoints import Checkpoint, read_checkpoint
from comity.engines.record.merkle import HASH, leaf_hash, verify_inclusion
from comity.engines.record.notes import parse_note, verify_note
from comity.errors import ForgedCheckpoint, MalformedNote

if TYPE_CHECKING:
    from comity.engines.record.notes import Verifier

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry's place: ``index``, ``proof`` (hashes from the leaf upwards), the signed ``checkpoint``, and ``extra``."""

    index: int
    proof: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    @property
    def text(self) -> str:
        """The receipt as a file."""
        extra = "" if self.extra is None else f"extra {base64.b64encode(self.extra).decode()}\n"
        hashes = "".join(f"{base64.b64encode(step).decode()}\n" for step in self.proof)
        return f"{HEADER}\n{extra}index {self.index}\n{hashes}\n{self.checkpoint}"


def parse_receipt(text: str) -> Receipt:
    """Return the receipt that a file holds. Raises MalformedNote."""
    head, _, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if lines.pop(0) != HEADER or not lines:
        raise MalformedNote(problem=f"a receipt begins with {HEADER}")
    extra = _bytes(lines.pop(0)[6:]) if lines[0].startswith("extra ") else None
    found = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if found is None:
        raise MalformedNote(problem="the receipt names no index")
    proof = tuple(_bytes(line) for line in lines)
    if len(proof) > MOST_HASHES or any(len(step) != HASH for step in proof):
        raise MalformedNote(problem="a hash of the receipt is not 32 bytes")
    parse_note(checkpoint)
    return Receipt(index=int(found[1]), proof=proof, checkpoint=checkpoint, extra=extra)


def verify_receipt(*, receipt: Receipt, by: Verifier, entry: bytes | None = None) -> Checkpoint:
    """Check a receipt under the log's key and return the checkpoint that it proves the entry to be in.

    ``entry`` is what the caller holds; without it, what the receipt carries. Raises MalformedNote, ForgedCheckpoint or
    WrongInclusion.
    """
    held = receipt.extra if entry is None else entry
    if held is None:
        raise MalformedNote(problem="the receipt does not carry its entry; give the entry as well")
    note = parse_note(receipt.checkpoint)
    verify_note(note=note, by=by)
    checkpoint = read_checkpoint(note.text)
    if checkpoint.origin != by.key.name:
        raise ForgedCheckpoint(key=by.key.name, problem=f"it is of the log {checkpoint.origin}")
    verify_inclusion(
        leaf=leaf_hash(held),
        index=receipt.index,
        size=checkpoint.size,
        proof=receipt.proof,
        root=checkpoint.root,
    )
    return checkpoint


def _bytes(encoded: str) -> bytes:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedNote(problem="a line of the receipt is not base64") from None
    if base64.b64encode(raw).decode() != encoded:
        raise MalformedNote(problem="a line of the receipt is not in the one form of base64")
    return raw
