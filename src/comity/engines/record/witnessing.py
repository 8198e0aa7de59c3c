"""What a witness does with a checkpoint: read the request, and decide. Source: C2SP tlog-witness."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.engines.record.checkpoints import Checkpoint, read_checkpoint
from comity.engines.record.merkle import EMPTY_ROOT, HASH, verify_consistency
from comity.engines.record.notes import SignedNote, parse_note, verify_note
from comity.errors import ForgedCheckpoint, MalformedNote, WrongConsistency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.record.notes import Verifier

MOST_HASHES = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Request:
    """A request to cosign: the size that the asker believes the witness to have seen, a proof from it, and the note."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    @property
    def body(self) -> str:
        """The request as it is sent."""
        hashes = "".join(f"{base64.b64encode(step).decode()}\n" for step in self.proof)
        return f"old {self.old}\n{hashes}\n{self.note}"


def parse_request(body: str) -> Request:
    """Return the request that a body holds. Raises MalformedNote."""
    head, blank, note = body.partition("\n\n")
    lines = head.split("\n")
    found = _OLD.fullmatch(lines.pop(0))
    if found is None or not blank:
        raise MalformedNote(problem="a request begins with old SIZE")
    if len(lines) > MOST_HASHES:
        raise MalformedNote(problem=f"it has more than {MOST_HASHES} hashes")
    try:
        proof = tuple(base64.b64decode(line, validate=True) for line in lines)
    except (binascii.Error, ValueError):
        raise MalformedNote(problem="a hash is not base64") from None
    if any(len(step) != HASH for step in proof):
        raise MalformedNote(problem="a hash is not 32 bytes")
    return Request(old=int(found[1]), proof=proof, note=note)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a witness has cosigned last of a log."""

    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Decision:
    """The HTTP status to answer with. For 200, ``checkpoint`` is to be kept, then ``text`` to be cosigned."""

    status: int
    reason: str
    checkpoint: Checkpoint | None = None
    text: str = ""
    known: int | None = None


def origin_of(request: Request) -> str:
    """Return the origin that a request speaks of. Raises MalformedNote."""
    return read_checkpoint(parse_note(request.note).text).origin


def decide(  # noqa: PLR0911  (one return for each answer of the specification)
    *, request: Request, seen: Seen | None, keys: Mapping[str, Sequence[Verifier]]
) -> Decision:
    """Decide on a request. ``keys`` maps an origin to the keys that are trusted for it, ``seen`` is what was kept of it.

    The caller must keep what is decided before it answers, and let no second request of the log in between.
    """
    try:
        note = parse_note(request.note)
        checkpoint = read_checkpoint(note.text)
    except MalformedNote as malformed:
        return Decision(status=400, reason=str(malformed))
    trusted = keys.get(checkpoint.origin)
    if not trusted:
        return Decision(status=404, reason=f"the log {checkpoint.origin} is not known here")
    if not any(_is_signed(note, key) for key in trusted):
        return Decision(status=403, reason="no signature of a trusted key fits")
    if request.old > checkpoint.size:
        return Decision(status=400, reason="the old size is larger than the checkpoint")
    last = seen or Seen()
    if request.old != last.size:
        return Decision(status=409, reason="another size was cosigned last", known=last.size)
    if checkpoint.size == last.size and checkpoint.root != last.root:
        return Decision(status=409, reason="another root was cosigned at this size", known=last.size)
    try:
        verify_consistency(
            old_size=last.size,
            old_root=last.root,
            new_size=checkpoint.size,
            new_root=checkpoint.root,
            proof=request.proof,
        )
    except WrongConsistency as wrong:
        return Decision(status=422, reason=str(wrong))
    return Decision(status=200, reason="", checkpoint=checkpoint, text=note.text)


def _is_signed(note: SignedNote, key: Verifier) -> bool:
    try:
        verify_note(note=note, by=key)
    except ForgedCheckpoint:
        return False
    return True
