"""Tiles and entry bundles in a folder, durable before they count.

A file appears under its name only when it is whole and on the disk. The file ``size`` is written last: what lies beyond it
was never part of the log and is written anew, byte for byte the same, since the entries come from the database in the order
of their numbers. Source of the layout: C2SP tlog-tiles.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from comity.engines.record.merkle import HASH, leaf_hash, parents_of
from comity.engines.record.tiles import (
    MOST_ENTRY,
    WIDTH,
    TiledTree,
    entries_path,
    pack_entries,
    read_path,
    tile_path,
    unpack_entries,
)
from comity.errors import BadParameter, NotFound, TamperedTile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CHECKPOINT = "checkpoint"
SIZE = "size"


class TileStore:
    """The log's files below ``folder``. One process appends; any number read.

    ``size`` is the number of entries that are durable.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.size = 0
        self._edges: list[bytes] = []
        self._last: list[bytes] = []
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._read_edges()

    def reopen(self) -> None:
        """Look again at what is durable, if another process has appended."""
        if self._durable_size() != self.size:
            self._read_edges()

    def append(self, entries: Sequence[bytes]) -> int:
        """Add entries, durably, and return the new size. Raises BadParameter for one of more than 65,535 bytes.

        After a crash within, the store stands where it stood before; the same entries may be added again.
        """
        for entry in entries:
            if len(entry) > MOST_ENTRY:
                raise BadParameter(name="entry", found=f"{len(entry)} bytes", allowed=f"at most {MOST_ENTRY} bytes")
        if not entries:
            return self.size
        written = _Written(self.folder)
        size = self.size + len(entries)
        edges = self._write_tiles(b"".join([leaf_hash(entry) for entry in entries]), written=written)
        last = self._write_bundles(entries, written=written)
        written.make_durable()
        self._write_size(size)
        self._edges, self._last, self.size = edges, last, size
        self._remove_outgrown(before=size - len(entries))
        return size

    def tree(self, size: int | None = None) -> TiledTree:
        """Return the tree over the first ``size`` entries (default: all), read from its tiles."""
        return TiledTree(read_tile=self.read_tile, size=self.size if size is None else size)

    def read_tile(self, level: int, index: int, width: int) -> bytes:
        """Return the first ``width`` hashes of a tile, from the full one where it exists. Raises NotFound."""
        content = self._first(tile_path(level=level, index=index), tile_path(level=level, index=index, width=width))
        return content[: width * HASH]

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the entries from one index up to another."""
        for index in range(start // WIDTH, -(-stop // WIDTH)):
            first = index * WIDTH
            width = min(WIDTH, self.size - first)
            path = entries_path(index=index, width=width)
            bundle = unpack_entries(self._first(entries_path(index=index), path), path=path)
            yield from bundle[max(start - first, 0) : min(stop - first, width)]

    def file(self, *, path: str) -> bytes | None:
        """Return a published file by its path below the log (``tile/0/000``), or None where there is none.

        Only what read_path knows is looked for, so no path can lead out of the folder.
        """
        named = read_path(path)
        if named is None or not self._is_durable(*named):
            return None
        try:
            return (self.folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def publish_checkpoint(self, note: str) -> None:
        """Put a signed checkpoint in the place of the one before, all at once and durably."""
        _write_whole(self.folder / CHECKPOINT, note.encode())
        _sync_folder(self.folder)

    def published(self) -> str | None:
        """Return the signed checkpoint that is published, or None."""
        try:
            return (self.folder / CHECKPOINT).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def clear(self) -> None:
        """Remove every tile, so that the log is written anew from the database."""
        (self.folder / SIZE).unlink(missing_ok=True)
        shutil.rmtree(self.folder / "tile", ignore_errors=True)
        self._read_edges()

    def _is_durable(self, level: int | None, index: int, width: int) -> bool:
        self.reopen()
        count = self.size if level is None else self.size >> (8 * level)
        return index * WIDTH + width <= count

    def _write_tiles(self, row: bytes, *, written: _Written) -> list[bytes]:
        """Write the tiles that new leaves fill or lengthen, level by level; return the hashes of each level's last tile."""
        edges: list[bytes] = []
        level, count = 0, self.size
        while row or level < len(self._edges):
            kept = self._edges[level] if level < len(self._edges) else b""
            tile, index, upper = kept + row, count // WIDTH, []
            if row:
                while len(tile) >= WIDTH * HASH:
                    full, tile = tile[: WIDTH * HASH], tile[WIDTH * HASH :]
                    written.write(tile_path(level=level, index=index), full)
                    upper.append(_top_of(full))
                    index += 1
                if tile:
                    written.write(tile_path(level=level, index=index, width=len(tile) // HASH), tile)
            edges.append(tile)
            row = b"".join(upper)
            level += 1
            count //= WIDTH
        return edges

    def _write_bundles(self, entries: Sequence[bytes], *, written: _Written) -> list[bytes]:
        bundle = [*self._last, *entries]
        first = self.size // WIDTH
        for offset in range(0, len(bundle), WIDTH):
            part = bundle[offset : offset + WIDTH]
            written.write(entries_path(index=first + offset // WIDTH, width=len(part)), pack_entries(part))
        return bundle[len(bundle) - len(bundle) % WIDTH :]

    def _read_edges(self) -> None:
        """Read the last tile of each level and the last bundle: all that appending needs, whatever the size of the log."""
        self.size = self._durable_size()
        self._edges, self._last = [], []
        level, count = 0, self.size
        while count:
            width = count % WIDTH
            self._edges.append(self.read_tile(level, count // WIDTH, width) if width else b"")
            level += 1
            count //= WIDTH
        if width := self.size % WIDTH:
            path = entries_path(index=self.size // WIDTH, width=width)
            bundle = self._first(path, entries_path(index=self.size // WIDTH))
            self._last = unpack_entries(bundle, path=path)[:width]
            if len(self._last) != width:
                raise TamperedTile(path=path, problem=f"it holds {len(self._last)} entries instead of {width}")

    def _durable_size(self) -> int:
        try:
            text = (self.folder / SIZE).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return 0
        if not text.isdigit():
            raise TamperedTile(path=SIZE, problem="it is no number")
        return int(text)

    def _write_size(self, size: int) -> None:
        _write_whole(self.folder / SIZE, f"{size}\n".encode())
        _sync_folder(self.folder)

    def _remove_outgrown(self, *, before: int) -> None:
        """Remove the partial tiles of what has become full: the specification lets the full one stand for them."""
        level, old, new = 0, before, self.size
        while old:
            index = old // WIDTH
            if old % WIDTH and new // WIDTH > index:
                shutil.rmtree(self.folder / f"{tile_path(level=level, index=index)}.p", ignore_errors=True)
                if not level:
                    shutil.rmtree(self.folder / f"{entries_path(index=index)}.p", ignore_errors=True)
            level, old, new = level + 1, old // WIDTH, new // WIDTH

    def _first(self, *paths: str) -> bytes:
        for path in paths:
            try:
                return (self.folder / path).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                continue
        raise NotFound(reference=paths[-1])


class _Written:
    """Files written in one batch: their contents reach the disk one after the other, their names together."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folders: dict[Path, None] = {}

    def write(self, path: str, content: bytes) -> None:
        """Write one file, whole and on the disk, under its name."""
        target = self._folder / path
        if target.parent not in self._folders:
            self._make(target.parent)
            self._folders[target.parent] = None
        _write_whole(target, content)

    def make_durable(self) -> None:
        """Bring the names of all files to the disk."""
        for folder in self._folders:
            _sync_folder(folder)

    def _make(self, folder: Path) -> None:
        missing = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for made in reversed(missing):
            made.mkdir(exist_ok=True, mode=0o700)
            self._folders[made.parent] = None


def _top_of(tile: bytes) -> bytes:
    while len(tile) > HASH:
        tile = parents_of(tile)
    return tile


def _write_whole(target: Path, content: bytes) -> None:
    part = target.with_name(f".{target.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        _write_all(descriptor, content)
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)
    part.replace(target)


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
