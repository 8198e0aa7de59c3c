"""Tiles of height 8: how a log's tree and entries are cut into files, their names, and proofs from them.

Source: C2SP tlog-tiles. A tile of level L holds the hashes of up to 256 complete subtrees of 256**L leaves; a bundle holds up
to 256 entries, each behind its length as two bytes, most significant first.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

from comity.engines.record.merkle import HASH, Proofs, parents_of
from comity.errors import TamperedTile

if TYPE_CHECKING:
    from collections.abc import Iterable

HEIGHT = 8
WIDTH = 1 << HEIGHT
MOST_ENTRY = 65_535
_PATH = re.compile(
    r"tile/(?P<level>[0-9]|[1-5][0-9]|6[0-3]|entries)/(?P<index>(x[0-9]{3}/)*[0-9]{3})(\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class TileReader(Protocol):
    """Reads the file of a tile: ``32 * width`` bytes. Raises NotFound where there is none."""

    def __call__(self, level: int, index: int, width: int) -> bytes:
        """Return the hashes of a tile."""
        ...


def index_path(index: int) -> str:
    """Return an index in groups of three digits, all but the last behind an x.

    >>> index_path(1234067)
    'x001/x234/067'
    """
    groups = [f"{index % 1000:03}"]
    while index >= 1000:  # noqa: PLR2004  (three digits a group)
        index //= 1000
        groups.append(f"x{index % 1000:03}")
    return "/".join(reversed(groups))


def tile_path(*, level: int, index: int, width: int = WIDTH) -> str:
    """Return the path of a tile. Raises ValueError for an empty or too wide one.

    >>> tile_path(level=0, index=273, width=112)
    'tile/0/273.p/112'
    """
    return f"tile/{level}/{index_path(index)}{_partial(width)}"


def entries_path(*, index: int, width: int = WIDTH) -> str:
    """Return the path of a bundle of entries.

    >>> entries_path(index=0)
    'tile/entries/000'
    """
    return f"tile/entries/{index_path(index)}{_partial(width)}"


def _partial(width: int) -> str:
    if not 1 <= width <= WIDTH:
        raise ValueError(f"a tile of {width} hashes does not exist")
    return "" if width == WIDTH else f".p/{width}"


def read_path(path: str) -> tuple[int | None, int, int] | None:
    """Return (level, index, width) of a path, level None for a bundle of entries; None where it is no such path.

    >>> read_path("tile/1/x001/000.p/5")
    (1, 1000, 5)
    >>> read_path("tile/0/x000/001") is None
    True
    """
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    index = int(found["index"].replace("x", "").replace("/", ""))
    width = int(found["width"]) if found["width"] else WIDTH
    if index_path(index) != found["index"] or (found["width"] and width >= WIDTH):
        return None
    return (None if found["level"] == "entries" else int(found["level"]), index, width)


def pack_entries(entries: Iterable[bytes]) -> bytes:
    r"""Return a bundle. Raises ValueError for an entry of more than 65,535 bytes.

    >>> pack_entries([b"ab", b""])
    b'\x00\x02ab\x00\x00'
    """
    packed = bytearray()
    for entry in entries:
        if len(entry) > MOST_ENTRY:
            raise ValueError(f"an entry has {len(entry)} bytes; at most {MOST_ENTRY} are allowed")
        packed += len(entry).to_bytes(2, "big") + entry
    return bytes(packed)


def unpack_entries(bundle: bytes, *, path: str) -> list[bytes]:
    """Return the entries of a bundle. Raises TamperedTile, naming ``path``, where lengths and bytes do not fit."""
    entries: list[bytes] = []
    at, end = 0, len(bundle)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(bundle[at:start], "big")
        if start > end or at > end:
            raise TamperedTile(path=path, problem="an entry is cut off")
        entries.append(bundle[start:at])
    return entries


def tiles_for(size: int) -> list[tuple[int, int, int]]:
    """Return (level, index, width) of every tile of a tree, by level and index; an empty partial tile does not exist.

    >>> tiles_for(257)
    [(0, 0, 256), (0, 1, 1), (1, 0, 1)]
    """
    found: list[tuple[int, int, int]] = []
    level, count = 0, size
    while count:
        found += [(level, index, WIDTH) for index in range(count // WIDTH)]
        if count % WIDTH:
            found.append((level, count // WIDTH, count % WIDTH))
        level += 1
        count //= WIDTH
    return found


class TiledTree(Proofs):
    """A tree whose hashes are read from tiles when they are needed; the last ``kept`` tiles stay in memory.

    Gives the same roots and proofs as a MerkleTree of the same entries. ``size`` must be a size for which tiles exist: a
    wider tile serves a narrower one.
    """

    def __init__(self, *, read_tile: TileReader, size: int, kept: int = 1024) -> None:
        self.size = size
        self._read = read_tile
        self._kept = kept
        self._tiles: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    def complete(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        tile_level, row = divmod(level, HEIGHT)
        per_tile = HEIGHT - row
        tile_index = index >> per_tile
        position = index - (tile_index << per_tile)
        rows = self._rows(tile_level, tile_index)
        return rows[row][position * HASH : position * HASH + HASH]

    def _rows(self, level: int, index: int) -> list[bytes]:
        key = (level, index)
        rows = self._tiles.get(key)
        if rows is not None:
            self._tiles.move_to_end(key)
            return rows
        width = min(WIDTH, (self.size >> (HEIGHT * level)) - index * WIDTH)
        row = self._read(level, index, width)
        if len(row) != width * HASH:
            raise TamperedTile(path=tile_path(level=level, index=index, width=width), problem="its length is wrong")
        rows = [row]
        while len(row) >= 2 * HASH:
            row = parents_of(row[: len(row) // (2 * HASH) * 2 * HASH])
            rows.append(row)
        self._tiles[key] = rows
        if len(self._tiles) > self._kept:
            self._tiles.popitem(last=False)
        return rows
