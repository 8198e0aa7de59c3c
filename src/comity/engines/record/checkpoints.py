"""Checkpoints: the origin of a log, its size and its root, as three lines of text. Source: C2SP tlog-checkpoint."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from comity.engines.record.merkle import HASH
from comity.engines.record.notes import parse_note
from comity.errors import MalformedNote

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    r"""One tree of one log. ``root`` is 32 bytes.

    >>> Checkpoint(origin="example.org/log", size=0, root=bytes(32)).text
    'example.org/log\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint that a note's text holds; further lines are passed over. Raises MalformedNote."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or any(not line for line in lines[:-1]):  # noqa: PLR2004  (three lines and an end)
        raise MalformedNote(problem="a checkpoint is an origin, a size and a root, each on a line")
    origin, size, encoded = lines[:3]
    if not _SIZE.fullmatch(size):
        raise MalformedNote(problem="its size is not a whole number in its one form")
    try:
        root = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedNote(problem="its root is not base64") from None
    if len(root) != HASH or base64.b64encode(root).decode() != encoded:
        raise MalformedNote(problem="its root is not 32 bytes in the one form of base64")
    return Checkpoint(origin=origin, size=int(size), root=root)


def checkpoint_of(note: str) -> Checkpoint:
    """Return the checkpoint of a signed note, without checking any signature. Raises MalformedNote."""
    return read_checkpoint(parse_note(note).text)
