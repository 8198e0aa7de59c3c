"""Draw a lot that anyone can draw again from public data: which member a roll call begins with.

After RFC 3797 (publicly verifiable random selection): the chance comes from a root of the public log that nobody chose alone, the
name of the ballot keeps two ballots apart, and SHA-256 turns both into a number. No number is likelier than another: what would
favour the small ones is thrown away, and the next is taken.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

_T = TypeVar("_T")
PURPOSE = b"comity lot 1\n"
_BYTES = 8
_WIDTH = 1 << (8 * _BYTES)


def draw_lot(*, root: str, reference: str, of: int) -> int:
    """Return a number from 0 to ``of`` - 1, each as likely as the others; the same inputs give the same number everywhere.

    ``root`` is that of a tree of the log, in hexadecimal; ``reference`` names what the lot is for. The n-th try is the first eight
    bytes, as a whole number, of SHA-256 over the purpose, the root's bytes, the reference in UTF-8, a line end and n in decimal; tries
    that are not below the largest multiple of ``of`` are passed over. Raises ValueError for a root that is not hexadecimal, or
    ``of`` below 1.

    >>> draw_lot(root="00" * 32, reference="decisions/ballots/7", of=1)
    0
    """
    if of < 1:
        raise ValueError(of)
    seed = PURPOSE + bytes.fromhex(root) + reference.encode() + b"\n"
    fair, turn = _WIDTH - _WIDTH % of, 0
    while True:
        found = int.from_bytes(hashlib.sha256(seed + str(turn).encode()).digest()[:_BYTES], "big")
        if found < fair:
            return found % of
        turn += 1


def call_from(*, order: Sequence[_T], first: int) -> tuple[_T, ...]:
    """Return an order that begins at one of its places, and goes on from the beginning after its end.

    >>> call_from(order="abcd", first=2)
    ('c', 'd', 'a', 'b')
    """
    return (*order[first:], *order[:first])
