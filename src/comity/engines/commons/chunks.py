"""Cut a file into pieces at places that its content chooses, so that a new version shares the pieces that did not change.

Source: W. Xia and others, *FastCDC: a Fast and Efficient Content-Defined Chunking Approach for Data Deduplication*, USENIX ATC
2016: a gear hash with normalised cutting. The hash here has 32 bits, so that it knows the last 32 bytes and nothing else:
``h(i) = sum over k = 0 … 31 of gear(byte(i - k)) * 2**k, modulo 2**32``. It is worked out for a whole block at once, by doubling.

Two laws follow, since a cut depends on nothing but the bytes of its own piece: a change leaves every piece that ended before it as
it was; and once a cut of the new file falls on a cut of the old, all pieces after it are the same for as long as the bytes are.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

Bytes: TypeAlias = "bytes | bytearray | memoryview"
WINDOW = 32
BLOCK = 1 << 16
MOST_PIECE = 1 << 24
"""The longest piece that a list of another machine may name: a piece is held in memory until its digest was compared."""
_STEPS = (1, 2, 4, 8, 16)
GEAR: NDArray[np.uint32] = np.array(
    [int.from_bytes(sha256(bytes([byte])).digest()[:4], "big") for byte in range(256)], dtype=np.uint32
)
"""The number of each byte: the first four bytes of its SHA-256, so that anyone can make the table again."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long pieces are, in bytes: at least, usually, at most. The usual length is a power of two.

    The last piece may be shorter than the least. Raises BadParameter where the three do not follow each other.
    """

    least: int = 16 << 10
    usual: int = 64 << 10
    most: int = 256 << 10

    def __post_init__(self) -> None:
        if not WINDOW <= self.least < self.usual < self.most or self.usual & (self.usual - 1) or self.usual > 1 << 24:
            raise BadParameter(
                name="sizes of pieces",
                found=f"{self.least}, {self.usual}, {self.most}",
                allowed=f"{WINDOW} or more, then a greater power of two up to 16777216, then a greater number",
            )

    @property
    def limits(self) -> tuple[int, int]:
        """Below which hash a cut is taken before the usual length, and from there on: four times rarer, four times easier."""
        bits = self.usual.bit_length() - 1
        return 1 << (32 - bits - 2), 1 << (32 - bits + 2)


USUAL_SIZES = Sizes()


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece: its length in bytes and the SHA-256 of its bytes, in hexadecimal. A file is its pieces in order."""

    length: int
    sha256: str


def list_chunks(*, blocks: Iterable[Bytes], sizes: Sizes = USUAL_SIZES) -> tuple[Chunk, ...]:
    """Return the pieces of a file that comes in blocks of any length; the same file gives the same pieces, however it comes.

    >>> [chunk.length for chunk in list_chunks(blocks=[bytes(300_000), b"end"])]
    [262144, 37859]
    """
    return tuple(Chunk(len(piece), sha256(piece).hexdigest()) for piece in cut_chunks(blocks=blocks, sizes=sizes))


def cut_chunks(*, blocks: Iterable[Bytes], sizes: Sizes = USUAL_SIZES) -> Iterator[bytes]:
    """Yield the bytes of each piece of a file that comes in blocks. Joined, they are the file; memory stays within a few pieces."""
    held = bytearray()  # bytes that are not yielded yet; the file begins, or the last cut is, at its start
    hashed = 0  # how many of them are hashed
    rare, easy = sizes.limits
    cuts: list[
        tuple[int, bool]
    ] = []  # places where a cut may be, each with whether it may be early; from the start of ``held``
    for block in _in_parts(blocks):
        known = min(WINDOW - 1, hashed)
        held += block
        found = hash_windows(np.frombuffer(bytes(held[hashed - known :]), dtype=np.uint8))[known:]
        places = np.flatnonzero(found < easy)
        cuts += [(hashed + int(place) + 1, bool(found[place] < rare)) for place in places]
        hashed = len(held)
        start = 0
        while hashed - start >= sizes.most:
            end = _choose_cut(cuts, start, hashed, sizes)
            yield bytes(held[start:end])
            start = end
        if start:
            del held[:start]
            hashed -= start
            cuts = [(place - start, early) for place, early in cuts if place > start]
    start = 0
    while start < hashed:
        end = _choose_cut(cuts, start, hashed, sizes)
        yield bytes(held[start:end])
        start = end


def hash_windows(data: NDArray[np.uint8], /) -> NDArray[np.uint32]:
    """Return the gear hash at each byte, over it and up to 31 bytes before it in ``data``; shape as given.

    >>> hash_windows(np.frombuffer(b"ab", dtype=np.uint8))[1] == GEAR[98] + np.left_shift(GEAR[97], 1)
    np.True_
    """
    found = GEAR.take(data)
    moved = np.empty_like(found)
    for step in _STEPS:
        np.left_shift(found[:-step], step, out=moved[step:])
        np.add(found[step:], moved[step:], out=found[step:])
    return found


def _in_parts(blocks: Iterable[Bytes], /) -> Iterator[memoryview]:
    """Cut what comes into parts that stay in the processor's cache."""
    for block in blocks:
        view = memoryview(block).cast("B")
        for start in range(0, len(view), BLOCK):
            yield view[start : start + BLOCK]


def _choose_cut(cuts: list[tuple[int, bool]], start: int, end: int, sizes: Sizes, /) -> int:
    """Return where the piece that begins at ``start`` ends: at most at ``end``, where the bytes that are known end."""
    for place, early in cuts:
        length = place - start
        if length > sizes.most:
            break
        if length >= sizes.least and (early or length >= sizes.usual):
            return place
    return min(end, start + sizes.most)


def plan_fetching(*, wanted: Iterable[Chunk], held: Iterable[str]) -> tuple[tuple[tuple[int, int], ...], int]:
    """Return the stretches (first byte, length) of a file that must be fetched where some pieces are held, and their sum.

    Stretches that touch are one; they are in order.

    >>> plan_fetching(wanted=[Chunk(5, "a"), Chunk(3, "b"), Chunk(2, "c")], held={"a"})
    (((5, 5),), 5)
    """
    known = set(held)
    stretches: list[tuple[int, int]] = []
    at = 0
    for chunk in wanted:
        if chunk.sha256 not in known:
            if stretches and sum(stretches[-1]) == at:
                stretches[-1] = (stretches[-1][0], stretches[-1][1] + chunk.length)
            else:
                stretches.append((at, chunk.length))
        at += chunk.length
    return tuple(stretches), sum(length for _, length in stretches)


def read_chunk_list(*, rows: Any, size: int) -> tuple[Chunk, ...]:
    """Return the pieces that plain data ``[[length, sha256], …]`` list for a file of some size.

    Raises BadParameter where a row is no piece, or where the lengths do not make up the size: such a list is not used.
    """
    pieces: list[Chunk] = []
    for row in rows if isinstance(rows, list) else [None]:
        if not (
            isinstance(row, list)
            and len(row) == 2  # noqa: PLR2004  (a length and a digest)
            and type(row[0]) is int
            and 0 < row[0] <= MOST_PIECE
            and isinstance(row[1], str)
            and len(row[1]) == 64  # noqa: PLR2004  (SHA-256 in hexadecimal)
            and not set(row[1]) - set("0123456789abcdef")
        ):
            raise BadParameter(name="chunks", found=str(row)[:80], allowed="rows of a length and a SHA-256")
        pieces.append(Chunk(row[0], row[1]))
    if sum(piece.length for piece in pieces) != size:
        raise BadParameter(
            name="chunks", found=sum(piece.length for piece in pieces), allowed=f"lengths that make up {size} bytes"
        )
    return tuple(pieces)
